/** What the engine has open, kept up to date by one long poll on its change log; and whether the engine can be reached. */
import { create } from 'zustand'
import { subscribeWithSelector } from 'zustand/middleware'
import type { Result } from '#contract/methods'
import type { Source } from '#contract/sources'
import { call, listenLost } from '../connection/call.ts'
import { workbench } from './workbench.ts'

type Host = Result<'host.info'>
/** `since` and `nextTryAt` are milliseconds of Date.now(). */
export type Link = { state: 'connecting' | 'live' } | { state: 'lost'; since: number; nextTryAt: number; message: string } | { state: 'refused'; message: string }
export type ChangeKind = Result<'changes.next'>['changes'][number]['kind']

type Sources = {
  link: Link
  host: Host | null
  sources: Source[]
  /** Counts the changes of each kind, so that a query can tell that its answer may be old. */
  versions: Record<ChangeKind, number>
  /** Grows when everything held may be stale. */
  epoch: number
}

export const engine = create<Sources>()(
  subscribeWithSelector((): Sources => ({ link: { state: 'connecting' }, host: null, sources: [], versions: { source: 0, records: 0, problems: 0, export: 0, recents: 0, transfer: 0, watch: 0, settings: 0, views: 0, brought: 0 }, epoch: 0 }))
)
export const useEngine = engine

/** The source that is shown, or null. */
export function useSource(): Source | null {
  const sourceId = workbench((s) => s.sourceId)
  return engine((s) => s.sources.find((source) => source.sourceId === sourceId) ?? null)
}

const waitMs = 20_000
/** Rest between polls, so that a loading source redraws the page a few times a second at most. */
const restMs = 150
/** What comes from a queue is to be seen at once; a page that nobody sees can wait. */
const liveRestMs = 40
const hiddenRestMs = 1000
const longestRetryMs = 15_000

/** Follows the change log until `signal` aborts. */
export async function followChanges(signal: AbortSignal): Promise<void> {
  listenLost((lost) => {
    if (lost.reason === 'refused') engine.setState({ link: { state: 'refused', message: lost.message } })
  })
  let cursor = ''
  let failures = 0
  while (!signal.aborted) {
    const live = engine.getState().link.state === 'live'
    const reply = await call('changes.next', { cursor, limit: 1000, waitMs: live ? waitMs : 0 }, { signal })
    if (signal.aborted) return
    if (!reply.ok) {
      failures++
      await waitToRetry(reply.error.message, failures, signal)
      continue
    }
    failures = 0
    const first = engine.getState().link.state !== 'live'
    cursor = reply.value.cursor
    await apply(reply.value, first, signal)
    await sleep(restOf(engine.getState().sources), signal)
  }
}

function restOf(sources: readonly Source[]): number {
  if (document.hidden) return hiddenRestMs
  return sources.some(({ live }) => live !== null && live.link.name !== 'detached') ? liveRestMs : restMs
}

let retryNow: () => void = () => undefined
/** Ends the wait of a lost connection. */
export const tryNow = (): void => retryNow()

/** Asks again for the list of sources; for who has just opened one and cannot wait for the log. */
export async function refreshSources(signal?: AbortSignal): Promise<void> {
  const reply = await call('sources.list', {}, signal ? { signal } : {})
  if (reply.ok) takeSources(reply.value.sources)
}

/** Sources that are as they were stay the same objects, so that what shows them is not drawn again. */
function takeSources(sources: Source[]): void {
  const before = new Map(engine.getState().sources.map((source) => [source.sourceId, source]))
  const next = sources.map((source) => {
    const known = before.get(source.sourceId)
    return known && JSON.stringify(known) === JSON.stringify(source) ? known : source
  })
  const same = next.length === before.size && next.every((source, index) => source === engine.getState().sources[index])
  if (!same) engine.setState({ sources: next })
}

async function apply({ reset, changes }: Result<'changes.next'>, first: boolean, signal: AbortSignal): Promise<void> {
  const kinds = new Set(changes.map((change) => change.kind))
  if (reset || first || kinds.has('source') || kinds.has('records')) {
    // The host is asked of once; its memory is followed by who shows it.
    const [sources, host] = await Promise.all([call('sources.list', {}, { signal }), first || reset || engine.getState().host === null ? call('host.info', {}, { signal }) : null])
    if (sources.ok) takeSources(sources.value.sources)
    if (host?.ok) engine.setState({ host: host.value })
  }
  engine.setState((state) => ({
    link: { state: 'live' },
    epoch: state.epoch + ((first ? state.host !== null : reset) ? 1 : 0),
    versions: kinds.size === 0 ? state.versions : Object.fromEntries(Object.entries(state.versions).map(([kind, n]) => [kind, n + (kinds.has(kind as ChangeKind) ? 1 : 0)])) as Record<ChangeKind, number>
  }))
}

async function waitToRetry(message: string, failures: number, signal: AbortSignal): Promise<void> {
  const delayMs = Math.min(longestRetryMs, 1000 * 2 ** (failures - 1))
  const { link } = engine.getState()
  if (link.state !== 'refused') {
    engine.setState({ link: { state: 'lost', since: link.state === 'lost' ? link.since : Date.now(), nextTryAt: Date.now() + delayMs, message } })
  }
  const early = new AbortController()
  retryNow = () => early.abort()
  await sleep(delayMs, AbortSignal.any([signal, early.signal]))
}

function sleep(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = setTimeout(resolve, delayMs)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })
}
