import { expect, test } from 'vitest'
import { ReadingSpeed } from './readingSpeed.ts'

test('a steady speed gives the time that is left', () => {
  const speed = new ReadingSpeed()
  for (let ms = 0; ms <= 2000; ms += 100) speed.add(ms * 1000, ms)
  expect(speed.secondsLeft(10_000_000, 2000)).toBeCloseTo(8)
  expect(speed.secondsLeft(10_000_000, 3000), 'time passes between reports').toBeCloseTo(7)
  expect(speed.secondsLeft(1_000_000, 9000)).toBe(0)
})

test('it follows a change of speed smoothly', () => {
  const speed = new ReadingSpeed()
  let bytes = 0
  for (let ms = 0; ms <= 10_000; ms += 100) speed.add((bytes += 100_000), ms)
  const fast = speed.secondsLeft(bytes + 1_000_000, 10_000) ?? 0
  speed.add((bytes += 10_000), 10_100)
  const soon = speed.secondsLeft(bytes + 1_000_000, 10_100) ?? 0
  for (let ms = 10_200; ms <= 40_000; ms += 100) speed.add((bytes += 10_000), ms)
  const slow = speed.secondsLeft(bytes + 1_000_000, 40_000) ?? 0
  expect(fast).toBeCloseTo(1)
  expect(soon).toBeGreaterThan(1)
  expect(soon).toBeLessThan(1.2)
  expect(slow).toBeCloseTo(10, 0)
})

test('nothing is said too early, without a total, or while nothing moves', () => {
  const speed = new ReadingSpeed()
  expect(speed.secondsLeft(100, 0)).toBeNull()
  speed.add(0, 0)
  speed.add(10, 100)
  expect(speed.secondsLeft(100, 100)).toBeNull()
  expect(speed.secondsLeft(null, 5000)).toBeNull()
  const stuck = new ReadingSpeed()
  for (let ms = 0; ms < 3000; ms += 100) stuck.add(0, ms)
  expect(stuck.secondsLeft(100, 3000)).toBeNull()
})
