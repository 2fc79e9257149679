/** When the tasks of a scope began and ended, as columns of numbers: what lanes, bars and the concurrency are made of. */
import { isFilled, taskColumns } from '../overview/taskColumns.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { timeOf } from './latestKnown.ts'

/** Of bars, the worst first: one entry for several has the worst of theirs. */
export const barStatuses = ['ERROR', 'END_NOT_SEEN', 'UNKNOWN', 'RUNNING', 'WAITING', 'SUBMITTED', 'FINISHED'] as const
export const statusCode = { ERROR: 0, END_NOT_SEEN: 1, UNKNOWN: 2, RUNNING: 3, WAITING: 4, SUBMITTED: 5, FINISHED: 6 } as const

/** Tasks by number, in the order of their lines (`r.line`); NaN where there is none. */
export type TaskTimes = {
  readonly count: number
  readonly lines: Float64Array
  /** From when it is drawn; NaN if it cannot be. */
  readonly start: Float64Array
  /** As recorded. */
  readonly end: Float64Array
  /** Only if before `start`. */
  readonly submitted: Float64Array
  /** The end; Infinity while it is open; its start where the end was not seen. */
  readonly until: Float64Array
  /** Index into `barStatuses`. */
  readonly status: Uint8Array
  /** Some time of it cannot be. */
  readonly impossible: Uint8Array
  /** Of all tasks that can be drawn, by start. */
  readonly order: Int32Array
}

/** Expressions over `r` of which it is told whether, from when and until when a task is drawn. */
export function timeSql(table: SourceTable): Record<keyof TimeColumns, string> {
  const columns = taskColumns(table)
  const submitted = timeOf(table, 'tasks', 'submitted_at')
  const waits = `(${columns.status}) IN ('SUBMITTED', 'WAITING')`
  const ended = `(${columns.workflow}) IN (SELECT r.record_id FROM ${table.rows} r WHERE ${table.recordsPredicate('workflows')} AND ${isFilled(table.column('workflows', 'ended_at'))})`
  return {
    start: `coalesce(${columns.start}, CASE WHEN ${waits} THEN ${submitted} END)`,
    end: columns.end,
    submitted,
    status: columns.status,
    impossible: `coalesce((${columns.impossible}) OR ${columns.rawEnd} < ${columns.rawStart}, FALSE)`,
    // Of a run that is over nothing goes on: what it left open is an end that was not seen.
    open: `coalesce((${columns.status}) IN ('RUNNING', 'SUBMITTED', 'WAITING') AND NOT (${isFilled(table.column('tasks', 'ended_at'))}) AND NOT coalesce(${ended}, FALSE), FALSE)`
  }
}

/** Columns of what `timesFrom` needs, over `t`, which has the fields of `timeSql`. */
export const timeColumns = {
  start: 't.start',
  end: 't."end"',
  submitted: 't.submitted',
  status: `CASE t.status ${Object.entries(statusCode).map(([name, code]) => `WHEN '${name}' THEN ${code}`).join(' ')} ELSE ${statusCode.UNKNOWN} END`,
  impossible: 't.impossible::TINYINT',
  open: 't.open::TINYINT'
} as const
export type TimeColumns = Readonly<Record<keyof typeof timeColumns, Float64Array>>

export function timesFrom(lines: Float64Array, { start, end, submitted: recorded, status: given, impossible, open }: TimeColumns): TaskTimes {
  const count = lines.length
  const [submitted, until, status] = [new Float64Array(count).fill(NaN), new Float64Array(count), Uint8Array.from(given)]
  for (let task = 0; task < count; task++) {
    const [from, to, before] = [start[task] as number, end[task] as number, recorded[task] as number]
    if (before < from) submitted[task] = before
    until[task] = Number.isNaN(to) ? (open[task] === 1 ? Infinity : from) : to
    // An error stays one, whether or not its end was seen.
    if (!Number.isNaN(from) && Number.isNaN(to) && open[task] === 0 && status[task] !== statusCode.ERROR) status[task] = statusCode.END_NOT_SEEN
  }
  return { count, lines, start, end, submitted, until, status, impossible: Uint8Array.from(impossible), order: orderBy(start) }
}

/** Numbers of the values that are numbers, none of them negative, from the least up; equal ones stay in their order. */
export function orderBy(values: Float64Array): Int32Array {
  let order = new Int32Array(values.length)
  let count = 0
  for (let at = 0; at < values.length; at++) if (!Number.isNaN(values[at])) order[count++] = at
  order = order.slice(0, count)
  // Positive doubles are in the order of their bits. Sixteen of these at a time are several times faster than comparisons.
  const digits = new Uint16Array(values.buffer, values.byteOffset, values.length * 4)
  let other = new Int32Array(count)
  for (let digit = 0; digit < 4; digit++) {
    const counts = new Int32Array(65_537)
    for (let at = 0; at < count; at++) counts[(digits[(order[at] as number) * 4 + digit] as number) + 1]!++
    if (counts.includes(count)) continue
    for (let at = 0; at < 65_536; at++) counts[at + 1]! += counts[at] as number
    for (let at = 0; at < count; at++) {
      const value = order[at] as number
      other[counts[digits[value * 4 + digit] as number]!++] = value
    }
    ;[order, other] = [other, order]
  }
  return order
}
