import fc from 'fast-check'
import { expect, test } from 'vitest'
import { digitsOf, tickStep, timeTicks } from './timeTicks.ts'

test('ticks stand on whole steps, within the window, in order, and their labels differ', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e9, max: 2e9, noNaN: true }), fc.double({ min: -4.5, max: 8, noNaN: true }), (from, digits) => {
      const span = 10 ** digits
      const step = tickStep(1000 / span, () => 90)
      const ticks = timeTicks(from, from + span, step, 'utc')
      expect(ticks.length).toBeLessThanOrEqual(12)
      expect(new Set(ticks.map(({ label }) => label)).size).toBe(ticks.length)
      for (const [index, { time }] of ticks.entries()) {
        // Times of this age have about a quarter of a microsecond.
        expect(time).toBeGreaterThanOrEqual(from - 5e-7)
        expect(time).toBeLessThanOrEqual(from + span + 5e-7)
        if (index > 0) expect(Math.abs(time - (ticks[index - 1]?.time ?? 0) - step)).toBeLessThan(1e-6 + step * 1e-6)
      }
    })
  )
})

test.each([
  [30, 'utc', 1784505600, '00:00:30'],
  [600, 'utc', 1784505600, '00:10'],
  [0.002, 'utc', 1784505600, '00:00:00.002'],
  [1e-5, 'utc', 1784505600, '00:00:00.00001']
] as const)('a step of %d s is written as short as it can be', (step, zone, from, label) => {
  expect(timeTicks(from, from + step * 3, step, zone)[1]?.label).toBe(label)
})

test('midnight is written as its day, years as months', () => {
  expect(timeTicks(1784505600 - 10, 1784505600 + 10, 3600, 'utc')[0]?.label).toBe('07-20')
  expect(timeTicks(0, 365 * 86_400 * 2, 365 * 86_400, 'utc')[1]?.label).toBe('1971-01')
})

test('decimals of a second', () => {
  expect([10, 1, 0.5, 0.1, 0.02, 1e-3, 2e-6, 1e-6].map(digitsOf)).toEqual([0, 0, 1, 1, 2, 3, 6, 6])
})
