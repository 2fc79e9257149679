/** The run over time: how many tasks at once, where errors fell, and what the tasks measured, by host. */
import type { Params, Result } from '#contract/methods'
import { growthOf, networkCounters, writeCounters } from './overviewActivities.ts'
import { overviewSeriesConcurrency } from './overviewSeriesConcurrency.ts'
import type { SourceTable, SqlResult } from '../table/sourceTable.ts'
import { countIn, numberIn, numberOf, queryTasks, taskColumns, textIn } from './taskColumns.ts'
import { type Bins, binOf, binsOver, timeSpan, zeros } from './timeHistogram.ts'

type Series = Result<'overview.series'>
type Metric = { metric: Series['metrics'][number]['metric']; unit: string; sql: string }

/**
 * What a task measured stands in the bin in which it ended (or started, where no end is recorded): that is when the
 * snapshot was taken. `mean` and `tasks` of a metric are over all tasks that measured it, hosts drawn or not. If no task in
 * scope names its host, all tasks make one line with an empty name. A metric that no task measured is left out.
 */
export async function overviewSeries(table: SourceTable, params: Params<'overview.series'>, signal: AbortSignal): Promise<Series> {
  const columns = taskColumns(table)
  const [span, hosts] = await Promise.all([
    timeSpan(table, params.scope, signal),
    queryTasks(table, params.scope, { host: columns.host }, 'SELECT host, count(*) FROM t WHERE host IS NOT NULL GROUP BY host ORDER BY count(*) DESC, host', { signal })
  ])
  const bins = span === null ? null : binsOver(span.from, span.to, params.points)
  const drawn = hosts.length === 0 ? [''] : hosts.slice(0, params.hosts).map((row) => String(row[0]))
  const metrics = metricsOf(table)
  const [concurrency, cells] = await Promise.all([
    bins === null ? { mean: [], peak: 0 } : overviewSeriesConcurrency(table, params.scope, bins, signal),
    queryCells(table, params, { bins, metrics, drawn: hosts.length === 0 ? null : drawn }, signal)
  ])
  return {
    times: bins === null ? [] : Array.from({ length: bins.count }, (_, index) => bins.from + index * bins.binSeconds),
    binSeconds: bins?.binSeconds ?? 0,
    concurrency: { ...concurrency, errors: errorsOf(cells, bins) },
    metrics: metrics.flatMap((metric, index) => metricIn(cells, metric, { at: 3 + index * 2, bins, drawn })),
    hostsLeftOut: Math.max(0, hosts.length - params.hosts)
  }
}

/** The metrics for which the source has columns at all. GPU: memory in use, of all the task's GPUs together. */
function metricsOf(table: SourceTable): Metric[] {
  const seconds = taskColumns(table).seconds
  const level = (name: string): string => numberOf(table.column('tasks', `telemetry_at_end.${name}`))
  const rate = (names: readonly string[]): string => `(${growthOf(table, names)}) / nullif(${seconds}, 0)`
  const has = (names: readonly string[]): boolean => names.every((name) => table.column('tasks', `telemetry_at_end.${name}`) !== undefined)
  const gpus = table.columns('tasks').filter(({ name }) => /^telemetry_at_end\.gpu\.[^.]+\.used$/.test(name))
  const all: (Metric & { there: boolean })[] = [
    { metric: 'cpu', unit: '%', sql: level('cpu.percent_all'), there: has(['cpu.percent_all']) },
    { metric: 'memory', unit: 'bytes', sql: level('memory.virtual.used'), there: has(['memory.virtual.used']) },
    { metric: 'disk_write', unit: 'bytes/s', sql: rate(writeCounters), there: has(writeCounters) },
    { metric: 'network', unit: 'bytes/s', sql: rate(networkCounters), there: has(networkCounters) },
    {
      metric: 'gpu',
      unit: 'bytes',
      sql: `CASE WHEN ${gpus.map((gpu) => `${gpu.sql} IS NOT NULL`).join(' OR ')} THEN ${gpus.map((gpu) => `coalesce(${numberOf(gpu)}, 0)`).join(' + ')} END`,
      there: gpus.length > 0
    }
  ]
  return all.filter(({ there }) => there)
}

/** One row a drawn host (null: the others) and bin (null: no time): host, bin, errors, then sum and count of each metric. */
function queryCells(
  table: SourceTable,
  { scope }: Params<'overview.series'>,
  { bins, metrics, drawn }: { bins: Bins | null; metrics: readonly Metric[]; drawn: readonly string[] | null },
  signal: AbortSignal
): Promise<SqlResult[]> {
  const columns = taskColumns(table)
  const line = drawn === null ? `''` : `CASE WHEN host IN (${drawn.map(() => '?').join(', ')}) THEN host END`
  const fields = Object.fromEntries(metrics.map(({ sql }, index) => [`m${index}`, sql]))
  return queryTasks(
    table,
    scope,
    { host: columns.host, moment: `coalesce(${columns.end}, ${columns.start})`, failed: `(${columns.status}) = 'ERROR'`, ...fields },
    `SELECT ${line} AS line, ${bins === null ? 'NULL' : binOf(bins, 'moment')} AS bin, count(*) FILTER (failed)
       ${metrics.map((_, index) => `, sum(m${index}) FILTER (isfinite(m${index})), count(m${index}) FILTER (isfinite(m${index}))`).join('')}
     FROM t GROUP BY line, bin`,
    { values: drawn ?? [], signal }
  )
}

function errorsOf(cells: readonly SqlResult[], bins: Bins | null): number[] {
  const errors = zeros(bins?.count ?? 0)
  for (const row of cells) {
    const bin = numberIn(row[1])
    if (bin !== null) errors[bin] = (errors[bin] ?? 0) + countIn(row[2])
  }
  return errors
}

function metricIn(cells: readonly SqlResult[], { metric, unit }: Metric, { at, bins, drawn }: { at: number; bins: Bins | null; drawn: readonly string[] }): Series['metrics'] {
  const values = new Map(drawn.map((hostname) => [hostname, Array.from({ length: bins?.count ?? 0 }, (): number | null => null)]))
  let sum = 0
  let tasks = 0
  for (const row of cells) {
    const count = countIn(row[at + 1])
    if (count === 0) continue
    sum += countIn(row[at])
    tasks += count
    const host = textIn(row[0])
    const bin = numberIn(row[1])
    const series = host === null ? undefined : values.get(host)
    if (series !== undefined && bin !== null) series[bin] = countIn(row[at]) / count
  }
  if (tasks === 0) return []
  return [{ metric, unit, mean: sum / tasks, tasks, hosts: [...values].map(([hostname, series]) => ({ hostname, values: series })) }]
}
