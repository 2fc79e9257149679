/** A recording in a worker, as it looks from the thread that started it. */
import { Worker } from 'node:worker_threads'
import { type CallError, Refusal } from '#contract/reply'
import type { Recording, RecordingSpec, RecordingState } from './recordingState.ts'

export type RecordingCall = { readonly call: 'stop'; readonly withinMs: number | undefined } | { readonly call: 'safeToStop'; readonly id: number }
export type RecordingNews =
  | { readonly news: 'started'; readonly state: RecordingState }
  | { readonly news: 'refused'; readonly error: Pick<CallError, 'code' | 'message'> }
  | { readonly news: 'state'; readonly state: RecordingState }
  | { readonly news: 'safeToStop'; readonly id: number; readonly isSafe: boolean }
  | { readonly news: 'stopped'; readonly error: string | null }
  | { readonly news: 'ended'; readonly why: 'stopped' | 'control' }

/** @param script the built recordingWorker.js. @throws Refusal if a target cannot be opened */
export async function recordInWorker(spec: RecordingSpec, script: string): Promise<Recording> {
  const worker = new Worker(script, { workerData: spec })
  const first = await new Promise<RecordingState>((resolve, reject) => {
    worker.once('message', (news: RecordingNews) => {
      if (news.news === 'started') resolve(news.state)
      else reject(news.news === 'refused' ? new Refusal(news.error.code, news.error.message) : new Error(`The recording said ${news.news} before it had started.`))
    })
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('The recording ended before it had started.')))
  })
  return new WorkerRecording(worker, first)
}

class WorkerRecording implements Recording {
  readonly ended: Promise<'stopped' | 'control'>
  private readonly listeners = new Set<(state: RecordingState) => void>()
  private readonly asked = new Map<number, { resolve(isSafe: boolean): void; reject(error: Error): void }>()
  private stopping: Promise<void> | null = null
  private lastId = 0
  private failure: Error | null = null
  private isOver = false
  private onStopped: (error: Error | null) => void = () => undefined

  constructor(
    private readonly worker: Worker,
    public state: RecordingState
  ) {
    this.ended = new Promise((resolve) => {
      worker.on('message', (news: RecordingNews) => {
        if (news.news === 'ended') resolve(news.why)
        this.hear(news)
      })
      const fail = (error: Error): void => {
        this.fail(error)
        // Why, and that not all is written, is told by the state and by `stop`.
        resolve('stopped')
      }
      worker.on('error', fail)
      worker.on('exit', () => fail(new Error('Its thread has ended.')))
    })
  }

  onState(listener: (state: RecordingState) => void): () => void {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  async safeToStop(): Promise<boolean> {
    if (this.failure) return false
    const id = ++this.lastId
    return await new Promise((resolve, reject) => {
      this.asked.set(id, { resolve, reject })
      this.post({ call: 'safeToStop', id })
    })
  }

  async stop(withinMs?: number): Promise<void> {
    this.stopping ??= new Promise<void>((resolve, reject) => {
      this.onStopped = (error) => (error ? reject(error) : resolve())
      if (this.failure) this.onStopped(this.failure)
      else this.post({ call: 'stop', withinMs })
    }).finally(async () => await this.worker.terminate())
    await this.stopping
  }

  private post(call: RecordingCall): void {
    this.worker.postMessage(call)
  }

  private hear(news: RecordingNews): void {
    if (news.news === 'state') {
      this.state = news.state
      for (const listener of this.listeners) listener(news.state)
    }
    if (news.news === 'safeToStop') {
      this.asked.get(news.id)?.resolve(news.isSafe)
      this.asked.delete(news.id)
    }
    if (news.news === 'stopped') {
      this.isOver = true
      this.onStopped(news.error === null ? null : new Error(news.error))
    }
    // By a control message: nobody may ask it to stop any more.
    if (news.news === 'ended' && !this.stopping) void this.stop().catch(() => undefined)
  }

  private fail(error: Error): void {
    if (this.failure || this.isOver) return
    this.failure = error
    const reason = `The recording has broken down: ${error.message}`
    this.hear({ news: 'state', state: { ...this.state, stores: this.state.stores.map((store) => ({ ...store, state: { name: 'lost', attempt: 0, sinceMs: Date.now(), reason } })) } })
    this.onStopped(this.failure)
    for (const { reject } of this.asked.values()) reject(this.failure)
    this.asked.clear()
  }
}
