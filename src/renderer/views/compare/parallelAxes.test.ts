import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SweepColumn } from '#contract/compare'
import '../../../testing/propertySeed.ts'
import { curveAt, nearestLine, parallelAxes, piecesOf, stretchOf } from './parallelAxes.ts'
import type { SweepData } from './sweepModel.ts'

const column = (name: string, more: Partial<SweepColumn> = {}): SweepColumn => ({ name, role: 'parameter', type: 'number', unit: null, filled: 3, distinct: 3, min: null, max: null, log: false, ...more })
const data: SweepData = {
  columns: ['used.nx', 'used.kind', 'generated.residual', 'duration'],
  rows: [
    [16, 'adam', 1e-4, 0.001],
    [32, 'sgd', null, 0.002],
    [64, 'adam', 1e-8, 0.005]
  ].map((cells, index) => ({ id: `r${index}`, name: 'r', label: '', status: 'FINISHED', cells }))
}
const axes = parallelAxes([column('used.nx'), column('used.kind', { type: 'text' }), column('generated.residual', { log: true }), column('duration', { unit: 's', max: 0.005, min: 0.001 })], data)

test('numbers, words and powers of ten have their places; null has none', () => {
  expect(axes.map(({ places }) => places.map((place) => (place === null ? null : Number(place.toFixed(3)))))).toEqual([
    [0, 0.333, 1],
    [0, 1, 0],
    [1, null, 0],
    [0, 0.25, 1]
  ])
  expect(axes[0]?.labels.map(({ text }) => text)).toEqual(['16', '32', '64'])
  expect(axes[1]?.labels.map(({ text }) => text)).toEqual(['adam', 'sgd'])
  expect(axes[3]).toMatchObject({ unit: 'ms', prefix: '', leaf: 'duration' })
  expect(axes[1]?.axis).toBeNull()
})

test('a line ends where its values end', () => {
  expect(piecesOf(axes, 1).map(({ from, places }) => [from, places.length])).toEqual([
    [0, 2],
    [3, 1]
  ])
  expect(piecesOf(axes, 0)).toHaveLength(1)
})

test('the nearest line is found between axes', () => {
  expect(nearestLine(axes, data.rows, 0, 0.3, 0.1)).toBe(1)
  expect(nearestLine(axes, data.rows, 0.5, 0.66, 0.1)).toBe(1)
  expect(nearestLine(axes, data.rows, 2, 0.02, 0.1)).toBe(2)
  expect(nearestLine(axes, data.rows, 1.5, 0.9, 0.01)).toBeNull()
  expect([0, 0.5, 1].map((across) => Number(curveAt(across).toFixed(4)))).toEqual([0, 0.5, 1])
})

test('what is dragged over an axis is a stretch of its values, in order', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (one, other) => {
      const { value, upTo } = stretchOf({ from: 0.8, to: 1.9, log: false }, one, other)
      expect(value).toBeLessThanOrEqual(upTo)
      expect(value).toBeGreaterThanOrEqual(0.79)
      expect(upTo).toBeLessThanOrEqual(1.91)
      expect(String(value).length).toBeLessThanOrEqual(6)
    })
  )
  expect(stretchOf({ from: 1.23456789e-7, to: 0.987654321, log: true }, 1, 0)).toEqual({ value: 1.23456789e-7, upTo: 0.987654321 })
})
