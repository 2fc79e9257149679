/** Where single tasks stand that are asked for by name: steps of the critical path whose bars are not to be seen. */
import type { Result } from '#contract/methods'
import { call } from '../../connection/call.ts'

export type Place = NonNullable<Result<'timeline.place'>['place']>
export type PlaceQuestion = Omit<Parameters<typeof call<'timeline.place'>>[1], 'taskId'>

const atOnce = 4
const mostKept = 5000

export class PlaceBook {
  private readonly places = new Map<string, Place | null>()
  private readonly waiting = new Set<string>()
  private controller = new AbortController()
  private running = 0

  constructor(
    private readonly question: () => PlaceQuestion | null,
    private readonly onChange: () => void
  ) {}

  /** Undefined: not known yet; it is asked for. */
  of(taskId: string): Place | null | undefined {
    const place = this.places.get(taskId)
    if (place === undefined && !this.waiting.has(taskId)) {
      this.waiting.add(taskId)
      this.next()
    }
    return place
  }

  /** What was known may be of another order or of an earlier state. */
  clear(): void {
    this.controller.abort()
    this.controller = new AbortController()
    this.places.clear()
    this.waiting.clear()
    this.running = 0
  }

  private next(): void {
    const question = this.question()
    if (!question) return
    const { signal } = this.controller
    for (const taskId of this.waiting) {
      if (this.running >= atOnce) return
      if (this.places.has(taskId) || this.asked.has(taskId)) continue
      this.asked.add(taskId)
      this.running++
      void call('timeline.place', { ...question, taskId }, { signal }).then((reply) => {
        this.asked.delete(taskId)
        if (signal.aborted) return
        this.running--
        this.waiting.delete(taskId)
        if (this.places.size >= mostKept) this.places.clear()
        // One that cannot be told is not asked for again and again.
        this.places.set(taskId, reply.ok ? reply.value.place : null)
        this.onChange()
        this.next()
      })
    }
  }
  private readonly asked = new Set<string>()
}
