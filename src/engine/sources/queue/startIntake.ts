/** Starts an intake: in a worker of its own where the built script of one lies beside this module, in this thread elsewhere. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { type ErrorCode, Refusal } from '#contract/reply'
import { unlockFolderOfThisProcess } from './folderLock.ts'
import type { Intake, IntakeSpec, IntakeState, StartIntake } from './intakeState.ts'
import { LocalIntake } from './localIntake.ts'

const script = join(import.meta.dirname, 'intakeWorker.js')

export const startIntake: StartIntake = async (spec) => (existsSync(script) ? await WorkerIntake.start(spec, script) : await LocalIntake.start(spec))

/** Errors cross to another thread as their text. */
export type SentError = { readonly code: ErrorCode | null; readonly message: string }
export type IntakeNews =
  | { readonly news: 'started' | 'state'; readonly state: IntakeState }
  | { readonly news: 'ready' }
  | { readonly news: 'not started' | 'refused'; readonly error: SentError }
  | { readonly news: 'stopped' | 'appended'; readonly error: SentError | null }
export type IntakeCall = { readonly call: 'stop' } | { readonly call: 'append'; readonly channel: string; readonly payloads: readonly Uint8Array[] }

export class WorkerIntake implements Intake {
  state: IntakeState
  readonly ready: Promise<void>
  private readonly listeners = new Set<(state: IntakeState) => void>()
  private readonly exited: Promise<void>
  /** Answered in their order. */
  private readonly appends: ((error: Error | null) => void)[] = []
  private stopped: Promise<void> | null = null
  private end: { readonly error: Error | null } | null = null

  private constructor(
    private readonly worker: Worker,
    private readonly spec: IntakeSpec,
    first: IntakeState
  ) {
    this.state = first
    this.exited = new Promise((resolve) => worker.once('exit', () => resolve()))
    this.ready = new Promise((resolve, reject) => {
      worker.on('message', (news: IntakeNews) => {
        if (news.news === 'state') this.take(news.state)
        else if (news.news === 'ready') resolve()
        else if (news.news === 'refused') reject(received(news.error))
        else if (news.news === 'appended') this.appends.shift()?.(news.error && received(news.error))
        else if (news.news === 'stopped') this.end = { error: news.error && received(news.error) }
      })
      worker.on('error', (error) => {
        this.end ??= { error }
      })
      worker.once('exit', () => {
        reject(this.end?.error ?? new Refusal('cancelled', 'The intake was stopped.'))
        this.exit()
      })
    })
    // Whoever waits for it hears of it; nobody has to.
    this.ready.catch(() => undefined)
  }

  static async start(spec: IntakeSpec, path: string): Promise<WorkerIntake> {
    const worker = new Worker(path, { workerData: spec, name: 'intake' })
    return await new Promise((resolve, reject) => {
      const failed = (error: Error): void => reject(error)
      worker.once('error', failed)
      worker.once('message', (news: IntakeNews) => {
        worker.off('error', failed)
        if (news.news === 'started') resolve(new WorkerIntake(worker, spec, news.state))
        else reject(news.news === 'not started' ? received(news.error) : new Error(`The intake began with "${news.news}"`))
      })
    })
  }

  onState(listener: (state: IntakeState) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  async append(channel: string, payloads: readonly Uint8Array[]): Promise<void> {
    if (this.end !== null || this.stopped !== null) throw new Refusal('unavailable', 'The intake has ended.')
    await new Promise<void>((resolve, reject) => {
      this.appends.push((error) => (error ? reject(error) : resolve()))
      this.worker.postMessage({ call: 'append', channel, payloads } satisfies IntakeCall)
    })
  }

  async stop(): Promise<void> {
    this.stopped ??= this.finish()
    await this.stopped
  }

  private async finish(): Promise<void> {
    this.worker.postMessage({ call: 'stop' } satisfies IntakeCall)
    await this.exited
    if (this.end?.error) throw this.end.error
  }

  private exit(): void {
    // A thread that ended by itself has not given its folder back.
    unlockFolderOfThisProcess(this.spec.folder)
    for (const answer of this.appends.splice(0)) answer(new Refusal('unavailable', 'The intake has ended.'))
    if (this.state.link.name === 'detached') return
    const reason = this.end?.error ? `The intake has ended: ${this.end.error.message}` : null
    this.take({ ...this.state, link: { name: 'detached', reason, since: Date.now() / 1000, attempt: 0, retryAt: null } })
  }

  private take(state: IntakeState): void {
    this.state = state
    for (const listener of this.listeners) listener(state)
  }
}

export function sentError(error: unknown): SentError {
  return { code: error instanceof Refusal ? error.code : null, message: error instanceof Error ? error.message : String(error) }
}

function received({ code, message }: SentError): Error {
  return code === null ? new Error(message) : new Refusal(code, message)
}
