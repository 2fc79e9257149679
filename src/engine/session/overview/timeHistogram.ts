/** How many tasks started when, and how many of those failed: the ribbon. Also the time span of a scope, and bins over it. */
import type { Params, Result } from '#contract/methods'
import type { Scope } from '#contract/values'
import type { SourceTable } from '../table/sourceTable.ts'
import { countIn, numberIn, queryTasks, taskColumns } from './taskColumns.ts'

/** Equal bins over a span; the last one holds its right edge too. */
export type Bins = { readonly from: number; readonly to: number; readonly count: number; readonly binSeconds: number }

/** Tasks outside `from`…`to` are not counted; `untimed` are those in scope whose start is missing or cannot be. */
export async function timeHistogram(table: SourceTable, params: Params<'time.histogram'>, signal: AbortSignal): Promise<Result<'time.histogram'>> {
  const columns = taskColumns(table)
  const span = params.from !== undefined && params.to !== undefined ? { from: params.from, to: params.to } : await timeSpan(table, params.scope, signal)
  const from = params.from ?? span?.from
  const to = params.to ?? span?.to
  const known = from !== undefined && to !== undefined && to >= from
  const bins = known ? binsOver(from, to, params.bins) : null
  const bin = bins === null ? 'NULL::INTEGER' : binOf(bins, 'starts')
  const rows = await queryTasks(
    table,
    params.scope,
    { starts: columns.start, failed: `(${columns.status}) = 'ERROR'` },
    `, b AS (SELECT ${bin} AS bin, starts IS NULL AS untimed, failed FROM t)
     SELECT bin, count(*), count(*) FILTER (failed), count(*) FILTER (untimed) FROM b WHERE bin IS NOT NULL OR untimed GROUP BY bin`,
    { signal }
  )
  const counts = zeros(bins?.count ?? 0)
  const errors = zeros(bins?.count ?? 0)
  let untimed = 0
  for (const row of rows) {
    untimed += countIn(row[3])
    const index = numberIn(row[0])
    if (index === null) continue
    counts[index] = countIn(row[1])
    errors[index] = countIn(row[2])
  }
  return { from: from ?? null, to: to ?? null, counts, errors, untimed }
}

/** From the first to the last time seen of the tasks in scope; null if none has a time. */
export async function timeSpan(table: SourceTable, scope: Scope, signal: AbortSignal): Promise<{ from: number; to: number } | null> {
  const columns = taskColumns(table)
  const rows = await queryTasks(
    table,
    scope,
    { starts: columns.start, ends: columns.end },
    'SELECT least(min(starts), min(ends)), greatest(max(starts), max(ends)) FROM t',
    { signal }
  )
  const from = numberIn(rows[0]?.[0])
  const to = numberIn(rows[0]?.[1])
  return from === null || to === null ? null : { from, to }
}

export function binsOver(from: number, to: number, count: number): Bins {
  // A run of a single instant still needs bins of some width; a microsecond is what Python's clock resolves.
  return { from, to, count, binSeconds: Math.max((to - from) / count, 1e-6) }
}

/** SQL: the index of the bin that holds a time, null outside the span. */
export function binOf(bins: Bins, time: string): string {
  const index = `CAST(floor((${time} - ${literal(bins.from)}) / ${literal(bins.binSeconds)}) AS INTEGER)`
  return `CASE WHEN ${time} >= ${literal(bins.from)} AND ${time} <= ${literal(bins.to)} THEN least(${index}, ${bins.count - 1}) END`
}

/** A number as a DOUBLE literal with every digit. */
export function literal(value: number): string {
  return `CAST('${value}' AS DOUBLE)`
}

export function zeros(count: number): number[] {
  return Array.from({ length: count }, () => 0)
}
