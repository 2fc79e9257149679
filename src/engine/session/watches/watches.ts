/** Watch expressions: kept in the preferences, judged when what they watch has changed, and by a clock where it has not. */
import { randomBytes } from 'node:crypto'
import { parseFilter } from '#contract/filter'
import { readMomentId } from '#contract/momentId'
import { Refusal } from '#contract/reply'
import { type DraftWatch, type Watch, type Watched, type WatchState, watch as watchSchema } from '#contract/watches'
import type { OpenEntry } from '../openEntry.ts'
import type { ChangeLog } from '../services/changes.ts'
import type { Prefs } from '../services/prefs.ts'
import type { SourceList } from '../sourceList.ts'
import { evaluateWatch, type Verdict, type Watching } from './evaluateWatch.ts'

export const watchesPref = 'watches'
const mostWatches = 200
/** Between two judgements of a source: at least this, and so many times what the last took. */
const restMs = 400
const readingRestMs = 2000
const restTimes = 6

type Options = { readonly sources: SourceList; readonly prefs: Prefs; readonly changes: ChangeLog; readonly onBug: (error: unknown, what: string) => void; readonly now?: () => number }
type Kept = { state: WatchState; dueAt: number | null; /** Tasks that matched when it was seen. */ seen: number | null }
type Judging = { timer: NodeJS.Timeout | null; running: boolean; again: boolean; tookMs: number; endedAtMs: number; /** What was judged last. */ judged: string }

export class Watches {
  readonly #options: Options
  readonly #now: () => number
  /** By watch, then by source. */
  readonly #states = new Map<string, Map<string, Kept>>()
  readonly #judging = new Map<string, Judging>()
  readonly #closing = new AbortController()
  #watches: Map<string, Watch> | null = null
  #loading: Promise<Map<string, Watch>> | null = null
  #running = new Set<Promise<void>>()

  constructor(options: Options) {
    this.#options = options
    this.#now = options.now ?? (() => Date.now() / 1000)
  }

  async list(): Promise<{ watches: Watched[] }> {
    const watches = await this.#load()
    return { watches: [...watches.values()].map((watch) => ({ ...watch, states: [...(this.#states.get(watch.watchId)?.values() ?? [])].map(({ state }) => state) })) }
  }

  async set({ watchId, ...draft }: DraftWatch & { watchId?: string | undefined }): Promise<{ watchId: string }> {
    for (const scope of [draft.within, draft.match]) parseFilter(scope.filter)
    const watches = await this.#load()
    if (watchId !== undefined && !watches.has(watchId)) throw new Refusal('not-found', 'This watch is no longer there.')
    if (watchId === undefined && watches.size >= mostWatches) throw new Refusal('bad-request', `There may be at most ${mostWatches} watches.`)
    const id = watchId ?? `w-${randomBytes(6).toString('hex')}`
    const before = watches.get(id)
    watches.set(id, { watchId: id, ...draft })
    // Another name is the same watch, with what was seen of it.
    if (before === undefined || questionOf(before) !== questionOf(draft)) this.#states.delete(id)
    await this.#save()
    this.#judgeAll()
    return { watchId: id }
  }

  async remove(watchId: string): Promise<void> {
    const watches = await this.#load()
    if (!watches.delete(watchId)) return
    this.#states.delete(watchId)
    await this.#save()
  }

  acknowledge(watchId: string, sourceId?: string): void {
    for (const [id, kept] of this.#states.get(watchId) ?? []) {
      if (kept.state.state !== 'firing' || (sourceId !== undefined && id !== sourceId)) continue
      kept.seen = kept.state.matching
      kept.state = { ...kept.state, acknowledged: true }
    }
    this.#options.changes.add('watch', watchId)
  }

  async preview(sourceId: string, draft: DraftWatch, signal: AbortSignal): Promise<WatchState> {
    if (readMomentId(sourceId) !== null) throw new Refusal('bad-request', 'A watch is about the source as it is now, not as it was known then.')
    const verdict = await this.#evaluate(this.#options.sources.entry(sourceId), draft, signal)
    return stateOf(sourceId, verdict, false)
  }

  /** Something of a source is new. */
  touch(sourceId: string): void {
    if (this.#closing.signal.aborted) return
    if (this.#watches === null) {
      // The first source is there before anybody has asked for the watches.
      this.#load().then(() => this.touch(sourceId), (error: unknown) => this.#options.onBug(error, 'watches'))
      return
    }
    const entry = this.#options.sources.entries().find((one) => one.sourceId === sourceId)
    if (entry === undefined) return this.#forget(sourceId)
    if (this.#watches.size > 0) this.#judgeSoon(sourceId)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    for (const { timer } of this.#judging.values()) if (timer) clearTimeout(timer)
    await Promise.all(this.#running)
  }

  #load(): Promise<Map<string, Watch>> {
    if (this.#watches !== null) return Promise.resolve(this.#watches)
    this.#loading ??= this.#options.prefs.get(watchesPref).then((kept) => {
      const list = Array.isArray(kept) ? kept.flatMap((one) => watchSchema.safeParse(one).data ?? []) : []
      this.#watches = new Map(list.map((watch) => [watch.watchId, watch]))
      this.#judgeAll()
      return this.#watches
    })
    return this.#loading.catch((error: unknown) => {
      this.#loading = null
      throw error
    })
  }

  async #save(): Promise<void> {
    await this.#options.prefs.set(watchesPref, [...(this.#watches?.values() ?? [])])
    this.#options.changes.add('watch', '')
  }

  #judgeAll(): void {
    for (const [, judging] of this.#judging) judging.judged = ''
    for (const entry of this.#options.sources.entries()) this.#judgeSoon(entry.sourceId)
  }

  #forget(sourceId: string): void {
    const judging = this.#judging.get(sourceId)
    if (judging?.timer) clearTimeout(judging.timer)
    this.#judging.delete(sourceId)
    let hadAny = false
    for (const states of this.#states.values()) hadAny = states.delete(sourceId) || hadAny
    if (hadAny) this.#options.changes.add('watch', '')
  }

  #judgeSoon(sourceId: string, dueInMs = 0): void {
    if (this.#closing.signal.aborted) return
    const judging = this.#judging.get(sourceId) ?? { timer: null, running: false, again: false, tookMs: 0, endedAtMs: -Infinity, judged: '' }
    this.#judging.set(sourceId, judging)
    if (judging.running) {
      judging.again = true
      return
    }
    const source = this.#options.sources.entries().find((one) => one.sourceId === sourceId)?.describe()
    const rest = Math.max(source?.state === 'reading' && source.live === null ? readingRestMs : restMs, restTimes * judging.tookMs)
    const waitMs = Math.max(dueInMs, judging.endedAtMs + rest - performance.now(), 0)
    if (judging.timer) clearTimeout(judging.timer)
    judging.timer = setTimeout(() => {
      judging.timer = null
      const run = this.#judge(sourceId, judging).finally(() => this.#running.delete(run))
      this.#running.add(run)
    }, waitMs)
    judging.timer.unref()
  }

  async #judge(sourceId: string, judging: Judging): Promise<void> {
    const entry = this.#options.sources.entries().find((one) => one.sourceId === sourceId)
    if (entry === undefined) return this.#forget(sourceId)
    judging.running = true
    judging.again = false
    const began = performance.now()
    try {
      await this.#judgeEntry(entry, judging)
    } catch (error) {
      if (!this.#closing.signal.aborted && !(error instanceof Refusal)) this.#options.onBug(error, 'watches')
    }
    judging.running = false
    judging.endedAtMs = performance.now()
    judging.tookMs = judging.endedAtMs - began
    const dueAt = this.#nextDue(sourceId)
    if (judging.again) this.#judgeSoon(sourceId)
    else if (dueAt !== null) this.#judgeSoon(sourceId, Math.min(2 ** 31 - 1, Math.max(0, (dueAt - this.#now()) * 1000)))
  }

  async #judgeEntry(entry: OpenEntry, judging: Judging): Promise<void> {
    const { path, revision, state, live } = entry.describe()
    const present = `${revision} ${live === null ? state : ''}`
    const isSame = judging.judged === present
    judging.judged = present
    for (const watch of this.#watches?.values() ?? []) {
      const applies = watch.source === null || watch.source === path
      const states = this.#states.get(watch.watchId)
      if (!applies) {
        if (states?.delete(entry.sourceId)) this.#options.changes.add('watch', watch.watchId)
        continue
      }
      // Without new rows only the clock, or what became of the connection, can say anything new.
      if (isSame && watch.condition.kind !== 'stalled' && states?.has(entry.sourceId)) continue
      const verdict = await this.#verdict(entry, watch)
      // It may have been changed, or the source closed, while it was judged.
      const isCurrent = this.#watches?.get(watch.watchId) === watch && this.#options.sources.entries().includes(entry)
      if (verdict !== null && isCurrent && !this.#closing.signal.aborted) this.#take(watch, entry.sourceId, verdict)
    }
  }

  /** Null while there are no rows at all yet. A filter that this source cannot be asked is no reason to ask no others. */
  async #verdict(entry: OpenEntry, watch: Watch): Promise<Verdict | null> {
    try {
      return await this.#evaluate(entry, watch, this.#closing.signal)
    } catch (error) {
      if (this.#closing.signal.aborted) return null
      if (error instanceof Refusal) return error.code === 'bad-request' ? { state: 'not-applicable', since: null, why: error.message, matching: 0, tasks: 0, value: null, taskIds: [], dueAt: null } : null
      this.#options.onBug(error, 'watches')
      return null
    }
  }

  async #evaluate(entry: OpenEntry, watch: Pick<DraftWatch, 'within' | 'match' | 'condition'>, signal: AbortSignal): Promise<Verdict> {
    const table = await entry.table()
    const { revision } = table
    try {
      return await evaluateWatch(table, watch, this.#watching(entry), signal)
    } catch (error) {
      // The columns changed under the question: once more.
      if (error instanceof Refusal || signal.aborted || table.revision === revision) throw error
      return await evaluateWatch(await entry.table(), watch, this.#watching(entry), signal)
    }
  }

  #watching(entry: OpenEntry): Watching {
    const { live, state } = entry.describe()
    const stopped = live === null ? null : live.link.name === 'detached' ? 'It is detached: nothing can arrive.' : live.pausedAt !== null ? 'It is paused: what arrives is not looked at.' : null
    return { isReading: state === 'reading', live: live === null || !entry.arrivals ? null : { attachedAt: live.attachedAt, arrivals: entry.arrivals, stopped }, now: this.#now() }
  }

  #take({ watchId, condition }: Watch, sourceId: string, verdict: Verdict): void {
    const states = this.#states.get(watchId) ?? new Map<string, Kept>()
    this.#states.set(watchId, states)
    const before = states.get(sourceId)
    const isFiring = verdict.state === 'firing'
    const isStill = isFiring && before?.state.state === 'firing'
    const seen = isStill ? before.seen : null
    // Where it is tasks that are counted, more of them than were seen are news.
    const isCounting = condition.kind === 'any' || (condition.kind === 'count' && condition.than === 'above')
    const acknowledged = seen !== null && !(isCounting && verdict.matching > seen)
    const since = isStill && (seen === null || acknowledged) ? before.state.since : verdict.since
    const state = stateOf(sourceId, { ...verdict, since }, acknowledged)
    states.set(sourceId, { state, dueAt: verdict.dueAt, seen: acknowledged ? seen : null })
    if (JSON.stringify(before?.state) !== JSON.stringify(state)) this.#options.changes.add('watch', watchId)
  }

  #nextDue(sourceId: string): number | null {
    const due = [...this.#states.values()].flatMap((states) => states.get(sourceId)?.dueAt ?? [])
    return due.length === 0 ? null : Math.min(...due)
  }
}

function stateOf(sourceId: string, verdict: Verdict, acknowledged: boolean): WatchState {
  const { state, since, why, matching, tasks, value, taskIds } = verdict
  return { sourceId, state, since, why, matching, tasks, value, taskIds, acknowledged }
}

const questionOf = ({ source, within, match, condition }: DraftWatch): string => JSON.stringify([source, within, match, condition])
