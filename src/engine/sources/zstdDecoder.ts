/** Zstandard: frames one after the other, skippable ones among them. Cut into blocks here, so that damage has a place. */
import { Decompress } from 'fzstd'
import { DamagedData, type Decoder } from './decoder.ts'
import { Xxh64 } from './xxh64.ts'

/** Frames that want a larger window (`--long=30`) would not leave memory for anything else. */
const largestWindowBytes = 512 * 1024 * 1024
const checksumBytes = 4

type Frame = { headerBytes: number; windowBytes: number; contentBytes: number | null; checksum: boolean; dictionary: boolean }

export class ZstdDecoder implements Decoder {
  #held: Uint8Array = new Uint8Array()
  /** Offset of `#held` in the compressed data. */
  #byte = 0
  #skipBytes = 0
  #frame: { info: Frame; decompress: Decompress; hash: Xxh64; textBytes: number } | null = null
  #out: Uint8Array[] = []

  get complete(): boolean {
    return this.#frame === null && this.#held.length === 0 && this.#skipBytes === 0
  }

  async *decode(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
    let rest: Uint8Array = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    for (;;) {
      let taken: number | null
      try {
        taken = this.#frame === null ? this.#between(rest) : this.#block(rest)
      } finally {
        yield* this.#out.splice(0)
      }
      if (taken === null) break
      rest = rest.subarray(taken)
      this.#byte += taken
      if (rest.length === 0) break
    }
    // A copy: the chunk may be reused by whoever gave it.
    this.#held = new Uint8Array(rest)
  }

  close(): void {
    this.#frame = null
    this.#held = new Uint8Array()
  }

  /** How many bytes could be taken; null if more are needed. */
  #between(bytes: Uint8Array): number | null {
    if (this.#skipBytes > 0) {
      const taken = Math.min(this.#skipBytes, bytes.length)
      this.#skipBytes -= taken
      return taken
    }
    if (bytes.length < 4) return null
    const magic = u32(bytes, 0)
    if (magic >>> 4 === 0x184d2a5) {
      if (bytes.length < 8) return null
      this.#skipBytes = u32(bytes, 4)
      return 8
    }
    if (magic !== 0xfd2fb528) this.#damaged('what follows is no compressed data')
    const info = frameHeader(bytes)
    if (info === null) return null
    if (info === 'unknown') this.#damaged('its header sets bits that mean nothing')
    if (info.windowBytes > largestWindowBytes) this.#damaged(`it needs a window of ${Math.round(info.windowBytes / 2 ** 20)} MB`)
    if (info.dictionary) this.#damaged('it was compressed with a dictionary')
    const frame = { info, decompress: new Decompress(), hash: new Xxh64(), textBytes: 0 }
    frame.decompress.ondata = (text) => {
      if (text.length === 0) return
      frame.textBytes += text.length
      if (info.checksum) frame.hash.update(text)
      this.#out.push(text)
    }
    this.#frame = frame
    this.#push(bytes.subarray(0, info.headerBytes), false)
    return info.headerBytes
  }

  #block(bytes: Uint8Array): number | null {
    const frame = this.#frame
    const [b0, b1, b2] = bytes
    if (frame === null || b0 === undefined || b1 === undefined || b2 === undefined) return null
    const last = (b0 & 1) === 1
    const type = (b0 >> 1) & 3
    const size = (b0 >> 3) | (b1 << 5) | (b2 << 13)
    if (type === 3 || size > 128 * 1024) this.#damaged('a block of unknown type or size')
    const whole = 3 + (type === 1 ? 1 : size) + (last && frame.info.checksum ? checksumBytes : 0)
    if (bytes.length < whole) return null
    this.#push(bytes.slice(0, whole), last)
    if (last) {
      const expected = frame.info.contentBytes
      if (expected !== null && expected !== frame.textBytes) this.#damaged('the length of the text does not match')
      // fzstd skips the checksum; without it a flipped bit may just be another text.
      if (frame.info.checksum && u32(bytes, whole - checksumBytes) !== frame.hash.digestLow()) this.#damaged('the checksum does not match')
      this.#frame = null
    }
    return whole
  }

  /** On garbage fzstd throws errors of its own and, past its tables, TypeErrors and RangeErrors. */
  #push(bytes: Uint8Array, final: boolean): void {
    try {
      this.#frame?.decompress.push(bytes, final)
    } catch (error) {
      this.#damaged(error instanceof Error ? error.message : String(error))
    }
  }

  #damaged(why: string): never {
    throw new DamagedData(this.#byte, why)
  }
}

/** RFC 8878, 3.1.1.1. Null if the header goes on beyond what there is. */
function frameHeader(bytes: Uint8Array): Frame | 'unknown' | null {
  const flags = bytes[4]
  if (flags === undefined) return null
  if (flags & 8) return 'unknown'
  const single = (flags & 32) !== 0
  const dictBytes = [0, 1, 2, 4][flags & 3] ?? 0
  const sizeBytes = [single ? 1 : 0, 2, 4, 8][flags >> 6] ?? 0
  const sizeAt = 5 + (single ? 0 : 1) + dictBytes
  const headerBytes = sizeAt + sizeBytes
  if (bytes.length < headerBytes) return null
  let contentBytes: number | null = null
  for (let i = sizeBytes - 1; i >= 0; i--) contentBytes = (contentBytes ?? 0) * 256 + (bytes[sizeAt + i] ?? 0)
  if (contentBytes !== null && sizeBytes === 2) contentBytes += 256
  const descriptor = bytes[5] ?? 0
  const base = 2 ** (10 + (descriptor >> 3))
  const windowBytes = single ? (contentBytes ?? 0) : base + (base / 8) * (descriptor & 7)
  return { headerBytes, windowBytes, contentBytes, checksum: (flags & 4) !== 0, dictionary: bytes.slice(sizeAt - dictBytes, sizeAt).some((byte) => byte !== 0) }
}

function u32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>> 0
}
