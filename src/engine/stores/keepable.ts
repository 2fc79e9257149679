/** Makes values that no JSON text can hold into ones that it can, and says which: bytes, dates, and what is no data at all. */
import { setField, type JsonObject, type JsonValue } from '#contract/json'

export type KeepableProblem = { readonly field: string; readonly reason: string; readonly effect: 'left-out' | 'changed' }
export type KeepableLimits = {
  readonly maxDepth: number
  readonly maxDigits: number
  /** The store makes bytes and dates of what they become here. */
  readonly keepsBytes?: boolean
}

type Open = { readonly source: object; readonly copy: JsonObject | JsonValue[]; readonly path: readonly string[] }

/**
 * A message from a decoder can hold more than its type says (bytes are Buffers). Returns the same object where all is well, else a copy:
 * bytes become `{"$binary": {"base64", "subType"}}` and dates `{"$date"}` as in Mongo's extended JSON, and what cannot be kept is left out.
 */
export function keepable(document: JsonObject, limits: KeepableLimits): { document: JsonObject; problems: KeepableProblem[] } {
  if (isClean(document, limits)) return { document, problems: [] }
  const problems: KeepableProblem[] = []
  const root: JsonObject = {}
  const open: Open[] = [{ source: document, copy: root, path: [] }]
  for (let next = open.pop(); next; next = open.pop()) {
    const { source, copy, path } = next
    for (const [key, value] of Object.entries(source) as [string, unknown][]) {
      const at = [...path, key]
      const kept = keepOne(value, at, limits, problems)
      if (kept === undefined) {
        // A list keeps its places.
        if (Array.isArray(copy)) copy.push(null)
        continue
      }
      if (kept.inner) open.push({ source: value as object, copy: kept.inner, path: at })
      if (Array.isArray(copy)) copy.push(kept.value)
      else setField(copy, key, kept.value)
    }
  }
  return { document: root, problems }
}

type Kept = { readonly value: JsonValue; readonly inner?: JsonObject | JsonValue[] }

function keepOne(value: unknown, path: readonly string[], limits: KeepableLimits, problems: KeepableProblem[]): Kept | undefined {
  const problem = (reason: string, effect: KeepableProblem['effect']): void => void problems.push({ field: path.join('.'), reason, effect })
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') return { value }
  if (typeof value === 'bigint') {
    if (isShort(value, limits)) return { value }
    problem(`It is an integer of more than ${limits.maxDigits.toLocaleString('en')} digits, which other readers refuse.`, 'left-out')
    return undefined
  }
  if (value instanceof Uint8Array) {
    if (!limits.keepsBytes) problem(`It is ${value.length.toLocaleString('en')} bytes, which this store keeps as base64 text.`, 'changed')
    return { value: binary(value) }
  }
  if (value instanceof Date && Number.isFinite(value.getTime())) {
    if (!limits.keepsBytes) problem('It is a date, which this store keeps as text.', 'changed')
    return { value: { $date: value.toISOString() } }
  }
  if (!isContainer(value)) {
    problem(`It is no data that can be stored (${value === undefined ? 'undefined' : Object.prototype.toString.call(value).slice(8, -1)}).`, 'left-out')
    return undefined
  }
  if (path.length >= limits.maxDepth) {
    problem(`It is nested deeper than ${limits.maxDepth} levels, which other readers refuse.`, 'left-out')
    return undefined
  }
  const inner: JsonObject | JsonValue[] = Array.isArray(value) ? [] : {}
  return { value: inner, inner }
}

function binary(bytes: Uint8Array): JsonObject {
  return { $binary: { base64: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'), subType: '00' } }
}

/** Nearly every message is clean, and is not copied. Stops at the first thing that is not. */
function isClean(document: JsonObject, limits: KeepableLimits): boolean {
  const open: { value: object; depth: number }[] = [{ value: document, depth: 0 }]
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.depth >= limits.maxDepth) return false
    for (const value of Object.values(next.value) as unknown[]) {
      if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') continue
      if (typeof value === 'bigint' ? !isShort(value, limits) : !isContainer(value)) return false
      if (typeof value === 'object') open.push({ value, depth: next.depth + 1 })
    }
  }
  return true
}

function isShort(value: bigint, limits: KeepableLimits): boolean {
  // 2^53 to 2^63 and their like need no text to be counted.
  return (value < 1n << 64n && value > -(1n << 64n)) || String(value).replace('-', '').length <= limits.maxDigits
}

function isContainer(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
