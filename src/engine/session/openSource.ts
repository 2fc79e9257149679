/** A source while it is open: reads it batch by batch into DuckDB, tells how far it is, and answers as a SourceTable. */
import type { Source } from '#contract/sources'
import type { Records } from '#contract/values'
import type { Segments } from '#engine/sources/segments'
import { Catalogue, type ExactFilled } from './catalogue.ts'
import type { Database } from './database.ts'
import { Loader } from './loader.ts'
import { ProblemLog } from './problemLog.ts'
import type { Batch } from './reader.ts'
import type { ReaderPort } from './readerPort.ts'
import type { Leaf, Shape } from './shape.ts'
import type { ColumnState } from './shapes.ts'
import { kindNumber, type NamedColumn, type SourceTable, type Sql, type SqlResult } from './sourceTable.ts'

export type OpenSourceState = Pick<Source, 'state' | 'error' | 'readBytes' | 'totalBytes' | 'secondsLeft' | 'loadSeconds' | 'stage' | 'counts' | 'errors' | 'problems' | 'revision'>

export type OpenSourceOptions = {
  readonly sourceId: string
  readonly database: Database
  /** This thread's view of the files, for texts and growth; the reader has its own. */
  readonly segments: Segments
  readonly reader: ReaderPort
  /** Called after anything in `state()` has changed, `records` if answers to queries have. */
  readonly onChange?: (what: 'progress' | 'records' | 'problems') => void
}

/** The head shows at once; then pieces grow until DuckDB works at full speed. */
const batchSizes = [256 << 10, 4 << 20, 32 << 20]
const fullBatchBytes = 64 << 20

export class OpenSource implements SourceTable {
  readonly shapes: Shape[] = []
  revision = 0
  readonly problems: ProblemLog
  /** Settles when everything there is has been read, or reading has stopped; never rejects. */
  done: Promise<void>
  private readonly leaves: Leaf[] = []
  private readonly physical: ColumnState[] = []
  private catalogue = new Catalogue([])
  private exactFilled: ExactFilled = {}
  private phase: Source['state'] = 'reading'
  private stage: Source['stage'] = 'first'
  private error: string | null = null
  private readBytes = 0
  private readonly counts = { messages: 0, tasks: 0, workflows: 0, agents: 0, objects: 0 }
  private errors = 0
  private readonly startedAt = performance.now()
  private loadSeconds: number | null = null
  private stopping = false
  private closed = false
  private batches = 0

  private constructor(
    private readonly options: OpenSourceOptions,
    private readonly loader: Loader
  ) {
    this.problems = new ProblemLog(options.sourceId, (file) => this.fileName(file))
    this.done = this.readAll()
  }

  static async open(options: OpenSourceOptions): Promise<OpenSource> {
    return new OpenSource(options, await Loader.create(options.database, options.sourceId))
  }

  get sourceId(): string {
    return this.options.sourceId
  }

  get rows(): string {
    return this.loader.rows
  }

  recordsPredicate(records: Records): string {
    return records === 'messages' ? 'r.is_message' : `(r.is_record AND r.kind = ${recordKinds[records]})`
  }

  columns(records: Records): readonly NamedColumn[] {
    return this.catalogue.columns(records)
  }

  column(records: Records, name: string): NamedColumn | undefined {
    return this.catalogue.column(records, name)
  }

  async query(sql: Sql, signal?: AbortSignal): Promise<SqlResult[]> {
    return await this.options.database.query(sql, signal)
  }

  async text({ byte, file, size }: { file: number; byte: number; size: number }): Promise<string> {
    const bytes = await (file < 0 ? this.options.reader.readSpool(byte, size) : this.options.segments.readText(file, byte, size))
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString()
  }

  fileName(file: number): string {
    return this.options.segments.files[file]?.name ?? ''
  }

  state(): OpenSourceState {
    const { totalBytes } = this.options.segments
    const seconds = (performance.now() - this.startedAt) / 1000
    const isReading = this.phase === 'reading' && this.loadSeconds === null
    return {
      state: this.phase,
      error: this.error,
      readBytes: this.readBytes,
      totalBytes,
      secondsLeft: isReading && totalBytes !== null && this.batches > 2 ? (seconds / this.readBytes) * (totalBytes - this.readBytes) : null,
      loadSeconds: this.loadSeconds,
      stage: this.stage,
      counts: { ...this.counts },
      errors: this.errors,
      problems: this.problems.list.length,
      revision: this.revision
    }
  }

  /** Stops reading here; what has been read stays, merged. */
  async stop(): Promise<void> {
    if (this.phase !== 'reading') return
    this.stopping = true
    this.options.reader.interrupt()
    await this.done
  }

  /** Goes on where reading ended: after a stop, or when there is more. */
  readOn(): void {
    if (this.closed || (this.phase !== 'ready' && this.phase !== 'stopped')) return
    this.stopping = false
    this.phase = 'reading'
    this.done = this.done.then(() => this.readAll())
  }

  async close(): Promise<void> {
    this.closed = true
    this.stopping = true
    this.options.reader.interrupt()
    this.loader.interrupt()
    await this.done
    await this.options.reader.close()
    await this.options.segments.close()
    await this.loader.close()
  }

  private async readAll(): Promise<void> {
    try {
      this.phase = 'reading'
      let next = this.options.reader.next(this.batchBytes())
      for (let atEnd = false; !atEnd; ) {
        const batch = await next
        atEnd = batch.atEnd || this.stopping
        if (!atEnd) next = this.options.reader.next(this.batchBytes())
        await this.load(batch)
        if (!batch.atEnd && atEnd) this.phase = 'stopped'
      }
      this.stage = 'tasks'
      if (this.phase === 'reading') this.phase = 'ready'
      this.loadSeconds = (performance.now() - this.startedAt) / 1000
      this.changed('records')
    } catch (error) {
      if (this.closed) return
      this.phase = 'failed'
      this.error = error instanceof Error ? error.message : String(error)
      this.changed('progress')
    }
  }

  private batchBytes(): number {
    return batchSizes[this.batches++] ?? fullBatchBytes
  }

  private async load(batch: Batch): Promise<void> {
    const { columns, leaves, shapes } = batch.news
    const changes = columns.flatMap(({ index, storage }) => (storage === null ? [] : [{ index, storage }]))
    const before = batch.replaces.map(({ byte, file }) => `DELETE FROM ${this.rows} WHERE file = ${file} AND byte >= ${byte}`)
    await this.loader.load(batch.parts, changes, { merged: false, before })
    await this.loader.removeFiles(batch.parts)
    for (const leaf of leaves) this.leaves.push(leaf)
    for (const { id, leaves: numbers } of shapes) this.shapes[id] = { id, leaves: Array.from(numbers, (number) => this.leaves[number] as Leaf) }
    for (const column of columns) this.physical[column.index] = column
    this.catalogue = new Catalogue(this.physical, this.exactFilled)
    this.readBytes = Math.max(this.readBytes, batch.readBytes)
    this.revision++
    for (const { byte, file } of batch.replaces) this.problems.removeFrom(file, byte)
    if (this.problems.add(batch.problems)) this.options.onChange?.('problems')
    await this.count()
    this.changed('records')
  }

  private async count(): Promise<void> {
    const status = this.column('tasks', 'status')?.sql ?? 'NULL::VARCHAR'
    const counted = await this.query({
      text: `SELECT count(*) FILTER (r.is_message), ${[0, 1, 2, 3].map((kind) => `count(*) FILTER (r.is_record AND r.kind = ${kind})`).join()},
        count(*) FILTER (r.is_record AND r.kind = 0 AND ${status} IN ('ERROR', '"ERROR"')) FROM ${this.rows} r`,
      values: []
    })
    const [messages, tasks, workflows, agents, objects, errors] = (counted[0] ?? []).map(Number)
    Object.assign(this.counts, { messages, tasks, workflows, agents, objects })
    this.errors = errors ?? 0
  }

  private changed(what: 'progress' | 'records'): void {
    this.options.onChange?.(what)
  }
}

const recordKinds = { tasks: kindNumber.task, workflows: kindNumber.workflow, agents: kindNumber.agent, objects: kindNumber.object } as const
