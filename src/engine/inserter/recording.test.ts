/** A recording over a frame log: what arrives is in every store, at each store's own pace, once, and with nothing that is only said. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Packr } from 'msgpackr'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openFrameLogWriter } from '#engine/sources/queue/frameLog'
import type { FrameLogWriter } from '#engine/sources/queue/frames'
import { openJsonlStore } from '#engine/stores/jsonlStore'
import { openLmdbStore } from '#engine/stores/lmdbStore'
import type { Store } from '#engine/stores/store'
import { defaultInserterSettings } from './flowceptSettings.ts'
import type { Recording, RecordingSpec } from './recordingState.ts'
import { startRecording } from './startRecording.ts'

const packr = new Packr({ useRecords: false, variableMapSize: true })
let folder: string
let log: FrameLogWriter
let recordings: Recording[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'provscope-recording-'))
  log = await openFrameLogWriter({ folder: join(folder, 'log'), limitBytes: 1 << 30 })
  recordings = []
})

afterEach(async () => {
  for (const recording of recordings) await recording.stop(0)
  await log.close()
  rmSync(folder, { recursive: true })
})

function arrive(...messages: unknown[]): void {
  for (const message of messages) log.append(1795406571 + log.lastSeq, 'interception', message instanceof Uint8Array ? message : packr.pack(message))
}

async function record(spec: Partial<Omit<RecordingSpec, 'targets'>> & { targets?: Partial<RecordingSpec['targets']> } = {}): Promise<Recording> {
  const targets = { lmdb: join(folder, 'lmdb'), mongodb: null, jsonl: null, ...spec.targets }
  const recording = await startRecording({ folder: join(folder, 'log'), asInserter: null, settings: { ...defaultInserterSettings, bufferTimeSeconds: 0.05 }, ...spec, targets })
  recordings.push(recording)
  return recording
}

async function withLmdb<T>(read: (store: Store) => Promise<T>, path = join(folder, 'lmdb')): Promise<T> {
  const store = openLmdbStore(path, { readOnly: true })
  try {
    return await read(store)
  } finally {
    await store.close()
  }
}

describe('what arrives', () => {
  test('is in every store when the recording says so, and the log is done with it', async () => {
    const recording = await record({ targets: { jsonl: join(folder, 'buffer.jsonl') } })
    arrive({ type: 'workflow', workflow_id: 'w', name: 'n' }, { type: 'task', task_id: 't', status: 'RUNNING', used: { x: 1 } })
    arrive({ type: 'task', task_id: 't', status: 'FINISHED', generated: { y: 2 } }, { type: 'agent', agent_id: 'a' })
    await expect.poll(() => recording.state.stores.map(({ type, written, messages, waiting }) => ({ type, written, messages, waiting }))).toEqual([
      { type: 'lmdb', written: 3, messages: 4, waiting: 0 },
      { type: 'jsonl', written: 3, messages: 4, waiting: 0 }
    ])
    await recording.stop()
    expect(recording.state.stores.map(({ state }) => state.name)).toEqual(['closed', 'closed'])
    expect(await recording.ended).toBe('stopped')
    const task = { task_id: 't', status: 'FINISHED', running: true, finished: true, used: { x: 1 }, generated: { y: 2 } }
    await withLmdb(async (store) => {
      expect(await store.get('task', 't')).toEqual(task)
      expect(await store.get('workflow', 'w')).toEqual({ type: 'workflow', workflow_id: 'w', name: 'n' })
      expect(await store.get('agent', 'a')).toEqual({ type: 'agent', agent_id: 'a' })
    })
    const buffer = await openJsonlStore(join(folder, 'buffer.jsonl'))
    expect(await buffer.get('task', 't')).toEqual(task)
    await buffer.close()
  })

  test('a stop writes what has arrived, without waiting for a full buffer', async () => {
    const recording = await record({ settings: { ...defaultInserterSettings, bufferTimeSeconds: 3600, bufferSize: 1e9 } })
    arrive(...Array.from({ length: 500 }, (_, n) => ({ type: 'task', task_id: `t${n}` })))
    await recording.stop()
    expect(recording.state.stores[0]).toMatchObject({ written: 500, messages: 500, waiting: 0, oldestWaitingAt: null })
    await withLmdb(async (store) => expect(await store.count('task')).toBe(500))
  })

  test('a full buffer is written at once, an old one in time', async () => {
    const recording = await record({ settings: { ...defaultInserterSettings, bufferTimeSeconds: 3600, bufferSize: 10 } })
    arrive(...Array.from({ length: 9 }, (_, n) => ({ type: 'task', task_id: `t${n}` })))
    await expect.poll(() => recording.state.stores[0]).toMatchObject({ waiting: 9, written: 0, oldestWaitingAt: 1795406571 })
    arrive({ type: 'task', task_id: 't9' })
    await expect.poll(() => recording.state.stores[0]).toMatchObject({ waiting: 0, written: 10 })
  })
})
