/** Numbers as Flowcept's reports read them: numbers, booleans, texts of numbers, and dates. */
import type { JsonValue } from '#contract/json'

const number = /^\s*[+-]?(?:(?:\d[\d_]*)?\.?\d[\d_]*\.?(?:e[+-]?\d+)?|inf(?:inity)?|nan)\s*$/i
const date = /^(\d{4})-?(\d{2})-?(\d{2})(?:.(\d{2})(?::?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/

export function asFloat(value: JsonValue | undefined): number | null {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value)
  if (typeof value !== 'string') return null
  const seconds = dateSeconds(value)
  if (seconds !== null) return seconds
  if (!number.test(value)) return null
  const plain = value.trim().toLowerCase().replaceAll('_', '')
  if (/inf/.test(plain)) return plain.startsWith('-') ? -Infinity : Infinity
  return Number(plain.replace('nan', 'NaN'))
}

/** A date or time in ISO 8601, UTC where it names no zone. */
function dateSeconds(text: string): number | null {
  const found = date.exec(text)
  if (!found) return null
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = found
  const offset = zone === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.length > 3 ? zone.slice(-2) : '00'}`
  const milliseconds = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`)
  const isDay = new Date(`${year}-${month}-${day}T00:00:00Z`).getUTCDate() === Number(day)
  return Number.isNaN(milliseconds) || !isDay ? null : milliseconds / 1000 + Number(`0.${fraction || 0}`)
}

export function elapsedSeconds(start: number | null, end: number | null): number | null {
  return start === null || end === null || end < start ? null : end - start
}

/** `2026-11-23 04:02:38`, in UTC. */
export function timeText(seconds: number | null): string {
  if (seconds === null) return 'unknown'
  const date = new Date(Math.floor(seconds) * 1000)
  return Number.isNaN(date.getTime()) ? 'unknown' : date.toISOString().slice(0, 19).replace('T', ' ')
}

/** Of values in ascending order, between neighbours by their distance. */
export function percentile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share
  const [low, high] = [Math.floor(at), Math.ceil(at)]
  if (low === high) return sorted[low] ?? Number.NaN
  const part = at - low
  return (sorted[low] as number) * (1 - part) + (sorted[high] as number) * part
}

export const ascending = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b)
