/** An intake in this thread: holds a subscription, begins it again whenever it ends, and appends all that comes to the frame log. */
import { Refusal } from '#contract/reply'
import type { BrokerSink, Subscription, SubscribeTo } from './broker.ts'
import { openFrameLogWriter } from './frameLog.ts'
import type { FrameLogWriter, LinkEvent } from './frames.ts'
import { IntakeRates } from './intakeRates.ts'
import type { Intake, IntakeSpec, IntakeState, Link } from './intakeState.ts'
import { Ending, Outage } from './outage.ts'
import { subscribeTo } from './subscribeTo.ts'

const tellMs = 100
const firstDelayMs = 100
const longestDelayMs = 10_000
/** After so long without a connection it counts as lost. It is still tried. */
const lostMs = 60_000

export class LocalIntake implements Intake {
  readonly ready: Promise<void>
  private link: Link = { name: 'connecting', reason: null, since: now(), attempt: 1, retryAt: null }
  private received = 0
  private receivedBytes = 0
  private lastAt: number | null = null
  private readonly rates = new IntakeRates()
  private readonly commands = new Set<string>()
  private readonly listeners = new Set<(state: IntakeState) => void>()
  private tellTimer: NodeJS.Timeout | null = null
  private readonly secondTimer: NodeJS.Timeout
  private readonly stopping = new AbortController()
  private readonly running: Promise<void>
  private stopped: Promise<void> | null = null
  /** What comes before it is noted that a subscription has begun, to be kept behind that. */
  private early: { at: number; channel: string; payload: Buffer }[] | null = []
  private hasAttached = false
  private settleReady: { resolve(): void; reject(error: Error): void } = { resolve: () => undefined, reject: () => undefined }

  private constructor(
    private readonly spec: IntakeSpec,
    private readonly log: FrameLogWriter,
    private readonly subscribe: SubscribeTo
  ) {
    this.ready = new Promise((resolve, reject) => {
      this.settleReady = { resolve, reject }
    })
    // Whoever waits for it hears of it; nobody has to.
    this.ready.catch(() => undefined)
    // Rates fall to nothing although nothing comes.
    this.secondTimer = setInterval(() => this.tellSoon(), 1000)
    this.secondTimer.unref()
    this.running = this.run()
  }

  /** Rejects with a Refusal `unavailable` if the folder cannot be written. */
  static async start(spec: IntakeSpec, subscribe: SubscribeTo = subscribeTo): Promise<LocalIntake> {
    return new LocalIntake(spec, await openFrameLogWriter({ folder: spec.folder, limitBytes: spec.limitBytes }), subscribe)
  }

  get state(): IntakeState {
    const { link, log } = this
    return {
      // Messages that come and are not kept are a matter of the link: it is the only place where a person sees it at once.
      link: link.name === 'live' && log.problem !== null ? { ...link, reason: log.problem } : link,
      received: this.received,
      receivedBytes: this.receivedBytes,
      lastAt: this.lastAt,
      rates: this.rates.at(now()),
      spillBytes: log.bytes,
      spillLimitBytes: this.spec.limitBytes,
      sent: [...this.commands]
    }
  }

  onState(listener: (state: IntakeState) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  async append(channel: string, payloads: readonly Uint8Array[]): Promise<void> {
    for (const payload of payloads) {
      if (!this.log.append(now(), channel, payload)) throw new Refusal('unavailable', 'There is no room for more messages on disk.')
    }
    await this.log.flush()
  }

  async stop(): Promise<void> {
    this.stopped ??= this.end()
    await this.stopped
  }

  private async end(): Promise<void> {
    this.stopping.abort(new Refusal('cancelled', 'The intake was stopped.'))
    await this.running
    if (this.hasAttached) this.note('detached', 'Detached by request.', null)
    clearInterval(this.secondTimer)
    try {
      await this.log.close()
    } finally {
      this.setLink({ name: 'detached', reason: null, attempt: 0, retryAt: null })
      if (this.tellTimer) clearTimeout(this.tellTimer)
    }
  }

  /** Settles when it was stopped, or is of no use any more. */
  private async run(): Promise<void> {
    const { signal } = this.stopping
    let before: Subscription | null = null
    while (!signal.aborted) {
      const outage = new Outage()
      const ended = new Ending()
      const subscription = await this.subscribeAtLast(ended, before, outage)
      if (!subscription) return
      this.noteBegin(before, subscription, outage)
      this.keepEarly()
      before = subscription
      this.setLink({ name: 'live', reason: null, attempt: 0, retryAt: null })
      this.settleReady.resolve()
      const reason = await ended.orAborted(signal)
      await subscription.close()
      if (reason === null) return
      this.note('disconnected', reason, null)
      this.early = []
      this.setLink({ name: 'retrying', reason, attempt: 1, retryAt: null })
    }
  }

  /** Tries until it succeeds. Null if it was stopped, or refused at the very first. */
  private async subscribeAtLast(ended: Ending, before: Subscription | null, outage: Outage): Promise<Subscription | null> {
    const { signal } = this.stopping
    for (let attempt = 1; !signal.aborted; attempt++) {
      outage.attempts = attempt
      try {
        return await this.subscribe(this.spec, this.sink(ended), signal, before)
      } catch (error) {
        if (signal.aborted) return null
        const reason = error instanceof Error ? error.message : String(error)
        if (error instanceof Refusal && before === null) return this.refuse(error)
        outage.reason = reason
        await this.waitForNext(attempt, reason, outage)
      }
    }
    return null
  }

  private refuse(error: Refusal): null {
    this.setLink({ name: 'lost', reason: error.message, attempt: 1, retryAt: null })
    this.settleReady.reject(error)
    return null
  }

  private async waitForNext(attempt: number, reason: string, outage: Outage): Promise<void> {
    const { signal } = this.stopping
    // Many that lost the same broker do not come back in the same moment.
    const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(attempt - 1, 20)) * (0.8 + 0.4 * Math.random())
    const name = performance.now() - outage.began > lostMs ? 'lost' : 'retrying'
    this.setLink({ name, reason, attempt: attempt + 1, retryAt: now() + delayMs / 1000 })
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, delayMs)
      signal.addEventListener('abort', done, { once: true })
    })
    if (!signal.aborted) this.setLink({ ...this.link, retryAt: null })
  }

  private sink(ended: Ending): BrokerSink {
    return {
      message: (channel, payload, at) => this.take(channel, payload, at),
      sent: (command) => {
        this.commands.add(command)
      },
      ended: (reason) => ended.set(reason)
    }
  }

  private take(channel: string, payload: Uint8Array, at: number): void {
    this.received++
    this.receivedBytes += payload.length
    this.lastAt = at
    this.rates.add(at)
    if (this.early) this.early.push({ at, channel, payload: Buffer.from(payload) })
    else this.log.append(at, channel, payload)
    this.tellSoon()
  }

  private keepEarly(): void {
    for (const { at, channel, payload } of this.early ?? []) this.log.append(at, channel, payload)
    this.early = null
  }

  private noteBegin(before: Subscription | null, { note, losesNothing }: Subscription, outage: Outage): void {
    const { channel } = this.spec.address
    this.hasAttached = true
    if (before === null) {
      this.note('attached', `Attached to ${this.spec.address.url}${outage.attempts > 1 ? ` at attempt ${outage.attempts}` : ''}.`, null)
      return
    }
    const seconds = ((performance.now() - outage.began) / 1000).toFixed(1)
    const told = [`Subscribed to ${channel} again after ${seconds} s${outage.attempts > 1 ? `, at attempt ${outage.attempts}` : ''}.`]
    if (outage.reason !== null) told.push(`Meanwhile: ${outage.reason}`)
    if (note !== null) told.push(note)
    this.note('reconnected', told.join(' '), losesNothing ? 0 : null)
  }

  private note(event: LinkEvent['event'], reason: string, lost: number | null): void {
    this.log.event({ at: now(), event, reason, lost })
  }

  private setLink(link: Omit<Link, 'since'>): void {
    this.link = { ...link, since: link.name === this.link.name ? this.link.since : now() }
    this.tell()
  }

  private tellSoon(): void {
    if (this.tellTimer || this.listeners.size === 0) return
    this.tellTimer = setTimeout(() => this.tell(), tellMs)
    this.tellTimer.unref()
  }

  private tell(): void {
    if (this.tellTimer) clearTimeout(this.tellTimer)
    this.tellTimer = null
    const { state } = this
    for (const listener of this.listeners) listener(state)
  }
}

function now(): number {
  return Date.now() / 1000
}
