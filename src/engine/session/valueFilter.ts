/** Cells put back into the filter language. */
import { jsonSafe } from '#contract/filter'
import { parseJson } from '#contract/json'
import type { Cell } from '#contract/values'

export type Filter = Record<string, unknown>

/** What a field is compared with to be equal to the cell, which has to be whole. */
export function operandOf(cell: Cell): unknown {
  if (cell === null || typeof cell !== 'object') return cell
  if ('int' in cell) return { $numberLong: cell.int }
  if ('float' in cell) return { $numberDouble: cell.float === '-0' ? '-0.0' : cell.float }
  return 'text' in cell ? cell.text : jsonSafe(parseJson(cell.json))
}

/** Leaves the records in which the field is one of the values. */
export function oneOfFilter(name: string, cells: readonly Cell[]): Filter {
  const [first = null] = cells
  if (cells.length === 1) return { [name]: first !== null && typeof first === 'object' ? { $eq: operandOf(first) } : first }
  return { [name]: { $in: cells.map(operandOf) } }
}
