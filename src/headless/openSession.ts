/** One engine in this process, and sources opened in it to the end: what every command of the command line stands on. */
import type { Call } from '#contract/dispatch'
import type { Given, Method, Result } from '#contract/methods'
import { type CallError, Refusal } from '#contract/reply'
import type { Source } from '#contract/sources'
import { startEngine } from '#hosting/startEngine'

/** As `Call`, but a refusal is thrown. */
export type Ask = <M extends Method>(method: M, params: Given<M>) => Promise<Result<M>>

export type SessionOptions = { signal: AbortSignal; onProgress: (source: Source) => void; onBug: (error: unknown, method: string) => void }
export type Session = { ask: Ask; source: Source }

/**
 * Opens the sources together, waits until everything is in tables, and hands the session to `use`. The engine's temporary
 * files are gone afterwards, whatever happens.
 * @throws Refusal for sources that cannot be opened, and `cancelled` when the signal says so
 */
export async function withSession<T>(sources: readonly string[], { signal, onProgress, onBug }: SessionOptions, use: (session: Session) => Promise<T>): Promise<T> {
  const engine = await startEngine({ host: 'served', remember: false, onBug })
  try {
    const ask = askWith(engine.call('host'), signal)
    const { sourceId } = await ask('sources.openPaths', { paths: [...sources], follow: false })
    const source = await loaded(ask, sourceId, onProgress)
    return await use({ ask, source })
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
