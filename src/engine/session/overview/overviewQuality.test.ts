import { expect, test } from 'vitest'
import { methods, type Result } from '#contract/methods'
import { openFixture } from '../../../testing/openFixture.ts'
import { type Dict, fixtures, isTask, messagesOf, openMessages, tasksOf, whole } from '../../../testing/overviewOracle.ts'
import { whereOf } from '../filter/filterSql.ts'
import { overviewQuality } from './overviewQuality.ts'
import { cyclesOf } from './overviewQualityParents.ts'
import { overviewSeries } from './overviewSeries.ts'
import { overviewSummary } from './overviewSummary.ts'
import type { SourceTable } from '../table/sourceTable.ts'

const signal = new AbortController().signal
type Check = Result<'overview.quality'>['checks'][number]
const open = ['SUBMITTED', 'WAITING', 'RUNNING']

async function check(table: SourceTable, problems?: { rejectedLines: number }): Promise<Record<string, Check>> {
  const { checks } = methods['overview.quality'].result.parse(await overviewQuality(table, whole, signal, problems))
  // One line each, so that a page can tell them apart by kind.
  expect(new Set(checks.map(({ kind }) => kind)).size).toBe(checks.length)
  return Object.fromEntries(checks.map((found) => [found.level === 'ok' ? 'ok' : found.kind, found]))
}

async function leftBy(table: SourceTable, { records, filter }: Check): Promise<number> {
  const where = whereOf(table, records, { filter: filter ?? {}, search: '' })
  const rows = await table.query({ text: `SELECT count(*) FROM ${table.rows} r WHERE ${where.text}`, values: where.values })
  return Number(rows[0]?.[0])
}

const kindOf = (value: unknown): string => (Array.isArray(value) ? 'list' : typeof value === 'object' ? 'dict' : typeof value)

/** Fields, at any depth, that are of two kinds in tasks of one activity. */
function driftOf(tasks: readonly Dict[]): Set<string> {
  const kinds = new Map<string, Set<string>>()
  const visit = (activity: unknown, value: Dict, prefix: string): void => {
    for (const [key, inner] of Object.entries(value)) {
      if (inner === null || key === 'id' || key === 'type') continue
      const at = JSON.stringify([activity ?? null, prefix + key])
      kinds.set(at, (kinds.get(at) ?? new Set()).add(kindOf(inner)))
      if (kindOf(inner) === 'dict') visit(activity, inner as Dict, `${prefix}${key}.`)
    }
  }
  for (const task of tasks) visit(task.activity_id, task, '')
  return new Set([...kinds].filter(([, found]) => found.size > 1).map(([at]) => (JSON.parse(at) as string[])[1] ?? ''))
}

test.each(fixtures)('%s: every check finds what plain JavaScript finds, and its filter leaves just that', async (name) => {
  const messages = messagesOf(name)
  const tasks = tasksOf(messages)
  const { source, close } = await openFixture(`jsonl/${name}.jsonl`)
  const found = await check(source, { rejectedLines: 0 })
  const ids = new Set(tasks.map((task) => task.id))
  const parents = new Map(tasks.flatMap((task) => (task.parent_task_id === undefined ? [] : [[String(task.id), String(task.parent_task_id)] as const])))
  const ownAncestor = (id: string): boolean => {
    let at = parents.get(id)
    for (let step = 0; step < parents.size && at !== undefined && at !== id; step++) at = parents.get(at)
    return at === id
  }
  const late = tasks.filter((task) => {
    const statuses = messages.filter((message) => message.task_id === task.id).map((message) => String(message.status))
    const final = statuses.findIndex((status) => status === 'FINISHED' || status === 'ERROR')
    return final >= 0 && statuses.slice(final).some((status) => open.includes(status))
  })
  const expected: Partial<Record<Check['kind'], number>> = {
    'never-ended': tasks.filter((task) => open.includes(String(task.status))).length,
    'no-end-recorded': tasks.filter((task) => task.ended_at === undefined && !open.includes(String(task.status))).length,
    'no-host': tasks.filter((task) => task.hostname === undefined).length,
    'orphan-parents': tasks.filter((task) => task.parent_task_id !== undefined && !ids.has(task.parent_task_id)).length,
    'parent-cycles': tasks.filter((task) => ownAncestor(String(task.id))).length,
    'late-status': late.length,
    'missing-id': messages.filter((message) => isTask(message) && message.task_id === undefined).length,
    duplicates: 0,
    secrets: 0
  }
  for (const [kind, count] of Object.entries(expected)) {
    expect(found[kind]?.count ?? 0, kind).toBe(count)
    const finding = found[kind]
    if (finding) expect(await leftBy(source, finding), `${kind} ${JSON.stringify(finding.filter)}`).toBe(count)
  }
  if (name !== '08_odd_values') expect(found['schema-drift']?.count ?? 0).toBe(driftOf(tasks).size)
  expect(found.ok?.count).toBe(0)
  expect(found.ok?.detail).toContain(`${tasks.length} tasks checked`)
  await close()
})

test('08_odd_values: times that cannot be are counted and named', async () => {
  const { source, close } = await openFixture('jsonl/08_odd_values.jsonl')
  const found = await check(source)
  expect(found['clock-skew']?.count).toBe(2)
  expect(found['clock-skew']?.detail).toBe('1 ended before they started, 1 with times that cannot be; on node-01')
  expect(found['schema-drift']?.detail).toContain('used.value in echo')
  await close()
})

const at = 1_784_500_000
const task = (id: string, fields: Dict = {}): Dict => ({ type: 'task', task_id: id, activity_id: 'a', workflow_id: 'w', status: 'FINISHED', hostname: 'h1', started_at: at, ended_at: at + 1, ...fields })

test('a clean source has one line that says what was checked', async () => {
  const { source, close } = await openMessages([task('1'), task('2', { parent_task_id: '1' })])
  const { checks } = await overviewQuality(source, whole, signal, { rejectedLines: 0 })
  expect(checks).toEqual([expect.objectContaining({ level: 'ok', title: 'Parents found, ids unique, every line read', count: 0 })])
  expect((await overviewQuality(source, whole, signal, { rejectedLines: 3 })).checks[0]).toMatchObject({ kind: 'rejected-lines', level: 'warning', count: 3 })
  await close()
})

test('ids that collide are not mere updates', async () => {
  const { source, close } = await openMessages([
    task('same', { status: 'RUNNING' }), task('same'), task('other'), task('other', { activity_id: 'b' }), task('moved'), task('moved', { workflow_id: 'w2' })
  ])
  const { duplicates } = await check(source)
  expect([duplicates?.count, duplicates?.filter]).toEqual([2, { task_id: { $in: ['moved', 'other'] } }])
  await close()
})

test('order that was recorded is held against clocks; hosts are named', async () => {
  const { source, close } = await openMessages([
    task('parent', { hostname: 'h2', started_at: at + 5, ended_at: at + 20 }), task('early child', { parent_task_id: 'parent', started_at: at + 4, ended_at: at + 6 }), task('good child', { parent_task_id: 'parent', started_at: at + 5, ended_at: at + 6 }),
    task('producer', { hostname: 'h3', ended_at: at + 9 }), task('early', { dependencies: ['producer'], started_at: at + 8, ended_at: at + 9 }), task('late', { dependencies: ['producer'], started_at: at + 9, ended_at: at + 10 }),
    task('giver', { dependents: ['taker', 'nobody'], ended_at: at + 3 }), task('taker', { started_at: at + 2, ended_at: at + 4 }),
    task('backwards', { started_at: at + 3, ended_at: at }), task('text', { started_at: 'yesterday' }), task('millis', { ended_at: at * 1000 }), task('negative', { started_at: -5 })
  ])
  const { 'clock-skew': skew } = await check(source)
  expect(skew?.filter).toEqual({ task_id: { $in: ['backwards', 'early', 'early child', 'millis', 'negative', 'taker', 'text'] } })
  expect(skew?.detail).toBe('1 ended before they started, 1 started before their parent, 2 started before what they depend on ended, 3 with times that cannot be; clocks of 3 hosts h1, h2, h3')
  const summary = await overviewSummary(source, whole, signal)
  expect([summary.firstStart, summary.lastEnd]).toEqual([at, at + 20])
  expect((await overviewSeries(source, { ...whole, points: 4, hosts: 1 }, signal)).times[0]).toBe(at)
  await close()
})

test('kinds that differ within an activity, not between activities', async () => {
  const { source, close } = await openMessages([
    task('1', { used: { lr: 0.1, size: 3, deep: { x: 1 } } }), task('2', { used: { lr: '0.1', size: 2.5, deep: 'none' } }), task('3', { used: { lr: null, size: null } }), task('4', { activity_id: 'b', used: { size: 'big' } })
  ])
  const { 'schema-drift': drift } = await check(source)
  expect(drift?.count).toBe(2)
  expect(drift?.detail).toBe('used.deep in a (1 dict, 1 text); used.lr in a (1 number, 1 text)')
  await close()
})

test('secrets are counted and never told', async () => {
  const secrets = ['hunter2-very-secret', 'redis://me:pa55word@login02:6379', 'f3a9c27be1d0448600aa']
  const { source, close } = await openMessages([
    { type: 'workflow', workflow_id: 'w', name: 'w', status: 'RUNNING', machine_info: { 140: { environment: { DB_PASSWORD: secrets[0], HOME: '/home/me', PWD: '/home/me', EMPTY_TOKEN: '' } } }, flowcept_settings: { mq: { uri: secrets[1] } } },
    task('1', { used: { api_key: secrets[2], tokens: 5, url: 'https://example.org' } }), task('2', { used: { api_key: '${API_KEY}', url: secrets[1] } })
  ])
  const answer = await overviewQuality(source, whole, signal)
  expect(answer.checks.find(({ kind }) => kind === 'secrets')).toMatchObject({ level: 'warning', count: 4, filter: null })
  for (const secret of secrets) expect(JSON.stringify(answer)).not.toContain(secret)
  await close()
  const only = await openMessages([task('1', { used: { password: 'x1' } }), task('2', { used: { password: 'x2' } }), task('3')])
  const { secrets: found } = await check(only.source)
  expect([found?.count, await leftBy(only.source, found as Check)]).toEqual([2, 2])
  expect(found?.detail).toContain('password')
  await only.close()
})

test('cycles of a map from child to parent, each once', () => {
  expect(cyclesOf(new Map([['a', 'b'], ['b', 'c'], ['c', 'b'], ['d', 'd'], ['e', 'f']])).map((cycle) => cycle.toSorted())).toEqual([['b', 'c'], ['d']])
  expect(cyclesOf(new Map(Array.from({ length: 5000 }, (_, index) => [`${index}`, `${index + 1}`])))).toEqual([])
})
