/** A cell written for people, and as JSON. */
import type { Column } from '#contract/tables'
import type { Cell } from '#contract/values'
import { printable } from './terminalText.ts'

/** Null is empty; times are UTC. */
export function cellForPeople(cell: Cell, type: Column['type']): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return type === 'time' ? timeText(cell) : String(cell)
  if (typeof cell !== 'object') return printable(String(cell))
  if ('int' in cell) return cell.int
  if ('float' in cell) return cell.float
  return printable('text' in cell ? cell.text : cell.json)
}

/** Seconds since 1970 as `2025-03-01 12:00:00.123Z`; as they are if no date has them. */
export function timeText(seconds: number): string {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString().replace('T', ' ')
}

/** Exact, but for NaN and the infinities, which JSON does not have: they become null, and `onLost` is told. */
export function cellAsJson(cell: Cell, onLost: () => void): string {
  if (cell === null || typeof cell !== 'object') return Object.is(cell, -0) ? '-0.0' : JSON.stringify(cell)
  if ('int' in cell) return cell.int
  if ('json' in cell) return standardJson(cell.json, onLost)
  if ('text' in cell) return JSON.stringify(cell.text)
  if (cell.float === '-0') return '-0.0'
  onLost()
  return 'null'
}

/** JSON text that may hold NaN and infinities, as JSON text that may not. Every digit of every number stays as it is. */
export function standardJson(text: string, onLost: () => void): string {
  if (!/NaN|Infinity/.test(text)) return text
  return text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?Infinity|NaN/g, (token) => {
    if (token.startsWith('"')) return token
    onLost()
    return 'null'
  })
}
