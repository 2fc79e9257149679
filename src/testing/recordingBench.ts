/** What tests of recordings share: a folder, a frame log that messages arrive in, and recordings of it that end with the test. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject } from '#contract/json'
import { defaultInserterSettings } from '#engine/inserter/flowceptSettings'
import { packMessage } from '#engine/inserter/messagePublisher'
import type { Recording, RecordingSpec } from '#engine/inserter/recordingState'
import { startRecording } from '#engine/inserter/startRecording'
import { openFrameLogWriter } from '#engine/sources/queue/frameLog'
import type { FrameLogOptions, FrameLogWriter } from '#engine/sources/queue/frames'
import type { Intake } from '#engine/sources/queue/intakeState'
import { parseQueueUrl } from '#engine/sources/queue/queueAddress'
import { startIntake } from '#engine/sources/queue/startIntake'
import { openLmdbStore } from '#engine/stores/lmdbStore'
import type { Store } from '#engine/stores/store'

export type BenchSpec = Partial<Omit<RecordingSpec, 'targets'>> & { readonly targets?: Partial<RecordingSpec['targets']> }

export class RecordingBench {
  readonly folder = mkdtempSync(join(tmpdir(), 'provscope-recording-'))
  readonly logFolder = join(this.folder, 'log')
  readonly lmdb = join(this.folder, 'lmdb')
  readonly jsonl = join(this.folder, 'buffer.jsonl')
  log: FrameLogWriter | null = null
  private readonly recordings: Recording[] = []
  private readonly intakes: Intake[] = []

  async openLog(options: Partial<FrameLogOptions> = {}): Promise<void> {
    this.log = await openFrameLogWriter({ folder: this.logFolder, limitBytes: 1 << 30, ...options })
  }

  /** Has a queue's messages arrive; record before, so that none is done with too early. */
  async attach(url: string): Promise<Intake> {
    const { address, password } = parseQueueUrl(url)
    const intake = await startIntake({ address, password, folder: this.logFolder, limitBytes: 1 << 30 })
    this.intakes.push(intake)
    await intake.ready
    return intake
  }

  /** Messages, or bytes as they are; each arrives a second after the one before. Returns how many of them the log took. */
  arrive(...messages: (JsonObject | Uint8Array)[]): number {
    const { log } = this
    if (!log) throw new Error('open the log first')
    return messages.filter((message) => log.append(1795406571 + log.lastSeq, 'interception', message instanceof Uint8Array ? message : packMessage(message))).length
  }

  /** Into LMDB unless told. */
  async record({ targets, ...spec }: BenchSpec = {}): Promise<Recording> {
    const recording = await startRecording({
      folder: this.logFolder,
      asInserter: null,
      settings: { ...defaultInserterSettings, bufferTimeSeconds: 0.05 },
      ...spec,
      targets: { lmdb: this.lmdb, mongodb: null, jsonl: null, ...targets }
    })
    this.recordings.push(recording)
    return recording
  }

  async inLmdb<T>(read: (store: Store) => Promise<T>, path = this.lmdb): Promise<T> {
    const store = openLmdbStore(path, { readOnly: true })
    try {
      return await read(store)
    } finally {
      await store.close()
    }
  }

  async close(): Promise<void> {
    for (const intake of this.intakes) await intake.stop()
    for (const recording of this.recordings) await recording.stop(0)
    await this.log?.close()
    rmSync(this.folder, { recursive: true })
  }
}

/** A store of each kind of record's documents, by id. */
export async function everything(store: Store): Promise<Record<string, Record<string, JsonObject>>> {
  const found: Record<string, Record<string, JsonObject>> = {}
  for (const kind of ['task', 'workflow', 'agent', 'object'] as const) {
    const records: Record<string, JsonObject> = {}
    for await (const { id, document } of store.iterate(kind)) records[id] = document
    found[kind] = records
  }
  return found
}
