/** Hosts that stand out from the other hosts, and tasks that took far longer than their activity does, by rules that are said. */
import type { Params, Result } from '#contract/methods'
import { countIn, numberIn, queryTasks, taskColumns, textIn } from '../overview/taskColumns.ts'
import { literal } from '../overview/timeHistogram.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { type ListedMetric, metricList, unitIn, valueSql, weightSql } from './metricList.ts'

type Given = Params<'telemetry.outliers'>
type Outliers = Result<'telemetry.outliers'>
type Outlier = Outliers['outliers'][number]
type ByHost = { host: string; value: number; tasks: number }

/** A median of fewer says little of its activity; a mean of fewer little of its host. */
const leastTasks = 5
const leastHosts = 3
/** Conditions of the stragglers' filter: one an activity. */
const mostActivities = 500

export async function telemetryOutliers(table: SourceTable, params: Given, signal: AbortSignal): Promise<Outliers> {
  const [means, stragglers] = await Promise.all([hostMeans(table, params, signal), findStragglers(table, params, signal)])
  const late = stragglers.byHost.flatMap(({ host, judged, stragglers: count }) => (host === null || judged < leastTasks ? [] : [{ host, value: count / judged, tasks: judged }]))
  const rows = [...means.rows.flatMap(({ metric, form, unit, hosts }) => standingOut(hosts, params).map((found) => ({ ...found, metric, form, unit }))), ...standingOut(late, params).filter(({ high, value }) => value > high).map((found) => ({ ...found, metric: null, form: 'level' as const, unit: null }))]
  return { hosts: means.hosts, outliers: rows, ...stragglers }
}

/**
 * Hosts beyond the median of the others ± deviations × their median absolute deviation, and by a share of that median at least. If
 * more than a quarter of them are, they do not agree with each other, and none can be told from the rest.
 */
export function standingOut(hosts: readonly ByHost[], { deviations, share }: Pick<Given, 'deviations' | 'share'>): Omit<Outlier, 'metric' | 'form' | 'unit'>[] {
  if (hosts.length < leastHosts) return []
  const found = hosts.flatMap(({ host, tasks, value }) => {
    const others = hosts.filter((other) => other.host !== host).map((other) => other.value)
    const median = medianOf(others)
    const spread = medianOf(others.map((other) => Math.abs(other - median)))
    const away = Math.abs(value - median)
    if (away <= deviations * spread || away <= share * Math.abs(median)) return []
    return [{ host, value, low: Math.min(...others), high: Math.max(...others), median, tasks, filter: { hostname: host } }]
  })
  return found.length <= Math.max(1, Math.floor(hosts.length / 4)) ? found : []
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[middle] ?? NaN) : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2
}

type HostMeans = { hosts: number; rows: { metric: string; form: Outlier['form']; unit: string | null; hosts: ByHost[] }[] }

async function hostMeans(table: SourceTable, params: Given, signal: AbortSignal): Promise<HostMeans> {
  const known = await metricList(table, signal)
  const asked = params.metrics.flatMap(({ form, metric: id }) => {
    const metric = known.find((candidate) => candidate.id === id)
    return metric === undefined ? [] : [{ metric, form }]
  })
  const fields = Object.fromEntries(asked.flatMap(({ form, metric }, index) => [[`v${index}`, valueSql(table, metric, form)], [`w${index}`, weightSql(table, metric, form)]]))
  const rows = await queryTasks(
    table,
    params.scope,
    { host: taskColumns(table).host, ...fields },
    `SELECT host ${asked.map((_, index) => `, count(v${index}) FILTER (isfinite(v${index})), sum(v${index} * w${index}) FILTER (isfinite(v${index})) / sum(w${index}) FILTER (isfinite(v${index}))`).join('')} FROM t WHERE host IS NOT NULL GROUP BY host`,
    { signal }
  )
  const ofMetric = ({ form, metric }: { form: Outlier['form']; metric: ListedMetric }, index: number): HostMeans['rows'][number] => ({
    metric: metric.id,
    form,
    unit: unitIn(metric, form),
    hosts: rows.flatMap((row) => (countIn(row[1 + index * 2]) < leastTasks ? [] : [{ host: String(row[0]), tasks: countIn(row[1 + index * 2]), value: countIn(row[2 + index * 2]) }]))
  })
  return { hosts: rows.length, rows: asked.map(ofMetric) }
}

type Stragglers = Pick<Outliers, 'judged' | 'stragglers' | 'filter' | 'byHost' | 'tasks'>

async function findStragglers(table: SourceTable, { factor, limit, offset, scope }: Given, signal: AbortSignal): Promise<Stragglers> {
  const { activity, host, id, seconds, status } = taskColumns(table)
  const late = `seconds > ${literal(factor)} * p50 AND p50 > 0`
  const typical = `, a AS (SELECT activity, quantile_cont(seconds, 0.5) AS p50 FROM t WHERE seconds IS NOT NULL GROUP BY activity HAVING count(*) >= ${leastTasks}),
    j AS (SELECT t.*, p50 FROM t JOIN a ON t.activity IS NOT DISTINCT FROM a.activity WHERE seconds IS NOT NULL)`
  const ask = (rest: string, values: number[] = []) => queryTasks(table, scope, { id, activity, host, status, seconds }, `${typical} ${rest}`, { values, signal })
  const [hosts, activities, tasks] = await Promise.all([
    ask(`SELECT host, count(*) FILTER (${late}), count(*) FROM j GROUP BY host ORDER BY 2 DESC, host NULLS LAST`),
    ask(`SELECT DISTINCT activity, p50 FROM j WHERE ${late} ORDER BY activity`),
    ask(`SELECT id, activity, host, status, seconds, seconds / p50 AS times FROM j WHERE ${late} ORDER BY times DESC, id LIMIT ? OFFSET ?`, [limit, offset])
  ])
  const byHost = hosts.map((row) => ({ host: textIn(row[0]), stragglers: countIn(row[1]), judged: countIn(row[2]) }))
  const sum = (of: (row: (typeof byHost)[number]) => number): number => byHost.reduce((total, row) => total + of(row), 0)
  const conditions = activities.map((row) => ({ activity_id: textIn(row[0]), duration: { $gt: factor * (numberIn(row[1]) ?? 0) } }))
  return {
    judged: sum((row) => row.judged),
    stragglers: sum((row) => row.stragglers),
    filter: conditions.length === 0 || conditions.length > mostActivities ? null : conditions.length === 1 ? (conditions[0] ?? null) : { $or: conditions },
    byHost: byHost.slice(0, 1000),
    tasks: tasks.map((row) => ({ taskId: String(row[0]), activity: textIn(row[1]), host: textIn(row[2]), status: textIn(row[3]), seconds: countIn(row[4]), times: countIn(row[5]) }))
  }
}
