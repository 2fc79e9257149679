import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type BarStatus, barAt, byStart, firstReaching, goingOn, shapeBars } from './laneShapes.ts'

type Bar = { level: number; start: number; end: number }
/** Bars of some levels that do not overlap within one, as the engine orders them. */
const drawn = fc.array(fc.array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 20 })), { maxLength: 8 }), { minLength: 1, maxLength: 5 }).map((levels) =>
  levels.flatMap((gaps, level) => {
    let time = 0
    return gaps.map(([gap, length]): Bar => {
      const start = time + gap
      time = start + length
      return { level, start, end: time }
    })
  })
)
const answerOf = (bars: Bar[]) => ({ id: bars.map((_, index) => `t${index}`), level: bars.map(({ level }) => level), submitted: bars.map(() => null), start: bars.map(({ start }) => start), end: bars.map(({ end }) => end), status: bars.map((): BarStatus => 'FINISHED'), count: bars.map(() => 1) })

test('levels are where their bars are, and the bar under a point is found', () => {
  fc.assert(
    fc.property(drawn, fc.integer({ min: 0, max: 6 }), fc.integer({ min: -2, max: 200 }), (bars, level, time) => {
      const shape = shapeBars(answerOf(bars), 6)
      for (let at = 0; at < 6; at++) expect((shape.levelAt[at + 1] as number) - (shape.levelAt[at] as number)).toBe(bars.filter((bar) => bar.level === at).length)
      const under = bars.findIndex((bar) => bar.level === level && bar.start <= time && time <= bar.end)
      const found = barAt(shape, level, time, 0, Infinity)
      if (under < 0) expect(found).toBeNull()
      else expect(found !== null && (shape.start[found] as number) <= time && (shape.end[found] as number) >= time).toBe(true)
      if (level < 6) {
        const reaching = bars.findIndex((bar) => bar.level === level && bar.end >= time)
        expect(firstReaching(shape, level, time)).toBe(reaching < 0 ? shape.levelAt[level + 1] : reaching)
      }
    })
  )
})

test('the nearest within reach is taken, from either side', () => {
  const shape = shapeBars(answerOf([{ level: 0, start: 10, end: 20 }, { level: 0, start: 30, end: 31 }]), 1)
  expect(barAt(shape, 0, 22, 3, 100)).toBe(0)
  expect(barAt(shape, 0, 28, 3, 100)).toBe(1)
  expect(barAt(shape, 0, 25, 3, 100)).toBeNull()
})

test('what goes on is open; what was not seen to end takes no room, so that what follows in its level is found', () => {
  const answer = { id: ['a', 'b', 'c'], level: [0, 0, 1], submitted: [null, null, null], start: [1, 5, 2], end: [null, 6, null], status: ['END_NOT_SEEN', 'FINISHED', 'RUNNING'] as BarStatus[], count: [1, 1, 1] }
  const shape = shapeBars(answer, 2)
  expect([...shape.end]).toEqual([1, 6, Infinity])
  expect([...shape.endless]).toEqual([1, 0, 1])
  expect(firstReaching(shape, 0, 3)).toBe(1)
  expect(barAt(shape, 1, 50, 0, 60)).toBe(2)
  expect(barAt(shape, 1, 70, 0, 60)).toBeNull()
  expect([...byStart(shape)]).toEqual([0, 2, 1])
})

test('what ran when it was counted goes on', () => {
  expect(goingOn([1, 2, 3, 1, 0, 0], 100, 1, 103.4)).toEqual([1, 2, 3, 3, 3, 3])
  expect(goingOn([1, 2], 100, 1, null)).toEqual([1, 2])
  expect(goingOn([1, 2], 100, 1, 99)).toEqual([1, 2])
  expect(goingOn([1, 2], 100, 1, 500)).toEqual([1, 2])
})
