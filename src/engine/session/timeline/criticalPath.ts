/** The critical path of a scope, and the slack of tasks off it. */
import type { Params, Result } from '#contract/methods'
import { textIn, taskColumns } from '../overview/taskColumns.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { criticalGraph, type CriticalGraph, isCaptured } from './criticalGraph.ts'
import { waitingFor } from './waitingFor.ts'

type Path = Result<'critical.path'>
type Step = Path['path'][number]
/** How many tasks off the path are told. */
const mostNext = 20

export async function criticalPath(table: SourceTable, params: Params<'critical.path'>, signal: AbortSignal): Promise<Path> {
  const critical = await criticalGraph(table, params, signal)
  const { chains, graph, links } = critical
  const { path } = chains
  const [first, last] = [path[0], path.at(-1)]
  const waiting = waitingFor(critical)
  const next = leastSlack(critical)
  const page = path.slice(params.offset, params.offset + params.limit)
  const hosts = await hostsOf(table, graph.lines, [...page, ...next, ...(waiting ? [waiting.task] : [])], signal)
  const of = (task: number) => ({ taskId: graph.ids[task] as string, activity: graph.activities[graph.activity[task] as number] ?? null, hostname: hosts.get(graph.lines[task] as number) ?? null, seconds: critical.seconds[task] as number })
  const captured = links.from.reduce((sum, _, link) => sum + Number(isCaptured(critical, link)), 0)
  const [from, to] = first === undefined || last === undefined ? [null, null] : [graph.start[first] as number, endOf(critical, last)]
  return {
    revision: table.revision,
    tasks: critical.seconds.reduce((count, seconds) => count + Number(!Number.isNaN(seconds)), 0),
    captured,
    inferred: links.from.length - captured,
    cycles: critical.cut,
    seconds: chains.length,
    waitSeconds: from === null || to === null ? 0 : to - from - chains.length,
    from,
    to,
    steps: path.length,
    path: Array.from(page, (task, at): Step => ({ ...of(task), ...stepAt(critical, params.offset + at) })),
    waitingFor: waiting && { ...of(waiting.task), medianSeconds: waiting.medianSeconds, holdsUp: waiting.holdsUp.map(({ activity, tasks }) => ({ activity: graph.activities[activity] ?? null, tasks })) },
    next: next.map((task) => ({ ...of(task), slackSeconds: chains.slack[task] as number }))
  }
}

/** Of a task without times, or that is not in scope, null. */
export async function criticalSlack(table: SourceTable, params: Params<'critical.slack'>, signal: AbortSignal): Promise<Result<'critical.slack'>> {
  const { chains, graph } = await criticalGraph(table, params, signal)
  return {
    slack: params.taskIds.map((id) => {
      const slack = chains.slack[graph.numberOf(id) ?? -1]
      return slack === undefined || Number.isNaN(slack) ? null : slack
    })
  }
}

function endOf({ graph, seconds }: CriticalGraph, task: number): number {
  return (graph.start[task] as number) + (seconds[task] as number)
}

function stepAt(critical: CriticalGraph, at: number): Omit<Step, 'taskId' | 'activity' | 'hostname' | 'seconds'> {
  const { chains, graph, links } = critical
  const task = chains.path[at] as number
  const [link, before] = [chains.pathLinks[at] as number, chains.path[at - 1]]
  const [start, end] = [graph.start[task] as number, graph.end[task] as number]
  const own = { status: graph.statuses[graph.status[task] as number] ?? null, start, end: Number.isNaN(end) ? null : end }
  if (before === undefined) return { ...own, waitSeconds: null, evidence: null, via: null }
  const via = graph.vias[graph.edges.via[links.edges[link] as number] as number] ?? null
  return { ...own, waitSeconds: start - endOf(critical, before), evidence: isCaptured(critical, link) ? 'captured' : 'inferred', via }
}

/** Tasks off the path with the least slack; of equal slack the longer ones first. */
function leastSlack({ chains, seconds }: CriticalGraph): number[] {
  const onPath = new Set(chains.path)
  const closer = (one: number, other: number): number => (chains.slack[one] as number) - (chains.slack[other] as number) || (seconds[other] as number) - (seconds[one] as number) || one - other
  const least: number[] = []
  for (let task = 0; task < seconds.length; task++) {
    if (Number.isNaN(seconds[task]) || (least.length === mostNext && closer(task, least.at(-1) as number) > 0) || onPath.has(task)) continue
    const at = least.findIndex((other) => closer(task, other) < 0)
    least.splice(at < 0 ? least.length : at, 0, task)
    least.length = Math.min(least.length, mostNext)
  }
  return least
}

async function hostsOf(table: SourceTable, lines: Float64Array, tasks: readonly number[], signal: AbortSignal): Promise<Map<number, string | null>> {
  if (tasks.length === 0) return new Map()
  const wanted = [...new Set(tasks)].map((task) => lines[task]).join(', ')
  const rows = await table.query({ text: `SELECT r.line::DOUBLE, ${taskColumns(table).host} FROM ${table.rows} r WHERE r.line IN (${wanted}) AND ${table.recordsPredicate('tasks')}`, values: [] }, signal)
  return new Map(rows.map((row) => [Number(row[0]), textIn(row[1])]))
}
