/** Figures and times as words: thousands separators, real minus signs, units, zones. */

const plain = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const upTo = (digits: number): Intl.NumberFormat => new Intl.NumberFormat('en-US', { maximumFractionDigits: digits })
const digitsOf = [0, 1, 2, 3, 4].map(upTo)
const minus = (text: string): string => text.replace('-', '−')

/** 1276 → `1,276`. */
export const count = (n: number): string => minus(plain.format(n))
/** With at most `digits` decimals. */
export const decimal = (n: number, digits = 2): string => minus((digitsOf[digits] ?? upTo(digits)).format(n))

/** `count(1276), "task"` → `1,276 tasks`. */
export const counted = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`

/** A share 0–1: `2.4 %`; small ones that are not nothing say so. */
export function percent(share: number): string {
  if (share > 0 && share < 0.001) return '< 0.1 %'
  if (share < 1 && share > 0.999) return '> 99.9 %'
  return `${decimal(share * 100, share >= 0.1 || share === 0 ? (share * 100) % 1 === 0 ? 0 : 1 : 1)} %`
}

const byteUnits = ['B', 'KB', 'MB', 'GB', 'TB', 'PB']
/** Decimal units, as file managers and disks have them: `647.4 MB`. */
export function bytes(sizeBytes: number): string {
  const magnitude = Math.abs(sizeBytes)
  const unit = magnitude < 1000 ? 0 : Math.min(byteUnits.length - 1, Math.floor(Math.log10(magnitude) / 3))
  const value = sizeBytes / 1000 ** unit
  return `${decimal(value, unit === 0 || Math.abs(value) >= 1000 ? 0 : Math.abs(value) >= 100 || unit === 1 ? (unit === 1 ? 0 : 1) : 1)} ${byteUnits[unit]}`
}

/** `246 of 647 MB`: both in one unit, in which the whole has two to four digits. */
export function bytesOf(part: number, whole: number): string {
  const unit = whole < 1000 ? 0 : Math.min(byteUnits.length - 1, Math.floor((Math.log10(whole) - 1) / 3))
  const digits = whole / 1000 ** unit >= 10 ? 0 : 1
  return `${decimal(part / 1000 ** unit, digits)} of ${decimal(whole / 1000 ** unit, digits)} ${byteUnits[unit]}`
}

/** A length of time: `1.562 s`, `2 min 5 s`, `3 h 12 min`, `4 d 6 h`. Under a minute with `digits` decimals; tiny ones in ms or µs. */
export function seconds(value: number, digits = 3): string {
  const magnitude = Math.abs(value)
  const sign = value < 0 ? '−' : ''
  if (magnitude === 0) return '0 s'
  if (magnitude < 0.001) return `${sign}${decimal(magnitude * 1e6, 0)} µs`
  if (magnitude < 1) return `${sign}${decimal(magnitude * 1000, magnitude < 0.1 ? 1 : 0)} ms`
  if (magnitude < 60) return `${sign}${decimal(magnitude, magnitude < 10 ? digits : Math.min(digits, 1))} s`
  const whole = Math.round(magnitude)
  const [d, h, m, s] = [Math.floor(whole / 86400), Math.floor((whole % 86400) / 3600), Math.floor((whole % 3600) / 60), whole % 60]
  const parts = d > 0 ? [d, 'd', h, 'h'] : h > 0 ? [h, 'h', m, 'min'] : [m, 'min', s, 's']
  return `${sign}${count(Number(parts[0]))} ${parts[1]}${parts[2] === 0 ? '' : ` ${parts[2]} ${parts[3]}`}`
}

/** Time left, in whole seconds: `2 s left`. */
export const left = (secondsLeft: number): string => `${seconds(Math.max(1, Math.round(secondsLeft)), 0)} left`

const pad = (n: number, width = 2): string => String(n).padStart(width, '0')
type Zone = 'utc' | 'local'
/** The same moment with its local clock in the UTC fields. */
const inZone = (epochSeconds: number, zone: Zone): Date => {
  // The fraction is left out before multiplying, which could round it up into the next second.
  const date = new Date(Math.floor(epochSeconds) * 1000)
  return zone === 'utc' ? date : new Date(date.getTime() - date.getTimezoneOffset() * 60_000)
}
const valid = (date: Date): boolean => !Number.isNaN(date.getTime())

/** The zone as it was at a moment: `UTC`, `local (UTC+5:30)`; with summer time as it was then. */
export function zoneName(zone: Zone, epochSeconds: number): string {
  if (zone === 'utc') return 'UTC'
  const minutes = -new Date(epochSeconds * 1000).getTimezoneOffset()
  if (Number.isNaN(minutes)) return 'local'
  const rest = Math.abs(minutes) % 60
  return `local (UTC${minutes < 0 ? '−' : '+'}${Math.floor(Math.abs(minutes) / 60)}${rest === 0 ? '' : `:${pad(rest)}`})`
}

/** Time of day: `00:04:34.024`; `digits` of the second, 0 to 6; `minutes` leaves the seconds out. */
export function clock(epochSeconds: number, zone: Zone, digits: number | 'minutes' = 0): string {
  const date = inZone(epochSeconds, zone)
  if (!valid(date)) return String(epochSeconds)
  const base = `${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}`
  if (digits === 'minutes') return base
  const second = `${base}:${pad(date.getUTCSeconds())}`
  if (digits === 0) return second
  const micros = Math.floor((epochSeconds - Math.floor(epochSeconds)) * 1e6 + 0.5)
  return `${second}.${pad(Math.min(999_999, micros), 6).slice(0, digits)}`
}

/** `2026-07-20`. */
export function date(epochSeconds: number, zone: Zone): string {
  const moment = inZone(epochSeconds, zone)
  return valid(moment) ? moment.toISOString().replace(/T.*/, '') : String(epochSeconds)
}

/** `2026-07-20 00:04:34`. */
export const dateTime = (epochSeconds: number, zone: Zone, digits: number | 'minutes' = 0): string => `${date(epochSeconds, zone)} ${clock(epochSeconds, zone, digits)}`

const monthDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'short' })
/** How long ago, for lists of recent things: `2 h ago`, `yesterday`, `Sat 21 Nov`, `12 Nov`. */
export function ago(epochSeconds: number, nowSeconds = Date.now() / 1000): string {
  const passed = nowSeconds - epochSeconds
  if (passed < 60) return 'just now'
  if (passed < 3600) return `${Math.floor(passed / 60)} min ago`
  const then = new Date(epochSeconds * 1000)
  const now = new Date(nowSeconds * 1000)
  if (then.toDateString() === now.toDateString()) return `${Math.floor(passed / 3600)} h ago`
  if (then.toDateString() === new Date(now.getTime() - 86_400_000).toDateString()) return 'yesterday'
  return passed < 7 * 86_400 ? `${weekday.format(then)} ${monthDay.format(then)}` : monthDay.format(then)
}

/** Cut in the middle, where the ends differ more than the middle: `run-2026…9f2c`. */
export function middle(text: string, length: number): string {
  if (text.length <= length) return text
  const tail = Math.floor((length - 1) / 3)
  return `${text.slice(0, length - 1 - tail)}…${text.slice(text.length - tail)}`
}
