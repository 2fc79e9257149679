/** What is told of several tasks together. */
import type { Coded } from '../table/readCoded.ts'

/** Of tasks by number; NaN for no time. */
export type TaskFacts = { readonly start: Float64Array; readonly end: Float64Array; readonly status: Coded }
/** `start` and `end`: first start and last moment seen; Infinity and −Infinity where no task has a time. */
export type Summary = { readonly tasks: number; readonly statuses: Readonly<Record<string, number>>; readonly start: number; readonly end: number }

export const noTasks: Summary = { tasks: 0, statuses: {}, start: Infinity, end: -Infinity }

export function sumOf({ start, end, status }: TaskFacts, tasks: Iterable<number>): Summary {
  const counts = new Int32Array(status.values.length)
  let [count, first, last] = [0, Infinity, -Infinity]
  for (const task of tasks) {
    count++
    counts[status.codes[task] as number]!++
    const [from, to] = [start[task] as number, end[task] as number]
    if (from < first) first = from
    if (to < first) first = to
    if (from > last) last = from
    if (to > last) last = to
  }
  const statuses: Record<string, number> = {}
  counts.forEach((own, code) => {
    if (own > 0) statuses[status.values[code] ?? 'UNKNOWN'] = own
  })
  return { tasks: count, statuses, start: first, end: last }
}

export const errorsIn = ({ statuses }: Summary): number => statuses['ERROR'] ?? 0
export const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)
export const spanSeconds = ({ start, end }: Summary): number | null => (end >= start ? end - start : null)
