/** JSON text as the msgpack that Flowcept publishes: every integer exact, and 1.0 a float again, which JavaScript's numbers forget. */
import { randomUUID } from 'node:crypto'
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from '#contract/json'

/** A message that msgpack, or Python's writer of it, cannot hold; Flowcept would not publish it either. */
export class Unpublishable extends Error {
  override name = 'Unpublishable'
}

/** As deep as Python's msgpack goes. */
const deepest = 511
/** Stands before a float's text while it is a string; no document holds it by chance. */
const mark = `${randomUUID()}:`
const halfSurrogate = /\p{Cs}/u
const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g

/** @throws JsonSyntaxError for what is no JSON, Unpublishable for what is no message */
export function encodeLine(text: string): Uint8Array {
  // What is no JSON is told with its own places, not with those of the marked text.
  const isMarked = /\d(?:\.\d|[eE])/.test(text)
  if (isMarked) parseJson(text)
  const message = parseJson(isMarked ? text.replace(stringOrNumber, (token) => (token[0] !== '"' && /[.eE]/.test(token) ? `"${mark}${token}"` : token)) : text)
  if (!isJsonObject(message)) throw new Unpublishable('it is no object')
  return encode(message)
}

/** @throws Unpublishable */
export function encode(value: JsonValue): Uint8Array {
  const writer = new Writer()
  writer.value(value, 0)
  return writer.bytes()
}

export function encodeFloat(value: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(9)
  bytes[0] = 0xcb
  bytes.writeDoubleBE(value, 1)
  return bytes
}

class Writer {
  #buffer = Buffer.allocUnsafe(1024)
  #length = 0

  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length)
  }

  value(value: JsonValue, depth: number): void {
    if (value === null) this.#byte(0xc0)
    else if (typeof value === 'boolean') this.#byte(value ? 0xc3 : 0xc2)
    else if (typeof value === 'string') this.#markedOrText(value)
    else if (typeof value === 'bigint') this.#integer(value)
    else if (typeof value === 'number') this.#number(value)
    else this.#nested(value, depth + 1)
  }

  #markedOrText(text: string): void {
    if (text.startsWith(mark)) this.#float(Number(text.slice(mark.length)))
    else this.#text(text)
  }

  #number(value: number): void {
    if (Number.isInteger(value)) this.#integer(BigInt(value))
    else this.#float(value)
  }

  #nested(value: JsonValue[] | JsonObject, depth: number): void {
    if (depth > deepest) throw new Unpublishable(`it is deeper than the ${deepest} levels that msgpack holds`)
    if (Array.isArray(value)) {
      this.#head(value.length, { fix: 0x90, fixMost: 15, wide: [null, 0xdc, 0xdd] })
      for (const item of value) this.value(item, depth)
      return
    }
    const keys = Object.keys(value)
    this.#head(keys.length, { fix: 0x80, fixMost: 15, wide: [null, 0xde, 0xdf] })
    for (const key of keys) {
      this.#text(key)
      this.value(value[key] as JsonValue, depth)
    }
  }

  #text(text: string): void {
    if (halfSurrogate.test(text)) throw new Unpublishable('a text in it has half a surrogate pair')
    const length = Buffer.byteLength(text)
    this.#head(length, { fix: 0xa0, fixMost: 31, wide: [0xd9, 0xda, 0xdb] })
    this.#room(length)
    this.#length += this.#buffer.write(text, this.#length)
  }

  /** The smallest form, as Python's msgpack chooses it. */
  #integer(value: bigint): void {
    if (value >= 0n) {
      if (value < 0x80n) this.#byte(Number(value))
      else if (value < 0x1_00n) this.#bytes(0xcc, 1, () => this.#buffer.writeUInt8(Number(value), this.#length))
      else if (value < 0x1_0000n) this.#bytes(0xcd, 2, () => this.#buffer.writeUInt16BE(Number(value), this.#length))
      else if (value < 0x1_0000_0000n) this.#bytes(0xce, 4, () => this.#buffer.writeUInt32BE(Number(value), this.#length))
      else if (value < 1n << 64n) this.#bytes(0xcf, 8, () => this.#buffer.writeBigUInt64BE(value, this.#length))
      else throw new Unpublishable('an integer in it has more than 64 bits')
    } else if (value >= -32n) this.#byte(Number(value) & 0xff)
    else if (value >= -0x80n) this.#bytes(0xd0, 1, () => this.#buffer.writeInt8(Number(value), this.#length))
    else if (value >= -0x8000n) this.#bytes(0xd1, 2, () => this.#buffer.writeInt16BE(Number(value), this.#length))
    else if (value >= -0x8000_0000n) this.#bytes(0xd2, 4, () => this.#buffer.writeInt32BE(Number(value), this.#length))
    else if (value >= -(1n << 63n)) this.#bytes(0xd3, 8, () => this.#buffer.writeBigInt64BE(value, this.#length))
    else throw new Unpublishable('an integer in it has more than 64 bits')
  }

  #float(value: number): void {
    this.#bytes(0xcb, 8, () => this.#buffer.writeDoubleBE(value, this.#length))
  }

  /** @param wide the leading bytes for lengths of one, two and four bytes; null where there is no such form */
  #head(length: number, { fix, fixMost, wide }: { fix: number; fixMost: number; wide: [number | null, number, number] }): void {
    if (length <= fixMost) this.#byte(fix | length)
    else if (wide[0] !== null && length < 0x1_00) this.#bytes(wide[0], 1, () => this.#buffer.writeUInt8(length, this.#length))
    else if (length < 0x1_0000) this.#bytes(wide[1], 2, () => this.#buffer.writeUInt16BE(length, this.#length))
    else this.#bytes(wide[2], 4, () => this.#buffer.writeUInt32BE(length, this.#length))
  }

  #byte(byte: number): void {
    this.#room(1)
    this.#buffer[this.#length++] = byte
  }

  #bytes(lead: number, size: number, write: () => void): void {
    this.#room(1 + size)
    this.#buffer[this.#length++] = lead
    write()
    this.#length += size
  }

  #room(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#length + bytes, this.#buffer.length * 2))
    this.#buffer.copy(larger, 0, 0, this.#length)
    this.#buffer = larger
  }
}
