/**
 * A stretch of the messages of a source, in order of arrival and without holes, that a person looks through: it follows the
 * newest, or stays where it is and counts what comes. What lies before and after it is counted exactly, never skipped.
 */
import type { Call } from '#contract/dispatch'
import type { CallError } from '#contract/reply'
import type { Result } from '#contract/methods'
import type { Scope } from '#contract/values'

export type Message = Result<'stream.page'>['messages'][number]
export type StreamOf = { sourceId: string; scope: Scope }

/** Kept at most; beyond, those at the far end are let go and fetched again when they are looked for. */
export const maxMessages = 5000
const firstPage = 200
const olderPage = 300
const mostAtOnce = 1000
/** Of a burst only the newest come into sight: the others are fetched when they are scrolled to. */
const mostWhileFollowing = 300

type Step = 'newest' | 'oldest' | 'refresh' | 'older' | 'newer'

export class StreamWindow {
  /** The oldest first. */
  messages: readonly Message[] = []
  /** Messages in scope after and before these. */
  newer = 0
  total = 0
  error: CallError | null = null
  /** Counts up with every change; for useSyncExternalStore. */
  version = 0
  loaded = false
  private isFollowing = true
  private running: AbortController | null = null
  private due: Step[] = []
  private closed = false
  private readonly listeners = new Set<() => void>()

  constructor(
    private readonly call: Call,
    private readonly of: StreamOf
  ) {}

  get older(): number {
    return Math.max(0, this.total - this.newer - this.messages.length)
  }

  get following(): boolean {
    return this.isFollowing
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** There may be more than at the last time. */
  refresh(): void {
    this.want(this.loaded ? 'refresh' : 'newest')
  }

  loadOlder(): void {
    if (this.older > 0) this.want('older')
  }

  /** Only where the window was moved away from the end. */
  loadNewer(): void {
    if (!this.isFollowing && this.newer > 0) this.want('newer')
  }

  /** Goes to the newest and follows. */
  latest(): void {
    if (this.isFollowing) return
    this.isFollowing = true
    this.want(this.newer > 0 ? 'newest' : 'refresh')
    this.changed()
  }

  /** Goes to the first there is, and stays there. */
  oldest(): void {
    this.isFollowing = false
    this.want('oldest')
    this.changed()
  }

  stay(): void {
    if (!this.isFollowing) return
    this.isFollowing = false
    this.changed()
  }

  retry(): void {
    this.error = null
    this.refresh()
  }

  close(): void {
    this.closed = true
    this.running?.abort()
  }

  private want(step: Step): void {
    if (this.closed) return
    if (!this.due.includes(step)) this.due.push(step)
    if (this.running === null) void this.run()
  }

  private async run(): Promise<void> {
    const controller = new AbortController()
    this.running = controller
    for (let step = this.due.shift(); step !== undefined && !this.closed; step = this.due.shift()) {
      await this.steps[step](controller.signal)
      if (!this.closed) this.changed()
    }
    this.running = null
  }

  private readonly steps: Record<Step, (signal: AbortSignal) => Promise<void>> = {
    newest: async (signal) => {
      const page = await this.page({ limit: firstPage }, signal)
      if (page) this.startWith(page)
    },
    refresh: async (signal) => {
      const newest = this.messages.at(-1)
      if (!newest) return this.steps.newest(signal)
      const page = await this.page({ after: newest.line, limit: this.isFollowing ? mostWhileFollowing : 1 }, signal)
      if (!page) return
      // Fewer than there were: the source was read anew.
      if (page.total - page.newer < this.messages.length) return this.steps.newest(signal)
      this.total = page.total
      if (!this.isFollowing) this.newer = page.newer
      else if (page.newer > page.messages.length) this.startWith(page)
      else this.append(page.messages)
    },
    older: async (signal) => {
      const [oldest] = this.messages
      if (!oldest) return
      const page = await this.page({ before: oldest.line, limit: olderPage }, signal)
      if (!page) return
      const messages = [...page.messages.toReversed(), ...this.messages]
      const spare = Math.max(0, messages.length - maxMessages)
      this.messages = spare === 0 ? messages : messages.slice(0, messages.length - spare)
      this.newer += spare + this.grownBy(page.total)
      if (spare > 0) this.isFollowing = false
    },
    newer: async (signal) => {
      const newest = this.messages.at(-1)
      const page = newest && (await this.pageAfter(newest.line, signal))
      if (!page) return
      this.newer = Math.max(0, this.newer - page.messages.length) + this.grownBy(page.total)
      this.append(page.messages)
    },
    oldest: async (signal) => {
      const page = this.total > 0 ? await this.pageAfter(-1, signal) : null
      if (!page) return
      this.startWith(page)
      this.newer = this.total - this.messages.length
    }
  }

  /**
   * The next ones after a number, without a hole. Numbers of messages have voids where a filter leaves little: they are leapt
   * over in growing stretches. A stretch with more in it than is answered at once is made smaller, until nothing in it can have
   * been left out.
   */
  private async pageAfter(line: number, signal: AbortSignal): Promise<Result<'stream.page'> | null> {
    for (let from = line, span = mostAtOnce; span < 2 ** 45; ) {
      const page = await this.page({ after: from, before: from + span + 1, limit: mostAtOnce }, signal)
      if (!page) return null
      if (page.messages.length === mostAtOnce && span > mostAtOnce) span = Math.max(mostAtOnce, Math.floor(span / 4))
      else if (page.messages.length > 0) return page
      else {
        from += span
        span *= 2
      }
    }
    return null
  }

  /** Those that came while another question was under way are after the end. */
  private grownBy(total: number): number {
    const grown = Math.max(0, total - this.total)
    this.total = total
    return grown
  }

  private startWith({ messages, total }: Result<'stream.page'>): void {
    this.messages = messages.toReversed()
    this.total = total
    this.newer = 0
    this.loaded = true
  }

  /** @param newestFirst as they are answered */
  private append(newestFirst: readonly Message[]): void {
    if (newestFirst.length === 0) return
    const messages = [...this.messages, ...newestFirst.toReversed()]
    this.messages = messages.length > maxMessages ? messages.slice(messages.length - maxMessages) : messages
  }

  private async page(where: { after?: number; before?: number; limit: number }, signal: AbortSignal): Promise<Result<'stream.page'> | null> {
    const reply = await this.call('stream.page', { ...this.of, ...where }, { signal })
    if (signal.aborted) return null
    if (reply.ok) {
      this.error = null
      return reply.value
    }
    if (reply.error.code !== 'cancelled') this.error = reply.error
    return null
  }

  private changed(): void {
    this.version++
    for (const listener of this.listeners) listener()
  }
}
