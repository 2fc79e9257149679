import fc from 'fast-check'
import { expect, test } from 'vitest'
import '../../../testing/propertySeed.ts'
import { axisAround, placeOn, ticksOf, valueAt } from './axisTicks.ts'

test('ticks are round and few', () => {
  expect(ticksOf({ from: 0, to: 1310, log: false })).toEqual([0, 500, 1000])
  expect(ticksOf({ from: 0, to: 25, log: false })).toEqual([0, 5, 10, 15, 20, 25])
  expect(ticksOf({ from: 5e-5, to: 1, log: true })).toEqual([1e-4, 1e-3, 0.01, 0.1, 1])
  expect(ticksOf({ from: 12, to: 90, log: true })).toEqual([20, 50])
  expect(ticksOf({ from: 140, to: 310, log: true })).toEqual([150, 200, 300])
  expect(ticksOf({ from: 810, to: 930, log: true })).toEqual([850, 900])
  expect(ticksOf({ from: 1e-12, to: 1, log: true }, 5).length).toBeLessThanOrEqual(5)
})

test('a value and its place lead to each other', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), fc.double({ min: 1e-6, max: 1e6, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean(), (one, other, place, log) => {
      fc.pre(Math.abs(one - other) > 1e-6 * Math.max(one, other))
      const axis = { from: Math.min(one, other), to: Math.max(one, other), log }
      expect(placeOn(axis, valueAt(axis, place))).toBeCloseTo(place, 4)
      for (const tick of ticksOf(axis)) expect(placeOn(axis, tick)).toSatisfy((at: number) => at > -0.01 && at < 1.01)
    })
  )
})

test('an axis holds what it is made for, also a single value', () => {
  fc.assert(
    fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.boolean(), (one, other, log) => {
      const [least, most] = [Math.min(one, other), Math.max(one, other)]
      const axis = axisAround(least, most, log)
      expect(axis.from).toBeLessThanOrEqual(least)
      expect(axis.to).toBeGreaterThanOrEqual(most)
      expect(axis.to).toBeGreaterThan(axis.from)
    })
  )
})
