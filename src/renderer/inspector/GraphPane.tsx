/** What was chosen in the dataflow that is no single record: a value, an edge, an agent, or tasks folded into one node. */
import { Copy, Filter } from 'lucide-react'
import { type ReactNode, useMemo } from 'react'
import type { GraphNode } from '#contract/graph'
import { Button } from '../parts/Button.tsx'
import { count, counted, dateTime, seconds } from '../parts/format.ts'
import { IconButton } from '../parts/IconButton.tsx'
import { StatusMark } from '../parts/StatusMark.tsx'
import { useZone } from '../state/appearance.ts'
import { type GraphIndex, type IndexedEdge, cellOf, edgesInto, edgesOutOf, foldOf, indexGraph } from '../state/graphIndex.ts'
import { cellText, earlyText, kindWords, leafOf, nodeText, provWord } from '../state/graphWords.ts'
import { choose, type ShownGraph, unfold, useDataflow, useGraph } from '../state/lineage.ts'
import { toast } from '../state/toasts.ts'
import { useWorkbench, workbench } from '../state/workbench.ts'
import { EvidenceSection, ParametersSection, PathSection, PathTimeSection } from './GraphPath.tsx'
import { KeyValue, Section } from './Section.tsx'
import css from './Inspector.module.css'
import own from './GraphPane.module.css'

export type GraphChoice = { shown: ShownGraph; index: GraphIndex; node: GraphNode | null; edge: IndexedEdge | null }

/** What is chosen in the dataflow while it is open; null if it is one task, which has a record to show, or nothing. */
export function useGraphChoice(): GraphChoice | null {
  const isOpen = useWorkbench((s) => s.view === 'dataflow')
  const chosen = useDataflow((s) => s.chosen)
  const shown = useGraph(isOpen && chosen !== null)
  const { graph } = shown
  const index = useMemo(() => (graph ? indexGraph(graph) : null), [graph])
  if (!isOpen || chosen === null || !index) return null
  const node = index.nodes.get(chosen) ?? null
  const edge = index.edges.get(chosen) ?? null
  if ((!node && !edge) || (node?.kind === 'activity' && node.taskId !== null)) return null
  return { shown, index, node, edge }
}

/** The same of a task that has its record to show: its ways in the lineage that is open. */
export function GraphOfTask({ taskId }: { taskId: string }): ReactNode {
  const isOpen = useWorkbench((s) => s.view === 'dataflow' && s.lineage !== null)
  const { graph } = useGraph(isOpen)
  const index = useMemo(() => (isOpen && graph ? indexGraph(graph) : null), [isOpen, graph])
  const node = index && [...index.nodes.values()].find((candidate) => candidate.kind === 'activity' && candidate.taskId === taskId)
  if (!index || !graph || !node) return null
  return (
    <>
      <PathSection index={index} nodeKey={node.key} way="up" />
      <PathSection index={index} nodeKey={node.key} way="down" />
      <EvidenceSection index={index} nodeKey={node.key} graph={graph} />
      <PathTimeSection index={index} nodeKey={node.key} />
    </>
  )
}

export function GraphPane({ choice, close }: { choice: GraphChoice; close: ReactNode }): ReactNode {
  const { index, node, edge, shown } = choice
  const title = node ? (node.kind === 'entity' && node.column !== null ? leafOf(node.column) : nodeText(node)) : edge ? edge.relation : ''
  const kind = node ? (node.count > 1 && node.kind !== 'workflow' && node.kind !== 'campaign' ? `${count(node.count)} ${kindWords[node.kind].many}` : kindWords[node.kind].one) : 'edge'
  const copied = node && node.value !== null ? cellText(node.value) : null
  return (
    <aside className={css['inspector']} aria-label="Inspector" aria-busy={shown.loading}>
      <header className={css['head']}>
        <KindMark kind={node?.kind ?? 'edge'} />
        <span className="strong ell" title={title}>
          {title}
        </span>
        <span className="t3 f12 nw">{kind}</span>
        <span className="grow" />
        {copied !== null && <IconButton name="Copy the value" icon={Copy} small onClick={() => copy(copied)} />}
        {close}
      </header>
      <div className={css['body']} tabIndex={0} role="group" aria-label={`${kind} ${title}`}>
        {edge && <EdgeSection index={index} edge={edge} />}
        {node?.kind === 'entity' && <ValueSection index={index} node={node} />}
        {node && node.kind !== 'entity' && node.kind !== 'agent' && <TasksSection node={node} />}
        {node?.kind === 'agent' && <AgentSection index={index} node={node} />}
        {node && <PathSection index={index} nodeKey={node.key} way="up" />}
        {node && <PathSection index={index} nodeKey={node.key} way="down" />}
        {node && shown.graph && <EvidenceSection index={index} nodeKey={node.key} graph={shown.graph} />}
        {node && shown.about !== 'scope' && <ParametersSection index={index} nodeKey={node.key} />}
        {node && shown.about !== 'scope' && <PathTimeSection index={index} nodeKey={node.key} />}
      </div>
    </aside>
  )
}

function ValueSection({ index, node }: { index: GraphIndex; node: GraphNode }): ReactNode {
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

function TasksSection({ node }: { node: GraphNode }): ReactNode {
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

function AgentSection({ index, node }: { index: GraphIndex; node: GraphNode }): ReactNode {
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

function EdgeSection({ index, edge }: { index: GraphIndex; edge: IndexedEdge }): ReactNode {
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

export function TaskButton({ taskId }: { taskId: string }): ReactNode {
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
export function openTaskRecord(taskId: string): void {
  choose(null)
  workbench.getState().selectTask(taskId)
}

/** How many tasks some nodes stand for. */
const tasksAt = (index: GraphIndex, keys: readonly string[]): number => [...new Set(keys)].reduce((sum, key) => sum + (index.nodes.get(key)?.count ?? 0), 0)
const upper = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`

function KindMark({ kind }: { kind: GraphNode['kind'] | 'edge' }): ReactNode {
  return (
    <svg width="18" height="12" aria-hidden="true">
      {kind === 'entity' ? (
        <ellipse cx="9" cy="6" rx="8" ry="5" fill="var(--entity)" stroke="var(--entity-line)" />
      ) : kind === 'agent' ? (
        <path d="M2 11V5l7-4 7 4v6z" fill="var(--agent)" stroke="var(--agent-line)" />
      ) : kind === 'edge' ? (
        <path d="M1 6h16" stroke="var(--text-2)" strokeWidth="1.5" />
      ) : (
        <rect x="1" y="1" width="16" height="10" rx="2" fill="var(--activity)" stroke="var(--activity-line)" />
      )}
    </svg>
  )
}

function copy(text: string): void {
  void navigator.clipboard.writeText(text).then(
    () => toast({ tone: 'done', title: 'Copied the value' }),
    (error: unknown) => toast({ tone: 'failed', title: 'Not copied', detail: String(error) })
  )
}
