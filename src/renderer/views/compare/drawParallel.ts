/** Draws the lines of parallel coordinates on a canvas: pale ones first, the best and the chosen last. */
import { sharpContext } from '../../parts/sharpContext.ts'
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
  const context = sharpContext(canvas, widthPx, heightPx)
  if (!context) return
  context.lineJoin = 'round'
  const style = getComputedStyle(canvas)
  const indices = new Map<LineKind, number[]>(order.map((kind) => [kind, []]))
  picture.kinds.forEach((kind, index) => indices.get(kind)?.push(index))
  for (const kind of order) {
    const lines = indices.get(kind) ?? []
    const { token, widthPx: width, dash } = styles[kind]
    const colour = style.getPropertyValue(token).trim()
    context.strokeStyle = colour
    context.fillStyle = colour
    context.lineWidth = lines.length > fewLines ? 1 : width
    context.setLineDash(dash)
    // Of many lines each is faint and drawn by itself, so that where they are dense they are dark.
    const apart = lines.length > fewLines
    context.globalAlpha = apart ? Math.max(leastAlpha, fewLines / 2 / lines.length) : 1
    context.beginPath()
    for (const index of lines) {
      trace(context, picture, index)
      if (!apart) continue
      context.stroke()
      context.beginPath()
    }
    if (!apart) context.stroke()
    context.globalAlpha = 1
    if (kind !== 'outside') markNulls(context, picture, lines)
  }
}
const fewLines = 300
const leastAlpha = 0.06

const styles: Record<LineKind, { token: string; widthPx: number; dash: number[] }> = {
  outside: { token: '--line-2', widthPx: 1, dash: [] },
  inside: { token: '--bar-2', widthPx: 1.3, dash: [] },
  failed: { token: '--err-fill', widthPx: 1.4, dash: [4, 3] },
  hovered: { token: '--text-2', widthPx: 2, dash: [] },
  chosen: { token: '--text', widthPx: 2.2, dash: [] },
  best: { token: '--accent', widthPx: 2.6, dash: [] }
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
