/** What was chosen in the dataflow that is no single record: a value, an edge, an agent, or tasks folded into one node. */
import { Copy } from 'lucide-react'
import { type ReactNode, useMemo } from 'react'
import type { GraphNode } from '#contract/graph'
import { count } from '../parts/format.ts'
import { IconButton } from '../parts/IconButton.tsx'
import { type GraphIndex, type IndexedEdge, indexGraph } from '../state/graphIndex.ts'
import { cellText, kindWords, leafOf, nodeText } from '../state/graphWords.ts'
import { type ShownGraph, useDataflow, useGraph } from '../state/lineage.ts'
import { toast } from '../state/toasts.ts'
import { useWorkbench } from '../state/workbench.ts'
import { EvidenceSection, ParametersSection, PathSection, PathTimeSection } from './GraphPath.tsx'
import { AgentSection, EdgeSection, TasksSection, ValueSection } from './GraphSections.tsx'
import css from './Inspector.module.css'

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
