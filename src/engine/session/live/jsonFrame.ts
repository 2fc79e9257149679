/** A line of a buffer as the frame it was published in: text to msgpack without numbers in between, so that 1.0 stays a float and every digit stays. */

/** @throws RangeError for an integer that msgpack has no room for */
export function jsonFrame(text: string): Uint8Array {
  return new Transcoder(text).run()
}

const number = /-?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|Infinity)|NaN/y

/** Reads what has been read as JSON before: no mistakes are looked for. */
class Transcoder {
  private out = Buffer.allocUnsafe(1024)
  private length = 0
  private at = 0

  constructor(private readonly text: string) {}

  run(): Uint8Array {
    this.value()
    return new Uint8Array(this.out.subarray(0, this.length))
  }

  private value(): void {
    const c = this.next()
    if (c === '{') this.container(0x80, '}')
    else if (c === '[') this.container(0x90, ']')
    else if (c === '"') this.string()
    else if (this.word('null')) this.byte(0xc0)
    else if (this.word('true')) this.byte(0xc3)
    else if (this.word('false')) this.byte(0xc2)
    else this.number()
  }

  /** Its head has room for any count, and is made short at the end. */
  private container(short: number, end: string): void {
    this.at++
    const head = this.length
    this.reserve(5)
    this.length += 5
    let count = 0
    for (let c = this.next(); c !== end; c = this.next()) {
      if (c === ',') {
        this.at++
        continue
      }
      if (end === '}') {
        this.string()
        this.next()
        this.at++
      }
      this.value()
      count++
    }
    this.at++
    this.writeHead(head, short, count)
  }

  private writeHead(head: number, short: number, count: number): void {
    const size = count < 16 ? 1 : count < 65_536 ? 3 : 5
    this.out.copyWithin(head + size, head + 5, this.length)
    this.length -= 5 - size
    const wide = short === 0x80 ? 0xde : 0xdc
    if (size === 1) this.out[head] = short | count
    else if (size === 3) {
      this.out[head] = wide
      this.out.writeUInt16BE(count, head + 1)
    } else {
      this.out[head] = wide + 1
      this.out.writeUInt32BE(count, head + 1)
    }
  }

  private string(): void {
    this.next()
    const start = this.at
    let end = start + 1
    while (this.text[end] !== '"') end += this.text[end] === '\\' ? 2 : 1
    this.at = end + 1
    const bytes = Buffer.from(JSON.parse(this.text.slice(start, this.at)) as string)
    const { length } = bytes
    this.reserve(length + 5)
    if (length < 32) this.byte(0xa0 | length)
    else if (length < 256) {
      this.byte(0xd9)
      this.byte(length)
    } else {
      this.byte(0xdb)
      this.out.writeUInt32BE(length, this.length)
      this.length += 4
    }
    this.out.set(bytes, this.length)
    this.length += length
  }

  private number(): void {
    number.lastIndex = this.at
    const token = number.exec(this.text)?.[0] ?? '0'
    this.at += token.length
    this.reserve(9)
    if (/[.eEnN]/.test(token)) {
      this.byte(0xcb)
      this.out.writeDoubleBE(Number(token), this.length)
      this.length += 8
      return
    }
    const value = BigInt(token)
    if (value >= 0n && value < 128n) this.byte(Number(value))
    else if (value < 0n && value >= -32n) this.byte(Number(value) + 256)
    else if (value < 0n || value < 1n << 63n) {
      if (value < -(1n << 63n)) throw new RangeError(`An integer of ${token.length - 1} digits`)
      this.byte(0xd3)
      this.out.writeBigInt64BE(value, this.length)
      this.length += 8
    } else {
      if (value >= 1n << 64n) throw new RangeError(`An integer of ${token.length} digits`)
      this.byte(0xcf)
      this.out.writeBigUInt64BE(value, this.length)
      this.length += 8
    }
  }

  /** The next character that is no space. */
  private next(): string {
    while (/\s/.test(this.text[this.at] as string)) this.at++
    return this.text[this.at] as string
  }

  private word(word: string): boolean {
    if (!this.text.startsWith(word, this.at)) return false
    this.at += word.length
    return true
  }

  private byte(value: number): void {
    this.reserve(1)
    this.out[this.length++] = value
  }

  private reserve(more: number): void {
    if (this.length + more <= this.out.length) return
    const grown = Buffer.allocUnsafe(Math.max(this.out.length * 2, this.length + more))
    this.out.copy(grown, 0, 0, this.length)
    this.out = grown
  }
}
