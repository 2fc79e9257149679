/** The engine's worker as the main process sees it: calls with ids, cancellation, and a new worker when one dies. */
import type { Worker } from 'node:worker_threads'
import type { Audience } from '#contract/methods'
import type { Reply } from '#contract/reply'
import type { Answer } from '#hosting/answer'
import type { FromEngine, ToEngine } from './engineMessages.ts'

/** An engine that dies this often within `crashWindowMs` is not started again. */
const mostCrashes = 3
const crashWindowMs = 60_000

export type EngineThreadOptions = {
  start: () => Worker
  /** Told of each death, with what is known of its cause. */
  onCrash: (cause: Error) => void
  now?: () => number
  /** An engine that has not closed by then is ended. */
  closeWithinMs?: number
}

/** A call never hangs: one that was under way when the worker died is answered `unavailable`. */
export class EngineThread {
  readonly #options: EngineThreadOptions
  readonly #waiting = new Map<number, (reply: Reply<unknown>) => void>()
  readonly #crashes: number[] = []
  #worker: Worker | null = null
  #lastId = 0
  #closed: (() => void) | null = null

  constructor(options: EngineThreadOptions) {
    this.#options = options
    this.#start()
  }

  answer(audience: Audience): Answer {
    return (method, params, signal) => {
      const worker = this.#worker
      if (worker === null || this.#closed !== null) return Promise.resolve(gone('The engine is not running. Restart Provscope.'))
      if (signal.aborted) return Promise.resolve({ ok: false, error: { code: 'cancelled', message: 'Cancelled.' } })
      const id = ++this.#lastId
      const cancel = (): void => worker.postMessage({ kind: 'cancel', id } satisfies ToEngine)
      return new Promise((resolve) => {
        this.#waiting.set(id, (reply) => {
          signal.removeEventListener('abort', cancel)
          resolve(reply)
        })
        signal.addEventListener('abort', cancel, { once: true })
        worker.postMessage({ kind: 'call', id, method, params, audience } satisfies ToEngine)
      })
    }
  }

  /** Lets the engine remove what it keeps on disk; one that does not answer in time is ended. */
  async close(): Promise<void> {
    const worker = this.#worker
    if (worker === null || this.#closed !== null) return
    const { closeWithinMs = 5000 } = this.#options
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, closeWithinMs)
      this.#closed = () => {
        clearTimeout(timer)
        resolve()
      }
      worker.postMessage({ kind: 'close' } satisfies ToEngine)
    })
    await worker.terminate()
  }

  #start(): void {
    const worker = this.#options.start()
    this.#worker = worker
    let cause = new Error('The engine ended unexpectedly.')
    worker.on('message', (message: FromEngine) => this.#receive(message))
    worker.on('error', (error) => { cause = error })
    worker.on('exit', () => this.#ended(cause))
  }

  #receive(message: FromEngine): void {
    if (message.kind === 'closed') return this.#closed?.()
    const settle = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    settle?.(message.reply)
  }

  #ended(cause: Error): void {
    this.#worker = null
    const { now = Date.now, onCrash } = this.#options
    if (this.#closed !== null) {
      this.#closed()
    } else {
      onCrash(cause)
      this.#crashes.push(now())
      const recent = this.#crashes.filter((at) => at > now() - crashWindowMs).length
      if (recent <= mostCrashes) this.#start()
    }
    const settled = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const settle of settled) settle(gone(`The engine stopped: ${cause.message} What was open has to be opened again.`))
  }
}

const gone = (message: string): Reply<never> => ({ ok: false, error: { code: 'unavailable', message } })
