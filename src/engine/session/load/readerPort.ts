/** What an open source asks of its reader, whether that runs in a worker or in the same thread. */
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Segments } from '#engine/sources/segments'
import type { SourceSpec } from './openReader.ts'
import type { MergeGroups } from './mergeRows.ts'
import { Reader, type Batch } from './reader.ts'

export interface ReaderPort {
  /** About `maxBytes` of lines, or what there is; one call at a time. */
  next(maxBytes: number): Promise<Batch>
  /** A `next` that is under way answers soon, with what it has taken (standard input may keep it waiting for ever). */
  interrupt(): void
  /** Whether `next` of an endless source comes to an end when everything that has come is taken. */
  finish(isFinishing: boolean): void
  /** Merges records; never while a `next` is under way, as each batch builds on the news of the one before. */
  merge(groups: MergeGroups): Promise<Batch>
  /** Text of merged records. */
  readSpool(byte: number, sizeBytes: number): Promise<Uint8Array>
  close(): Promise<void>
}

/** In the same thread: for tests, and where there are no workers. */
export class LocalReader implements ReaderPort {
  private readonly reader: Reader
  private abort = new AbortController()

  constructor(
    segments: Segments,
    private readonly folder: string,
    private readonly name: string
  ) {
    this.reader = newReader(segments, folder, name)
  }

  async next(maxBytes: number): Promise<Batch> {
    this.abort = new AbortController()
    return await this.reader.next(maxBytes, this.abort.signal)
  }

  interrupt(): void {
    this.abort.abort()
  }

  finish(isFinishing: boolean): void {
    this.reader.finish(isFinishing)
  }

  async merge(groups: MergeGroups): Promise<Batch> {
    return await this.reader.merge(groups)
  }

  async readSpool(byte: number, sizeBytes: number): Promise<Uint8Array> {
    return await readAt(spoolPath(this.folder, this.name), byte, sizeBytes)
  }

  async close(): Promise<void> {
    this.abort.abort()
    await this.reader.close()
  }
}

export type ReaderSpec = {
  readonly segments: SourceSpec
  /** For segment files and the spool of merged records. */
  readonly folder: string
  /** Begins the names of the reader's files. */
  readonly name: string
}
export type ReaderCall = { readonly call: 'next'; readonly maxBytes: number } | { readonly call: 'merge'; readonly groups: MergeGroups } | { readonly call: 'interrupt' } | { readonly call: 'finish'; readonly isFinishing: boolean } | { readonly call: 'reopen'; readonly spec: ReaderSpec }
export type ReaderAnswer = { readonly batch: Batch } | { readonly reopened: true } | { readonly error: string }

type Waiting = { resolve(answer: Exclude<ReaderAnswer, { error: string }>): void; reject(error: Error): void }
type ReaderThread = { readonly worker: Worker; readers: number }

/** In a worker of its own, so that scanning and merging do not hold up the session. */
export class WorkerReader implements ReaderPort {
  private readonly thread: ReaderThread
  /** Calls are answered in order. */
  private readonly waiting: Waiting[] = []
  private ended: Error | null = null

  /** @param from the built readerWorker.js, or a thread that is there */
  constructor(
    private readonly spec: ReaderSpec,
    from: string | ReaderThread
  ) {
    this.thread = typeof from === 'string' ? { worker: new Worker(from, { workerData: spec }), readers: 0 } : from
    this.thread.readers++
    const { worker } = this.thread
    worker.on('message', (answer: ReaderAnswer) => {
      const waiting = this.waiting.shift()
      if ('error' in answer) waiting?.reject(new Error(answer.error))
      else waiting?.resolve(answer)
    })
    worker.on('error', (error) => this.end(error))
    worker.on('exit', () => this.end(new Error('The reader has ended.')))
  }

  get hasEnded(): boolean {
    return this.ended !== null
  }

  /** The same thread, reading something else from the beginning. This reader, which must have come to its end, can only be asked for texts from then on. */
  async reopen(spec: ReaderSpec): Promise<WorkerReader> {
    const reader = new WorkerReader(spec, this.thread)
    await reader.ask({ call: 'reopen', spec })
    return reader
  }

  async next(maxBytes: number): Promise<Batch> {
    return batchOf(await this.ask({ call: 'next', maxBytes }))
  }

  interrupt(): void {
    this.thread.worker.postMessage({ call: 'interrupt' } satisfies ReaderCall)
  }

  finish(isFinishing: boolean): void {
    this.thread.worker.postMessage({ call: 'finish', isFinishing } satisfies ReaderCall)
  }

  async merge(groups: MergeGroups): Promise<Batch> {
    return batchOf(await this.ask({ call: 'merge', groups }))
  }

  async readSpool(byte: number, sizeBytes: number): Promise<Uint8Array> {
    return await readAt(spoolPath(this.spec.folder, this.spec.name), byte, sizeBytes)
  }

  async close(): Promise<void> {
    if (--this.thread.readers === 0) await this.thread.worker.terminate()
  }

  private async ask(call: ReaderCall): Promise<Exclude<ReaderAnswer, { error: string }>> {
    if (this.ended) throw this.ended
    return await new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject })
      this.thread.worker.postMessage(call)
    })
  }

  private end(error: Error): void {
    this.ended ??= error
    for (const waiting of this.waiting.splice(0)) waiting.reject(this.ended)
  }
}

function batchOf(answer: Exclude<ReaderAnswer, { error: string }>): Batch {
  if ('batch' in answer) return answer.batch
  throw new Error('The reader answered another question.')
}

export function newReader(segments: Segments, folder: string, name: string): Reader {
  return new Reader(segments, spoolPath(folder, name), join(folder, name))
}

function spoolPath(folder: string, name: string): string {
  return join(folder, `${name}-merged.jsonl`)
}

async function readAt(path: string, byte: number, sizeBytes: number): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(sizeBytes), 0, sizeBytes, byte)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
