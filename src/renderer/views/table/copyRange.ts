/** The selected rectangle as exact text: tab-separated, or JSON records. */
import type { Call } from '#contract/dispatch'
import type { Cell } from '#contract/values'
import { copyJson, copyText } from './formatCell.ts'
import type { RowsView } from './RowCache.ts'
import type { Rectangle } from './selection.ts'

export type CopyForm = 'tsv' | 'json'
/** Beyond this a file serves better than a clipboard. */
export const maxCopiedCells = 500_000
const pageRows = 2_000

/** Fetches the rectangle uncut. Throws an Error with a sentence if it is too large or the engine refuses. */
export async function copyRange(call: Call, view: RowsView, { top, bottom, left, right }: Rectangle, form: CopyForm): Promise<{ text: string; rows: number; cells: number }> {
  const columns = view.columns.slice(left, right + 1)
  const rows = bottom - top + 1
  const cells = rows * columns.length
  if (cells > maxCopiedCells) {
    throw new Error(`${cells.toLocaleString('en-US')} cells are more than a clipboard takes well (${maxCopiedCells.toLocaleString('en-US')}). Export them as CSV instead.`)
  }
  const read: Cell[][] = []
  while (read.length < rows) {
    const reply = await call('rows.page', { ...view, columns, offset: top + read.length, limit: Math.min(pageRows, rows - read.length), cellLength: 0 })
    if (!reply.ok) throw new Error(reply.error.message)
    if (reply.value.rows.length === 0) break
    read.push(...reply.value.rows.map((row) => row.cells))
  }
  return { text: form === 'tsv' ? tsv(columns, read) : json(columns, read), rows: read.length, cells: read.length * columns.length }
}

/** With a head line when there is more than one column; a cell with tabs, quotes or line ends is quoted, as spreadsheets do. */
function tsv(columns: readonly string[], rows: readonly Cell[][]): string {
  const quote = (text: string): string => (/[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const lines = rows.map((cells) => cells.map((cell) => quote(copyText(cell))).join('\t'))
  return (columns.length > 1 && rows.length > 1 ? [columns.join('\t'), ...lines] : lines).join('\n')
}

function json(columns: readonly string[], rows: readonly Cell[][]): string {
  const record = (cells: Cell[]): string => `{${cells.map((cell, index) => `${JSON.stringify(columns[index])}: ${copyJson(cell)}`).join(', ')}}`
  const [only] = rows
  if (rows.length === 1 && only?.length === 1) return copyJson(only[0] ?? null)
  return rows.length === 1 && only ? record(only) : `[\n${rows.map((cells) => `  ${record(cells)}`).join(',\n')}\n]`
}

/** Puts text on the clipboard, also where the asynchronous clipboard is not allowed. */
export async function toClipboard(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    const area = document.createElement('textarea')
    area.value = text
    area.style.cssText = 'position:fixed;opacity:0'
    const focused = document.activeElement
    document.body.append(area)
    area.select()
    const done = document.execCommand('copy')
    area.remove()
    if (focused instanceof HTMLElement) focused.focus()
    if (!done) throw new Error('The clipboard could not be written.')
  }
}
