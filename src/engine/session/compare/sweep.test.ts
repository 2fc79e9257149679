import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpenSource } from '../load/openSource.ts'
import { openFixture } from '../../../testing/openFixture.ts'
import { everything } from '../table/rowsIn.ts'
import { tinyTable } from '../../../testing/tinyTable.ts'
import { compareRuns } from './runFigures.ts'
import { sweepColumns } from './sweepColumns.ts'
import { sweepRows } from './sweepRows.ts'

const { signal } = new AbortController()
let sweep: { source: OpenSource; close(): Promise<void> }
let campaign: { source: OpenSource; close(): Promise<void> }
beforeAll(async () => {
  sweep = await openFixture('jsonl/12_sweep.jsonl')
  campaign = await openFixture('jsonl/04_campaign.jsonl')
})
afterAll(async () => {
  await sweep.close()
  await campaign.close()
})
const of = { sourceId: 'fixture', scope: everything, row: 'workflow', runs: null } as const
const page = { where: [], sort: [], offset: 0, limit: 100 }

describe('compare.runs', () => {
  it('lists campaigns and workflows by start, each named by what tells it from its siblings', async () => {
    const { runs, total } = await compareRuns(sweep.source, { sourceId: 'moment', search: '', offset: 0, limit: 100 }, signal)
    expect(total).toBe(9)
    expect(runs[0]).toMatchObject({ run: { sourceId: 'moment', kind: 'campaign', id: 'sweep-omega' }, name: 'sweep-omega', label: '', tasks: 24, errors: 0, hosts: ['gpu-a2'] })
    expect(runs.slice(1).map(({ label }) => label)).toEqual([16, 32].flatMap((nx) => [0.8, 1, 1.4, 1.9].map((omega) => `nx ${nx}, omega ${omega}`)))
    expect(runs[8]).toMatchObject({ name: 'relaxation_sweep', tasks: 3, run: { kind: 'workflow', sourceId: 'moment' } })
    expect(runs.every(({ seconds }) => seconds !== null && seconds > 0)).toBe(true)
  })

  it('finds by name, id and label, and pages', async () => {
    const { runs, total } = await compareRuns(sweep.source, { sourceId: 's', search: 'OMEGA 1.4', offset: 1, limit: 1 }, signal)
    expect([total, runs.map(({ label }) => label)]).toEqual([2, ['nx 32, omega 1.4']])
    expect((await compareRuns(sweep.source, { sourceId: 's', search: '49529fc8', offset: 0, limit: 5 }, signal)).total).toBe(1)
  })

  it('counts a workflow with its sub-workflows', async () => {
    const { runs } = await compareRuns(campaign.source, { sourceId: 's', search: '', offset: 0, limit: 100 }, signal)
    expect(runs.map(({ name, tasks }) => [name, tasks])).toEqual([[expect.any(String), 16], ['ingest', 16], ['moisture', 14], ['quality_check', 2]])
  })
})

describe('sweep', () => {
  it('has parameters of workflows and of tasks that agree, results, figures and what was measured', async () => {
    const { columns, runs } = await sweepColumns(sweep.source, of, signal)
    expect(runs).toBe(8)
    const known = Object.fromEntries(columns.map(({ distinct, filled, name, role }) => [name, [role, filled, distinct]]))
    expect(known).toMatchObject({
      'used.nx': ['parameter', 8, 2], 'used.omega': ['parameter', 8, 4], 'used.ny': ['parameter', 8, 2], 'used.tol': ['parameter', 8, 1],
      'generated.residual': ['result', 8, 4], 'generated.iterations': ['result', 8, 4], 'generated.stable': ['result', 8, 1],
      tasks: ['figure', 8, 1], errors: ['figure', 8, 1], duration: ['figure', 8, 8], 'telemetry.cpu_user': ['telemetry', 8, expect.any(Number)]
    })
    expect(columns.find(({ name }) => name === 'used.omega')).toMatchObject({ type: 'number', min: 0.8, max: 1.9, log: false })
    expect(columns.find(({ name }) => name === 'generated.stable')).toMatchObject({ type: 'boolean', min: null, max: null })
  })

  it('answers rows that meet the conditions, sorted, with what was generated last', async () => {
    const columns = ['used.nx', 'used.omega', 'generated.iterations', 'generated.residual', 'used.nothing', 'tasks']
    const where = [{ column: 'used.omega', op: 'between', value: 1, upTo: 1.4 }, { column: 'used.nx', op: '=', value: 32 }] as const
    const { rows, runs, total } = await sweepRows(sweep.source, { ...of, ...page, columns, where: [...where], sort: [{ column: 'generated.iterations', descending: false }] }, signal)
    expect([runs, total]).toEqual([8, 2])
    expect(rows.map(({ cells, label, name, status }) => [name, label, status, ...cells])).toEqual([
      ['relaxation_sweep', 'nx 32, omega 1.4', 'FINISHED', 32, 1.4, 14, 8.053459247209914e-5, null, 3],
      ['relaxation_sweep', 'nx 32, omega 1', 'FINISHED', 32, 1, 22, 7.657620615851544e-5, null, 3]
    ])
    expect(await sweepRows(sweep.source, { ...of, ...page, columns: [], where: [{ column: 'nowhere', op: '>', value: 0 }] }, signal)).toMatchObject({ total: 0, runs: 8, rows: [] })
  })

  it('has tasks and campaigns for rows too, and only those asked for', async () => {
    const tasks = await sweepRows(sweep.source, { ...of, row: 'task', ...page, columns: ['used.tol'], where: [{ column: 'used.tol', op: '>', value: 0 }], limit: 3 }, signal)
    expect([tasks.total, tasks.runs, tasks.rows.map(({ name }) => name)]).toEqual([8, 24, ['relax', 'relax', 'relax']])
    const campaigns = await sweepRows(campaign.source, { ...of, row: 'campaign', ...page, columns: ['tasks', 'errors'] }, signal)
    expect(campaigns.rows.map(({ cells }) => cells)).toEqual([[16, 0]])
    const two = tasks.rows.slice(0, 2).map(({ id }) => id)
    expect((await sweepColumns(sweep.source, { ...of, row: 'task', runs: two }, signal)).runs).toBe(2)
    expect((await sweepColumns(sweep.source, { ...of, scope: { filter: { activity_id: 'relax', 'used.omega': 1.9 }, search: '' } }, signal)).runs).toBe(2)
  })

  it('takes a parameter only where all tasks agree, and a run with a failed task for failed', async () => {
    const task = (id: number, workflow: string, used: Record<string, number>, status = 'FINISHED') => ({ type: 'task', task_id: `t${id}`, workflow_id: workflow, activity_id: 'a', status, started_at: 1_700_000_000 + id, ended_at: 1_700_000_000.5 + id, used, generated: { y: id } })
    const table = await tinyTable([task(1, 'w1', { x: 1, z: 5 }), task(2, 'w1', { x: 1, z: 6 }), task(3, 'w2', { x: 2, z: 7 }, 'ERROR')])
    const { rows } = await sweepRows(table, { ...of, ...page, columns: ['used.x', 'used.z', 'generated.y', 'errors', 'duration'] }, signal)
    expect(rows.map(({ cells, id, status }) => [id, status, ...cells])).toEqual([['w1', 'FINISHED', 1, null, 2, 0, 1.5], ['w2', 'ERROR', 2, 7, 3, 1, 0.5]])
    table.close()
  })
})
