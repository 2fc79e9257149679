/** The engine's process as the main process sees it: calls with ids, cancellation, and a new process when one dies. */
import type { Audience } from '#contract/methods'
import type { Reply } from '#contract/reply'
import type { Answer } from '#hosting/answer'
import type { FromEngine, ToEngine } from './engineMessages.ts'

/** An engine that dies more often than this within `crashWindowMs` is not started again. */
const mostCrashes = 3
const crashWindowMs = 60_000

/** What Electron's UtilityProcess has of a process. */
export type Child = {
  postMessage(message: ToEngine): void
  on(event: 'message', listener: (message: FromEngine) => void): unknown
  on(event: 'exit', listener: (code: number) => void): unknown
  kill(): unknown
}

export type EngineProcessOptions = {
  /** @param again whether one that has ended is replaced */
  start: (again: boolean) => Child
  /** Told of each death. */
  onCrash: (what: string) => void
  now?: () => number
  /** An engine that has not closed by then is ended. */
  closeWithinMs?: number
}

/** A call never hangs: one that was under way when the process died is answered `unavailable`. */
export class EngineProcess {
  readonly #options: EngineProcessOptions
  readonly #waiting = new Map<number, (reply: Reply<unknown>) => void>()
  readonly #crashes: number[] = []
  #child: Child | null = null
  #lastId = 0
  /** Set once it is being closed; called when it has. */
  #closed: (() => void) | null = null

  constructor(options: EngineProcessOptions) {
    this.#options = options
    this.#start(false)
  }

  answer(audience: Audience): Answer {
    return (method, params, signal) => {
      const child = this.#child
      if (child === null || this.#closed !== null) return Promise.resolve(gone('The engine is not running. Restart Provscope.'))
      if (signal.aborted) return Promise.resolve({ ok: false, error: { code: 'cancelled', message: 'Cancelled.' } })
      const id = ++this.#lastId
      const cancel = (): void => child.postMessage({ kind: 'cancel', id })
      return new Promise((resolve) => {
        this.#waiting.set(id, (reply) => {
          signal.removeEventListener('abort', cancel)
          resolve(reply)
        })
        signal.addEventListener('abort', cancel, { once: true })
        child.postMessage({ kind: 'call', id, method, params, audience })
      })
    }
  }

  /**
   * Lets the engine finish, and remove what it keeps on disk only while it runs.
   * @param withinMs instead of what is usual
   */
  async close(withinMs?: number): Promise<void> {
    const child = this.#child
    if (child === null || this.#closed !== null) return
    const closeWithinMs = withinMs ?? this.#options.closeWithinMs ?? 5000
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, closeWithinMs)
      this.#closed = () => {
        clearTimeout(timer)
        resolve()
      }
      child.postMessage({ kind: 'close' })
    })
    child.kill()
  }

  /** Waits no longer for an engine that is closing. */
  end(): void {
    this.#closed?.()
  }

  #start(again: boolean): void {
    const child = this.#options.start(again)
    this.#child = child
    child.on('message', (message) => this.#receive(message))
    child.on('exit', (code) => this.#ended(code))
  }

  #receive(message: FromEngine): void {
    if (message.kind === 'closed') return this.#closed?.()
    const settle = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    settle?.(message.reply)
  }

  #ended(code: number): void {
    this.#child = null
    const what = `The engine ended unexpectedly (exit code ${code}).`
    if (this.#closed !== null) this.#closed()
    else this.#startAgain(what)
    const settled = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const settle of settled) settle(gone(`${what} It is started again; what was open is read anew.`))
  }

  #startAgain(what: string): void {
    const { now = Date.now, onCrash } = this.#options
    onCrash(what)
    this.#crashes.push(now())
    if (this.#crashes.filter((at) => at > now() - crashWindowMs).length <= mostCrashes) this.#start(true)
  }
}

const gone = (message: string): Reply<never> => ({ ok: false, error: { code: 'unavailable', message } })
