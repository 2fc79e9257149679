/**
 * A msgpack message as the JSON line that Flowcept's buffer would hold of it, byte for byte as orjson writes it: straight from bytes to
 * bytes, since a decoder's JavaScript numbers no longer tell 1.0 from 1, and a column of floats must not become one of integers.
 */
import { isUtf8 } from 'node:buffer'
import { checkFrame } from '#engine/sources/queue/frameCheck'

/** A frame that is no message; the reason is a sentence. */
export class Undecodable extends Error {
  override name = 'Undecodable'
}

/** What JSON cannot hold, or a buffer leaves out: how many values of each. */
export type Changed = { nan: number; bytes: number; text: number; data: number }

const controlType = Buffer.from('flowcept_control')

export class FrameJson {
  /** Lines so far; valid until the next `add` or `take`. */
  private out = Buffer.allocUnsafe(1 << 16)
  length = 0
  changed: Changed = { nan: 0, bytes: 0, text: 0, data: 0 }
  private bytes: Buffer = Buffer.alloc(0)
  private at = 0
  private isControl = false

  /** Appends the line of one message. @throws Undecodable, and writes nothing of it */
  add(payload: Uint8Array): 'message' | 'control' {
    this.bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
    // Whole and well-formed from here on; and the same frames are refused here as where they are recorded.
    const check = checkFrame(this.bytes)
    if (check.found === 'problem') throw new Undecodable(check.problem)
    this.at = 0
    this.isControl = false
    this.message()
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
    const tag = this.bytes.readUInt8(this.at++)
    this.topLevel(tag === 0xde ? this.unsigned(2) : tag === 0xdf ? this.unsigned(4) : tag & 0x0f)
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
      this.value()
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

  private value(): void {
    const tag = this.bytes.readUInt8(this.at++)
    if (tag < 0x80) return this.integer(tag)
    if (tag >= 0xe0) return this.integer(tag - 256)
    if (tag < 0x90) return this.map(tag & 0x0f)
    if (tag < 0xa0) return this.list(tag & 0x0f)
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
        return this.list(this.unsigned(2))
      case 0xdd:
        return this.list(this.unsigned(4))
      case 0xde:
        return this.map(this.unsigned(2))
      case 0xdf:
        return this.map(this.unsigned(4))
      default:
        throw new Undecodable(`Byte 0x${tag.toString(16)} means nothing in msgpack.`)
    }
  }

  private map(count: number): void {
    this.ascii('{')
    for (let i = 0; i < count; i++) {
      if (i > 0) this.ascii(',')
      this.key()
      this.ascii(':')
      this.value()
    }
    this.ascii('}')
  }

  private list(count: number): void {
    this.ascii('[')
    for (let i = 0; i < count; i++) {
      if (i > 0) this.ascii(',')
      this.value()
    }
    this.ascii(']')
  }

  /** Keys that are no texts become what Python's `str` makes of them, as decodeFrame has it. */
  private key(): void {
    const { bytes } = this
    const tag = bytes.readUInt8(this.at)
    if ((tag >= 0xa0 && tag < 0xc0) || (tag >= 0xd9 && tag <= 0xdb)) return this.value()
    if (tag === 0xc0 || tag === 0xc2 || tag === 0xc3) {
      this.at++
      return this.ascii(tag === 0xc0 ? '"None"' : tag === 0xc2 ? '"False"' : '"True"')
    }
    if (tag >= 0xc4 && tag <= 0xc6) {
      this.at++
      const size = this.unsigned(1 << (tag - 0xc4))
      return this.ascii(JSON.stringify(bytesText(bytes.subarray(this.at, this.skip(size)))))
    }
    const { nan } = this.changed
    const start = this.length
    this.value()
    const text = this.out.toString('latin1', start, this.length)
    this.length = start
    this.changed.nan = nan
    this.ascii(JSON.stringify(text.startsWith('{') ? text.slice(text.indexOf(':') + 2, -2) : text))
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

  /** The only one that is let through is msgpack's own date. */
  private extension(size: number): void {
    this.at++
    const { at, bytes } = this
    const end = this.skip(size)
    this.changed.bytes++
    this.ascii(`{"$date":"${timestamp(bytes.subarray(at, end))}"}`)
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

  /** Returns where what is skipped ends. */
  private skip(size: number): number {
    this.at += size
    return this.at
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
  if (size >= 1e16 || size < 1e-5) return value.toExponential()
  const text = String(value)
  return Number.isInteger(value) ? `${text}.0` : text
}

const shortEscapes: Readonly<Record<number, string>> = { 8: '\\b', 9: '\\t', 10: '\\n', 12: '\\f', 13: '\\r', 34: '\\"', 92: '\\\\' }
const escapes: readonly string[] = Array.from({ length: 93 }, (_, c) => shortEscapes[c] ?? `\\u${c.toString(16).padStart(4, '0')}`)

/** `b'a\xff'`, as Python writes bytes. */
function bytesText(bytes: Buffer): string {
  const text = [...bytes].map((byte) => (byte >= 0x20 && byte < 0x7f && byte !== 0x5c && byte !== 0x27 ? String.fromCodePoint(byte) : `\\x${byte.toString(16).padStart(2, '0')}`))
  return `b'${text.join('')}'`
}

/** msgpack's own dates: 32, 64 or 96 bits of nanoseconds and seconds. */
function timestamp(bytes: Buffer): string {
  const [seconds, nanoseconds] = bytes.length === 4 ? [bytes.readUInt32BE(0), 0] : bytes.length === 8 ? [Number(bytes.readBigUInt64BE(0) & 0x3ffffffffn), Number(bytes.readBigUInt64BE(0) >> 34n)] : [Number(bytes.readBigInt64BE(4)), bytes.readUInt32BE(0)]
  const date = new Date(seconds * 1000 + Math.floor(nanoseconds / 1e6))
  return Number.isNaN(date.getTime()) ? `${seconds} s` : date.toISOString()
}
