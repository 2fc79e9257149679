/** A canvas as sharp as the screen is, empty, to be drawn on in CSS pixels; null where the browser has no context left. */
export function sharpContext(canvas: HTMLCanvasElement, widthPx: number, heightPx: number): CanvasRenderingContext2D | null {
  const ratio = window.devicePixelRatio || 1
  const [wide, high] = [Math.round(widthPx * ratio), Math.round(heightPx * ratio)]
  if (canvas.width !== wide) canvas.width = wide
  if (canvas.height !== high) canvas.height = high
  const context = canvas.getContext('2d')
  context?.setTransform(ratio, 0, 0, ratio, 0, 0)
  context?.clearRect(0, 0, widthPx, heightPx)
  return context
}
