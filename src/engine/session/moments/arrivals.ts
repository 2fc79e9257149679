/** When each line of a live source arrived: the lines of its messages and those of its control messages, each in order. */

/** Index: the file that the lines stand in (see live/liveSegments.ts). */
export type ArrivalTimes = readonly [Float64Array, Float64Array]

export class Arrivals {
  private readonly files = [new Growing(), new Growing()] as const

  add(times: ArrivalTimes): void {
    for (const [file, some] of times.entries()) this.files[file]?.add(some)
  }

  /** Of each file, how many lines had arrived by then. */
  linesAt(at: number): readonly [number, number] {
    return [this.files[0].countUpTo(at), this.files[1].countUpTo(at)]
  }

  /** Of a line, by its file and its number there, which counts from 1; null if that is not known. */
  timeOf(file: number, line: number): number | null {
    return this.files[file]?.at(line - 1) ?? null
  }

  get from(): number | null {
    return least(this.files.map(({ first }) => first))
  }

  get to(): number | null {
    const last = this.files.flatMap((file) => file.last ?? [])
    return last.length === 0 ? null : Math.max(...last)
  }

  /** How many arrived in each of equal stretches. */
  counts(bins: number): number[] {
    const { from, to } = this
    if (from === null || to === null) return Array.from({ length: bins }, () => 0)
    const edges = Array.from({ length: bins }, (_, bin) => (bin === bins - 1 ? to : from + ((to - from) * (bin + 1)) / bins))
    const sums = edges.map((edge) => this.linesAt(edge).reduce((sum, lines) => sum + lines, 0))
    return sums.map((sum, bin) => sum - (sums[bin - 1] ?? 0))
  }
}

/** A clock that was set back does not undo what had arrived: a time is never before the one ahead of it. */
class Growing {
  private times = new Float64Array(1024)
  private length = 0

  add(some: Float64Array): void {
    if (this.length + some.length > this.times.length) {
      const larger = new Float64Array(Math.max(this.times.length * 2, this.length + some.length))
      larger.set(this.times.subarray(0, this.length))
      this.times = larger
    }
    for (const time of some) {
      this.times[this.length] = Math.max(time, this.last ?? -Infinity)
      this.length++
    }
  }

  get first(): number | null {
    return this.length === 0 ? null : (this.times[0] as number)
  }

  get last(): number | null {
    return this.length === 0 ? null : (this.times[this.length - 1] as number)
  }

  at(index: number): number | null {
    return index >= 0 && index < this.length ? (this.times[index] as number) : null
  }

  countUpTo(at: number): number {
    let [low, high] = [0, this.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.times[middle] as number) <= at) low = middle + 1
      else high = middle
    }
    return low
  }
}

function least(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : Math.min(...known)
}
