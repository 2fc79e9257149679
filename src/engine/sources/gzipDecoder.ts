/** Gzip, also of several members one after the other, as `cat a.gz b.gz` and parallel compressors write it. */
import { type InflateRaw, crc32, createInflateRaw } from 'node:zlib'
import { DamagedData, type Decoder } from './decoder.ts'

/**
 * What one step of zlib inflated is lost if it ends in an error, so steps are small; and as gzip shrinks by a thousand
 * at most, what a step gives is bounded too.
 */
const stepBytes = 4096
const trailerBytes = 8
const longestHeaderBytes = 256 * 1024

export class GzipDecoder implements Decoder {
  #state: 'between' | 'header' | 'body' | 'trailer' = 'between'
  /** The beginning of a header or trailer whose rest has not come yet. */
  #held: Uint8Array = new Uint8Array()
  #taken = 0
  #members = 0
  #member: Member | null = null

  get complete(): boolean {
    return this.#state === 'between'
  }

  async *decode(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
    const end = this.#taken + chunk.length
    let rest = chunk
    while (rest.length > 0) {
      this.#taken = end - rest.length
      if (this.#state === 'between') rest = this.#between(rest)
      else if (this.#state === 'header') rest = this.#header(rest)
      else if (this.#state === 'trailer') rest = this.#trailer(rest)
      else {
        const { text, taken, damage } = await this.#open().inflate(rest.subarray(0, stepBytes))
        yield* text
        if (damage !== null) this.#damaged(damage)
        if (this.#open().ended) this.#state = 'trailer'
        rest = rest.subarray(taken)
      }
    }
    this.#taken = end
  }

  close(): void {
    this.#member?.close()
  }

  #between(bytes: Uint8Array): Uint8Array {
    let at = 0
    // Zero bytes after a member are padding, as tapes and block devices need it.
    if (this.#members > 0) while (bytes[at] === 0) at++
    this.#taken += at
    if (at < bytes.length && bytes[at] !== 0x1f) this.#damaged('what follows is no compressed data')
    if (at < bytes.length) this.#state = 'header'
    return bytes.subarray(at)
  }

  #header(bytes: Uint8Array): Uint8Array {
    const held = Buffer.concat([this.#held, bytes])
    if (held.length > 1 && held[1] !== 0x8b) this.#damaged('what follows is no compressed data')
    if (held.length > 2 && held[2] !== 8) this.#damaged(`compression method ${held[2]} is not known`)
    const size = headerSize(held)
    this.#held = size === null ? held : new Uint8Array()
    if (size === null && held.length > longestHeaderBytes) this.#damaged('its header has no end')
    if (size === null) return new Uint8Array()
    this.#member = new Member()
    this.#state = 'body'
    return held.subarray(size)
  }

  #trailer(bytes: Uint8Array): Uint8Array {
    const missing = trailerBytes - this.#held.length
    const held = Buffer.concat([this.#held, bytes.subarray(0, missing)])
    this.#held = held
    if (held.length < trailerBytes) return new Uint8Array()
    const { crc, size } = this.#open()
    if (held.readUInt32LE(0) !== crc || held.readUInt32LE(4) !== size % 2 ** 32) this.#damaged('the checksum does not match')
    this.#held = new Uint8Array()
    this.#member?.close()
    this.#member = null
    this.#members++
    this.#state = 'between'
    return bytes.subarray(missing)
  }

  #open(): Member {
    if (this.#member === null) throw new Error('no gzip member is open')
    return this.#member
  }

  #damaged(why: string): never {
    throw new DamagedData(this.#taken, why)
  }
}

/** The compressed text of one member: zlib tells where it ends, which is seen as soon as one byte of the trailer is fed. */
class Member {
  crc = 0
  size = 0
  ended = false
  readonly #inflate: InflateRaw
  #text: Uint8Array[] = []
  #damage: string | null = null
  #step: () => void = () => undefined

  constructor() {
    this.#inflate = createInflateRaw({ chunkSize: 128 * 1024 })
    this.#inflate.on('data', (text: Uint8Array) => this.#text.push(text))
    this.#inflate.on('end', () => {
      this.ended = true
      this.#step()
    })
    this.#inflate.on('error', (error) => {
      this.#damage = error.message
      this.#step()
    })
  }

  async inflate(bytes: Uint8Array): Promise<{ text: Uint8Array[]; taken: number; damage: string | null }> {
    const before = this.#inflate.bytesWritten
    await new Promise<void>((resolve) => {
      this.#step = resolve
      this.#inflate.write(bytes, () => resolve())
    })
    // The end is announced in a later turn than the last write's return.
    if (this.#damage === null && this.#inflate.bytesWritten - before < bytes.length) await this.#end()
    const text = this.#text
    this.#text = []
    for (const piece of text) {
      this.crc = crc32(piece, this.crc)
      this.size += piece.length
    }
    return { text, taken: this.#inflate.bytesWritten - before, damage: this.#damage }
  }

  close(): void {
    this.#inflate.destroy()
  }

  async #end(): Promise<void> {
    if (this.ended) return
    await new Promise<void>((resolve) => (this.#step = resolve))
  }
}

/** Null if the header goes on beyond what there is. */
function headerSize(bytes: Buffer): number | null {
  const flags = bytes[3]
  if (bytes.length < 10 || flags === undefined) return null
  let at = 10
  if (flags & 4) {
    if (bytes.length < at + 2) return null
    at += 2 + bytes.readUInt16LE(at)
  }
  // A name and a comment, each ending with a zero byte.
  for (const flag of [8, 16]) {
    if ((flags & flag) === 0) continue
    const zero = bytes.indexOf(0, at)
    if (zero < 0) return null
    at = zero + 1
  }
  if (flags & 2) at += 2
  return at <= bytes.length ? at : null
}
