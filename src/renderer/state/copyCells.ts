/** Cells as exact text for the clipboard: tab-separated, or JSON records. */
import type { Cell } from '#contract/values'
import { copyJson, copyText } from './formatCell.ts'

export type CopyForm = 'tsv' | 'json'
/** Beyond this a file serves better than a clipboard. */
export const maxCopiedCells = 500_000

/** @throws Error with a sentence */
export function checkCopied(cells: number): void {
  if (cells > maxCopiedCells) {
    throw new Error(`${cells.toLocaleString('en-US')} cells are more than a clipboard takes well (${maxCopiedCells.toLocaleString('en-US')}). Export them as CSV instead.`)
  }
}

export const cellsText = (columns: readonly string[], rows: readonly Cell[][], form: CopyForm): string => (form === 'tsv' ? tsv(columns, rows) : json(columns, rows))

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
