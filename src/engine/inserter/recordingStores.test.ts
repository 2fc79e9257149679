/** Real stores that go away while a recording runs: a server cut off or killed, a disk that fills up, other writers of the same LMDB folder. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { JsonObject } from '#contract/json'
import { openMongoStore } from '#engine/stores/mongoStore'
import { bundleModule } from '../../testing/bundleModule.ts'
import { whyNoFlowcept } from '../../testing/flowceptPython.ts'
import { everything, RecordingBench } from '../../testing/recordingBench.ts'
import { mongoFlavours, startMongo, testWithoutMongo, type MongoServer } from '../../testing/servers/mongo.ts'
import { maySkip } from '../../testing/servers/serverProcess.ts'
import { tcpGate, type TcpGate } from '../../testing/tcpGate.ts'
import { defaultInserterSettings } from './flowceptSettings.ts'
import { recordInWorker } from './recordInWorker.ts'
import type { Recording } from './recordingState.ts'

let bench: RecordingBench
beforeEach(() => {
  bench = new RecordingBench()
})
afterEach(async () => await bench.close())

const tasks = (count: number, from = 0, more: JsonObject = {}): JsonObject[] => Array.from({ length: count }, (_, n) => ({ type: 'task', task_id: `t${String(from + n).padStart(6, '0')}`, used: { n: from + n }, ...more }))
const progress = (recording: Recording): [string, number, number][] => recording.state.stores.map(({ type, messages, waiting }) => [type, messages, waiting])

const flavours = mongoFlavours()
if (flavours.length === 0) testWithoutMongo()
describe.each(flavours)('MongoDB (%s)', (flavour) => {
  let server: MongoServer
  let gate: TcpGate
  beforeEach(async () => {
    server = await startMongo(flavour)
    gate = await tcpGate(Number(new URL(server.uri).port))
  })
  afterEach(async () => {
    await gate.close()
    await server.stop()
  })
  const throughGate = (): string => `mongodb://127.0.0.1:${gate.port}/run`
  const inMongo = async (): Promise<Awaited<ReturnType<typeof everything>>> => {
    const store = openMongoStore(`${server.uri}run`, { readOnly: true })
    try {
      return await everything(store)
    } finally {
      await store.close()
    }
  }

  // FerretDB never answers again about a collection whose connection was cut off in the middle of a command.
  const survivesCuts = flavour !== 'ferretdb'

  test.skipIf(!survivesCuts)('cut off in the middle of a run is brought up to date from the log, while LMDB never waited', async () => {
    await bench.openLog()
    const recording = await bench.record({ targets: { mongodb: throughGate() } })
    bench.arrive(...tasks(100, 0, { status: 'RUNNING' }))
    await expect.poll(() => progress(recording)).toEqual([['lmdb', 100, 0], ['mongodb', 100, 0]])
    await gate.shut()
    bench.arrive(...tasks(150, 0, { status: 'FINISHED', generated: { y: 1 } }))
    await expect.poll(() => recording.state.stores[0]).toMatchObject({ messages: 250, waiting: 0 })
    await expect.poll(() => recording.state.stores[1]).toMatchObject({ messages: 100, waiting: 150, state: { name: 'retrying' } })
    await gate.open()
    await expect.poll(() => progress(recording)).toEqual([['lmdb', 250, 0], ['mongodb', 250, 0]])
    expect(recording.state.stores.map(({ written }) => written)).toEqual([150, 150])
    await recording.stop()
    const stored = await inMongo()
    expect(stored).toEqual(await bench.inLmdb(everything))
    expect(stored.task?.t000000).toMatchObject({ status: 'FINISHED', running: true, finished: true })
  })

  test.skipIf(!survivesCuts)('away longer than the log can wait is brought up to date from LMDB', async () => {
    const logLimitBytes = 400_000
    await bench.openLog({ limitBytes: logLimitBytes, segmentBytes: 40_000 })
    const recording = await bench.record({ targets: { mongodb: throughGate() }, logLimitBytes })
    await gate.shut()
    const text = 'x'.repeat(2000)
    let sent = 0
    while (sent < 1000) {
      sent += bench.arrive(...tasks(40, sent, { stdout: text }))
      await expect.poll(() => recording.state.stores[0]?.messages).toBe(sent)
      await expect.poll(() => (bench.log?.bytes ?? 0) < 0.8 * logLimitBytes).toBe(true)
    }
    expect(recording.state.stores[1]).toMatchObject({ messages: 0, waiting: sent, oldestWaitingAt: expect.any(Number) as number })
    await gate.open()
    await expect.poll(() => progress(recording)).toEqual([['lmdb', sent, 0], ['mongodb', sent, 0]])
    expect(recording.state.stores[1]).toMatchObject({ written: sent, problems: 0 })
    await recording.stop()
    expect(await inMongo()).toEqual(await bench.inLmdb(everything))
  }, 180_000)

  const keepsRecords = flavour !== 'mongo-java-server'
  test.skipIf(!keepsRecords)(`killed and started again has everything${keepsRecords ? '' : ' (skipped: this server keeps its records in memory)'}`, async () => {
    await bench.openLog()
    const recording = await bench.record({ targets: { mongodb: `${server.uri}run` } })
    for (let round = 0; round < 3; round++) {
      bench.arrive(...tasks(200, round * 400))
      await expect.poll(() => recording.state.stores[1]?.messages).toBeGreaterThan(round * 400)
      await server.kill()
      bench.arrive(...tasks(200, round * 400 + 200))
      await expect.poll(() => recording.state.stores[0]).toMatchObject({ messages: round * 400 + 400, waiting: 0 })
      await expect.poll(() => recording.state.stores[1]?.state.name).toBe('retrying')
      await server.start()
      await expect.poll(() => recording.state.stores[1]).toMatchObject({ messages: round * 400 + 400, waiting: 0, state: { name: 'live' } })
    }
    await recording.stop()
    expect(await inMongo()).toEqual(await bench.inLmdb(everything))
  }, 180_000)

  test('an object that Flowcept itself keeps there is left as it is, whatever its messages say', async () => {
    await bench.openLog()
    const store = openMongoStore(`${server.uri}run`)
    await store.write([{ kind: 'object', message: { object_id: 'o', version: 2, object_type: 'ml_model', created_at: 5.5 } }])
    const recording = await bench.record({ targets: { mongodb: `${server.uri}run` } })
    bench.arrive({ type: 'object', object_id: 'o', version: 1, tags: ['late'] }, { type: 'object', object_id: 'o', version: 2, tags: ['same'] }, { type: 'object', object_id: 'mine', version: 0, tags: ['t'] })
    await expect.poll(() => progress(recording)).toEqual([['lmdb', 3, 0], ['mongodb', 3, 0]])
    expect(await store.get('object', 'o')).toEqual({ object_id: 'o', version: 2, object_type: 'ml_model', created_at: 5.5 })
    expect(await store.get('object', 'mine')).toMatchObject({ tags: ['t'] })
    await bench.inLmdb(async (lmdb) => expect(await lmdb.get('object', 'o')).toMatchObject({ version: 2, tags: ['same'] }))
    await store.close()
  })
})

const noMount = whyNoMount()

test.skipIf(noMount !== null && maySkip())(`a disk that is full holds up LMDB only, and what waited is there once it has room${noMount === null ? '' : ` (skipped: ${noMount})`}`, async () => {
  mkdirSync(bench.lmdb)
  const mount = (options: string): void => {
    const done = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', bench.lmdb], { encoding: 'utf8' })
    if (done.status !== 0) throw new Error(done.stderr)
  }
  mount('size=2m')
  let recording: Recording | null = null
  try {
    await bench.openLog()
    recording = await bench.record({ targets: { jsonl: bench.jsonl } })
    const stdout = 'x'.repeat(4000)
    for (let sent = 0; sent < 2000; sent += 100) bench.arrive(...tasks(100, sent, { stdout }))
    await expect.poll(() => recording?.state.stores).toMatchObject([{ state: { name: 'retrying', reason: expect.stringMatching(/disk of .* is full/) as string } }, { messages: 2000, waiting: 0 }])
    const [full] = recording.state.stores
    expect(full?.messages).toBeLessThan(2000)
    expect((full?.messages ?? 0) + (full?.waiting ?? 0)).toBe(2000)
    // What was reported before is there, with the disk as full as it is.
    await bench.inLmdb(async (store) => expect(await store.count('task')).toBeGreaterThanOrEqual(full?.messages ?? 0))
    mount('remount,size=64m')
    await expect.poll(() => recording?.state.stores[0]).toMatchObject({ messages: 2000, waiting: 0, state: { name: 'live' } })
    await recording.stop()
    await bench.inLmdb(async (store) => expect(await store.count('task')).toBe(2000))
  } finally {
    await recording?.stop(0)
    spawnSync('umount', ['-l', bench.lmdb])
  }
})

describe('others that write the same LMDB folder at the same time', () => {
  test('another recording, in a thread of its own: both are whole, and what both have is merged', async () => {
    await bench.openLog()
    const script = await bundleModule('src/engine/inserter/recordingWorker.ts', 'recording-worker')
    const other = new RecordingBench()
    try {
      await other.openLog()
      const mine = await bench.record()
      const theirs = await recordInWorker({ folder: other.logFolder, targets: { lmdb: bench.lmdb, mongodb: null, jsonl: null }, asInserter: null, settings: { ...defaultInserterSettings, bufferTimeSeconds: 0.02 } }, script)
      for (let sent = 0; sent < 3000; sent += 100) {
        bench.arrive(...tasks(100, sent, { started_at: 1.5 }))
        other.arrive(...tasks(100, sent, { ended_at: 2.5 }))
        if (sent % 500 === 0) await new Promise((resolve) => setTimeout(resolve, 20))
      }
      await expect.poll(() => [progress(mine), progress(theirs)]).toEqual([[['lmdb', 3000, 0]], [['lmdb', 3000, 0]]])
      await mine.stop()
      await theirs.stop()
      expect(await theirs.ended).toBe('stopped')
      const { task = {} } = await bench.inLmdb(everything)
      expect(Object.keys(task)).toHaveLength(3000)
      expect(Object.values(task).filter((document) => document.started_at === 1.5 && document.ended_at === 2.5)).toHaveLength(3000)
    } finally {
      await other.close()
    }
  })

  test('a worker says why a target cannot be opened', async () => {
    const script = await bundleModule('src/engine/inserter/recordingWorker.ts', 'recording-worker-refused')
    await expect(recordInWorker({ folder: bench.logFolder, targets: { lmdb: null, mongodb: null, jsonl: null }, asInserter: null, settings: defaultInserterSettings }, script)).rejects.toMatchObject({ name: 'Refusal', code: 'bad-request' })
  })

  const missing = whyNoFlowcept()
  test.skipIf(missing !== null)(`Python's lmdb, as Flowcept has it${missing === null ? '' : ` (skipped: ${missing})`}`, async () => {
    await bench.openLog()
    const recording = await bench.record()
    bench.arrive(...tasks(1))
    await expect.poll(() => recording.state.stores[0]?.messages).toBe(1)
    const python = spawn(process.env['PROVSCOPE_PYTHON'] ?? 'python3', ['-c', pythonWriter, bench.lmdb], { stdio: ['ignore', 'ignore', 'inherit'] })
    const done = new Promise((resolve) => python.once('close', resolve))
    let sent = 1
    let isOver = false
    void done.then(() => {
      isOver = true
    })
    while (!isOver) {
      bench.arrive(...tasks(50, sent))
      sent += 50
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    expect(await done).toBe(0)
    await recording.stop()
    expect(recording.state.stores[0]).toMatchObject({ messages: sent, waiting: 0, problems: 0 })
    const { task = {} } = await bench.inLmdb(everything)
    expect(Object.keys(task).filter((id) => id.startsWith('python'))).toHaveLength(500)
    expect(Object.keys(task).filter((id) => id.startsWith('t'))).toHaveLength(sent)
  })
})

function whyNoMount(): string | null {
  if (process.getuid?.() !== 0) return 'only root may mount a small disk'
  const folder = mkdtempSync(join(tmpdir(), 'provscope-mount-'))
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]).status === 0
  if (isMounted) spawnSync('umount', [folder])
  rmdirSync(folder)
  return isMounted ? null : 'a small disk cannot be mounted here'
}

/** Opens it with the options of Flowcept's LMDBDAO, writes, and reads all that is there while the other writes. */
const pythonWriter = `
import json, sys, lmdb
env = lmdb.open(sys.argv[1], map_size=10**12, max_dbs=5)
tasks = env.open_db(b"tasks")
for n in range(500):
    with env.begin(write=True, db=tasks) as txn:
        txn.put(f"python{n}".encode(), json.dumps({"task_id": f"python{n}", "used": {"n": n}}).encode())
    if n % 50 == 0:
        with env.begin(db=tasks) as txn:
            for key, value in txn.cursor():
                assert json.loads(value)["task_id"] == key.decode()
env.close()
`
