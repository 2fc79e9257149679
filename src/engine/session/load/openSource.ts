/** A source while it is open: reads it batch by batch into DuckDB, merges its records, tells how far it is, and answers as a SourceTable. */
import type { Source } from '#contract/sources'
import type { Records } from '#contract/values'
import type { LiveNews, Segments } from '#engine/sources/segments'
import type { Database } from '../table/database.ts'
import { Loader } from './loader.ts'
import { isRefusal, removeCulprits } from './loaderCulprits.ts'
import { livePace, MergePace, pipePace } from './mergePace.ts'
import { mergeTouched } from './mergeTouched.ts'
import { mergePass } from './openSourceMerge.ts'
import { OpenSourceTable } from './openSourceTable.ts'
import { ProblemLog } from './problemLog.ts'
import { notLoaded } from './readerProblems.ts'
import type { MergeGroups } from './mergeRows.ts'
import type { Batch } from './reader.ts'
import type { ReaderPort } from './readerPort.ts'
import { RecordLines } from './recordLines.ts'
import type { Shape } from '../table/shape.ts'
import type { ColumnState } from './shapes.ts'
import type { ColumnValues, NamedColumn, SourceTable, Sql, SqlResult } from '../table/sourceTable.ts'

export type OpenSourceState = Pick<Source, 'state' | 'error' | 'readBytes' | 'totalBytes' | 'secondsLeft' | 'loadSeconds' | 'stage' | 'counts' | 'errors' | 'problems' | 'revision'>

export type OpenSourceOptions = {
  readonly sourceId: string
  /** Of the tables; the source's id unless told. A source that is read anew beside itself needs another one. */
  readonly schema?: string
  readonly database: Database
  /** This thread's view of the files, for texts; the reader has its own. */
  readonly segments: Segments
  readonly reader: ReaderPort
  /** Called after anything in `state()` has changed: `records` if answers to queries have. */
  readonly onChange?: (what: 'progress' | 'records' | 'problems') => void
  /** Set for a message queue: told what came with a batch once queries see its rows. */
  readonly onLive?: (news: readonly LiveNews[]) => void
}

/** The head shows at once; then pieces grow until DuckDB works at full speed. */
const batchSizes = [256 << 10, 4 << 20, 32 << 20]
const fullBatchBytes = 64 << 20
/** What comes from a queue: as much as is shown within a moment, and more than comes in one. */
const liveBatchBytes = 8 << 20
/** Between two batches of a queue: what comes meanwhile goes together, since a batch of one row costs as much as one of hundreds. */
const liveBatchMs = 60
/** Some two of DuckDB's row groups. */
const rowsBetweenCheckpoints = 250_000

export class OpenSource implements SourceTable {
  readonly problems: ProblemLog
  /** Settles when everything there is has been read, or reading has stopped; never rejects. */
  done: Promise<void>
  private readonly table: OpenSourceTable
  private phase: Source['state'] = 'reading'
  private stage: Source['stage'] = 'first'
  private error: string | null = null
  private readBytes = 0
  private readonly startedAt = performance.now()
  private loadSeconds: number | null = null
  private isStopping = false
  private isClosed = false
  private batches = 0
  /** Whether rows that the reader has counted are not there. */
  private lostRows = false
  private rowsSinceCheckpoint = 0
  /** Rows before this one have been merged. */
  private mergedLine = 0
  /** Only for a queue. */
  private readonly records: RecordLines | null
  private tookAtMs = 0
  /** Somebody has to wake up for it; there is something to merge. */
  private isMergeDue = false
  private isUnmerged = false
  private paused: { readonly gate: Promise<void>; readonly open: () => void } | null = null

  private constructor(
    private readonly options: OpenSourceOptions,
    private readonly loader: Loader
  ) {
    this.problems = new ProblemLog(options.sourceId, (file) => this.fileName(file))
    this.table = new OpenSourceTable(options.database, loader.rows)
    this.records = options.onLive ? new RecordLines() : null
    // Whatever is there of a queue is all there is: views need not wait for an end that does not come.
    if (options.onLive) this.stage = 'tasks'
    this.done = this.readAll()
  }

  static async open(options: OpenSourceOptions): Promise<OpenSource> {
    return new OpenSource(options, await Loader.create(options.database, options.schema ?? options.sourceId))
  }

  get sourceId(): string {
    return this.options.sourceId
  }

  get rows(): string {
    return this.loader.rows
  }

  get revision(): number {
    return this.table.revision
  }

  /** May be set forward: answers of an earlier reading must not pass for those of this one. */
  set revision(revision: number) {
    this.table.revision = revision
  }

  get shapes(): readonly Shape[] {
    return this.table.shapes
  }

  get physicalColumns(): readonly ColumnState[] {
    return this.table.physicalColumns
  }

  /** What its columns are called, over other rows of the same columns. */
  namesOver(rows: string, furtherShapes: readonly Shape[]): OpenSourceTable {
    return this.table.over(rows, furtherShapes)
  }

  recordsPredicate(records: Records): string {
    return this.table.recordsPredicate(records)
  }

  columns(records: Records): readonly NamedColumn[] {
    return this.table.columns(records)
  }

  column(records: Records, name: string): NamedColumn | undefined {
    return this.table.column(records, name)
  }

  async query(sql: Sql, signal?: AbortSignal, onShare?: (share: number) => void): Promise<SqlResult[]> {
    return await this.options.database.query(sql, signal, onShare)
  }

  async queryColumns(sql: Sql, signal?: AbortSignal): Promise<ColumnValues[]> {
    return await this.options.database.queryColumns(sql, signal)
  }

  async text({ byte, file, size }: { file: number; byte: number; size: number }): Promise<string> {
    const bytes = file < 0 ? await this.options.reader.readSpool(byte, size) : await this.options.segments.readText(file, byte, size)
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString()
  }

  fileName(file: number): string {
    return this.options.segments.files[file]?.name ?? ''
  }

  state(): OpenSourceState {
    const { totalBytes } = this.options.segments
    const seconds = (performance.now() - this.startedAt) / 1000
    const isTimed = this.phase === 'reading' && totalBytes !== null && this.batches > 2 && this.readBytes > 0
    return {
      state: this.phase,
      error: this.error,
      readBytes: this.readBytes,
      totalBytes,
      secondsLeft: isTimed ? Math.max(0, (seconds / this.readBytes) * (totalBytes - this.readBytes)) : null,
      loadSeconds: this.loadSeconds,
      stage: this.stage,
      counts: { ...this.table.counts },
      errors: this.table.errors,
      problems: this.problems.list.length,
      revision: this.table.revision
    }
  }

  /** Stops reading here: everything read so far is merged and stays. Settles when that is done. */
  async stop(): Promise<void> {
    if (this.phase !== 'reading') return
    this.isStopping = true
    this.options.reader.interrupt()
    this.pause(false)
    await this.done
  }

  /** Reads what has come of an endless source, and then ends as any other. */
  async finish(): Promise<void> {
    this.options.reader.finish(true)
    this.pause(false)
    await this.done
  }

  /** Holds reading back, after what has been taken already, or lets it go on. */
  pause(on: boolean): void {
    if (on === (this.paused !== null)) return
    if (on) {
      let open = (): void => undefined
      const gate = new Promise<void>((resolve) => (open = resolve))
      this.paused = { gate, open }
      this.options.reader.interrupt()
    } else {
      this.paused?.open()
      this.paused = null
    }
  }

  /** Goes on where reading ended: after a stop, or when there is more. */
  readOn(): void {
    if (this.isClosed || (this.phase !== 'ready' && this.phase !== 'stopped')) return
    this.isStopping = false
    this.phase = 'reading'
    this.options.reader.finish(false)
    this.done = this.done.then(async () => await this.readAll())
  }

  async close(): Promise<void> {
    this.isClosed = true
    this.isStopping = true
    this.options.reader.interrupt()
    this.pause(false)
    this.loader.interrupt()
    await this.done
    await this.options.reader.close()
    await this.options.segments.close()
    await this.loader.close()
  }

  private async readAll(): Promise<void> {
    try {
      const atEnd = await this.readBatches()
      if (this.isClosed) return
      if (atEnd && this.records === null) this.stage = 'core'
      this.changed('progress')
      await this.merge()
      if (this.isClosed) return
      await this.table.countFilled(this.lostRows)
      this.stage = 'tasks'
      this.phase = atEnd ? 'ready' : 'stopped'
      this.loadSeconds = (performance.now() - this.startedAt) / 1000
      this.changed('records')
    } catch (error) {
      this.fail(error)
    }
  }

  /** Until the end, or until stopped; the reader works on the next batch while one is loaded. True at the end. */
  private async readBatches(): Promise<boolean> {
    const { reader, segments } = this.options
    const wake = (): void => {
      this.isMergeDue = true
      reader.interrupt()
    }
    const pace = new MergePace(wake, this.records ? livePace : pipePace)
    let ahead = this.next()
    for (;;) {
      const batch = await ahead
      this.tookAtMs = performance.now()
      const goesOn = !batch.atEnd && !this.isStopping
      // While records are merged the reader must not be ahead, as each batch builds on the news of the one before.
      const mergesNow = goesOn && (this.mergedLine === 0 || (segments.totalBytes === null && (this.paused !== null || pace.isDue())))
      if (goesOn && !mergesNow) {
        ahead = this.next()
        // Whoever awaits it hears of its failure.
        ahead.catch(() => undefined)
      }
      if (this.records === null || isSomething(batch)) await this.took(await this.loadBatch(batch))
      this.isUnmerged ||= batch.rows > 0
      await this.checkpointAfter(batch.rows)
      if (!goesOn) return batch.atEnd
      if (!mergesNow) continue
      await pace.run(async () => await this.merge())
      if (this.isStopping) return false
      ahead = this.next()
    }
  }

  private async next(): Promise<Batch> {
    if (this.records !== null) {
      await this.pastMoment()
      // An interrupt that came meanwhile found nothing to interrupt.
      if (this.isStopping || this.isMergeDue || (this.paused !== null && this.isUnmerged)) return nothingRead
    }
    await this.paused?.gate
    if (this.isStopping) return nothingRead
    return await this.options.reader.next(this.records ? liveBatchBytes : this.batchBytes())
  }

  private async pastMoment(): Promise<void> {
    const waitMs = this.tookAtMs + liveBatchMs - performance.now()
    if (waitMs > 0 && !this.isStopping) await new Promise((resolve) => setTimeout(resolve, waitMs))
  }

  private fail(error: unknown): void {
    if (this.isClosed) return
    this.phase = 'failed'
    this.error = error instanceof Error ? error.message : String(error)
    this.changed('progress')
  }

  private batchBytes(): number {
    return batchSizes[this.batches++] ?? fullBatchBytes
  }

  private async checkpointAfter(rows: number): Promise<void> {
    this.rowsSinceCheckpoint += rows
    if (this.rowsSinceCheckpoint < rowsBetweenCheckpoints) return
    this.rowsSinceCheckpoint = 0
    await this.loader.checkpoint()
  }

  /** The batch as it has been loaded: without lines that DuckDB refuses, should there be any. */
  private async loadBatch(batch: Batch): Promise<Batch> {
    try {
      await this.loader.transaction(async () => await this.insert(batch, false))
      return batch
    } catch (error) {
      if (!isRefusal(error)) throw error
    }
    this.lostRows = true
    const tried = await Promise.all(batch.parts.map(async (part) => await removeCulprits(part, async (some) => await this.loader.tryPart(some))))
    const problems = tried.flatMap(({ culprits }) => culprits.map(notLoaded))
    const rest = { ...batch, parts: tried.map(({ part }) => part).filter((part) => part.rows > 0), problems: [...batch.problems, ...problems] }
    await this.loader.transaction(async () => await this.insert(rest, false))
    return rest
  }

  /** Within a transaction. */
  private async insert(batch: Batch, merged: boolean): Promise<void> {
    const changes = batch.news.columns.flatMap(({ index, storage }) => (storage === null ? [] : [{ index, storage }]))
    for (const { byte, file } of batch.replaces) await this.loader.run(`DELETE FROM ${this.rows} WHERE file = ${file} AND byte >= ${byte}`)
    await this.loader.load(batch.parts, changes, merged)
  }

  /** After the transaction: what queries see now has these names. */
  private async took(batch: Batch): Promise<void> {
    await this.loader.removeFiles(batch.parts)
    this.table.learn(batch.news)
    this.readBytes = Math.max(this.readBytes, batch.readBytes)
    this.lostRows ||= batch.replaces.length > 0
    for (const { byte, file } of batch.replaces) this.problems.removeFrom(file, byte)
    if (this.problems.add(batch.problems)) this.options.onChange?.('problems')
    await this.table.count()
    if (batch.live.length > 0) this.options.onLive?.(batch.live)
    this.changed('records')
  }

  /** Merges what has come since the last time. */
  private async merge(): Promise<void> {
    this.isMergeDue = false
    this.isUnmerged = false
    const batches: Batch[] = []
    const fromLine = this.mergedLine
    const nextLine = await this.table.nextLine()
    if (fromLine === nextLine) return
    const { database, reader } = this.options
    const pass = {
      database,
      loader: this.loader,
      fromLine,
      merge: async (groups: MergeGroups) => await reader.merge(groups),
      load: async (batch: Batch) => {
        await this.insert(batch, true)
        await this.loader.removeFiles(batch.parts)
        batches.push(batch)
      },
      isStopped: () => this.isClosed
    }
    const merged = this.records ? await mergeTouched({ ...pass, records: this.records }) : await mergePass({ ...pass, mergedFrom: nextLine })
    this.mergedLine = nextLine
    for (const batch of batches) this.table.learn(batch.news)
    if (merged === 0 && this.records !== null) return
    await this.table.count()
    this.changed('records')
  }

  private changed(what: 'progress' | 'records'): void {
    this.options.onChange?.(what)
  }
}

const nothingRead: Batch = { parts: [], rows: 0, kinds: [0, 0, 0, 0, 0, 0], news: { leaves: [], shapes: [], columns: [] }, problems: [], replaces: [], readBytes: 0, atEnd: false, live: [] }

function isSomething({ live, parts, problems }: Batch): boolean {
  return parts.length > 0 || problems.length > 0 || live.length > 0
}
