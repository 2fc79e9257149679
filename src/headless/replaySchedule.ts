/** When the messages of a replay are due, and in which bursts a producer sends them. */
import { setTimeout as wait } from 'node:timers/promises'
import type { ReplayMessage } from './replayMessages.ts'

export type Due = { readonly dueMs: number; readonly message: ReplayMessage }
export type Pace = {
  /** How many times faster than it was; Infinity: as fast as it is taken. */
  readonly speed: number
  readonly now: () => number
  readonly wait: (ms: number) => Promise<void>
}

/** Flowcept's producers send what they have at this many messages, or this long after the first of them. */
export const burstMessages = 50
const burstMs = 1000

export const realPace = (speed: number, signal: AbortSignal): Pace => ({ speed, now: Date.now, wait: (ms) => wait(ms, undefined, { signal }) })

/**
 * Milliseconds from the beginning. A message was sent at its last time (a task when it ended), but not before the one that stands before
 * it: buffers of several processes follow each other, whatever their times.
 */
export async function* timed(messages: AsyncIterable<ReplayMessage>, speed: number, onOrigin: (seconds: number) => void): AsyncGenerator<Due> {
  let origin: number | null = null
  let lastMs = 0
  for await (const message of messages) {
    if (origin === null && message.times !== null) {
      origin = message.times.first
      onOrigin(origin)
    }
    const seconds = message.after ?? (message.times === null || origin === null ? 0 : message.times.last - origin)
    lastMs = Math.max(lastMs, (seconds * 1000) / speed || 0)
    yield { dueMs: lastMs, message }
  }
}

/** Waits until each burst is to be sent. Messages of a recording were sent in bursts already, and keep their own times. */
export async function* bursts(due: AsyncIterable<Due>, { speed, now, wait: waitFor }: Pace): AsyncGenerator<ReplayMessage[]> {
  const startedAt = now()
  const until = async (ms: number): Promise<void> => {
    const left = startedAt + ms - now()
    if (left > 0) await waitFor(left)
  }
  let burst: ReplayMessage[] = []
  let sendAtMs = Infinity
  let lastMs = 0
  for await (const { dueMs, message } of due) {
    if (speed !== Infinity && burst.length > 0 && sendAtMs < dueMs) {
      await until(sendAtMs)
      yield burst
      burst = []
    }
    if (burst.length === 0) sendAtMs = dueMs + (message.after === null ? burstMs : 0)
    burst.push(message)
    lastMs = dueMs
    if (burst.length < burstMessages) continue
    await until(dueMs)
    yield burst
    burst = []
  }
  if (burst.length === 0) return
  // A producer that ends does not wait for its interval.
  await until(lastMs)
  yield burst
}
