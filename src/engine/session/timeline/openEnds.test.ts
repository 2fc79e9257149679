/** What is drawn of tasks without an end, with times that cannot be, or with none. */
import { afterEach, expect, test } from 'vitest'
import { methods } from '#contract/methods'
import type { JsonObject } from '#contract/json'
import { tinyTable } from '../../../testing/tinyTable.ts'
import { timelineBars } from './bars.ts'
import { timelineConcurrency } from './concurrency.ts'
import { timelineLanes } from './lanes.ts'
import { timelinePlace } from './place.ts'
import { timelineUnplaced } from './unplaced.ts'

const signal = new AbortController().signal
const zero = 1_784_500_000
type Table = Awaited<ReturnType<typeof tinyTable>>
let table: Table
afterEach(() => table.close())

const task = (id: string, more: JsonObject = {}): JsonObject => ({ type: 'task', task_id: id, activity_id: 'a', workflow_id: 'going on', status: 'FINISHED', ...more })
const at = (seconds: number): number => zero + seconds + 0.5

async function drawn(records: JsonObject[], more: object = {}) {
  table = await tinyTable([...records, { type: 'workflow', workflow_id: 'over', ended_at: at(20), started_at: at(0) }])
  const lanes = methods['timeline.lanes'].result.parse(await timelineLanes(table, methods['timeline.lanes'].params.parse({ sourceId: 's' }), signal))
  const [lane] = lanes.lanes
  const ask = methods['timeline.bars'].params.parse({ sourceId: 's', lanes: [{ key: lane?.key ?? '' }], from: at(0), to: at(100), pixels: 1000, ...more })
  const [bars] = methods['timeline.bars'].result.parse(await timelineBars(table, ask, signal)).lanes
  const entries = bars?.bars?.id.map((id, entry) => [id, bars.bars?.status[entry], bars.bars?.start[entry], bars.bars?.end[entry], bars.bars?.submitted[entry]])
  return { lanes, lane, bars, entries }
}
const unplaced = async () => methods['timeline.unplaced'].result.parse(await timelineUnplaced(table, methods['timeline.unplaced'].params.parse({ sourceId: 's' }), signal))

test('running tasks are open, those of a run that is over lost their end, as has what is through without one; an error stays one', async () => {
  const { entries, lane, lanes } = await drawn([
    task('runs', { status: 'RUNNING', started_at: at(1), submitted_at: at(0.5) }),
    task('left', { status: 'RUNNING', started_at: at(2), workflow_id: 'over' }),
    task('waits', { status: 'WAITING', submitted_at: at(3) }),
    task('through', { started_at: at(4) }),
    task('failed', { started_at: at(5), status: 'ERROR' }),
    task('odd', { started_at: at(6), ended_at: at(7), status: 'SOMETHING' })
  ])
  expect(entries?.toSorted((one, other) => Number(one[2]) - Number(other[2]))).toEqual([
    ['runs', 'RUNNING', at(1), null, at(0.5)],
    ['left', 'END_NOT_SEEN', at(2), null, null],
    ['waits', 'WAITING', at(3), null, null],
    ['through', 'END_NOT_SEEN', at(4), null, null],
    ['failed', 'ERROR', at(5), null, null],
    ['odd', 'UNKNOWN', at(6), at(7), null]
  ])
  expect(lane).toMatchObject({ tasks: 6, timed: 6, errors: 1, running: 1, levels: 3, busySeconds: 1, p50: 1 })
  expect(lanes).toMatchObject({ from: at(0.5), to: at(7), knownTo: at(20), tasks: 6, timed: 6, untimed: 0, impossible: 0 })
  const counted = async (more: object = {}) => await timelineConcurrency(table, methods['timeline.concurrency'].params.parse({ sourceId: 's', from: at(18), to: at(26), points: 4, ...more }), signal)
  // Open up to the latest known moment, or as far as the asker knows better.
  expect((await counted()).mean).toEqual([1, 0, 0, 0])
  expect((await counted({ openTo: at(23) })).mean).toEqual([1, 1, 0.5, 0])
})

test('what waited before what is seen began is seen; folded lanes tell errors where they came', async () => {
  const queued = Array.from({ length: 5 }, (_, index) => task(`q${index}`, { submitted_at: at(10), started_at: at(200 + index * 10), ended_at: at(205 + index * 10) }))
  const { bars } = await drawn([...queued, task('bad', { started_at: at(50), ended_at: at(60), status: 'ERROR' })])
  expect(bars?.bars).toMatchObject({ id: ['bad', null], count: [1, 5], submitted: [null, at(10)], start: [at(50), at(200)], end: [at(60), at(245)], status: ['ERROR', 'FINISHED'], level: [0, 0] })
  table.close()
  const { bars: folded } = await drawn([task('bad', { started_at: at(50), ended_at: at(60), status: 'ERROR' })], { mostLevels: 1, lanes: [{ key: '["a"]', folded: true }], pixels: 20 })
  expect(folded?.bins).toMatchObject({ binSeconds: 10, running: [0, 0, 0, 0, 0, 1, 0, 0, 0, 0], errors: [0, 0, 0, 0, 0, 0, 1, 0, 0, 0], peak: 1 })
})

test('more levels than asked for are a histogram', async () => {
  const { bars } = await drawn([task('one', { started_at: at(1), ended_at: at(9) }), task('other', { started_at: at(1), ended_at: at(9) })], { mostLevels: 1 })
  expect([bars?.levels, bars?.bars, bars?.bins?.peak]).toEqual([2, null, 2])
})

test('tasks without usable times stand beside, each with a sentence why', async () => {
  const { lanes } = await drawn([
    task('fine', { started_at: at(1), ended_at: at(2) }),
    task('nothing'),
    task('end only', { ended_at: at(2) }),
    task('milliseconds', { started_at: at(1) * 1000, ended_at: at(2) }),
    task('reversed', { started_at: at(9), ended_at: at(8) }),
    task('far apart', { started_at: at(500_000), ended_at: at(8) }),
    task('text', { started_at: at(1), ended_at: 'soon' })
  ])
  expect(lanes).toMatchObject({ tasks: 7, timed: 3, untimed: 2, impossible: 4 })
  const { tasks, total } = await unplaced()
  expect(total).toBe(6)
  expect(tasks.map(({ taskId, why }) => [taskId, why])).toEqual([
    ['nothing', 'started_at was not recorded, nor any other time: all that is known is FINISHED.'],
    ['end only', 'started_at was not recorded, only ended_at.'],
    ['milliseconds', `started_at is ${at(1) * 1000}, which is no time between 2000 and 2100.`],
    ['reversed', 'ended_at is 1 s before started_at, so only its start is drawn.'],
    ['far apart', 'ended_at is 500,000 s before started_at, so neither is used.'],
    ['text', 'ended_at is "soon", which is no time between 2000 and 2100; it is drawn by its other times.']
  ])
  const place = async (taskId: string) => (await timelinePlace(table, methods['timeline.place'].params.parse({ sourceId: 's', taskId, within: 'host' }), signal)).place
  expect(await place('fine')).toEqual({ lanes: ['["a"]', '["a",null]'], levels: [0, 0], level: 0, start: at(1), end: at(2) })
  expect([await place('nothing'), await place('nobody')]).toEqual([null, null])
})
