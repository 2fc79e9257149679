/** The table's cursor and the rectangle selected with it. Row −1 is the header. */

export type Place = { readonly row: number; readonly column: number }
export type Selection = { readonly cursor: Place; readonly anchor: Place }
export type Rectangle = { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number }

export const at = (row: number, column: number): Selection => ({ cursor: { row, column }, anchor: { row, column } })

export function rectangleOf({ cursor, anchor }: Selection): Rectangle {
  return {
    top: Math.max(0, Math.min(cursor.row, anchor.row)),
    bottom: Math.max(cursor.row, anchor.row),
    left: Math.min(cursor.column, anchor.column),
    right: Math.max(cursor.column, anchor.column)
  }
}

export const isIn = ({ top, bottom, left, right }: Rectangle, row: number, column: number): boolean => row >= top && row <= bottom && column >= left && column <= right

export type Extent = { readonly rows: number; readonly columns: number; readonly pageRows: number }

/** Where a key takes the cursor; null if the key does not move it. `extend` keeps the anchor (shift is held). */
export function moved(selection: Selection, key: string, ctrl: boolean, extend: boolean, extent: Extent): Selection | null {
  const cursor = step(selection.cursor, key, ctrl, extent)
  if (!cursor) return null
  const row = Math.min(Math.max(extend ? 0 : -1, cursor.row), extent.rows - 1)
  const column = Math.min(Math.max(0, cursor.column), Math.max(0, extent.columns - 1))
  const place = { row, column }
  return extend ? { cursor: place, anchor: selection.anchor.row < 0 ? place : selection.anchor } : { cursor: place, anchor: place }
}

function step({ row, column }: Place, key: string, ctrl: boolean, { rows, columns, pageRows }: Extent): Place | null {
  switch (key) {
    case 'ArrowDown':
      return { row: ctrl ? rows - 1 : row + 1, column }
    case 'ArrowUp':
      return { row: ctrl ? Math.min(row, 0) : row - 1, column }
    case 'ArrowLeft':
      return { row, column: ctrl ? 0 : column - 1 }
    case 'ArrowRight':
      return { row, column: ctrl ? columns - 1 : column + 1 }
    case 'PageDown':
      return { row: Math.max(0, row) + pageRows, column }
    case 'PageUp':
      return { row: Math.max(0, row - pageRows), column }
    case 'Home':
      return { row: ctrl ? 0 : row, column: 0 }
    case 'End':
      return { row: ctrl ? rows - 1 : row, column: columns - 1 }
    default:
      return null
  }
}
