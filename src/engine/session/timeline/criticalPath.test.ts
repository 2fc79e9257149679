import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { methods, type Given, type Result } from '#contract/methods'
import { openFixture } from '../../../testing/openFixture.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { criticalPath, criticalSlack } from './criticalPath.ts'

const signal = new AbortController().signal
const folder = mkdtempSync(join(tmpdir(), 'critical-'))
afterAll(() => rmSync(folder, { recursive: true }))

const pathOf = async (table: SourceTable, params: Omit<Given<'critical.path'>, 'sourceId'> = {}): Promise<Result<'critical.path'>> =>
  methods['critical.path'].result.parse(await criticalPath(table, methods['critical.path'].params.parse({ sourceId: 'fixture', ...params }), signal))
const slackOf = async (table: SourceTable, taskIds: string[], params: Partial<Given<'critical.slack'>> = {}): Promise<(number | null)[]> =>
  methods['critical.slack'].result.parse(await criticalSlack(table, methods['critical.slack'].params.parse({ sourceId: 'fixture', taskIds, ...params }), signal)).slack

type Task = { id: string; from?: number; to?: number; needs?: string[]; status?: string; activity?: string; more?: object }
const zero = 1_784_500_000

async function openTasks(tasks: readonly Task[]): ReturnType<typeof openFixture> {
  const path = join(folder, `${Math.random()}.jsonl`)
  const lines = tasks.map(({ id, from, to, needs, status = 'FINISHED', activity, more }) =>
    JSON.stringify({ type: 'task', task_id: id, activity_id: activity ?? id, workflow_id: 'w', hostname: `host of ${id}`, status, ...(from === undefined ? {} : { started_at: zero + from }), ...(to === undefined ? {} : { ended_at: zero + to }), ...(needs ? { dependencies: needs } : {}), ...more })
  )
  writeFileSync(path, `${lines.join('\n')}\n`)
  return await openFixture(path)
}

test('the chain whose durations sum up to most, with waits and evidence, and slack of the others', async () => {
  const { source, close } = await openTasks([
    { id: 'a', from: 0, to: 4 },
    { id: 'b', from: 5, to: 6, needs: ['a'] },
    { id: 'c', from: 4, to: 7, needs: ['a'] },
    { id: 'd', from: 8, to: 10, needs: ['b', 'c'] },
    { id: 'alone', from: 0, to: 2 },
    { id: 'untimed', needs: ['d'] }
  ])
  const answer = await pathOf(source)
  expect(answer).toMatchObject({ tasks: 5, captured: 4, inferred: 0, cycles: 0, seconds: 9, waitSeconds: 1, from: zero, to: zero + 10, steps: 3, waitingFor: null })
  expect(answer.path).toEqual([
    { taskId: 'a', activity: 'a', hostname: 'host of a', status: 'FINISHED', start: zero, end: zero + 4, seconds: 4, waitSeconds: null, evidence: null, via: null },
    { taskId: 'c', activity: 'c', hostname: 'host of c', status: 'FINISHED', start: zero + 4, end: zero + 7, seconds: 3, waitSeconds: 0, evidence: 'captured', via: 'dependencies' },
    { taskId: 'd', activity: 'd', hostname: 'host of d', status: 'FINISHED', start: zero + 8, end: zero + 10, seconds: 2, waitSeconds: 1, evidence: 'captured', via: 'dependencies' }
  ])
  expect(answer.next.map(({ taskId, slackSeconds }) => [taskId, slackSeconds])).toEqual([['b', 2], ['alone', 7]])
  expect(await slackOf(source, ['a', 'b', 'alone', 'untimed', 'nobody'])).toEqual([0, 2, 7, null, null])
  expect((await pathOf(source, { offset: 1, limit: 1 })).path.map(({ taskId }) => taskId)).toEqual(['c'])
  // Edges to tasks out of scope are none.
  const scope = { filter: { activity_id: { $ne: 'c' } }, search: '' }
  expect((await pathOf(source, { scope })).path.map(({ taskId }) => taskId)).toEqual(['a', 'b', 'd'])
  expect(await slackOf(source, ['c', 'b'], { scope })).toEqual([null, 0])
  await close()
})

test('values that one task alone generated tie tasks where inferred edges count, parents never do', async () => {
  const { source, close } = await openTasks([
    { id: 'make', from: 0, to: 3, more: { generated: { path: '/data/one.npy' } } },
    { id: 'use', from: 3, to: 5, more: { used: { path: '/data/one.npy' } } },
    { id: 'child', from: 0, to: 1, more: { parent_task_id: 'use' } }
  ])
  const answer = await pathOf(source)
  expect(answer).toMatchObject({ captured: 0, inferred: 1, seconds: 5 })
  expect(answer.path.map(({ taskId, evidence, via }) => [taskId, evidence, via])).toEqual([['make', null, null], ['use', 'inferred', 'used.path = generated.path']])
  expect(await pathOf(source, { inferred: false })).toMatchObject({ captured: 0, inferred: 0, seconds: 3, steps: 1, path: [{ taskId: 'make' }] })
  await close()
})

test('a circle is cut where it goes back in time, and that is counted', async () => {
  const { source, close } = await openTasks([
    { id: 'a', from: 0, to: 1, needs: ['c'] },
    { id: 'b', from: 1, to: 3, needs: ['a'] },
    { id: 'c', from: 3, to: 6, needs: ['b', 'c'] }
  ])
  const answer = await pathOf(source)
  expect(answer).toMatchObject({ captured: 2, seconds: 6, path: [{ taskId: 'a' }, { taskId: 'b' }, { taskId: 'c' }] })
  expect(answer.cycles).toBeGreaterThanOrEqual(1)
  await close()
})

test('while it runs: the task at the end of the longest chain, and what it holds up', async () => {
  const { source, close } = await openTasks([
    { id: 'l1', activity: 'load', from: 0, to: 2 },
    { id: 'f1', activity: 'fit', from: 2, to: 4, needs: ['l1'] },
    { id: 'f2', activity: 'fit', from: 2, to: 4, needs: ['l1'] },
    { id: 'l2', activity: 'load', from: 0, to: 4 },
    { id: 'f3', activity: 'fit', from: 4, to: 5, needs: ['l2'] },
    { id: 'f4', activity: 'fit', from: 4, to: 5, needs: ['l2'] },
    { id: 'l3', activity: 'load', from: 1, status: 'RUNNING' },
    { id: 'report', activity: 'report', status: 'WAITING', needs: ['l3'], more: { submitted_at: zero } },
    { id: 'clock', from: 8, to: 11 }
  ])
  const { waitingFor, path } = await pathOf(source)
  expect(waitingFor).toEqual({ taskId: 'l3', activity: 'load', hostname: 'host of l3', seconds: 10, medianSeconds: 3, holdsUp: [{ activity: 'fit', tasks: 2 }, { activity: 'report', tasks: 1 }] })
  expect(path).toMatchObject([{ taskId: 'l3', seconds: 10, end: null, status: 'RUNNING' }])
  await close()
})

test('a run without times has no path', async () => {
  const { source, close } = await openTasks([{ id: 'a' }, { id: 'b', needs: ['a'] }])
  expect(await pathOf(source)).toMatchObject({ tasks: 0, seconds: 0, waitSeconds: 0, from: null, to: null, steps: 0, path: [], next: [] })
  await close()
})

test('Dask: the ids that tasks used are their dependencies', async () => {
  const { source, close } = await openFixture('jsonl/10_dask.jsonl')
  const { captured, path, seconds, waitSeconds, from, to } = await pathOf(source, { inferred: false })
  expect(captured).toBeGreaterThan(0)
  expect(path.length).toBeGreaterThan(1)
  expect(path.slice(1).every(({ evidence }) => evidence === 'captured')).toBe(true)
  expect(path.reduce((sum, step) => sum + step.seconds, 0)).toBeCloseTo(seconds, 6)
  expect(path.reduce((sum, step) => sum + (step.waitSeconds ?? 0), 0)).toBeCloseTo(waitSeconds, 6)
  expect((to ?? 0) - (from ?? 0)).toBeCloseTo(seconds + waitSeconds, 6)
  await close()
})
