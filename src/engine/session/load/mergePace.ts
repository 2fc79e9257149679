/** How often the records of a pipe are merged while it is open: soon after what has come, but not for most of the time. */

const shortestMs = 1000

export class MergePace {
  private next = 0
  private timer: NodeJS.Timeout | undefined

  /** @param wake called when merging has become due */
  constructor(private readonly wake: () => void) {}

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
    this.next = end + Math.max(shortestMs, 10 * (end - start))
  }
}
