import fc from 'fast-check'
import { expect, test } from 'vitest'
import '../../../testing/propertySeed.ts'
import { packLevels, takenUntil } from './packLevels.ts'
import { orderBy } from './taskTimes.ts'

const span = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constant(Infinity)))

test('no two bars of a level are drawn at once, and there are as many levels as bars at once', () => {
  fc.assert(
    fc.property(fc.array(span, { maxLength: 80 }), (spans) => {
      const start = Float64Array.from(spans, ([from]) => 1.78e9 + from)
      const until = Float64Array.from(spans, ([from, seconds]) => 1.78e9 + from + seconds)
      const level = new Int32Array(spans.length)
      const levels = packLevels(orderBy(start), { start, until }, level)
      const taken = spans.map((_, at) => ({ from: start[at] as number, to: takenUntil(start[at] as number, until[at] as number), level: level[at] }))
      for (const one of taken) {
        const others = taken.filter((other) => other !== one && other.level === one.level)
        expect(others.every((other) => other.to <= one.from || one.to <= other.from)).toBe(true)
      }
      const atOnce = taken.map(({ from }) => taken.filter((other) => other.from <= from && from < other.to).length)
      expect(levels).toBe(Math.max(0, ...atOnce))
      expect(new Set(level).size).toBe(levels)
    })
  )
})

test('numbers are ordered as they compare, and what is none is left out', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constant(NaN), fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), fc.integer({ min: 0, max: 5 })).map((value) => Math.abs(value)), { maxLength: 200 }), (values) => {
      const expected = values.map((value, at) => ({ value, at })).filter(({ value }) => !Number.isNaN(value)).toSorted((one, other) => one.value - other.value || one.at - other.at)
      expect([...orderBy(Float64Array.from(values))]).toEqual(expected.map(({ at }) => at))
    })
  )
})
