/** The change log: what has changed since a reader last asked. Readers pull; nothing is pushed at them. */
import { randomBytes } from 'node:crypto'
import { Refusal } from '#contract/reply'
import type { Params, Result } from '#contract/methods'

type Change = Result<'changes.next'>['changes'][number]
type Entry = Change & { position: number }

const defaultCapacity = 10_000

/**
 * Keeps only the latest change of each id, and at most `capacity` of them. A cursor is `epoch:position`; the empty
 * cursor stands for the beginning of this log, so that nothing that happens between a first look and a first call is lost.
 */
export class ChangeLog {
  readonly #epoch = randomBytes(6).toString('hex')
  readonly #capacity: number
  /** In order of position: an entry that changes again is taken out and put at the end. */
  readonly #latest = new Map<string, Entry>()
  readonly #waiting = new Set<() => void>()
  #position = 0
  /** A reader at a position below this one has missed an entry for good. */
  #forgottenUpTo = 0
  #closed = false

  constructor({ capacity = defaultCapacity }: { capacity?: number } = {}) {
    this.#capacity = capacity
  }

  add(kind: Change['kind'], id: string): void {
    const key = `${kind} ${id}`
    this.#latest.delete(key)
    this.#latest.set(key, { kind, id, position: ++this.#position })
    if (this.#latest.size > this.#capacity) this.#forgetOldest()
    this.#wake()
  }

  /** Answers at once if there is something to tell, else when there is, or empty-handed after `waitMs`. */
  async next({ cursor, limit, waitMs }: Params<'changes.next'>, signal: AbortSignal): Promise<Result<'changes.next'>> {
    const position = this.#read(cursor)
    if (position === null) return this.#reset()
    if (position === this.#position && waitMs > 0) await this.#change(waitMs, signal)
    if (signal.aborted) throw new Refusal('cancelled', 'The wait for changes was cancelled.')
    return position < this.#forgottenUpTo ? this.#reset() : this.#after(position, limit)
  }

  /** Lets every waiting reader go. */
  close(): void {
    this.#closed = true
    this.#wake()
  }

  /** How many readers wait: for tests. */
  get waiting(): number {
    return this.#waiting.size
  }

  #read(cursor: string): number | null {
    if (cursor === '') return this.#forgottenUpTo > 0 ? null : 0
    const [epoch, digits] = cursor.split(':')
    if (epoch !== this.#epoch || digits === undefined || !/^\d{1,15}$/.test(digits)) return null
    const position = Number(digits)
    return position > this.#position || position < this.#forgottenUpTo ? null : position
  }

  #reset(): Result<'changes.next'> {
    return { cursor: `${this.#epoch}:${this.#position}`, reset: true, changes: [] }
  }

  #after(position: number, limit: number): Result<'changes.next'> {
    const changes: Change[] = []
    let last = position
    for (const entry of this.#newest(position).slice(0, limit)) {
      changes.push({ kind: entry.kind, id: entry.id })
      last = entry.position
    }
    return { cursor: `${this.#epoch}:${changes.length < limit ? this.#position : last}`, reset: false, changes }
  }

  #newest(position: number): Entry[] {
    if (position === this.#position) return []
    return [...this.#latest.values()].filter((entry) => entry.position > position)
  }

  #forgetOldest(): void {
    const [key, entry] = this.#latest.entries().next().value ?? []
    if (key === undefined || entry === undefined) return
    this.#latest.delete(key)
    this.#forgottenUpTo = entry.position
  }

  #wake(): void {
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const go of waiting) go()
  }

  async #change(waitMs: number, signal: AbortSignal): Promise<void> {
    if (this.#closed || signal.aborted) return
    await new Promise<void>((resolve) => {
      const go = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', go)
        this.#waiting.delete(go)
        resolve()
      }
      const timer = setTimeout(go, waitMs)
      signal.addEventListener('abort', go, { once: true })
      this.#waiting.add(go)
    })
  }
}
