/** Code of views, run by the language it is for: each result is the page that the engine gives of the same view. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AskedEngine, askEngine } from '../../../testing/askEngine.ts'
import { fixtureFolder } from '../../../testing/openFixture.ts'
import { whyNoPython } from '../../../testing/python.ts'
import { agree, type SnippetOf } from '../../../testing/snippetAgreement.ts'

const whyNot = whyNoPython('pandas', 'duckdb', 'lmdb', 'pyarrow')
if (whyNot !== null) test.skip(whyNot, () => undefined)

let engine: AskedEngine
let folder: string
beforeAll(async () => {
  engine = await askEngine()
  folder = mkdtempSync(join(tmpdir(), 'snippets-'))
})
afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true })
})

const jsonl = (name: string): string => join(fixtureFolder, 'jsonl', `${name}.jsonl`)
const lines = (messages: readonly string[]): string => messages.map((message) => `${message}\n`).join('')

/** All that a filter can meet: kinds that mix, nulls and what is missing, dicts, lists of dicts, numbers that no double holds. */
const odd = [
  '{"type":"task","task_id":"a","activity_id":"x","status":"FINISHED","used":{"n":1,"s":"alpha","b":true,"mix":1,"list":[1,2,"three"],"many":[{"k":1},{"k":2}],"big":9007199254740993},"started_at":1784500000.5,"ended_at":1784500002.25,"note":null}',
  '{"type":"task","task_id":"b","activity_id":"y","status":"ERROR","used":{"n":2.5,"s":"Beta","b":false,"mix":"1","list":[],"many":[{"j":1}],"big":9007199254740992,"deep":{"er":null}},"started_at":1784500001,"stderr":"it\'s \\"broken\\"\\nhere"}',
  '{"type":"task","task_id":"c","activity_id":"x","status":"RUNNING","used":{"n":null,"s":null,"mix":null,"list":[null],"big":-1,"deep":{}},"started_at":1784500002,"note":"ünïcode 🙂"}',
  '{"type":"task","task_id":"d","activity_id":"z","used":{"n":-3,"s":"alphabet","b":true,"mix":true,"list":[[1,2]],"many":[{"k":null}],"big":123456789012345678901234567890},"ended_at":1784500009,"a.b":{"c":5}}',
  '{"type":"task","task_id":"e","activity_id":"y","status":"FINISHED","used":{"n":1e300,"s":"","mix":[1],"list":[2.0],"deep":{"er":7},"d":{"p":1,"q":2}},"note":"alpha"}',
  '{"type":"workflow","workflow_id":"w","name":"one"}'
]

const filters: Record<string, unknown>[] = [
  { status: 'ERROR' }, { status: { $ne: 'FINISHED' } }, { status: { $in: ['ERROR', 'RUNNING'] } }, { status: { $nin: ['ERROR'] } }, { status: null }, { status: { $ne: null } },
  { 'used.n': { $gt: 1 } }, { 'used.n': { $gte: 1, $lt: 1000 } }, { 'used.n': { $not: { $lte: 2.5 } } }, { 'used.n': null }, { 'used.n': { $exists: true } }, { 'used.n': { $exists: false } },
  { 'used.n': { $gte: null } }, { 'used.s': { $gt: 'a' } }, { 'used.s': { $regex: '^al' } }, { 'used.s': { $regex: 'BET$', $options: 'i' } }, { 'used.s': { $in: ['alpha', null] } }, { 'used.s': 1 },
  { 'used.b': true }, { 'used.b': { $ne: true } }, { 'used.b': 1 }, { 'used.b': { $gt: false } }, { 'used.mix': 1 }, { 'used.mix': '1' }, { 'used.mix': true }, { 'used.mix': [1] }, { 'used.mix': null },
  { 'used.list': 2 }, { 'used.list': [1, 2] }, { 'used.list': null }, { 'used.list': { $exists: true } }, { 'used.list.0': 1 }, { 'used.list': [] }, { 'used.many.k': 1 }, { 'used.many.k': null }, { 'used.many.k': { $exists: true } }, { 'used.many.0.k': { $gte: 1 } },
  { 'used.big': { $numberLong: '9007199254740993' } }, { 'used.big': { $gt: { $numberLong: '9007199254740992' } } }, { 'used.big': { $lt: 0 } }, { 'used.deep': null }, { 'used.deep.er': { $exists: true } }, { 'used.deep.er': null }, { 'a.b.c': 5 },
  { $or: [{ status: 'ERROR' }, { 'used.n': { $gt: 1e299 } }] }, { $and: [{ activity_id: 'x' }, { $nor: [{ 'used.b': true }] }] }, { note: { $regex: 'ï.*🙂' } }, { stderr: { $regex: '"broken"\\s' } }, { note: { $regex: '\\bal\\w+' } },
  { duration: { $gt: 1 } }, { 'missing.path': { $exists: false } }, { 'missing.path': 3 }, { started_at: { $gte: 1784500001, $lte: 1784500002 } }, { 'used.n': { $in: [] } }, { 'used.n': { $ne: { $numberDouble: 'NaN' } } }
]
const oddColumns = ['task_id', 'activity_id', 'status', 'used.n', 'used.s', 'used.b', 'used.mix', 'used.list', 'used.deep.er', 'started_at', 'duration', 'note', 'stderr', 'a.b.c', 'nowhere']

describe.skipIf(whyNot !== null)('of files', () => {
  test('every operator, over whatever a field may hold', { timeout: 120_000 }, async () => {
    const path = join(folder, 'odd.jsonl')
    writeFileSync(path, lines(odd))
    await agree(engine, [{ path, views: [...filters.map((filter) => ({ filter, columns: oddColumns })), { filter: {}, columns: ['task_id', 'used.big', 'used.many'] }] }], ['pandas', 'duckdb'])
  })

  test('any order, and text in any field', { timeout: 120_000 }, async () => {
    const path = join(folder, 'odd.jsonl')
    writeFileSync(path, lines(odd))
    const sorts = ['used.n', 'used.s', 'used.b', 'used.mix', 'used.big', 'duration', 'status'].flatMap((column) => [false, true].map((descending) => ({ sort: [{ column, descending }, { column: 'activity_id', descending: !descending }], columns: ['task_id', 'status', 'duration'] })))
    const searches = ['alpha', '"it\'s" broken', '2.5', '1784500001', 'ÜNÏCODE', 'three', 'k', '9007199254740993', 'true'].map((search) => ({ search, columns: ['task_id', 'note'] }))
    await agree(engine, [{ path, views: [...sorts, ...searches] }], ['pandas', 'duckdb'])
  })

  test('all columns of all records of runs', { timeout: 240_000 }, async () => {
    const names = ['01_start_here', '03_loop', '05_errors', '07_agents', '08_odd_values', '08b_aborted_dump', '10_dask', '11_status_updates', '13_truncated_tail']
    const views: SnippetOf[] = [{ records: 'messages' }, { records: 'tasks' }, { records: 'workflows' }, { records: 'agents' }, { records: 'tasks', filter: { status: 'FINISHED', started_at: { $gt: 0 } }, sort: [{ column: 'ended_at', descending: true }], columns: ['task_id', 'finished', 'ended_at'] }]
    await agree(engine, names.map((name) => ({ path: jsonl(name), views })), ['pandas', 'duckdb'])
  })

  test('compressed, split, and as it was known at a moment', { timeout: 120_000 }, async () => {
    writeFileSync(join(folder, 'packed.jsonl.gz'), gzipSync(lines(odd)))
    const sources = [
      { path: join(fixtureFolder, 'compressed', 'status_updates.jsonl.zst'), views: [{}] },
      { path: join(folder, 'packed.jsonl.gz'), views: [{ columns: oddColumns }] },
      { path: join(fixtureFolder, 'split'), views: [{}, { records: 'messages' as const, search: 'task' }] },
      { path: jsonl('11_status_updates'), views: [{ at: 1784500004 }, { at: 1784500030, records: 'messages' as const }] }
    ]
    await agree(engine, sources, ['pandas', 'duckdb'])
  })
})

test('what a language cannot say is said, and what differs is told', async () => {
  const path = join(folder, 'odd.jsonl')
  writeFileSync(path, lines(odd))
  const { sourceId } = await engine.open(path)
  const of = async (language: 'pandas' | 'duckdb' | 'flowcept', filter: Record<string, unknown>, columns = ['task_id']) => await engine.ask('snippets.code', { sourceId, scope: { filter }, columns, language })
  expect((await of('pandas', { note: { $regex: '\\p{L}' } })).unavailable).toContain('\\p{L}')
  expect((await of('duckdb', { note: { $regex: '\\p{L}' } })).unavailable).toBeNull()
  expect((await of('duckdb', { 'used.d': { p: 1, q: 2 } })).unavailable).toContain('dicts')
  expect((await of('pandas', { status: 'ERROR' })).code).toContain('df = df[df["status"] == "ERROR"]')
  expect((await of('flowcept', {}, ['used.big'])).notes.join(' ')).toContain('beyond 64 bits')
  const moment = await engine.ask('snippets.code', { sourceId: `${sourceId}@1784500001`, columns: ['task_id'], language: 'provscope' })
  expect(moment.unavailable).toContain('moments')
  await expect(of('pandas', { $bad: 1 })).rejects.toThrow('$bad')
})
