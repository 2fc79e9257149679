/** A growing buffer of segment-file lines: digits and bytes put together without making strings. */

export class LineWriter {
  private bytes: Uint8Array = Buffer.allocUnsafe(1 << 20)
  length = 0

  text(ascii: string): void {
    this.reserve(ascii.length)
    const { bytes } = this
    let at = this.length
    for (let i = 0; i < ascii.length; i++) bytes[at++] = ascii.charCodeAt(i)
    this.length = at
  }

  utf8(text: string): void {
    this.reserve(text.length * 3)
    this.length += Buffer.from(this.bytes.buffer, this.bytes.byteOffset).write(text, this.length)
  }

  /** A whole number that is not negative, or −1. */
  integer(value: number): void {
    if (value < 0 || value > 0x7fffffff) {
      this.text(String(value))
      return
    }
    this.reserve(10)
    let length = 1
    for (let limit = 10; value >= limit; limit *= 10) length++
    let rest = value | 0
    for (let at = this.length + length - 1; at >= this.length; at--) {
      const tenth = (rest / 10) | 0
      this.bytes[at] = 48 + rest - tenth * 10
      rest = tenth
    }
    this.length += length
  }

  copy(source: Uint8Array, start: number, end: number): void {
    this.reserve(end - start)
    this.bytes.set(source.subarray(start, end), this.length)
    this.length += end - start
  }

  /** What has been written; valid until the next write. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.length)
  }

  clear(): void {
    this.length = 0
  }

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return
    const grown = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + more))
    grown.set(this.bytes.subarray(0, this.length))
    this.bytes = grown
  }
}
