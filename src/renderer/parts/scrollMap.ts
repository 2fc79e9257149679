/** Maps a scroll position to rows when the rows are taller than a browser can lay out (about 16.7 million pixels). */

/** Well below what any browser lays out; taller tables are scrolled through a scaled range. */
export const maxScrollPx = 8_000_000

export type ScrollMap = {
  /** Height to give the scrolled content. */
  readonly heightPx: number
  /** Whether one scrolled pixel is more than one pixel of rows. */
  readonly scaled: boolean
  /** Pixels from the top of row 0 that a scrollTop stands for, and back. */
  readonly topOf: (scrollTop: number) => number
  readonly scrollTopOf: (topPx: number) => number
  /** The largest possible top. */
  readonly maxTopPx: number
}

/** @param viewportPx height that rows are visible in, at least 1 */
export function scrollMap(rows: number, rowPx: number, viewportPx: number): ScrollMap {
  const fullPx = rows * rowPx
  const heightPx = Math.min(fullPx, maxScrollPx)
  const maxTopPx = Math.max(0, fullPx - viewportPx)
  const maxScrollTop = Math.max(0, heightPx - viewportPx)
  const scaled = heightPx < fullPx
  const factor = scaled && maxScrollTop > 0 ? maxTopPx / maxScrollTop : 1
  const clamp = (topPx: number): number => Math.min(Math.max(0, topPx), maxTopPx)
  return {
    heightPx,
    scaled,
    maxTopPx,
    topOf: (scrollTop) => (scrollTop >= maxScrollTop - 0.5 ? maxTopPx : clamp(scrollTop * factor)),
    scrollTopOf: (topPx) => clamp(topPx) / factor
  }
}

/** The rows to draw for a top, with some to spare on either side: first (inclusive) to last (exclusive). */
export function visibleRows(topPx: number, viewportPx: number, rowPx: number, rows: number, spare: number): { first: number; last: number } {
  // There may be fewer rows than a moment ago, with the top still where they were.
  const first = Math.min(rows, Math.max(0, Math.floor(topPx / rowPx) - spare))
  const last = Math.min(rows, Math.ceil((topPx + viewportPx) / rowPx) + spare)
  return { first, last: Math.max(first, last) }
}
