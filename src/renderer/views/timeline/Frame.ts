/** What the parts of one picture are drawn with. */
import type { Zone } from '../../state/appearance.ts'
import type { Inks } from './inks.ts'
import type { TimeWindow } from './TimeWindow.ts'

export type Frame = {
  context: CanvasRenderingContext2D
  inks: Inks
  window: TimeWindow
  widthPx: number
  heightPx: number
  dpr: number
  zone: Zone
  /** Until when open ends are drawn. */
  edge: number
  /** Where the run stood still while the clock goes on: paused, or out of reach. */
  frozen: boolean
  /** The present moment, of a run that is watched; null otherwise. */
  now: number | null
}

/** On whole pixels of the screen, so that edges are sharp. */
export const snap = (px: number, dpr: number): number => Math.round(px * dpr) / dpr

/** Sizes a canvas for the screen and clears it. */
export function begin(canvas: HTMLCanvasElement, widthPx: number, heightPx: number, dpr: number, background: string): CanvasRenderingContext2D | null {
  const [width, height] = [Math.round(widthPx * dpr), Math.round(heightPx * dpr)]
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width
    canvas.height = height
  }
  const context = canvas.getContext('2d', { alpha: false })
  if (!context) return null
  context.setTransform(dpr, 0, 0, dpr, 0, 0)
  context.fillStyle = background
  context.fillRect(0, 0, widthPx, heightPx)
  return context
}
