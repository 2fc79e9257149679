import fc from 'fast-check'
import { expect, test } from 'vitest'
import { maxScrollPx, scrollMap, visibleRows } from './scrollMap.ts'

const rowPx = 28

test('a short table is not scaled', () => {
  const map = scrollMap(1000, rowPx, 500)
  expect(map).toMatchObject({ heightPx: 28_000, scaled: false })
  expect(map.topOf(1234)).toBe(1234)
})

test('a table of ten million rows shows its exact last row at the end of the scroll range', () => {
  const rows = 10_000_000
  const map = scrollMap(rows, rowPx, 700)
  expect(map.heightPx).toBe(maxScrollPx)
  const { last } = visibleRows(map.topOf(maxScrollPx - 700), 700, rowPx, rows, 0)
  expect(last).toBe(rows)
  expect(visibleRows(map.topOf(0), 700, rowPx, rows, 0).first).toBe(0)
})

test('going to any row and back lands on it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50_000_000 }), fc.integer({ min: 50, max: 3000 }), fc.double({ min: 0, max: 1, noNaN: true }), (rows, viewport, at) => {
      const map = scrollMap(rows, rowPx, viewport)
      const top = Math.floor(at * map.maxTopPx)
      const back = map.topOf(map.scrollTopOf(top))
      expect(Math.abs(back - top)).toBeLessThanOrEqual(map.scaled ? map.maxTopPx / map.heightPx + 1 : 0.51)
      const seen = visibleRows(top, viewport, rowPx, rows, 2)
      expect(seen.first).toBeLessThanOrEqual(Math.floor(top / rowPx))
      expect(seen.last).toBeGreaterThanOrEqual(Math.min(rows, Math.ceil((top + viewport) / rowPx)))
    })
  )
})

test('an empty table draws nothing', () => {
  expect(visibleRows(0, 500, rowPx, 0, 5)).toEqual({ first: 0, last: 0 })
})

test('draws no more rows than fit, wherever the top was before rows went', () => {
  for (const rows of [0, 1, 10, 1000, 60_000]) {
    const { first, last } = visibleRows(60_000 * rowPx, 600, rowPx, rows, 8)
    expect(first).toBeGreaterThanOrEqual(0)
    expect(last).toBeLessThanOrEqual(rows)
    expect(last - first).toBeLessThanOrEqual(Math.ceil(600 / rowPx) + 2 * 8)
  }
})
