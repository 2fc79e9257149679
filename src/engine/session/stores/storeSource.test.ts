/** LMDB folders and MongoDB databases opened as sources: through the whole engine, as a page opens them. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Call } from '#contract/dispatch'
import { isJsonObject, parseJson, stringifyJson, type JsonObject, type JsonValue } from '#contract/json'
import type { Given, Method, Result } from '#contract/methods'
import type { Source } from '#contract/sources'
import { openLmdbStore } from '#engine/stores/lmdbStore'
import { openMongoStore } from '#engine/stores/mongoStore'
import { recordKinds, type Store } from '#engine/stores/store'
import { transfer } from '#engine/stores/transfer'
import { mongoFlavours, startMongo, testWithoutMongo, type MongoServer } from '../../../testing/servers/mongo.ts'
import { createEngine, type Engine } from '../engine.ts'

const fixtures = join(import.meta.dirname, '../../../testing/fixtures')
const kinds = ['tasks', 'workflows', 'agents', 'objects'] as const

let folder: string
let engine: Engine
let call: Call
const bugs: unknown[] = []
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'store-source-'))
  engine = await createEngine({ host: 'served', version: '1', configDir: join(folder, 'config'), tempDir: join(folder, 'temp'), startFolder: folder, onBug: (error) => bugs.push(error) })
  call = engine.call('host')
})
afterAll(async () => {
  await engine.close()
  expect(readdirSync(join(folder, 'temp')), 'nothing is left behind').toEqual([])
  rmSync(folder, { recursive: true })
  expect(bugs).toEqual([])
})
afterEach(async () => {
  for (const source of (await ask('sources.list', {})).sources) await ask('sources.close', { sourceId: source.sourceId })
})

async function ask<M extends Method>(method: M, params: Given<M>): Promise<Result<M>> {
  const reply = await call(method, params)
  if (!reply.ok) throw Object.assign(new Error(reply.error.message), { code: reply.error.code })
  return reply.value
}

async function until(sourceId: string, holds: (source: Source) => boolean): Promise<Source> {
  let cursor = ''
  for (;;) {
    const source = (await ask('sources.list', {})).sources.find((one) => one.sourceId === sourceId)
    if (source === undefined) throw new Error('not open')
    if (holds(source)) return source
    cursor = (await ask('changes.next', { cursor, waitMs: 20_000 })).cursor
  }
}
const isRead = (source: Source): boolean => source.state !== 'reading'

async function open(path: string): Promise<Source> {
  const { sourceId } = await ask('sources.openPaths', { paths: [path] })
  return await until(sourceId, isRead)
}

let copies = 0
function fixture(name: string): string {
  const path = join(folder, `${name}-${copies++}`)
  cpSync(join(fixtures, 'lmdb', name), path, { recursive: true })
  return path
}

async function countsOf(store: Store) {
  const [tasks, workflows, agents, objects] = await Promise.all(recordKinds.map(async (kind) => await store.count(kind)))
  return { tasks, workflows, agents, objects }
}

async function documentsOf(sourceId: string, records: (typeof kinds)[number]): Promise<Map<string, string>> {
  const { documents } = await ask('rows.documents', { sourceId, records, limit: 10_000 })
  const idName = `${records.slice(0, -1)}_id`
  return new Map(documents.map((text) => {
    const document = parseJson(text) as JsonObject
    return [String(document[idName]), canonical(document)]
  }))
}

/** Sorted keys, without what a normal form leaves out. */
function canonical(document: JsonObject): string {
  const sorted = (item: JsonValue): JsonValue => {
    if (Array.isArray(item)) return item.map(sorted)
    if (!isJsonObject(item)) return item
    return Object.fromEntries(Object.keys(item).toSorted().filter((key) => !(isJsonObject(item[key]) && Object.keys(item[key]).length === 0)).map((key) => [key, sorted(item[key] as JsonValue)]))
  }
  return stringifyJson(sorted(document))
}

async function expectSame(source: Source, store: Store): Promise<void> {
  for (const [index, records] of kinds.entries()) {
    const found = await documentsOf(source.sourceId, records)
    const kind = recordKinds[index] as (typeof recordKinds)[number]
    for await (const { id, document } of store.iterate(kind)) {
      // A stored task may say RUNNING though it has finished; its record says what it came to.
      const { status, type: _type, ...rest } = document
      const shown = parseJson(found.get(id) ?? '{}') as JsonObject
      const { status: shownStatus, type: _shownType, ...shownRest } = shown
      expect(canonical(shownRest)).toBe(canonical(rest))
      if (document.finished !== true) expect(shownStatus).toEqual(status)
    }
    expect(found.size).toBe(await store.count(kind))
  }
}

describe.each(['mixed', 'updates', 'odd', 'bytes', 'big'])('the LMDB folder %s', (name) => {
  test('is read whole: counts, documents, no problems', async () => {
    const path = fixture(name)
    const source = await open(path)
    const store = openLmdbStore(path, { readOnly: true })
    const counts = await countsOf(store)
    expect(source).toMatchObject({ state: 'ready', error: null, kind: 'lmdb', path, stage: 'tasks', problems: 0, stale: null, counts })
    expect(source.counts.messages).toBe(Object.values(counts).reduce((sum, count) => (sum ?? 0) + (count ?? 0), 0))
    expect(source.readBytes).toBe(source.totalBytes)
    await expectSame(source, store)
    await store.close()
  })

  test("answers filters as Flowcept's own database does", async () => {
    const truth = parseJson(readFileSync(join(fixtures, `truth/lmdb/${name}.json`), 'utf8')) as unknown as { queries: { filter: JsonObject; count: number }[] }
    const source = await open(fixture(name))
    for (const { count, filter } of truth.queries) {
      // $exists finds what is there; Flowcept's LMDB does not know it.
      if (JSON.stringify(filter).includes('$exists')) continue
      const { counts } = await ask('filter.counts', { sourceId: source.sourceId, scopes: [{ filter, search: '' }] })
      expect({ filter, count: counts[0] }).toEqual({ filter, count })
    }
  })
})

test('a store is remembered, by its folder', async () => {
  const path = fixture('mixed')
  await open(path)
  const recent = (await ask('recents.list', {})).recents.find((one) => one.path === path)
  expect(recent).toMatchObject({ kind: 'lmdb', tasks: 86, state: 'ready' })
  const again = await ask('sources.open', { handles: [recent?.handle ?? ''] })
  expect((await ask('sources.list', {})).sources.map(({ sourceId }) => sourceId)).toEqual([again.sourceId])
})

describe('what is no store that can be read', () => {
  test.each([
    ['LMDB data format v2', () => withVersion(2), /data format v2/],
    ['garbage', () => withFile(Buffer.alloc(20_000, 7)), /no LMDB/],
    ['a file that was cut off', () => withFile(readFileSync(join(fixtures, 'lmdb/mixed/data.mdb')).subarray(0, 9000)), /cut off/],
    ['an empty file', () => withFile(Buffer.alloc(0)), /empty/]
  ])('%s is said, and nothing ends', async (_, make, message) => {
    const source = await open(make())
    expect(source).toMatchObject({ state: 'failed', kind: 'lmdb' })
    expect(source.error).toMatch(message)
    await expect(ask('rows.page', { sourceId: source.sourceId, columns: [] })).rejects.toMatchObject({ code: 'unavailable' })
  })

  test('a value that is no record is a problem with its place, and the others are there', async () => {
    const path = fixture('updates')
    const { open: openEnvironment } = await import('lmdb')
    const environment = openEnvironment({ path, maxDbs: 8, noSubdir: false })
    const tasks = environment.openDB<string, Buffer>({ name: 'tasks', keyEncoding: 'binary', encoding: 'string' })
    await tasks.put(Buffer.from('zz'), '[1,\n2')
    await environment.close()
    const source = await open(path)
    expect(source).toMatchObject({ state: 'ready', problems: 1, counts: { tasks: 42 } })
    const { problems } = await ask('problems.list', { sourceId: source.sourceId })
    expect(problems[0]).toMatchObject({ source: 'tasks', line: 43, sample: '[1, 2' })
  })

  test('a store is opened by itself', async () => {
    const buffer = join(fixtures, 'jsonl/01_start_here.jsonl')
    await expect(ask('sources.openPaths', { paths: [buffer, fixture('mixed')] })).rejects.toMatchObject({ code: 'bad-request' })
  })

  function withFile(bytes: Uint8Array): string {
    const path = join(folder, `odd-${copies++}`)
    mkdirSync(path)
    writeFileSync(join(path, 'data.mdb'), bytes)
    return path
  }
  function withVersion(version: number): string {
    const bytes = Buffer.from(readFileSync(join(fixtures, 'lmdb/mixed/data.mdb')))
    bytes.writeUInt32LE(version, 20)
    return withFile(bytes)
  }
})

describe('a store that changes while it is open', () => {
  test('is stale until it is read anew, beside what is shown', async () => {
    const path = fixture('mixed')
    const source = await open(path)
    const store = openLmdbStore(path)
    await store.write([{ kind: 'task', message: { task_id: 'later', activity_id: 'new', status: 'FINISHED' } }])
    await until(source.sourceId, ({ stale }) => stale !== null)
    expect((await page(source.sourceId)).total).toBe(86)
    await ask('sources.readOn', { sourceId: source.sourceId })
    const anew = await until(source.sourceId, ({ counts, state }) => state === 'ready' && counts.tasks === 87)
    expect(anew).toMatchObject({ stale: null, error: null })
    expect(anew.revision).toBeGreaterThan(source.revision)
    expect((await page(source.sourceId, { task_id: 'later' })).total).toBe(1)
    await store.close()
  })

  test('is read anew by itself while it is followed', async () => {
    const path = fixture('updates')
    const source = await open(path)
    await ask('sources.follow', { sourceId: source.sourceId, on: true })
    const store = openLmdbStore(path)
    for (const [index, expected] of [43, 44].entries()) {
      await store.write([{ kind: 'task', message: { task_id: `more ${index}` } }])
      await until(source.sourceId, ({ counts, stale }) => counts.tasks === expected && stale === null)
    }
    await store.close()
  })

  test('and is gone keeps what was read', async () => {
    const path = fixture('updates')
    const source = await open(path)
    rmSync(join(path, 'data.mdb'))
    await ask('sources.readOn', { sourceId: source.sourceId })
    await until(source.sourceId, ({ stale, state }) => stale !== null && state === 'ready')
    expect((await page(source.sourceId)).total).toBe(42)
  })
})

async function page(sourceId: string, filter: Record<string, unknown> = {}) {
  return await ask('rows.page', { sourceId, columns: ['task_id'], scope: { filter, search: '' } })
}

const [flavour] = mongoFlavours()
if (flavour === undefined) testWithoutMongo()
describe.skipIf(flavour === undefined)(`MongoDB (${flavour})`, () => {
  let server: MongoServer
  let client: MongoClient
  beforeAll(async () => {
    server = await startMongo(flavour ?? 'mongod')
    client = new MongoClient(server.uri, { useBigInt64: true })
  }, 900_000)
  afterAll(async () => {
    await client.close()
    await server.stop()
  })

  /** A database with what an environment of LMDB holds. */
  async function database(name: string, from: string): Promise<string> {
    const uri = `${server.uri}${name}`
    const [source, target] = [openLmdbStore(fixture(from), { readOnly: true }), openMongoStore(uri)]
    await transfer(source, target)
    await source.close()
    await target.close()
    return uri
  }

  test.each(['mixed', 'updates', 'odd'])('%s is read whole: counts, documents, no problems', async (name) => {
    const uri = await database(`read_${name}`, name)
    const source = await open(uri)
    const store = openMongoStore(uri, { readOnly: true })
    expect(source).toMatchObject({ state: 'ready', error: null, kind: 'mongodb', path: uri, problems: 0, counts: await countsOf(store) })
    expect(source.name).toBe(`read_${name} on ${new URL(server.uri).host}`)
    await expectSame(source, store)
    await store.close()
  })

  test('what is inserted makes it stale, and reading on reads it', async () => {
    const uri = await database('grows', 'updates')
    const source = await open(uri)
    await client.db('grows').collection('tasks').insertOne({ task_id: 'later', started_at: new Date(1_700_000_000_123) })
    await until(source.sourceId, ({ stale }) => stale !== null)
    await ask('sources.readOn', { sourceId: source.sourceId })
    await until(source.sourceId, ({ counts, state }) => state === 'ready' && counts.tasks === 43)
    const { rows } = await ask('rows.page', { sourceId: source.sourceId, columns: ['started_at'], scope: { filter: { task_id: 'later' }, search: '' } })
    expect(rows[0]?.cells).toEqual([1_700_000_000.123])
  })

  test('a password is used, and never shown or kept', async () => {
    const address = server.uri.replace('mongodb://', 'mongodb://alice@')
    const { sourceId } = await ask('stores.open', { store: { type: 'mongodb', uri: address, password: 'hun/ter@2' } })
    const source = await until(sourceId, isRead)
    // No server here knows alice; a server that asks nobody for a password lets her in.
    const seen = JSON.stringify([source, await ask('recents.list', {}), await ask('problems.list', {}), await ask('changes.next', {})])
    expect(seen).not.toMatch(/hun|ter@2|ter%402/)
    expect(source.path).toBe(address)
    const named = await ask('sources.openPaths', { paths: ['mongodb://bob:hunter2@127.0.0.1:1/x'] })
    const failed = await until(named.sourceId, isRead)
    expect(failed).toMatchObject({ state: 'failed', name: 'x on 127.0.0.1:1', path: 'mongodb://bob@127.0.0.1:1/x' })
    expect(JSON.stringify([failed, readdirSync(join(folder, 'config')).map((name) => readFileSync(join(folder, 'config', name), 'utf8'))])).not.toContain('hunter2')
  })

  test('a URI that is none is refused', async () => {
    await expect(ask('stores.open', { store: { type: 'mongodb', uri: 'mongodb://' } })).rejects.toMatchObject({ code: 'bad-request' })
    await expect(ask('stores.open', { store: { type: 'mongodb', uri: 'http://example.org' } })).rejects.toMatchObject({ code: 'bad-request' })
  })
})
