/** What is known of a node or edge of the dataflow that is no single record. */
import { Filter } from 'lucide-react'
import type { ReactNode } from 'react'
import type { GraphNode } from '#contract/graph'
import { Button } from '../parts/Button.tsx'
import { count, counted, dateTime, seconds } from '../parts/format.ts'
import { StatusMark } from '../parts/StatusMark.tsx'
import { useZone } from '../state/appearance.ts'
import { type GraphIndex, type IndexedEdge, cellOf, edgesInto, edgesOutOf, foldOf } from '../state/graphIndex.ts'
import { cellText, earlyText, nodeText, provWord } from '../state/graphWords.ts'
import { choose, unfold } from '../state/lineage.ts'
import { workbench } from '../state/workbench.ts'
import { KeyValue, Section } from './Section.tsx'
import css from './Inspector.module.css'
import own from './GraphPane.module.css'

export function ValueSection({ index, node }: { index: GraphIndex; node: GraphNode }): ReactNode {
  const fold = foldOf(node)
  const cell = cellOf(index, node)
  const holder = cell && [...index.nodes.values()].find((other) => other.kind === 'activity' && other.taskId === cell.taskId)
  const producers = edgesInto(index, node.key).filter(({ relation }) => relation === 'wasGeneratedBy')
  const users = edgesOutOf(index, node.key).filter(({ relation }) => relation === 'used')
  const holders = tasksAt(index, [...producers.map(({ from }) => from), ...users.map(({ to }) => to)])
  const others = Math.max(0, holders - 1) + node.more.up + node.more.down
  return (
    <Section id="graph.value" title={node.count > 1 ? 'Values' : 'Value'}>
      {node.count > 1 ? (
        <>
          <KeyValue name="field">
            <span className={css['text']}>{node.column ?? node.name}</span>
          </KeyValue>
          <KeyValue name="values">{count(node.count)}</KeyValue>
        </>
      ) : (
        <KeyValue name={cell?.column ?? node.column ?? node.name}>
          <span className={css['text']}>{node.value === null ? node.name : cellText(node.value)}</span>
        </KeyValue>
      )}
      {cell && (
        <KeyValue name="task">
          <TaskButton taskId={cell.taskId} />
        </KeyValue>
      )}
      {holder && <KeyValue name="activity">{holder.name}</KeyValue>}
      {node.count === 1 && <KeyValue name="also equal in">{others === 0 ? 'no other task' : counted(others, 'other task')}</KeyValue>}
      {fold !== null && (
        <div className={own['actions']}>
          <Button size="small" onClick={() => unfold(fold)}>
            Unfold
          </Button>
        </div>
      )}
    </Section>
  )
}

export function TasksSection({ node }: { node: GraphNode }): ReactNode {
  const zone = useZone()
  const { filter } = node
  const fold = foldOf(node)
  return (
    <Section id="graph.tasks" title="Tasks" figure={count(node.count)}>
      {Object.entries(node.statuses).map(([status, n]) => (
        <KeyValue key={status} name={<StatusMark status={status} />}>
          {count(n)}
        </KeyValue>
      ))}
      {node.workflow && node.kind !== 'workflow' && <KeyValue name="workflow">{node.workflow.name ?? node.workflow.id}</KeyValue>}
      {node.kind === 'workflow' && node.workflow && (
        <KeyValue name="workflow_id">
          <span className="mono ell">{node.workflow.id}</span>
        </KeyValue>
      )}
      {node.start !== null && <KeyValue name="first start">{dateTime(node.start, zone)}</KeyValue>}
      {node.end !== null && <KeyValue name="last end">{dateTime(node.end, zone)}</KeyValue>}
      {node.seconds !== null && <KeyValue name={node.count > 1 ? 'median' : 'duration'}>{seconds(node.seconds)}</KeyValue>}
      <div className={own['actions']}>
        {fold !== null && (
          <Button size="small" onClick={() => unfold(fold)}>
            Unfold
          </Button>
        )}
        {filter && (
          <Button size="small" icon={Filter} onClick={() => workbench.getState().addChips([filter])}>
            Only these tasks
          </Button>
        )}
      </div>
    </Section>
  )
}

export function AgentSection({ index, node }: { index: GraphIndex; node: GraphNode }): ReactNode {
  const all = [...edgesInto(index, node.key), ...edgesOutOf(index, node.key)]
  const other = ({ from, to }: IndexedEdge): string => (from === node.key ? to : from)
  const carried = tasksAt(index, all.filter(({ relation }) => relation === 'wasAssociatedWith').map(other))
  const delegated = edgesOutOf(index, node.key).filter(({ relation }) => relation === 'actedOnBehalfOf')
  const behalf = edgesInto(index, node.key).filter(({ relation }) => relation === 'actedOnBehalfOf')
  const names = (keys: string[]): string => keys.map((key) => index.nodes.get(key)?.name ?? key).join(', ')
  return (
    <Section id="graph.agent" title="Agent">
      <KeyValue name="name">{node.name}</KeyValue>
      <KeyValue name="carried out">{counted(carried, 'task')} of those drawn</KeyValue>
      {behalf.length > 0 && <KeyValue name="on behalf of">{names(behalf.map(other))}</KeyValue>}
      {delegated.length > 0 && <KeyValue name="delegated to">{names(delegated.map(other))}</KeyValue>}
    </Section>
  )
}

export function EdgeSection({ index, edge }: { index: GraphIndex; edge: IndexedEdge }): ReactNode {
  const [from, to] = [index.nodes.get(edge.from), index.nodes.get(edge.to)]
  return (
    <Section id="graph.edge" title="Evidence" figure={edge.evidence}>
      <KeyValue name="PROV">
        {to && nodeText(to)} <span className="med">{provWord(edge)}</span> {from && nodeText(from)}
      </KeyValue>
      <KeyValue name="from">
        <NodeButton node={from} />
      </KeyValue>
      <KeyValue name="to">
        <NodeButton node={to} />
      </KeyValue>
      <KeyValue name={edge.evidence === 'captured' ? 'recorded in' : 'equal in'}>
        <span className={css['text']}>{edge.via}</span>
      </KeyValue>
      {edge.value !== null && (
        <KeyValue name="value">
          <span className={css['text']}>{cellText(edge.value)}</span>
        </KeyValue>
      )}
      {edge.producers !== null && <KeyValue name="producers">{counted(edge.producers, 'task')} generated an equal value</KeyValue>}
      {edge.count > 1 && <KeyValue name="folded">{counted(edge.count, 'edge')}</KeyValue>}
      {edge.earlySeconds !== null && <p className={own['warning']}>{upper(earlyText(seconds(edge.earlySeconds, 2)))}</p>}
    </Section>
  )
}

function TaskButton({ taskId }: { taskId: string }): ReactNode {
  return (
    <button type="button" className={`${own['link']} mono`} onClick={() => openTaskRecord(taskId)}>
      {taskId}
    </button>
  )
}

function NodeButton({ node }: { node: GraphNode | undefined }): ReactNode {
  if (!node) return null
  return (
    <button type="button" className={own['link']} onClick={() => (node.kind === 'activity' && node.taskId !== null ? openTaskRecord(node.taskId) : choose(node.key))}>
      {nodeText(node)}
    </button>
  )
}

/** A task has its record to show, in place of this. */
function openTaskRecord(taskId: string): void {
  choose(null)
  workbench.getState().selectTask(taskId)
}

/** How many tasks some nodes stand for. */
const tasksAt = (index: GraphIndex, keys: readonly string[]): number => [...new Set(keys)].reduce((sum, key) => sum + (index.nodes.get(key)?.count ?? 0), 0)
const upper = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
