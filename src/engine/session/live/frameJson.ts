/**
 * A msgpack message as the JSON line that Flowcept's buffer would hold of it, byte for byte as orjson writes it: straight from bytes to
 * bytes, since a decoder's JavaScript numbers no longer tell 1.0 from 1, and a column of floats must not become one of integers.
 */
import { isUtf8 } from 'node:buffer'

/** A frame that is no message; the reason is a sentence. */
export class Undecodable extends Error {
  override name = 'Undecodable'
}

/** What JSON cannot hold, or a buffer leaves out: how many values of each. */
export type Changed = { nan: number; bytes: number; text: number; data: number }

/** Beyond this a frame is an attack, not a message: others of its readers fail much earlier. */
const deepest = 512
const controlType = Buffer.from('flowcept_control')

export class FrameJson {
  /** Lines so far; valid until the next `add` or `take`. */
  private out = Buffer.allocUnsafe(1 << 16)
  length = 0
  changed: Changed = { nan: 0, bytes: 0, text: 0, data: 0 }
  private bytes: Buffer = Buffer.alloc(0)
  private at = 0
  private isControl = false

  /** Appends the line of one message. @throws Undecodable, and leaves nothing of it */
  add(payload: Uint8Array): 'message' | 'control' {
    const before = this.length
    const changedBefore = { ...this.changed }
    this.bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
    this.at = 0
    this.isControl = false
    try {
      this.message()
      if (this.at < payload.length) throw new Undecodable(`Behind the message stand ${(payload.length - this.at).toLocaleString('en')} more bytes.`)
    } catch (error) {
      this.length = before
      this.changed = changedBefore
      if (error instanceof Undecodable) throw error
      if (error instanceof RangeError) throw new Undecodable('The message is cut off.', { cause: error })
      throw error
    }
    this.reserve(1)
    this.out[this.length++] = 10
    return this.isControl ? 'control' : 'message'
  }

  /** The lines since the last time, owned by whoever takes them. */
  take(): Uint8Array {
    return this.takeUpTo(this.length)
  }

  /** As `take`, but lines from there on stay. */
  takeUpTo(length: number): Uint8Array {
    const lines = Buffer.allocUnsafeSlow(length)
    this.out.copy(lines, 0, 0, length)
    this.out.copyWithin(0, length, this.length)
    this.length -= length
    return lines
  }

  takeChanged(): Changed {
    const taken = this.changed
    this.changed = { nan: 0, bytes: 0, text: 0, data: 0 }
    return taken
  }

  private message(): void {
    const { bytes } = this
    const tag = bytes.readUInt8(this.at++)
    if (tag >= 0x80 && tag <= 0x8f) this.topLevel(tag & 0x0f)
    else if (tag === 0xde) this.topLevel(this.unsigned(2))
    else if (tag === 0xdf) this.topLevel(this.unsigned(4))
    else throw new Undecodable(`A message is a msgpack map; this begins with byte 0x${tag.toString(16).padStart(2, '0')}.`)
  }

  private topLevel(count: number): void {
    this.ascii('{')
    let isFirst = true
    for (let i = 0; i < count; i++) {
      const start = this.length
      const { nan, bytes, text } = this.changed
      if (!isFirst) this.ascii(',')
      const keyAt = this.length
      this.key()
      const isData = this.holds('"data"', keyAt)
      const isType = this.holds('"type"', keyAt)
      this.ascii(':')
      const valueAt = this.length
      this.value(1)
      if (isType) this.isControl = this.length - valueAt === controlType.length + 2 && this.out.subarray(valueAt + 1, this.length - 1).equals(controlType)
      if (isData) {
        this.length = start
        this.changed = { nan, bytes, text, data: this.changed.data + 1 }
      } else {
        isFirst = false
      }
    }
    this.ascii('}')
  }

  private holds(text: string, from: number): boolean {
    return this.length - from === text.length && this.out.toString('latin1', from, this.length) === text
  }

  private value(depth: number): void {
    if (depth > deepest) throw new Undecodable(`It is nested deeper than ${deepest} levels.`)
    const tag = this.bytes.readUInt8(this.at++)
    if (tag < 0x80) return this.integer(tag)
    if (tag >= 0xe0) return this.integer(tag - 256)
    if (tag < 0x90) return this.map(tag & 0x0f, depth)
    if (tag < 0xa0) return this.list(tag & 0x0f, depth)
    if (tag < 0xc0) return this.text(tag & 0x1f)
    switch (tag) {
      case 0xc0:
        return this.ascii('null')
      case 0xc2:
        return this.ascii('false')
      case 0xc3:
        return this.ascii('true')
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.binary(this.unsigned(1 << (tag - 0xc4)))
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.extension(this.unsigned(1 << (tag - 0xc7)))
      case 0xca:
        this.at += 4
        return this.float(this.bytes.readFloatBE(this.at - 4))
      case 0xcb:
        this.at += 8
        return this.float(this.bytes.readDoubleBE(this.at - 8))
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.integer(this.unsigned(1 << (tag - 0xcc)))
      case 0xcf:
        this.at += 8
        return this.integer(this.bytes.readBigUInt64BE(this.at - 8))
      case 0xd0:
      case 0xd1:
      case 0xd2: {
        const size = 1 << (tag - 0xd0)
        this.at += size
        return this.integer(this.bytes.readIntBE(this.at - size, size))
      }
      case 0xd3:
        this.at += 8
        return this.integer(this.bytes.readBigInt64BE(this.at - 8))
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.extension(1 << (tag - 0xd4))
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.text(this.unsigned(1 << (tag - 0xd9)))
      case 0xdc:
        return this.list(this.unsigned(2), depth)
      case 0xdd:
        return this.list(this.unsigned(4), depth)
      case 0xde:
        return this.map(this.unsigned(2), depth)
      case 0xdf:
        return this.map(this.unsigned(4), depth)
      default:
        throw new Undecodable(`Byte 0x${tag.toString(16)} means nothing in msgpack.`)
    }
  }

  private map(count: number, depth: number): void {
    this.ascii('{')
    for (let i = 0; i < count; i++) {
      if (i > 0) this.ascii(',')
      this.key()
      this.ascii(':')
      this.value(depth + 1)
    }
    this.ascii('}')
  }

  private list(count: number, depth: number): void {
    this.ascii('[')
    for (let i = 0; i < count; i++) {
      if (i > 0) this.ascii(',')
      this.value(depth + 1)
    }
    this.ascii(']')
  }

  /** Keys that are no texts become their text, as in any JSON. */
  private key(): void {
    const tag = this.bytes.readUInt8(this.at)
    const isText = (tag >= 0xa0 && tag < 0xc0) || (tag >= 0xd9 && tag <= 0xdb)
    if (isText) return this.value(1)
    if (tag >= 0xc4 && tag <= 0xc6) {
      this.at++
      return this.text(this.unsigned(1 << (tag - 0xc4)))
    }
    const isScalar = tag < 0x80 || tag >= 0xe0 || tag === 0xc0 || tag === 0xc2 || tag === 0xc3 || (tag >= 0xca && tag <= 0xd3)
    if (!isScalar) throw new Undecodable('A dict has a key that is a list, a dict or no data.')
    this.ascii('"')
    this.value(1)
    this.ascii('"')
  }

  private text(size: number): void {
    const { at, bytes } = this
    const end = this.skip(size)
    // A control character takes six bytes; the quotation marks two.
    this.reserve(size * 6 + 2)
    const { out } = this
    let to = this.length
    out[to++] = 34
    let isAscii = true
    for (let i = at; i < end; i++) {
      const c = bytes[i] as number
      if (c >= 0x80) isAscii = false
      if (c >= 0x20 && c !== 34 && c !== 92) {
        out[to++] = c
        continue
      }
      const escape = escapes[c] as string
      for (let j = 0; j < escape.length; j++) out[to++] = escape.charCodeAt(j)
    }
    if (!isAscii && !isUtf8(bytes.subarray(at, end))) return this.damagedText(at, end)
    out[to++] = 34
    this.length = to
  }

  private damagedText(at: number, end: number): void {
    this.changed.text++
    const text = JSON.stringify(this.bytes.toString('utf8', at, end))
    this.reserve(text.length * 3)
    this.length += this.out.write(text, this.length)
  }

  private binary(size: number): void {
    const { at } = this
    const end = this.skip(size)
    this.changed.bytes++
    this.ascii(`{"$binary":{"base64":"${this.bytes.toString('base64', at, end)}","subType":"00"}}`)
  }

  private extension(size: number): void {
    const type = this.bytes.readInt8(this.at++)
    const { at, bytes } = this
    const end = this.skip(size)
    this.changed.bytes++
    if (type === -1 && (size === 4 || size === 8 || size === 12)) return this.ascii(`{"$date":"${timestamp(bytes.subarray(at, end))}"}`)
    this.ascii(`{"$binary":{"base64":"${bytes.toString('base64', at, end)}","subType":"80"}}`)
  }

  private integer(value: number | bigint): void {
    this.ascii(String(value))
  }

  private float(value: number): void {
    if (!Number.isFinite(value)) {
      this.changed.nan++
      return this.ascii('null')
    }
    this.ascii(floatText(value))
  }

  private unsigned(size: number): number {
    this.at += size
    return this.bytes.readUIntBE(this.at - size, size)
  }

  private skip(size: number): number {
    const end = this.at + size
    if (end > this.bytes.length) throw new RangeError('cut off')
    this.at = end
    return end
  }

  private ascii(text: string): void {
    this.reserve(text.length)
    const { out } = this
    let to = this.length
    for (let i = 0; i < text.length; i++) out[to++] = text.charCodeAt(i)
    this.length = to
  }

  private reserve(more: number): void {
    if (this.length + more <= this.out.length) return
    const grown = Buffer.allocUnsafe(Math.max(this.out.length * 2, this.length + more))
    this.out.copy(grown, 0, 0, this.length)
    this.out = grown
  }
}

/** As orjson writes a float: shortest, always with a point or an exponent. */
export function floatText(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const size = Math.abs(value)
  if (size >= 1e16 || size < 1e-5) return value.toExponential().replace('e+', 'e')
  const text = String(value)
  return Number.isInteger(value) ? `${text}.0` : text
}

const shortEscapes: Readonly<Record<number, string>> = { 8: '\\b', 9: '\\t', 10: '\\n', 12: '\\f', 13: '\\r', 34: '\\"', 92: '\\\\' }
const escapes: readonly string[] = Array.from({ length: 93 }, (_, c) => shortEscapes[c] ?? `\\u${c.toString(16).padStart(4, '0')}`)

/** msgpack's own dates: 32, 64 or 96 bits of nanoseconds and seconds. */
function timestamp(bytes: Buffer): string {
  const [seconds, nanoseconds] = bytes.length === 4 ? [bytes.readUInt32BE(0), 0] : bytes.length === 8 ? [Number(bytes.readBigUInt64BE(0) & 0x3ffffffffn), Number(bytes.readBigUInt64BE(0) >> 34n)] : [Number(bytes.readBigInt64BE(4)), bytes.readUInt32BE(0)]
  const date = new Date(seconds * 1000 + Math.floor(nanoseconds / 1e6))
  return Number.isNaN(date.getTime()) ? `${seconds} s` : date.toISOString()
}
