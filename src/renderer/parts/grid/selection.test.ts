import { expect, test } from 'vitest'
import { at, isIn, moved, rectangleOf } from './selection.ts'

const extent = { rows: 100, columns: 5, pageRows: 10 }

test('keys move the cursor and stop at the edges', () => {
  expect(moved(at(0, 0), 'ArrowDown', false, false, extent)).toEqual(at(1, 0))
  expect(moved(at(0, 0), 'ArrowUp', false, false, extent)).toEqual(at(-1, 0))
  expect(moved(at(-1, 3), 'ArrowUp', false, false, extent)).toEqual(at(-1, 3))
  expect(moved(at(99, 4), 'ArrowRight', false, false, extent)).toEqual(at(99, 4))
  expect(moved(at(5, 2), 'End', true, false, extent)).toEqual(at(99, 4))
  expect(moved(at(95, 2), 'PageDown', false, false, extent)).toEqual(at(99, 2))
  expect(moved(at(5, 2), 'ArrowDown', true, false, extent)).toEqual(at(99, 2))
  expect(moved(at(5, 2), 'x', false, false, extent)).toBeNull()
})

test('shift keeps the anchor and never takes the head along', () => {
  const down = moved(at(3, 1), 'ArrowDown', false, true, extent)
  expect(down).toEqual({ cursor: { row: 4, column: 1 }, anchor: { row: 3, column: 1 } })
  expect(moved(at(0, 1), 'ArrowUp', false, true, extent)?.cursor.row).toBe(0)
})

test('the rectangle spans anchor and cursor whichever comes first', () => {
  const rectangle = rectangleOf({ cursor: { row: 2, column: 4 }, anchor: { row: 7, column: 1 } })
  expect(rectangle).toEqual({ top: 2, bottom: 7, left: 1, right: 4 })
  expect(isIn(rectangle, 7, 4)).toBe(true)
  expect(isIn(rectangle, 8, 4)).toBe(false)
})
