import { expect, test } from 'vitest'
import type { LaneBy } from '#contract/timeline'
import { methods, type Given, type Method, type Result } from '#contract/methods'
import { openFixture } from '../../../testing/openFixture.ts'
import { fixtures, messagesOf, tasksOf, timesOf, whole } from '../../../testing/overviewOracle.ts'
import { countRows } from '../table/rowsIn.ts'
import { overviewSeries } from '../overview/overviewSeries.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { timelineBars } from './bars.ts'
import { timelineConcurrency } from './concurrency.ts'
import { timelineLanes } from './lanes.ts'
import { timelinePlace } from './place.ts'
import { timelineUnplaced } from './unplaced.ts'

const signal = new AbortController().signal
const kinds: LaneBy[] = ['activity', 'host', 'worker', 'agent', 'workflow', 'parent']
const answers = { 'timeline.lanes': timelineLanes, 'timeline.bars': timelineBars, 'timeline.concurrency': timelineConcurrency, 'timeline.place': timelinePlace, 'timeline.unplaced': timelineUnplaced }

/** As over the border: parameters filled in, the answer of the shape that the contract says. */
async function ask<M extends Method & keyof typeof answers>(table: SourceTable, method: M, params: Omit<Given<M>, 'sourceId'>): Promise<Result<M>> {
  const answer = answers[method] as unknown as (table: SourceTable, params: unknown, signal: AbortSignal) => Promise<unknown>
  return methods[method].result.parse(await answer(table, methods[method].params.parse({ sourceId: whole.sourceId, ...params }), signal)) as Result<M>
}

test.each(fixtures)('%s: lanes of every kind hold each task once, and their filters leave their tasks', async (name) => {
  const { source, close } = await openFixture(`jsonl/${name}.jsonl`)
  const tasks = tasksOf(messagesOf(name))
  for (const by of kinds) {
    const { lanes, ...all } = await ask(source, 'timeline.lanes', { by })
    expect(all.tasks).toBe(tasks.length)
    expect(lanes.reduce((sum, lane) => sum + lane.tasks, 0), by).toBe(tasks.length)
    expect(lanes.reduce((sum, lane) => sum + lane.timed, 0), by).toBe(all.timed)
    expect(lanes.reduce((sum, lane) => sum + lane.errors, 0), by).toBe(tasks.filter(({ status }) => status === 'ERROR').length)
    for (const lane of lanes) if (lane.filter) expect(await countRows(source, 'tasks', { filter: lane.filter, search: '' }, signal), `${by} ${lane.key}`).toBe(lane.tasks)
    const within = by === 'activity' ? 'worker' : 'activity'
    for (const { key, tasks: count, hasLanes } of (await ask(source, 'timeline.lanes', { by, within })).lanes) {
      expect(hasLanes).toBe(true)
      const inner = await ask(source, 'timeline.lanes', { by, within, parent: key })
      expect(inner.lanes.reduce((sum, lane) => sum + lane.tasks, 0)).toBe(count)
      for (const lane of inner.lanes) if (lane.filter) expect(await countRows(source, 'tasks', { filter: lane.filter, search: '' }, signal), `${by} ${within} ${lane.key}`).toBe(lane.tasks)
    }
  }
  await close()
})

test.each(fixtures)('%s: bars are the recorded times, and what ran at once is what the overview says', async (name) => {
  const { source, close } = await openFixture(`jsonl/${name}.jsonl`)
  const { from, to, lanes, knownTo, tasks, timed } = await ask(source, 'timeline.lanes', {})
  const times = tasksOf(messagesOf(name)).map((task) => ({ ...timesOf(task), id: String(task.id) }))
  if (from === null || to === null || to <= from) {
    expect(timed).toBe(0)
    return await close()
  }
  expect(knownTo).toBeGreaterThanOrEqual(to)
  // Half a microsecond a pixel at the most: everything is its own bar.
  const drawn = new Map<string, { start: number | undefined; end: number | null | undefined }>()
  for (const { id } of times) {
    const { place } = await ask(source, 'timeline.place', { taskId: id })
    if (!place) continue
    const [lane] = (await ask(source, 'timeline.bars', { lanes: place.lanes.map((key) => ({ key })), from: place.start - 5e-7, to: place.start + 5e-7, pixels: 10_000 })).lanes
    const at = lane?.bars?.id.indexOf(id) ?? -1
    expect(lane?.bars?.level[at]).toBe(place.level)
    drawn.set(id, { start: lane?.bars?.start[at], end: lane?.bars?.end[at] })
  }
  for (const { id, start, end } of times) if (start !== null && !id.startsWith('line ')) expect(drawn.get(id), id).toEqual({ start, end })
  const whole_ = { from, to, pixels: 500 }
  const bars = await ask(source, 'timeline.bars', { lanes: lanes.map(({ key }) => ({ key })), ...whole_ })
  expect(bars.lanes.flatMap((lane) => lane.bars?.count ?? []).reduce((sum, count) => sum + count, 0)).toBe(timed)
  const folded = await ask(source, 'timeline.bars', { lanes: lanes.map(({ key }) => ({ key, folded: true })), ...whole_ })
  const curve = await ask(source, 'timeline.concurrency', { from, to, points: 250 })
  curve.mean.forEach((mean, bin) => expect(folded.lanes.reduce((sum, lane) => sum + (lane.bins?.running[bin] ?? 0), 0)).toBeCloseTo(mean, 6))
  const open = (await source.query({ text: `SELECT count(*) FROM ${source.rows} r WHERE ${source.recordsPredicate('tasks')} AND ${source.column('tasks', 'status')?.sql ?? 'NULL'} IN ('RUNNING', 'WAITING', 'SUBMITTED')`, values: [] }))[0]?.[0]
  if (Number(open) === 0) {
    const series = await overviewSeries(source, { ...whole, points: 6, hosts: 1 }, signal)
    const first = series.times[0] ?? from
    const own = await ask(source, 'timeline.concurrency', { from: first, to: first + 6 * series.binSeconds, points: 6 })
    expect(own.peak).toBe(series.concurrency.peak)
    // Edges of bins are epoch seconds, which resolve a quarter of a microsecond.
    own.mean.forEach((mean, bin) => expect(Math.abs(mean - (series.concurrency.mean[bin] ?? NaN))).toBeLessThan(1e-9 + (tasks * 5e-7) / series.binSeconds))
  }
  await close()
})
