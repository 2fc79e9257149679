/** An answer about one lane, made ready to be drawn, pointed at and walked through many times a second. */
import type { Result } from '#contract/methods'
import type { Span } from './TimeWindow.ts'

type Answer = Result<'timeline.bars'>['lanes'][number]
export type BarStatus = NonNullable<Answer['bars']>['status'][number]
export type Bins = Omit<NonNullable<Answer['bins']>, 'running'> & { running: readonly number[]; /** The highest mean: as high as the lane. */ top: number }
export type Bars = {
  id: readonly (string | null)[]
  submitted: readonly (number | null)[]
  start: Float64Array
  /** Infinity while it is open; the start where the end was not seen. */
  end: Float64Array
  /** 1 where it has no end that is known: it is open, or its end was not seen. */
  endless: Uint8Array
  status: readonly BarStatus[]
  count: readonly number[]
  /** Where each level begins in the columns; one more than levels. */
  levelAt: Int32Array
  level: readonly number[]
}
export type LaneShape = {
  key: string
  /** What the answer covers, at how many pixels a second. */
  span: Span
  pxPerSecond: number
  askedFolded: boolean
  version: string
  bars: Bars | null
  bins: Bins | null
}

const canGoOn = new Set<BarStatus>(['RUNNING', 'WAITING', 'SUBMITTED'])

export function shapeBars(bars: NonNullable<Answer['bars']>, levels: number): Bars {
  const n = bars.start.length
  const start = Float64Array.from(bars.start)
  const endless = Uint8Array.from(bars.end, (time) => (time === null ? 1 : 0))
  // One whose end was not seen takes no room: others may follow it in its level.
  const end = Float64Array.from(bars.end, (time, index) => time ?? (bars.count[index] === 1 && !canGoOn.has(bars.status[index] as BarStatus) ? (bars.start[index] as number) : Infinity))
  const levelAt = new Int32Array(levels + 1).fill(n)
  for (let index = n - 1; index >= 0; index--) levelAt[Math.min(levels - 1, bars.level[index] ?? 0)] = index
  // A level without bars in sight begins where the next one does.
  for (let level = levels - 1; level >= 0; level--) if ((levelAt[level] as number) === n) levelAt[level] = levelAt[level + 1] as number
  return { id: bars.id, submitted: bars.submitted, start, end, endless, status: bars.status, count: bars.count, levelAt, level: bars.level }
}

/** @param openTo until when open tasks were counted; they go on */
export function shapeBins(bins: NonNullable<Answer['bins']>, openTo: number | null): Bins {
  const running = goingOn(bins.running, bins.from, bins.binSeconds, openTo)
  let top = 0
  for (const n of running) top = Math.max(top, n)
  return { ...bins, running, top }
}

/** What ran at the end of what was counted goes on until something else is known: the last full bin stands for those after it. */
export function goingOn(values: readonly number[], from: number, binSeconds: number, openTo: number | null): readonly number[] {
  if (openTo === null) return values
  const last = Math.floor((openTo - from) / binSeconds) - 1
  return last < 0 || last >= values.length - 1 ? values : [...values.slice(0, last + 1), ...Array.from<number>({ length: values.length - last - 1 }).fill(values[last] as number)]
}

/** The first bar of a level that may reach to or beyond a time: bars of one level do not overlap. */
export function firstReaching(bars: Bars, level: number, time: number): number {
  let [low, high] = [bars.levelAt[level] as number, bars.levelAt[level + 1] as number]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((bars.end[middle] as number) < time) low = middle + 1
    else high = middle
  }
  return low
}

/** The bar of a level under a time, or the nearest one within `reachSeconds`. */
export function barAt(bars: Bars, level: number, time: number, reachSeconds: number, edge: number): number | null {
  if (level < 0 || level >= bars.levelAt.length - 1) return null
  const until = bars.levelAt[level + 1] as number
  let best: number | null = null
  let least = reachSeconds
  for (let index = firstReaching(bars, level, time - reachSeconds); index < until; index++) {
    const start = bars.start[index] as number
    if (start - reachSeconds > time) break
    const end = Math.min(bars.end[index] as number, Math.max(edge, start))
    const off = time < start ? start - time : time > end ? time - end : 0
    if (off <= least) [best, least] = [index, off]
    if (off === 0 && (best === null || index === best)) break
  }
  return best
}

const orders = new WeakMap<Bars, Int32Array>()
/** Indexes of bars by start, whatever their level. */
export function byStart(bars: Bars): Int32Array {
  const known = orders.get(bars)
  if (known) return known
  const order = Int32Array.from(bars.start, (_, index) => index).sort((a, b) => (bars.start[a] as number) - (bars.start[b] as number) || a - b)
  orders.set(bars, order)
  return order
}
