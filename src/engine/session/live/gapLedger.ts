/** What a live source is known to lack, and why: dated and counted, from what happened to the connection and from frames that are no messages. */
import type { Gap } from '#contract/live'
import type { LiveNews } from '#engine/sources/segments'

type Entry = { -readonly [K in keyof Omit<Gap, 'openTasks'>]: Gap[K] } & { sample: string }

/** Frames that cannot be decoded and arrive so close together are one entry. */
const sameStretchSeconds = 5

export class GapLedger {
  private readonly entries: Entry[] = []
  /** The entry that is still going on, by what began it. */
  private open: { link: Entry | null; overflow: Entry | null } = { link: null, overflow: null }
  private lastAt: number | null = null
  private attached = false
  private detachedAt: number | null = null
  /** Changes with every entry. */
  version = 0

  constructor(private readonly sourceId: string) {}

  get count(): number {
    return this.entries.length
  }

  /** In order of their beginning; without `openTasks`, which only the tables can tell. */
  get gaps(): readonly Omit<Gap, 'openTasks'>[] {
    return this.entries.map(({ filled, from, gapId, kind, messages, reason, to }) => ({ gapId, kind, from, to, messages, reason, filled }))
  }

  /** The first bytes of the first frame of an undecodable entry, as hexadecimal digits. */
  sampleOf(gapId: string): string {
    return this.entries.find((entry) => entry.gapId === gapId)?.sample ?? ''
  }

  get undecodable(): number {
    return this.entries.reduce((sum, { kind, messages }) => sum + (kind === 'undecodable' ? (messages ?? 0) : 0), 0)
  }

  /** Messages that arrived and for which there was no room. */
  get notKept(): number {
    return this.entries.reduce((sum, { kind, messages }) => sum + (kind === 'overflow' ? (messages ?? 0) : 0), 0)
  }

  learn(news: LiveNews): void {
    for (const event of news.events) this.event(event)
    for (const frame of news.undecodable) this.frame(frame)
    this.lastAt = news.lastAt ?? this.lastAt
  }

  /**
   * Messages of these times (epoch seconds) have been filled in from a file: says so of the gaps they fell into. What fell into none that
   * is known was sent before the queue was attached, or was lost unseen; that becomes an entry of its own. Returns how many entries.
   */
  heal(times: readonly (number | null)[], file: string, { attachedAt, sentWithinSeconds }: { attachedAt: number; sentWithinSeconds: number }): number {
    const counts = new Map<Entry, number>()
    const [before, unseen]: [number[], number[]] = [[], []]
    for (const time of times) {
      const entry = time === null ? this.entries.at(-1) : this.entries.find(({ from, to }) => time >= from - sentWithinSeconds && time <= (to ?? Infinity))
      if (entry) counts.set(entry, (counts.get(entry) ?? 0) + 1)
      else (time === null || time >= attachedAt ? unseen : before).push(time ?? attachedAt)
    }
    if (before.length > 0) counts.set(this.entryOf('Sent before the queue was attached.', before), before.length)
    if (unseen.length > 0) counts.set(this.entryOf('Lost while the queue was attached, without a sign of it.', unseen), unseen.length)
    const at = Date.now() / 1000
    for (const [entry, messages] of counts) {
      const filled = entry.filled
      const from = filled === null || filled.from.split(', ').includes(file) ? (filled?.from ?? file) : `${filled.from}, ${file}`
      entry.filled = { messages: messages + (filled?.messages ?? 0), from, at }
    }
    this.version++
    return counts.size
  }

  private entryOf(reason: string, times: readonly number[]): Entry {
    const [from, to] = times.reduce(([least, most], time) => [Math.min(least, time), Math.max(most, time)], [Infinity, -Infinity])
    const known = this.entries.find((entry) => entry.reason === reason)
    if (!known) return this.put('disconnected', from, { to, reason })
    known.from = Math.min(known.from, from)
    known.to = Math.max(known.to ?? to, to)
    return known
  }

  private event({ at, event, lost, previousAt, reason }: LiveNews['events'][number]): void {
    const before = previousAt ?? this.lastAt
    switch (event) {
      case 'attached':
        // Nobody said goodbye: the process that was attached before has been killed.
        if (this.attached && !this.open.link && before !== null) this.put('disconnected', before, { to: at, messages: lost, reason: 'Provscope ended while it was attached.' })
        if (this.detachedAt !== null) this.put('disconnected', this.detachedAt, { to: at, messages: lost, reason: 'It was detached, and attached again later.' })
        this.close('link', at, lost)
        this.attached = true
        this.detachedAt = null
        break
      case 'reconnected':
        this.close('link', at, lost)
        break
      case 'disconnected':
        this.open.link ??= this.put('disconnected', at, { messages: lost, reason })
        break
      case 'detached':
        // What comes after is nobody's loss, unless somebody attaches again.
        this.attached = false
        if (!this.open.link) this.detachedAt = at
        break
      case 'overflow':
        this.open.overflow ??= this.put('overflow', at, { messages: lost, reason })
        break
      case 'overflow-ended':
        if (this.open.overflow) this.close('overflow', at, lost)
        else this.put('overflow', before ?? at, { to: at, messages: lost, reason })
        break
    }
  }

  private frame({ at, reason, sample }: LiveNews['undecodable'][number]): void {
    const last = this.entries.at(-1)
    if (last?.kind === 'undecodable' && last.reason === reason && at - (last.to ?? at) <= sameStretchSeconds) {
      last.to = at
      last.messages = (last.messages ?? 0) + 1
      this.version++
    } else {
      this.put('undecodable', at, { to: at, messages: 1, reason, sample })
    }
  }

  private close(what: 'link' | 'overflow', at: number, lost: number | null): void {
    const entry = this.open[what]
    if (!entry) return
    entry.to = at
    entry.messages = lost ?? entry.messages
    this.open[what] = null
    this.version++
  }

  private put(kind: Gap['kind'], from: number, more: Partial<Entry>): Entry {
    const entry: Entry = { gapId: `${this.sourceId}:gap${this.entries.length + 1}`, kind, from, to: null, messages: null, reason: '', filled: null, sample: '', ...more }
    this.entries.push(entry)
    this.version++
    return entry
  }
}
