/** What an open source asks of its reader, whether that runs in a worker or in the same thread. */
import type { Segments } from '#engine/sources/segments'
import { Reader, type Batch } from './reader.ts'

export interface ReaderPort {
  /** About `maxBytes` of lines, or what there is; one call at a time. */
  next(maxBytes: number): Promise<Batch>
  /** A `next` that is under way answers soon, with what it has taken (standard input may keep it waiting for ever). */
  interrupt(): void
  /** Text of merged records. */
  readSpool(byte: number, sizeBytes: number): Promise<Uint8Array>
  close(): Promise<void>
}

/** In the same thread: for tests, and where there are no workers. */
export class LocalReader implements ReaderPort {
  private readonly reader: Reader
  private abort = new AbortController()

  constructor(
    private readonly segments: Segments,
    folder: string,
    name: string
  ) {
    this.reader = new Reader(segments, folder, name)
  }

  async next(maxBytes: number): Promise<Batch> {
    this.abort = new AbortController()
    return await this.reader.next(maxBytes, this.abort.signal)
  }

  interrupt(): void {
    this.abort.abort()
  }

  async readSpool(): Promise<Uint8Array> {
    throw new Error('Nothing has been merged yet.')
  }

  async close(): Promise<void> {
    this.abort.abort()
    await this.segments.close()
  }
}
