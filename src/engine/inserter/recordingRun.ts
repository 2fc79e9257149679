/** A recording as it runs: a flow a store, the head of the log, and, as inserter, the answers to producers. */
import { Refusal } from '#contract/reply'
import { openFrameLogReader } from '#engine/sources/queue/frameLog'
import type { Frame, FrameLogReader } from '#engine/sources/queue/frames'
import type { Store } from '#engine/stores/store'
import { BehindLedger } from './behindLedger.ts'
import { CampaignHistory } from './campaignHistory.ts'
import { ControlAnswers } from './controlAnswers.ts'
import { DocumentInserter } from './documentInserter.ts'
import { KeyValueStore } from './keyValueStore.ts'
import { LogHead } from './logHead.ts'
import { frameName, LogMemoryFile } from './logMemory.ts'
import { messageOf } from './messageOf.ts'
import { openTargets } from './openTargets.ts'
import type { Recording, RecordingSpec, RecordingState, StoreProgress } from './recordingState.ts'
import { StandIn } from './standIn.ts'
import { StoreFlow } from './storeFlow.ts'

const tellEveryMs = 100
const commitEveryMs = 1000
const defaultWithinMs = 10_000

/** In this thread. @throws Refusal if a target cannot be opened */
export async function runRecording(spec: RecordingSpec): Promise<Recording> {
  const stores = await openTargets(spec.targets)
  try {
    const run = new RecordingRun(spec, await LogMemoryFile.open(spec.folder), stores)
    await run.start()
    return run
  } catch (error) {
    await Promise.all(stores.map(async (store) => await store.close()))
    throw error
  }
}

class RecordingRun implements Recording {
  readonly ended: Promise<'stopped' | 'control'>
  private settle: (why: 'stopped' | 'control') => void = () => undefined
  private readonly flows: StoreFlow[] = []
  private head: LogHead | null = null
  private headReader: FrameLogReader | null = null
  private readonly keyValue: KeyValueStore | null
  private readonly campaigns: CampaignHistory | null
  private readonly answers: ControlAnswers | null
  private readonly listeners = new Set<(state: RecordingState) => void>()
  private telling: NodeJS.Timeout | null = null
  private committing: NodeJS.Timeout | null = null
  private undecodable = 0
  private undecodableSeq = 0
  private ending: Promise<void> | null = null
  private flowing: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly spec: RecordingSpec,
    private readonly memory: LogMemoryFile,
    private readonly stores: readonly Store[]
  ) {
    this.ended = new Promise((resolve) => {
      this.settle = resolve
    })
    const { asInserter } = spec
    this.keyValue = asInserter && new KeyValueStore(asInserter.kvUrl)
    this.campaigns = this.keyValue && new CampaignHistory(this.keyValue, memory)
    this.answers = this.keyValue && this.answersOf(this.keyValue)
  }

  async start(): Promise<void> {
    const { folder } = this.spec
    for (const store of this.stores) this.flows.push(await this.openFlow(store))
    // From the oldest frame that is kept, so that what waits for each store can be counted.
    await (await openFrameLogReader(folder, 'recording')).release()
    const reader = await openFrameLogReader(folder, 'recording')
    this.headReader = reader
    const head = new LogHead(reader, messageOf, (message) => this.answers?.add(message), () => this.noteArrival())
    this.head = head
    // Errors of the log come to whoever stops the recording.
    head.start().catch(() => undefined)
    this.flowing = Promise.all(this.flows.map(async (flow) => await flow.run()))
    this.flowing.catch(() => undefined)
    this.committing = setInterval(() => void this.commitHead().catch(() => undefined), commitEveryMs)
  }

  get state(): RecordingState {
    return {
      stores: this.flows.map((flow) => this.progressOf(flow)),
      undecodable: this.undecodable,
      controlMessages: this.head?.controlMessages ?? 0,
      unanswered: this.answers?.waiting ?? 0,
      answerProblem: this.answers?.problem ?? null
    }
  }

  onState(listener: (state: RecordingState) => void): () => void {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  async safeToStop(): Promise<boolean> {
    const { asInserter, settings } = this.spec
    if (!asInserter || !this.keyValue) return true
    for (let trial = 1; ; trial++) {
      if (await this.isSafe(this.keyValue, asInserter.bundleExecId)) return true
      if (trial >= settings.stopMaxTrials) return false
      await new Promise((resolve) => setTimeout(resolve, settings.stopTrialsSleepSeconds * 1000))
    }
  }

  async stop(withinMs = defaultWithinMs): Promise<void> {
    await this.end('stopped', Infinity, withinMs)
  }

  private async end(why: 'stopped' | 'control', untilSeq: number, withinMs: number): Promise<void> {
    this.ending ??= this.endOnce(why, untilSeq, withinMs)
    await this.ending
  }

  private async endOnce(why: 'stopped' | 'control', untilSeq: number, withinMs: number): Promise<void> {
    const { head } = this
    if (this.committing) clearInterval(this.committing)
    const deadlineMs = Date.now() + withinMs
    try {
      await head?.stop()
      for (const flow of this.flows) flow.stop(Math.min(untilSeq, head?.lastSeq ?? 0), deadlineMs)
      await this.flowing
      await this.answers?.finish(deadlineMs)
      await this.commitHead()
    } finally {
      this.answers?.close()
      this.keyValue?.close()
      await this.headReader?.close()
      await Promise.all(this.stores.map(async (store) => await store.close()))
      this.tellNow()
      this.settle(why)
    }
  }

  private async openFlow(store: Store): Promise<StoreFlow> {
    const { folder, settings, logLimitBytes } = this.spec
    const inserter = new DocumentInserter(store, {
      settings,
      nameOf: (seq) => frameName(this.memory.now.logId, seq),
      campaignAt: this.campaigns ? async (seq) => (await this.campaigns?.at(seq)) ?? null : undefined
    })
    const standIn = new StandIn({ folder, store, logLimitBytes, others: () => this.flows })
    const reader = await openFrameLogReader(folder, store.type)
    return new StoreFlow(store, reader, inserter, await BehindLedger.open(folder, store.type, reader.seq), settings.bufferTimeSeconds * 1000, {
      decode: messageOf,
      onUndecodable: (frame) => this.noteUndecodable(frame),
      onChange: () => {
        this.answers?.look()
        this.tell()
      },
      mayLetGo: async () => await standIn.isNeeded(),
      isHeldElsewhere: (seq) => standIn.hasAll(seq),
      catchUp: async (ledger, signal) => await standIn.bring(ledger, signal)
    })
  }

  private answersOf(keyValue: KeyValueStore): ControlAnswers {
    return new ControlAnswers({
      keyValue,
      memory: this.memory,
      bundleId: this.spec.asInserter?.bundleExecId ?? null,
      isStored: (seq) => this.isStored(seq),
      hurry: (seq) => this.flows.forEach((flow) => flow.hurry(seq)),
      onStop: (seq) => void this.end('control', seq, defaultWithinMs).catch(() => undefined),
      onChange: () => this.tell()
    })
  }

  /** In every store that can be reached, and in one at least. */
  private isStored(seq: number): boolean {
    return this.flows.some((flow) => flow.durableSeq >= seq) && this.flows.every((flow) => flow.durableSeq >= seq || !flow.isReachable)
  }

  private async isSafe(keyValue: KeyValueStore, bundleId: string | null): Promise<boolean> {
    try {
      return await keyValue.isSafeToStop(bundleId)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return false
    }
  }

  private progressOf(flow: StoreFlow): StoreProgress {
    const { store, state } = flow
    return {
      type: store.type,
      name: store.name,
      state,
      written: flow.counter.count,
      messages: flow.messages,
      waiting: (this.head?.messagesAfter(flow.passedSeq) ?? 0) + flow.behind,
      oldestWaitingAt: flow.oldestWaitingAt,
      problems: flow.problems,
      problem: flow.problem
    }
  }

  private noteArrival(): void {
    // So that a campaign is that of the time when a message came, not when it is written.
    if (this.campaigns && this.head) this.campaigns.at(this.head.lastSeq).catch(() => undefined)
    this.tell()
  }

  /** Each frame once, though every store's flow meets it. */
  private noteUndecodable({ seq }: Frame): void {
    if (seq <= this.undecodableSeq) return
    this.undecodableSeq = seq
    this.undecodable++
  }

  private async commitHead(): Promise<void> {
    const seq = Math.min(this.head?.lastSeq ?? 0, ...this.flows.map((flow) => flow.passedSeq))
    await this.headReader?.commit(seq)
  }

  private tell(): void {
    this.telling ??= setTimeout(() => this.tellNow(), tellEveryMs)
  }

  private tellNow(): void {
    if (this.telling) clearTimeout(this.telling)
    this.telling = null
    const { state } = this
    for (const listener of this.listeners) listener(state)
  }
}
