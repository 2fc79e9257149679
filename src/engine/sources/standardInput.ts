/** Bytes of a pipe as they come, with the choice to come back later. */
import { createReadStream, fstatSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { ReadStream, isatty } from 'node:tty'

/** Compressed or plain bytes in order. `later`: nothing has come within the time given. */
export interface ByteInput {
  next(waitMs: number, signal?: AbortSignal): Promise<Uint8Array | 'later' | 'end'>
  readonly takenBytes: number
  close(): void
}

/** In a worker `process.stdin` is another thing, so the descriptor is opened here; a pipe must not block a thread of the pool. */
export function standardInput(): Readable {
  if (isatty(0)) return new ReadStream(0)
  const found = fstatSync(0)
  if (found.isFIFO() || found.isSocket()) return new Socket({ fd: 0, readable: true, writable: false })
  return createReadStream('', { fd: 0, autoClose: false })
}

export class StreamInput implements ByteInput {
  takenBytes = 0
  readonly #stream: Readable
  readonly #iterator: AsyncIterator<Uint8Array>
  #pending: Promise<IteratorResult<Uint8Array, unknown>> | null = null

  constructor(stream: Readable) {
    this.#stream = stream
    this.#iterator = stream[Symbol.asyncIterator]()
  }

  async next(waitMs: number, signal?: AbortSignal): Promise<Uint8Array | 'later' | 'end'> {
    signal?.throwIfAborted()
    // What was asked for once is kept for the next call, so that giving up loses nothing.
    const pending = (this.#pending ??= this.#iterator.next())
    const result = await within(pending, waitMs, signal)
    if (result === 'later') return result
    this.#pending = null
    if (result.done === true) return 'end'
    this.takenBytes += result.value.length
    return result.value
  }

  close(): void {
    this.#pending?.catch(() => null)
    this.#stream.destroy()
  }
}

/** @throws what the signal was aborted with */
async function within<T>(pending: Promise<T>, waitMs: number, signal?: AbortSignal): Promise<T | 'later'> {
  const stop: { now: () => void } = { now: () => undefined }
  const stopped = new Promise<'later'>((resolve) => (stop.now = () => resolve('later')))
  const timer = Number.isFinite(waitMs) ? setTimeout(stop.now, waitMs) : undefined
  signal?.addEventListener('abort', stop.now, { once: true })
  try {
    const result = await Promise.race([pending, stopped])
    if (result === 'later') signal?.throwIfAborted()
    return result
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop.now)
  }
}
