/** What a live source is known to lack, and why: dated and counted, from what happened to the connection and from frames that are no messages. */
import type { Gap } from '#contract/live'
import type { LiveNews } from '#engine/sources/segments'

type Filled = NonNullable<Gap['filled']>
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
    return this.entries.map(({ sample: _, ...gap }) => gap)
  }

  /** The first bytes of the first frame of an undecodable entry, as hexadecimal digits. */
  sampleOf(gapId: string): string {
    return this.entries.find((entry) => entry.gapId === gapId)?.sample ?? ''
  }

  get undecodable(): number {
    return this.entries.reduce((sum, { kind, messages }) => sum + (kind === 'undecodable' ? (messages ?? 0) : 0), 0)
  }

  learn(news: LiveNews): void {
    for (const event of news.events) this.event(event)
    for (const frame of news.undecodable) this.frame(frame)
    this.lastAt = news.lastAt ?? this.lastAt
  }

  /** What was published before anybody listened and was filled in, as an entry of its own. */
  addEarlier(from: number, to: number): Omit<Gap, 'openTasks'> {
    return this.put('disconnected', from, { to, reason: 'Published before the queue was attached.' })
  }

  fill(gapId: string, filled: Filled): void {
    const entry = this.entries.find((one) => one.gapId === gapId)
    if (!entry) return
    const before = entry.filled
    entry.filled = before ? { messages: before.messages + filled.messages, from: before.from === filled.from ? filled.from : `${before.from}, ${filled.from}`, at: filled.at } : filled
    this.version++
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
