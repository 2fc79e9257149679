import { expect, test } from 'vitest'
import { lanesText, readLanes } from './lanesShown.ts'

test('what is written is read', () => {
  for (const lanes of [
    { by: 'host', within: null, window: null },
    { by: 'activity', within: 'worker', window: null },
    { by: 'parent', within: null, window: { from: 1784505878.5, to: 1784505878.500125 } }
  ] as const)
    expect(readLanes(lanesText(lanes))).toEqual(lanes)
})

test('what is no lanes is none', () => {
  for (const text of [null, '', 'colour', 'host@', 'host/', '@1,2']) expect(readLanes(text)).toBeNull()
  expect(readLanes('host/host@5,4')).toEqual({ by: 'host', within: null, window: null })
})
