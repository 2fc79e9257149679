/** The way of messages from the log into one store, at the store's own pace: read, buffer, write, and only then move the cursor. */
import type { JsonObject } from '#contract/json'
import { Refusal } from '#contract/reply'
import type { Frame, FrameLogReader, LogEntry } from '#engine/sources/queue/frames'
import type { Store, StoreState } from '#engine/stores/store'
import type { BehindLedger } from './behindLedger.ts'
import type { DocumentInserter, Flushed } from './documentInserter.ts'
import { RecordCounter } from './recordCounter.ts'

export type FlowSurroundings = {
  /** How often a store that is away is tried, and whether its frames may go on waiting is asked. */
  readonly backOffMs?: { readonly first: number; readonly most: number }
  /** @throws Error for a frame that is no message */
  readonly decode: (frame: Frame) => JsonObject
  readonly onUndecodable: (frame: Frame) => void
  /** After each change of what the flow has to tell. */
  readonly onChange: () => void
  /** True if frames should not wait in the log for this store any longer, as another store can make up for it. */
  readonly mayLetGo: () => Promise<boolean>
  /** Whether the store that makes up for this one has everything up to there; if not it is told to hurry. */
  readonly isHeldElsewhere: (seq: number) => boolean
  /** Brings the records of the ledger from the other store. @throws Refusal `unavailable` or `cancelled` */
  readonly catchUp: (ledger: BehindLedger, signal: AbortSignal) => Promise<{ readonly records: readonly { readonly kind: string; readonly id: string }[]; readonly problems: number }>
}

/** Bytes of frames that are read at once; of small messages some thousands. */
const readBytes = 4 << 20
const defaultBackOffMs = { first: 250, most: 2000 }
const lostAfterMs = 60_000

type Stop = { readonly untilSeq: number; readonly deadlineMs: number }

export class StoreFlow {
  readonly counter = new RecordCounter()
  messages = 0
  problems = 0
  problem: string | null = null
  /** Everything up to here is in the store, or can never be. */
  durableSeq: number
  private away: Extract<StoreState, { name: 'retrying' | 'lost' }> | null = null
  private stopping: Stop | null = null
  private readonly givingUp = new AbortController()
  private deadline: NodeJS.Timeout | null = null
  private wanted = 0
  private seenSeq: number
  /** Where the cursor stands: as `durableSeq`, or before it while the store is behind. */
  private committedSeq: number
  private firstBufferedMs = 0
  private waiting: { wake(): void } | null = null
  private isBehind: boolean

  constructor(
    readonly store: Store,
    private readonly reader: FrameLogReader,
    private readonly inserter: DocumentInserter,
    private readonly ledger: BehindLedger,
    private readonly bufferTimeMs: number,
    private readonly surroundings: FlowSurroundings
  ) {
    this.durableSeq = reader.seq
    this.seenSeq = reader.seq
    this.committedSeq = reader.seq
    this.isBehind = ledger.messages > 0
    store.onState(() => {
      this.surroundings.onChange()
      this.waiting?.wake()
    })
  }

  /** The store's own state, unless it says that it is well and takes nothing all the same. */
  get state(): StoreState {
    return this.store.state.name === 'live' && this.away ? this.away : this.store.state
  }

  get isReachable(): boolean {
    return this.state.name === 'live' || this.state.name === 'connecting'
  }

  /** Frames up to here may have left the log; where the store is behind, that is more than it has. */
  get passedSeq(): number {
    return this.committedSeq
  }

  /** Messages that have left the log and are not in this store yet. */
  get behind(): number {
    return this.ledger.messages - this.inserter.records.filter(({ seq }) => seq <= this.ledger.lastSeq).length
  }

  get oldestWaitingAt(): number | null {
    return this.ledger.oldestAt ?? this.inserter.oldestAt
  }

  /** Writes what came up to there soon, without waiting for a full buffer. */
  hurry(seq: number): void {
    if (seq <= this.wanted) return
    this.wanted = seq
    this.waiting?.wake()
  }

  /** Writes what came up to there, then ends; gives up on a store that is away at the deadline. */
  stop(untilSeq: number, deadlineMs: number): void {
    this.stopping = { untilSeq, deadlineMs }
    this.deadline ??= setTimeout(() => this.giveUp(), Math.max(0, deadlineMs - Date.now()))
    this.waiting?.wake()
  }

  /** Settles when the flow has ended; it ends by `stop` only. */
  async run(): Promise<void> {
    try {
      while (!this.hasEnded()) await this.step()
    } finally {
      if (this.deadline) clearTimeout(this.deadline)
      await this.reader.close()
      await this.ledger.close()
    }
  }

  private async step(): Promise<void> {
    try {
      if (this.isBehind) await this.comeUp()
      for (const entry of await this.entries()) this.take(entry)
      if (this.isDue()) await this.flush()
    } catch (error) {
      // The log itself, or the ledger, cannot be read or written at present. What was taken stays in the buffer.
      this.goneAway(error, 1)
      await this.pause(4)
    }
  }

  private hasEnded(): boolean {
    const { stopping } = this
    if (!stopping) return false
    if (this.seenSeq >= stopping.untilSeq && this.inserter.size === 0 && !this.isBehind) return true
    return this.givingUp.signal.aborted
  }

  private giveUp(): void {
    this.givingUp.abort()
    this.waiting?.wake()
  }

  private async entries(): Promise<readonly LogEntry[]> {
    if (this.stopping) {
      const rest = this.seenSeq >= this.stopping.untilSeq ? [] : await this.reader.rest(readBytes)
      // Nothing more comes, whatever number was named.
      if (rest.length === 0 && this.seenSeq < this.stopping.untilSeq) this.stopping = { ...this.stopping, untilSeq: this.seenSeq }
      return rest
    }
    const ready = await this.reader.rest(readBytes)
    if (ready.length > 0 || this.isDue() || this.stopping || (this.isBehind && this.store.state.name === 'live')) return ready
    return await this.waitForEntries()
  }

  private async waitForEntries(): Promise<readonly LogEntry[]> {
    const aborter = new AbortController()
    this.waiting = { wake: () => aborter.abort() }
    const isBuffered = this.inserter.size > 0
    const timer = isBuffered ? setTimeout(() => aborter.abort(), Math.max(0, this.firstBufferedMs + this.bufferTimeMs - Date.now())) : null
    try {
      return await this.reader.next(readBytes, aborter.signal)
    } catch (error) {
      if (aborter.signal.aborted) return []
      throw error
    } finally {
      this.waiting = null
      if (timer) clearTimeout(timer)
    }
  }

  private take(entry: LogEntry): void {
    this.seenSeq = entry.seq
    if (entry.kind !== 'frame') return
    let message: JsonObject
    try {
      message = this.surroundings.decode(entry)
    } catch (error) {
      if (!(error instanceof Error)) throw error
      this.surroundings.onUndecodable(entry)
      return
    }
    if (this.inserter.size === 0) this.firstBufferedMs = Date.now()
    this.inserter.add({ seq: entry.seq, at: entry.at, message })
  }

  private isDue(): boolean {
    // What is nothing to be written (events, control messages) is committed at the next flush, or when there is nothing else to do.
    if (this.seenSeq === this.committedSeq) return false
    if (this.inserter.isFull || this.stopping || this.wanted > this.committedSeq || this.inserter.size === 0) return true
    return Date.now() - this.firstBufferedMs >= this.bufferTimeMs
  }

  /** Until it is written, however often the store has to be asked, or it is clear that it will not be now. */
  private async flush(): Promise<void> {
    if (this.isBehind) return await this.noteBehind()
    for (let attempt = 1; ; attempt++) {
      try {
        // A state that says so is as good as an attempt, and does not wait for a server.
        if (this.store.state.name === 'retrying' || this.store.state.name === 'lost') throw new Refusal('unavailable', this.store.state.reason)
        this.wrote(await this.inserter.flush())
        await this.reader.commit(this.seenSeq)
        this.committedSeq = this.seenSeq
        this.durableSeq = this.seenSeq
        this.back()
        return
      } catch (error) {
        this.goneAway(error, attempt)
      }
      if (this.givingUp.signal.aborted) return
      if (await this.surroundings.mayLetGo()) return await this.noteBehind()
      await this.pause(attempt)
      if (this.inserter.size < 2) await this.takeMore()
    }
  }

  /** With a second message it shows whether the store is at fault or the first. */
  private async takeMore(): Promise<void> {
    for (const entry of await this.reader.rest(readBytes)) this.take(entry)
  }

  private wrote({ messages, records, problems }: Flushed): void {
    this.messages += messages
    for (const { kind, id } of records) this.counter.add(kind, id)
    this.problems += problems.length
    const last = problems.at(-1)
    if (last) this.problem = `${last.id === null ? '' : `${last.kind} ${last.id}${last.field === '' ? '' : `, ${last.field}`}: `}${last.reason}`
  }

  /** The frames leave the log; which records they belong to is kept, to be brought from another store later. */
  private async noteBehind(): Promise<void> {
    this.isBehind = true
    await this.ledger.add(this.inserter.records)
    const seq = this.seenSeq
    while (!this.surroundings.isHeldElsewhere(seq)) {
      if (this.givingUp.signal.aborted || this.store.state.name === 'live') return
      await this.pause(1)
    }
    await this.reader.commit(seq)
    this.committedSeq = seq
    this.inserter.discard()
    this.surroundings.onChange()
  }

  /** Brings what is missing, if the store is there again. */
  private async comeUp(): Promise<void> {
    if (this.store.state.name === 'retrying' || this.store.state.name === 'lost') {
      // As long as the log has room, new frames wait in it.
      const mayRest = this.stopping ? this.seenSeq >= this.stopping.untilSeq : !(await this.surroundings.mayLetGo())
      if (mayRest) await this.pause(4)
      return
    }
    try {
      const { records, problems } = await this.surroundings.catchUp(this.ledger, this.givingUp.signal)
      this.messages += this.behind
      for (const { kind, id } of records) this.counter.add(kind, id)
      this.problems += problems
      await this.ledger.clear()
      this.isBehind = false
      this.durableSeq = this.committedSeq
      this.back()
    } catch (error) {
      this.goneAway(error, 1)
      await this.pause(4)
    }
  }

  private goneAway(error: unknown, attempt: number): void {
    const reason = error instanceof Error ? error.message : String(error)
    const sinceMs = this.away?.sinceMs ?? Date.now()
    this.away = { name: Date.now() - sinceMs >= lostAfterMs ? 'lost' : 'retrying', attempt, sinceMs, reason }
    this.surroundings.onChange()
  }

  private back(): void {
    this.away = null
    this.surroundings.onChange()
  }

  /** Ends early if the store comes back, or the flow is asked for something. */
  private async pause(attempt: number): Promise<void> {
    if (this.givingUp.signal.aborted) return
    const { first, most } = this.surroundings.backOffMs ?? defaultBackOffMs
    const waitMs = Math.min(most, first * 2 ** Math.min(attempt - 1, 10))
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs)
      this.waiting = { wake: () => (clearTimeout(timer), resolve()) }
    })
    this.waiting = null
  }
}
