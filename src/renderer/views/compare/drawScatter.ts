/** Draws the points of a scatter on a canvas: those outside the brush hollow and pale, the best and the chosen ringed. */
import { sharpContext } from '../../parts/sharpContext.ts'

export const markShapes = ['circle', 'square', 'triangle', 'diamond', 'cross'] as const
export type MarkShape = (typeof markShapes)[number]
export type Mark = { x: number; y: number; shape: MarkShape; kind: 'outside' | 'inside' | 'chosen' | 'best' }

/** Around 0,0. */
export function shapePath(shape: MarkShape, r: number): string {
  switch (shape) {
    case 'circle':
      return `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`
    case 'square':
      return `M${-r} ${-r}h${2 * r}v${2 * r}h${-2 * r}z`
    case 'triangle':
      return `M0 ${-r * 1.1}L${r * 1.15} ${r * 0.9}H${-r * 1.15}z`
    case 'diamond':
      return `M0 ${-r * 1.3}L${r * 1.3} 0L0 ${r * 1.3}L${-r * 1.3} 0z`
    case 'cross':
      return `M${-r} ${-r / 3}H${-r / 3}V${-r}H${r / 3}V${-r / 3}H${r}V${r / 3}H${r / 3}V${r}H${-r / 3}V${r / 3}H${-r}z`
  }
}

export function drawScatter(canvas: HTMLCanvasElement, widthPx: number, heightPx: number, marks: readonly Mark[]): void {
  const context = sharpContext(canvas, widthPx, heightPx)
  if (!context) return
  const style = getComputedStyle(canvas)
  const colour = { outside: '--line-3', inside: '--text-3', chosen: '--text', best: '--accent' } as const
  const paths = new Map(markShapes.map((shape) => [shape, new Path2D(shapePath(shape, marks.length > 2000 ? 2 : 3.1))]))
  const ring = new Path2D(shapePath('circle', 7.5))
  for (const kind of ['outside', 'inside', 'chosen', 'best'] as const) {
    const own = style.getPropertyValue(colour[kind]).trim()
    context.strokeStyle = own
    context.fillStyle = own
    context.lineWidth = 1
    for (const mark of marks) {
      if (mark.kind !== kind) continue
      const path = paths.get(mark.shape)
      if (!path) continue
      context.save()
      context.translate(mark.x, mark.y)
      if (kind === 'outside') context.stroke(path)
      else context.fill(path)
      if (kind === 'chosen' || kind === 'best') {
        context.lineWidth = 1.5
        context.stroke(ring)
      }
      context.restore()
    }
  }
}
