import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Given, Result } from '#contract/methods'
import { type AskedEngine, askEngine } from '../../../testing/askEngine.ts'

let engine: AskedEngine
let sourceId: string

const tasks = [
  { type: 'task', task_id: 't1', workflow_id: 'w1', activity_id: 'fit', status: 'FINISHED', started_at: 1_700_000_100, ended_at: 1_700_000_101.5, used: { lr: 0.1, LR: 'case', 'a b': 1, dims: [3, 4], group: 'x' }, generated: { loss: 0.5, big: 9_007_199_254_740_992 }, telemetry_at_end: { cpu: { times_avg: { user: 2.5 } } } },
  { type: 'task', task_id: 't2', workflow_id: 'w1', activity_id: 'fit', status: 'ERROR', started_at: 1_700_000_101, ended_at: 1_700_000_104, used: { lr: 0.2, mixed: 'text' }, generated: { loss: null }, stderr: "it's\nbroken" },
  { type: 'task', task_id: 't3', workflow_id: 'w2', activity_id: 'load', status: 'FINISHED', started_at: 1_700_000_102, ended_at: 1_700_000_102.25, used: { mixed: [1, 2], table: 'a.csv' } },
  { type: 'workflow', workflow_id: 'w1', name: 'train', user: 'ada' },
  { type: 'workflow', workflow_id: 'w2', name: 'etl', user: 'bob' }
]

beforeAll(async () => {
  engine = await askEngine()
  const path = join(engine.folder, 'run.jsonl')
  const text = tasks.map((task) => JSON.stringify(task).replace('9007199254740992', '9007199254740993')).join('\n')
  writeFileSync(path, `${text}\n`)
  sourceId = (await engine.open(path)).sourceId
})
afterAll(() => engine.close())

const run = (text: string, more: Partial<Given<'sql.run'>> = {}): Promise<Result<'sql.run'>> => engine.ask('sql.run', { sourceId, text, ...more })
/** @param text refused when it is run */
async function refusalOf(text: string): Promise<{ code: string; message: string; path?: (string | number)[] }> {
  return await run(text).then(
    () => ({ code: 'none', message: 'It ran.' }),
    (error: unknown) => error as { code: string; message: string }
  )
}
const rows = async (text: string, more: Partial<Given<'sql.run'>> = {}) => (await run(text, more)).rows

describe('columns by their dotted names', () => {
  test.each([
    ['SELECT used.lr FROM tasks ORDER BY task_id', [[0.1], [0.2], [null]]],
    ['SELECT "used.lr" FROM tasks ORDER BY task_id', [[0.1], [0.2], [null]]],
    ['SELECT t.used.lr FROM tasks t ORDER BY t.task_id', [[0.1], [0.2], [null]]],
    ['SELECT tasks.used.lr FROM tasks ORDER BY task_id', [[0.1], [0.2], [null]]],
    ['SELECT T.USED.LR FROM Tasks AS T ORDER BY 1', [[0.1], [0.2], [null]]],
    ['SELECT telemetry_at_end.cpu.times_avg.user FROM tasks WHERE task_id = \'t1\'', [[2.5]]],
    ['SELECT s.used.lr FROM (SELECT * FROM tasks) s ORDER BY s.task_id', [[0.1], [0.2], [null]]],
    ['WITH slow AS (SELECT * FROM tasks WHERE duration > 1) SELECT slow.used.lr, used.lr FROM slow ORDER BY 1', [[0.1, 0.1], [0.2, 0.2]]],
    ['WITH tasks AS (SELECT task_id, used.lr AS lr FROM tasks) SELECT tasks.lr FROM tasks ORDER BY task_id', [[0.1], [0.2], [null]]],
    ['SELECT used.lr FROM (SELECT 7 AS lr) used', [[7]]],
    ['SELECT (SELECT max(b.used.lr) FROM tasks b WHERE b.activity_id = a.activity_id) FROM tasks a ORDER BY a.task_id', [[0.2], [0.2], [null]]],
    ['SELECT l.x FROM tasks t, LATERAL (SELECT t.used.lr * 10 AS x) l ORDER BY 1', [[1], [2], [null]]],
    ['SELECT avg(used.lr) FILTER (used.lr > 0.1) FROM tasks', [[0.2]]],
    ['SELECT count(*) FROM tasks GROUP BY used.lr ORDER BY used.lr', [[1], [1], [1]]],
    ['SELECT task_id FROM tasks WHERE used.lr IN (SELECT max(used.lr) FROM tasks)', [['t2']]],
    ['SELECT used.lr FROM tasks UNION SELECT generated.loss FROM tasks ORDER BY used.lr NULLS FIRST', [[null], [0.1], [0.2], [0.5]]],
    ['SELECT w.name, count(*) FROM tasks t JOIN workflows w USING (workflow_id) GROUP BY ALL ORDER BY 1', [['etl', 1], ['train', 2]]],
    ['SELECT row_number() OVER (PARTITION BY activity_id ORDER BY used.lr DESC) AS n FROM tasks ORDER BY task_id', [[2], [1], [1]]],
    ['SELECT "used.a b" FROM tasks WHERE task_id = \'t1\'', [[1]]],
    ['SELECT "used.group", used."group" FROM tasks WHERE task_id = \'t1\'', [['x', 'x']]]
  ])('%s', async (text, expected) => {
    expect(await rows(text)).toEqual(expected)
  })

  test('a star of a prefix, and dotted names left out', async () => {
    expect((await run('SELECT generated.* FROM tasks')).columns.map(({ name }) => name)).toEqual(['generated.loss', 'generated.big'])
    const { columns } = await run('SELECT * EXCLUDE (used.lr, generated.big) FROM tasks')
    expect(columns.map(({ name }) => name)).not.toContain('used.lr')
    expect(columns.map(({ name }) => name)).toContain('generated.loss')
  })

  test('names that differ only by case', async () => {
    const { columns } = await engine.ask('sql.columns', { sourceId, table: 'tasks', search: 'used.lr' })
    expect(columns.map(({ field, name, nulls, type }) => [name, field, type, nulls])).toEqual([['used.lr', 'used.lr', 'DOUBLE', 1], ['used.LR_1', 'used.LR', 'VARCHAR', 2]])
    expect(await rows('SELECT used.lr_1 FROM tasks WHERE used.lr_1 IS NOT NULL')).toEqual([['case']])
  })
})

describe('values', () => {
  test('types stay, lists are JSON, times are seconds', async () => {
    const { columns, rows: [row] } = await run(`SELECT generated.big, used.dims, used.dims->0, used.mixed, started_at, to_timestamp(started_at) AT TIME ZONE 'UTC' AS began, status, finished FROM tasks ORDER BY task_id`)
    expect(columns.map(({ type }) => type)).toEqual(['BIGINT', 'JSON', 'JSON', 'JSON', 'DOUBLE', 'TIMESTAMP', 'VARCHAR', 'BOOLEAN'])
    expect(row).toEqual([{ int: '9007199254740993' }, { json: '[3,4]' }, 3, null, 1_700_000_100, '2023-11-14 22:15:00', 'FINISHED', true])
    expect(await rows('SELECT used.mixed FROM tasks WHERE used.mixed IS NOT NULL ORDER BY task_id')).toEqual([['text'], [{ json: '[1,2]' }]])
  })

  test('of every type that SQL makes', async () => {
    const text = `SELECT 1::HUGEINT << 100, 0.1::DECIMAL(18,3), 12345678901234567890.123456789, 'nan'::DOUBLE, -0.0::DOUBLE, {'a': [1, NULL]}, MAP {'k': 1}, [1.5, 'inf'::DOUBLE], 'x'::BLOB, DATE '2025-01-02', INTERVAL 3 DAY, uuid() IS NOT NULL, ' [ 1 ] '::JSON, NULL`
    expect(await rows(text)).toEqual([[{ int: '1267650600228229401496703205376' }, 0.1, '12345678901234567890.123456789', { float: 'NaN' }, { float: '-0' }, { json: '{"a":[1,null]}' }, { json: '{"k":1}' }, { json: '[1.5,Infinity]' }, 'x', '2025-01-02', '3 days', true, { json: '[ 1 ]' }, null]])
  })

  test('long texts are cut and say how long they are', async () => {
    expect(await rows(`SELECT repeat('ab', 500)`, { cellLength: 10 })).toEqual([[{ text: 'ababababab', length: 1000 }]])
  })
})

describe('results', () => {
  test('any page in any order, and counts', async () => {
    const result = await run('SELECT i, -i AS minus FROM range(100000) t(i) ORDER BY i DESC', { limit: 2 })
    expect(result).toMatchObject({ total: 100_000, rows: [[99_999, -99_999], [99_998, -99_998]], columns: [{ name: 'i', type: 'BIGINT' }, { name: 'minus', type: 'BIGINT' }] })
    const page = (more: object) => engine.ask('sql.page', { sourceId, resultId: result.resultId, limit: 2, ...more })
    expect((await page({ offset: 50_000 })).rows).toEqual([[49_999, -49_999], [49_998, -49_998]])
    expect((await page({ offset: 50_000, sort: [{ column: 0 }] })).rows).toEqual([[50_000, -50_000], [50_001, -50_001]])
    expect((await page({ sort: [{ column: 1, descending: true }] })).rows).toEqual([[0, 0], [1, -1]])
  })

  test('one that is long gone says so', async () => {
    const { resultId } = await run('SELECT 1')
    for (let at = 0; at < 5; at++) await run(`SELECT ${at}`)
    await expect(engine.ask('sql.page', { sourceId, resultId })).rejects.toMatchObject({ code: 'not-found', message: 'This result is no longer kept: run the statement again.' })
  })

  test('equal names of columns, none at all, no rows', async () => {
    expect(await run('SELECT 1 AS a, 2 AS a, 3')).toMatchObject({ columns: [{ name: 'a' }, { name: 'a' }, { name: '3' }], rows: [[1, 2, 3]] })
    expect(await run('SELECT * FROM tasks WHERE false')).toMatchObject({ total: 0, rows: [] })
  })

  test('only what the filter leaves of tasks and messages', async () => {
    const scope = { filter: { activity_id: 'fit' }, search: '' }
    const text = 'SELECT (SELECT count(*) FROM tasks), (SELECT count(*) FROM messages), (SELECT count(*) FROM workflows)'
    expect(await rows(text, { scope })).toEqual([[2, 2, 2]])
    expect(await rows(text)).toEqual([[3, 5, 2]])
  })

  test('how much was read', async () => {
    expect((await run('SELECT count(*) FROM tasks')).scanned).toEqual({ table: 'tasks', rows: 3, of: 3 })
    expect((await run(`SELECT count(*) FROM tasks WHERE activity_id = 'fit'`)).scanned).toEqual({ table: 'tasks', rows: 2, of: 3 })
    expect((await run('SELECT count(*) FROM tasks', { scope: { filter: { activity_id: 'load' }, search: '' } })).scanned).toEqual({ table: 'tasks', rows: 1, of: 3 })
    expect((await run('SELECT 1')).scanned).toBeNull()
  })

  test('DESCRIBE and SUMMARIZE', async () => {
    expect((await rows('DESCRIBE workflows')).slice(0, 2).map((row) => row.slice(0, 2))).toEqual([['workflow_id', 'VARCHAR'], ['type', 'VARCHAR']])
    expect((await rows('SUMMARIZE SELECT used.lr FROM tasks'))[0]).toEqual(expect.arrayContaining(['used.lr', 'DOUBLE', '0.1', '0.2', 33.33]))
    expect(await rows('SELECT column_name FROM (DESCRIBE SELECT used.lr FROM tasks)')).toEqual([['used.lr']])
  })

  test('as of a moment', async () => {
    expect(await rows('SELECT count(*) FROM tasks', { sourceId: `${sourceId}@1700000101.6` })).toEqual([[1]])
  })

  test('the schema', async () => {
    const { tables } = await engine.ask('sql.schema', { sourceId })
    expect(tables.map(({ name, rows: count }) => [name, count])).toEqual([['tasks', 3], ['workflows', 2], ['agents', 0], ['objects', 0], ['messages', 5], ['gaps', 0]])
    const { columns, total } = await engine.ask('sql.columns', { sourceId, table: 'tasks', search: 'started_at' })
    expect([total, columns]).toEqual([1, [{ name: 'started_at', field: 'started_at', type: 'DOUBLE', unit: 'epoch s', derived: false, nulls: 0 }]])
    expect(await rows('SELECT * FROM gaps')).toEqual([])
    expect(await rows('SELECT * FROM agents')).toEqual([])
  })

  test('the plan', async () => {
    const plan = await engine.ask('sql.explain', { sourceId, text: 'SELECT activity_id, count(*) FROM tasks WHERE used.lr > 0.1 GROUP BY 1' })
    expect(plan.elapsedMs).toBeNull()
    expect(plan.steps.map(({ name }) => name.trim())).toContain('hash group by')
    expect(JSON.stringify(plan)).toContain('used.lr')
    expect(JSON.stringify(plan)).not.toMatch(/\bc\d+\b|store/)
    const analyzed = await engine.ask('sql.explain', { sourceId, text: 'SELECT activity_id, count(*) FROM tasks GROUP BY 1', analyze: true })
    expect(analyzed.elapsedMs).toBeGreaterThan(0)
    expect(analyzed.steps.find(({ name }) => name.includes('group by'))?.rows).toBe(2)
  })
})

describe('exports of a result', () => {
  test.each(['csv', 'jsonl', 'parquet'] as const)('%s: in the order that is shown, read back, with a manifest that names the statement', async (format) => {
    const text = 'SELECT task_id, used.lr, generated.big FROM tasks'
    const { resultId } = await run(text)
    const { exportId } = await engine.ask('sql.export', { sourceId, resultId, format, name: `result.${format}`, sort: [{ column: 0, descending: true }] })
    const job = await engine.until(async () => (await engine.ask('exports.list', {})).exports.find((one) => one.exportId === exportId && ['done', 'failed'].includes(one.state)))
    expect(job).toMatchObject({ state: 'done', rows: 3, error: null })
    expect(job.checks.length).toBeGreaterThan(0)
    expect(job.checks.every(({ ok }) => ok)).toBe(true)
    expect(job.manifest).toContain(text)
    if (format !== 'csv') return
    const { path } = await engine.ask('exports.path', { exportId })
    expect(readFileSync(path, 'utf8').split('\n').slice(1, 4).map((line) => line.split(',')[0])).toEqual(['t3', 't2', 't1'])
  })
})

describe('mistakes', () => {
  test.each([
    ['SELEC 1', `Line 1, column 1: syntax error at or near "SELEC".`, 'SELEC'],
    ['SELECT used.lrr FROM tasks', 'Line 1, column 8: tasks has no column used.lrr; near: used.lr, used.LR_1.', 'used.lrr'],
    ['SELECT t.used.lrr FROM tasks t', 'Line 1, column 8: tasks has no column used.lrr; near: used.lr, used.LR_1.', 't.used.lrr'],
    ['SELECT task_id,\n  statu\nFROM tasks', 'Line 2, column 3: tasks has no column statu; near: status.', 'statu'],
    [`SELECT 'ä', 'ö',\n  nope(1) FROM tasks`, 'Line 2, column 3: nope() is not a function to be had here', 'nope'],
    ['SELECT * FROM task', 'Line 1, column 15: there is no table task; near: tasks', 'task'],
    [`SELECT 'ä' || status::INTEGER FROM tasks`, `Could not convert string`, null],
    ['SELECT task_id, count(*) FROM tasks', 'Line 1, column 8: column "task_id" must appear in the GROUP BY clause or must be part of an aggregate function.', 'task_id'],
    ['SELECT status + 1 FROM tasks', 'No function matches the given name and argument types', null],
    ['SELECT lowr(status) FROM tasks', 'lowr() is not a function to be had here; near: lower', 'lowr'],
    ['SELECT (SELECT task_id FROM tasks)', 'More than one row returned by a subquery', null],
    ['', 'There is no statement yet.', null],
    ['-- nothing', 'There is no statement yet.', null],
    ['SELECT $1', 'a parameter has no value here', null],
    ['SELECT used.lr.upper() FROM tasks', 'functions are not called as methods', 'used.lr.upper']
  ])('%s', async (text, sentence, at) => {
    const reply = await refusalOf(text)
    expect(reply.code).toBe('bad-request')
    expect(reply.message).toContain(sentence)
    if (at !== null) expect(text.slice(Number(reply.path?.[1]), Number(reply.path?.[2]))).toBe(at)
  })
})
