/** How often the records of an endless source are merged while it is open: soon after what has come, but not for most of the time. */

/** How long to wait at least, and how many times what merging took beyond `freeMs`. */
export type Pace = { readonly shortestMs: number; readonly share: number; readonly freeMs: number }
export const pipePace: Pace = { shortestMs: 1000, share: 10, freeMs: 0 }
/** What merging costs here hangs on what has come, and somebody is watching. */
export const livePace: Pace = { shortestMs: 0, share: 1, freeMs: 100 }

export class MergePace {
  private next = 0
  private timer: NodeJS.Timeout | undefined

  /** @param wake called when merging has become due */
  constructor(
    private readonly wake: () => void,
    private readonly pace: Pace
  ) {}

  /** If not yet, `wake` will be called. */
  isDue(): boolean {
    const wait = this.next - performance.now()
    if (wait <= 0) return true
    clearTimeout(this.timer)
    this.timer = setTimeout(this.wake, wait)
    this.timer.unref()
    return false
  }

  async run(merge: () => Promise<void>): Promise<void> {
    clearTimeout(this.timer)
    const start = performance.now()
    await merge()
    const end = performance.now()
    this.next = end + Math.max(this.pace.shortestMs, this.pace.share * (end - start - this.pace.freeMs))
  }
}
