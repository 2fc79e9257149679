/**
 * What the dataflow view asks and shows, shared with the end of its tab row and with the inspector: `useGraph()` is the graph
 * that is shown now (equal questions share one call), `chosen` the node or edge that was chosen in it.
 */
import { create } from 'zustand'
import type { Graph } from '#contract/graph'
import type { CallError } from '#contract/reply'
import { call } from '../connection/call.ts'
import { type Answer, useCall } from './query.ts'
import { useSource } from './sources.ts'
import { useTaskScope } from './useScope.ts'
import { type Lineage, useWorkbench, workbench } from './workbench.ts'

export const levels = ['campaign', 'workflow', 'activity', 'task'] as const
export type Level = (typeof levels)[number]

/** How many nodes an answer has at first, and by how many more it grows on demand, up to what the engine gives. */
export const firstNodes = 150
export const mostNodes = 5000

type Dataflow = {
  level: Level
  /** Whether values stand between the tasks of a scope. */
  values: boolean
  fold: boolean
  inferred: boolean
  /** Arrows and words as in W3C PROV: from what came of it to what was there before. */
  prov: boolean
  asList: boolean
  /** What `fold` of a node was, for those that are shown unfolded. */
  unfolded: readonly string[]
  limit: number
  /** Key of a node, or id of an edge (see graphIndex.ts). */
  chosen: string | null
}

const fresh = { unfolded: [] as readonly string[], limit: firstNodes, chosen: null }

export const dataflow = create<Dataflow>()(() => ({ level: 'activity', values: true, fold: true, inferred: true, prov: false, asList: false, ...fresh }))
export const useDataflow = dataflow

/** Changes what is asked; what was unfolded of another question means nothing any more. */
export function ask(change: Partial<Pick<Dataflow, 'level' | 'values' | 'fold' | 'inferred'>>): void {
  const afresh = 'level' in change || 'fold' in change
  dataflow.setState({ ...(afresh && { unfolded: [], limit: firstNodes }), ...change })
}

export const choose = (chosen: string | null): void => dataflow.setState({ chosen })
export const unfold = (fold: string): void => dataflow.setState(({ unfolded }) => ({ unfolded: unfolded.includes(fold) ? unfolded : [...unfolded, fold] }))
export const foldBack = (folds: readonly string[]): void => dataflow.setState(({ unfolded }) => ({ unfolded: unfolded.filter((fold) => !folds.includes(fold)) }))

// Another source, another lineage: another graph. Only the direction leaves it what it is about.
workbench.subscribe(
  ({ sourceId, lineage }) => `${sourceId} ${lineage === null ? '' : JSON.stringify([lineage.taskId, lineage.column, lineage.to])}`,
  () => dataflow.setState(fresh)
)

export type ShownGraph = {
  /** What the graph is about: a whole scope, where something comes from and what was made of it, or the ways between two tasks. */
  about: 'scope' | 'lineage' | 'path'
  lineage: Lineage | null
  graph: Graph | null
  /** Task ids of a shortest way, of the graph of a path; empty if there is none. */
  shortest: readonly string[]
  error: CallError | null
  loading: boolean
  /** Whether `graph` answers the present question. */
  current: boolean
  retry: () => void
}

const noWay: readonly string[] = []

/** The graph that the dataflow view shows now, followed as the source changes. `on` false asks nothing. */
export function useGraph(on = true): ShownGraph {
  const source = useSource()
  const scope = useTaskScope()
  const lineage = useWorkbench((s) => s.lineage)
  const { level, values, fold, inferred, unfolded, limit } = useDataflow()
  const sourceId = on && source ? source.sourceId : null
  const drawn = { inferred, fold, unfolded: [...unfolded], limit }
  const about = lineage === null ? 'scope' : lineage.to === null ? 'lineage' : 'path'
  const ofScope = useCall('dataflow.graph', sourceId !== null && about === 'scope' ? { sourceId, scope, level, values, ...drawn } : null)
  const ofLineage = useCall('lineage.graph', sourceId !== null && lineage && about === 'lineage' ? { sourceId, taskId: lineage.taskId, column: lineage.column, direction: lineage.direction, ...drawn } : null)
  const ofPath = useCall('lineage.path', sourceId !== null && lineage?.to ? { sourceId, from: lineage.taskId, to: lineage.to, ...drawn } : null)
  const answer: Answer<unknown> = about === 'scope' ? ofScope : about === 'lineage' ? ofLineage : ofPath
  const { error, loading, current, retry } = answer
  const graph = about === 'scope' ? ofScope.data : about === 'lineage' ? ofLineage.data : (ofPath.data?.graph ?? null)
  return { about, lineage, graph, shortest: about === 'path' ? (ofPath.data?.shortest ?? noWay) : noWay, error, loading, current, retry }
}

/** Whether a task can be reached from another: to offer the way in the other direction where there is none in this one. */
export async function hasWay(sourceId: string, from: string, to: string): Promise<boolean> {
  const { inferred } = dataflow.getState()
  const reply = await call('lineage.path', { sourceId, from, to, inferred, limit: 1 })
  return reply.ok && reply.value.shortest.length > 0
}
