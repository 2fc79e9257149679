/** The lineage of a task as lists of tasks and of what ties them, nothing folded. */
import type { Evidence } from '#contract/graph'
import type { Params, Result } from '#contract/methods'
import { RevisionCache } from '../table/revisionCache.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { numberOf } from './lineageGraph.ts'
import { type Lineage, lineageOf } from './lineageOf.ts'
import { earlySeconds } from './picture.ts'
import { edgeKinds, taskGraph, type TaskGraph } from './taskGraph.ts'

type Page = Result<'lineage.page'>['page']
/** The order of tasks and edges, for the pages after the first. */
const kept = new RevisionCache<Lineage>(2)

export async function lineagePage(table: SourceTable, { direction, inferred, limit, offset, taskId }: Params<'lineage.page'>, signal: AbortSignal): Promise<Result<'lineage.page'>> {
  const graph = await taskGraph(table, signal)
  const task = numberOf(graph, taskId)
  const lineage = await kept.get(table, JSON.stringify([taskId, direction, inferred]), () => Promise.resolve(ordered(lineageOf(graph, { task, column: null, direction, inferred }), task)))
  const isIn = new Set(lineage.tasks)
  const missing = graph.missing.filter(({ tasks }) => tasks.some((one) => isIn.has(one))).map(({ id }) => id)
  return {
    nodes: lineage.tasks.length,
    edges: lineage.edges.length,
    ambiguous: inferred ? graph.ambiguous.filter(({ users }) => users.some((one) => isIn.has(one))).length : 0,
    missing: [...new Set(missing)],
    page: {
      nodes: lineage.tasks.slice(offset, offset + limit).map((one) => nodeOf(graph, lineage, one, task)),
      edges: lineage.edges.slice(offset, offset + limit).map((edge) => edgeOf(graph, edge))
    }
  }
}

/** What is nearest first; of equally near ones what was recorded first. */
function ordered(lineage: Lineage, task: number): Lineage {
  const distance = (one: number): number => (one === task ? 0 : distanceOf(lineage, one))
  return { ...lineage, tasks: lineage.tasks.toSorted((a, b) => distance(a) - distance(b) || a - b) }
}

function distanceOf({ down, up }: Lineage, task: number): number {
  const [above, below] = [up[task] as number, down[task] as number]
  return above < 0 ? below : below < 0 ? above : Math.min(above, below)
}

function nodeOf({ activities, activity, end, ids, start, status, statuses, workflow, workflows }: TaskGraph, lineage: Lineage, task: number, asked: number): Page['nodes'][number] {
  const [isUp, isDown] = [(lineage.up[task] as number) >= 0, (lineage.down[task] as number) >= 0]
  return {
    task_id: ids[task] as string,
    activity_id: activities[activity[task] as number] ?? null,
    workflow_id: workflows[workflow[task] as number] ?? null,
    status: statuses[status[task] as number] ?? null,
    started_at: finite(start[task]),
    ended_at: finite(end[task]),
    direction: task === asked ? 'self' : isUp && isDown ? 'both' : isUp ? 'up' : 'down',
    distance: task === asked ? 0 : distanceOf(lineage, task)
  }
}

function edgeOf(graph: TaskGraph, edge: number): Page['edges'][number] {
  const { edges, ids, values, vias } = graph
  const [from, to] = [edges.from[edge] as number, edges.to[edge] as number]
  const isInferred = edges.kind[edge] === edgeKinds.value
  const kind: Evidence = isInferred ? 'inferred' : 'captured'
  return {
    from: ids[from] as string,
    to: ids[to] as string,
    kind,
    relation: isInferred ? 'used' : 'wasInformedBy',
    via: vias[edges.via[edge] as number] as string,
    value: isInferred ? (values[edges.value[edge] as number] ?? null) : (ids[from] as string),
    producers: isInferred ? (edges.producers[edge] as number) : null,
    early_seconds: isInferred ? earlySeconds(graph, from, to) : null
  }
}

function finite(time: number | undefined): number | null {
  return time === undefined || Number.isNaN(time) ? null : time
}
