/** How many tasks ran at once, in bins of equal length: exact, by one walk over starts and ends. */
import { statusCode, type TaskTimes } from './taskTimes.ts'

/** When tasks that took time began and when they ended (open ones: Infinity), each in order. */
export type RunSpans = { readonly starts: Float64Array; readonly ends: Float64Array }
export type RunningBins = { readonly mean: Float64Array; readonly most: Int32Array }

/**
 * What waits to begin does not run.
 * @param tasks numbers of tasks, by start
 */
export function spansOf(tasks: Int32Array, { start, status, until }: Pick<TaskTimes, 'start' | 'status' | 'until'>): RunSpans {
  const [starts, ends] = [new Float64Array(tasks.length), new Float64Array(tasks.length)]
  let count = 0
  for (const task of tasks) {
    const [from, to] = [start[task] as number, until[task] as number]
    if (!(to > from) || (to === Infinity && status[task] !== statusCode.RUNNING)) continue
    starts[count] = from
    ends[count++] = to
  }
  return { starts: starts.subarray(0, count), ends: ends.subarray(0, count).sort() }
}

/** A task runs from its start up to but not including its end, an open one up to `openTo`. */
export function runningBins({ starts, ends }: RunSpans, { from, binSeconds, bins, openTo }: { from: number; binSeconds: number; bins: number; openTo: number }): RunningBins {
  const [mean, most] = [new Float64Array(bins), new Int32Array(bins)]
  // Relative to the first edge: epoch seconds resolve a quarter of a microsecond, their differences all that was recorded.
  const startAt = (at: number): number => (at < starts.length ? (starts[at] as number) - from : Infinity)
  const endAt = (at: number): number => (at < ends.length ? Math.min(ends[at] as number, openTo) - from : Infinity)
  let [start, end] = [firstAfter(starts, from), firstAfter(ends, from)]
  while (endAt(end) <= 0) end++
  let running = start - end
  for (let bin = 0; bin < bins; bin++) {
    const [left, right] = [bin * binSeconds, (bin + 1) * binSeconds]
    let [area, at, highest] = [0, left, running]
    for (;;) {
      const [starting, ending] = [startAt(start), endAt(end)]
      const next = Math.min(starting, ending)
      // The last bin holds its right edge too.
      if (next >= right && !(bin === bins - 1 && next === right)) break
      area += running * (next - at)
      at = next
      // Ends go before starts of the same moment: tasks that follow each other are not open together.
      if (ending <= starting) {
        end++
        running--
      } else {
        start++
        running++
      }
      highest = Math.max(highest, running)
    }
    mean[bin] = (area + running * (right - at)) / binSeconds
    most[bin] = highest
  }
  return { mean, most }
}

/** Index of the first of the ordered values that is greater. */
export function firstAfter(values: Float64Array, moment: number): number {
  let [low, high] = [0, values.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((values[middle] as number) <= moment) low = middle + 1
    else high = middle
  }
  return low
}
