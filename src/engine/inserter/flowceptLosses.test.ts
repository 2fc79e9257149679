/** Where Flowcept's inserter loses, invents or confuses: each of these by a recording that does not. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { JsonObject, JsonValue } from '#contract/json'
import { openMongoStore } from '#engine/stores/mongoStore'
import { WorkerIntake } from '#engine/sources/queue/startIntake'
import { parseQueueUrl } from '#engine/sources/queue/queueAddress'
import { bundleModule } from '../../testing/bundleModule.ts'
import { RecordingBench } from '../../testing/recordingBench.ts'
import { mongoFlavours, startMongo, testWithoutMongo, type MongoServer } from '../../testing/servers/mongo.ts'
import { hasRedis, noRedis, startRedis } from '../../testing/servers/redis.ts'
import { defaultInserterSettings } from './flowceptSettings.ts'
import { openMessagePublisher } from './messagePublisher.ts'
import { recordInWorker } from './recordInWorker.ts'
import type { Recording } from './recordingState.ts'

const [flavour] = mongoFlavours()
if (!flavour) testWithoutMongo()
let mongo: MongoServer | null = null
beforeAll(async () => {
  if (flavour) mongo = await startMongo(flavour)
})
afterAll(async () => await mongo?.stop())

let bench: RecordingBench
let database = 0
beforeEach(async () => {
  bench = new RecordingBench()
  await bench.openLog()
  database++
})
afterEach(async () => await bench.close())

/** Batches as they come: each is stored before the next arrives. */
async function record(...batches: readonly JsonObject[][]): Promise<Recording> {
  const recording = await bench.record({ targets: { mongodb: mongo && `${mongo.uri}losses${database}` }, settings: { ...defaultInserterSettings, bufferTimeSeconds: 0.02, enrichMessages: true, host: { node_name: 'n', login_name: 'l' } } })
  let sent = 0
  for (const batch of batches) {
    bench.arrive(...batch)
    sent += batch.length
    await expect.poll(() => recording.state.stores.map(({ waiting, messages, problems }) => waiting === 0 && messages + problems >= sent)).toEqual(recording.state.stores.map(() => true))
  }
  await recording.stop()
  return recording
}

/** The task in LMDB and in MongoDB, without what enriching adds. */
async function stored(id: string): Promise<Record<string, JsonObject | null>> {
  const plain = (task: JsonObject | null): JsonObject | null => task && Object.fromEntries(Object.entries(task).filter(([name]) => !['node_name', 'login_name', 'hostname'].includes(name)))
  const found: Record<string, JsonObject | null> = { lmdb: plain(await bench.inLmdb(async (store) => await store.get('task', id))) }
  if (!mongo) return found
  const store = openMongoStore(`${mongo.uri}losses${database}`, { readOnly: true })
  found.mongodb = plain(await store.get('task', id))
  await store.close()
  return found
}

async function expectStored(id: string, task: JsonObject): Promise<void> {
  expect(await stored(id)).toEqual({ lmdb: task, ...(mongo ? { mongodb: task } : {}) })
}

describe('Provscope does not', () => {
  test('1: replace what an earlier batch said of a task', async () => {
    await record([{ type: 'task', task_id: 't', status: 'RUNNING', started_at: 1.5, used: { x: 1 } }], [{ type: 'task', task_id: 't', status: 'FINISHED', ended_at: 2.5, generated: { y: 2 } }])
    await expectStored('t', { task_id: 't', status: 'FINISHED', running: true, finished: true, started_at: 1.5, ended_at: 2.5, used: { x: 1 }, generated: { y: 2 } })
  })

  test('2: let a late RUNNING undo FINISHED, in one batch or in two', async () => {
    const [finished, running] = [{ type: 'task', task_id: 't', status: 'FINISHED', ended_at: 2.5 }, { type: 'task', task_id: 't', status: 'RUNNING', started_at: 1.5 }]
    await record([finished, running, { ...finished, task_id: 'u' }], [{ ...running, task_id: 'u' }])
    await expectStored('t', { task_id: 't', status: 'FINISHED', running: true, finished: true, started_at: 1.5, ended_at: 2.5 })
    await expectStored('u', { task_id: 'u', status: 'FINISHED', running: true, finished: true, started_at: 1.5, ended_at: 2.5 })
  })

  test('3: take a value that begins with $ for a field, or lose a key with dots and dollars', async () => {
    const used: Record<string, JsonValue> = { price: '$status', 'a.b': 1, $set: { c: '$$ROOT' }, list: ['$x', { $gt: 1 }] }
    await record([{ type: 'task', task_id: 't', status: 'RUNNING', used, activity_id: '$task_id' }], [{ type: 'task', task_id: 't', generated: { y: '$used.price' } }])
    await expectStored('t', { task_id: 't', status: 'RUNNING', running: true, used, activity_id: '$task_id', generated: { y: '$used.price' } })
  })

  test('4: lose a batch for one value that cannot be stored', async () => {
    const bytes = Buffer.from([1, 2, 3]) as unknown as JsonValue
    const recording = await record([{ type: 'task', task_id: 'before' }, { type: 'task', task_id: 'odd', used: { model: bytes, kept: 1, nan: Number.NaN } }, { type: 'task', task_id: 'x'.repeat(600) }, { type: 'task', task_id: 'after' }])
    await expectStored('before', { task_id: 'before' })
    await expectStored('after', { task_id: 'after' })
    await expectStored('odd', { task_id: 'odd', used: { model: { $binary: { base64: 'AQID', subType: '00' } }, kept: 1, nan: Number.NaN } })
    expect(recording.state.stores[0]?.problems).toBe(2)
  })

  test.skipIf(!hasRedis())(`5: lose a burst on a Redis with its default settings${hasRedis() ? '' : ` (skipped: ${noRedis})`}`, { timeout: 300_000 }, async () => {
    const [server, intakeScript, recordingScript] = [await startRedis(), await bundleModule('src/engine/sources/queue/intakeWorker.ts', 'burst-intake'), await bundleModule('src/engine/inserter/recordingWorker.ts', 'burst-recording')]
    await bench.log?.close()
    const recording = await recordInWorker({ folder: bench.logFolder, targets: { lmdb: bench.lmdb, mongodb: null, jsonl: null }, asInserter: null, settings: defaultInserterSettings }, recordingScript)
    const { address, password } = parseQueueUrl(server.url)
    const intake = await WorkerIntake.start({ address, password, folder: bench.logFolder, limitBytes: 1 << 30 }, intakeScript)
    try {
      await intake.ready
      const publisher = await openMessagePublisher(server.url)
      const count = 50_000
      const stdout = 'x'.repeat(2000)
      // 100 MB, three times what Redis keeps for a subscriber.
      for (let sent = 0; sent < count; sent += 5000) await publisher.publish(Array.from({ length: 5000 }, (_, n) => ({ type: 'task', task_id: `t${sent + n}`, stdout })))
      await publisher.close()
      await expect.poll(() => intake.state.received, { timeout: 120_000 }).toBe(count)
      await expect.poll(() => recording.state.stores[0], { timeout: 120_000 }).toMatchObject({ messages: count, waiting: 0 })
      expect(intake.state.link.name).toBe('live')
    } finally {
      await intake.stop()
      await recording.stop()
      await server.stop()
    }
    await bench.inLmdb(async (store) => expect(await store.count('task')).toBe(50_000))
  })

  test("8: replace the user's tags, tag what has no result low_output, or overlook high memory", async () => {
    const snapshot = (used: number): JsonObject => ({ memory: { virtual: { used, percent: 1 }, swap: { used: 0 } } })
    await record([
      { type: 'task', task_id: 't', started_at: 1, ended_at: 1.5, tags: ['mine'], telemetry_at_start: snapshot(0), telemetry_at_end: snapshot(2e9) },
      { type: 'task', task_id: 'plain', started_at: 1, ended_at: 1.5, telemetry_at_start: snapshot(0), telemetry_at_end: snapshot(1) }
    ])
    for (const task of Object.values(await stored('t'))) expect(task?.tags).toEqual(['mine', 'high_mem'])
    for (const task of Object.values(await stored('plain'))) expect(task).not.toHaveProperty('tags')
  })

  test('lose a batch for a message without an id, or with a status that is null', async () => {
    await record([{ type: 'task', task_id: 'n', status: null }, { type: 'task', activity_id: 'light', used: { a: 1 } }, { task_id: 'untyped', used: { b: 2 } }, { type: 'task', group_id: 'g', used: { i: 3 } }])
    await expectStored('n', { task_id: 'n', status: null })
    await expectStored('untyped', { task_id: 'untyped', used: { b: 2 } })
    await expectStored('g3', { task_id: 'g3', group_id: 'g', subtype: 'iteration', used: { i: 3 } })
    await bench.inLmdb(async (store) => expect(await store.count('task')).toBe(4))
  })
})
