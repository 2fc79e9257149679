/** The two pictures, put together of their parts: the head with concurrency, events and axis; and the lanes in sight. */
import type { Gap } from '#contract/live'
import { counted } from '../../parts/format.ts'
import { drawBars } from './drawBars.ts'
import { drawBins } from './drawBins.ts'
import { drawEdge, drawEdgeLines, drawGaps, drawGrid, drawRange } from './drawGround.ts'
import { type Curve, axisPx, curvePx, drawAxis, drawCurve, drawScale, eventsPx, peakOf } from './drawHead.ts'
import { drawPath, drawRing } from './drawPath.ts'
import { type Frame, begin } from './Frame.ts'
import type { Row } from './laneRows.ts'
import { type Ground, type Spots, spotAt } from './Spots.ts'
import type { Span } from './TimeWindow.ts'
import { type Tick, tickLabel, tickStep, timeTicks } from './timeTicks.ts'
import type { Cursor } from './walk.ts'

/** What both pictures share. */
export type Board = Omit<Frame, 'context' | 'heightPx'> & { gaps: readonly Gap[]; range: Span | null; /** Beyond the edge nothing is known yet. */ isOpen: boolean; ticks: readonly Tick[]; stepSeconds: number }
/** Room between two labels of the axis. */
const apartPx = 22

export function ticksFor({ window, zone }: Pick<Frame, 'window' | 'zone'>): Pick<Board, 'ticks' | 'stepSeconds'> {
  // Figures are about twice as wide as colons and points.
  const labelPx = (step: number): number => apartPx + [...tickLabel(window.from, step, zone)].reduce((sum, sign) => sum + (/[:.-]/.test(sign) ? 3.5 : 6.6), 0)
  const stepSeconds = tickStep(window.pxPerSecond, labelPx)
  return { stepSeconds, ticks: timeTicks(window.from, window.to, stepSeconds, zone) }
}

/** @returns the most that ran at once in the part in sight */
export function drawHeadOf(canvas: HTMLCanvasElement, board: Board, curve: Curve | null, hasEvents: boolean): number | null {
  const { inks, window, widthPx, range } = board
  const bodyPx = curvePx + (hasEvents ? eventsPx : 0)
  const context = begin(canvas, widthPx, bodyPx + axisPx, board.dpr, inks.content)
  if (!context) return null
  const frame: Frame = { ...board, context, heightPx: bodyPx }
  drawGrid(frame, board.ticks)
  const peak = peakOf(curve, window.from, window.to)
  const top = niceAbove(peak ?? 0)
  if (curve) drawCurve(frame, curve, top)
  drawEdge(frame, board.isOpen)
  drawGaps(frame, board.gaps)
  drawEdgeLines(frame, board.isOpen)
  context.fillStyle = inks.line
  context.fillRect(0, curvePx - 1, widthPx, 1)
  if (hasEvents) context.fillRect(0, curvePx + eventsPx - 1, widthPx, 1)
  if (curve) drawScale(frame, top)
  drawRange(frame, range)
  drawAxis(frame, board.ticks, board.stepSeconds, bodyPx, board.isOpen)
  if (range) {
    context.fillStyle = inks.accent
    context.fillRect(window.x(range.from), bodyPx + axisPx - 2, Math.max(1, window.x(range.to) - window.x(range.from)), 2)
  }
  return peak
}

export type Figures = { bars: number; path: number; chosen: number }

export function drawLanesOf(canvas: HTMLCanvasElement, board: Board, heightPx: number, ground: Ground, spots: Spots, cursor: Cursor | null): Figures {
  const context = begin(canvas, board.widthPx, heightPx, board.dpr, board.inks.content)
  if (!context) return { bars: 0, path: 0, chosen: 0 }
  const frame: Frame = { ...board, context, heightPx }
  drawGrid(frame, board.ticks)
  drawEdge(frame, board.isOpen)
  let bars = 0
  for (const row of ground.rows) bars += drawLane(frame, row, ground, spots.critical)
  drawGaps(frame, board.gaps)
  const path = drawPath(frame, spots.marked.steps, spots.ofPath(ground))
  const chosen = spots.ofChosen(ground)
  if (chosen) drawRing(frame, chosen, 'chosen')
  const cursorSpot = cursor && cursor.id !== spots.marked.taskId ? spotOfCursor(ground, cursor) : null
  if (cursorSpot) drawRing(frame, cursorSpot, 'cursor')
  drawEdgeLines(frame, board.isOpen)
  drawRange(frame, board.range)
  return { bars, path, chosen: chosen ? 1 : 0 }
}

function drawLane(frame: Frame, row: Row, { offsetPx, shapeOf }: Ground, critical: ReadonlySet<string>): number {
  const { context, inks, widthPx } = frame
  const topPx = row.topPx - offsetPx
  context.fillStyle = inks.line
  context.fillRect(0, topPx + row.heightPx - 1, widthPx, 1)
  const shape = shapeOf(row.key)
  if (row.lane.timed === 0) {
    context.font = inks.fonts.small
    context.textAlign = 'left'
    context.fillStyle = inks['text-3']
    context.fillText(`${counted(row.lane.tasks, 'task')} without a time to be drawn by`, 12, topPx + row.heightPx / 2 + 4)
  } else if (!shape) {
    // Its answer is on its way.
    context.fillStyle = inks['line-2']
    for (let x = 0; x < widthPx; x += 8) context.fillRect(x, Math.round(topPx + row.heightPx / 2), 3, 1)
  } else if (shape.bars) return drawBars(frame, row, shape.bars, offsetPx, critical)
  else if (shape.bins) drawBins(frame, row, shape.bins, offsetPx)
  return 0
}

function spotOfCursor(ground: Ground, cursor: Cursor) {
  const row = ground.rowOf(cursor.key)
  const shape = ground.shapeOf(cursor.key)
  if (!row || !shape) return null
  if (shape.bars) return spotAt(ground, row, cursor.level, cursor.start, shape.bars.end[cursor.index] ?? cursor.start, false)
  const leftPx = ground.window.x(cursor.start)
  return { leftPx, rightPx: leftPx + (shape.bins?.binSeconds ?? 0) * ground.window.pxPerSecond, topPx: row.topPx - ground.offsetPx + 4, heightPx: row.heightPx - 8, aside: false }
}

/** The next of 1, 1.5, 2, 3, 4, 5, 6, 8 × 10ⁿ that is whole. */
function niceAbove(value: number): number {
  if (!(value > 1)) return 1
  const unit = 10 ** Math.floor(Math.log10(value))
  return unit * ([1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((step) => step * unit >= value && Number.isInteger(step * unit)) ?? 10)
}
