/** A message queue as a source: attaches, shows what arrives as it arrives, records it if asked to, and knows what it has missed. */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Gap, LiveState } from '#contract/live'
import type { Problem } from '#contract/overview'
import { Refusal } from '#contract/reply'
import type { Source } from '#contract/sources'
import type { Recording } from '#engine/inserter/recordingState'
import type { Intake } from '#engine/sources/queue/intakeState'
import type { LiveNews } from '#engine/sources/segments'
import { OpenSource } from '../load/openSource.ts'
import { Arrivals } from '../moments/arrivals.ts'
import type { OpenEntry } from '../openEntry.ts'
import type { Recent } from '../services/recents.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { unreadState } from '../describeSource.ts'
import { openFrameLogWriter } from '#engine/sources/queue/frameLog'
import { GapLedger } from './gapLedger.ts'
import { KnownMessages } from './knownMessages.ts'
import type { LiveOptions } from './liveOptions.ts'
import { gapProblem, storeProblem } from './liveProblems.ts'
import { linesPaths, LiveSegments, type LiveSpec } from './liveSegments.ts'
import { describeLive, nothingReceived } from './liveState.ts'
import { countOpenTasks } from './openTasks.ts'
import { Throttle } from './throttle.ts'

type Opened = { readonly table: OpenSource; readonly segments: LiveSegments }

const toldEveryMs = 200
const openTasksEveryMs = 2000
const recordingPatienceMs = 10_000

export class LiveEntry implements OpenEntry {
  readonly ledger: GapLedger
  readonly named: readonly string[]
  /** Rejects with a Refusal if it cannot be attached at all; a broker that is away is waited for. */
  readonly attached: Promise<void>
  /** The tables and the intake are there, or are not to be had; never rejects. One after the other. */
  private turn: Promise<void>
  private readonly abort = new AbortController()
  readonly attachedAt = Date.now() / 1000
  /** Of the messages that are shown, and of those that are being filled in. */
  readonly known: KnownMessages
  private intake: Intake | null = null
  private recording: Recording | null = null
  private opened: Opened | null = null
  private error: string | null = null
  private isDetached = false
  private pausedAt: number | null = null
  /** Taken from the log and shown: messages by where they came from, and how far that is in the log and in the file of messages. */
  taken = { arrived: 0, earlier: 0, filled: 0, lastSeq: 0, messagesBytes: 0, messagesLines: 0 }
  private lagSeconds: number | null = null
  readonly arrivals = new Arrivals()
  private openTasks = new Map<string, number>()
  private lastRevision = 0
  private readonly listeners = new Set<() => void>()
  private filling: Promise<unknown> = Promise.resolve()
  private readonly told: Throttle
  private readonly openTasksTold: Throttle

  constructor(readonly options: LiveOptions) {
    this.named = [options.address.url]
    this.ledger = new GapLedger(options.sourceId)
    this.known = new KnownMessages(linesPaths(this.linesFolder)[0])
    this.told = new Throttle(toldEveryMs, () => this.options.onChange(this.sourceId, 'source'))
    this.openTasksTold = new Throttle(openTasksEveryMs, () => void this.countOpenTasks())
    const opening = this.begin()
    this.turn = opening.catch(() => undefined)
    this.attached = opening.then(async () => await this.intake?.ready)
    this.attached.catch((error: unknown) => this.fail(error))
  }

  get sourceId(): string {
    return this.options.sourceId
  }

  get failed(): boolean {
    return this.error !== null || this.opened?.table.state().state === 'failed'
  }

  /** Nothing arrives any more; what came stays. */
  get detached(): boolean {
    return this.isDetached
  }

  get problems(): readonly Problem[] {
    const told = { sourceId: this.sourceId, source: this.options.address.channel }
    const stores = this.recording?.state.stores.filter(({ problems }) => problems > 0) ?? []
    return [
      ...this.ledger.gaps.map((gap) => gapProblem(gap, this.ledger.sampleOf(gap.gapId), told)),
      ...stores.map(({ name, problem, problems }) => storeProblem(name, problems, problem ?? 'A store cannot hold it.', told)),
      ...(this.opened?.table.problems.list ?? [])
    ]
  }

  get rejectedLines(): number {
    return this.ledger.undecodable
  }

  place(problemId: string): { file: number; byte: number } | undefined {
    return this.opened?.table.problems.place(problemId)
  }

  async readSome(file: number, byte: number, sizeBytes: number): Promise<Uint8Array> {
    return (await this.opened?.segments.readSome(file, byte, sizeBytes)) ?? new Uint8Array()
  }

  async table(): Promise<SourceTable> {
    await this.turn
    if (this.opened !== null) return this.opened.table
    throw new Refusal('unavailable', this.error ?? 'This source is no longer open.')
  }

  describe(): Source {
    const { address, sourceId } = this.options
    const state = this.opened?.table.state() ?? unreadState(this.named, null, this.error)
    return {
      sourceId,
      name: `${address.broker}://${address.host}:${address.port}`,
      path: address.url,
      kind: 'queue',
      files: 1,
      ...state,
      state: this.error !== null ? 'failed' : state.state === 'ready' || this.isDetached ? 'stopped' : state.state,
      error: this.error ?? state.error,
      totalBytes: null,
      secondsLeft: null,
      loadSeconds: null,
      stage: 'tasks',
      problems: this.problems.length,
      following: true,
      live: this.live(),
      stale: null,
      revision: Math.max(this.lastRevision, state.revision)
    }
  }

  recent(): Recent | null {
    const { address } = this.options
    const { counts, errors } = this.describe()
    return { named: [...this.named], name: `${address.broker}://${address.host}:${address.port}`, path: address.url, kind: 'queue', tasks: counts.tasks, errors, sizeBytes: 0, openedAt: this.attachedAt }
  }

  /** With how many tasks each touches, as of now. */
  async gaps(offset: number, limit: number): Promise<Gap[]> {
    const gaps = this.ledger.gaps.slice(offset, offset + limit)
    const counted = this.opened === null ? new Map<string, number>() : await countOpenTasks(this.opened.table, gaps)
    return gaps.map((gap) => ({ ...gap, openTasks: counted.get(gap.gapId) ?? null }))
  }

  /** Of the files of its lines; see liveSegments.ts. */
  get linesFolder(): string {
    return join(this.options.folder, 'lines')
  }

  /** Nothing more will be shown. */
  get isAtRest(): boolean {
    return this.abort.signal.aborted || (this.isDetached && this.opened?.table.state().state !== 'reading')
  }

  /** Aborted when it is closed. */
  get closing(): AbortSignal {
    return this.abort.signal
  }

  /** What is in the log will be shown soon. */
  get showsOn(): boolean {
    return this.pausedAt === null && this.opened !== null && !this.failed && !this.abort.signal.aborted
  }

  /** One after the other: each has to know what the one before has brought. */
  async fill<T>(job: () => Promise<T>): Promise<T> {
    const result = this.filling.then(job)
    this.filling = result.catch(() => undefined)
    return await result
  }

  /** Puts messages that did not come from the queue into the log, so that they are shown and stored like those that did. */
  async append(channel: string, frames: readonly Uint8Array[]): Promise<void> {
    if (!this.isDetached && this.intake) return await this.intake.append(channel, frames)
    const { limitBytes, log } = this.options
    const writer = await openFrameLogWriter({ folder: log, limitBytes })
    try {
      for (const frame of frames) {
        if (!writer.append(Date.now() / 1000, channel, frame)) throw new Refusal('unavailable', 'There is no room for more messages on disk.')
      }
      await writer.flush()
    } finally {
      await writer.close()
    }
  }

  /** Of a source that was detached: shows what has been put into the log since. */
  readRest(): void {
    if (!this.isDetached || this.opened === null) return
    this.opened.table.readOn()
    void this.opened.table.finish()
  }

  tellHealed(): void {
    this.changed('problems')
    this.changed('source')
  }

  /** Settles when more is shown, when nothing more will be, or when the signal is aborted. */
  async change(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.listeners.delete(done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      this.listeners.add(done)
      signal.addEventListener('abort', done, { once: true })
      if (signal.aborted || this.isAtRest) done()
    })
  }

  pause(on: boolean): void {
    if (this.isDetached && on) throw new Refusal('bad-request', 'Nothing arrives any more: it has been detached.')
    if (on === (this.pausedAt !== null)) return
    this.pausedAt = on ? Date.now() / 1000 : null
    this.opened?.table.pause(on)
    this.changed('source')
  }

  follow(on: boolean): void {
    this.pause(!on)
  }

  async stop(): Promise<void> {
    await this.detach()
  }

  /** Stops receiving; everything that has arrived is still shown and stored. */
  async detach(): Promise<void> {
    if (this.isDetached) return
    this.isDetached = true
    this.pausedAt = null
    this.changed('source')
    await this.turn
    // As inserter, not before the producers that are being answered have ended, or Flowcept's patience has.
    await this.recording?.safeToStop()
    await this.stopReceiving()
    await this.opened?.table.finish()
    this.options.onDetached(this)
    this.options.onRead(this, 'again')
    this.changed('source')
    this.tellListeners()
  }

  /** Attaches again after it was detached: the same source goes on. */
  readOn(): void {
    if (!this.isDetached || this.failed) return
    const attach = async (): Promise<void> => {
      if (this.abort.signal.aborted) return
      // What was counted of the former intake is not in the figures of the next.
      this.taken = { ...this.taken, arrived: 0, earlier: this.taken.earlier + this.taken.arrived }
      await this.receive()
      this.isDetached = false
      this.opened?.table.readOn()
      this.changed('source')
    }
    const attached = this.turn.then(attach)
    this.turn = attached.catch(() => undefined)
    attached.then(async () => await this.intake?.ready).catch((error: unknown) => this.fail(error))
  }

  async close(): Promise<void> {
    this.abort.abort()
    this.told.stop()
    this.openTasksTold.stop()
    this.isDetached = true
    await this.intake?.stop()
    await this.turn
    if (!this.failed) this.options.onRead(this, 'again')
    await this.letGo()
    this.tellListeners()
    await rm(this.options.folder, { recursive: true, force: true, maxRetries: 3 })
  }

  private async begin(): Promise<void> {
    const { database, folder, log, openReader, sourceId } = this.options
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await mkdir(log, { recursive: true, mode: 0o700 })
      await this.receive()
      const spec = this.spec()
      const segments = await LiveSegments.open(spec)
      const reader = await openReader(spec, folder, sourceId)
      const table = await OpenSource.open({ sourceId, database, segments, reader, onChange: (what) => this.onTable(what), onLive: (news) => this.onLive(news) })
      this.opened = { table, segments }
      if (this.pausedAt !== null) table.pause(true)
      this.changed('records')
      this.changed('source')
    } catch (error) {
      this.error = messageOf(error)
      throw error
    }
  }

  /** Recording first: its cursors have to be there before frames that everybody has read are removed. */
  private async receive(): Promise<void> {
    const { address, limitBytes, log, password, record, startIntake, startRecording } = this.options
    if (record !== null) {
      const { asInserter, settings, targets } = record
      const recording = await startRecording({ folder: log, targets, asInserter, settings, logLimitBytes: limitBytes })
      this.recording = recording
      recording.onState(() => this.changed('source'))
      // Asked to by the run itself, which has stopped its inserters.
      void recording.ended.then((why) => (why === 'control' && this.recording === recording ? this.detach() : undefined))
    }
    const intake = await startIntake({ address, password, folder: log, limitBytes })
    this.intake = intake
    intake.onState(({ link }) => {
      this.changed('source')
      // It has ended by itself, and why is in its link.
      if (link.name === 'detached' && this.intake === intake && !this.isDetached) void this.detach()
    })
    intake.ready.then(
      () => this.options.onRead(this, 'first'),
      () => undefined
    )
  }

  /** There is nothing to wait for: a wrong password, a store that cannot be written. */
  private async fail(error: unknown): Promise<void> {
    this.error = messageOf(error)
    this.isDetached = true
    await this.stopReceiving()
    await this.opened?.table.finish()
    this.changed('source')
  }

  private spec(): LiveSpec {
    const { address, log } = this.options
    return { log, cursor: 'view', folder: this.linesFolder, name: address.channel, address: address.url, since: this.attachedAt }
  }

  private live(): LiveState {
    const { address, record } = this.options
    return describeLive({
      address,
      role: record === null ? 'watch' : 'record',
      asInserter: (record?.asInserter ?? null) !== null,
      attachedAt: this.attachedAt,
      intake: this.intake?.state ?? nothingReceived(this.attachedAt, this.options.limitBytes),
      recording: this.recording?.state ?? null,
      taken: this.taken,
      shown: this.opened?.table.state().counts.messages ?? 0,
      pausedAt: this.pausedAt,
      lagSeconds: this.lagSeconds,
      isDetached: this.isDetached,
      notKept: this.ledger.notKept,
      gaps: this.ledger.gaps,
      openTasks: this.openTasks
    })
  }

  private onLive(news: readonly LiveNews[]): void {
    const { version } = this.ledger
    for (const one of news) {
      this.ledger.learn(one)
      this.arrivals.add(one.lineTimes)
      const { arrived, earlier, filled } = this.taken
      this.taken = {
        arrived: arrived + one.arrived,
        earlier: earlier + one.earlier,
        filled: filled + one.filled,
        lastSeq: one.lastSeq,
        messagesBytes: one.messagesBytes,
        messagesLines: one.messagesLines
      }
      if (one.lastAt !== null) this.lagSeconds = Math.max(0, Date.now() / 1000 - one.lastAt)
    }
    if (this.ledger.count > 0) this.openTasksTold.call()
    if (version !== this.ledger.version) this.changed('problems')
  }

  private onTable(what: 'progress' | 'records' | 'problems'): void {
    if (what !== 'progress') this.changed(what)
    this.changed('source')
    this.tellListeners()
  }

  private tellListeners(): void {
    // Each takes itself out, which is no harm to going through a set.
    for (const listener of this.listeners) listener()
  }

  private async countOpenTasks(): Promise<void> {
    const table = this.opened?.table
    if (!table || this.abort.signal.aborted) return
    try {
      this.openTasks = await countOpenTasks(table, this.ledger.gaps.slice(-50))
      this.changed('source')
    } catch (error) {
      // Columns may change under the question; it is asked again with the next news.
      if (!this.abort.signal.aborted && table.state().state === 'failed') throw error
    }
  }

  /** Everything that has arrived is stored first, if the stores are to be reached. */
  private async stopReceiving(): Promise<void> {
    await this.intake?.stop()
    await this.recording?.stop(recordingPatienceMs)
  }

  private async letGo(): Promise<void> {
    const { opened } = this
    await this.stopReceiving()
    if (opened === null) return
    this.opened = null
    this.lastRevision = opened.table.revision + 1
    await opened.table.close()
  }

  private changed(what: 'source' | 'records' | 'problems'): void {
    if (this.abort.signal.aborted) return
    if (what === 'source') this.told.call()
    else this.options.onChange(this.sourceId, what)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
