/** What the reader has learned of shapes and columns, told to the session in pieces. */
import type { Leaf } from '../table/shape.ts'
import type { ColumnState, Shapes } from './shapes.ts'

/** Survives a structured clone. Leaves are sent once and named by their number in order of arrival. */
export type Vocabulary = {
  readonly leaves: readonly Leaf[]
  readonly shapes: readonly { readonly id: number; readonly leaves: Int32Array }[]
  /** Columns that are new or have changed. */
  readonly columns: readonly ColumnState[]
}

export class ShapeNews {
  private readonly leafNumbers = new Map<Leaf, number>()
  private shapesTold = 0
  private columnsTold: string[] = []

  constructor(private readonly shapes: Shapes) {}

  take(): Vocabulary {
    const leaves: Leaf[] = []
    const shapes = this.shapes.byId.slice(this.shapesTold).map((shape) => ({
      id: shape.id,
      leaves: Int32Array.from(shape.leaves, (leaf) => {
        let number = this.leafNumbers.get(leaf)
        if (number === undefined) {
          number = this.leafNumbers.size
          this.leafNumbers.set(leaf, number)
          leaves.push(leaf)
        }
        return number
      })
    }))
    this.shapesTold = this.shapes.byId.length
    const columns = this.shapes.columns.filter((column, index) => {
      const state = `${column.kinds} ${column.storage} ${column.messageOrder} ${column.filledByKind.join()} ${column.mergedByKind.join()} ${column.kindsSeen.join()}`
      if (this.columnsTold[index] === state) return false
      this.columnsTold[index] = state
      return true
    })
    return { leaves, shapes, columns: columns.map((column) => structuredClone(column)) }
  }
}
