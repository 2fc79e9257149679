/**
 * Reads one line's bytes once: is it strict JSON and an object, which keys in which order (as a hash), and of which kind is
 * every leaf. One loop over local variables: it has to keep up with the disk (some 300 MB/s).
 */
import { statuses } from '#contract/values'
import type { LeafKind } from '../table/shape.ts'

/** Kinds as bits, so that the kinds of a column join by `|`. */
export const kindBit = { null: 1, boolean: 2, integer: 4, long: 8, wide: 16, number: 32, text: 64, list: 128, dict: 256 } as const satisfies Record<LeafKind, number>

/** What ails a line as a whole. */
export type ScanResult = 'object' | 'not-json' | 'not-an-object' | 'two-objects' | 'truncated' | 'deep'

/** What a line's values make necessary: `minusZero` and `loneSurrogate` that DuckDB's JSON reader must not see it. */
export const lineFlag = { nanToken: 1, minusZero: 2, loneSurrogate: 4, oddStatus: 8 } as const

/** Nested deeper than this, a line is left to the slow lane. */
const deepest = 200

/** The kind of record follows from these top-level keys, so whether they are null makes another shape; so does the text of `type`. */
const coreKeys = ['type', 'task_id', 'activity_id', 'workflow_id', 'agent_id', 'object_id', 'name', 'environment_id', 'group_id', 'subtype', 'used', 'generated', 'finished', 'status']

export class Scanner {
  /** Kind bits of the leaves of the last line, in the order they stand in it; the first `leafCount` are meant. */
  kinds = new Uint16Array(1024)
  leafCount = 0
  /** Same keys in the same order, same dicts: same hash (53 bits). */
  hash = 0
  flags = 0
  /** Hashes of the texts under the id keys of the record (index: `kindNumber`), 0 where there is none. */
  readonly ids = new Int32Array(4)
  /** Where the last line stopped being JSON. */
  at = 0
  private readonly stack = new Uint8Array(deepest + 2)
  private readonly seed1: number
  private readonly seed2: number
  private readonly core = new Set<number>()
  private readonly typeKey: number
  private readonly statusKey: number
  private readonly idKeys: readonly number[]
  private readonly types = new Set(['task', 'workflow', 'agent', 'object', 'flowcept_control'].map(valueHash))
  private readonly statuses = new Set(statuses.map(valueHash))

  /** The seed keeps a file from being written so that its shapes collide. */
  constructor(seed = Math.floor(Math.random() * 2 ** 31)) {
    this.seed1 = seed | 1
    this.seed2 = Math.imul(seed, 0x5bd1e995) ^ 0x3c6ef372
    for (const key of coreKeys) this.core.add(this.keyHash(key))
    this.typeKey = this.keyHash('type')
    this.statusKey = this.keyHash('status')
    this.idKeys = ['task_id', 'workflow_id', 'agent_id', 'object_id'].map((key) => this.keyHash(key))
  }

  /** `bytes[end]` must be a line feed: it stops every inner loop. */
  scan(bytes: Uint8Array, start: number, end: number): ScanResult {
    const { idKeys, ids, stack } = this
    ids[0] = ids[1] = ids[2] = ids[3] = 0
    const seed1 = this.seed1
    const seed2 = this.seed2
    let kinds = this.kinds
    let leaves = 0
    let flags = 0
    let h1 = seed1
    let h2 = seed2
    let depth = 0
    /** Depth outside of the list being read, −1 outside of lists. */
    let listDepth = -1
    let coreKey = 0
    let i = start
    let c = bytes[i] as number
    this.flags = 0
    this.leafCount = 0
    while (c === 32 || c === 9 || c === 13) c = bytes[++i] as number
    if (c !== 123) return this.refuse(bytes, i, end)

    for (;;) {
      // A value begins at i.
      while (c === 32 || c === 9 || c === 13) c = bytes[++i] as number
      let kind = 0
      if (c === 34) {
        c = bytes[++i] as number
        let v = 0
        for (;;) {
          if (c === 34) break
          if (c === 92) {
            const next = escapeEnd(bytes, i)
            if (next < 0) return this.broken(bytes, i, end)
            if (next >= escapeFlag) {
              flags |= lineFlag.loneSurrogate
              i = next - escapeFlag
            } else i = next
          } else if (c < 32) return this.broken(bytes, i, end)
          else i++
          v = (Math.imul(v, 31) + c) | 0
          c = bytes[i] as number
        }
        c = bytes[++i] as number
        kind = kindBit.text
        if (depth === 1 && coreKey !== 0) {
          if (coreKey === this.typeKey) h1 = Math.imul(h1 ^ (this.types.has(v) ? v : 0x6f), 0x01000193)
          else if (coreKey === this.statusKey) {
            if (!this.statuses.has(v)) flags |= lineFlag.oddStatus
          } else if (coreKey === idKeys[0]) ids[0] = v
          else if (coreKey === idKeys[1]) ids[1] = v
          else if (coreKey === idKeys[2]) ids[2] = v
          else if (coreKey === idKeys[3]) ids[3] = v
        }
      } else if (c === 123) {
        if (depth >= deepest) return this.stop('deep', i)
        stack[++depth] = 1
        c = bytes[++i] as number
        while (c === 32 || c === 9 || c === 13) c = bytes[++i] as number
        if (listDepth < 0) h1 = (h1 << 5) ^ (h1 >>> 27) ^ 0x7b
        if (c === 125) {
          c = bytes[++i] as number
          depth--
          if (depth === 0) break
          kind = kindBit.dict
        } else if (c !== 34) return this.broken(bytes, i, end)
      } else if (c === 91) {
        if (depth >= deepest) return this.stop('deep', i)
        if (listDepth < 0) listDepth = depth
        stack[++depth] = 0
        c = bytes[++i] as number
        while (c === 32 || c === 9 || c === 13) c = bytes[++i] as number
        if (c !== 93) continue
        c = bytes[++i] as number
        depth--
        kind = kindBit.list
        if (listDepth === depth) listDepth = -1
      } else if ((c >= 48 && c <= 57) || c === 45) {
        const first = i
        if (c === 45) c = bytes[++i] as number
        if (c === 48) c = bytes[++i] as number
        else if (c >= 49 && c <= 57) do c = bytes[++i] as number; while (c >= 48 && c <= 57)
        else if (c === 73 && isWord(bytes, i, infinity)) {
          i += infinity.length
          c = bytes[i] as number
          kind = kindBit.number
          flags |= lineFlag.nanToken
        } else return this.broken(bytes, i, end)
        if (kind === 0) {
          kind = i - first < 16 ? kindBit.integer : 0
          const digitsEnd = i
          if (c === 46) {
            c = bytes[++i] as number
            if (c < 48 || c > 57) return this.broken(bytes, i, end)
            do c = bytes[++i] as number; while (c >= 48 && c <= 57)
            kind = kindBit.number
          }
          if (c === 101 || c === 69) {
            c = bytes[++i] as number
            if (c === 43 || c === 45) c = bytes[++i] as number
            if (c < 48 || c > 57) return this.broken(bytes, i, end)
            do c = bytes[++i] as number; while (c >= 48 && c <= 57)
            kind = kindBit.number
          }
          if (kind === 0) kind = largeIntegerKind(bytes, first, digitsEnd)
          else if (kind === kindBit.integer && bytes[first] === 45 && bytes[first + 1] === 48) {
            kind = kindBit.number
            flags |= lineFlag.minusZero
          }
        }
      } else if (c === 110 && isWord(bytes, i, nullWord)) {
        kind = kindBit.null
        c = bytes[(i += 4)] as number
      } else if (c === 116 && isWord(bytes, i, trueWord)) {
        kind = kindBit.boolean
        c = bytes[(i += 4)] as number
      } else if (c === 102 && isWord(bytes, i, falseWord)) {
        kind = kindBit.boolean
        c = bytes[(i += 5)] as number
      } else if (c === 78 && isWord(bytes, i, nanWord)) {
        kind = kindBit.number
        flags |= lineFlag.nanToken
        c = bytes[(i += 3)] as number
      } else if (c === 73 && isWord(bytes, i, infinity)) {
        kind = kindBit.number
        flags |= lineFlag.nanToken
        c = bytes[(i += 8)] as number
      } else return this.broken(bytes, i, end)

      // After a value (kind ≠ 0), or behind a dict's opening brace (kind = 0).
      if (kind !== 0) {
        if (listDepth < 0) {
          if (leaves === kinds.length) kinds = this.growKinds()
          kinds[leaves++] = kind
          if (kind === kindBit.dict) h1 = Math.imul(h1 ^ 0x64, 0x01000193)
          if (coreKey !== 0 && depth === 1) h2 = Math.imul(h2 ^ (kind === kindBit.null ? 0x6e : kind === kindBit.text ? 0x74 : 0x6f), 0x01000193)
        }
        let done = false
        for (;;) {
          while (c === 32 || c === 9 || c === 13) c = bytes[++i] as number
          if (c === 44) {
            c = bytes[++i] as number
            break
          }
          if (c === 125) {
            if (stack[depth] !== 1) return this.broken(bytes, i, end)
            depth--
            c = bytes[++i] as number
            if (listDepth < 0) h1 = (h1 << 7) ^ (h1 >>> 25) ^ 0x7d
            if (depth === 0) {
              done = true
              break
            }
          } else if (c === 93) {
            if (stack[depth] !== 0) return this.broken(bytes, i, end)
            depth--
            c = bytes[++i] as number
            if (listDepth === depth) {
              listDepth = -1
              if (leaves === kinds.length) kinds = this.growKinds()
              kinds[leaves++] = kindBit.list
              if (coreKey !== 0 && depth === 1) h2 = Math.imul(h2 ^ 0x6c, 0x01000193)
            }
          } else return this.broken(bytes, i, end)
        }
        if (done) break
        if (stack[depth] === 0) continue
        while (c === 32 || c === 9 || c === 13) c = bytes[++i] as number
        if (c !== 34) return this.broken(bytes, i, end)
      }

      // A key begins at i.
      let k1 = seed1
      let k2 = seed2
      c = bytes[++i] as number
      for (;;) {
        if (c === 34) break
        if (c === 92) {
          const from = i
          const next = escapeEnd(bytes, i)
          if (next < 0) return this.broken(bytes, i, end)
          if (next >= escapeFlag) {
            flags |= lineFlag.loneSurrogate
            i = next - escapeFlag
          } else i = next
          for (let at = from; at < i; at++) {
            k1 = Math.imul(k1 ^ (bytes[at] as number), 0x01000193)
            k2 = (Math.imul(k2, 0x01000193) ^ (bytes[at] as number)) | 0
          }
        } else if (c < 32) return this.broken(bytes, i, end)
        else {
          k1 = Math.imul(k1 ^ c, 0x01000193)
          k2 = (Math.imul(k2, 0x85ebca6b) ^ c) | 0
          i++
        }
        c = bytes[i] as number
      }
      c = bytes[++i] as number
      while (c === 32 || c === 9 || c === 13) c = bytes[++i] as number
      if (c !== 58) return this.broken(bytes, i, end)
      c = bytes[++i] as number
      if (listDepth < 0) {
        h1 = Math.imul(h1 ^ k1, 0x9e3779b1)
        h1 ^= h1 >>> 15
        h2 = Math.imul(h2 ^ k2, 0x85ebca77)
        h2 ^= h2 >>> 13
        if (depth === 1) coreKey = this.core.has(k1) ? k1 : 0
      }
    }

    while (c === 32 || c === 9 || c === 13) c = bytes[++i] as number
    if (i < end) return this.stop(c === 123 ? 'two-objects' : 'not-json', i)
    this.flags = flags
    this.leafCount = leaves
    this.hash = (h1 >>> 0) * 2 ** 21 + (h2 >>> 11)
    return 'object'
  }

  private stop(result: ScanResult, at: number): ScanResult {
    this.at = at
    return result
  }

  /** Right up to its end, so it has been cut off, or wrong before. */
  private broken(bytes: Uint8Array, at: number, end: number): ScanResult {
    const rest = end - at > 12 ? null : Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.max(0, end - at)).toString('latin1')
    return this.stop(rest !== null && (words.some((word) => word.startsWith(rest)) || cutEscape.test(rest)) ? 'truncated' : 'not-json', at)
  }

  private refuse(bytes: Uint8Array, at: number, end: number): ScanResult {
    this.at = at
    const rest = Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.max(0, end - at)).toString()
    try {
      JSON.parse(rest.replace(/^(-?Infinity|NaN)\s*$/, '0'))
      return 'not-an-object'
    } catch (error) {
      if (error instanceof SyntaxError) return 'not-json'
      throw error
    }
  }

  private keyHash(key: string): number {
    let hash = this.seed1
    for (const byte of Buffer.from(key)) hash = Math.imul(hash ^ byte, 0x01000193)
    return hash
  }

  private growKinds(): Uint16Array<ArrayBuffer> {
    const grown = new Uint16Array(this.kinds.length * 2)
    grown.set(this.kinds)
    this.kinds = grown
    return this.kinds
  }
}

const words = ['null', 'true', 'false', 'NaN', 'Infinity', '-Infinity']
/** `{"a":"\\u00` */
const cutEscape = /^\\(?:u[\da-fA-F]{0,3})?$/

const word = (text: string): Uint8Array => Buffer.from(text)
const nullWord = word('null')
const trueWord = word('true')
const falseWord = word('false')
const nanWord = word('NaN')
const infinity = word('Infinity')

/** Of the bytes of a short ASCII text, as the loop reads them. */
function valueHash(text: string): number {
  let hash = 0
  for (const byte of Buffer.from(text)) hash = (Math.imul(hash, 31) + byte) | 0
  return hash
}

function isWord(bytes: Uint8Array, at: number, expected: Uint8Array): boolean {
  for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return false
  return true
}

/** Added to the returned place when the escape is half of a surrogate pair without its other half. */
const escapeFlag = 2 ** 40

/** The place behind the escape at `at`, or −1 if it is none. A surrogate pair counts as one. */
function escapeEnd(bytes: Uint8Array, at: number): number {
  const c = bytes[at + 1] as number
  if (c === 34 || c === 92 || c === 47 || c === 98 || c === 102 || c === 110 || c === 114 || c === 116) return at + 2
  if (c !== 117) return -1
  const unit = hexUnit(bytes, at + 2)
  if (unit < 0) return -1
  if (unit < 0xd800 || unit > 0xdfff) return at + 6
  if (unit >= 0xdc00 || bytes[at + 6] !== 92 || bytes[at + 7] !== 117) return at + 6 + escapeFlag
  const low = hexUnit(bytes, at + 8)
  if (low < 0) return -1
  return low >= 0xdc00 && low <= 0xdfff ? at + 12 : at + 6 + escapeFlag
}

function hexUnit(bytes: Uint8Array, at: number): number {
  let unit = 0
  for (let i = at; i < at + 4; i++) {
    const c = bytes[i] as number
    const digit = c >= 48 && c <= 57 ? c - 48 : c >= 97 && c <= 102 ? c - 87 : c >= 65 && c <= 70 ? c - 55 : -1
    if (digit < 0) return -1
    unit = unit * 16 + digit
  }
  return unit
}

function largeIntegerKind(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > 20) return kindBit.wide
  let text = ''
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i] as number)
  const value = BigInt(text)
  if (value >= -(2n ** 53n) && value <= 2n ** 53n) return kindBit.integer
  return value >= -(2n ** 63n) && value < 2n ** 63n ? kindBit.long : kindBit.wide
}
