/** What is marked among the bars: the critical path with its connectors and seconds, the chosen task, the keyboard's place. */
import type { Result } from '#contract/methods'
import { seconds } from '../../parts/format.ts'
import { type Frame, snap } from './Frame.ts'

export type Step = Result<'critical.path'>['path'][number]
/** A task's rectangle on the screen. */
export type Spot = { leftPx: number; rightPx: number; topPx: number; heightPx: number; /** In a folded lane, or among others in one entry. */ aside: boolean }

/** @param spots of the steps in order; null for those that are in no lane that is known */
export function drawPath(frame: Frame, steps: readonly Step[], spots: readonly (Spot | null)[]): number {
  const { context, inks, widthPx, heightPx } = frame
  context.strokeStyle = inks.accent
  context.lineWidth = 1.5
  for (let index = 1; index < spots.length; index++) {
    const [before, spot] = [spots[index - 1], spots[index]]
    if (!before || !spot || Math.max(before.rightPx, spot.leftPx) < -20 || Math.min(before.rightPx, spot.leftPx) > widthPx + 20) continue
    context.setLineDash(steps[index]?.evidence === 'inferred' ? [4, 3] : [])
    connect(frame, before, spot)
  }
  context.setLineDash([])
  let drawn = 0
  spots.forEach((spot, index) => {
    if (!spot || spot.rightPx < 0 || spot.leftPx > widthPx || spot.topPx + spot.heightPx < 0 || spot.topPx > heightPx) return
    drawn++
    if (spot.aside) {
      context.fillStyle = inks.accent
      context.fillRect(spot.leftPx, spot.topPx, Math.max(3, spot.rightPx - spot.leftPx), spot.heightPx)
    } else writeSeconds(frame, spot, steps[index])
  })
  return drawn
}

/** From the end of the one along to the beginning of the other, and then up or down to it. */
function connect({ context, widthPx, dpr }: Frame, before: Spot, spot: Spot): void {
  const clamp = (px: number): number => Math.min(widthPx + 20, Math.max(-20, px))
  const y = before.topPx + before.heightPx / 2
  const x = snap(clamp(spot.leftPx), dpr) + 0.75
  const down = spot.topPx + spot.heightPx / 2 > y
  context.beginPath()
  context.moveTo(clamp(before.rightPx), y)
  context.lineTo(x, y)
  if (Math.abs(spot.topPx - before.topPx) > 1) context.lineTo(x, down ? spot.topPx : spot.topPx + spot.heightPx)
  context.stroke()
}

function writeSeconds({ context, inks, widthPx, edge }: Frame, spot: Spot, step: Step | undefined): void {
  if (!step || spot.heightPx < 11) return
  context.font = inks.fonts.strong
  // One that goes on grows with the clock.
  const text = seconds(step.end === null ? Math.max(step.seconds, edge - step.start) : step.seconds, 1)
  const left = Math.max(0, spot.leftPx) + 5
  if (left + context.measureText(text).width + 5 > Math.min(widthPx, spot.rightPx)) return
  context.fillStyle = inks['on-accent']
  context.textAlign = 'left'
  context.fillText(text, left, spot.topPx + spot.heightPx / 2 + 4)
}

/** A ring with a hair of ground between it and the bar. */
export function drawRing({ context, inks, dpr }: Frame, spot: Spot, kind: 'chosen' | 'cursor'): void {
  const left = snap(Math.max(-4, spot.leftPx), dpr)
  const width = Math.max(spot.aside ? 5 : 3, spot.rightPx - left)
  const ring = (gapPx: number, colour: string, linePx: number): void => {
    context.strokeStyle = colour
    context.lineWidth = linePx
    context.beginPath()
    context.roundRect(left - gapPx, spot.topPx - gapPx, width + 2 * gapPx, spot.heightPx + 2 * gapPx, 3)
    context.stroke()
  }
  if (kind === 'cursor') context.setLineDash([2, 2])
  ring(1, inks.content, 2)
  ring(2.5, kind === 'chosen' ? inks.text : inks.accent, kind === 'chosen' ? 2 : 1.5)
  context.setLineDash([])
}
