/** A frame as it came from a queue → the message in it, as Python's msgpack would have it; or a sentence on why there is none. */
import { Unpackr } from 'msgpackr'
import { checkFrame } from './frameCheck.ts'

/**
 * Integers beyond 2^53 are bigints, bytes Buffers (views of the frame), timestamps Dates; NaN and the infinities stay. Keys that are no
 * text become what Python's `str` makes of them. `problem` says what is wrong and where, `byte` is that place.
 */
export type DecodedFrame = { readonly ok: true; readonly message: Record<string, unknown> } | { readonly ok: false; readonly problem: string; readonly byte: number }

// `auto` makes bigints of those only that no number holds; the package's types do not name it.
const options = { useRecords: false, int64AsType: 'auto' as 'bigint' }
const intoObjects = new Unpackr({ ...options, mapsAsObjects: true })
const intoMaps = new Unpackr({ ...options, mapsAsObjects: false })

export function decodeFrame(payload: Uint8Array): DecodedFrame {
  const bytes = Buffer.isBuffer(payload) ? payload : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
  // msgpackr gives types of its own to extensions, and remembers some of them for the frames that follow: what is checked has none.
  const check = checkFrame(bytes)
  if (check.found === 'problem') return { ok: false, problem: check.problem, byte: check.byte }
  const message: unknown = check.found === 'plain' ? intoObjects.unpack(bytes) : plain(intoMaps.unpack(bytes))
  return { ok: true, message: message as Record<string, unknown> }
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (!(value instanceof Map)) return value
  const object: Record<string, unknown> = {}
  for (const [key, inner] of value) {
    // Defined, not assigned: `__proto__` is a key like any other.
    Object.defineProperty(object, keyText(key), { value: plain(inner), enumerable: true, configurable: true, writable: true })
  }
  return object
}

function keyText(key: unknown): string {
  if (key === null) return 'None'
  if (typeof key === 'boolean') return key ? 'True' : 'False'
  if (Buffer.isBuffer(key)) return bytesText(key)
  return key instanceof Date ? key.toISOString() : String(key)
}

/** `b'a\xff'` */
function bytesText(bytes: Buffer): string {
  const text = [...bytes].map((byte) => (byte >= 0x20 && byte < 0x7f && byte !== 0x5c && byte !== 0x27 ? String.fromCodePoint(byte) : `\\x${byte.toString(16).padStart(2, '0')}`))
  return `b'${text.join('')}'`
}
