/** The selected rectangle as exact text: tab-separated, or JSON records. */
import type { Call } from '#contract/dispatch'
import type { Cell } from '#contract/values'
import type { Rectangle } from '../../parts/grid/selection.ts'
import { cellsText, checkCopied, type CopyForm } from '../../state/copyCells.ts'
import type { RowsView } from './RowCache.ts'

const pageRows = 2_000

/** Fetches the rectangle uncut. Throws an Error with a sentence if it is too large or the engine refuses. */
export async function copyRange(call: Call, view: RowsView, { top, bottom, left, right }: Rectangle, form: CopyForm): Promise<{ text: string; rows: number; cells: number }> {
  const columns = view.columns.slice(left, right + 1)
  const rows = bottom - top + 1
  checkCopied(rows * columns.length)
  const read: Cell[][] = []
  while (read.length < rows) {
    const reply = await call('rows.page', { ...view, columns, offset: top + read.length, limit: Math.min(pageRows, rows - read.length), cellLength: 0 })
    if (!reply.ok) throw new Error(reply.error.message)
    if (reply.value.rows.length === 0) break
    read.push(...reply.value.rows.map((row) => row.cells))
  }
  return { text: cellsText(columns, read, form), rows: read.length, cells: read.length * columns.length }
}
