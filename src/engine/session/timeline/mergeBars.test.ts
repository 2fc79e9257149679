import fc from 'fast-check'
import { expect, test } from 'vitest'
import '../../../testing/propertySeed.ts'
import { lanesFrom } from './laneIndex.ts'
import { type Bars, mergeBars as merge, named, type Seen } from './mergeBars.ts'
import { firstAfter, runningBins, spansOf } from './runningBins.ts'
import { barStatuses, timesFrom, type TaskTimes } from './taskTimes.ts'

const zero = 1_784_500_000
type Given = { start: number | null; seconds: number | null; wait: number | null; open: boolean; status: number }
const given = fc.record<Given>({
  start: fc.option(fc.oneof(fc.integer({ min: 0, max: 100 }), fc.double({ min: 0, max: 100, noNaN: true })), { freq: 12 }),
  seconds: fc.option(fc.oneof({ weight: 3, arbitrary: fc.double({ min: 0, max: 0.5, noNaN: true }) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 40 }) }), { freq: 6 }),
  wait: fc.option(fc.integer({ min: 0, max: 60 })),
  open: fc.boolean(),
  status: fc.constantFrom(0, 2, 3, 4, 5, 6, 6, 6)
})
const view = fc.record({ from: fc.double({ min: -20, max: 110, noNaN: true }), length: fc.double({ min: 0.01, max: 150, noNaN: true }), pixels: fc.integer({ min: 10, max: 300 }) })

function timesOf(tasks: readonly Given[]): TaskTimes {
  const at = (value: number | null): number | null => (value === null ? null : zero + value)
  const column = (values: (number | null)[]): Float64Array => Float64Array.from(values, (value) => value ?? NaN)
  return timesFrom(column(tasks.map((_, line) => line)), {
    start: column(tasks.map(({ start }) => at(start))),
    end: column(tasks.map(({ start, seconds }) => (start === null || seconds === null ? null : at(start + seconds)))),
    submitted: column(tasks.map(({ start, wait }) => (start === null || wait === null ? null : at(start - wait)))),
    status: column(tasks.map(({ status }) => status)),
    impossible: column(tasks.map(() => 0)),
    open: column(tasks.map(({ open }) => (open ? 1 : 0)))
  })
}
const mergeBars = (...of: Parameters<typeof merge>): Bars => named(merge(...of), (task) => `task ${task}`)
const oneLane = (times: TaskTimes) => {
  const lane = lanesFrom(times, [{ codes: new Int32Array(times.count), values: ['lane'] }]).laneOf[0]
  if (!lane) throw new Error('There is one lane.')
  return lane
}
const seenOf = ({ from, length, pixels }: { from: number; length: number; pixels: number }): Seen => ({ from: zero + from, to: zero + from + length, pixels, openTo: zero + 120 })

function entries(bars: Bars) {
  return bars.id.map((id, at) => ({ id, level: bars.level[at] as number, submitted: bars.submitted[at] ?? null, start: bars.start[at] as number, end: bars.end[at] ?? null, status: bars.status[at], count: bars.count[at] as number }))
}

test('entries hold exactly the tasks that can be seen, none better than its worst', () => {
  fc.assert(
    fc.property(fc.array(given, { maxLength: 120 }), view, (tasks, shown) => {
      const times = timesOf(tasks)
      const seen = seenOf(shown)
      const drawn = entries(mergeBars(oneLane(times), times, seen))
      const visible = tasks.flatMap((_, task) => {
        const [start, submitted] = [times.start[task] as number, times.submitted[task] as number]
        const [from, to] = [Number.isNaN(submitted) ? start : submitted, Math.min(times.until[task] as number, seen.openTo)]
        return from <= seen.to && to >= seen.from ? [task] : []
      })
      expect(drawn.reduce((sum, { count }) => sum + count, 0)).toBe(visible.length)
      expect(new Set(drawn.flatMap(({ id }) => id ?? [])).size).toBe(drawn.filter(({ count }) => count === 1).length)
      const errors = visible.filter((task) => times.status[task] === 0).length
      expect(errors > 0).toBe(drawn.some(({ status }) => status === 'ERROR'))
      for (const { id, status } of drawn) if (id !== null) expect(status).toBe(barStatuses[times.status[Number(id.slice(5))] as number])
      // Every task that is seen lies within an entry of its level whose status is at least as bad.
      const { level } = lanesFrom(times, [{ codes: new Int32Array(times.count), values: ['lane'] }])
      for (const task of visible) {
        const [start, own] = [times.start[task] as number, times.status[task] as number]
        const holders = drawn.filter((entry) => entry.level === level[task] && entry.start <= start && (entry.end ?? Infinity) >= (times.until[task] === Infinity ? start : (times.until[task] as number)) || entry.id === `task ${task}`)
        expect(holders.some(({ status }) => barStatuses.indexOf(status as never) <= own) || start > seen.to).toBe(true)
      }
      const levels = new Set(drawn.map((entry) => entry.level)).size
      expect(drawn.length).toBeLessThanOrEqual(levels * (3 * seen.pixels + 3))
      expect(drawn).toEqual(drawn.toSorted((one, other) => one.level - other.level || one.start - other.start))
    })
  )
})

test('close enough, each task is its own bar with the times that it has', () => {
  fc.assert(
    fc.property(fc.array(given, { minLength: 1, maxLength: 40 }), (tasks) => {
      const times = timesOf(tasks)
      for (const task of times.order) {
        const start = times.start[task] as number
        const until = Math.min(times.until[task] as number, zero + 120)
        // So close that it is wider than a pixel, or nothing else begins in its pixel.
        const drawn = entries(mergeBars(oneLane(times), times, { from: start - 1e-6, to: start + 1e-6, pixels: 10_000, openTo: zero + 120 }))
        const own = drawn.filter(({ id }) => id === `task ${task}`)
        const twins = tasks.filter((_, other) => other !== task && Math.abs((times.start[other] as number) - start) < 1e-6 && (times.until[other] as number) - start < 1e-6)
        if (twins.length > 0 && until - start < 1e-6) continue
        expect(own).toHaveLength(1)
        expect(own[0]?.start).toBe(start)
        expect(own[0]?.end ?? NaN).toBe(times.end[task])
        expect(own[0]?.submitted ?? NaN).toBe(times.submitted[task])
      }
    })
  )
})

test('running tasks are counted exactly, however the bins fall', () => {
  fc.assert(
    fc.property(fc.array(given, { maxLength: 40 }), view, fc.integer({ min: 1, max: 12 }), (tasks, { from, length }, bins) => {
      const times = timesOf(tasks)
      const openTo = 120
      const binSeconds = length / bins
      const spans = [...times.order].flatMap((task) => {
        const [start, until] = [(times.start[task] as number) - zero, Math.min((times.until[task] as number) - zero, openTo)]
        const waits = times.until[task] === Infinity && barStatuses[times.status[task] as number] !== 'RUNNING'
        return until > start && !waits ? [{ start, until }] : []
      })
      const own = spansOf(times.order, times)
      const moved = { starts: own.starts.map((time) => time - zero), ends: own.ends.map((time) => time - zero) }
      const { mean, most } = runningBins(moved, { from, binSeconds, bins, openTo })
      for (let bin = 0; bin < bins; bin++) {
        const [left, right] = [from + bin * binSeconds, from + (bin + 1) * binSeconds]
        const area = spans.reduce((sum, { start, until }) => sum + Math.max(0, Math.min(until, right) - Math.max(start, left)), 0)
        expect(Math.abs((mean[bin] as number) - area / binSeconds)).toBeLessThan(1e-6 * Math.max(1, tasks.length / binSeconds))
        const moments = [left, ...spans.map(({ start }) => start).filter((start) => start >= left && (bin === bins - 1 ? start <= right : start < right))]
        expect(most[bin]).toBe(Math.max(...moments.map((moment) => spans.filter(({ start, until }) => start <= moment && moment < until).length)))
      }
    })
  )
})

test('the first value after a moment', () => {
  expect([0, 1, 2, 3].map((moment) => firstAfter(Float64Array.of(1, 1, 2), moment))).toEqual([0, 2, 3, 3])
})

test('ten thousand tasks of one level are no more entries than pixels, and each other at most as wide as two', () => {
  const tasks = Array.from({ length: 10_000 }, (_, at): Given => ({ start: at / 100, seconds: 0.005, wait: null, open: false, status: at === 5000 ? 0 : 6 }))
  const times = timesOf(tasks)
  const seen = { from: zero, to: zero + 100, pixels: 200, openTo: zero + 100 }
  const drawn = entries(mergeBars(oneLane(times), times, seen))
  expect(drawn.length).toBeLessThanOrEqual(201)
  expect(drawn.reduce((sum, { count }) => sum + count, 0)).toBe(10_000)
  expect(drawn.every(({ end, start }) => (end ?? Infinity) - start <= 1)).toBe(true)
  // One error spoils one entry, not its neighbours.
  expect(drawn.filter(({ status }) => status === 'ERROR')).toHaveLength(1)
})

test('tasks that follow each other do not run at once', () => {
  const times = timesOf([0, 1, 2, 3].map((start): Given => ({ start, seconds: 1, wait: null, open: false, status: 6 })))
  const { mean, most } = runningBins(spansOf(times.order, times), { from: zero, binSeconds: 2, bins: 2, openTo: zero + 4 })
  expect([[...mean], [...most]]).toEqual([[1, 1], [1, 1]])
})
