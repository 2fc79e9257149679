/** How a cell reads in a table: exact text, locale-independent, with what alignment and style it takes. */
import type { Column } from '#contract/tables'
import type { Cell } from '#contract/values'

export type CellText = { text: string; kind: 'null' | 'number' | 'text' | 'json' | 'boolean'; cut: boolean }

/** The exact text of a cell; numbers with a real minus sign are for people only, see `copyText`. */
export function formatCell(cell: Cell): CellText {
  if (cell === null) return { text: 'null', kind: 'null', cut: false }
  if (typeof cell === 'number') return { text: minus(String(cell)), kind: 'number', cut: false }
  if (typeof cell === 'boolean') return { text: String(cell), kind: 'boolean', cut: false }
  if (typeof cell === 'string') return { text: oneLine(cell), kind: 'text', cut: false }
  if ('int' in cell) return { text: minus(cell.int), kind: 'number', cut: false }
  if ('float' in cell) return { text: minus(cell.float === '-0' ? '-0' : cell.float), kind: 'number', cut: false }
  if ('text' in cell) return { text: `${oneLine(cell.text)}…`, kind: 'text', cut: true }
  return { text: cell.length === undefined ? cell.json : `${cell.json}…`, kind: 'json', cut: cell.length !== undefined }
}

/** What a copy of the cell is: exact, ASCII minus, empty for null. */
export function copyText(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell !== 'object') return String(cell)
  if ('int' in cell) return cell.int
  if ('float' in cell) return cell.float
  return 'text' in cell ? cell.text : cell.json
}

/** The JSON value of a cell as text; NaN and infinities as Python writes them. */
export function copyJson(cell: Cell): string {
  if (cell === null || typeof cell !== 'object') return JSON.stringify(cell)
  if ('int' in cell) return cell.int
  if ('float' in cell) return cell.float === '-0' ? '-0.0' : cell.float
  return 'text' in cell ? JSON.stringify(cell.text) : cell.json
}

export function isRightAligned(type: Column['type']): boolean {
  return type === 'integer' || type === 'number' || type === 'time'
}

/** Decimals to align a column of numbers on: the most that any visible cell has, at most 8; exponents are left alone. */
export function sharedDecimals(cells: readonly (Cell | undefined)[]): number {
  let most = 0
  for (const cell of cells) if (typeof cell === 'number') most = Math.max(most, decimals(String(cell)))
  return Math.min(most, 8)
}

/** Zeros to set in transparent after a number so that decimal points stand under each other; they are not part of the value. */
export function alignmentZeros(text: string, shared: number): string {
  const own = decimals(text)
  if (/[^\d.−-]/.test(text) || own >= shared) return ''
  return (own === 0 ? '.' : '') + '0'.repeat(shared - own)
}

function decimals(text: string): number {
  const dot = text.indexOf('.')
  return dot === -1 || text.includes('e') ? 0 : text.length - dot - 1
}

function minus(text: string): string {
  return text.startsWith('-') ? `−${text.slice(1)}` : text
}

/** Line ends and other controls would break a row; shown as their symbols. */
function oneLine(text: string): string {
  return text.replace(/\r\n|[\p{Cc}\u2028\u2029]/gu, (control) => {
    if (control === '\r\n' || control === '\n' || control === '\u2028' || control === '\u2029') return '⏎'
    if (control === '\t') return '⇥'
    const code = control.charCodeAt(0)
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? '␡' : '\ufffd'
  })
}
