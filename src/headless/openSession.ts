/** One engine in this process, and sources opened in it to the end: what every command of the command line stands on. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Call } from '#contract/dispatch'
import type { Given, Method, Result } from '#contract/methods'
import { type CallError, Refusal } from '#contract/reply'
import type { Source } from '#contract/sources'
import { type Opening, openings } from '#hosting/namedSources'
import { startEngine } from '#hosting/startEngine'
import { WrongUse } from './wrongUse.ts'

/** As `Call`, but a refusal is thrown. */
export type Ask = <M extends Method>(method: M, params: Given<M>) => Promise<Result<M>>

export type SessionOptions = {
  signal: AbortSignal
  /** How long to listen to a message queue. */
  listenS?: number | undefined
  onProgress: (source: Source) => void
  onBug: (error: unknown, method: string) => void
}
export type Session = { ask: Ask; source: Source }

/**
 * Opens each list of sources together as one, all of them in one engine, waits until everything is in tables, and hands the sessions to `use`.
 * A message queue is listened to first. The engine's temporary files are gone afterwards, whatever happens.
 * @throws Refusal for sources that cannot be opened, and `cancelled` when the signal says so; WrongUse for what cannot be opened together
 */
export async function withSessions<T>(lists: readonly (readonly string[])[], { signal, listenS, onProgress, onBug }: SessionOptions, use: (sessions: Session[]) => Promise<T>): Promise<T> {
  const planned = lists.map((sources) => onlyOpening(sources, listenS))
  const engine = await startEngine({ host: 'served', remember: false, session: 'off', onBug })
  try {
    const ask = askWith(engine.call('host'), signal)
    const sessions: Session[] = []
    for (const opening of planned) {
      const { sourceId } = await ask(opening.method, opening.params)
      if (opening.method === 'live.attachPaths') await listen(ask, sourceId, { listenS: listenS ?? 0, signal, onProgress })
      sessions.push({ ask, source: await loaded(ask, sourceId, onProgress) })
    }
    return await use(sessions)
  } finally {
    await engine.close()
  }
}

export function askWith(call: Call, signal: AbortSignal): Ask {
  return async (method, params) => {
    const reply = await call(method, params, { signal })
    if (signal.aborted) throw new Refusal('cancelled', 'Cancelled.')
    if (!reply.ok) throw refusal(reply.error)
    return reply.value
  }
}

export const refusal = ({ code, message, path }: CallError): Refusal => new Refusal(code, message, path)

function onlyOpening(sources: readonly string[], listenS: number | undefined): Opening {
  const [first, ...others] = openings(sources)
  if (first === undefined || others.length > 0) throw new WrongUse('files are opened together, but each queue or database alone')
  const isQueue = first.method === 'live.attachPaths'
  if (isQueue && listenS === undefined) throw new WrongUse(`${first.params.url} has no end: --for says how many seconds to listen before answering`)
  if (!isQueue && listenS !== undefined) throw new WrongUse('--for is about listening to a message queue; files and databases are read to their end')
  return first.method === 'sources.openPaths' ? { method: first.method, params: { ...first.params, follow: false } } : first
}

/** Everything that has arrived by then is read. */
async function listen(ask: Ask, sourceId: string, { listenS, signal, onProgress }: { listenS: number; signal: AbortSignal; onProgress: (source: Source) => void }): Promise<void> {
  const until = Date.now() + listenS * 1000
  for (let leftMs = listenS * 1000; leftMs > 0; leftMs = until - Date.now()) {
    await wait(Math.min(leftMs, 200), undefined, { signal }).catch(cancelled)
    const source = (await ask('sources.list', {})).sources.find((one) => one.sourceId === sourceId)
    if (source) onProgress(source)
  }
  await ask('live.detach', { sourceId })
}

function cancelled(): never {
  throw new Refusal('cancelled', 'Cancelled.')
}

async function loaded(ask: Ask, sourceId: string, onProgress: (source: Source) => void): Promise<Source> {
  let cursor = ''
  for (;;) {
    const { sources } = await ask('sources.list', {})
    const source = sources.find((one) => one.sourceId === sourceId)
    if (!source) throw new Refusal('internal', 'The source went away while it was being read.')
    if (source.state === 'failed') throw new Refusal('unavailable', source.error ?? `${source.name} could not be read.`)
    if (source.state !== 'reading') return source
    onProgress(source)
    const changes: Result<'changes.next'> = await ask('changes.next', { cursor, waitMs: 1000 })
    cursor = changes.cursor
  }
}
