/** The axes of parallel coordinates: where each value of a run stands, and the shapes of the lines between them. */
import type { SweepColumn } from '#contract/compare'
import { type Axis, placeOn, valueAt } from './axisTicks.ts'
import { numberOf, reader, scaleOf, splitName, type SweepData, type SweepRun } from './sweepModel.ts'
import { cellText, figureText, shortNumber } from './valueText.ts'

export type ParallelAxis = {
  name: string
  prefix: string
  leaf: string
  unit: string
  log: boolean
  /** Null for words: they have places, but no stretch that a condition could name. */
  axis: Axis | null
  /** Labels at places 0 (lower end) to 1. */
  labels: { place: number; text: string }[]
  /** 0–1 by run; null where the run has no value. */
  places: (number | null)[]
}

/** Words beyond these are too many for an axis. */
export const mostWords = 24

export function parallelAxes(columns: readonly SweepColumn[], data: SweepData): ParallelAxis[] {
  return columns.flatMap((column) => axisOf(column, data) ?? [])
}

function axisOf(column: SweepColumn, data: SweepData): ParallelAxis | null {
  const { prefix, leaf } = splitName(column.name)
  const read = reader(data, column.name)
  const scale = scaleOf(column)
  const base = { name: column.name, prefix, leaf, unit: scale.unit }
  if (column.type === 'number' || column.type === 'time') {
    const values = data.rows.map((run) => finite(numberOf(read(run))))
    const held = values.filter((value) => value !== null)
    if (held.length === 0) return null
    const [least, most] = [Math.min(column.min ?? Infinity, leastOf(held)), Math.max(column.max ?? -Infinity, mostOf(held))]
    const log = column.log && least > 0
    const axis: Axis = { from: least, to: most, log }
    const text = (value: number): string => (scale.factor === 1 ? shortNumber(value) : figureText(value * scale.factor))
    const labels = least === most ? [{ place: 0.5, text: text(least) }] : few(held) ?? [{ place: 0, text: text(least) }, { place: 1, text: text(most) }]
    return { ...base, log, axis, labels: labels.map((label) => ('value' in label ? { place: placeOn(axis, label.value), text: text(label.value) } : label)), places: values.map((value) => (value === null ? null : clamp(placeOn(axis, value)))) }
  }
  const words = data.rows.map((run) => {
    const cell = read(run)
    return cell === null ? null : cellText(cell)
  })
  const distinct = [...new Set(words.filter((word) => word !== null))].toSorted()
  if (distinct.length === 0 || distinct.length > mostWords) return null
  const place = (word: string): number => (distinct.length === 1 ? 0.5 : distinct.indexOf(word) / (distinct.length - 1))
  return { ...base, log: false, axis: null, labels: distinct.map((word) => ({ place: place(word), text: word })), places: words.map((word) => (word === null ? null : place(word))) }
}

/** Each value by itself where there are but a few. */
function few(values: readonly number[]): { value: number }[] | null {
  const distinct = new Set<number>()
  for (const value of values) {
    distinct.add(value)
    if (distinct.size > 4) return null
  }
  return [...distinct].map((value) => ({ value }))
}

const finite = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null)
const clamp = (place: number): number => Math.max(0, Math.min(1, place))
const leastOf = (values: readonly number[]): number => values.reduce((least, value) => Math.min(least, value), Infinity)
const mostOf = (values: readonly number[]): number => values.reduce((most, value) => Math.max(most, value), -Infinity)

/** The stretch of values between two heights of an axis, rounded as far as the screen can tell them apart. */
export function stretchOf(axis: Axis, one: number, other: number): { value: number; upTo: number } {
  const [low, high] = [valueAt(axis, Math.min(one, other)), valueAt(axis, Math.max(one, other))]
  const digits = axis.log ? 3 : Math.max(1, Math.min(12, Math.ceil(Math.log10(Math.max(1, Math.abs(axis.to), Math.abs(axis.from)) / Math.max(Number.MIN_VALUE, Math.abs(axis.to - axis.from)))) + 3))
  // The ends are exact: their own runs pass.
  return { value: Math.min(one, other) <= 0 ? axis.from : Number(low.toPrecision(digits)), upTo: Math.max(one, other) >= 1 ? axis.to : Number(high.toPrecision(digits)) }
}

/** A line's pieces: runs of neighbouring axes on which it has values. */
export function piecesOf(axes: readonly ParallelAxis[], index: number): { from: number; places: number[] }[] {
  const pieces: { from: number; places: number[] }[] = []
  let open: { from: number; places: number[] } | null = null
  axes.forEach(({ places }, at) => {
    const place = places[index] ?? null
    if (place === null) open = null
    else if (open) open.places.push(place)
    else {
      open = { from: at, places: [place] }
      pieces.push(open)
    }
  })
  return pieces
}

/** How far along its way from one height to the next a curved line is when it is `across` (0–1) of the way over. */
export function curveAt(across: number): number {
  // x(t) of the curve with both handles in the middle is 1.5t(1−t) + t³; solved by halving.
  let [low, high] = [0, 1]
  for (let step = 0; step < 24; step++) {
    const t = (low + high) / 2
    if (1.5 * t * (1 - t) + t ** 3 < across) low = t
    else high = t
  }
  const t = (low + high) / 2
  return t * t * (3 - 2 * t)
}

/** The run whose line passes nearest to a point: `across` in axes from the first, `place` 0–1 up. */
export function nearestLine(axes: readonly ParallelAxis[], rows: readonly SweepRun[], across: number, place: number, within: number): number | null {
  const left = Math.max(0, Math.min(axes.length - 1, Math.floor(across)))
  const right = Math.min(axes.length - 1, left + 1)
  const way = curveAt(across - left)
  const [from, to] = [axes[left]?.places, axes[right]?.places]
  if (!from || !to) return null
  let nearest: number | null = null
  let least = within
  for (let index = 0; index < rows.length; index++) {
    const [one, other] = [from[index] ?? null, to[index] ?? null]
    const at = one !== null && other !== null ? one + (other - one) * way : across - left < 0.1 ? one : across - left > 0.9 ? other : null
    if (at === null || Math.abs(at - place) > least) continue
    least = Math.abs(at - place)
    nearest = index
  }
  return nearest
}
