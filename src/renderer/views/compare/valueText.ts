/** How values, differences and lengths of time read in a comparison: short for the eye; the exact value is in the tooltip. */
import type { Cell } from '#contract/values'
import { count, decimal } from '../../parts/format.ts'

/** Seven significant digits, thousands separators, real minus signs. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return minus(String(value))
  const magnitude = Math.abs(value)
  if (Number.isInteger(value) && magnitude < 1e15) return count(value)
  if (magnitude !== 0 && (magnitude < 1e-3 || magnitude >= 1e9)) return minus(stripZeros(value.toExponential(6)))
  const rounded = Number(value.toPrecision(7))
  return decimal(rounded, Math.max(0, 6 - Math.max(0, Math.floor(Math.log10(magnitude)))))
}

/** For axes and narrow columns: four significant digits. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return minus(String(value))
  const magnitude = Math.abs(value)
  if (magnitude !== 0 && (magnitude < 1e-3 || magnitude >= 1e6)) return minus(stripZeros(value.toExponential(3)))
  return decimal(Number(value.toPrecision(4)), 6)
}

export function cellText(cell: Cell): string {
  if (cell === null) return 'null'
  if (typeof cell === 'number') return numberText(cell)
  if (typeof cell === 'boolean') return String(cell)
  if (typeof cell === 'string') return oneLine(cell)
  if ('int' in cell) return minus(cell.int.replace(/\B(?=(\d{3})+$)/g, ','))
  if ('float' in cell) return minus(cell.float)
  if ('text' in cell) return `${oneLine(cell.text)}…`
  return cell.length === undefined ? cell.json : `${cell.json}…`
}

/** Every digit, for tooltips and copies. */
export function exactText(cell: Cell): string {
  if (cell === null) return 'null'
  if (typeof cell !== 'object') return String(cell)
  if ('int' in cell) return cell.int
  if ('float' in cell) return cell.float
  return 'text' in cell ? `${cell.text}…` : cell.json
}

/** With its sign, so that it reads as a difference. */
export const differenceText = (value: number): string => signed(value, numberText(value))
/** A share as `+35.7`. */
export function percentText(share: number, digits = 1): string {
  const value = share * 100
  const text = decimal(value, Math.abs(value) >= 1000 ? 0 : digits)
  return text === '−0' ? '0' : signed(value, text)
}

/** One unit for lengths of time up to `most` seconds. */
export function timeUnit(most: number): { unit: string; perSecond: number } {
  if (!(most > 0) || most >= 1000 * 3600) return { unit: most > 0 ? 'h' : 's', perSecond: most > 0 ? 1 / 3600 : 1 }
  if (most < 0.002) return { unit: 'µs', perSecond: 1e6 }
  if (most < 2) return { unit: 'ms', perSecond: 1e3 }
  if (most < 1200) return { unit: 's', perSecond: 1 }
  return most < 3600 * 20 ? { unit: 'min', perSecond: 1 / 60 } : { unit: 'h', perSecond: 1 / 3600 }
}

/** One unit for sizes up to `most` bytes. */
export function byteUnit(most: number): { unit: string; perByte: number } {
  const names = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = most < 1024 ? 0 : Math.min(names.length - 1, Math.floor(Math.log2(most) / 10))
  return { unit: names[power] ?? 'B', perByte: 1 / 1024 ** power }
}

/** Three to four digits: 265, 12.4, 0.97. */
export const figureText = (value: number): string => (Math.abs(value) >= 1e6 ? shortNumber(value) : value !== 0 && Math.abs(value) < 0.001 ? shortNumber(Number(value.toPrecision(2))) : decimal(value, Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3))
export const figureDifference = (value: number): string => signed(value, figureText(value))

const signed = (value: number, text: string): string => (value > 0 && /[1-9∞y]/.test(text) ? `+${text}` : text)
const minus = (text: string): string => text.replaceAll('-', '−')
const stripZeros = (text: string): string => text.replace(/\.?0+e/, 'e').replace('e+', 'e')
const oneLine = (text: string): string => text.replace(/\s*[\r\n]+\s*/g, ' ⏎ ')
