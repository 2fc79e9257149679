/** Where the time axis has its marks: steps that people count in, from microseconds to years, and words as short as the step allows. */
import { clock, date } from '../../parts/format.ts'

type Zone = 'utc' | 'local'
export type Tick = { time: number; label: string }

const day = 86_400
const steps = [
  ...[1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1].flatMap((unit) => [unit, 2 * unit, 5 * unit]),
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200,
  ...[1, 2, 7, 14, 28, 91, 182, 365, 730, 1825, 3650].map((days) => days * day)
]

/** The smallest step whose labels, `labelPx(step)` wide, do not touch. */
export function tickStep(pxPerSecond: number, labelPx: (step: number) => number): number {
  return steps.find((step) => step * pxPerSecond >= labelPx(step)) ?? (steps.at(-1) as number)
}

export function timeTicks(from: number, to: number, step: number, zone: Zone): Tick[] {
  // Local days begin where the zone's clock says so; summer time within the window moves them by an hour at most.
  const shift = zone === 'utc' ? 0 : -new Date(from * 1000).getTimezoneOffset() * 60
  const first = Math.ceil((from + shift) / step)
  const last = Math.floor((to + shift) / step)
  const ticks: Tick[] = []
  for (let index = first; index <= last && ticks.length < 200; index++) {
    // Multiplying by 0.1 or 1e-6 is inexact where dividing by 10 or 1e6 is not.
    const time = (step < 1 ? index / Math.round(1 / step) : index * step) - shift
    ticks.push({ time, label: tickLabel(time, step, zone) })
  }
  return ticks
}

export function tickLabel(time: number, step: number, zone: Zone): string {
  if (step >= day) return step >= 365 * day ? date(time, zone).slice(0, 7) : date(time, zone)
  if (step >= 60) return clock(time, zone, 'minutes') === '00:00' ? date(time, zone).slice(5) : clock(time, zone, 'minutes')
  return clock(time, zone, digitsOf(step))
}

/** Decimals of a second that tell times a step apart. */
export const digitsOf = (step: number): number => (step >= 1 ? 0 : Math.min(6, Math.ceil(-Math.log10(step) - 1e-9)))
