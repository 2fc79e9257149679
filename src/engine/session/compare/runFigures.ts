/** What there is to compare in a source, with its figures: campaigns and workflows by their start. */
import type { Run, RunFigure } from '#contract/compare'
import type { Params, Result } from '#contract/methods'
import { textIn, countIn, numberIn, queryTasks, taskColumns } from '../overview/taskColumns.ts'
import { type Flow, type Forest, flowKey } from '../query/treeForest.ts'
import { RevisionCache } from '../table/revisionCache.ts'
import { everything } from '../table/rowsIn.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { runForest, withDescendants } from './runMembers.ts'
import { runLabels } from './runLabels.ts'

type Figures = { tasks: number; errors: number; start: number | null; end: number | null; hosts: ReadonlySet<string> }
/** Of all runs of a source, without the source's id; `all` is everything. */
type AllFigures = { readonly runs: readonly RunFigure[]; readonly all: RunFigure; readonly byKey: ReadonlyMap<string, RunFigure> }

const mostHosts = 20
const kept = new RevisionCache<AllFigures>(1)

export async function compareRuns(table: SourceTable, { limit, offset, search, sourceId }: Params<'compare.runs'>, signal: AbortSignal): Promise<Result<'compare.runs'>> {
  const { runs } = await allFigures(table, signal)
  const wanted = search.toLowerCase()
  const found = wanted === '' ? runs : runs.filter(({ label, name, run }) => [run.id ?? '', name, label].some((text) => text.toLowerCase().includes(wanted)))
  return { total: found.length, runs: found.slice(offset, offset + limit).map((figure) => ofSource(figure, sourceId)) }
}

/** @param name of the source, for the run that is all of it */
export async function runFigure(table: SourceTable, run: Run, name: string, signal: AbortSignal): Promise<RunFigure> {
  const { all, byKey } = await allFigures(table, signal)
  const known = byKey.get(keyOf(run.kind, run.id))
  if (known) return ofSource(known, run.sourceId)
  return run.kind === 'all' ? { ...all, run, name } : { ...all, run, name: run.id ?? '', tasks: 0, errors: 0, start: null, seconds: null, hosts: [] }
}

const ofSource = (figure: RunFigure, sourceId: string): RunFigure => ({ ...figure, run: { ...figure.run, sourceId } })
const keyOf = (kind: string, id: string | null): string => JSON.stringify([kind, id])

export function allFigures(table: SourceTable, signal: AbortSignal): Promise<AllFigures> {
  return kept.get(table, '', async () => {
    const forest = await runForest(table, signal)
    const own = await ownFigures(table, signal)
    const names = new Map([...forest.flows.values()].flatMap((flow) => (flow.id === null ? [] : [[flow.id, JSON.stringify([flow.campaign, flow.parent?.id ?? null, flow.name])]])))
    const labels = await runLabels(table, (id) => names.get(id) ?? null, signal)
    const figureOf = (kind: Run['kind'], id: string | null, name: string, flows: readonly Flow[]): RunFigure => described({ sourceId: table.sourceId, kind, id }, name, labels, summed(flows, own))
    const runs = [...campaignFigures(forest, figureOf), ...workflowFigures(forest, figureOf)].sort(
      (a, b) => (a.start ?? Infinity) - (b.start ?? Infinity) || (a.run.kind < b.run.kind ? -1 : a.run.kind > b.run.kind ? 1 : 0) || a.name.localeCompare(b.name)
    )
    const all = figureOf('all', null, '', [...forest.flows.values()])
    return { runs, all, byKey: new Map(runs.map((figure) => [keyOf(figure.run.kind, figure.run.id), figure])) }
  })
}

type FigureOf = (kind: Run['kind'], id: string | null, name: string, flows: readonly Flow[]) => RunFigure

function campaignFigures(forest: Forest, figureOf: FigureOf): RunFigure[] {
  return [...forest.campaigns].flatMap(([campaign, flows]) => (campaign === null ? [] : [figureOf('campaign', campaign, campaign, flows.flatMap(withDescendants))]))
}

function workflowFigures(forest: Forest, figureOf: FigureOf): RunFigure[] {
  const byId = new Map<string, Flow[]>()
  for (const flow of forest.flows.values()) if (flow.id !== null) byId.set(flow.id, [...(byId.get(flow.id) ?? []), flow])
  return [...byId].map(([id, flows]) => figureOf('workflow', id, flows[0]?.name ?? id, flows.flatMap(withDescendants)))
}

function described(run: Run, name: string, labels: ReadonlyMap<string, string>, { end, errors, hosts, start, tasks }: Figures): RunFigure {
  const label = run.kind === 'workflow' ? (labels.get(run.id ?? '') ?? '') : ''
  return { run, name, label, start, seconds: start === null || end === null ? null : Math.max(0, end - start), tasks, errors, hosts: [...hosts].toSorted().slice(0, mostHosts) }
}

/** From the first start to the last end of the tasks; of a run without tasks the start of its own record. */
function summed(flows: readonly Flow[], own: ReadonlyMap<string, Figures>): Figures {
  const hosts = new Set<string>()
  const total = { tasks: 0, errors: 0, start: null as number | null, end: null as number | null }
  for (const flow of flows) {
    const figures = own.get(flowKey(flow.campaign, flow.id))
    if (!figures) continue
    total.tasks += figures.tasks
    total.errors += figures.errors
    total.start = least(total.start, figures.start)
    total.end = most(total.end, figures.end)
    for (const host of figures.hosts) hosts.add(host)
  }
  if (total.start === null) for (const flow of flows) total.start = least(total.start, flow.firstStart)
  return { ...total, hosts }
}

const least = (one: number | null, other: number | null): number | null => (one === null ? other : other === null ? one : Math.min(one, other))
const most = (one: number | null, other: number | null): number | null => (one === null ? other : other === null ? one : Math.max(one, other))

/** Of the tasks that a flow has itself. */
async function ownFigures(table: SourceTable, signal: AbortSignal): Promise<Map<string, Figures>> {
  const forest = await runForest(table, signal)
  const { campaign, end, host, start, status, workflow } = taskColumns(table)
  const rows = await queryTasks(
    table,
    everything,
    { campaign, workflow, starts: start, ends: `coalesce(${end}, ${start})`, failed: `(${status}) = 'ERROR'`, host },
    'SELECT campaign, workflow, host, count(*), count(*) FILTER (failed), min(starts), max(ends) FROM t GROUP BY ALL',
    { signal }
  )
  const figures = new Map<string, Figures & { hosts: Set<string> }>()
  for (const row of rows) {
    const id = textIn(row[1])
    const key = flowKey(textIn(row[0]) ?? forest.campaignOf(id), id)
    const known = figures.get(key) ?? { tasks: 0, errors: 0, start: null, end: null, hosts: new Set<string>() }
    const host_ = textIn(row[2])
    if (host_ !== null) known.hosts.add(host_)
    known.tasks += countIn(row[3])
    known.errors += countIn(row[4])
    known.start = least(known.start, numberIn(row[5]))
    known.end = most(known.end, numberIn(row[6]))
    figures.set(key, known)
  }
  return figures
}
