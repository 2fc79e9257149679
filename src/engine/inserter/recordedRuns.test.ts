/** What Flowcept once published, sent again through a real Redis: every store ends up with the intended merge, and all with the same. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { stringifyJson, type JsonObject } from '#contract/json'
import { classify, type RecordKind } from '#engine/records/classify'
import { mergeBatch } from '#engine/records/mergeRecord'
import { openFrameLogReader } from '#engine/sources/queue/frameLog'
import type { Frame } from '#engine/sources/queue/frames'
import { openJsonlStore } from '#engine/stores/jsonlStore'
import { sameValue } from '#engine/stores/mergeInto'
import { openMongoStore } from '#engine/stores/mongoStore'
import { recordKinds, type Store } from '#engine/stores/store'
import { everything, RecordingBench } from '../../testing/recordingBench.ts'
import { readRecording, recordingNames, type RecordingName } from '../../testing/recordings.ts'
import { mongoFlavours, startMongo, testWithoutMongo, type MongoServer } from '../../testing/servers/mongo.ts'
import { hasRedis, noRedis, type RedisServer, startRedis } from '../../testing/servers/redis.ts'
import { frameName, LogMemoryFile } from './logMemory.ts'
import { messageOf } from './messageOf.ts'
import { openMessagePublisher } from './messagePublisher.ts'

type Merge = Record<RecordKind, Map<string, JsonObject>>
const [flavour] = mongoFlavours()

describe.skipIf(!hasRedis())(hasRedis() ? 'a recorded run' : `a recorded run (skipped: ${noRedis})`, () => {
  let server: RedisServer
  let mongo: MongoServer | null = null
  let bench: RecordingBench
  beforeAll(async () => {
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
  if (!flavour) testWithoutMongo()

  test.each(recordingNames)('%s', async (name) => {
    const frames = readRecording(name)
    const url = `${server.url}/${frames[0]?.channel ?? ''}`
    // Holds the frames, for the other way to what they come to.
    const truth = await openFrameLogReader(bench.logFolder, 'truth')
    const recording = await bench.record({ targets: { jsonl: bench.jsonl, mongodb: mongo && `${mongo.uri}${name}` } })
    const intake = await bench.attach(url)
    const publisher = await openMessagePublisher(url)
    for (let at = 0; at < frames.length; at += 500) await publisher.publishRaw(frames.slice(at, at + 500).map(({ payload }) => payload))
    await publisher.close()
    await expect.poll(() => intake.state.received).toBe(frames.length)
    await intake.stop()
    await recording.stop()
    const merged = await intendedMerge(truth.rest.bind(truth), (await LogMemoryFile.open(bench.logFolder)).now.logId)
    await truth.close()
    const records = recordKinds.reduce((sum, kind) => sum + merged[kind].size, 0)
    expect(records).toBeGreaterThan(0)
    expect(recording.state.undecodable).toBe(0)
    for (const { type, waiting, written, messages } of recording.state.stores) {
      expect({ type, waiting, written, messages }).toEqual({ type, waiting: 0, written: records, messages: frames.length - recording.state.controlMessages })
    }
    await bench.inLmdb(async (store) => await expectSame(store, merged))
    const buffer = await openJsonlStore(bench.jsonl, { readOnly: true })
    await expectSame(buffer, merged)
    await buffer.close()
    if (!mongo) return
    const documents = openMongoStore(`${mongo.uri}${name}`, { readOnly: true })
    await expectSame(documents, merged)
    await documents.close()
  })

  test('the number of messages is that of the recordings', () => {
    const counts = Object.fromEntries(recordingNames.map((name) => [name, readRecording(name).length])) as Record<RecordingName, number>
    expect(Object.values(counts).every((count) => count > 0)).toBe(true)
    expect(counts.big).toBeGreaterThan(1000)
  })
})

/** Every message of a record merged at once, by the functions on records alone. */
async function intendedMerge(rest: (maxBytes: number) => Promise<readonly ({ readonly kind: 'event' } | Frame)[]>, logId: string): Promise<Merge> {
  const messages: { kind: RecordKind; seq: number; message: JsonObject }[] = []
  for (let entries = await rest(1 << 20); entries.length > 0; entries = await rest(1 << 20)) {
    for (const entry of entries) {
      if (entry.kind === 'event') continue
      const message = messageOf(entry)
      const kind = classify(message)
      if (kind !== 'control' && kind !== 'unknown') messages.push({ kind, seq: entry.seq, message })
    }
  }
  const merge = {} as Merge
  for (const kind of recordKinds) {
    const ofKind = messages.filter((candidate) => candidate.kind === kind)
    let at = 0
    const seqOfNameless = ofKind.filter(({ message }) => mergeBatch(kind, [message], { newId: () => 'none' })[0]?.id === 'none').map(({ seq }) => seq)
    const merged = mergeBatch(kind, ofKind.map(({ message }) => message), { newId: () => frameName(logId, seqOfNameless[at++] ?? 0) })
    merge[kind] = new Map(merged.map(({ id, document }) => [id, document]))
  }
  return merge
}

/** What a store cannot hold as it is (bytes, NaN) it says beforehand; all else is exactly the same. */
async function expectSame(store: Store, merged: Merge): Promise<void> {
  const found = await everything(store)
  for (const kind of recordKinds) {
    const documents = found[kind] ?? {}
    expect(Object.keys(documents).toSorted()).toEqual([...merged[kind].keys()].toSorted())
    for (const [id, document] of merged[kind]) {
      const { document: storable } = store.storable(kind, document)
      const stored = documents[id] ?? {}
      if (!sameValue(stored, storable)) expect(`${store.type} ${stringifyJson(stored, 1)}`).toBe(`${store.type} ${stringifyJson(storable, 1)}`)
    }
  }
}
