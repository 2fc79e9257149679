/** What can be seen of a lane between two moments: bars, those too small to be told apart as one. */
import type { z } from 'zod'
import type { bars } from '#contract/timeline'
import type { LaneTasks } from './laneIndex.ts'
import type { TaskIds } from './taskIds.ts'
import { barStatuses, type TaskTimes } from './taskTimes.ts'

export type Bars = z.infer<typeof bars>
/** With the number of the task where it is one, else −1. */
export type MergedBars = Omit<Bars, 'id'> & { readonly task: number[] }
export type Seen = {
  readonly from: number
  readonly to: number
  readonly pixels: number
  /** Until when open ends are drawn. */
  readonly openTo: number
}

/**
 * A task is seen if anything from its submission to its end lies between the two moments. Those narrower than a pixel that begin within
 * the same one are one entry. Pixels are counted from the epoch, so that panning changes no entry. Tasks of one level of which only
 * the wait before them is seen are one entry too. So there are at most some three entries a pixel and level.
 */
export function mergeBars(lane: LaneTasks, times: TaskTimes, seen: Seen): MergedBars {
  const into = new BarColumns(times)
  const secondsPerPixel = (seen.to - seen.from) / seen.pixels
  for (let level = 0; level < lane.levelAt.length - 1; level++) {
    const end = lane.levelAt[level + 1] as number
    let at = firstSeen(lane, times, level, seen)
    let cell = NaN
    for (; at < end; at++) {
      const task = lane.ordered[at] as number
      const start = times.start[task] as number
      if (start > seen.to) break
      const isNarrow = Math.min(times.until[task] as number, seen.openTo) - start < secondsPerPixel
      const own = isNarrow ? Math.floor(start / secondsPerPixel) : NaN
      if (own === cell) into.join(task)
      else into.add(task, level)
      cell = own
    }
    addWaiting(into, { lane, times, level, from: at, end, seen })
  }
  return into.bars
}

/** Within a level bars follow each other, so their ends are in order too. */
function firstSeen({ levelAt, ordered }: LaneTasks, { until }: TaskTimes, level: number, { from, openTo }: Seen): number {
  let [low, high] = [levelAt[level] as number, levelAt[level + 1] as number]
  while (low < high) {
    const middle = (low + high) >> 1
    if (Math.min(until[ordered[middle] as number] as number, openTo) < from) low = middle + 1
    else high = middle
  }
  return low
}

/** Bars as they are answered. */
export function named({ task, ...columns }: MergedBars, idOf: TaskIds): Bars {
  return { id: task.map((number) => (number < 0 ? null : idOf(number))), ...columns }
}

type Later = { lane: LaneTasks; times: TaskTimes; level: number; from: number; end: number; seen: Seen }

/** Tasks that begin later than is seen, and were submitted before. */
function addWaiting(into: BarColumns, { lane, times, level, from, end, seen }: Later): void {
  const least = leastSubmitted(lane, times)
  let isFirst = true
  for (let at = from; at < end && (least[at] as number) <= seen.to; at++) {
    const task = lane.ordered[at] as number
    if (!((times.submitted[task] as number) <= seen.to)) continue
    if (isFirst) into.add(task, level)
    else into.join(task)
    isFirst = false
  }
}

const leasts = new WeakMap<LaneTasks, Float64Array>()

/** Of each bar and those after it in its level: the first moment at which any was submitted; Infinity if none was. */
function leastSubmitted(lane: LaneTasks, { submitted }: TaskTimes): Float64Array {
  const known = leasts.get(lane)
  if (known) return known
  const least = new Float64Array(lane.ordered.length)
  for (let level = 0; level < lane.levelAt.length - 1; level++) {
    let earliest = Infinity
    for (let at = (lane.levelAt[level + 1] as number) - 1; at >= (lane.levelAt[level] as number); at--) {
      const own = submitted[lane.ordered[at] as number] as number
      if (own < earliest) earliest = own
      least[at] = earliest
    }
  }
  leasts.set(lane, least)
  return least
}

class BarColumns {
  readonly bars: MergedBars = { task: [], level: [], submitted: [], start: [], end: [], status: [], count: [] }
  /** Index of the last entry's status. */
  private worst = 0
  private until = 0

  constructor(private readonly times: TaskTimes) {}

  add(task: number, level: number): void {
    const { bars, times } = this
    const [submitted, end] = [times.submitted[task] as number, times.end[task] as number]
    this.worst = times.status[task] as number
    this.until = times.until[task] as number
    bars.task.push(task)
    bars.level.push(level)
    bars.submitted.push(Number.isNaN(submitted) ? null : submitted)
    bars.start.push(times.start[task] as number)
    bars.end.push(Number.isNaN(end) ? null : end)
    bars.status.push(barStatuses[this.worst] as Bars['status'][number])
    bars.count.push(1)
  }

  /** One more task in the last entry. */
  join(task: number): void {
    const { bars, times } = this
    const last = bars.task.length - 1
    const submitted = times.submitted[task] as number
    bars.task[last] = -1
    bars.count[last]!++
    bars.start[last] = Math.min(bars.start[last] as number, times.start[task] as number)
    if (!Number.isNaN(submitted)) bars.submitted[last] = Math.min(bars.submitted[last] ?? Infinity, submitted)
    this.until = Math.max(this.until, times.until[task] as number)
    bars.end[last] = this.until === Infinity ? null : this.until
    this.worst = Math.min(this.worst, times.status[task] as number)
    bars.status[last] = barStatuses[this.worst] as Bars['status'][number]
  }
}
