/** When a message became known: at its arrival where that was seen; else at the latest time that stands in it. */
import { earliestTime, latestTime, numberOf } from '../overview/taskColumns.ts'
import { literal } from '../overview/timeHistogram.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import type { Arrivals } from './arrivals.ts'

const times = ['ended_at', 'started_at', 'submitted_at', 'registered_at', 'utc_timestamp']

/** SQL over a message `r`: the latest of its times that can be one; null if it has none. */
export function latestTimeSql(table: Pick<SourceTable, 'column'>): string {
  const numbers = times
    .map((name) => table.column('messages', name))
    .filter((column) => column !== undefined)
    .map((column) => `CASE WHEN ${numberOf(column)} >= ${earliestTime} AND ${numberOf(column)} < ${latestTime} THEN ${numberOf(column)} END`)
  return numbers.length === 0 ? 'NULL::DOUBLE' : `greatest(${numbers.join(', ')})`
}

/**
 * SELECT of `line` and `known`, epoch seconds, of every message of a source whose arrivals were not seen. One that holds no time is
 * known with the message before it in its file; null if none of those has a time either.
 */
export function knownTimesSql(table: Pick<SourceTable, 'column' | 'rows'>): string {
  const times = `SELECT r.line, r.file, ${latestTimeSql(table)} AS own FROM ${table.rows} r WHERE r.is_message`
  return `SELECT line, own, coalesce(own, last_value(own IGNORE NULLS) OVER (PARTITION BY file ORDER BY line ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)) AS known FROM (${times})`
}

/** SQL condition on a message `r`: it was known then. @param later table of the messages without a time that were known later */
export function knownAtSql(table: Pick<SourceTable, 'column'>, arrivals: Arrivals | null, at: number, later: string): string {
  if (arrivals === null) return `coalesce(${latestTimeSql(table)} <= ${literal(at)}, r.line NOT IN (SELECT line FROM ${later}))`
  const [messages, control] = arrivals.linesAt(at)
  return `r.file_line <= CASE r.file WHEN 0 THEN ${messages} ELSE ${control} END`
}
