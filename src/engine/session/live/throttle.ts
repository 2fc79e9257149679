/** Runs a job at once, and then no oftener than every so often; the last call is never left out. */
export class Throttle {
  private timer: NodeJS.Timeout | null = null
  private isDue = false
  private lastMs = -Infinity

  constructor(
    private readonly everyMs: number,
    private readonly job: () => void
  ) {}

  call(): void {
    if (this.timer !== null) {
      this.isDue = true
      return
    }
    const waitMs = this.everyMs - (performance.now() - this.lastMs)
    if (waitMs <= 0) this.run()
    else this.wait(waitMs)
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
    this.isDue = false
  }

  private run(): void {
    this.lastMs = performance.now()
    this.job()
  }

  private wait(waitMs: number): void {
    this.isDue = true
    this.timer = setTimeout(() => {
      this.timer = null
      if (this.isDue) this.run()
      this.isDue = false
    }, waitMs)
    this.timer.unref()
  }
}
