/** A time as somebody types it: epoch seconds, or ISO 8601, in UTC unless it says otherwise. */
import { WrongUse } from './wrongUse.ts'

/** @returns epoch seconds */
export function parseTime(text: string, flag: string): number {
  if (/^\d{1,12}(?:\.\d+)?$/.test(text)) return Number(text)
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?\s*(Z|[+-]\d{2}:?\d{2})?$/i.exec(text)
  const ms = match ? Date.parse(`${match[1]}T${match[2] ?? '00:00'}${zoneOf(match[3])}`) : NaN
  if (Number.isNaN(ms)) throw new WrongUse(`${flag}: not a time: ${JSON.stringify(text)}; 2026-07-22T10:30Z is one, and 1784716200 too`)
  return ms / 1000
}

function zoneOf(zone: string | undefined): string {
  if (zone === undefined) return 'Z'
  return /^[+-]\d{4}$/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase()
}
