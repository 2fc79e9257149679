/** Asks the engine on behalf of components: one call for equal questions, aborted when nobody waits, asked again when the answer may be old. */
import { useCallback, useEffect, useRef, useSyncExternalStore } from 'react'
import type { Method, Result } from '#contract/methods'
import type { Call } from '#contract/dispatch'
import type { CallError } from '#contract/reply'
import { readMomentId } from '#contract/momentId'
import { asShown, call } from '../connection/call.ts'
import { ledgerOf } from './ledger.ts'
import { engine } from './sources.ts'
import { workbench } from './workbench.ts'

export type Answer<T> = {
  /** The last answer; while another question loads, the previous one of the same source. */
  data: T | null
  error: CallError | null
  loading: boolean
  /** Milliseconds of Date.now() at which `data` came; 0 without data. */
  at: number
  /** Whether `data` answers the present question, not the one before it. */
  current: boolean
  retry: () => void
}
type MethodParams<M extends Method> = Parameters<typeof call<M>>[1]
type Snapshot = { data: unknown; error: CallError | null; loading: boolean; at: number }

/** Between two askings of one question because of new revisions. */
const restMs = 700
/** While the source is read its revision changes all the time, and queries take from the reading: they may have a seventh of it. */
const readingRestMs = 2000
const readingRestTimes = 6
/**
 * What comes from a queue is to be seen at once where it is counted: the questions of one kind together may take half of the
 * time. Pictures and figures of the whole are asked for more seldom, so that they do not hold up the rows.
 */
const countsOfLive = new Set<Method>(['tree.children', 'filter.counts', 'overview.summary', 'overview.activities', 'groups.page'])
const liveRestMs = 40
const livePicturesRestMs = 1000
const livePicturesRestTimes = 10
/** What they say depends on the machine, not on a source: asked again whenever somebody looks anew. */
const ofTheMachine = /^(files|buffers|live\.settings|live\.target|secrets|settings\.flowcept)\b/
/** Answers kept for questions that nobody shows any more. */
const keptAnswers = 60
const leastIdleMs = 10_000

/** One question, for components through `useCall`: its last answer, who shows it, and the revision that it was asked at. */
export class Query {
  snapshot: Snapshot = { data: null, error: null, loading: true, at: 0 }
  readonly listeners = new Set<() => void>()
  private controller: AbortController | null = null
  private timer: ReturnType<typeof setTimeout> | null = null
  /** Since when nobody has watched it. */
  idleSinceMs = Date.now()
  private askedVersion = ''
  private askedAt = 0
  private tookMs = 0
  private dueAt = 0

  constructor(
    readonly method: Method,
    readonly params: { sourceId?: string; /** A comparison is of the runs of two sources. */ a?: { sourceId: string }; b?: { sourceId: string } },
    private readonly leastRestMs = 0
  ) {}

  watch(listener: () => void): () => void {
    // What the machine would say now is in no change log: asked again by each who begins to look.
    if (this.listeners.size === 0 && ofTheMachine.test(this.method)) this.askedVersion = ''
    this.listeners.add(listener)
    this.check()
    return () => {
      this.listeners.delete(listener)
      if (this.listeners.size === 0) this.rest()
    }
  }

  /** Asks unless what is known, or already on its way, is of the present version. */
  check(): void {
    if (this.controller || this.askedVersion === versionOf(this)) return
    const rest = Math.max(this.leastRestMs, restAfter(this.method, this.tookMs, this.params.sourceId ?? this.params.a?.sourceId))
    const dueAt = this.snapshot.data === null ? 0 : this.askedAt + this.tookMs + rest
    // The reading may have ended since the timer was set: then it is due sooner.
    if (this.timer && dueAt >= this.dueAt) return
    this.dueAt = dueAt
    this.stopTimer()
    if (dueAt <= Date.now()) this.ask()
    else this.timer = setTimeout(this.ask, dueAt - Date.now())
  }

  ask = (): void => {
    this.stopTimer()
    this.controller?.abort()
    const controller = new AbortController()
    this.controller = controller
    this.askedVersion = versionOf(this)
    this.askedAt = Date.now()
    if (!this.snapshot.loading) this.show({ ...this.snapshot, loading: true })
    void (call as Call)(this.method, this.params as never, { signal: controller.signal }).then((reply) => {
      if (this.controller !== controller) return
      this.controller = null
      this.tookMs = Date.now() - this.askedAt
      if (reply.ok) this.show({ data: reply.value, error: null, loading: false, at: Date.now() })
      else this.show({ ...this.snapshot, error: reply.error.code === 'cancelled' ? this.snapshot.error : reply.error, loading: false })
      if (this.listeners.size > 0) this.check()
    })
  }

  private rest(): void {
    this.idleSinceMs = Date.now()
    this.stopTimer()
    if (!this.controller) return
    this.controller.abort()
    this.controller = null
    this.askedVersion = ''
  }

  private stopTimer(): void {
    if (this.timer) clearTimeout(this.timer)
    this.timer = null
  }

  private show(snapshot: Snapshot): void {
    this.snapshot = snapshot
    tellLater(this)
  }
}

const changed = new Set<Query>()
let telling: ReturnType<typeof setTimeout> | null = null
/**
 * Those who show it, once for all that has changed meanwhile: of many answers that come at once, as of the branches of a large tree, each
 * would have React draw for itself, and what it draws for one within the other it takes for a loop without an end.
 */
function tellLater(query: Query): void {
  changed.add(query)
  telling ??= setTimeout(() => {
    telling = null
    const listeners = [...changed].flatMap((one) => [...one.listeners])
    changed.clear()
    for (const listener of listeners) listener()
  }, 0)
}

const queries = new Map<string, Query>()
engine.subscribe(() => {
  for (const query of queries.values()) if (query.listeners.size > 0) query.check()
})

const nothing: Snapshot = { data: null, error: null, loading: false, at: 0 }
const never = (): (() => void) => () => undefined

/** The answer to one call, followed as the source changes. `null` params ask nothing; `leastRestMs` is for what need not be of this moment. */
export function useCall<M extends Method>(method: M, params: MethodParams<M> | null, leastRestMs = 0): Answer<Result<M>> {
  // Another moment is another question.
  workbench((s) => s.moment)
  const query = params === null ? null : queryOf(method, asShown(method, params), leastRestMs)
  const snapshot = useSyncExternalStore(
    useCallback((listener) => (query ? query.watch(listener) : never()), [query]),
    () => query?.snapshot ?? nothing
  )
  const previous = useRef<{ sourceId: string | undefined; snapshot: Snapshot } | null>(null)
  const sourceId = ownId(query?.params.sourceId)
  useEffect(() => {
    if (snapshot.data !== null) previous.current = { sourceId, snapshot }
  }, [sourceId, snapshot])
  const shown = snapshot.data === null && query !== null && previous.current?.sourceId === sourceId ? (previous.current?.snapshot ?? snapshot) : snapshot
  return {
    data: shown.data as Result<M> | null,
    error: snapshot.error,
    loading: snapshot.loading,
    at: shown.at,
    current: shown === snapshot && snapshot.data !== null,
    retry: query?.ask ?? never
  }
}

/** As `useCall`, for who asks many questions at a time outside of React: `look` gives the present answer, `stop` ends the interest. */
export function watchCall<M extends Method>(method: M, params: NonNullable<MethodParams<M>>, listener: () => void): { look: () => Pick<Answer<Result<M>>, 'data' | 'error' | 'loading'>; stop: () => void } {
  const query = queryOf(method, asShown(method, params), 0)
  const stop = query.watch(listener)
  return { look: () => query.snapshot as Pick<Answer<Result<M>>, 'data' | 'error' | 'loading'>, stop }
}

function queryOf(method: Method, params: object, leastRestMs: number): Query {
  const key = `${method} ${leastRestMs} ${JSON.stringify(params)}`
  const known = queries.get(key)
  const query = known ?? new Query(method, params, leastRestMs)
  // Moved to the end: the oldest unwatched answers are let go first.
  queries.delete(key)
  queries.set(key, query)
  if (!known) letGo()
  return query
}

function letGo(): void {
  let spare = queries.size - keptAnswers
  for (const [key, query] of queries) {
    if (spare <= 1) return
    // One that is new is watched only after it has been drawn: let go before, it would be made and asked again without an end.
    if (query.listeners.size > 0 || Date.now() - query.idleSinceMs < leastIdleMs) continue
    queries.delete(key)
    spare--
  }
}

function restAfter(method: Method, tookMs: number, sourceId: string | undefined): number {
  const source = engine.getState().sources.find((candidate) => candidate.sourceId === ownId(sourceId))
  if (source?.live) return countsOfLive.has(method) ? Math.max(liveRestMs, watchedOf(method) * tookMs) : Math.max(livePicturesRestMs, livePicturesRestTimes * tookMs)
  return source?.state === 'reading' ? Math.max(readingRestMs, readingRestTimes * tookMs) : restMs
}

/** What is known of a source at a moment changes only with the source. */
function ownId(sourceId: string | undefined): string | undefined {
  return sourceId === undefined ? undefined : (readMomentId(sourceId)?.sourceId ?? sourceId)
}

/** How many questions of a kind are shown: open branches of the tree are one each. */
function watchedOf(method: Method): number {
  let watched = 0
  for (const query of queries.values()) if (query.method === method && query.listeners.size > 0) watched++
  return Math.max(1, watched)
}

/** Changes whenever the answer could have. */
function versionOf({ method, params }: Query): string {
  const { epoch, sources, versions } = engine.getState()
  if (method.startsWith('problems.')) return `${epoch}:${versions.problems}`
  if (method === 'exports.list') return `${epoch}:${versions.export}`
  if (method === 'watches.list') return `${epoch}:${versions.watch}`
  if (method === 'savedViews.list') return `${epoch}:${versions.views}`
  if (method.startsWith('recents.')) return `${epoch}:${versions.recents}`
  const source = sources.find(({ sourceId }) => sourceId === ownId(params.sourceId))
  if (params.a && params.b) return `${epoch}:${[params.a, params.b].map((run) => sources.find(({ sourceId }) => sourceId === ownId(run.sourceId))?.revision ?? '').join()}`
  if (method === 'live.gaps') return `${epoch}:${ledgerOf(source?.live ?? null)}`
  return `${epoch}:${source?.revision ?? ''}`
}
