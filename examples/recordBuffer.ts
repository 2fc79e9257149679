/** What both database consumers share: messages gathered by the record that they belong to. */
import { randomUUID } from 'node:crypto'
import { classify, type JsonObject, type Message, type RecordKind, recordId } from 'provscope'

export type Gathered = { readonly kind: RecordKind; readonly id: string; readonly messages: Message[] }

export class RecordBuffer {
  #records = new Map<string, Gathered>()

  /** @param kinds those that are kept; the others are passed over */
  constructor(private readonly kinds: readonly RecordKind[]) {}

  add(message: Message): void {
    const kind = classify(message)
    // Control messages, and those of no known kind, belong to no record.
    if (kind === 'control' || kind === 'unknown' || !this.kinds.includes(kind)) return
    const id = recordId(kind, message) ?? randomUUID()
    const key = `${kind} ${id}`
    const record = this.#records.get(key) ?? { kind, id, messages: [] }
    this.#records.set(key, record)
    record.messages.push(plain(message) as JsonObject)
  }

  /** What has been gathered since the last time, in the order of ids, so that several who write lock records in the same order. */
  take(kind: RecordKind): Gathered[] {
    const taken = [...this.#records].filter(([, record]) => record.kind === kind)
    for (const [key] of taken) this.#records.delete(key)
    return taken.map(([, record]) => record).toSorted((a, b) => (a.id < b.id ? -1 : 1))
  }
}

/** Bytes, which no JSON has, as base64; times, which msgpack has, as text. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(plain)
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)])) : value
}
