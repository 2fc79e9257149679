/** Above the lanes: how many tasks ran at once, a row for events, and the axis. */
import { clock, count } from '../../parts/format.ts'
import type { Result } from '#contract/methods'
import { type Frame, snap } from './Frame.ts'
import { type Tick, digitsOf } from './timeTicks.ts'

export type Curve = Result<'timeline.concurrency'> & { from: number }
export const curvePx = 72
export const eventsPx = 38
export const axisPx = 22

/** What was at most at once in the part in sight. */
export function peakOf(curve: Curve | null, from: number, to: number): number | null {
  if (!curve) return null
  const first = Math.max(0, Math.floor((from - curve.from) / curve.binSeconds))
  const last = Math.min(curve.most.length, Math.ceil((to - curve.from) / curve.binSeconds))
  let most = 0
  for (let index = first; index < last; index++) most = Math.max(most, curve.most[index] as number)
  return most
}

/** The mean as a line, and paler behind it the most that ran at once. @param top at which number the area is as high as its room */
export function drawCurve(frame: Frame, curve: Curve, top: number): void {
  const { context, inks } = frame
  context.globalAlpha = 0.5
  const most = steps(frame, curve, curve.most, top)
  context.fillStyle = inks.area
  if (most) context.fill(most.area)
  context.globalAlpha = 1
  const mean = steps(frame, curve, curve.mean, top)
  if (!mean) return
  context.fill(mean.area)
  context.strokeStyle = inks['bar-2']
  context.lineWidth = 1.3
  context.stroke(mean.line)
}

function steps({ window, widthPx, edge }: Frame, curve: Curve, values: readonly number[], top: number): { line: Path2D; area: Path2D } | null {
  const baseY = curvePx - 0.5
  const scale = (curvePx - 10) / top
  const first = Math.max(0, Math.floor((window.from - curve.from) / curve.binSeconds) - 1)
  const last = Math.min(values.length, Math.ceil((window.to - curve.from) / curve.binSeconds) + 1)
  if (last <= first) return null
  const until = Math.min(widthPx + 4, window.x(edge))
  const line = new Path2D()
  let x = 0
  for (let index = first; index < last; index++) {
    x = Math.min(until, window.x(curve.from + index * curve.binSeconds))
    const y = baseY - (values[index] as number) * scale
    const right = Math.min(until, window.x(curve.from + (index + 1) * curve.binSeconds))
    if (index === first) line.moveTo(x, y)
    else line.lineTo(x, y)
    line.lineTo(right, y)
    x = right
    if (right >= until) break
  }
  const area = new Path2D(line)
  area.lineTo(x, baseY)
  area.lineTo(Math.min(until, window.x(curve.from + first * curve.binSeconds)), baseY)
  return { line, area }
}

export function drawScale({ context, inks }: Frame, top: number): void {
  context.font = inks.fonts.small
  context.textAlign = 'left'
  // Readable over the curve.
  context.strokeStyle = inks.content
  context.lineWidth = 3
  context.lineJoin = 'round'
  context.fillStyle = inks['text-3']
  for (const [text, y] of [[count(top), 14], ['0', curvePx - 5]] as const) {
    context.strokeText(text, 4, y)
    context.fillText(text, 4, y)
  }
}

/** Names of the ticks, and of the edge and the present moment, which the ticks give way to. */
export function drawAxis({ context, inks, window, widthPx, edge, frozen, now, dpr, zone }: Frame, ticks: readonly Tick[], step: number, topPx: number, isOpen: boolean): void {
  context.fillStyle = inks.panel
  context.fillRect(0, topPx, widthPx, axisPx)
  const baseY = topPx + 15
  const taken: [number, number][] = []
  const write = (text: string, x: number, align: 'left' | 'center' | 'right', colour: string, font: string): void => {
    context.font = font
    const width = context.measureText(text).width
    const left = align === 'left' ? x : align === 'center' ? x - width / 2 : x - width
    if (left < 2 || left + width > widthPx - 2 || taken.some(([from, to]) => left < to + 8 && left + width > from - 8)) return
    taken.push([left, left + width])
    context.fillStyle = colour
    context.textAlign = 'left'
    context.fillText(text, left, baseY)
  }
  if (isOpen && frozen) write(clock(edge, zone, Math.max(1, digitsOf(step))), window.x(edge) - 4, 'right', inks.text, inks.fonts.strong)
  if (now !== null) write('now', window.x(now) + 4, 'left', inks.run, inks.fonts.small)
  for (const { time, label } of ticks) {
    const x = snap(window.x(time), dpr)
    context.fillStyle = inks['line-2']
    context.fillRect(x, topPx + axisPx - 4, 1, 4)
    write(label, x, 'center', inks['text-3'], inks.fonts.small)
  }
}
