/** Messages counted by the second they came in, for the last minute. */

const kept = 60

export class IntakeRates {
  private readonly counts: number[] = zeros(kept)
  private second = Math.floor(Date.now() / 1000)
  private present = 0

  /** @param at epoch seconds */
  add(at: number): void {
    this.turn(Math.floor(at))
    this.present++
  }

  /** Of the last 60 whole seconds, the latest last. */
  at(now: number): number[] {
    this.turn(Math.floor(now))
    return [...this.counts]
  }

  private turn(second: number): void {
    // A clock that was set back counts on in the same second.
    if (second <= this.second) return
    const passed = Math.min(second - this.second, kept)
    this.counts.push(this.present, ...zeros(passed - 1))
    this.counts.splice(0, this.counts.length - kept)
    this.present = 0
    this.second = second
  }
}

function zeros(length: number): number[] {
  return Array.from({ length }, () => 0)
}
