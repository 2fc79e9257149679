/** Transfers and objects through the engine, as a page asks for them. */
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { GridFSBucket, MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openLmdbStore } from '#engine/stores/lmdbStore'
import type { Given, Result } from '#contract/methods'
import { askEngine, type AskedEngine } from '../../../testing/askEngine.ts'
import { mongoFlavours, startMongo, testWithoutMongo, type MongoServer } from '../../../testing/servers/mongo.ts'

const fixtures = join(import.meta.dirname, '../../../testing/fixtures')
type Job = Result<'transfers.list'>['transfers'][number]

let asked: AskedEngine
beforeAll(async () => (asked = await askEngine()))
afterAll(async () => await asked.close())

let copies = 0
function fixture(name: string): string {
  const path = join(asked.folder, `${name}-${copies++}`)
  cpSync(join(fixtures, 'lmdb', name), path, { recursive: true })
  return path
}
const handleOf = async (path: string, use: 'read' | 'write'): Promise<string> => (await asked.ask('paths.grant', { path, use })).handle

async function jobOf(transferId: string): Promise<Job | undefined> {
  return (await asked.ask('transfers.list', {})).transfers.find((one) => one.transferId === transferId)
}
async function run(params: Given<'transfers.start'>): Promise<Job> {
  const { transferId } = await asked.ask('transfers.start', params)
  return await asked.until(async () => {
    const job = await jobOf(transferId)
    return job?.state !== 'running' && job
  })
}

describe('a transfer', () => {
  test('is forecast without a trace, done, verified, and the same again changes nothing', async () => {
    const [from, to] = [fixture('mixed'), join(asked.folder, 'new', 'target')]
    const stores = { from: { type: 'lmdb', handle: await handleOf(from, 'read') }, to: { type: 'lmdb', handle: await handleOf(to, 'write') } } as const
    const counted = { task: 86, workflow: 14, agent: 2, object: 0 }
    const none = { task: 0, workflow: 0, agent: 0, object: 0 }
    const forecast = await run({ ...stores, dryRun: true })
    expect(forecast).toMatchObject({ state: 'done', dryRun: true, from, to, read: counted, created: counted, total: counted, different: none, error: null })
    expect(existsSync(to)).toBe(false)
    mkdirSync(join(asked.folder, 'new'))
    expect(await run(stores)).toMatchObject({ state: 'done', created: counted, changed: none, different: none, problemCount: 0, resumed: false })
    expect(await run(stores)).toMatchObject({ state: 'done', created: none, equal: counted })
    expect(readdirSync(join(asked.configFolder, 'transfers'))).toEqual([])
    const source = await asked.open(to)
    expect(source.counts).toMatchObject({ tasks: 86, workflows: 14, agents: 2 })
  })

  test('of a buffer merges the messages of each task', async () => {
    const from = join(fixtures, 'jsonl/11_status_updates.jsonl')
    const to = join(asked.folder, 'merged')
    const job = await run({ from: { type: 'jsonl', handle: await handleOf(from, 'read') }, to: { type: 'lmdb', handle: await handleOf(to, 'write') } })
    const [buffer, store] = [await asked.open(from), await asked.open(to)]
    expect(buffer.counts.messages).toBeGreaterThan(buffer.counts.tasks + buffer.counts.workflows)
    expect(job).toMatchObject({ state: 'done', created: { task: buffer.counts.tasks, workflow: buffer.counts.workflows } })
    const columns = ['task_id', 'status', 'started_at', 'ended_at', 'used.x', 'generated.y']
    const rows = async (sourceId: string) => (await asked.ask('rows.page', { sourceId, columns, sort: [{ column: 'task_id' }], limit: 1000 })).rows
    expect(await rows(store.sourceId)).toEqual(await rows(buffer.sourceId))
  })

  test('that was cancelled, or crashed, goes on where it was', async () => {
    const [from, to] = [fixture('big'), join(asked.folder, 'resumed')]
    const stores = { from: { type: 'lmdb', handle: await handleOf(from, 'read') }, to: { type: 'lmdb', handle: await handleOf(to, 'write') } } as const
    const { transferId } = await asked.ask('transfers.start', stores)
    await asked.until(async () => ((await jobOf(transferId))?.read.task ?? 0) > 0)
    await asked.ask('transfers.cancel', { transferId })
    const first = await jobOf(transferId)
    expect(first?.state).toBe('cancelled')
    expect(first?.read.task).toBeLessThan(2500)
    const second = await run(stores)
    expect(second).toMatchObject({ state: 'done', resumed: true, created: { task: 2500 - (first?.read.task ?? 0), workflow: 2 } })
    const store = openLmdbStore(to, { readOnly: true })
    expect(await store.count('task')).toBe(2500)
    await store.close()
  })

  test('tells what cannot be kept', async () => {
    const job = await run({ from: { type: 'lmdb', handle: await handleOf(fixture('odd'), 'read') }, to: { type: 'jsonl', handle: await handleOf(join(asked.folder, 'odd.jsonl'), 'write') } })
    expect(job.state).toBe('done')
    expect(job.problemCount).toBeGreaterThan(0)
    expect(job.problems[0]).toMatchObject({ kind: 'task', reason: expect.stringContaining('null in JSON Lines') as string })
  })

  test('asks for the right grants, and two different stores', async () => {
    const path = fixture('bytes')
    const read = { type: 'lmdb', handle: await handleOf(path, 'read') } as const
    const write = { type: 'lmdb', handle: await handleOf(path, 'write') } as const
    await expect(asked.ask('transfers.start', { from: read, to: read })).rejects.toMatchObject({ code: 'bad-request' })
    await expect(asked.ask('transfers.start', { from: write, to: write })).rejects.toMatchObject({ code: 'bad-request' })
    await expect(asked.ask('transfers.start', { from: read, to: write })).rejects.toThrow(/same store/)
    await expect(asked.ask('transfers.cancel', { transferId: 'x' })).rejects.toMatchObject({ code: 'not-found' })
  })

  test('from what is no store fails with a sentence', async () => {
    const empty = join(asked.folder, 'empty')
    mkdirSync(empty)
    const to = { type: 'jsonl', handle: await handleOf(join(asked.folder, 'x.jsonl'), 'write') } as const
    expect(await run({ from: { type: 'lmdb', handle: await handleOf(empty, 'read') }, to })).toMatchObject({ state: 'failed', error: expect.stringMatching(/no data.mdb/) as string })
    expect(existsSync(join(asked.folder, 'x.jsonl'))).toBe(false)
  })
})

test('objects of a buffer show what is known of them', async () => {
  const path = join(asked.folder, 'objects.jsonl')
  writeFileSync(path, `${JSON.stringify({ type: 'object', object_id: 'o', version: 3, object_size_bytes: 12, data_sha256: 'ab', object_type: 'ml_model', created_at: '2026-01-01T00:00:00' })}\n`)
  const { sourceId } = await asked.open(path)
  const found = await asked.ask('objects.versions', { sourceId, objectId: 'o' })
  expect(found.withoutBytes).toMatch(/MongoDB/)
  expect(found.versions).toMatchObject([{ version: 3, sizeBytes: 12, sha256: 'ab', storage: 'none', type: 'ml_model', createdAt: Date.UTC(2026, 0) / 1000 }])
  await expect(asked.ask('objects.versions', { sourceId, objectId: 'none' })).rejects.toMatchObject({ code: 'not-found' })
  await expect(asked.ask('objects.download', { sourceId, objectId: 'o', version: 3, name: 'o.bin' })).rejects.toMatchObject({ code: 'bad-request' })
})

const [flavour] = mongoFlavours()
if (flavour === undefined) testWithoutMongo()
describe.skipIf(flavour === undefined)(`objects in MongoDB (${flavour})`, () => {
  const large = Buffer.from(Array.from({ length: 700_001 }, (_, index) => (index * 31) % 251))
  const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
  let server: MongoServer
  let client: MongoClient
  let sourceId: string
  beforeAll(async () => {
    server = await startMongo(flavour ?? 'mongod')
    client = new MongoClient(server.uri)
    const db = client.db('objects_here')
    const upload = new GridFSBucket(db).openUploadStream('model')
    await new Promise<void>((resolve, reject) => void upload.once('finish', resolve).once('error', reject).end(large))
    const shared = { object_id: 'model', object_type: 'ml_model', pickle: true, created_at: new Date(1000) }
    await db.collection('objects').insertMany([
      { ...shared, version: 1, grid_fs_file_id: upload.id, object_size_bytes: large.length, data_sha256: hash(large), updated_at: new Date(5000) },
      { object_id: 'damaged', version: 0, data: Buffer.from('other bytes'), data_sha256: hash(Buffer.from('bytes')) },
      { object_id: 'bare', version: 0 }
    ])
    await db.collection('object_history').insertOne({ ...shared, version: 0, data: Buffer.from('first'), object_size_bytes: 5, data_sha256: hash(Buffer.from('first')), updated_at: new Date(2000) })
    sourceId = (await asked.open(`${server.uri}objects_here`)).sourceId
  }, 900_000)
  afterAll(async () => {
    await client.close()
    await server.stop()
  })

  async function download(objectId: string, version: number, handle?: string) {
    const { exportId } = await asked.ask('objects.download', { sourceId, objectId, version, name: `${objectId}.pkl`, ...(handle !== undefined && { handle }) })
    return await asked.until(async () => (await asked.ask('exports.list', {})).exports.find((job) => job.exportId === exportId && job.state !== 'writing'))
  }

  test('versions, the newest first, with sizes, hashes and where they are', async () => {
    const { versions, withoutBytes } = await asked.ask('objects.versions', { sourceId, objectId: 'model' })
    expect(withoutBytes).toBeNull()
    expect(versions.map(({ document, ...rest }) => ({ ...rest, isPickled: document.includes('"pickle":true') }))).toEqual([
      { version: 1, sizeBytes: large.length, sha256: hash(large), createdAt: 5, storage: 'gridfs', type: 'ml_model', isPickled: true },
      { version: 0, sizeBytes: 5, sha256: hash(Buffer.from('first')), createdAt: 2, storage: 'in-document', type: 'ml_model', isPickled: true }
    ])
    expect(versions.some(({ document }) => document.includes('first'))).toBe(false)
    expect((await asked.ask('objects.versions', { sourceId, objectId: 'bare' })).withoutBytes).toMatch(/not its bytes/)
    await expect(asked.ask('objects.versions', { sourceId, objectId: 'none' })).rejects.toMatchObject({ code: 'not-found' })
  })

  test('any version is downloaded as it is, to a file or for a browser', async () => {
    const path = join(asked.folder, 'model.pkl')
    expect(await download('model', 1, await handleOf(path, 'write'))).toMatchObject({ state: 'done', bytes: large.length, path, download: false })
    expect(readFileSync(path).equals(large)).toBe(true)
    const kept = await download('model', 0)
    expect(kept).toMatchObject({ state: 'done', name: 'model.pkl', download: true, bytes: 5 })
    const { path: place } = await asked.ask('exports.path', { exportId: kept.exportId })
    expect(readFileSync(place, 'utf8')).toBe('first')
  })

  test('what is damaged or not there fails, and leaves no file', async () => {
    const path = join(asked.folder, 'damaged.bin')
    expect(await download('damaged', 0, await handleOf(path, 'write'))).toMatchObject({ state: 'failed', error: expect.stringMatching(/SHA-256/) as string })
    expect(existsSync(path)).toBe(false)
    expect(await download('bare', 0)).toMatchObject({ state: 'failed', error: expect.stringMatching(/metadata alone/) as string })
    expect(await download('model', 9)).toMatchObject({ state: 'failed', error: expect.stringMatching(/no version 9/) as string })
  })
})
