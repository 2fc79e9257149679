/** What the tasks of a scope had to wait for, as links between them, and the longest chain of it. */
import type { Scope } from '#contract/values'
import { edgeKinds, type TaskGraph, taskGraph } from '../lineage/taskGraph.ts'
import { RevisionCache } from '../table/revisionCache.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { latestKnown } from './latestKnown.ts'
import { type Chains, circleLinks, type Links, longestChains, withoutLinks } from './longestChain.ts'
import { taskTimes } from './readTasks.ts'
import { statusCode } from './taskTimes.ts'

/** Tasks are numbered as in the graph of the whole source. */
export type CriticalGraph = {
  readonly graph: TaskGraph
  readonly inScope: Uint8Array
  /** In scope, running, and no end recorded. */
  readonly running: Uint8Array
  /** So far, of running ones; 0 where the end was not seen; NaN for tasks out of scope or without a start. */
  readonly seconds: Float64Array
  /** Between any tasks in scope, before circles are cut: also those without times. */
  readonly allLinks: Links
  /** Between tasks with times, without circles; `edges` are their numbers in the graph. */
  readonly links: Links & { readonly edges: Int32Array }
  readonly cut: number
  readonly chains: Chains
}

const kept = new RevisionCache<CriticalGraph>(2)

export type CriticalOf = { readonly sourceId: string; readonly scope: Scope; readonly inferred: boolean }

export function criticalGraph(table: SourceTable, { sourceId, scope, inferred }: CriticalOf, signal: AbortSignal): Promise<CriticalGraph> {
  return kept.get(table, JSON.stringify([scope, inferred]), async () => {
    const graph = await taskGraph(table, signal)
    const tasks = await tasksInScope(table, { sourceId, scope }, graph, signal)
    const all = linksIn(graph, tasks.inScope, inferred)
    const timed = where(all, (link) => !Number.isNaN(tasks.seconds[all.from[link] as number]) && !Number.isNaN(tasks.seconds[all.to[link] as number]))
    const cut = circleLinks(graph.start, timed)
    const kept_ = withoutLinks(timed, cut)
    const links = { ...kept_, edges: timed.edges.filter((_, link) => cut[link] === 0) }
    return { graph, ...tasks, allLinks: all, links, cut: cut.reduce((sum, one) => sum + one, 0), chains: longestChains(tasks.seconds, links) }
  })
}

async function tasksInScope(table: SourceTable, { sourceId, scope }: { sourceId: string; scope: Scope }, graph: TaskGraph, signal: AbortSignal): Promise<Pick<CriticalGraph, 'inScope' | 'running' | 'seconds'>> {
  const [times, knownTo] = await Promise.all([taskTimes(table, scope, signal), latestKnown(table, sourceId, signal)])
  const count = graph.ids.length
  const [inScope, running, seconds] = [new Uint8Array(count), new Uint8Array(count), new Float64Array(count).fill(NaN)]
  const lastOf = lastMoments(graph)
  const numbers = new Map<number, number>()
  times.lines.forEach((line, task) => numbers.set(line, task))
  for (let task = 0; task < count; task++) {
    const number = numbers.get(graph.lines[task] as number)
    if (number === undefined) continue
    inScope[task] = 1
    const start = graph.start[task] as number
    if (Number.isNaN(start)) continue
    const isOpen = times.until[number] === Infinity
    const status = times.status[number] as number
    if (isOpen && status !== statusCode.RUNNING) continue
    if (isOpen) running[task] = 1
    const end = isOpen ? (lastOf[graph.workflow[task] as number] ?? knownTo ?? start) : (graph.end[task] as number)
    seconds[task] = Number.isNaN(end) ? 0 : Math.max(0, end - start)
  }
  return { inScope, running, seconds }
}

/** Of each workflow, the last moment that stands in any of its tasks: what a killed run left open did not go on through the runs after it. */
function lastMoments({ end, start, workflow, workflows }: TaskGraph): Float64Array {
  const last = new Float64Array(workflows.length).fill(-Infinity)
  for (let task = 0; task < workflow.length; task++) {
    const of = workflow[task] as number
    if (of < 0) continue
    for (const time of [start[task] as number, end[task] as number]) if (time > (last[of] as number)) last[of] = time
  }
  return last
}

type Numbered = Links & { readonly edges: Int32Array }

/** One for each two tasks, captured before inferred: edges are ordered by `from`, `to` and kind. */
function linksIn({ edges }: TaskGraph, inScope: Uint8Array, inferred: boolean): Numbered {
  const taken: number[] = []
  for (let edge = 0; edge < edges.from.length; edge++) {
    const [from, to] = [edges.from[edge] as number, edges.to[edge] as number]
    const kind = edges.kind[edge]
    if (kind === edgeKinds.parent || inScope[from] === 0 || inScope[to] === 0) continue
    if (kind === edgeKinds.value && (!inferred || edges.producers[edge] !== 1)) continue
    const last = taken.at(-1)
    if (last !== undefined && edges.from[last] === from && edges.to[last] === to) continue
    taken.push(edge)
  }
  const numbers = Int32Array.from(taken)
  return { edges: numbers, from: numbers.map((edge) => edges.from[edge] as number), to: numbers.map((edge) => edges.to[edge] as number) }
}

function where({ edges, from, to }: Numbered, holds: (link: number) => boolean): Numbered {
  const of = (values: Int32Array): Int32Array => values.filter((_, link) => holds(link))
  return { edges: of(edges), from: of(from), to: of(to) }
}

/** Whether a link was recorded by the run. */
export function isCaptured({ graph, links }: Pick<CriticalGraph, 'graph' | 'links'>, link: number): boolean {
  return graph.edges.kind[links.edges[link] as number] !== edgeKinds.value
}
