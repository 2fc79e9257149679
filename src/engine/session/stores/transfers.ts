/** Transfers between stores that run beside everything else: counted, cancelled, gone on with after a crash. */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import type { Params, Result } from '#contract/methods'
import { Refusal } from '#contract/reply'
import type { StoreRef } from '#contract/stores'
import { checkpointPath, openForForecast, openStore, type StoreAt } from '#engine/stores/openStore'
import { recordKinds, type Store } from '#engine/stores/store'
import { transfer, type TransferProgress, type TransferResult } from '#engine/stores/transfer'
import type { Grants, Use } from '../services/grants.ts'
import { mongoPlace } from './storePlace.ts'

type Job = Result<'transfers.list'>['transfers'][number]
type Running = { job: Job; readonly abort: AbortController; ended: Promise<void> }

export type TransfersOptions = {
  readonly grants: Grants
  /** Checkpoints lie in a folder of it. */
  readonly configFolder: string
  readonly onChange: (transferId: string) => void
}

/** Of those that have ended so many are remembered. */
const remembered = 100
const shownProblems = 100
const none = { task: 0, workflow: 0, agent: 0, object: 0 }

export class Transfers {
  readonly #options: TransfersOptions
  readonly #all = new Map<string, Running>()

  constructor(options: TransfersOptions) {
    this.#options = options
  }

  /** Checkpoints of other things that are written into stores lie there too. */
  get configFolder(): string {
    return this.#options.configFolder
  }

  /** @throws Refusal for a store that was not granted for this, or the same on both sides */
  start({ dryRun, from, to }: Params<'transfers.start'>): Result<'transfers.start'> {
    const source = this.#placed(from, 'read')
    const target = this.#placed(to, 'write')
    if (source.shown === target.shown) throw new Refusal('bad-request', 'Source and target are the same store.')
    const transferId = randomUUID()
    const counts = { read: none, created: none, changed: none, equal: none, different: none, total: none }
    const job: Job = { transferId, from: source.shown, to: target.shown, dryRun, state: 'running', ...counts, problemCount: 0, problems: [], resumed: false, error: null }
    const running: Running = { job, abort: new AbortController(), ended: Promise.resolve() }
    this.#all.set(transferId, running)
    running.ended = this.#run(running, source.at, target.at)
    this.#options.onChange(transferId)
    return { transferId }
  }

  /** The latest first. */
  list({ offset, limit }: Params<'transfers.list'>): Result<'transfers.list'> {
    const transfers = [...this.#all.values()].map(({ job }) => job).toReversed()
    return { total: transfers.length, transfers: transfers.slice(offset, offset + limit) }
  }

  /** Answers when it has ended; what was written stays, and the same transfer goes on from there. */
  async cancel({ transferId }: Params<'transfers.cancel'>): Promise<Result<'transfers.cancel'>> {
    const running = this.#all.get(transferId)
    if (running === undefined) throw new Refusal('not-found', 'There is no such transfer.')
    running.abort.abort()
    await running.ended
    return {}
  }

  async close(): Promise<void> {
    for (const { abort } of this.#all.values()) abort.abort()
    await Promise.all([...this.#all.values()].map(({ ended }) => ended))
  }

  #placed(ref: StoreRef, use: Use): { at: StoreAt; shown: string } {
    if (ref.type === 'mongodb') {
      const { uri, address } = mongoPlace(ref.uri, ref.password)
      return { at: { type: 'mongodb', uri }, shown: address }
    }
    const path = this.#options.grants.path(ref.handle, use)
    return { at: { type: ref.type, path }, shown: path }
  }

  async #run(running: Running, from: StoreAt, to: StoreAt): Promise<void> {
    const opened: Store[] = []
    try {
      const source = await openStore(from, { readOnly: true })
      opened.push(source)
      const { dryRun } = running.job
      // A dry run makes nothing, not even an empty target: what is not there has nothing.
      const target = dryRun ? await openForForecast(to) : await openStore(to, { readOnly: false })
      opened.push(target)
      const path = checkpointPath(this.#options.configFolder, source, target)
      this.#changed(running, { resumed: !dryRun && existsSync(path) })
      const onProgress = (progress: TransferProgress): void => this.#changed(running, figures(progress))
      this.#ended(running, await transfer(source, target, { dryRun, checkpointPath: path, signal: running.abort.signal, onProgress }))
    } catch (error) {
      if (running.abort.signal.aborted) this.#changed(running, { state: 'cancelled' })
      else this.#changed(running, { state: 'failed', error: error instanceof Error ? error.message : String(error) })
    }
    for (const store of opened) await store.close()
    for (const [transferId, { job }] of [...this.#all].slice(0, -remembered)) if (job.state !== 'running') this.#all.delete(transferId)
  }

  #ended(running: Running, result: TransferResult): void {
    const counted = figures({ counts: result.counts, total: running.job.total })
    const different = Object.values(counted.different).reduce((sum, count) => sum + count, 0)
    const problems = result.problems.slice(0, shownProblems).map(({ field, id, kind, reason }) => ({ kind, id, field, reason }))
    const error = different === 0 ? null : `${different.toLocaleString('en')} records read back differ from what was written, the first of them ${result.different[0]?.kind} ${result.different[0]?.id}.`
    this.#changed(running, { ...counted, problemCount: result.problemCount, problems, resumed: result.resumedAfter !== null, state: error === null ? 'done' : 'failed', error })
  }

  #changed(running: Running, change: Partial<Job>): void {
    running.job = { ...running.job, ...change }
    this.#options.onChange(running.job.transferId)
  }
}

type Figures = Pick<Job, 'read' | 'created' | 'changed' | 'equal' | 'different' | 'total'>

function figures({ counts, total }: Pick<TransferProgress, 'counts' | 'total'>): Figures {
  const of = (name: 'read' | 'created' | 'changed' | 'equal' | 'different'): Job['read'] =>
    Object.fromEntries(recordKinds.map((kind) => [kind, counts[kind][name]])) as Job['read']
  return { read: of('read'), created: of('created'), changed: of('changed'), equal: of('equal'), different: of('different'), total: { ...total } }
}
