/** One store from the moment somebody named it: read into tables like a file, watched for changes, and read anew beside what is shown. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Problem } from '#contract/overview'
import { Refusal } from '#contract/reply'
import type { Source } from '#contract/sources'
import { openMongoStore, type MongoStore } from '#engine/stores/mongoStore'
import type { OpenSourceState } from '../load/openSource.ts'
import type { OpenReader } from '../load/openReader.ts'
import { type ReaderPort, WorkerReader } from '../load/readerPort.ts'
import type { EntryChange, EntryRead, OpenEntry } from '../openEntry.ts'
import { ReadingSpeed } from '../readingSpeed.ts'
import type { Recent } from '../services/recents.ts'
import type { Database } from '../table/database.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { PushedRows } from './pushedRows.ts'
import { placeName, placeTitle, type StorePlace } from './storePlace.ts'
import { StoreReading } from './storeReading.ts'
import { lmdbStamp, mongoBytes, mongoStamp, watchStore, type StoreStamp } from './storeWatch.ts'

export type StoreEntryOptions = {
  readonly sourceId: string
  readonly place: StorePlace
  readonly follow: boolean
  /** Private to this source. */
  readonly folder: string
  readonly database: Database
  readonly openReader: OpenReader
  readonly onChange: EntryChange
  readonly onRead: EntryRead
  /** How often it is looked at. */
  readonly watchMs?: number
}

const watchMs = { lmdb: 1000, mongodb: 5000 } as const
/** While following, stores of up to so many records are read anew by themselves. */
const smallRecords = 50_000
/** What following may take of the time. */
const followingShare = 0.2

const unread: OpenSourceState = {
  state: 'reading', error: null, readBytes: 0, totalBytes: 0, secondsLeft: null, loadSeconds: null, stage: 'first',
  counts: { messages: 0, tasks: 0, workflows: 0, agents: 0, objects: 0 }, errors: 0, problems: 0, revision: 0
}

export class StoreEntry implements OpenEntry {
  readonly #options: StoreEntryOptions
  readonly #abort = new AbortController()
  readonly #openedAt = Date.now() / 1000
  #mongo: MongoStore | null = null
  #pushed: PushedRows | null = null
  /** What queries see. */
  #shown: StoreReading | null = null
  /** What is being read to take its place. */
  #next: StoreReading | null = null
  #error: string | null = null
  #speed = new ReadingSpeed()
  #following: boolean
  #stale: Source['stale'] = null
  #latest: StoreStamp | null = null
  #endWatch: () => void = () => undefined
  #lastRevision = 0
  #generation = 0
  #isRemembered = false
  /** Following reads anew no sooner; performance.now(). */
  #restUntil = 0
  /** Opening, reopening and reading anew, one after the other. */
  #turn: Promise<void>
  #rereading: Promise<void> | null = null
  #reader: ReaderPort | null = null

  constructor(options: StoreEntryOptions) {
    this.#options = options
    this.#following = options.follow
    this.#turn = this.#begin()
  }

  get sourceId(): string {
    return this.#options.sourceId
  }

  get store(): StorePlace {
    return this.#options.place
  }

  get named(): readonly string[] {
    return [placeName(this.store)]
  }

  get failed(): boolean {
    return this.#error !== null || this.#shown?.table.state().state === 'failed'
  }

  get problems(): readonly Problem[] {
    return this.#shown?.table.problems.list ?? []
  }

  get rejectedLines(): number {
    return this.problems.filter((problem) => problem.level === 'error' && problem.line !== null).reduce((sum, problem) => sum + problem.count, 0)
  }

  /** Null for LMDB, and while there is no connection. */
  get mongo(): MongoStore | null {
    return this.#mongo
  }

  /** What the server answers in place of the tables. */
  get pushed(): PushedRows | null {
    return this.#pushed
  }

  place(problemId: string): { file: number; byte: number } | undefined {
    return this.#shown?.table.problems.place(problemId)
  }

  async readSome(file: number, byte: number, sizeBytes: number): Promise<Uint8Array> {
    return (await this.#shown?.segments.readSome(file, byte, sizeBytes)) ?? new Uint8Array()
  }

  async table(): Promise<SourceTable> {
    await this.#turn
    if (this.#shown !== null) return this.#shown.table
    throw new Refusal('unavailable', this.#error ?? 'This source is no longer open.')
  }

  describe(): Source {
    const shown = this.#shown?.table.state() ?? { ...unread, ...(this.#error !== null && { state: 'failed' as const, error: this.#error }) }
    const next = this.#next?.table.state()
    // What is shown stays whole while it is read anew; only the progress is that of the new reading.
    const state = next ? { ...shown, state: 'reading' as const, readBytes: next.readBytes, totalBytes: next.totalBytes } : shown
    return {
      sourceId: this.sourceId,
      name: placeTitle(this.store),
      path: placeName(this.store),
      kind: this.store.type,
      files: 1,
      ...state,
      secondsLeft: state.state === 'reading' ? this.#speed.secondsLeft(state.totalBytes, performance.now()) : null,
      problems: this.problems.length,
      following: this.#following,
      live: null,
      stale: this.#stale,
      revision: Math.max(this.#lastRevision, state.revision)
    }
  }

  recent(): Recent | null {
    if (this.#shown === null) return null
    const { counts, errors } = this.#shown.table.state()
    return { named: [...this.named], name: placeTitle(this.store), path: placeName(this.store), kind: this.store.type, tasks: counts.tasks, errors, sizeBytes: this.#shown.stamp.sizeBytes, openedAt: this.#openedAt }
  }

  async stop(): Promise<void> {
    await (this.#next ?? this.#shown)?.table.stop()
    this.#changed('source')
  }

  readOn(): void {
    if (this.failed) this.#again()
    else if (this.#shown?.table.state().state === 'stopped' && this.#stale === null) this.#goOn(this.#shown)
    else this.#readAnew()
    this.#changed('source')
  }

  follow(on: boolean): void {
    this.#following = on
    if (on && this.#stale !== null) this.readOn()
    this.#changed('source')
  }

  async close(): Promise<void> {
    this.#abort.abort()
    this.#endWatch()
    await this.#turn
    await this.#next?.close()
    await this.#rereading
    await this.#shown?.close()
    await this.#mongo?.close()
    await rm(this.#options.folder, { recursive: true, force: true, maxRetries: 3 })
  }

  async #begin(): Promise<void> {
    try {
      const reading = await this.#open(await this.#ask())
      this.#show(reading)
      this.#endWatch = watchStore(async () => await this.#ask(), this.#options.watchMs ?? watchMs[this.store.type], (stamp) => this.#looked(stamp))
      this.#awaitEnd(reading)
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#error = error instanceof Error ? error.message : String(error)
    }
    this.#changed('source')
  }

  /** Its stamp, connecting first if need be. @throws Refusal */
  async #ask(): Promise<StoreStamp> {
    const { place } = this.#options
    if (place.type === 'lmdb') {
      const stamp = lmdbStamp(place.path)
      if (stamp.mark === 'none') throw new Refusal('not-found', `${place.path} holds no data.mdb, or an empty one.`)
      return stamp
    }
    this.#mongo ??= openMongoStore(place.uri, { readOnly: true })
    return await mongoStamp(this.#mongo)
  }

  async #open(stamp: StoreStamp): Promise<StoreReading> {
    const { database, folder, place, sourceId } = this.#options
    const openReader: OpenReader = async (...asked) => await this.#openReader(...asked)
    const generation = ++this.#generation
    const totalBytes = this.#mongo ? await mongoBytes(this.#mongo) : stamp.sizeBytes
    this.#speed = new ReadingSpeed()
    const onChange = (reading: StoreReading, what: 'progress' | 'records' | 'problems'): void => this.#onRead(reading, what)
    return await StoreReading.open({ sourceId, place, folder: join(folder, String(generation)), generation, database, openReader, stamp, totalBytes, onChange })
  }

  /** In the thread of the reading before, which has the store open already. */
  async #openReader(...[segments, folder, name]: Parameters<OpenReader>): Promise<ReaderPort> {
    const former = this.#reader
    this.#reader = former instanceof WorkerReader && !former.hasEnded ? await former.reopen({ segments, folder, name }) : await this.#options.openReader(segments, folder, name)
    return this.#reader
  }

  #show(reading: StoreReading): void {
    // Answers of the earlier reading must not pass for answers of this one.
    reading.table.revision += this.#lastRevision
    this.#shown = reading
    this.#stale = null
    if (this.#mongo) this.#pushed = new PushedRows(this.#mongo, reading.table)
  }

  #onRead(reading: StoreReading, what: 'progress' | 'records' | 'problems'): void {
    const state = reading.table.state()
    if (state.state === 'reading') this.#speed.add(state.readBytes, performance.now())
    if (what !== 'progress' && reading === this.#shown) this.#changed(what)
    this.#changed('source')
  }

  #awaitEnd(reading: StoreReading): void {
    void reading.table.done.then(() => {
      if (reading !== this.#shown || this.#abort.signal.aborted || this.failed) return
      this.#ended(reading)
      this.#changed('source')
    })
  }

  #ended(reading: StoreReading): void {
    this.#restUntil = performance.now() + ((reading.table.state().loadSeconds ?? 0) * 1000) / followingShare
    this.#options.onRead(this, this.#isRemembered ? 'again' : 'first')
    this.#isRemembered = true
    if (this.#latest) this.#compare(this.#latest)
  }

  #looked(stamp: StoreStamp): void {
    const isNews = stamp.mark !== (this.#latest ?? this.#shown?.stamp)?.mark
    this.#latest = stamp
    // The server answers with what is there now, so that a page asked for before is one of yesterday.
    if (isNews && this.#pushed && this.#shown) {
      this.#pushed.forget()
      this.#shown.table.revision++
      this.#changed('records')
    }
    this.#compare(stamp)
    if (isNews) this.#changed('source')
  }

  /** Whether what is shown is still what is there. */
  #compare(stamp: StoreStamp): void {
    const shown = this.#shown
    if (shown === null || this.#next !== null || this.#rereading !== null || shown.table.state().state !== 'ready') return
    if (stamp.mark === shown.stamp.mark) return
    const isSmall = shown.table.state().counts.messages <= smallRecords
    if (!this.#following || !isSmall) this.#stale ??= { grewBytes: Math.max(0, stamp.sizeBytes - shown.stamp.sizeBytes), at: Date.now() / 1000 }
    else if (performance.now() >= this.#restUntil) this.#readAnew()
  }

  #goOn(reading: StoreReading): void {
    reading.table.readOn()
    this.#awaitEnd(reading)
  }

  /** Beside what is shown, which gives way once the new reading is whole. */
  #readAnew(): void {
    if (this.#rereading !== null) return
    const before = this.#stale
    this.#stale = null
    this.#rereading = this.#takeAnew()
      .catch(() => {
        // The store is away, or is no store any more: what was read stays, and is still not what is there.
        this.#stale = before ?? { grewBytes: 0, at: Date.now() / 1000 }
      })
      .finally(() => {
        this.#rereading = null
        this.#changed('source')
      })
  }

  async #takeAnew(): Promise<void> {
    await this.#turn
    const next = await this.#open(await this.#ask())
    this.#next = next
    if (this.#abort.signal.aborted) await next.close()
    await next.table.done
    this.#next = null
    if (this.#abort.signal.aborted || next.table.state().state !== 'ready') {
      await next.close()
      throw new Refusal('unavailable', next.table.state().error ?? 'Reading was stopped.')
    }
    const former = this.#shown
    this.#lastRevision = (former?.table.revision ?? 0) + 1
    this.#show(next)
    this.#ended(next)
    this.#changed('records')
    this.#changed('problems')
    await former?.close()
  }

  /** From the beginning, in the same place of the list. */
  #again(): void {
    this.#turn = this.#turn.then(async () => {
      this.#endWatch()
      const former = this.#shown
      this.#shown = null
      this.#lastRevision = (former?.table.revision ?? this.#lastRevision) + 1
      await former?.close()
      if (this.#abort.signal.aborted) return
      this.#error = null
      this.#latest = null
      await this.#begin()
      this.#changed('records')
    })
  }

  #changed(what: 'source' | 'records' | 'problems'): void {
    if (!this.#abort.signal.aborted) this.#options.onChange(this.sourceId, what)
  }
}
