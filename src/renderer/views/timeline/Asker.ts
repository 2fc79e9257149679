/** Asks the engine one question at a time for a drawing that changes faster than answers come: waits for rest, lets go of what nobody wants. */
import type { Call } from '#contract/dispatch'
import type { Method, Params, Result } from '#contract/methods'
import type { CallError } from '#contract/reply'
import { call } from '../../connection/call.ts'

/** What to ask now, and how long the answer may wait; null: nothing is missing. */
export type Wanted<M extends Method> = { params: Params<M>; inMs: number; take: (answer: Result<M>) => void }

export class Asker<M extends Method> {
  error: CallError | null = null
  tookMs = 0
  /** When it was asked last, in milliseconds of performance.now(). */
  askedAt = -Infinity
  private controller: AbortController | null = null
  private askedKey = ''
  private timer: ReturnType<typeof setTimeout> | null = null
  private dueAt = 0

  constructor(
    private readonly method: M,
    private readonly wanted: () => Wanted<M> | null,
    private readonly onChange: () => void
  ) {}

  get busy(): boolean {
    return this.controller !== null
  }

  /** Looks what is wanted; `restMs`: the drawing moves, so it is put off until it has rested that long. */
  check(restMs = 0): void {
    const wanted = this.wanted()
    if (!wanted) return this.stop()
    if (this.error) return
    const inMs = Math.max(wanted.inMs, restMs)
    const dueAt = performance.now() + inMs
    // What is put off by moving is put off again; what is due anyway is not.
    if (this.timer && restMs === 0 && dueAt >= this.dueAt) return
    if (this.timer) clearTimeout(this.timer)
    this.dueAt = dueAt
    this.timer = setTimeout(this.ask, inMs)
  }

  retry = (): void => {
    this.error = null
    this.check()
  }

  /** Lets go of what was asked: it is another source or another order. */
  reset(): void {
    this.controller?.abort()
    this.controller = null
    this.askedKey = ''
    this.error = null
    this.stop()
  }

  private stop(): void {
    if (this.timer) clearTimeout(this.timer)
    this.timer = null
  }

  private ask = (): void => {
    this.timer = null
    const wanted = this.wanted()
    if (!wanted) return
    const key = JSON.stringify(wanted.params)
    if (this.controller && key === this.askedKey) return
    this.controller?.abort()
    const controller = new AbortController()
    this.controller = controller
    this.askedKey = key
    this.askedAt = performance.now()
    this.onChange()
    void (call as Call)(this.method, wanted.params as never, { signal: controller.signal }).then((reply) => {
      if (this.controller !== controller) return
      this.controller = null
      this.askedKey = ''
      this.tookMs = performance.now() - this.askedAt
      if (reply.ok) {
        this.error = null
        wanted.take(reply.value as Result<M>)
      } else if (reply.error.code !== 'cancelled') this.error = reply.error
      this.onChange()
      this.check()
    })
  }
}
