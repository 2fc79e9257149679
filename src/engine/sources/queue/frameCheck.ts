/** Walks over the bytes of a frame before anything is made of them: whole, one map, nothing in it that would decode to something else. */

/** `odd-keys`: keys that are no text, or that no plain object can hold as they are. */
export type FrameCheck = { readonly found: 'plain' | 'odd-keys' } | { readonly found: 'problem'; readonly problem: string; readonly byte: number }

/** As deep as Python's msgpack reads. */
const deepest = 1024
const timestampType = 0xff

/** Lengths of the types that have a fixed one, by first byte minus 0xc0; 0 for the others. */
const fixedBytes = [1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 5, 9, 2, 3, 5, 9, 2, 3, 5, 9, 3, 4, 6, 10, 18, 0, 0, 0, 0, 0, 0, 0]

export function checkFrame(bytes: Buffer): FrameCheck {
  const walk = new Walk(bytes)
  return walk.run() ?? { found: walk.hasOddKeys ? 'odd-keys' : 'plain' }
}

class Walk {
  hasOddKeys = false
  private place = 0
  /** Of each list or map that is open: items to come, whether it is a map, where the present key lies. */
  private readonly left: number[] = []
  private readonly isMap: boolean[] = []
  private readonly keyFrom: number[] = []
  private readonly keyTo: number[] = []

  constructor(private readonly bytes: Buffer) {}

  run(): FrameCheck | null {
    const { bytes, left } = this
    const first = bytes[0]
    if (first === undefined) return { found: 'problem', problem: 'The frame is empty.', byte: 0 }
    if (!isMapByte(first)) return { found: 'problem', problem: `The frame is ${kindOf(first)}, not a map of msgpack.`, byte: 0 }
    do {
      const depth = left.length - 1
      const isKey = depth >= 0 && this.isMap[depth] === true && (left[depth] ?? 0) % 2 === 0
      if (depth >= 0) left[depth] = (left[depth] ?? 0) - 1
      const start = this.place
      const problem = this.item(isKey)
      if (problem !== null) return { found: 'problem', problem: `${problem}, ${this.where(depth, isKey)} (byte ${start}).`, byte: start }
      if (isKey) this.key(depth, start)
      while (left.length > 0 && left.at(-1) === 0) this.leave()
    } while (left.length > 0)
    const rest = bytes.length - this.place
    return rest === 0 ? null : { found: 'problem', problem: `${rest} bytes follow the end of the map (byte ${this.place}).`, byte: this.place }
  }

  private item(isKey: boolean): string | null {
    const { bytes, place } = this
    const first = bytes[place]
    if (first === undefined) return 'The frame ends too early'
    if (first < 0x80 || first >= 0xe0) return this.skip(1)
    if (first < 0xa0 || first >= 0xdc) return isKey ? `A key is ${kindOf(first)}` : this.enter(first)
    if (first < 0xc0) return this.skip(1 + (first & 0x1f))
    const fixed = fixedBytes[first - 0xc0] ?? 0
    if (fixed > 0 && first < 0xd4) return this.skip(fixed)
    if (first === 0xc1) return 'A byte 0xc1, which msgpack does not have'
    if ((first >= 0xc7 && first <= 0xc9) || (first >= 0xd4 && first <= 0xd8)) return this.extension(first)
    return this.sized(first)
  }

  /** Texts and bytes with their length before them. */
  private sized(first: number): string | null {
    const width = first === 0xc4 || first === 0xd9 ? 1 : first === 0xc5 || first === 0xda ? 2 : 4
    const length = this.number(this.place + 1, width)
    return length === null ? 'The frame ends too early' : this.skip(1 + width + length)
  }

  private extension(first: number): string | null {
    const width = first < 0xd4 ? 1 << (first - 0xc7) : 0
    const length = width === 0 ? 1 << (first - 0xd4) : this.number(this.place + 1, width)
    const type = this.bytes[this.place + 1 + width]
    if (length === null || type === undefined) return 'The frame ends too early'
    if (type !== timestampType || ![4, 8, 12].includes(length)) return `A value of extension type ${type > 127 ? type - 256 : type}, which is not known`
    return this.skip(2 + width + length)
  }

  private enter(first: number): string | null {
    const isMap = isMapByte(first)
    const width = first < 0xa0 ? 0 : first === 0xdc || first === 0xde ? 2 : 4
    const length = width === 0 ? first & 0x0f : this.number(this.place + 1, width)
    if (length === null) return 'The frame ends too early'
    if (this.left.length >= deepest) return `More than ${deepest} lists and maps in each other`
    this.left.push(isMap ? 2 * length : length)
    this.isMap.push(isMap)
    this.keyFrom.push(0)
    this.keyTo.push(0)
    this.place += 1 + width
    return null
  }

  private leave(): void {
    this.left.pop()
    this.isMap.pop()
    this.keyFrom.pop()
    this.keyTo.pop()
  }

  private key(depth: number, start: number): void {
    const first = this.bytes[start] ?? 0
    const isText = (first >= 0xa0 && first < 0xc0) || (first >= 0xd9 && first <= 0xdb)
    this.keyFrom[depth] = start
    this.keyTo[depth] = this.place
    // 9 letters: `__proto__`, which msgpackr renames.
    if (!isText || (first === 0xa9 && this.bytes.toString('latin1', start + 1, this.place) === '__proto__')) this.hasOddKeys = true
  }

  private skip(count: number): string | null {
    if (this.place + count > this.bytes.length) return 'The frame ends too early'
    this.place += count
    return null
  }

  private number(start: number, width: number): number | null {
    return start + width > this.bytes.length ? null : this.bytes.readUIntBE(start, width)
  }

  /** The keys that lead to the present item: `in used.lr`. */
  private where(depth: number, isKey: boolean): string {
    const path: string[] = []
    for (let level = 0; level <= depth - (isKey ? 1 : 0); level++) {
      if (this.isMap[level] === true) path.push(textOf(this.bytes.subarray(this.keyFrom[level] ?? 0, this.keyTo[level] ?? 0)))
      if (path.length === 8) break
    }
    return path.length === 0 ? 'at the top' : `in ${path.join('.').slice(0, 200)}`
  }
}

function isMapByte(first: number): boolean {
  return (first >= 0x80 && first < 0x90) || first === 0xde || first === 0xdf
}

function kindOf(first: number): string {
  if (first < 0x80 || first >= 0xe0 || (first >= 0xcc && first <= 0xd3)) return 'a whole number'
  if (isMapByte(first)) return 'a map'
  if (first < 0xa0 || first === 0xdc || first === 0xdd) return 'a list'
  if (first < 0xc0 || (first >= 0xd9 && first <= 0xdb)) return 'a text'
  if (first === 0xc0) return 'nothing (nil)'
  if (first === 0xc2 || first === 0xc3) return 'true or false'
  if (first >= 0xc4 && first <= 0xc6) return 'bytes'
  return first === 0xca || first === 0xcb ? 'a number' : 'of no type that msgpack has'
}

/** A key as it stands there, its header cut off. */
function textOf(key: Buffer): string {
  const first = key[0] ?? 0
  const headerBytes = first >= 0xd9 && first <= 0xdb ? 1 + (1 << (first - 0xd9)) : 1
  return key.subarray(headerBytes).toString().slice(0, 60)
}
