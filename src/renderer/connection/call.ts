/** The one way from the page to the engine: `call(method, params)`, over Electron's IPC or over HTTP, always answering with a Reply. */
import type { Bridge } from '#contract/bridge'
import type { Call } from '#contract/dispatch'
import { atMoment } from '#contract/momentId'
import type { CallError, Reply } from '#contract/reply'
import { token } from './token.ts'

declare global {
  interface Window {
    /** Exposed by the desktop's preload; absent in a browser. */
    provscope?: Bridge
  }
}

/** A reply that never came: the engine is not reachable, or does not accept this page. */
export type Lost = { reason: 'unreachable' | 'refused'; message: string }

let onLost: (lost: Lost) => void = () => undefined
/** Sets who is told when a call cannot reach the engine at all. */
export const listenLost = (listener: (lost: Lost) => void): void => {
  onLost = listener
}

let shown: { sourceId: string; at: number } | null = null
/** The moment as of which a source is shown: calls that read it are asked as of then. */
export const showMoment = (moment: { sourceId: string; at: number } | null): void => {
  shown = moment
}
/** What `call` really asks. */
export const asShown = <P>(method: string, params: P): P => atMoment(method, params, shown)

export const call: Call = async (method, given, options = {}) => {
  const params = asShown(method, given)
  const { signal } = options
  if (signal?.aborted) return failed('cancelled', 'Cancelled.')
  const bridge = window.provscope
  const reply = await (bridge ? overBridge(bridge, method, params, signal) : overHttp(method, params, signal))
  // Every host dispatches by the same table, so the value has the type that the table names.
  return reply as never
}

let nextCallId = 1

async function overBridge(bridge: Bridge, method: string, params: unknown, signal: AbortSignal | undefined): Promise<Reply<unknown>> {
  if (!signal) return bridge.call(method, params)
  const callId = String(nextCallId++)
  const cancel = (): void => bridge.cancel(callId)
  signal.addEventListener('abort', cancel, { once: true })
  try {
    return await bridge.call(method, params, callId)
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

async function overHttp(method: string, params: unknown, signal: AbortSignal | undefined): Promise<Reply<unknown>> {
  const body = JSON.stringify({ method, params })
  try {
    const response = await fetch('/call', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token()}` },
      body,
      // What is to be remembered is sent even as the page goes; browsers allow 64 KiB for that.
      keepalive: (method === 'prefs.set' || method === 'session.keep') && body.length < 30_000,
      signal: signal ?? null
    })
    if (response.status === 401 || response.status === 403) {
      const message = 'This page’s key is not the running server’s. Open the address that it printed last.'
      onLost({ reason: 'refused', message })
      return failed('unavailable', message)
    }
    return (await response.json()) as Reply<unknown>
  } catch (error) {
    if (signal?.aborted) return failed('cancelled', 'Cancelled.')
    const message = `No connection to Provscope on ${location.host}.`
    onLost({ reason: 'unreachable', message: error instanceof Error ? `${message} ${error.message}` : message })
    return failed('unavailable', message)
  }
}

const failed = (code: CallError['code'], message: string): { ok: false; error: CallError } => ({ ok: false, error: { code, message } })
