/** How fast something goes, smoothed, and so how long it may still take. */

/** Older speeds fade with this half-life. */
const halfLifeMs = 2000
/** Before this much has passed, an estimate would jump about. */
const settledMs = 500

export class ReadingSpeed {
  #bytesPerMs: number | null = null
  #last: { bytes: number; ms: number } | null = null
  #startMs: number | null = null

  /** @param bytes done so far, in all */
  add(bytes: number, ms: number): void {
    this.#startMs ??= ms
    const last = this.#last
    if (last === null || bytes < last.bytes) {
      this.#last = { bytes, ms }
      return
    }
    const passedMs = ms - last.ms
    if (passedMs <= 0) return
    const speed = (bytes - last.bytes) / passedMs
    const weight = 0.5 ** (passedMs / halfLifeMs)
    this.#bytesPerMs = this.#bytesPerMs === null ? speed : this.#bytesPerMs * weight + speed * (1 - weight)
    this.#last = { bytes, ms }
  }

  /** Null while it cannot be told. */
  secondsLeft(totalBytes: number | null, ms: number): number | null {
    if (totalBytes === null || this.#last === null || this.#startMs === null || ms - this.#startMs < settledMs) return null
    if (this.#bytesPerMs === null || this.#bytesPerMs <= 0) return null
    const left = (totalBytes - this.#last.bytes) / this.#bytesPerMs - (ms - this.#last.ms)
    return Math.max(0, left) / 1000
  }
}
