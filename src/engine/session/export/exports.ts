/** Exports that run beside everything else: written to a part beside the target, which takes the target's place when it is whole. */
import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { ExportJob as Job } from '#contract/exports'
import type { Given, Params, Result } from '#contract/methods'
import { Refusal } from '#contract/reply'
import { gapsPath, manifestPath, writeFile } from './writeFile.ts'
import type { Work, Writing } from './writing.ts'

export type { Work, Writing } from './writing.ts'

type Running = { job: Job; readonly target: string; readonly abort: AbortController; readonly startedAt: number; ended: Promise<void> }

export type ExportsOptions = {
  /** The path that a handle was granted for writing. @throws Refusal */
  readonly pathOf: (handle: string) => string
  /** Private folder for what a browser is to download. */
  readonly folder: string
  readonly onChange?: (exportId: string) => void
}

/** Of those that have ended so many are remembered. */
const remembered = 100

export class Exports {
  private readonly all = new Map<string, Running>()

  constructor(private readonly options: ExportsOptions) {}

  /** Anything that becomes a file: listed, cancelled, downloaded. */
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
    if (part === 'manifest') {
      if (job.manifest === null) throw new Refusal('not-found', 'This export has no manifest.')
      return { path: manifestPath(target), name: manifestPath(job.name) }
    }
    if (part === 'file' && job.store !== null) throw new Refusal('not-found', 'This export is in a store, and no file.')
    if (part === 'file') return { path: target, name: job.name }
    if ((job.gaps ?? null) === null) throw new Refusal('not-found', 'Nothing is known to be missing of this export.')
    return { path: gapsPath(target), name: gapsPath(job.name) }
  }

  /** Cancels what is running; what was kept for download goes with the folder. */
  async close(): Promise<void> {
    for (const { abort } of this.all.values()) abort.abort()
    await Promise.all([...this.all.values()].map(({ ended }) => ended))
  }

  private async run(running: Running, writing: Writing): Promise<void> {
    const { abort, target } = running
    try {
      if (running.job.download) await mkdir(join(this.options.folder, running.job.exportId), { recursive: true })
      const ended = await writeFile(writing, { target, signal: abort.signal, onChange: (change) => this.changed(running, change) })
      this.changed(running, { ...ended, state: 'done' })
    } catch (error) {
      if (running.job.download) await rm(join(this.options.folder, running.job.exportId), { recursive: true, force: true })
      if (abort.signal.aborted) this.changed(running, { state: 'cancelled' })
      else this.changed(running, { state: 'failed', error: sentenceOf(error) })
    }
    // Fails when the source has been closed, which took along what was made for it.
    await writing.close?.().catch(() => undefined)
    await this.forgetBeyond()
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
    const ended = [...this.all.values()].filter(({ job }) => job.state !== 'writing' && job.state !== 'checking')
    for (const { job } of ended.slice(0, Math.max(0, ended.length - remembered))) {
      this.all.delete(job.exportId)
      // Of what lies elsewhere there may be a manifest in it.
      await rm(join(this.options.folder, job.exportId), { recursive: true, force: true })
    }
  }
}

/** A name for a download, without anything that is a path or that some system refuses. */
function fileName(name: string): string {
  const safe = name.replaceAll(/[/\\:*?"<>|\p{Cc}]/gu, '_').replaceAll(/^\.+|[. ]+$/g, '')
  return safe === '' ? 'export.csv' : safe
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
