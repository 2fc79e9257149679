/** Cells put back into the filter language. */
import { cellOperand } from '#contract/cellOperand'
import type { Cell } from '#contract/values'

export type Filter = Record<string, unknown>

/** Of a whole cell: the engine never cuts the cells that it filters by. */
export function operandOf(cell: Cell): unknown {
  const operand = cellOperand(cell)
  if (!operand) throw new Error('A cut cell cannot be compared with.')
  return operand.value
}

/** Leaves the records in which the field is one of the values. */
export function oneOfFilter(name: string, cells: readonly Cell[]): Filter {
  const [first = null] = cells
  if (cells.length === 1) return { [name]: first !== null && typeof first === 'object' ? { $eq: operandOf(first) } : first }
  return { [name]: { $in: cells.map(operandOf) } }
}
