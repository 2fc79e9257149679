/** A recording over a frame log: what arrives is in every store, at each store's own pace, once, and with nothing that is only said. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Refusal } from '#contract/reply'
import { openFrameLogReader } from '#engine/sources/queue/frameLog'
import { openJsonlStore } from '#engine/stores/jsonlStore'
import { everything, RecordingBench } from '../../testing/recordingBench.ts'
import { freePort } from '../../testing/servers/mongo.ts'
import { defaultInserterSettings } from './flowceptSettings.ts'
import { frameName } from './logMemory.ts'
import { recordInWorker } from './recordInWorker.ts'

let bench: RecordingBench
beforeEach(async () => {
  bench = new RecordingBench()
  await bench.openLog()
})
afterEach(async () => await bench.close())

const slow = { ...defaultInserterSettings, bufferTimeSeconds: 3600, bufferSize: 1e9 }
const tasks = (count: number, from = 0): { type: string; task_id: string; used: { n: number } }[] => Array.from({ length: count }, (_, n) => ({ type: 'task', task_id: `t${from + n}`, used: { n: from + n } }))

describe('what arrives', () => {
  test('is in every store when the recording says so', async () => {
    const recording = await bench.record({ targets: { jsonl: bench.jsonl } })
    bench.arrive({ type: 'workflow', workflow_id: 'w', name: 'n' }, { type: 'task', task_id: 't', status: 'RUNNING', used: { x: 1 } })
    bench.arrive({ type: 'task', task_id: 't', status: 'FINISHED', generated: { y: 2 } }, { type: 'agent', agent_id: 'a' })
    await expect.poll(() => recording.state.stores.map(({ type, written, messages, waiting }) => ({ type, written, messages, waiting }))).toEqual([
      { type: 'lmdb', written: 3, messages: 4, waiting: 0 },
      { type: 'jsonl', written: 3, messages: 4, waiting: 0 }
    ])
    await recording.stop()
    expect(recording.state.stores.map(({ state }) => state.name)).toEqual(['closed', 'closed'])
    expect(await recording.ended).toBe('stopped')
    const task = { task_id: 't', status: 'FINISHED', running: true, finished: true, used: { x: 1 }, generated: { y: 2 } }
    await bench.inLmdb(async (store) => {
      expect(await store.get('task', 't')).toEqual(task)
      expect(await store.get('workflow', 'w')).toEqual({ type: 'workflow', workflow_id: 'w', name: 'n' })
      expect(await store.get('agent', 'a')).toEqual({ type: 'agent', agent_id: 'a' })
    })
    const buffer = await openJsonlStore(bench.jsonl)
    expect(await buffer.get('task', 't')).toEqual(task)
    await buffer.close()
  })

  test('is written by a stop, without waiting for a full buffer', async () => {
    const recording = await bench.record({ settings: slow })
    bench.arrive(...tasks(500))
    await recording.stop()
    expect(recording.state.stores[0]).toMatchObject({ written: 500, messages: 500, waiting: 0, oldestWaitingAt: null })
    await bench.inLmdb(async (store) => expect(await store.count('task')).toBe(500))
  })

  test('is written when the buffer is full, and not before its time', async () => {
    const recording = await bench.record({ settings: { ...slow, bufferSize: 10 } })
    bench.arrive(...tasks(9))
    await expect.poll(() => recording.state.stores[0]).toMatchObject({ waiting: 9, written: 0, oldestWaitingAt: 1795406571 })
    bench.arrive(...tasks(1, 9))
    await expect.poll(() => recording.state.stores[0]).toMatchObject({ waiting: 0, written: 10 })
  })

  test('tells its listeners', async () => {
    const recording = await bench.record()
    const told: number[] = []
    const end = recording.onState(({ stores }) => told.push(stores[0]?.written ?? -1))
    bench.arrive(...tasks(3))
    await expect.poll(() => told.at(-1)).toBe(3)
    end()
    bench.arrive(...tasks(1, 3))
    await expect.poll(() => recording.state.stores[0]?.written).toBe(4)
    expect(told.at(-1)).toBe(3)
  })
})

describe('a record without an id', () => {
  const lightweight = { type: 'task', activity_id: 'light', generated: [1, 2] }

  test('has the same name in every store, and again when the same frame is written again', async () => {
    const recording = await bench.record({ targets: { jsonl: bench.jsonl } })
    bench.arrive(lightweight, lightweight)
    await recording.stop()
    const found = await bench.inLmdb(everything)
    expect(Object.keys(found.task ?? {})).toHaveLength(2)
    const buffer = await openJsonlStore(bench.jsonl)
    expect(await everything(buffer)).toEqual(found)
    await buffer.close()
    // As after a kill between a write and the cursor's move.
    const reader = await openFrameLogReader(bench.logFolder, 'lmdb')
    await reader.commit(0)
    await reader.close()
    const again = await bench.record()
    await expect.poll(() => again.state.stores[0]?.messages).toBe(2)
    expect(await bench.inLmdb(everything)).toEqual(found)
  })

  test('has another name than the same frame of another log', () => {
    expect(frameName('a', 7)).toBe(frameName('a', 7))
    expect(frameName('a', 7)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(new Set(['a', 'b'].flatMap((log) => [1, 2, 3].map((seq) => frameName(log, seq)))).size).toBe(6)
  })
})

describe('what cannot be stored', () => {
  test('is counted once, however many stores there are, and the rest is stored', async () => {
    const recording = await bench.record({ targets: { jsonl: bench.jsonl } })
    bench.arrive(Buffer.from([0xc1]), ...tasks(2), Buffer.from([0x93, 1]), Buffer.from([0x01]), ...tasks(1, 2))
    await expect.poll(() => recording.state).toMatchObject({ undecodable: 3, stores: [{ written: 3, waiting: 0 }, { written: 3, waiting: 0 }] })
  })

  test('is told: a message of no kind, and a value', async () => {
    const recording = await bench.record()
    bench.arrive({ hello: 1 }, { type: 'report', x: 1 }, { type: 'task', task_id: 'k'.repeat(600) }, ...tasks(1))
    await expect.poll(() => recording.state.stores[0]).toMatchObject({ written: 1, messages: 1, waiting: 0, problems: 3 })
    expect(recording.state.stores[0]?.problem).toMatch(/600 bytes long/)
  })
})

describe('stores are independent', () => {
  test('one that is not there holds up nobody, keeps its place in the log, and a stop says what it lacks', async () => {
    const recording = await bench.record({ targets: { mongodb: `mongodb://ada:hush@127.0.0.1:${await freePort()}/run` } })
    bench.arrive(...tasks(30))
    await expect.poll(() => recording.state.stores.map(({ written, waiting }) => ({ written, waiting }))).toEqual([{ written: 30, waiting: 0 }, { written: 0, waiting: 30 }])
    await expect.poll(() => recording.state.stores[1]?.state.name).toBe('retrying')
    expect(recording.state.stores[1]?.oldestWaitingAt).toBe(1795406571)
    await recording.stop(50)
    expect(recording.state.stores[1]).toMatchObject({ written: 0, waiting: 30, state: { name: 'closed' } })
    expect(JSON.stringify(recording.state)).not.toContain('hush')
    const reader = await openFrameLogReader(bench.logFolder, 'mongodb')
    expect((await reader.rest(1 << 20)).filter(({ kind }) => kind === 'frame')).toHaveLength(30)
    await reader.close()
  })

  test('a target that is none is refused at once', async () => {
    const file = join(bench.folder, 'file')
    writeFileSync(file, 'x')
    await expect(bench.record({ targets: { lmdb: file } })).rejects.toThrow(Refusal)
    await expect(bench.record({ targets: { lmdb: null } })).rejects.toThrow(/nothing to record to/)
    await expect(bench.record({ targets: { mongodb: 'http://x' } })).rejects.toThrow(/no MongoDB URI/)
    mkdirSync(join(bench.folder, 'v2'))
    const page = Buffer.alloc(8192)
    for (const at of [0, 4096]) {
      page.writeUInt32LE(0xbeefc0de, at + 16)
      page.writeUInt32LE(2, at + 20)
      page.writeUInt32LE(4096, at + 40)
    }
    writeFileSync(join(bench.folder, 'v2', 'data.mdb'), page)
    await expect(bench.record({ targets: { lmdb: join(bench.folder, 'v2') } })).rejects.toThrow(/data format v2/)
  })
})

describe('going on in the same folder', () => {
  test('begins where each store was, and writes nothing twice', async () => {
    const first = await bench.record()
    bench.arrive(...tasks(20))
    await expect.poll(() => first.state.stores[0]?.written).toBe(20)
    await first.stop()
    bench.arrive(...tasks(5, 20))
    const second = await bench.record({ targets: { jsonl: bench.jsonl } })
    await expect.poll(() => second.state.stores.map(({ written, waiting }) => ({ written, waiting }))).toEqual([{ written: 5, waiting: 0 }, { written: 25, waiting: 0 }])
    await bench.inLmdb(async (store) => expect(await store.count('task')).toBe(25))
  })
})

describe('enriching', () => {
  const enriching = { ...defaultInserterSettings, bufferTimeSeconds: 0.05, enrichMessages: true, host: { login_name: 'ada', node_name: 'login1' } }
  const snapshot = (user: number): object => ({ cpu: { percent_all: 1, times_avg: { user, system: 1, idle: 1 } } })

  test('fills in the host only where no message of the task names one, and keeps the tags of the user', async () => {
    const recording = await bench.record({ settings: enriching })
    bench.arrive({ type: 'task', task_id: 't', node_name: 'cab7', started_at: 10, tags: ['mine'], telemetry_at_start: snapshot(1) as never })
    await expect.poll(() => recording.state.stores[0]?.written).toBe(1)
    bench.arrive({ type: 'task', task_id: 't', ended_at: 12, telemetry_at_end: snapshot(3) as never, generated: { result: 0.95 } })
    await expect.poll(() => recording.state.stores[0]?.messages).toBe(2)
    await bench.inLmdb(async (store) => {
      expect(await store.get('task', 't')).toMatchObject({
        node_name: 'cab7', login_name: 'ada', tags: ['mine', 'long_duration', 'high_output'], telemetry_summary: { duration_sec: 2, cpu: { user_time_diff: 2, percent_all_diff: 0 } }
      })
    })
  })

  test('is done only where it is asked for', async () => {
    const recording = await bench.record()
    bench.arrive({ type: 'task', task_id: 't', started_at: 10, ended_at: 12, telemetry_at_start: snapshot(1) as never, telemetry_at_end: snapshot(3) as never })
    await recording.stop()
    await bench.inLmdb(async (store) => expect(Object.keys((await store.get('task', 't')) ?? {}).toSorted()).toEqual(['ended_at', 'started_at', 'task_id', 'telemetry_at_end', 'telemetry_at_start']))
  })
})

test('empty fields are left out where the settings say so', async () => {
  const recording = await bench.record({ settings: { ...defaultInserterSettings, removeEmptyFields: true } })
  bench.arrive({ type: 'task', task_id: 't', stdout: '', stderr: null, used: { a: null, b: 0 } }, { type: 'workflow', workflow_id: 'w', name: '' })
  await recording.stop()
  expect(await bench.inLmdb(everything)).toMatchObject({ task: { t: { task_id: 't', used: { b: 0 } } }, workflow: { w: { type: 'workflow', workflow_id: 'w' } } })
  expect(await bench.inLmdb(async (store) => Object.keys((await store.get('task', 't')) ?? {}))).toEqual(['task_id', 'used'])
})

test('of an object the newest version is kept, whatever comes late', async () => {
  const recording = await bench.record()
  const version = (n: number, tag: string): { type: string; object_id: string; version: number; tags: string[] } => ({ type: 'object', object_id: 'o', version: n, tags: [tag] })
  bench.arrive(version(1, 'b'), version(2, 'c'))
  await expect.poll(() => recording.state.stores[0]?.messages).toBe(2)
  bench.arrive(version(0, 'a'))
  await recording.stop()
  expect(await bench.inLmdb(async (store) => await store.get('object', 'o'))).toEqual(version(2, 'c'))
})

test('a thread that breaks down says so: its stores are lost, and a stop tells why', async () => {
  const script = join(bench.folder, 'breaks.mjs')
  const store = { type: 'lmdb', name: 'x', state: { name: 'live' }, written: 1, messages: 1, waiting: 0, oldestWaitingAt: null, problems: 0, problem: null }
  const news = { news: 'started', state: { stores: [store], undecodable: 0, controlMessages: 0 } }
  writeFileSync(script, `import { parentPort } from 'node:worker_threads'; parentPort.postMessage(${JSON.stringify(news)}); parentPort.once('message', () => process.exit(3))`)
  const recording = await recordInWorker({ folder: bench.logFolder, targets: { lmdb: null, mongodb: null, jsonl: null }, asInserter: null, settings: defaultInserterSettings }, script)
  expect(recording.state.stores[0]?.state.name).toBe('live')
  await expect(recording.stop()).rejects.toThrow('Its thread has ended.')
  expect(await recording.ended).toBe('stopped')
  expect(recording.state.stores[0]?.state).toMatchObject({ name: 'lost', reason: 'The recording has broken down: Its thread has ended.' })
})
