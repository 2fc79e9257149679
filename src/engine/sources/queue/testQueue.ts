/** Tries a queue before it is attached to: with commands that only read, and by listening for a few seconds. */
import type { Login, Probed } from './broker.ts'
import type { QueueAddress, QueueTest } from './intakeState.ts'
import { probe, subscribeTo } from './subscribeTo.ts'

const listenMs = 3000

/** Never rejects for what the broker does: `error` says it. Rejects when `signal` aborts. */
export async function testQueue(address: QueueAddress, password: string | null, signal?: AbortSignal): Promise<QueueTest> {
  const login = { address, password, mayCreate: false }
  const stop = new AbortController()
  const abort = (): void => stop.abort(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })
  let probed: Probed = { server: null, roundTripMs: null, subscribers: null, bufferLimitBytes: null }
  let error: string | null = null
  let heard: Heard = { listenedS: 0, messages: 0, bytes: 0 }
  try {
    signal?.throwIfAborted()
    probed = await probe(login, stop.signal)
    heard = await listen(login, stop.signal)
    signal?.throwIfAborted()
  } catch (problem) {
    signal?.throwIfAborted()
    error = problem instanceof Error ? problem.message : String(problem)
  } finally {
    signal?.removeEventListener('abort', abort)
  }
  const { listenedS, messages, bytes } = heard
  return {
    error,
    ...probed,
    messagesPerSecond: listenedS > 0 ? messages / listenedS : null,
    meanBytes: messages > 0 ? bytes / messages : null,
    listenedS,
    testedAt: Date.now() / 1000
  }
}

type Heard = { readonly listenedS: number; readonly messages: number; readonly bytes: number }

async function listen(login: Login, signal: AbortSignal): Promise<Heard> {
  let messages = 0
  let bytes = 0
  let end: (reason: string) => void = () => undefined
  const ended = new Promise<string>((resolve) => {
    end = resolve
  })
  const sink = {
    message(_channel: string, payload: Uint8Array): void {
      messages++
      bytes += payload.length
    },
    sent: () => undefined,
    ended: end
  }
  const subscription = await subscribeTo(login, sink, signal, null)
  const began = performance.now()
  const problem = await Promise.race([ended, pause(listenMs, signal)])
  const listenedS = (performance.now() - began) / 1000
  const heard = { listenedS, messages, bytes }
  await subscription.close()
  if (problem !== null) throw new Error(problem)
  return heard
}

async function pause(waitMs: number, signal: AbortSignal): Promise<null> {
  return await new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve(null)
    }
    const timer = setTimeout(done, waitMs)
    signal.addEventListener('abort', done, { once: true })
  })
}
