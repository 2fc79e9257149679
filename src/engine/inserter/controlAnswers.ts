/** Answers control messages as Flowcept's inserter does, in their order, but only once all that came before each of them is stored. */
import type { KeyValueStore } from './keyValueStore.ts'
import type { ControlMessage } from './logHead.ts'
import type { LogMemoryFile } from './logMemory.ts'

export type AnswerSurroundings = {
  readonly keyValue: KeyValueStore
  readonly memory: LogMemoryFile
  /** Only a `stop_document_inserter` that names the same bundle, or none where this is null, ends the recording. */
  readonly bundleId: string | null
  /** Whether all stores that can be reached have everything up to there. */
  readonly isStored: (seq: number) => boolean
  readonly hurry: (seq: number) => void
  readonly onStop: (seq: number) => void
  readonly onChange: () => void
}

const againMs = { first: 250, most: 5000 }

export class ControlAnswers {
  /** Why the key-value store cannot be told at present. */
  problem: string | null = null
  private readonly queue: ControlMessage[] = []
  private isRunning = false
  private isClosed = false
  private timer: NodeJS.Timeout | null = null
  private failures = 0

  constructor(private readonly surroundings: AnswerSurroundings) {}

  /** Those that are not answered yet. */
  get waiting(): number {
    return this.queue.length
  }

  add(message: ControlMessage): void {
    // Answered before this process was started.
    if (message.seq <= this.surroundings.memory.now.answeredSeq) return
    this.queue.push(message)
    this.surroundings.hurry(message.seq)
    this.look()
  }

  /** Call when a store has come further. */
  look(): void {
    if (this.isRunning || this.isClosed || this.timer || this.queue.length === 0) return
    this.isRunning = true
    void this.answerAll().finally(() => {
      this.isRunning = false
      // A store may have come further just when it was left.
      if (this.queue[0] && this.surroundings.isStored(this.queue[0].seq)) this.look()
    })
  }

  /** Waits for what can be answered at once; what cannot is answered by whoever goes on in this folder. */
  async finish(deadlineMs: number): Promise<void> {
    this.look()
    while (Date.now() < deadlineMs && this.queue[0] && this.surroundings.isStored(this.queue[0].seq)) await new Promise((resolve) => setTimeout(resolve, 20))
  }

  close(): void {
    this.isClosed = true
    if (this.timer) clearTimeout(this.timer)
  }

  private async answerAll(): Promise<void> {
    for (let message = this.queue[0]; message && !this.isClosed; message = this.queue[0]) {
      if (!this.surroundings.isStored(message.seq)) return
      try {
        await this.answer(message)
      } catch (error) {
        this.problem = error instanceof Error ? error.message : String(error)
        this.surroundings.onChange()
        this.again()
        return
      }
      this.problem = null
      this.failures = 0
      this.queue.shift()
      this.surroundings.onChange()
    }
  }

  private async answer({ seq, info, interceptorId, bundleId }: ControlMessage): Promise<void> {
    const { keyValue, memory } = this.surroundings
    if (interceptorId !== null && info === 'mq_dao_thread_stopped') await keyValue.registerThreadEnd(interceptorId, bundleId)
    if (interceptorId !== null && info === 'mq_flush_complete') await keyValue.registerFlushComplete(interceptorId, bundleId)
    // Before it takes effect, so that the next recording in this folder is not ended by it.
    await memory.change({ answeredSeq: seq })
    if (info === 'stop_document_inserter' && bundleId === this.surroundings.bundleId) this.surroundings.onStop(seq)
  }

  private again(): void {
    const waitMs = Math.min(againMs.most, againMs.first * 2 ** Math.min(this.failures++, 10))
    this.timer = setTimeout(() => {
      this.timer = null
      this.look()
    }, waitMs)
  }
}
