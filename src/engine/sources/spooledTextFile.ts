/** Text that does not lie on disk by itself (compressed files, standard input), written to a file of our own as it is read. */
import { type FileHandle, open } from 'node:fs/promises'
import { DamagedData, type Decoder, plainDecoder } from './decoder.ts'
import { GzipDecoder } from './gzipDecoder.ts'
import { type Encoding, encodingOf, magicBytes } from './magic.ts'
import { readFully } from './openFiles.ts'
import type { FileProblem } from './segments.ts'
import type { ByteInput } from './standardInput.ts'
import type { TextFile } from './textFile.ts'
import { ZstdDecoder } from './zstdDecoder.ts'

/** How long lines that have come wait for more to go with them. */
const momentMs = 150

export class SpooledTextFile implements TextFile {
  readonly #begin: () => ByteInput
  #input: ByteInput | null = null
  readonly #path: string
  #writer: FileHandle | null = null
  #reader: FileHandle | null = null
  #decoder: Decoder | null = null
  #encoding: Encoding = 'plain'
  /** Bytes that came before there were enough of them to tell what they are. */
  #head: Uint8Array = new Uint8Array()
  #textBytes = 0
  #problems: Omit<FileProblem, 'line'>[] = []
  #damaged = false
  #toldTruncated = false

  /**
   * @param begin asked for once text is wanted
   * @param path where to write; only the instance that calls `reach` does so, others may read there
   */
  constructor(begin: () => ByteInput, path: string) {
    this.#begin = begin
    this.#path = path
  }

  async reach(wantedByte: number, knownBytes: number, signal?: AbortSignal): Promise<{ textBytes: number; ended: boolean }> {
    const input = (this.#input ??= this.#begin())
    while (this.#textBytes < wantedByte && !this.#damaged) {
      const chunk = await input.next(this.#textBytes > knownBytes ? momentMs : Infinity, signal)
      if (chunk === 'later') return { textBytes: this.#textBytes, ended: false }
      if (chunk === 'end') {
        await this.#finish()
        return { textBytes: this.#textBytes, ended: true }
      }
      await this.#take(chunk)
    }
    return { textBytes: this.#textBytes, ended: this.#damaged && this.#textBytes <= wantedByte }
  }

  async read(target: Uint8Array, byte: number): Promise<number> {
    this.#reader ??= await open(this.#path, 'r')
    return readFully(this.#reader, target, byte)
  }

  takenBytes(): number {
    return this.#input?.takenBytes ?? 0
  }

  takeProblems(): Omit<FileProblem, 'line'>[] {
    return this.#problems.splice(0)
  }

  async close(): Promise<void> {
    this.#input?.close()
    this.#decoder?.close()
    await Promise.all([this.#writer?.close(), this.#reader?.close()])
    this.#writer = null
    this.#reader = null
  }

  async #take(chunk: Uint8Array): Promise<void> {
    const bytes = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk])
    this.#head = new Uint8Array()
    if (this.#decoder === null && bytes.length < magicBytes) {
      this.#head = bytes
      return
    }
    await this.#decode(bytes)
  }

  async #decode(bytes: Uint8Array): Promise<void> {
    const decoder = (this.#decoder ??= this.#decoderFor(bytes))
    try {
      for await (const text of decoder.decode(bytes)) await this.#append(text)
    } catch (error) {
      if (!(error instanceof DamagedData)) throw error
      this.#damaged = true
      this.#problems.push({
        kind: 'damaged-compression',
        byte: this.#textBytes,
        message: `The ${this.#encoding} data make no sense from byte ${grouped(error.compressedByte)} on: ${error.message}.`
      })
    }
  }

  async #finish(): Promise<void> {
    if (this.#head.length > 0) {
      const head = this.#head
      this.#head = new Uint8Array()
      await this.#decode(head)
    }
    if (this.#decoder === null || this.#decoder.complete || this.#damaged || this.#toldTruncated) return
    this.#toldTruncated = true
    this.#problems.push({
      kind: 'truncated-compression',
      byte: this.#textBytes,
      message: `The ${this.#encoding} data end in the middle, after byte ${grouped(this.takenBytes())}.`
    })
  }

  #decoderFor(bytes: Uint8Array): Decoder {
    this.#encoding = encodingOf(bytes)
    if (this.#encoding === 'gzip') return new GzipDecoder()
    return this.#encoding === 'zstd' ? new ZstdDecoder() : plainDecoder
  }

  async #append(text: Uint8Array): Promise<void> {
    this.#writer ??= await open(this.#path, 'w', 0o600)
    for (let at = 0; at < text.length; ) {
      const { bytesWritten } = await this.#writer.write(text, at, text.length - at, this.#textBytes)
      at += bytesWritten
      this.#textBytes += bytesWritten
    }
  }
}

function grouped(bytes: number): string {
  return bytes.toLocaleString('en')
}
