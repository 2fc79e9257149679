/** Ends of a column's range in few characters. */
import type { Cell } from '#contract/values'
import { clock, date } from '../../parts/format.ts'
import { formatCell } from './formatCell.ts'

/** @param as `value` for numbers and text; `time`, `date`, `day` for epoch seconds */
export function boundText(cell: Cell, as: 'value' | 'time' | 'date' | 'day', zone: 'utc' | 'local'): string {
  if (typeof cell !== 'number') return formatCell(cell).text
  if (as === 'time') return clock(cell, zone, 'minutes')
  if (as === 'date' || as === 'day') return as === 'day' ? date(cell, zone) : date(cell, zone).slice(5)
  return short(cell)
}

function short(value: number): string {
  if (!Number.isFinite(value)) return formatCell(value).text
  const magnitude = Math.abs(value)
  if (value !== 0 && (magnitude >= 1e7 || magnitude < 1e-3)) return value.toExponential(1).replace('.0e', 'e').replace('e+', 'e').replaceAll('-', '−')
  return String(Number(value.toPrecision(magnitude >= 1000 ? 7 : 4))).replace('-', '−')
}
