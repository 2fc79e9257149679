/** The stretch of time in sight, and how wheel, drag and keys move it. Outside of React: it changes with every frame. */

export type Span = { from: number; to: number }
/** `fit` keeps the whole in sight, `follow` the right edge of a run that goes on, `free` stays where it was put. */
export type Mode = 'fit' | 'follow' | 'free'

/** Times of present days have about a quarter of a microsecond. */
const leastSeconds = 2e-5
/** Room beside the whole, as a share of it; a run that goes on has more at its end, for the present moment. */
const roomBefore = 0.01
const roomAfter = 0.02
const roomAfterNow = 0.08

export class TimeWindow {
  from = 0
  to = 1
  widthPx = 1
  mode: Mode = 'fit'
  /** First and last moment there is; `open`: the last one moves on with the clock. */
  private whole: Span & { open: boolean } = { from: 0, to: 1, open: false }

  get span(): number {
    return this.to - this.from
  }
  get pxPerSecond(): number {
    return this.widthPx / this.span
  }
  x = (time: number): number => (time - this.from) * this.pxPerSecond
  timeAt = (px: number): number => this.from + px / this.pxPerSecond

  /** What there is; true if the window moved with it. */
  setWhole(from: number, to: number, open: boolean): boolean {
    const before = `${this.from} ${this.to}`
    this.whole = { from, to, open }
    if (this.mode === 'fit' || this.to <= this.outer.from || this.from >= this.outer.to) this.fit()
    else if (this.mode === 'follow') this.keepEdge()
    return before !== `${this.from} ${this.to}`
  }

  fit(): void {
    const { from, to } = this.outer
    this.set(from, to)
    this.mode = 'fit'
  }

  show(from: number, to: number): void {
    this.set(from, to)
    this.settleMode()
  }

  zoomAt(px: number, factor: number): void {
    const at = this.timeAt(px)
    const { from, to } = this.outer
    const span = Math.min(Math.max(leastSeconds, this.span / factor), (to - from) * 1.5)
    const left = at - (px / this.widthPx) * span
    // The edge stays in sight of who follows it while zooming.
    const follows = this.mode === 'follow'
    this.set(left, left + span)
    if (follows) {
      this.mode = 'follow'
      this.keepEdge()
    } else if (factor < 1 && this.from <= from && this.to >= to) this.fit()
    else this.settleMode()
  }

  panBy(px: number): void {
    const moved = px / this.pxPerSecond
    this.set(this.from + moved, this.to + moved)
    this.settleMode()
  }

  follow(): void {
    if (this.mode === 'fit') return
    this.mode = 'follow'
    this.keepEdge()
  }

  /** The whole with some room around it: nothing is further out. */
  get outer(): Span {
    const { from, to, open } = this.whole
    const span = Math.max(to - from, 1e-3)
    return { from: from - span * roomBefore, to: from + span + span * (open ? roomAfterNow : roomAfter) }
  }

  private keepEdge(): void {
    const { span } = this
    const to = this.whole.to + span * roomAfterNow
    this.set(to - span, to)
  }

  /** Of a run that goes on, the window follows as long as the present moment is in it. */
  private settleMode(): void {
    this.mode = this.whole.open && this.to >= this.whole.to && this.from < this.whole.to ? 'follow' : 'free'
  }

  /** Some of the whole always stays in sight. */
  private set(from: number, to: number): void {
    const span = Math.max(leastSeconds, to - from)
    const { outer } = this
    const kept = span * 0.2
    this.from = Math.min(Math.max(from, outer.from - span + kept), outer.to - kept)
    this.to = this.from + span
  }
}
