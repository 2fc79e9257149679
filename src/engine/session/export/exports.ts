/** Exports that run beside everything else: written to a part beside the target, which takes the target's place when it is whole. */
import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Given, Params, Result } from '#contract/methods'
import { Refusal } from '#contract/reply'
import { writeCsv } from './csv.ts'
import { countRows } from '../table/rowsIn.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { writeGrowing, writeWhole } from './writeWhole.ts'

type Job = Result<'exports.list'>['exports'][number]
type Progress = { readonly rows: number; readonly bytes: number }
type Running = { job: Job; readonly target: string; readonly abort: AbortController; readonly startedAt: number; ended: Promise<void> }

/** A file to be written: what it is called where a browser downloads it, and who fills it. */
export type Writing = {
  readonly kind: Job['kind']
  readonly name: string
  /** Where it goes; without one it is kept for download. */
  readonly handle?: string | undefined
  /** How many rows there will be; 0 for what has none. */
  readonly countRows: (signal: AbortSignal) => Promise<number>
  readonly write: (sink: (bytes: Uint8Array) => Promise<void>, context: { readonly signal: AbortSignal; readonly onProgress: (progress: Progress) => void }) => Promise<Progress>
  /** The file grows where it lies while what it is of goes on; what is there when it is cancelled stays. */
  readonly isGrowing?: boolean
  /** What is known to be missing of it, as JSON text that is laid beside it; null if nothing is. */
  readonly gaps?: (() => Promise<string | null>) | undefined
}

/** A job of the list that becomes no file of its own. */
export type Work = {
  readonly kind: Job['kind']
  readonly name: string
  readonly dryRun: boolean
  /** Where it lies once it is done, for people to find; null for what is no place on this machine. What is laid beside it goes by this name too. */
  readonly path: string | null
  /** Tells how it goes on, and answers with what it ended as: `done` unless that says otherwise. */
  readonly run: (context: { readonly signal: AbortSignal; readonly onChange: (change: Partial<Job>) => void; readonly target: string }) => Promise<Partial<Job>>
}

export type ExportsOptions = {
  readonly tableOf: (sourceId: string) => SourceTable | Promise<SourceTable>
  /** The path that a handle was granted for writing. @throws Refusal */
  readonly pathOf: (handle: string) => string
  /** As `Writing.gaps`, of what is exported from a source. */
  readonly gapsOf?: (sourceId: string) => Promise<string | null>
  /** Private folder for what a browser is to download. */
  readonly folder: string
  readonly onChange?: (exportId: string) => void
}

/** Of those that have ended so many are remembered. */
const remembered = 100

export class Exports {
  private readonly all = new Map<string, Running>()

  constructor(private readonly options: ExportsOptions) {}

  async start(params: Params<'exports.start'>): Promise<Result<'exports.start'>> {
    const table = await this.options.tableOf(params.sourceId)
    if (params.format !== 'csv') throw new Refusal('unavailable', 'This format is being built.')
    return this.startWriting({
      kind: params.format,
      name: params.name,
      handle: params.handle,
      countRows: async (signal) => await countRows(table, params.records, params.scope, signal),
      write: async (sink, context) => await writeCsv(table, params, sink, context),
      gaps: async () => (await this.options.gapsOf?.(params.sourceId)) ?? null
    })
  }

  /** Anything else that becomes a file, listed, cancelled and downloaded like an export. */
  startWriting(writing: Writing): Result<'exports.start'> {
    const exportId = randomUUID()
    const download = writing.handle === undefined
    const name = fileName(writing.name)
    const target = writing.handle === undefined ? join(this.options.folder, exportId, name) : this.options.pathOf(writing.handle)
    const job: Job = { exportId, name: download ? name : basename(target), kind: writing.kind, dryRun: false, manifest: null, checks: [], store: null, state: 'writing', rows: 0, totalRows: 0, bytes: 0, secondsLeft: null, error: null, download, path: download ? null : target, gaps: null }
    const running = { job, target, abort: new AbortController(), startedAt: performance.now(), ended: Promise.resolve() }
    this.all.set(exportId, running)
    running.ended = this.run(running, writing)
    this.changed(running, {})
    return { exportId }
  }

  /** Listed and cancelled like an export. `target` is its path, or one in a private folder that the work makes if it lays something there. */
  startJob({ dryRun, kind, name, path, run }: Work): Result<'exports.start'> {
    const exportId = randomUUID()
    const target = path ?? join(this.options.folder, exportId, fileName(name))
    const job: Job = { exportId, name, kind, dryRun, manifest: null, checks: [], store: null, state: 'writing', rows: 0, totalRows: 0, bytes: 0, secondsLeft: null, error: null, download: false, path, gaps: null }
    const running: Running = { job, target, abort: new AbortController(), startedAt: performance.now(), ended: Promise.resolve() }
    this.all.set(exportId, running)
    running.ended = (async () => {
      try {
        this.changed(running, { state: 'done', ...(await run({ signal: running.abort.signal, target, onChange: (change) => this.changed(running, change) })) })
      } catch (error) {
        if (running.abort.signal.aborted) this.changed(running, { state: 'cancelled' })
        else this.changed(running, { state: 'failed', error: sentenceOf(error) })
      }
      await this.forgetBeyond()
    })()
    this.changed(running, {})
    return { exportId }
  }

  /** The latest first. */
  list({ offset, limit }: Params<'exports.list'>): Result<'exports.list'> {
    const exports = [...this.all.values()].map(({ job }) => job).toReversed()
    return { total: exports.length, exports: exports.slice(offset, offset + limit) }
  }

  /** Answers when nothing is left of it. One that has ended stays as it is. */
  async cancel({ exportId }: Params<'exports.cancel'>): Promise<Result<'exports.cancel'>> {
    const running = this.of(exportId)
    running.abort.abort()
    await running.ended
    return {}
  }

  path({ exportId, part = 'file' }: Given<'exports.path'>): Result<'exports.path'> {
    const { job, target } = this.of(exportId)
    if (job.state !== 'done') throw new Refusal('unavailable', job.error ?? (job.state === 'cancelled' ? 'This export was cancelled.' : 'This export is still being written.'))
    if (part === 'manifest') throw new Refusal('not-found', 'This export has no manifest.')
    if (part === 'file') return { path: target, name: job.name }
    if ((job.gaps ?? null) === null) throw new Refusal('not-found', 'Nothing is known to be missing of this export.')
    return { path: gapsPath(target), name: gapsPath(job.name) }
  }

  /** Cancels what is running; what was kept for download goes with the folder. */
  async close(): Promise<void> {
    for (const { abort } of this.all.values()) abort.abort()
    await Promise.all([...this.all.values()].map(({ ended }) => ended))
  }

  private async run(running: Running, { countRows: count, gaps, isGrowing = false, write }: Writing): Promise<void> {
    const { abort, target } = running
    const { signal } = abort
    try {
      if (running.job.download) await mkdir(join(this.options.folder, running.job.exportId), { recursive: true })
      this.changed(running, { totalRows: await count(signal) })
      const fill = (sink: (bytes: Uint8Array) => Promise<void>): Promise<Progress> => write(sink, { signal, onProgress: (progress) => this.changed(running, progress) })
      const written = await (isGrowing ? writeGrowing(target, fill) : writeWhole(target, signal, fill))
      this.changed(running, { ...written, gaps: await this.writeGaps(target, gaps), state: 'done' })
    } catch (error) {
      if (running.job.download) await rm(join(this.options.folder, running.job.exportId), { recursive: true, force: true })
      if (signal.aborted) this.changed(running, { state: 'cancelled' })
      else this.changed(running, { state: 'failed', error: sentenceOf(error) })
    }
    await this.forgetBeyond()
  }

  /** Returns what the file beside the export is called, if there is one. One of an earlier export in the same place goes. */
  private async writeGaps(target: string, gaps: Writing['gaps']): Promise<string | null> {
    if (!gaps) return null
    const path = gapsPath(target)
    const text = await gaps()
    if (text === null) {
      await rm(path, { force: true })
      return null
    }
    await writeWhole(path, new AbortController().signal, (sink) => sink(Buffer.from(text)))
    return basename(path)
  }

  private changed(running: Running, change: Partial<Job>): void {
    const job = { ...running.job, ...change }
    const seconds = (performance.now() - running.startedAt) / 1000
    const isMeasured = job.state === 'writing' && job.rows > 0
    running.job = { ...job, secondsLeft: isMeasured ? (seconds / job.rows) * (job.totalRows - job.rows) : null }
    this.options.onChange?.(job.exportId)
  }

  private of(exportId: string): Running {
    const running = this.all.get(exportId)
    if (!running) throw new Refusal('not-found', 'There is no such export.')
    return running
  }

  private async forgetBeyond(): Promise<void> {
    const ended = [...this.all.values()].filter(({ job }) => job.state !== 'writing')
    for (const { job } of ended.slice(0, Math.max(0, ended.length - remembered))) {
      this.all.delete(job.exportId)
      if (job.download) await rm(join(this.options.folder, job.exportId), { recursive: true, force: true })
    }
  }
}

/** Beside the export of a source of which something is missing. */
function gapsPath(path: string): string {
  return `${path}.gaps.json`
}

/** A name for a download, without anything that is a path or that some system refuses. */
function fileName(name: string): string {
  const safe = name.replaceAll(/[/\\:*?"<>|\p{Cc}]/gu, '_').replaceAll(/^\.+|[. ]+$/g, '')
  return safe === '' ? 'export.csv' : safe
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
