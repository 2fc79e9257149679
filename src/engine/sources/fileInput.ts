/** The bytes of a compressed file, in order; its end is the end for now, and more may follow later. */
import { type OpenFiles, readFully } from './openFiles.ts'
import type { ByteInput } from './standardInput.ts'

const chunkBytes = 64 * 1024

export class FileInput implements ByteInput {
  takenBytes = 0
  readonly #files: OpenFiles
  readonly #path: string

  constructor(files: OpenFiles, path: string) {
    this.#files = files
    this.#path = path
  }

  async next(_waitMs: number, signal?: AbortSignal): Promise<Uint8Array | 'end'> {
    signal?.throwIfAborted()
    const chunk = new Uint8Array(chunkBytes)
    const filled = await this.#files.use(this.#path, (handle) => readFully(handle, chunk, this.takenBytes))
    this.takenBytes += filled
    return filled === 0 ? 'end' : chunk.subarray(0, filled)
  }

  close(): void {}
}
