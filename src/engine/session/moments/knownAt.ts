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

/** SQL condition on a message `r`: it was known then. One that does not say when was known always. */
export function knownAtSql(table: Pick<SourceTable, 'column'>, arrivals: Arrivals | null, at: number): string {
  if (arrivals === null) return `coalesce(${latestTimeSql(table)} <= ${literal(at)}, TRUE)`
  const [messages, control] = arrivals.linesAt(at)
  return `r.file_line <= CASE r.file WHEN 0 THEN ${messages} ELSE ${control} END`
}
