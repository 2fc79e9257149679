/** Draws the lines of parallel coordinates on a canvas: pale ones first, the best and the chosen last. */
import { type ParallelAxis, piecesOf } from './parallelAxes.ts'

export type LineKind = 'outside' | 'inside' | 'failed' | 'hovered' | 'chosen' | 'best'
export type ParallelPicture = {
  axes: readonly ParallelAxis[]
  /** Pixels of the axes from the left, and of their ends from the top. */
  x: (axis: number) => number
  topPx: number
  bottomPx: number
  kinds: readonly LineKind[]
}

/** Beyond these, straight lines: curves would take longer than they help. */
const mostCurves = 2500
const order: readonly LineKind[] = ['outside', 'inside', 'failed', 'hovered', 'chosen', 'best']

export function drawParallel(canvas: HTMLCanvasElement, widthPx: number, heightPx: number, picture: ParallelPicture): void {
  const ratio = window.devicePixelRatio || 1
  const [wide, high] = [Math.round(widthPx * ratio), Math.round(heightPx * ratio)]
  if (canvas.width !== wide) canvas.width = wide
  if (canvas.height !== high) canvas.height = high
  const context = canvas.getContext('2d')
  if (!context) return
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, widthPx, heightPx)
  context.lineJoin = 'round'
  const style = getComputedStyle(canvas)
  const styles = stylesOf((name) => style.getPropertyValue(name).trim(), picture.kinds.length)
  const indices = new Map<LineKind, number[]>(order.map((kind) => [kind, []]))
  picture.kinds.forEach((kind, index) => indices.get(kind)?.push(index))
  for (const kind of order) {
    const { colour, widthPx: width, dash, alpha } = styles[kind]
    context.strokeStyle = colour
    context.fillStyle = colour
    context.lineWidth = width
    context.setLineDash(dash)
    context.globalAlpha = alpha
    context.beginPath()
    for (const index of indices.get(kind) ?? []) trace(context, picture, index)
    context.stroke()
    if (kind !== 'outside') markNulls(context, picture, indices.get(kind) ?? [])
  }
  context.globalAlpha = 1
}

type Style = { colour: string; widthPx: number; dash: number[]; alpha: number }

function stylesOf(token: (name: string) => string, lines: number): Record<LineKind, Style> {
  const many = lines > 1000
  return {
    outside: { colour: token('--line-2'), widthPx: 1, dash: [], alpha: many ? 0.35 : 0.9 },
    inside: { colour: token('--bar-2'), widthPx: many ? 1 : 1.3, dash: [], alpha: many ? 0.5 : 1 },
    failed: { colour: token('--err-fill'), widthPx: 1.4, dash: [4, 3], alpha: 1 },
    hovered: { colour: token('--text-2'), widthPx: 2, dash: [], alpha: 1 },
    chosen: { colour: token('--text'), widthPx: 2.2, dash: [], alpha: 1 },
    best: { colour: token('--accent'), widthPx: 2.6, dash: [], alpha: 1 }
  }
}

function trace(context: CanvasRenderingContext2D, { axes, x, topPx, bottomPx, kinds }: ParallelPicture, index: number): void {
  const y = (place: number): number => bottomPx - place * (bottomPx - topPx)
  const curved = kinds.length <= mostCurves
  for (const { from, places } of piecesOf(axes, index)) {
    const [first] = places
    if (first === undefined) continue
    context.moveTo(x(from), y(first))
    // A value alone between nulls is a short dash on its axis.
    if (places.length === 1) context.lineTo(x(from) + 5, y(first))
    for (let at = 1; at < places.length; at++) {
      const [before, place] = [places[at - 1] ?? 0, places[at] ?? 0]
      const [x0, x1] = [x(from + at - 1), x(from + at)]
      if (curved && before !== place) context.bezierCurveTo((x0 + x1) / 2, y(before), (x0 + x1) / 2, y(place), x1, y(place))
      else context.lineTo(x1, y(place))
    }
  }
}

export const nullBelowPx = 10

/** Where a run has no value its line ends, and a dash stands in the row of nulls. */
function markNulls(context: CanvasRenderingContext2D, { axes, x, bottomPx }: ParallelPicture, indices: readonly number[]): void {
  axes.forEach(({ places }, axis) => {
    if (indices.some((index) => (places[index] ?? null) === null)) context.fillRect(x(axis) - 4, bottomPx + nullBelowPx - 1, 8, 2)
  })
}
