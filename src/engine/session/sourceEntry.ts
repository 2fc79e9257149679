/** One source from the moment somebody named it: finds its files, opens them, watches them, reads on or anew, and lets go of everything. */
import { mkdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Problem } from '#contract/overview'
import { Refusal } from '#contract/reply'
import type { Source } from '#contract/sources'
import { type Expansion, expandSources } from '#engine/sources/expand'
import { type FileSegments, openSegments } from '#engine/sources/openSegments'
import type { SegmentsChange } from '#engine/sources/segments'
import type { Database } from './database.ts'
import type { OpenReader } from './openReader.ts'
import { OpenSource } from './openSource.ts'
import type { ProblemSource } from './problems.ts'
import { ReadingSpeed } from './readingSpeed.ts'
import type { Recent } from './recents.ts'
import type { SourceTable } from './sourceTable.ts'

export type SourceEntryOptions = {
  readonly sourceId: string
  /** Absolute paths and globs, or `-`. */
  readonly named: readonly string[]
  readonly follow: boolean
  /** Private to this source. */
  readonly folder: string
  readonly database: Database
  readonly openReader: OpenReader
  readonly onChange: (sourceId: string, what: 'source' | 'records' | 'problems') => void
  /** It has been read as far as it goes for the first time, or is being closed after it went further. */
  readonly onRead: (entry: SourceEntry, times: 'first' | 'again') => void
}

/** What is there once the files are open. */
type Opened = { readonly table: OpenSource; readonly segments: FileSegments }

export class SourceEntry implements ProblemSource {
  readonly #options: SourceEntryOptions
  readonly #abort = new AbortController()
  readonly #own: Problem[] = []
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
    this.#following = options.follow
    this.#turn = this.#begin()
  }

  get sourceId(): string {
    return this.#options.sourceId
  }

  get named(): readonly string[] {
    return this.#options.named
  }

  get failed(): boolean {
    return this.#error !== null || this.#opened?.table.state().state === 'failed'
  }

  get problems(): readonly Problem[] {
    return [...this.#own, ...(this.#opened?.table.problems.list ?? [])]
  }

  /** Lines that are no messages. */
  get rejectedLines(): number {
    return this.problems.filter((problem) => problem.level === 'error' && problem.line !== null).reduce((sum, problem) => sum + problem.count, 0)
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
    const { sourceId, named } = this.#options
    const state = this.#opened?.table.state() ?? unread(this.#error)
    const total = this.#opened ? this.#opened.segments.totalBytes : named[0] === '-' ? null : sizeOf(this.#expansion)
    return {
      sourceId,
      name: this.#expansion?.name ?? basename(named[0] ?? ''),
      path: this.#expansion?.path ?? named[0] ?? '',
      kind: this.#expansion?.kind ?? (named[0] === '-' ? 'stdin' : named.length > 1 ? 'files' : 'file'),
      ...state,
      totalBytes: total,
      secondsLeft: state.state === 'reading' ? this.#speed.secondsLeft(total, performance.now()) : null,
      files: this.#expansion?.kind === 'stdin' ? 1 : (this.#expansion?.files.length ?? 0),
      problems: this.problems.length,
      following: this.#following,
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
    if (this.failed || (stale !== null && stale.grewBytes === 0)) this.#again(null)
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
      this.#tellLeftOut(this.#expansion)
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

  #replaced(file: number, reason: 'truncated' | 'replaced' | 'gone'): void {
    const name = this.#opened?.segments.files[file]?.name ?? ''
    const again = this.#following && reason !== 'gone'
    const problem = { ...replacements[reason], source: name, did: reason === 'gone' ? 'Kept what had been read' : again ? 'Read anew' : 'Kept what had been read; it can be read anew' }
    if (again) this.#again(problem)
    else {
      this.#tell(problem)
      if (reason !== 'gone') this.#stale = { grewBytes: 0, at: Date.now() / 1000 }
    }
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
  #again(problem: FoundProblem | null): void {
    this.#generation++
    this.#turn = this.#turn.then(async () => {
      await this.#letGo()
      if (this.#abort.signal.aborted) return
      this.#error = null
      this.#stale = null
      this.#readUpTo = null
      this.#speed = new ReadingSpeed()
      this.#own.length = 0
      if (problem !== null) this.#tell(problem)
      await this.#begin()
      this.#changed('records')
    })
  }

  async #letGo(): Promise<void> {
    const opened = this.#opened
    if (opened === null) return
    this.#opened = null
    this.#lastRevision = opened.table.revision + 1
    await opened.table.close()
  }

  #tellLeftOut({ leftOut }: Expansion): void {
    for (const { name, reason } of leftOut) this.#tell({ kind: 'left-out', level: 'error', title: 'File not read', source: name, message: reason, did: 'Left out; the others were read' })
  }

  #tell(problem: FoundProblem): void {
    const { sourceId } = this.#options
    this.#own.push({ ...problem, problemId: `${sourceId}:own${this.#generation}-${this.#own.length}`, sourceId, line: null, byte: null, count: 1, sample: '' })
    this.#changed('problems')
  }

  #changed(what: 'source' | 'records' | 'problems'): void {
    if (!this.#abort.signal.aborted) this.#options.onChange(this.sourceId, what)
  }
}

function sizeOf(expansion: Expansion | null): number {
  return expansion?.files.reduce((sum, file) => sum + file.sizeBytes, 0) ?? 0
}

type FoundProblem = Pick<Problem, 'kind' | 'level' | 'title' | 'source' | 'message' | 'did'>

const replacements = {
  truncated: { kind: 'file-truncated', level: 'warning', title: 'File became shorter', message: 'Something cut the file while it was open.' },
  replaced: { kind: 'file-replaced', level: 'warning', title: 'File was replaced', message: 'Another file lies in its place now.' },
  gone: { kind: 'file-gone', level: 'warning', title: 'File is gone', message: 'It was deleted or moved while it was open.' }
} as const

/** Before the files are open, and where they could not be opened. */
function unread(error: string | null): Omit<ReturnType<OpenSource['state']>, 'totalBytes' | 'secondsLeft'> {
  const counts = { messages: 0, tasks: 0, workflows: 0, agents: 0, objects: 0 }
  return { state: error === null ? 'reading' : 'failed', error, readBytes: 0, loadSeconds: null, stage: 'first', counts, errors: 0, problems: 0, revision: 0 }
}
