/** One store's way through the log: what it does when the store refuses, for a while, for long, or one message only. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { JsonObject } from '#contract/json'
import { Refusal } from '#contract/reply'
import { openFrameLogReader } from '#engine/sources/queue/frameLog'
import { openLmdbStore } from '#engine/stores/lmdbStore'
import type { Store, StoreState, StoreWrite, WriteOptions, WriteResult } from '#engine/stores/store'
import { RecordingBench } from '../../testing/recordingBench.ts'
import { BehindLedger } from './behindLedger.ts'
import { DocumentInserter } from './documentInserter.ts'
import { defaultInserterSettings } from './flowceptSettings.ts'
import { messageOf } from './messageOf.ts'
import { StandIn } from './standIn.ts'
import { StoreFlow } from './storeFlow.ts'
import { OnlyRecords } from './onlyRecords.ts'

/** An LMDB store that can be told to be away, as a server is, or to break on what it is given. */
class GatedStore extends OnlyRecords {
  override get state(): StoreState {
    return this.isAway ? { name: 'retrying', attempt: 1, sinceMs: 0, reason: 'it is away' } : this.inner.state
  }
  isAway = false
  breaksOn: (message: JsonObject) => boolean = () => false
  writes = 0
  private readonly told = new Set<(state: StoreState) => void>()

  constructor(private readonly inner: Store) {
    super(inner, new Map())
  }

  override onState(listener: (state: StoreState) => void): () => void {
    this.told.add(listener)
    return () => void this.told.delete(listener)
  }

  gate(isAway: boolean): void {
    this.isAway = isAway
    for (const listener of this.told) listener(this.state)
  }

  override async write(batch: readonly StoreWrite[] = [], options: WriteOptions = {}): Promise<WriteResult> {
    this.writes++
    if (this.isAway) throw new Refusal('unavailable', 'it is away')
    if (batch.some(({ message }) => this.breaksOn(message))) throw new TypeError('cannot be encoded')
    return await this.inner.write(batch, options)
  }

  override async count(kind: 'task'): Promise<number> {
    return await this.inner.count(kind)
  }

  override async close(): Promise<void> {
    await this.inner.close()
  }
}

let bench: RecordingBench
let stores: Store[]
let flows: { flow: StoreFlow; done: Promise<void> }[]

beforeEach(async () => {
  bench = new RecordingBench()
  stores = []
  flows = []
})
afterEach(async () => {
  for (const { flow } of flows) flow.stop(0, 0)
  for (const { done } of flows) await done
  for (const store of stores) await store.close()
  await bench.close()
})

function gated(name: string): GatedStore {
  const store = new GatedStore(openLmdbStore(`${bench.folder}/${name}`))
  stores.push(store)
  return store
}

/** @param limitBytes of the log: with it, the other flows make up for a store that is away */
async function run(store: Store, cursor: string, limitBytes?: number): Promise<StoreFlow> {
  const inserter = new DocumentInserter(store, { settings: { ...defaultInserterSettings, bufferSize: 5 }, nameOf: String })
  const standIn = new StandIn({ folder: bench.logFolder, store, logLimitBytes: limitBytes, others: () => flows.map(({ flow }) => flow) })
  const reader = await openFrameLogReader(bench.logFolder, cursor)
  const flow = new StoreFlow(store, reader, inserter, await BehindLedger.open(bench.logFolder, cursor, reader.seq), 20, {
    backOffMs: { first: 5, most: 20 },
    decode: messageOf,
    onUndecodable: () => undefined,
    onChange: () => undefined,
    mayLetGo: async () => await standIn.isNeeded(),
    isHeldElsewhere: (seq) => standIn.hasAll(seq),
    catchUp: async (ledger, signal) => await standIn.bring(ledger, signal)
  })
  flows.push({ flow, done: flow.run() })
  return flow
}

const tasks = (count: number, from = 0, text = ''): JsonObject[] => Array.from({ length: count }, (_, n) => ({ type: 'task', task_id: `t${from + n}`, used: { n: from + n, text } }))

describe('a store that refuses', () => {
  test('is tried until it takes what waits; nothing is lost, nothing is counted before', async () => {
    await bench.openLog()
    const store = gated('a')
    const flow = await run(store, 'a')
    bench.arrive(...tasks(3))
    await expect.poll(() => flow.messages).toBe(3)
    store.isAway = true
    bench.arrive(...tasks(7, 3))
    await expect.poll(() => flow.state.name).toBe('retrying')
    expect(flow.messages).toBe(3)
    expect(flow.durableSeq).toBeLessThan(bench.log?.lastSeq ?? 0)
    store.gate(false)
    await expect.poll(() => ({ messages: flow.messages, records: flow.counter.count, state: flow.state.name })).toEqual({ messages: 10, records: 10, state: 'live' })
    expect(await store.count('task')).toBe(10)
  })

  test('that never comes back ends at the deadline, and its cursor stays', async () => {
    await bench.openLog()
    const store = gated('a')
    store.isAway = true
    const flow = await run(store, 'a')
    bench.arrive(...tasks(3))
    await expect.poll(() => flow.state.name).toBe('retrying')
    flow.stop(bench.log?.lastSeq ?? 0, Date.now() + 20)
    await flows[0]?.done
    const reader = await openFrameLogReader(bench.logFolder, 'a')
    expect((await reader.rest(1 << 20)).filter(({ kind }) => kind === 'frame')).toHaveLength(3)
    await reader.close()
  })
})

describe('a message that breaks a write', () => {
  test('costs the others nothing, and is told', async () => {
    await bench.openLog()
    const store = gated('a')
    store.breaksOn = (message) => message.task_id === 't4'
    const flow = await run(store, 'a')
    bench.arrive(...tasks(9))
    await expect.poll(() => flow.messages).toBe(8)
    expect(flow.problems).toBe(1)
    expect(flow.problem).toMatch(/^task t4: .* refuses it: cannot be encoded\.$/)
    expect(await store.count('task')).toBe(8)
  })

  test('is not taken for one where nothing can be written at all', async () => {
    await bench.openLog()
    const store = gated('a')
    store.breaksOn = () => true
    const flow = await run(store, 'a')
    bench.arrive(...tasks(9))
    await expect.poll(() => flow.state).toMatchObject({ name: 'retrying', reason: expect.stringMatching(/takes nothing: cannot be encoded/) as string })
    expect(flow.problems).toBe(0)
    store.breaksOn = () => false
    await expect.poll(() => flow.messages).toBe(9)
  })

  test('alone, holds up the store until another message shows that it is the message', async () => {
    await bench.openLog()
    const store = gated('a')
    store.breaksOn = (message) => message.task_id === 't0'
    const flow = await run(store, 'a')
    bench.arrive(...tasks(1))
    await expect.poll(() => flow.state.name).toBe('retrying')
    bench.arrive(...tasks(1, 1))
    await expect.poll(() => ({ messages: flow.messages, problems: flow.problems, state: flow.state.name })).toEqual({ messages: 1, problems: 1, state: 'live' })
  })
})

describe('a store that is away so long that the log would overflow', () => {
  const limitBytes = 200_000
  const text = 'x'.repeat(2000)

  test('lets its frames go, and is brought up to date from the other store', async () => {
    await bench.openLog({ limitBytes, segmentBytes: 20_000 })
    const [lmdb, server] = [gated('lmdb'), gated('server')]
    const steady = await run(lmdb, 'lmdb', limitBytes)
    const flow = await run(server, 'server', limitBytes)
    bench.arrive(...tasks(10, 0, text))
    await expect.poll(() => flow.messages).toBe(10)
    server.gate(true)
    let sent = 10
    // Five times what the log takes.
    while (sent < 485) {
      sent += bench.arrive(...tasks(25, sent, text))
      await expect.poll(() => steady.messages).toBe(sent)
      await expect.poll(() => (bench.log?.bytes ?? 0) < 0.9 * limitBytes).toBe(true)
    }
    expect(await server.count('task')).toBe(10)
    expect(flow.behind).toBeGreaterThan(300)
    expect(flow.messages).toBe(10)
    server.gate(false)
    await expect.poll(() => flow.messages).toBe(sent)
    await expect.poll(() => ({ behind: flow.behind, problems: flow.problems, records: flow.counter.count })).toEqual({ behind: 0, problems: 0, records: sent })
    expect(await server.count('task')).toBe(sent)
    bench.arrive(...tasks(1, sent))
    await expect.poll(() => flow.messages).toBe(sent + 1)
  })

  test('goes on catching up after the process ended in between', async () => {
    await bench.openLog({ limitBytes, segmentBytes: 20_000 })
    const [lmdb, server] = [gated('lmdb'), gated('server')]
    server.isAway = true
    const steady = await run(lmdb, 'lmdb', limitBytes)
    const first = await run(server, 'server', limitBytes)
    let sent = 0
    while (sent < 200) {
      sent += bench.arrive(...tasks(25, sent, text))
      await expect.poll(() => steady.messages).toBe(sent)
      await expect.poll(() => (bench.log?.bytes ?? 0) < 0.9 * limitBytes).toBe(true)
    }
    expect(first.behind).toBeGreaterThan(0)
    first.stop(bench.log?.lastSeq ?? 0, Date.now())
    await flows[1]?.done
    flows.pop()
    server.isAway = false
    const second = await run(server, 'server', limitBytes)
    await expect.poll(() => second.messages).toBe(sent)
    expect(await server.count('task')).toBe(sent)
  })

  test('without another store its frames stay, and what does not fit is told by the log', async () => {
    await bench.openLog({ limitBytes, segmentBytes: 20_000 })
    const server = gated('server')
    server.isAway = true
    const flow = await run(server, 'server', limitBytes)
    let taken = 0
    for (let sent = 0; sent < 200; sent += 10) taken += bench.arrive(...tasks(10, sent, text))
    await bench.log?.flush()
    expect(taken).toBeLessThan(200)
    expect(taken).toBeGreaterThan(50)
    server.gate(false)
    await expect.poll(() => flow.messages).toBe(taken)
    const reader = await openFrameLogReader(bench.logFolder, 'after')
    const events = (await reader.rest(1 << 20)).filter(({ kind }) => kind === 'event')
    expect(events).toMatchObject([{ event: 'overflow' }])
    await reader.close()
  })
})
