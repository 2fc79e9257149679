/** Numbers, times and spans as a report writes them: the same for every reader. */
import { statuses } from '#contract/values'
import { html, type Html } from '../html.ts'

export const number = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 2 })

export function secondsText(seconds: number | null): string {
  if (seconds === null) return '–'
  if (seconds < 0.001 && seconds > 0) return `${(seconds * 1e6).toPrecision(3)} µs`
  if (seconds < 1) return `${number(Math.round(seconds * 1e5) / 100)} ms`
  if (seconds < 60) return `${number(Math.round(seconds * 100) / 100)} s`
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), Math.floor(seconds % 60)]
  return hours > 0 ? `${number(hours)} h ${minutes} min` : `${minutes} min ${rest} s`
}

/** `2026-11-23 04:02:38 UTC`. */
export function timeText(seconds: number | null): string {
  return seconds === null ? '–' : `${new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

export function bytesText(bytes: number | null): string {
  if (bytes === null) return '–'
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let [rest, unit] = [Math.abs(bytes), 0]
  for (; rest >= 1000 && unit < units.length - 1; unit++) rest /= 1000
  return `${bytes < 0 ? '−' : ''}${unit === 0 ? String(Math.round(rest)) : rest.toPrecision(3)} ${units[unit]}`
}

export function shareText(share: number): string {
  return `${number(Math.round(share * 1000) / 10)} %`
}

export const named = (name: string | null): string => (name === null || name === '' ? '(none)' : name)

export function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${Array.from(text).slice(0, length - 1).join('')}…`
}

/** A count and its noun. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`
}

export function statusTag(status: string | null): Html {
  return html`<span class="status ${statusClass(status)}">${named(status)}</span>`
}

/** Of a status that there is; what else stands there is no class. */
export function statusClass(status: string | null): string {
  return statuses.find((one) => one === status) ?? ''
}
