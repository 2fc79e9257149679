/** What lies behind and over all lanes: the grid, gaps of the ledger, the edge of what is known, the present moment, a chosen range. */
import type { Gap } from '#contract/live'
import { type Frame, snap } from './Frame.ts'
import type { Span } from './TimeWindow.ts'
import type { Tick } from './timeTicks.ts'

/** Never thinner than can be seen. */
const leastGapPx = 3

export function drawGrid({ context, inks, window, heightPx, dpr }: Frame, ticks: readonly Tick[]): void {
  context.fillStyle = inks.grid
  for (const { time } of ticks) context.fillRect(snap(window.x(time), dpr), 0, 1, heightPx)
}

export function drawGaps({ context, inks, window, widthPx, heightPx, now, edge }: Frame, gaps: readonly Gap[]): void {
  for (const gap of gaps) {
    const { leftPx, rightPx } = gapEdges(gap, window.x, now ?? edge)
    if (rightPx < 0 || leftPx > widthPx) continue
    context.globalAlpha = gap.filled ? 0.45 : 1
    context.fillStyle = inks.gap
    context.fillRect(leftPx, 0, rightPx - leftPx, heightPx)
    context.fillStyle = inks.wait
    context.fillRect(leftPx, 0, 1, heightPx)
    context.fillRect(rightPx - 1, 0, 1, heightPx)
    context.globalAlpha = 1
  }
}

export function gapEdges({ from, to }: Pick<Gap, 'from' | 'to'>, x: (time: number) => number, now: number): { leftPx: number; rightPx: number } {
  const leftPx = x(from)
  return { leftPx, rightPx: Math.max(leftPx + leastGapPx, x(to ?? now)) }
}

/** Beyond the edge nothing is known yet. */
export function drawEdge({ context, inks, window, widthPx, heightPx, edge, dpr }: Frame, isOpen: boolean): void {
  const x = snap(window.x(edge), dpr)
  if (!isOpen || x >= widthPx) return
  context.fillStyle = inks.panel
  context.fillRect(x, 0, widthPx - x, heightPx)
}

/** Over the bars that end there: since when it stands still, what has passed since, and the clock as a dashed line. */
export function drawEdgeLines({ context, inks, window, heightPx, edge, frozen, now, dpr }: Frame, isOpen: boolean): void {
  if (!isOpen) return
  const x = snap(window.x(edge), dpr)
  const nowX = now === null ? null : snap(window.x(now), dpr)
  if (frozen) {
    if (nowX !== null && nowX > x) {
      context.fillStyle = inks.unseen
      context.fillRect(x, 0, nowX - x, heightPx)
    }
    context.fillStyle = inks.text
    context.fillRect(x - 0.75, 0, 1.5, heightPx)
  }
  if (nowX === null) return
  context.strokeStyle = inks.run
  context.lineWidth = 1
  context.setLineDash([3, 3])
  context.beginPath()
  context.moveTo(nowX + 0.5, 0)
  context.lineTo(nowX + 0.5, heightPx)
  context.stroke()
  context.setLineDash([])
}

export function drawRange({ context, inks, window, heightPx }: Frame, range: Span | null): void {
  if (!range) return
  const [left, right] = [window.x(range.from), window.x(range.to)]
  context.fillStyle = inks.accent
  context.globalAlpha = 0.12
  context.fillRect(left, 0, Math.max(1, right - left), heightPx)
  context.globalAlpha = 1
  context.fillRect(left - 0.75, 0, 1.5, heightPx)
  context.fillRect(right - 0.75, 0, 1.5, heightPx)
}
