/** Code of views of stores, and commands, run by what they are for: MongoDB's drivers and shell, Flowcept, the command line. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { Double, type Document, Long, MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isJsonObject, type JsonValue, parseJson } from '#contract/json'
import { openLmdbStore } from '#engine/stores/lmdbStore'
import { openMongoStore } from '#engine/stores/mongoStore'
import type { Store } from '#engine/stores/store'
import { type AskedEngine, askEngine } from '../../../testing/askEngine.ts'
import { buildCli, root } from '../../../testing/builtCli.ts'
import { whyNoFlowcept } from '../../../testing/flowceptPython.ts'
import { fixtureFolder } from '../../../testing/openFixture.ts'
import { whyNoPython } from '../../../testing/python.ts'
import { mongoFlavours, type MongoServer, startMongo, testWithoutMongo } from '../../../testing/servers/mongo.ts'
import { agree, pageOf, shown, type SnippetOf } from '../../../testing/snippetAgreement.ts'

const whyNot = whyNoPython('pandas', 'duckdb', 'lmdb', 'pymongo')
if (whyNot !== null) test.skip(whyNot, () => undefined)
const [flavour] = mongoFlavours()
if (flavour === undefined) testWithoutMongo()

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

const messages = [
  { type: 'task', task_id: 't1', activity_id: 'train', workflow_id: 'w', status: 'FINISHED', used: { lr: 0.1, epoch: 1, tags: ['a', 'b'] }, generated: { loss: 0.5 }, started_at: 1784500000.25, ended_at: 1784500003.5 },
  { type: 'task', task_id: 't2', activity_id: 'train', workflow_id: 'w', status: 'ERROR', used: { lr: 0.01, epoch: 2, tags: [] }, stderr: 'it\'s "out" of memory', started_at: 1784500001.5, ended_at: 1784500002 },
  { type: 'task', task_id: 't3', activity_id: 'eval', workflow_id: 'w', status: 'RUNNING', used: { lr: null, seed: 9007199254740993n }, started_at: 1784500002.75 },
  { type: 'task', task_id: 't4', activity_id: 'eval', workflow_id: 'v', status: 'FINISHED', used: { lr: 1, note: 'Train' }, generated: { loss: 2, ok: true }, started_at: 1784500004, ended_at: 1784500004.125 },
  { type: 'workflow', workflow_id: 'w', name: 'one' }
]
const columns = ['task_id', 'activity_id', 'status', 'used.lr', 'used.tags', 'used.seed', 'generated.loss', 'started_at']
const views: SnippetOf[] = [
  { columns },
  { columns, filter: { status: 'ERROR' } },
  { columns, filter: { status: { $ne: 'FINISHED' }, 'used.lr': { $exists: true } } },
  { columns, filter: { $or: [{ 'used.lr': { $gte: 0.1, $lt: 1 } }, { 'used.tags': 'b' }] } },
  { columns, filter: { $nor: [{ activity_id: { $in: ['train'] } }, { workflow_id: { $regex: '^V$', $options: 'i' } }] } },
  { columns, filter: { 'used.lr': { $not: { $gt: 0.05 } }, activity_id: { $nin: ['x', null] } } },
  { columns, filter: { 'used.seed': { $numberLong: '9007199254740993' } } },
  { columns, filter: { stderr: { $ne: null } } },
  { columns, filter: { started_at: { $gt: 1784500001.5, $lte: 1784500002.75 } } },
  { columns, filter: { 'used.lr': null } },
  { columns, filter: { stderr: 'it\'s "out" of memory' } },
  { columns, sort: [{ column: 'used.lr', descending: true }] },
  { columns, sort: [{ column: 'activity_id' }, { column: 'started_at', descending: true }] }
]
const searched: SnippetOf[] = [{ columns, search: 'train' }, { columns, search: '"of memory"' }]

async function fill(store: Store): Promise<void> {
  await store.write(messages.map((message) => ({ kind: message.type === 'task' ? ('task' as const) : ('workflow' as const), message: message as never })))
  await store.close()
}

describe.skipIf(whyNot !== null)('of LMDB', () => {
  test('pandas and DuckDB read what is stored', { timeout: 120_000 }, async () => {
    const path = join(folder, 'lmdb')
    await fill(openLmdbStore(path))
    await agree(engine, [{ path, views: [...views, ...searched, { records: 'workflows' }] }, { path: join(fixtureFolder, 'lmdb', 'odd'), views: [{}] }], ['pandas', 'duckdb'])
  })

  test.skipIf(whyNoFlowcept() !== null)('Flowcept’s own API does', { timeout: 120_000 }, async () => {
    const path = join(folder, 'lmdb')
    const settings = join(folder, 'settings.yaml')
    writeFileSync(settings, `log: {log_file_level: disable, log_stream_level: disable}\nproject: {db_flush_mode: online, dump_buffer: {enabled: false}}\nmq: {enabled: true}\nkv_db: {enabled: false}\ndatabases: {lmdb: {enabled: true, path: elsewhere}, mongodb: {enabled: false}}\ntelemetry_capture: {}\n`)
    await agree(engine, [{ path, views: [...views.slice(0, 4), ...searched] }, { path: join(fixtureFolder, 'jsonl', '11_status_updates.jsonl'), views: [{}, { records: 'messages' }, { filter: { status: 'FINISHED' }, columns: ['task_id'] }] }], ['flowcept'], { FLOWCEPT_SETTINGS_PATH: settings })
  })
})

describe.skipIf(whyNot !== null || flavour === undefined)('of MongoDB', () => {
  let server: MongoServer
  let uri: string
  let client: MongoClient
  beforeAll(async () => {
    server = await startMongo(flavour ?? 'mongod')
    uri = `${server.uri}flowcept`
    await fill(openMongoStore(uri))
    client = await MongoClient.connect(server.uri)
  }, 120_000)
  afterAll(async () => {
    for (const { sourceId } of (await engine.ask('sources.list', {})).sources) await engine.ask('sources.close', { sourceId })
    await client?.close()
    await server?.stop()
  })

  test('pymongo, pandas and DuckDB read what is stored', { timeout: 120_000 }, async () => {
    await agree(engine, [{ path: uri, views: [...views, ...searched] }], ['pymongo'])
    await agree(engine, [{ path: uri, views: [views[1] ?? {}, views[8] ?? {}, ...searched, { records: 'workflows' }] }], ['pandas', 'duckdb'])
  })

  test.skipIf(whyNoFlowcept() !== null)('Flowcept’s own API does', { timeout: 120_000 }, async () => {
    const settings = join(folder, 'mongo.yaml')
    writeFileSync(settings, `log: {log_file_level: disable, log_stream_level: disable}\nproject: {db_flush_mode: online, dump_buffer: {enabled: false}}\nmq: {enabled: true}\nkv_db: {enabled: false}\ndatabases: {lmdb: {enabled: false}, mongodb: {enabled: true, create_collection_index: false}}\ntelemetry_capture: {}\n`)
    await agree(engine, [{ path: uri, views: [...views.filter(({ sort }) => sort === undefined || sort[0]?.descending === true), ...searched] }], ['flowcept'], { FLOWCEPT_SETTINGS_PATH: settings })
  })

  test('mongosh does', { timeout: 240_000 }, async () => {
    const { sourceId } = await engine.open(uri)
    for (const view of views) {
      const { columns: names, page, params } = await pageOf(engine, sourceId, view)
      const { code, unavailable } = await engine.ask('snippets.code', { ...params, columns: names, language: 'mongosh' })
      expect(unavailable).toBeNull()
      const documents = mongosh === null ? await evaluated(code, client) : inShell(mongosh, server.uri, code)
      const rows = documents.map((document) => names.map((name) => shown(at(document, name), 'pymongo')).join(' | '))
      expect(rows, code).toEqual(page.map((row) => row.map((cell) => shown(cell, 'pymongo')).join(' | ')))
    }
  })

  test('what no query says is refused or told', async () => {
    const { sourceId } = await engine.open(uri)
    const of = async (view: SnippetOf, language: 'pymongo' | 'mongosh') => {
      const { columns: names, params } = await pageOf(engine, sourceId, { columns, ...view })
      return await engine.ask('snippets.code', { ...params, columns: names, language })
    }
    expect((await of({ search: 'x' }, 'mongosh')).unavailable).toContain('searches no text')
    expect((await of({ records: 'messages' }, 'pymongo')).unavailable).toContain('records, not messages')
    expect((await of({ filter: { duration: 1 } }, 'pymongo')).unavailable).toContain('duration')
    expect((await of({ filter: { started_at: { $gt: 1784500001.0001 } } }, 'pymongo')).notes.join(' ')).toContain('millisecond')
    expect((await of({ sort: [{ column: 'used.lr' }] }, 'mongosh')).notes.join(' ')).toContain('missing values first')
  })
})

describe('of files, without a database', () => {
  test('MongoDB’s languages say what to do first, and hold no password', async () => {
    const { sourceId } = await engine.open(join(fixtureFolder, 'jsonl', '05_errors.jsonl'))
    const params = { sourceId, columns: ['task_id'], scope: { filter: { status: 'ERROR' }, search: '' } }
    const { code, notes } = await engine.ask('snippets.code', { ...params, language: 'pymongo' })
    expect(code).toContain('provscope export')
    expect(code).toContain('<- your server')
    expect(notes.join(' ')).toContain('export it to one first')
  })
})

describe('the command line', () => {
  test('prints the view: from a POSIX shell, whatever names and values hold', { timeout: 240_000 }, async () => {
    buildCli()
    const place = join(folder, 'it\'s a "run" $HOME')
    mkdirSync(place)
    const path = join(place, 'buffer; x.jsonl')
    writeFileSync(path, messages.filter(({ type }) => type === 'task').map((message) => `${JSON.stringify(message, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value))}\n`).join(''))
    const { sourceId } = await engine.open(path)
    for (const view of [{ columns, filter: { stderr: 'it\'s "out" of memory' } }, { columns, search: '-x' }, { columns: ['task_id', 'used.lr'], search: '"of memory"', sort: [{ column: 'used.lr', descending: true }] }] satisfies SnippetOf[]) {
      const { columns: names, page, params } = await pageOf(engine, sourceId, view)
      const { code } = await engine.ask('snippets.code', { ...params, columns: names, language: 'provscope' })
      const out = await inPosixShell(code)
      const rows = out.trim().split('\n').filter((line) => line !== '').map((line) => names.map((name) => shown(member(parseJson(line), name), 'provscope')).join(' | '))
      expect(rows, code).toEqual(page.map((row) => row.map((cell) => shown(cell, 'provscope')).join(' | ')))
    }
  })
})

const member = (value: JsonValue, name: string): JsonValue => (isJsonObject(value) ? (value[name] ?? null) : null)

/** A shell's own `provscope` is the one that was built here. */
function inPosixShell(command: string): Promise<string> {
  const child = spawn('sh', ['-c', `provscope() { "${process.execPath}" "${join(root, 'bin', 'provscope.mjs')}" "$@"; }\n${command}`], { stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (err += text))
  return new Promise((resolve, reject) => child.once('close', (code) => (code === 0 ? resolve(out) : reject(new Error(err)))))
}

/** The real shell, where there is one. */
const mongosh = ((): string | null => {
  const name = process.env['PROVSCOPE_MONGOSH'] ?? 'mongosh'
  return spawnSync(name, ['--version']).status === 0 ? name : null
})()

function inShell(name: string, server: string, code: string): Document[] {
  const line = code.split('\n').filter((part) => !part.startsWith('//')).join(' ')
  const ran = spawnSync(name, [server, '--quiet', '--norc', '--eval', `print(EJSON.stringify((${line}).toArray(), { relaxed: false }))`], { encoding: 'utf8' })
  if (ran.status !== 0) throw new Error(`${ran.stderr}${ran.stdout}`)
  return (parseJson(ran.stdout.trim().split('\n').at(-1) ?? '[]') as Document[]).map(unwrapped)
}

/** EJSON's dates and longs. */
function unwrapped(value: Document): Document {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item: Document) => unwrapped(item)) as unknown as Document
  if ('$date' in value) return new Date(Number((value['$date'] as Document)['$numberLong'])) as unknown as Document
  if ('$numberLong' in value) return BigInt(value['$numberLong'] as string) as unknown as Document
  const number: unknown = value['$numberInt'] ?? value['$numberDouble']
  if (number !== undefined) return Number(number) as unknown as Document
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unwrapped(item as Document)]))
}

/** Where there is no mongosh: its line as JavaScript, over the driver, with the few names that it uses. */
async function evaluated(code: string, client: MongoClient): Promise<Document[]> {
  const db = { getSiblingDB: (database: string) => ({ getCollection: (name: string) => ({ find: (filter: Document, projection: Document) => client.db(database).collection(name).find(filter, { projection, useBigInt64: true }) }) }) }
  const names = { db, ISODate: (text: string) => new Date(text), Long: (text: string) => Long.fromString(text), Double: (value: number) => new Double(value) }
  return (await (runInNewContext(`(${code.split('\n').filter((line) => !line.startsWith('//')).join('\n')})`, names) as { toArray(): Promise<Document[]> }).toArray())
}

function at(document: Document, path: string): JsonValue {
  let value: unknown = document
  for (const key of path.split('.')) value = typeof value === 'object' && value !== null ? (value as Document)[key] : undefined
  if (Object.prototype.toString.call(value) === '[object Date]') return (value as Date).getTime() / 1000
  return typeof value === 'bigint' ? (Number.isSafeInteger(Number(value)) ? Number(value) : value) : ((value ?? null) as JsonValue)
}
