/** Places on an axis: linear by 1, 2, 5 steps, logarithmic by powers of ten, a few at most. */

export type Axis = { from: number; to: number; log: boolean }

/** 0 at the lower end, 1 at the upper; a degenerate axis has everything in the middle. */
export function placeOn({ from, to, log }: Axis, value: number): number {
  const [a, b, v] = log ? [Math.log(from), Math.log(to), Math.log(value)] : [from, to, value]
  return b === a ? 0.5 : (v - a) / (b - a)
}

/** The value at a place of 0–1. */
export function valueAt({ from, to, log }: Axis, place: number): number {
  return log ? Math.exp(Math.log(from) + place * (Math.log(to) - Math.log(from))) : from + place * (to - from)
}

/** At most about `most` round values within the axis. */
export function ticksOf(axis: Axis, most = 5): number[] {
  return axis.log ? logTicks(axis, most) : linearTicks(axis, most)
}

/** An axis around the values, a little wider than they are; linear ones begin at 0 if that costs little room. */
export function axisAround(least: number, most: number, log: boolean): Axis {
  if (log && least > 0) {
    const room = Math.max(1.15, (most / least) ** 0.06)
    return { from: least / room, to: most * room, log: true }
  }
  if (least === most) return { from: least - (Math.abs(least) || 1) * 0.5, to: most + (Math.abs(most) || 1) * 0.5, log: false }
  const from = least > 0 && least < most * 0.5 ? 0 : least
  const room = (most - from) * 0.04
  return { from: from === 0 ? 0 : from - room, to: most + room, log: false }
}

function linearTicks({ from, to }: Axis, most: number): number[] {
  if (!(to > from)) return [from]
  const rough = (to - from) / most
  const unit = 10 ** Math.floor(Math.log10(rough))
  const step = unit * ([1, 2, 5, 10].find((factor) => factor * unit >= rough) ?? 10)
  const first = Math.ceil(from / step - 1e-9)
  const last = Math.floor(to / step + 1e-9)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => Number(((first + index) * step).toPrecision(12)))
}

function logTicks({ from, to }: Axis, most: number): number[] {
  const first = Math.ceil(Math.log10(from) - 1e-9)
  const last = Math.floor(Math.log10(to) + 1e-9)
  const decades = last - first + 1
  if (decades < 2) {
    // Round values between the powers of ten, finer ones where those are too few.
    const between = (factors: number[]): number[] => [...new Set(factors.flatMap((factor) => [first - 1, first, last].map((power) => Number((factor * 10 ** power).toPrecision(6)))))].filter((value) => value >= from && value <= to).toSorted((a, b) => a - b)
    const coarse = between([1, 2, 5])
    if (coarse.length >= 2) return coarse
    const fine = between([1, 1.5, 2, 3, 5, 7])
    return fine.length >= 2 ? fine : linearTicks({ from, to, log: false }, Math.min(most, 3))
  }
  const every = Math.ceil(decades / most)
  return Array.from({ length: decades }, (_, index) => first + index).filter((_, index) => index % every === 0).map((power) => Number((10 ** power).toPrecision(6)))
}
