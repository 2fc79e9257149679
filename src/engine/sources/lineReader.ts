/** Cuts the text of one file into stretches of whole lines. */
import { longestLineBytes } from './segments.ts'
import type { TextFile } from './textFile.ts'

export type Lines = { readonly byte: number; readonly line: number; readonly bytes: Uint8Array; readonly tooLongBytes?: number }

const newline = 0x0a
const headBytes = 64 * 1024
const scanBytes = 1024 * 1024

export class LineReader {
  readonly #text: TextFile
  readonly #longestBytes: number
  /** Where the next line begins, and its number. */
  #byte = 0
  #line = 1
  /** Text up to here has been handed out: more than `#byte` if the last line had no line end yet. */
  #deliveredByte = 0

  constructor(text: TextFile, longestBytes = longestLineBytes) {
    this.#text = text
    this.#longestBytes = longestBytes
  }

  /** The end of what has been handed out, and the number of the next line. */
  get place(): { byte: number; line: number } {
    return { byte: this.#deliveredByte, line: this.#line }
  }

  get takenBytes(): number {
    return this.#text.takenBytes(this.#deliveredByte)
  }

  /** Null at the end of what there is. */
  async next(maxBytes: number, signal?: AbortSignal): Promise<Lines | null> {
    let wantedBytes = Math.max(1, Math.min(maxBytes, this.#longestBytes))
    let buffer: Buffer = Buffer.alloc(0)
    let filled = 0
    for (;;) {
      const known = Math.max(this.#deliveredByte, this.#byte + filled)
      const { textBytes, ended } = await this.#text.reach(this.#byte + wantedBytes, known, signal)
      if (textBytes <= this.#deliveredByte) return null
      const available = Math.min(wantedBytes, textBytes - this.#byte)
      buffer = grown(buffer, filled, available)
      const searched = filled
      filled += await this.#text.read(buffer.subarray(filled, available), this.#byte + filled)
      // Fewer bytes than announced: the file has shrunk meanwhile.
      const atEnd = filled < available || (ended && this.#byte + filled >= textBytes)
      const cut = lastNewline(buffer, searched, filled) + 1
      if (atEnd) return this.#deliver(buffer.subarray(0, filled), cut)
      if (cut > 0) return this.#deliver(buffer.subarray(0, cut), cut)
      if (filled >= this.#longestBytes) return this.#tooLong(buffer.subarray(0, headBytes), filled, signal)
      if (filled >= wantedBytes) wantedBytes = Math.min(this.#longestBytes, wantedBytes * 2)
    }
  }

  #deliver(bytes: Buffer, wholeLinesBytes: number): Lines | null {
    const markBytes = this.#byte === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
    const lines = { byte: this.#byte + markBytes, line: this.#line, bytes: bytes.subarray(markBytes) }
    this.#deliveredByte = this.#byte + bytes.length
    this.#byte += Math.max(markBytes, wholeLinesBytes)
    this.#line += countNewlines(bytes)
    return lines.bytes.length === 0 ? null : lines
  }

  async #tooLong(head: Buffer, seenBytes: number, signal?: AbortSignal): Promise<Lines> {
    const start = this.#byte
    const piece = Buffer.allocUnsafeSlow(scanBytes)
    let length = seenBytes
    let ended = false
    while (!ended) {
      signal?.throwIfAborted()
      const reached = await this.#text.reach(start + length + scanBytes, start + length, signal)
      const filled = await this.#text.read(piece, start + length)
      const end = piece.subarray(0, filled).indexOf(newline)
      length += end >= 0 ? end + 1 : filled
      ended = end >= 0 || filled === 0 || (reached.ended && start + length >= reached.textBytes)
      if (end >= 0) this.#line++
    }
    const line = this.#line
    const isWhole = await this.#endsWithNewline(start + length)
    this.#deliveredByte = start + length
    if (isWhole) this.#byte = start + length
    return { byte: start, line: isWhole ? line - 1 : line, bytes: new Uint8Array(head), tooLongBytes: length }
  }

  async #endsWithNewline(byte: number): Promise<boolean> {
    const last = new Uint8Array(1)
    await this.#text.read(last, byte - 1)
    return last[0] === newline
  }
}

/** Owned by whoever gets it, so never from Node's pool. */
function grown(buffer: Buffer, filled: number, sizeBytes: number): Buffer {
  if (sizeBytes <= buffer.length) return buffer
  const larger = Buffer.allocUnsafeSlow(sizeBytes)
  buffer.copy(larger, 0, 0, filled)
  return larger
}

/** −1 if there is none from `from` on. */
function lastNewline(buffer: Buffer, from: number, to: number): number {
  const found = buffer.subarray(from, to).lastIndexOf(newline)
  return found < 0 ? -1 : from + found
}

function countNewlines(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) count++
  return count
}
