/** Sentences about a stretch of time of which something is missing. */
import { clock, count, counted, date, seconds } from './format.ts'

type Zone = 'utc' | 'local'
export type Missing = {
  kind: 'disconnected' | 'overflow' | 'undecodable'
  from: number
  to: number | null
  messages: number | null
  reason: string
  openTasks: number | null
  filled: { messages: number; from: string } | null
}

/** `Gap of 6.7 s`, `Gap since 14:02:11`, `2 messages not decoded`. */
export function gapTitle({ kind, from, to, messages }: Missing, zone: Zone): string {
  if (kind === 'undecodable') return `${counted(messages ?? 1, 'message')} not decoded`
  return to === null ? `Gap since ${clock(from, zone)}` : `Gap of ${length(to - from)}`
}

/** `14:02:11.3 to 14:02:18.0`; with the date where it is another day than `today`. */
export function gapTimes({ from, to }: Pick<Missing, 'from' | 'to'>, zone: Zone, today = Date.now() / 1000): string {
  const at = (time: number): string => (date(time, zone) === date(today, zone) ? clock(time, zone, 1) : `${date(time, zone)} ${clock(time, zone, 1)}`)
  if (to === null) return `${at(from)} until now`
  return to - from < 0.05 ? at(from) : `${at(from)} to ${at(to)}`
}

export function gapLoss({ messages }: Pick<Missing, 'messages'>): string {
  return messages === null ? 'unknown how many lost' : `${counted(messages, 'message')} lost`
}

/** What was brought back, or null. */
export const gapFilled = ({ filled }: Pick<Missing, 'filled'>): string | null => (filled === null ? null : `${count(filled.messages)} filled from ${filled.from}`)

/** All of it, a line each. */
export function gapLines(gap: Missing, zone: Zone): string[] {
  const lost = [gapLoss(gap), gap.openTasks !== null && gap.openTasks > 0 ? `${counted(gap.openTasks, 'task')} without an end` : null, gapFilled(gap)]
  return [`${gapTitle(gap, zone)}, ${gapTimes(gap, zone)}`, gap.reason, lost.filter(Boolean).join('; ')]
}

const length = (value: number): string => (value < 0.05 ? 'an instant' : seconds(value, 1))
