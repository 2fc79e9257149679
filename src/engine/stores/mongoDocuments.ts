/**
 * Records as MongoDB documents and back, exactly. Shapes are Flowcept's: a task's times are dates, the rest is as it came. What BSON,
 * or a server of few abilities, cannot hold is kept beside, under `_provscope`, which Flowcept passes over:
 *
 * - `v`: how often Provscope has changed the document; tells concurrent writers of each other;
 * - `times`: exact epoch seconds of dates that lost their microseconds; valid as long as the date is still theirs;
 * - `exact`: `[{path, json}]`, values of which the document itself holds only something near, or nothing: integers beyond 64 bits (a
 *   double is there), −0 where a server takes it for 0, half surrogate pairs, NUL in keys, deep nesting, keys of the top level that no
 *   query could name. Filters and sorts on the server see what is near, reading gives what is exact.
 */
import { Binary, DBRef, Decimal128, Long, ObjectId, type Document } from 'mongodb'
import { field, isJsonObject, parseJson, setField, stringifyJson, type JsonObject, type JsonValue } from '#contract/json'
import type { RecordKind } from '#engine/records/classify'

/** What a server can hold in a document. */
export type MongoAbilities = {
  /** Keys with dots, or that begin with a dollar (MongoDB 5 and later). */
  readonly anyKeys: boolean
  /** NaN and the infinities; lists in lists. */
  readonly anyValues: boolean
  /** That −0 replaces 0, and the float 2 ** 60 the integer: some servers pass over an update to what compares equal. */
  readonly equalNumbers: boolean
}

export const besideField = '_provscope'
export const timeFields = ['started_at', 'ended_at', 'submitted_at', 'registered_at', 'utc_timestamp'] as const

type Exact = { path: (string | number)[]; json: string }
export type Beside = { v?: number; times?: { [name: string]: number }; exact?: Exact[] }

/** Deeper levels than MongoDB promises to store. */
const maxDepth = 90
const int64 = 2n ** 63n

/** A document's fields, without `_id` and without `v`. Dicts become Maps, since an object would put keys like "2" first. */
export function toMongo(kind: RecordKind, document: JsonObject, abilities: MongoAbilities): { fields: Map<string, unknown>; beside: Beside } {
  const fields = new Map<string, unknown>()
  const writer = new Writer(abilities)
  const times: { [name: string]: number } = {}
  for (const [name, value] of Object.entries(document)) {
    if (!isPlainName(name)) {
      writer.keepBeside([name], value)
      continue
    }
    const date = kind === 'task' && isTimeField(name) && typeof value === 'number' ? dateOf(value) : null
    if (date) {
      fields.set(name, date)
      // A date has no −0.
      if (Object.is(value, -0)) writer.keepBeside([name], value)
      else if (date.getTime() / 1000 !== value) times[name] = value as number
      continue
    }
    const kept = writer.value(value, [name])
    if (kept !== undefined) fields.set(name, kept)
  }
  const beside: Beside = { ...(Object.keys(times).length > 0 && { times }), ...(writer.exact.length > 0 && { exact: writer.exact }) }
  return { fields, beside }
}

/** The record of a document as the driver gives it, its dicts as objects, int64 as bigint. */
export function fromMongo(document: Document): JsonObject {
  const beside = besideOf(document)
  const record: JsonObject = {}
  for (const [name, value] of Object.entries(document)) {
    if (name === '_id' || name === besideField) continue
    if (value instanceof Date && isTimeField(name)) {
      const exact = beside.times?.[name]
      record[name] = typeof exact === 'number' && dateOf(exact)?.getTime() === value.getTime() ? exact : value.getTime() / 1000
    } else setField(record, name, plain(value))
  }
  for (const { path, json } of beside.exact ?? []) putBack(record, path, parseJson(json))
  return record
}

export function besideOf(document: Document): Beside {
  const beside: unknown = document[besideField]
  return typeof beside === 'object' && beside !== null ? (beside as Beside) : {}
}

/** Milliseconds as pymongo makes them of a datetime: rounded to microseconds, then cut. Null for times that no date can hold. */
export function dateOf(seconds: number): Date | null {
  if (!(Math.abs(seconds) < 250_000_000_000)) return null
  return new Date(Math.floor(Math.round(seconds * 1e6) / 1000))
}

export function isTimeField(name: string): boolean {
  return (timeFields as readonly string[]).includes(name)
}

/** A name that `$set` and filters of the server can be given. */
export function isPlainName(name: string): boolean {
  return name !== '' && name !== '_id' && name !== besideField && !name.startsWith('$') && !/[.\0]/.test(name) && isWellFormed(name)
}

/** Whether UTF-8 can hold it: no half of a surrogate pair. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text)
}

function wellFormed(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, '\ufffd')
}

class Writer {
  readonly exact: Exact[] = []

  constructor(private readonly abilities: MongoAbilities) {}

  keepBeside(path: readonly (string | number)[], value: JsonValue): void {
    this.exact.push({ path: [...path], json: asciiJson(value) })
  }

  /** Undefined for what is kept beside alone. */
  value(value: JsonValue, path: (string | number)[]): unknown {
    switch (typeof value) {
      case 'string':
        if (isWellFormed(value)) return value
        this.keepBeside(path, value)
        return wellFormed(value)
      case 'number':
        return this.number(value, path)
      case 'bigint':
        if (value < int64 && value >= -int64) return value
        this.keepBeside(path, value)
        // Nearly always finite; an integer of 400 digits is not.
        return this.number(Number(value), path, true)
      case 'object':
        break
      default:
        return value
    }
    if (value === null) return null
    if (path.length >= maxDepth) return void this.keepBeside(path, value)
    return Array.isArray(value) ? this.list(value, path) : this.dict(value, path)
  }

  private number(value: number, path: (string | number)[], isKept = false): unknown {
    const isMinusZero = Object.is(value, -0)
    if (Number.isSafeInteger(value) && !isMinusZero) return Math.abs(value) < 2 ** 31 ? value : Long.fromNumber(value)
    const isLong = Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63
    const isHeld = isMinusZero || isLong ? this.abilities.equalNumbers : this.abilities.anyValues || Number.isFinite(value)
    if (isHeld) return value
    // Up to 2 ** 53 there is no difference between integers and floats.
    if (!isKept && (isMinusZero || Math.abs(value) !== 2 ** 53)) this.keepBeside(path, value)
    return isLong ? (isMinusZero ? 0 : Long.fromBigInt(BigInt(value))) : null
  }

  private list(items: JsonValue[], path: (string | number)[]): unknown {
    if (!this.abilities.anyValues && items.some(Array.isArray)) return void this.keepBeside(path, items)
    return items.map((item, index) => this.value(item, [...path, index]) ?? null)
  }

  private dict(dict: JsonObject, path: (string | number)[]): unknown {
    const special = extendedValue(dict)
    if (special) return special
    const map = new Map<string, unknown>()
    for (const [key, value] of Object.entries(dict)) {
      const at = [...path, key]
      const isStorable = !key.includes('\0') && isWellFormed(key) && (this.abilities.anyKeys || (!key.includes('.') && !key.startsWith('$')))
      const kept = isStorable ? this.value(value, at) : void this.keepBeside(at, value)
      if (kept !== undefined) map.set(key, kept)
    }
    return map
  }
}

/** What `plain` makes of values that JSON does not know goes back to what it was. */
function extendedValue(dict: JsonObject): unknown {
  const keys = Object.keys(dict)
  if (keys.length !== 1) return undefined
  const [[key, value]] = Object.entries(dict) as [[string, JsonValue]]
  if (key === '$oid' && typeof value === 'string' && /^[0-9a-f]{24}$/.test(value)) return new ObjectId(value)
  if (key === '$date' && typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value) && Number.isFinite(Date.parse(value))) return new Date(value)
  if (key === '$binary' && isJsonObject(value) && Object.keys(value).length === 2) {
    const { base64, subType } = value
    if (typeof base64 !== 'string' || typeof subType !== 'string' || !/^[0-9a-f]{2}$/.test(subType)) return undefined
    const bytes = Buffer.from(base64, 'base64')
    return bytes.toString('base64') === base64 ? new Binary(bytes, Number.parseInt(subType, 16)) : undefined
  }
  return undefined
}

/** BSON's own kinds of value in Mongo's extended JSON. */
function plain(value: unknown): JsonValue {
  if (value === null || value === undefined) return null
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) || value === 2n ** 53n || value === -(2n ** 53n) ? Number(value) : value
  if (Array.isArray(value)) return value.map(plain)
  if (value instanceof Date) return { $date: value.toISOString() }
  if (value instanceof ObjectId) return { $oid: value.toHexString() }
  if (value instanceof Binary) return { $binary: { base64: value.toString('base64'), subType: value.sub_type.toString(16).padStart(2, '0') } }
  if (value instanceof Decimal128) return { $numberDecimal: value.toString() }
  if (value instanceof Long) return plain(value.toBigInt())
  if (value instanceof DBRef) return plain({ $ref: value.collection, $id: value.oid, ...(value.db !== undefined && { $db: value.db }), ...value.fields })
  if (Object.hasOwn(value as object, '_bsontype') || '_bsontype' in (value as object)) return { $bson: String(value) }
  const dict: JsonObject = {}
  for (const [key, item] of Object.entries(value as Record<string, unknown>)) setField(dict, key, plain(item))
  return dict
}

/** Sets what is at a path; where the way there is gone, somebody else replaced it since, and what was beside is theirs no more. */
function putBack(record: JsonObject, path: readonly (string | number)[], value: JsonValue): void {
  let inner: JsonValue = record
  for (const key of path.slice(0, -1)) {
    const next: JsonValue | undefined = Array.isArray(inner) ? inner[Number(key)] : isJsonObject(inner) ? field(inner, String(key)) : undefined
    if (next === undefined) return
    inner = next
  }
  const last = path.at(-1)
  if (Array.isArray(inner)) {
    if (Number(last) < inner.length && isNear(inner[Number(last)], value)) inner[Number(last)] = value
  } else if (isJsonObject(inner) && isNear(field(inner, String(last)), value)) setField(inner, String(last), value)
}

/** Whether the document still holds in a value's place what was put there for it. */
function isNear(inPlace: JsonValue | undefined, value: JsonValue): boolean {
  if (inPlace === undefined || inPlace === null) return true
  if (typeof value === 'bigint' || typeof value === 'number') {
    const near = Number(value)
    return typeof inPlace === 'bigint' ? Number.isInteger(near) && inPlace === BigInt(near) : inPlace === near
  }
  return typeof value === 'string' && inPlace === wellFormed(value)
}

/** JSON in ASCII alone, which keeps half surrogate pairs and passes every server. */
function asciiJson(value: JsonValue): string {
  return stringifyJson(value).replaceAll(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
