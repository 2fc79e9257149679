/** A table's cell put back into the filter language. */
import { jsonSafe } from './filter.ts'
import { parseJson } from './json.ts'
import type { Cell } from './values.ts'

/** What a field is compared with to equal the cell; null for a cell that shows only the head of a longer value. */
export function cellOperand(cell: Cell): { value: unknown } | null {
  if (cell === null || typeof cell !== 'object') return { value: jsonSafe(cell) }
  if ('int' in cell) return { value: { $numberLong: cell.int } }
  if ('float' in cell) return { value: { $numberDouble: cell.float === '-0' ? '-0.0' : cell.float } }
  return 'json' in cell && cell.length === undefined ? { value: jsonSafe(parseJson(cell.json)) } : null
}
