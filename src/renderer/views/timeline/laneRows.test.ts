import { expect, test } from 'vitest'
import type { Lane } from '#contract/timeline'
import { type RowChoices, barTop, foldedPx, isFolded, laneRows, mostLevels, rowAt } from './laneRows.ts'

const lane = (key: string, more: Partial<Lane> = {}): Lane => ({ key, name: key, filter: {}, tasks: 100, timed: 100, errors: 0, running: 0, p50: 1, busySeconds: 100, from: 0, to: 100, levels: 3, hasLanes: false, ...more })
const nothing: RowChoices = { folds: new Map(), opened: new Set() }
const unknown = (): null => null

test('lanes fold where their bars would be narrower than three pixels, and few tasks never do', () => {
  expect(isFolded(lane('a'), 0, nothing, 2)).toBe(true)
  expect(isFolded(lane('a'), 0, nothing, 4)).toBe(false)
  expect(isFolded(lane('a', { timed: 12 }), 0, nothing, 0.01)).toBe(false)
  expect(isFolded(lane('a', { p50: null, busySeconds: 1000 }), 0, nothing, 1)).toBe(false)
})

test('what a person folds or unfolds stays so, but for lanes that have too many sub-rows', () => {
  const choices = { ...nothing, folds: new Map([['a', false], ['b', true]]) }
  expect(isFolded(lane('a'), 0, choices, 0.001)).toBe(false)
  expect(isFolded(lane('b'), 0, choices, 1000)).toBe(true)
  expect(isFolded(lane('a', { levels: mostLevels + 1 }), 0, choices, 1000)).toBe(true)
})

test('rows follow each other, inner lanes below the lane they are within', () => {
  const outer = { lanes: [lane('a', { hasLanes: true }), lane('b', { hasLanes: true })], total: 4 }
  const { rows, heightPx, loadedPx, byKey } = laneRows(outer, (key) => (key === 'a' ? { lanes: [lane('a1'), lane('a2', { levels: 40 })], total: 2 } : undefined), { ...nothing, opened: new Set(['a', 'b']) }, 100, unknown)
  expect(rows.map(({ key, depth, kind }) => `${key} ${depth} ${kind}`)).toEqual(['a 0 bins', 'a1 1 bars', 'a2 1 bars', 'b 0 bins'])
  for (const [index, row] of rows.entries()) expect(row.topPx).toBe(rows.slice(0, index).reduce((sum, { heightPx: own }) => sum + own, 0))
  expect(heightPx - loadedPx).toBe(2 * foldedPx)
  expect(byKey.get('a2')?.pitchPx).toBeLessThan(byKey.get('a1')?.pitchPx ?? 0)
})

test('what is known of a lane is drawn until what is wanted comes', () => {
  const { rows } = laneRows({ lanes: [lane('a')], total: 1 }, () => undefined, nothing, 100, () => 'bins')
  expect(rows[0]?.kind).toBe('bins')
})

test('each row is found by any height within it, and its bars lie inside of it', () => {
  const { rows } = laneRows({ lanes: [lane('a'), lane('b', { levels: 1 }), lane('c', { levels: 30 })], total: 3 }, () => undefined, nothing, 100, unknown)
  for (const [index, row] of rows.entries()) {
    expect(rowAt(rows, row.topPx)).toBe(index)
    expect(rowAt(rows, row.topPx + row.heightPx - 1)).toBe(index)
    expect(barTop(row, 0)).toBeGreaterThan(row.topPx)
    expect(barTop(row, row.levels - 1) + row.barPx).toBeLessThan(row.topPx + row.heightPx)
  }
  expect(rowAt(rows, -1)).toBe(-1)
})
