/** A consumer of messages, to be extended: it subscribes, listens, hands each message to `messageHandler`, and stops when that says so. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject } from '#contract/json'
import { openFrameLogReader } from '#engine/sources/queue/frameLog'
import type { FrameLogReader, LinkEvent, LogEntry } from '#engine/sources/queue/frames'
import type { Intake, IntakeState } from '#engine/sources/queue/intakeState'
import { parseQueueUrl } from '#engine/sources/queue/queueAddress'
import { startIntake } from '#engine/sources/queue/startIntake'
import { messageOf } from './messageOf.ts'

/** One message as Flowcept sent it. Integers beyond 2^53 are bigints, bytes are Buffers. */
export type Message = JsonObject

export type ConsumerOptions = {
  /** `redis://user@host:6379/0/interception`, `amqp://…`; a password in it is used and shown nowhere. */
  readonly url: string
  readonly password?: string | null | undefined
  /**
   * Where messages wait until they are handled. Named, it is kept: what was not handled when the process ended is handled by the next one,
   * and the last of what was may be handled again. A temporary folder unless told, gone with the consumer.
   */
  readonly folder?: string | undefined
  /** Who reads there, if several do. */
  readonly name?: string | undefined
  /** How much may wait, before messages are lost and `onGap` is told. 1 GiB unless told. */
  readonly limitBytes?: number | undefined
}

/** Messages that this consumer will never see; times in epoch seconds. */
export type ConsumerGap = {
  readonly kind: 'disconnected' | 'overflow' | 'undecodable'
  readonly from: number
  readonly to: number
  /** How many, where the broker says so. */
  readonly messages: number | null
  /** A sentence. */
  readonly reason: string
}

export type StartOptions = {
  /** True: `start` resolves once the consumer is subscribed, and it goes on beside whatever else runs. False: `start` resolves when it has ended. */
  readonly background?: boolean | undefined
}

const readBytes = 1 << 20
const defaultLimitBytes = 1 << 30

/**
 * ```ts
 * export default class PrintTasks extends BaseConsumer {
 *   messageHandler(message: Message): boolean {
 *     if (message.type === 'task') process.stdout.write(`${String(message.activity_id)}\n`)
 *     return true
 *   }
 * }
 * await new PrintTasks('redis://localhost:6379').start({ background: false })
 * ```
 *
 * A handler may take its time: messages wait on disk meanwhile, in their order, and a burst loses none.
 */
export abstract class BaseConsumer {
  protected readonly options: ConsumerOptions
  private intake: Intake | null = null
  private reader: FrameLogReader | null = null
  private temporaryFolder: string | null = null
  private readonly stopping = new AbortController()
  private listening: Promise<void> | null = null
  private since: { disconnected: LinkEvent | null; overflow: LinkEvent | null } = { disconnected: null, overflow: null }

  constructor(options: string | ConsumerOptions) {
    this.options = typeof options === 'string' ? { url: options } : options
  }

  /** Called with one message after the other, never with two at once. Returns whether to go on. */
  abstract messageHandler(message: Message): boolean | Promise<boolean>

  /** Writes what `messageHandler` has gathered: called when the messages at hand have been handled, before they count as done with. */
  protected flush(): void | Promise<void> {}

  /** A handler has failed. What this throws ends the consumer; if it returns, the next message comes. */
  protected onError(error: Error, _message: Message): void | Promise<void> {
    throw error
  }

  /** Messages are missing. Called when it is known how long the gap was, in its place among the messages. */
  protected onGap(_gap: ConsumerGap): void | Promise<void> {}

  /** The connection and what has come so far; null while it is not started. */
  get state(): IntakeState | null {
    return this.intake?.state ?? null
  }

  /** Settles when the consumer has ended: its handler said so, or `stop` was called. Rejects with the error that ended it. */
  get ended(): Promise<void> {
    return this.listening ?? Promise.reject(new Error('The consumer has not been started.'))
  }

  /** Subscribes and listens. @throws Refusal if there is no such queue, or it takes no such password */
  async start({ background = true }: StartOptions = {}): Promise<this> {
    if (this.listening) throw new Error('A consumer is started once.')
    const subscribed = this.subscribe()
    this.listening = subscribed.then(async () => await this.listen()).finally(async () => await this.unsubscribe())
    const { listening } = this
    if (!background) {
      await listening
      return this
    }
    // If it fails to subscribe, both fail with the same error, which is thrown here.
    await subscribed.catch(async () => await listening)
    return this
  }

  /** Ends after the message that is being handled. Not to be awaited in a handler, which returns false instead. */
  async stop(): Promise<void> {
    this.stopping.abort()
    // Its error, if it ended with one, is told by `ended` and `start`.
    await this.listening?.catch(() => undefined)
  }

  /** Waits until the queue sends. */
  protected async subscribe(): Promise<void> {
    const { url, password, folder, name = 'consumer', limitBytes = defaultLimitBytes } = this.options
    const { address, password: inUrl } = parseQueueUrl(url)
    this.temporaryFolder = folder === undefined ? await mkdtemp(join(tmpdir(), 'provscope-consumer-')) : null
    const place = folder ?? this.temporaryFolder ?? ''
    // Before the first frame comes.
    this.reader = await openFrameLogReader(place, name)
    this.intake = await startIntake({ address, password: password ?? inUrl, folder: place, limitBytes })
    await this.intake.ready
  }

  /** Dispatches messages until the handler returns false, or `stop` is called. */
  protected async listen(): Promise<void> {
    const { reader, stopping } = this
    if (!reader) throw new Error('The consumer is not subscribed.')
    while (!stopping.signal.aborted) {
      const entries = await nextEntries(reader, stopping.signal)
      let handled = 0
      for (const entry of entries) {
        if (stopping.signal.aborted) break
        const goesOn = await this.dispatch(entry)
        handled = entry.seq
        if (!goesOn) this.stopping.abort()
      }
      if (handled === 0) continue
      await this.flush()
      await reader.commit(handled)
    }
  }

  /** Leaves the queue. What has arrived and was not handled stays where it waits, if that has a name. */
  protected async unsubscribe(): Promise<void> {
    await this.intake?.stop()
    await this.reader?.close()
    if (this.temporaryFolder !== null) await rm(this.temporaryFolder, { recursive: true, force: true })
  }

  private async dispatch(entry: LogEntry): Promise<boolean> {
    if (entry.kind === 'event') {
      await this.noteEvent(entry)
      return true
    }
    let message: Message
    try {
      message = messageOf(entry)
    } catch (error) {
      if (!(error instanceof Error)) throw error
      await this.onGap({ kind: 'undecodable', from: entry.at, to: entry.at, messages: 1, reason: error.message })
      return true
    }
    try {
      return await this.messageHandler(message)
    } catch (error) {
      await this.onError(error instanceof Error ? error : new Error(String(error)), message)
      return true
    }
  }

  private async noteEvent(event: LinkEvent): Promise<void> {
    if (event.event === 'disconnected') this.since.disconnected ??= event
    if (event.event === 'overflow') this.since.overflow ??= event
    if (event.event === 'reconnected' && this.since.disconnected) {
      const { at, reason } = this.since.disconnected
      this.since = { ...this.since, disconnected: null }
      await this.onGap({ kind: 'disconnected', from: at, to: event.at, messages: event.lost, reason })
    }
    if (event.event === 'overflow-ended') {
      const from = this.since.overflow?.at ?? event.at
      this.since = { ...this.since, overflow: null }
      await this.onGap({ kind: 'overflow', from, to: event.at, messages: event.lost, reason: event.reason })
    }
  }
}

async function nextEntries(reader: FrameLogReader, signal: AbortSignal): Promise<readonly LogEntry[]> {
  try {
    return await reader.next(readBytes, signal)
  } catch (error) {
    if (signal.aborted) return []
    throw error
  }
}
