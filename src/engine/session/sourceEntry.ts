/** One source from the moment somebody named it: finds its files, opens them, watches them, reads on or anew, and lets go of everything. */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Problem } from '#contract/overview'
import { Refusal } from '#contract/reply'
import type { Source } from '#contract/sources'
import { type Expansion, expandSources } from '#engine/sources/expand'
import { type FileSegments, openSegments } from '#engine/sources/openSegments'
import type { SegmentsChange, SourceFile } from '#engine/sources/segments'
import type { Database } from './table/database.ts'
import type { OpenReader } from './load/openReader.ts'
import { titleOf, unreadState } from './describeSource.ts'
import { OpenSource } from './load/openSource.ts'
import { OwnProblems, type Replacement } from './services/ownProblems.ts'
import type { EntryChange, EntryRead, OpenEntry } from './openEntry.ts'
import { ReadingSpeed } from './readingSpeed.ts'
import type { Recent } from './services/recents.ts'
import type { SourceTable } from './table/sourceTable.ts'

export type SourceEntryOptions = {
  readonly sourceId: string
  /** Absolute paths and globs, or `-`. */
  readonly named: readonly string[]
  readonly follow: boolean
  /** Private to this source. */
  readonly folder: string
  readonly database: Database
  readonly openReader: OpenReader
  readonly onChange: EntryChange
  readonly onRead: EntryRead
}

/** What is there once the files are open. */
type Opened = { readonly table: OpenSource; readonly segments: FileSegments }

export class SourceEntry implements OpenEntry {
  readonly #options: SourceEntryOptions
  readonly #abort = new AbortController()
  readonly #own: OwnProblems
  #expansion: Expansion | null = null
  #opened: Opened | null = null
  #error: string | null = null
  #speed = new ReadingSpeed()
  readonly #openedAt = Date.now() / 1000
  #following: boolean
  #stale: Source['stale'] = null
  /** Bytes on disk that have been read to the end: what is more than that has come since. */
  #readUpTo: number | null = null
  #rememberedBytes: number | null = null
  #lastRevision = 0
  #generation = 0
  /** Opening and reopening, one after the other. */
  #turn: Promise<void>

  constructor(options: SourceEntryOptions) {
    this.#options = options
    this.#own = new OwnProblems(options.sourceId)
    this.#following = options.follow
    this.#turn = this.#begin()
  }

  get sourceId(): string {
    return this.#options.sourceId
  }

  get named(): readonly string[] {
    return this.#options.named
  }

  /** Its files, in the order in which they are read; none of standard input. */
  get paths(): readonly string[] {
    return this.#expansion?.files.map(({ path }) => path) ?? []
  }

  get failed(): boolean {
    return this.#error !== null || this.#opened?.table.state().state === 'failed'
  }

  get problems(): readonly Problem[] {
    return [...this.#own.list, ...(this.#opened?.table.problems.list ?? [])]
  }

  /** Lines that are no messages. */
  get rejectedLines(): number {
    return this.problems.filter((problem) => problem.level === 'error' && problem.line !== null).reduce((sum, problem) => sum + problem.count, 0)
  }

  get files(): readonly SourceFile[] {
    return this.#opened?.segments.files ?? []
  }

  place(problemId: string): { file: number; byte: number } | undefined {
    return this.#opened?.table.problems.place(problemId)
  }

  async readSome(file: number, byte: number, sizeBytes: number): Promise<Uint8Array> {
    return (await this.#opened?.segments.readSome(file, byte, sizeBytes)) ?? new Uint8Array()
  }

  /** Waits for the files to be open, not for them to be read. */
  async table(): Promise<SourceTable> {
    await this.#turn
    if (this.#opened !== null) return this.#opened.table
    throw new Refusal('unavailable', this.#error ?? 'This source is no longer open.')
  }

  describe(): Source {
    const { named, sourceId } = this.#options
    const state = this.#opened?.table.state() ?? unreadState(named, this.#expansion, this.#error)
    return {
      sourceId,
      ...titleOf(named, this.#expansion),
      ...state,
      secondsLeft: state.state === 'reading' ? this.#speed.secondsLeft(state.totalBytes, performance.now()) : null,
      problems: this.problems.length,
      following: this.#following,
      live: null,
      stale: this.#stale,
      revision: Math.max(this.#lastRevision, state.revision)
    }
  }

  /** What to remember of it; null for what cannot be opened again. */
  recent(): Recent | null {
    if (this.#opened === null || this.#expansion === null || this.#expansion.kind === 'stdin') return null
    const { kind, name, path } = this.#expansion
    const { counts, errors } = this.#opened.table.state()
    return { named: [...this.named], name, path, kind, tasks: counts.tasks, errors, sizeBytes: this.#opened.segments.totalBytes ?? 0, openedAt: this.#openedAt }
  }

  /** Ends reading where it is; what has been read stays. */
  async stop(): Promise<void> {
    await this.#opened?.table.stop()
    this.#changed('source')
  }

  /** Goes on after a stop, reads what has come since the end, or tries again what failed. */
  readOn(): void {
    const stale = this.#stale
    this.#stale = null
    if (this.failed || (stale !== null && stale.grewBytes === 0)) this.#again(() => undefined)
    else this.#goOn()
    this.#changed('source')
  }

  follow(on: boolean): void {
    this.#following = on
    if (on && this.#stale !== null) this.readOn()
    this.#changed('source')
  }

  async close(): Promise<void> {
    if (this.#rememberedBytes !== null && this.#rememberedBytes !== this.#opened?.segments.totalBytes) this.#remember('again')
    this.#generation++
    this.#abort.abort()
    await this.#turn
    await this.#letGo()
    await rm(this.#options.folder, { recursive: true, force: true, maxRetries: 3 })
  }

  async #begin(): Promise<void> {
    const generation = ++this.#generation
    try {
      this.#expansion = await expandSources(this.named, '/', this.#abort.signal)
      this.#own.leftOut(this.#expansion)
      this.#changed('problems')
      const opened = await this.#openFiles(this.#expansion)
      this.#opened = opened
      opened.segments.watch((change) => this.#onDisk(change))
      this.#awaitEnd(opened, generation)
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#error = error instanceof Error ? error.message : String(error)
    }
    this.#changed('source')
  }

  async #openFiles({ files, kind }: Expansion): Promise<Opened> {
    const { database, folder, openReader, sourceId } = this.#options
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const spec = { paths: kind === 'stdin' ? ['-'] : files.map((file) => file.path), folder: join(folder, 'texts') }
    const segments = await openSegments(spec)
    try {
      const reader = await openReader(spec, folder, sourceId)
      const table = await OpenSource.open({ sourceId, database, segments, reader, onChange: (what) => this.#onRead(what) })
      // Answers of the earlier reading must not pass for answers of this one.
      table.revision += this.#lastRevision
      return { table, segments }
    } catch (error) {
      await segments.close()
      throw error
    }
  }

  #awaitEnd({ table, segments }: Opened, generation: number): void {
    void table.done.then(() => {
      if (generation !== this.#generation) return
      const state = table.state()
      if (state.state === 'failed') return
      if (this.#rememberedBytes === null) this.#remember('first')
      if (state.state === 'ready') {
        const cutShort = table.problems.list.some((problem) => problem.kind.endsWith('-compression'))
        this.#readUpTo = cutShort ? segments.totalBytes : state.readBytes
        this.#grown()
      }
      this.#changed('source')
    })
  }

  #remember(times: 'first' | 'again'): void {
    this.#rememberedBytes = this.#opened?.segments.totalBytes ?? null
    this.#options.onRead(this, times)
  }

  #onRead(what: 'progress' | 'records' | 'problems'): void {
    const state = this.#opened?.table.state()
    if (state?.state === 'reading') this.#speed.add(state.readBytes, performance.now())
    if (what !== 'progress') this.#changed(what)
    this.#changed('source')
  }

  #onDisk(change: SegmentsChange): void {
    if (change.kind === 'grew') this.#grown()
    else this.#replaced(change.file, change.reason)
    this.#changed('source')
  }

  #grown(): void {
    const total = this.#opened?.segments.totalBytes ?? null
    // While it is being read, its end will be met anyway.
    if (total === null || this.#readUpTo === null || total <= this.#readUpTo) return
    if (this.#following) this.#goOn()
    else this.#stale = { grewBytes: total - this.#readUpTo, at: Date.now() / 1000 }
  }

  #replaced(file: number, reason: Replacement): void {
    const name = this.#opened?.segments.files[file]?.name ?? ''
    const again = this.#following && reason !== 'gone'
    if (again) this.#again(() => this.#own.replaced(name, reason, true))
    else {
      this.#own.replaced(name, reason, false)
      if (reason !== 'gone') this.#stale = { grewBytes: 0, at: Date.now() / 1000 }
    }
    this.#changed('problems')
  }

  #goOn(): void {
    const opened = this.#opened
    if (opened === null || opened.table.state().state === 'reading') return
    this.#readUpTo = null
    this.#stale = null
    this.#speed = new ReadingSpeed()
    opened.table.readOn()
    this.#awaitEnd(opened, this.#generation)
  }

  /** Everything from the beginning, in the same place of the list. */
  #again(tell: () => void): void {
    this.#generation++
    const reopen = async (): Promise<void> => {
      await this.#letGo()
      if (this.#abort.signal.aborted) return
      this.#error = null
      this.#stale = null
      this.#readUpTo = null
      this.#speed = new ReadingSpeed()
      this.#own.clear()
      tell()
      await this.#begin()
      this.#changed('records')
    }
    this.#turn = this.#turn.then(reopen).catch((error: unknown) => {
      this.#error = error instanceof Error ? error.message : String(error)
      this.#changed('source')
    })
  }

  async #letGo(): Promise<void> {
    const opened = this.#opened
    if (opened === null) return
    this.#opened = null
    this.#lastRevision = opened.table.revision + 1
    await opened.table.close()
  }

  #changed(what: 'source' | 'records' | 'problems'): void {
    if (!this.#abort.signal.aborted) this.#options.onChange(this.sourceId, what)
  }
}
