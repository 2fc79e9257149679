/** A file whose bytes are its text: read in place. */
import { type OpenFiles, readFully } from './openFiles.ts'
import type { TextFile } from './textFile.ts'

export class PlainTextFile implements TextFile {
  readonly #files: OpenFiles
  readonly #path: string

  constructor(files: OpenFiles, path: string) {
    this.#files = files
    this.#path = path
  }

  async reach(wantedByte: number): Promise<{ textBytes: number; ended: boolean }> {
    const { size } = await this.#files.use(this.#path, (handle) => handle.stat())
    return { textBytes: size, ended: size <= wantedByte }
  }

  read(target: Uint8Array, byte: number): Promise<number> {
    return this.#files.use(this.#path, (handle) => readFully(handle, target, byte))
  }

  takenBytes(byte: number): number {
    return byte
  }

  takeProblems(): [] {
    return []
  }

  async close(): Promise<void> {}
}
