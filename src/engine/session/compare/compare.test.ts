import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '#contract/json'
import type { OpenSource } from '../load/openSource.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { openFixture } from '../../../testing/openFixture.ts'
import { tinyTable } from '../../../testing/tinyTable.ts'
import { compareActivities } from './compareActivities.ts'
import { compareDivergence } from './compareDivergence.ts'
import { compareFields } from './compareFields.ts'
import { compareShape } from './compareShape.ts'
import { compareSummary } from './compareSummary.ts'
import { compareTelemetry } from './compareTelemetry.ts'
import { compareUnmatched } from './compareUnmatched.ts'
import type { Match } from './alignment.ts'

const { signal } = new AbortController()
const names = { a: '', b: '' }
let fixture: { source: OpenSource; close(): Promise<void> }
beforeAll(async () => {
  fixture = await openFixture('jsonl/12_sweep.jsonl')
})
afterAll(async () => await fixture.close())

function pairOf(table: SourceTable, one: string, other: string, match: Match = 'order') {
  const [a, b] = [one, other].map((id) => ({ sourceId: 'fixture', kind: 'workflow' as const, id })) as [{ sourceId: string; kind: 'workflow'; id: string }, { sourceId: string; kind: 'workflow'; id: string }]
  return { sides: { a: { table, run: a }, b: { table, run: b } }, params: { a, b, match } }
}
const [a14, b19] = ['49529fc8-f595-4aed-be49-fd8fd8403c6f', '09351fc4-114f-407a-b7eb-1b8be137562e']
const all = { offset: 0, limit: 1000 }

describe('two runs of a sweep', () => {
  it('match task by task, and differ in what omega does', async () => {
    const { params, sides } = pairOf(fixture.source, a14, b19)
    expect(await compareSummary(sides, params, names, signal)).toMatchObject({ parameters: { differ: 1, of: 2 }, inputs: { differ: 4, of: 10 }, outputs: { differ: 4, of: 8 }, matched: 3, onlyA: 0, onlyB: 0, statusChanged: 0, a: { label: 'nx 32, omega 1.4', tasks: 3 }, b: { label: 'nx 32, omega 1.9' } })
  })

  it('lists what differs, folding what is only carried over', async () => {
    const { params, sides } = pairOf(fixture.source, a14, b19)
    const { leftOut, rows, sections, total } = await compareFields(sides, { ...params, ...all, onlyDifferences: true }, signal)
    expect(total).toBe(6)
    expect(rows.map(({ activity, field, part, a, b }) => [activity, part, field, a, b])).toEqual([
      [null, 'parameter', 'used.omega', 1.4, 1.9],
      ['relax', 'input', 'used.omega', 1.4, 1.9],
      ['relax', 'output', 'generated.residual', 8.053459247209914e-5, 5.3137762492763674e-5],
      ['relax', 'output', 'generated.iterations', 14, 9],
      ['summarise', 'output', 'generated.rate', -0.6733445532637656, -1.0936247471570704],
      ['summarise', 'output', 'generated.omega', 1.4, 1.9]
    ])
    expect(rows.map(({ percent }) => Math.round((percent ?? 0) * 1000) / 10)).toEqual([35.7, 35.7, -34, -35.7, -62.4, 35.7])
    expect(sections).toEqual([
      { activity: null, rows: 1, equal: 2, carried: 0, carriedFrom: null },
      { activity: 'build_grid', rows: 0, equal: 6, carried: 0, carriedFrom: null },
      { activity: 'relax', rows: 3, equal: 5, carried: 0, carriedFrom: null },
      { activity: 'summarise', rows: 2, equal: 2, carried: 3, carriedFrom: 'relax' }
    ])
    expect(leftOut).toContainEqual({ what: 'telemetry', fields: 66 })
    expect(rows[1]?.taskA).toBe('1795406567.0027041')
  })

  it('lists everything if asked to, says where values were carried from, and pages', async () => {
    const { params, sides } = pairOf(fixture.source, a14, b19)
    const whole = await compareFields(sides, { ...params, ...all, onlyDifferences: false }, signal)
    expect(whole.total).toBe(24)
    expect(whole.rows.filter(({ carriedFrom }) => carriedFrom !== null).map(({ carriedFrom, field }) => [field, carriedFrom])).toEqual([
      ['used.omega', 'relax used.omega'], ['used.residual', 'relax generated.residual'], ['used.iterations', 'relax generated.iterations']
    ])
    expect(whole.rows.filter(({ differ }) => differ === 0).every(({ difference }) => difference === null)).toBe(true)
    const page = await compareFields(sides, { ...params, offset: 5, limit: 3, onlyDifferences: false }, signal)
    expect(page.rows).toEqual(whole.rows.slice(5, 8))
  })

  it('part at the first value generated from the input that differs', async () => {
    const { params, sides } = pairOf(fixture.source, a14, b19)
    expect(await compareDivergence(sides, { ...params, points: 100 }, signal)).toEqual({
      first: { activity: 'relax', field: 'generated.residual', a: 8.053459247209914e-5, b: 5.3137762492763674e-5, taskA: '1795406567.0027041', taskB: expect.stringMatching(/^17954/), from: 'used.omega', index: 0 },
      series: null
    })
  })

  it('are drawn, timed and measured', async () => {
    const { params, sides } = pairOf(fixture.source, a14, b19)
    const { a, b, links } = await compareShape(sides, { ...params, bars: 60 }, signal)
    expect([a, b].map((bars) => bars.map(({ activity }) => activity))).toEqual([['build_grid', 'relax', 'summarise'], ['build_grid', 'relax', 'summarise']])
    expect(links).toEqual([[0, 0], [1, 1], [2, 2]])
    expect(a[0]?.from).toBe(0)
    const { activities, total } = await compareActivities(sides, { ...params, ...all }, signal)
    expect([total, activities.map(({ activity, a: own }) => [activity, own?.tasks])]).toEqual([3, [['build_grid', 1], ['relax', 1], ['summarise', 1]]])
    const first = activities[0]
    expect(first?.difference).toBeCloseTo((first?.b?.p50 ?? 0) - (first?.a?.p50 ?? 0), 12)
    const { rows } = await compareTelemetry(sides, params, signal)
    expect(rows.map(({ metric, tasksA, tasksB }) => [metric, tasksA, tasksB])).toEqual([['CPU', 3, 3], ['CPU time, user', 3, 3], ['CPU time, system', 3, 3], ['Memory in use', 3, 3], ['Swap in use', 3, 3]])
  })
})

/** A loop with its parent, whose iterations are of two runs; `skip` of B is missing, and B failed at the end. */
function loops(skip: number): JsonObject[] {
  const task = (workflow: string, id: string, activity: string, at: number, more: JsonObject): JsonObject => ({ type: 'task', task_id: `${workflow}${id}`, workflow_id: workflow, activity_id: activity, status: 'FINISHED', started_at: 1_700_000_000 + at, ended_at: 1_700_000_000.5 + at, ...more })
  return ['A', 'B'].flatMap((workflow) => [
    task(workflow, 'loop', 'relax', 0, { ended_at: 1_700_000_050, used: { omega: workflow === 'A' ? 1 : 2 }, generated: { residual: workflow === 'A' ? 5 : 6 } }),
    ...[...Array(10).keys()].filter((i) => workflow === 'A' || i !== skip).map((i) => task(workflow, `i${i}`, 'iterate', i + 1, { parent_task_id: `${workflow}loop`, used: { i, tol: 0.1 }, generated: { residual: i < 3 ? 100 / 2 ** i : (workflow === 'A' ? 1000 : 900) / 4 ** i } })),
    task(workflow, 'end', 'plot', 30, workflow === 'A' ? { generated: { bytes: 48_211 } } : { status: 'ERROR', stderr: 'Traceback\n  line 1\nOSError: no space left\n' })
  ])
}

describe('a loop with an iteration missing in the middle', () => {
  it.each(['order', 'parent'] as const)('is matched by the number of its iterations (%s)', async (match) => {
    const table = await tinyTable(loops(4))
    const { params, sides } = pairOf(table, 'A', 'B', match)
    expect(await compareSummary(sides, params, names, signal)).toMatchObject({ matched: 11, onlyA: 1, onlyB: 0, statusChanged: 1, inputs: { differ: 1, of: 3 }, outputs: { differ: 3, of: 3 } })
    expect(await compareUnmatched(sides, { ...params, ...all, which: 'onlyA' }, signal)).toEqual({ total: 1, groups: [{ activity: 'iterate', count: 1, tasks: ['Ai4'], counterparts: [], filter: { task_id: { $in: ['Ai4'] } }, detail: 'i = 4', why: 'B has none with this number' }] })
    expect(await compareUnmatched(sides, { ...params, ...all, which: 'onlyB' }, signal)).toEqual({ total: 0, groups: [] })
    expect(await compareUnmatched(sides, { ...params, ...all, which: 'status' }, signal)).toMatchObject({ total: 1, groups: [{ activity: 'plot', count: 1, tasks: ['Aend'], counterparts: ['Bend'], detail: 'FINISHED → ERROR', why: 'OSError: no space left' }] })
    table.close()
  })

  it('parts where the iterations first differ, not where their loop does', async () => {
    const table = await tinyTable(loops(4))
    const { params, sides } = pairOf(table, 'A', 'B')
    const { first, series } = await compareDivergence(sides, { ...params, points: 100 }, signal)
    expect(first).toMatchObject({ activity: 'iterate', field: 'generated.residual', index: 3, taskA: 'Ai3', taskB: 'Bi3', a: 1000 / 64, b: 900 / 64, from: null })
    expect(series).toMatchObject({ by: 'used.i', total: 10, log: true })
    expect([series?.a.length, series?.b.map(([i]) => i)]).toEqual([10, [0, 1, 2, 3, 5, 6, 7, 8, 9]])
    const few = await compareDivergence(sides, { ...params, points: 4 }, signal)
    expect([few.series?.total, few.series?.a.map(([i]) => i)]).toEqual([10, [0, 4, 8, 9]])
    table.close()
  })

  it('gives means of several pairs, and texts that only one side has', async () => {
    const table = await tinyTable(loops(4))
    const { params, sides } = pairOf(table, 'A', 'B')
    const { rows } = await compareFields(sides, { ...params, ...all, onlyDifferences: true }, signal)
    expect(rows.map(({ activity, field, pairs, differ }) => [activity, field, pairs, differ])).toEqual([
      ['relax', 'used.omega', 1, 1], ['relax', 'generated.residual', 1, 1], ['iterate', 'generated.residual', 9, 6], ['plot', 'status', 1, 1], ['plot', 'generated.bytes', 1, 1], ['plot', 'stderr', 1, 1]
    ])
    expect(rows[4]).toMatchObject({ a: 48_211, b: null, difference: null, percent: null })
    const means = rows[2]
    expect(means?.a).toBeCloseTo(([0, 1, 2].reduce((sum, i) => sum + 100 / 2 ** i, 0) + [3, 5, 6, 7, 8, 9].reduce((sum, i) => sum + 1000 / 4 ** i, 0)) / 9, 10)
    table.close()
  })
})

describe('values', () => {
  const one = (workflow: string, used: string): string => `{"type":"task","task_id":"${workflow}","workflow_id":"${workflow}","activity_id":"a","status":"FINISHED","used":${used}}`
  it.each([
    ['1 and 1.0', '{"x":1}', '{"x":1.0}', 0],
    ['NaN and NaN', '{"x":NaN}', '{"x":NaN}', 0],
    ['a number and its text', '{"x":1}', '{"x":"1"}', 1],
    ['lists with 1 and 1.0', '{"x":[1,2]}', '{"x":[1.0,2]}', 0],
    ['lists in another order', '{"x":[1,2]}', '{"x":[2,1]}', 1],
    ['null and missing', '{"x":null,"y":1}', '{"y":1}', 0],
    ['null and 0', '{"x":null,"y":1}', '{"x":0,"y":1}', 1],
    ['whole numbers beyond 2^53', '{"x":9007199254740993}', '{"x":9007199254740992}', 1],
    ['long texts that differ at the end', `{"x":"${'a'.repeat(5000)}b"}`, `{"x":"${'a'.repeat(5000)}c"}`, 1]
  ])('%s', async (_, a, b, differ) => {
    const table = await tinyTable([one('A', a), one('B', b)])
    const { params, sides } = pairOf(table, 'A', 'B')
    expect((await compareSummary(sides, params, names, signal)).inputs.differ).toBe(differ)
    table.close()
  })
})
