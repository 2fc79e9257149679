/** A recording that is killed at any moment, again and again, under load: what it said was written is there, once. */
import { spawn, type ChildProcess } from 'node:child_process'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { field, isJsonObject } from '#contract/json'
import { openFrameLogReader } from '#engine/sources/queue/frameLog'
import { readCursor } from '#engine/sources/queue/frameFolder'
import { openJsonlStore } from '#engine/stores/jsonlStore'
import { openMongoStore } from '#engine/stores/mongoStore'
import type { Store } from '#engine/stores/store'
import { bundleModule } from '../../testing/bundleModule.ts'
import type { RecordProcessSpec, RecordProcessState } from '../../testing/recordProcess.ts'
import { RecordingBench } from '../../testing/recordingBench.ts'
import { mongoFlavours, startMongo, type MongoServer } from '../../testing/servers/mongo.ts'
import { hasRedis, noRedis, type RedisServer, startRedis } from '../../testing/servers/redis.ts'
import { defaultInserterSettings } from './flowceptSettings.ts'
import { frameName, LogMemoryFile } from './logMemory.ts'
import { messageOf } from './messageOf.ts'
import { openMessagePublisher } from './messagePublisher.ts'
import type { RecordingTargets } from './recordingState.ts'

const kills = 8
const perTurn = 10
const [flavour] = mongoFlavours()

class Recorder {
  last: RecordProcessState | null = null
  private readonly child: ChildProcess
  readonly exited: Promise<unknown>

  constructor(module: string, spec: RecordProcessSpec) {
    this.child = spawn(process.execPath, [module, JSON.stringify(spec)], { stdio: ['pipe', 'pipe', 'inherit'] })
    let text = ''
    this.child.stdout?.on('data', (data: Buffer) => {
      const lines = (text + data.toString()).split('\n')
      text = lines.pop() ?? ''
      const line = lines.at(-1)
      if (line !== undefined) this.last = JSON.parse(line) as RecordProcessState
    })
    this.exited = new Promise((resolve) => this.child.once('close', resolve))
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL')
    await this.exited
  }

  async stop(): Promise<void> {
    this.child.stdin?.write('stop\n')
    await this.exited
  }
}

describe.skipIf(!hasRedis())(hasRedis() ? 'a recording that is killed' : `a recording that is killed (skipped: ${noRedis})`, () => {
  let module: string
  let server: RedisServer
  let mongo: MongoServer | null = null
  let bench: RecordingBench
  beforeAll(async () => {
    module = await bundleModule('src/testing/recordProcess.ts', 'record')
    server = await startRedis()
    if (flavour) mongo = await startMongo(flavour)
  })
  afterAll(async () => {
    await server.stop()
    await mongo?.stop()
  })
  beforeEach(() => {
    bench = new RecordingBench()
  })
  afterEach(async () => await bench.close())

  test(`${kills} times has in each store all that it reported, and nothing twice`, { timeout: 300_000 }, async () => {
    const targets: RecordingTargets = { lmdb: bench.lmdb, jsonl: bench.jsonl, mongodb: mongo && `${mongo.uri}kills` }
    const types = ['lmdb', 'jsonl', ...(mongo ? ['mongodb'] : [])]
    const spec: RecordProcessSpec = { url: server.url, recording: { folder: bench.logFolder, targets, asInserter: null, settings: { ...defaultInserterSettings, bufferTimeSeconds: 0.02 } } }
    // The log keeps every frame that arrived, for the count.
    const truth = await openFrameLogReader(bench.logFolder, 'truth')
    const publisher = await openMessagePublisher(server.url)
    let sent = 0
    let isLoaded = true
    const load = (async () => {
      while (isLoaded) {
        // No ids: what is written twice under two names would be two records.
        await publisher.publish(Array.from({ length: perTurn }, () => ({ type: 'task', activity_id: 'a', used: { n: sent++ } })))
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    })()
    const reported: { type: string; afterSeq: number; messages: number; there: ReadonlyMap<string, number> }[] = []
    const readAll = async (): Promise<Map<string, Map<string, number>>> => {
      const found = new Map<string, Map<string, number>>([['lmdb', await bench.inLmdb(numbers)]])
      const stores: Store[] = [await openJsonlStore(bench.jsonl, { readOnly: true }), ...(mongo ? [openMongoStore(`${mongo.uri}kills`, { readOnly: true })] : [])]
      for (const store of stores) {
        found.set(store.type, await numbers(store))
        await store.close()
      }
      return found
    }
    let receivedBeforeKill = 0
    for (let kill = 0; kill < kills; kill++) {
      const cursors = new Map<string, number>()
      for (const type of types) cursors.set(type, (await readCursor(bench.logFolder, type)) ?? 0)
      const recorder = new Recorder(module, spec)
      // Some die while they start to write, others in full swing.
      const enough = 1 + ((kill * 397) % 600)
      await expect.poll(() => recorder.last?.stores.every(({ messages }) => messages >= enough), { interval: 1, timeout: 60_000 }).toBe(true)
      await recorder.kill()
      receivedBeforeKill += recorder.last?.received ?? 0
      const there = await readAll()
      for (const { type, messages } of recorder.last?.stores ?? []) reported.push({ type, afterSeq: cursors.get(type) ?? 0, messages, there: there.get(type) ?? new Map() })
    }
    isLoaded = false
    await load
    const last = new Recorder(module, spec)
    await expect.poll(() => last.last !== null, { timeout: 60_000 }).toBe(true)
    await last.stop()
    expect(last.last).toMatchObject({ isEnd: true, stores: types.map(() => ({ waiting: 0 })) })
    await publisher.close()

    const arrived: { seq: number; n: number }[] = []
    for (let entries = await truth.rest(1 << 20); entries.length > 0; entries = await truth.rest(1 << 20)) {
      for (const entry of entries) if (entry.kind === 'frame') arrived.push({ seq: entry.seq, n: numberOf(messageOf(entry)) })
    }
    await truth.close()
    const { logId } = (await LogMemoryFile.open(bench.logFolder)).now
    expect(new Set(arrived.map(({ n }) => n)).size).toBe(arrived.length)
    const stored = await readAll()
    for (const type of types) {
      const found = stored.get(type) ?? new Map<string, number>()
      const lost = arrived.filter(({ seq, n }) => found.get(frameName(logId, seq)) !== n).length
      const doubled = found.size - new Set(found.values()).size
      expect({ type, lost, doubled, stored: found.size }).toEqual({ type, lost: 0, doubled: 0, stored: arrived.length })
    }
    // Each report was true when its process was killed: the messages after the cursor with which that began, in their order.
    for (const { type, afterSeq, messages, there } of reported) {
      const told = arrived.filter(({ seq }) => seq > afterSeq).slice(0, messages)
      const missing = told.filter(({ seq, n }) => there.get(frameName(logId, seq)) !== n).length
      expect({ type, told: told.length, missing }).toEqual({ type, told: messages, missing: 0 })
    }
    // What had arrived and was not on disk yet is the last fraction of a second of each life.
    expect(arrived.length).toBeGreaterThan(0.9 * receivedBeforeKill)
    expect(sent).toBeGreaterThanOrEqual(arrived.length)
  })
})

async function numbers(store: Store): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  for await (const { id, document } of store.iterate('task')) found.set(id, numberOf(document))
  return found
}

function numberOf(document: Parameters<typeof field>[0]): number {
  const used = field(document, 'used')
  return isJsonObject(used) ? Number(field(used, 'n')) : Number.NaN
}
