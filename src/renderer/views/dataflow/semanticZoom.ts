/** Zooming far into what is folded unfolds it; zooming out again folds it back. */

export type Opened = { fold: string; /** The zoom at which it was opened. */ zoom: number }

const opensAt = 1.7
const furtherTimes = 1.25
const foldsBackTimes = 0.6

/** @param under what is folded under the pointer, or in the middle of the view */
export function zoomStep({ before, now, under, opened }: { before: number; now: number; under: string | null; opened: readonly Opened[] }): { unfold: string | null; back: string[] } {
  if (now > before) {
    const latest = Math.max(0, ...opened.map(({ zoom }) => zoom))
    return { unfold: under !== null && now >= Math.max(opensAt, latest * furtherTimes) ? under : null, back: [] }
  }
  return { unfold: null, back: now < before ? opened.filter(({ zoom }) => now < zoom * foldsBackTimes).map(({ fold }) => fold) : [] }
}
