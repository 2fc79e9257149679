/** Ends of a column's range in few characters. */
import type { Cell } from '#contract/values'
import { clock, date, seconds } from '../../parts/format.ts'
import { formatCell } from '../../state/formatCell.ts'

export function boundText(cell: Cell): string {
  return typeof cell === 'number' ? short(cell) : formatCell(cell).text
}

/** An end of a range of times, in as few parts as tell it from the other end. */
export function timeBoundText(cell: Cell, other: Cell, zone: 'utc' | 'local'): string {
  if (typeof cell !== 'number' || typeof other !== 'number') return boundText(cell)
  const span = Math.abs(cell - other)
  if (date(cell, zone) !== date(other, zone)) return date(cell, zone).slice(5)
  return clock(cell, zone, span < 2 ? 3 : span < 120 ? 0 : 'minutes')
}

/** Both ends of a range of times where there is little room: of a short range, when it begins and how long it is. */
export function timeRangeTexts(min: Cell, max: Cell, zone: 'utc' | 'local'): [string, string] {
  const span = typeof min === 'number' && typeof max === 'number' ? max - min : 0
  if (typeof min === 'number' && span > 0 && span < 2) return [clock(min, zone), `+${seconds(span, 1)}`]
  return [timeBoundText(min, max, zone), timeBoundText(max, min, zone)]
}

function short(value: number): string {
  if (!Number.isFinite(value)) return formatCell(value).text
  const magnitude = Math.abs(value)
  if (value !== 0 && (magnitude >= 1e7 || magnitude < 1e-3)) return value.toExponential(1).replace('.0e', 'e').replace('e+', 'e').replaceAll('-', '−')
  return String(Number(value.toPrecision(magnitude >= 1000 ? 7 : 4))).replace('-', '−')
}
