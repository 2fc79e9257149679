/** What a replay changes in a message, in its msgpack bytes, so that everything else stays as it was published. */
import { encode, encodeFloat } from './replayEncoding.ts'

/** Flowcept's time fields; epoch seconds. */
const timeFields: ReadonlySet<string> = new Set(['submitted_at', 'started_at', 'ended_at', 'registered_at', 'utc_timestamp'])
/** Ids that are a run's own; campaigns and agents are shared by runs. */
const idFields: ReadonlySet<string> = new Set(['task_id', 'parent_task_id', 'workflow_id', 'parent_workflow_id', 'group_id', 'dependencies', 'dependents'])

export type Rewriting = {
  /** From the times of the file to those of the replay; null leaves them. */
  readonly time: ((seconds: number) => number) | null
  /** Put behind the ids of a run, so that another round is another run; empty leaves them. */
  readonly idSuffix: string
}

/** The first and the last of a message's times; null if it has none, or is no map. */
export function messageTimes(payload: Uint8Array): { first: number; last: number } | null {
  const times = fieldsOf(payload, 0).flatMap(({ key, from }) => (timeFields.has(key) ? (numberAt(payload, from) ?? []) : []))
  return times.length === 0 ? null : { first: Math.min(...times), last: Math.max(...times) }
}

/** The payload itself if there is nothing to change. */
export function rewritten(payload: Uint8Array, { time, idSuffix }: Rewriting): Uint8Array {
  if (time === null && idSuffix === '') return payload
  return withValues(payload, 0, (key, from, to) => {
    if (time !== null && timeFields.has(key)) {
      const seconds = numberAt(payload, from)
      return seconds === null ? null : encodeFloat(time(seconds))
    }
    if (idSuffix === '') return null
    if (idFields.has(key)) return withSuffix(payload, from, idSuffix)
    const used = key === 'used' ? payload.subarray(from, to) : null
    return used && withValues(used, 0, (inner, at) => (inner === 'workflow_id' ? withSuffix(used, at, idSuffix) : null))
  })
}

type Field = { key: string; from: number; to: number }

/** Puts together anew what `replace` has another value for. */
function withValues(bytes: Uint8Array, at: number, replace: (key: string, from: number, to: number) => Uint8Array | null): Uint8Array {
  const pieces: Uint8Array[] = []
  let kept = 0
  for (const { key, from, to } of fieldsOf(bytes, at)) {
    const value = replace(key, from, to)
    if (value === null) continue
    pieces.push(bytes.subarray(kept, from), value)
    kept = to
  }
  return kept === 0 ? bytes : Buffer.concat([...pieces, bytes.subarray(kept)])
}

/** An id, or a list of ids; null for anything else. */
function withSuffix(bytes: Uint8Array, at: number, suffix: string): Uint8Array | null {
  const { items, next } = headAt(bytes, at)
  if (isArray(bytes[at])) {
    const pieces: Uint8Array[] = [bytes.subarray(at, next)]
    for (let item = 0, place = next; item < items; item++) {
      const to = skip(bytes, place)
      pieces.push(withSuffix(bytes, place, suffix) ?? bytes.subarray(place, to))
      place = to
    }
    return Buffer.concat(pieces)
  }
  const text = textAt(bytes, at) ?? numberAt(bytes, at)?.toString() ?? null
  return text === null ? null : encode(text + suffix)
}

/** Of the map at `at`, where the values of its text keys stand; empty if there is no map. */
function fieldsOf(bytes: Uint8Array, at: number): Field[] {
  if (!isMap(bytes[at])) return []
  const fields: Field[] = []
  const { items, next } = headAt(bytes, at)
  let place = next
  for (let item = 0; item < items; item += 2) {
    const key = textAt(bytes, place)
    const from = skip(bytes, place)
    place = skip(bytes, from)
    if (key !== null) fields.push({ key, from, to: place })
  }
  return fields
}

const isMap = (lead = 0): boolean => (lead & 0xf0) === 0x80 || lead === 0xde || lead === 0xdf
const isArray = (lead = 0): boolean => (lead & 0xf0) === 0x90 || lead === 0xdc || lead === 0xdd

/** Where the value after the one at `at` begins. @throws RangeError if the bytes end before */
function skip(bytes: Uint8Array, at: number): number {
  let open = 1
  let place = at
  while (open > 0) {
    const { items, next } = headAt(bytes, place)
    open += items - 1
    place = next
  }
  return place
}

/** Byte counts of the forms 0xc0 to 0xdf: of the length field, and of what follows for sure. */
const lengthBytes: Readonly<Record<number, number>> = { 0xc4: 1, 0xc5: 2, 0xc6: 4, 0xc7: 1, 0xc8: 2, 0xc9: 4, 0xd9: 1, 0xda: 2, 0xdb: 4, 0xdc: 2, 0xdd: 4, 0xde: 2, 0xdf: 4 }
const fixedBytes: Readonly<Record<number, number>> = { 0xca: 4, 0xcb: 8, 0xcc: 1, 0xcd: 2, 0xce: 4, 0xcf: 8, 0xd0: 1, 0xd1: 2, 0xd2: 4, 0xd3: 8, 0xd4: 2, 0xd5: 3, 0xd6: 5, 0xd7: 9, 0xd8: 17 }

/** How many values are inside of the one at `at`, and where its content (for maps and lists) or the next value begins. */
function headAt(bytes: Uint8Array, at: number): { items: number; next: number } {
  const lead = bytes[at]
  if (lead === undefined) throw new RangeError('The message ends too early.')
  if (lead < 0x80 || lead >= 0xe0) return { items: 0, next: at + 1 }
  if (lead < 0x90) return { items: (lead & 0x0f) * 2, next: at + 1 }
  if (lead < 0xa0) return { items: lead & 0x0f, next: at + 1 }
  if (lead < 0xc0) return { items: 0, next: ending(bytes, at + 1 + (lead & 0x1f)) }
  const field = lengthBytes[lead] ?? 0
  if (field === 0) return { items: 0, next: ending(bytes, at + 1 + (fixedBytes[lead] ?? 0)) }
  const length = viewOf(bytes).readUIntBE(at + 1, field)
  if (isMap(lead) || isArray(lead)) return { items: isMap(lead) ? length * 2 : length, next: at + 1 + field }
  const isExtension = lead >= 0xc7 && lead <= 0xc9
  return { items: 0, next: ending(bytes, at + 1 + field + length + (isExtension ? 1 : 0)) }
}

function ending(bytes: Uint8Array, end: number): number {
  if (end > bytes.length) throw new RangeError('The message ends too early.')
  return end
}

function textAt(bytes: Uint8Array, at: number): string | null {
  const lead = bytes[at] ?? 0
  const isText = (lead & 0xe0) === 0xa0 || (lead >= 0xd9 && lead <= 0xdb)
  return isText ? viewOf(bytes).toString('utf8', at + 1 + (lengthBytes[lead] ?? 0), headAt(bytes, at).next) : null
}

/** Exact up to 2^53. */
function numberAt(bytes: Uint8Array, at: number): number | null {
  const lead = bytes[at] ?? 0
  const view = viewOf(bytes)
  if (lead < 0x80) return lead
  if (lead >= 0xe0) return lead - 256
  if (lead === 0xca) return view.readFloatBE(at + 1)
  if (lead === 0xcb) return view.readDoubleBE(at + 1)
  if (lead === 0xcf) return Number(view.readBigUInt64BE(at + 1))
  if (lead === 0xd3) return Number(view.readBigInt64BE(at + 1))
  if (lead >= 0xcc && lead <= 0xce) return view.readUIntBE(at + 1, fixedBytes[lead] ?? 1)
  return lead >= 0xd0 && lead <= 0xd2 ? view.readIntBE(at + 1, fixedBytes[lead] ?? 1) : null
}

const viewOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
