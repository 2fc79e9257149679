/** A folded lane: how many of its tasks ran at once, and where errors ended; every task is in it. */
import { type Frame, snap } from './Frame.ts'
import type { Bins } from './laneShapes.ts'
import { type Row, foldedPx } from './laneRows.ts'

const roomPx = foldedPx - 8
const leastBarPx = 3.6

export function drawBins({ context, inks, window, widthPx, dpr }: Frame, row: Row, bins: Bins, offsetPx: number): void {
  const { running, errors, binSeconds, top } = bins
  const binPx = binSeconds * window.pxPerSecond
  // Narrower than can be told apart: the mean of a few stands for them, which is exact.
  const step = Math.max(1, Math.ceil(leastBarPx / binPx))
  const gapPx = binPx * step >= 3.6 ? 0.6 : 0
  const baseY = row.topPx - offsetPx + foldedPx - 3
  const first = Math.max(0, Math.floor((window.from - bins.from) / binSeconds))
  const last = Math.min(running.length, Math.ceil((window.to - bins.from) / binSeconds))
  // As x, width and errors in turn.
  const marks: number[] = []
  let mostErrors = 1
  context.fillStyle = inks.hist
  for (let index = first - (first % step); index < last; index += step) {
    let sum = 0
    let failed = 0
    const until = Math.min(index + step, running.length)
    for (let at = index; at < until; at++) {
      sum += running[at] as number
      failed += errors[at] as number
    }
    mostErrors = Math.max(mostErrors, failed)
    const x = snap(window.x(bins.from + index * binSeconds), dpr)
    const right = Math.min(widthPx + 8, snap(window.x(bins.from + (index + step) * binSeconds), dpr))
    const width = Math.max(1, right - x - gapPx)
    if (sum > 0) {
      const height = Math.max(1, (sum / (until - index) / top) * roomPx)
      context.fillRect(x, baseY - height, width, height)
    }
    if (failed > 0) marks.push(x, width, failed)
  }
  context.fillStyle = inks['err-fill']
  for (let at = 0; at < marks.length; at += 3) {
    const height = 1.5 + 3 * Math.sqrt((marks[at + 2] as number) / mostErrors)
    context.fillRect(marks[at] as number, baseY - height + 2, Math.max(2, marks[at + 1] as number), height)
  }
}
