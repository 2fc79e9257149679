/** One record's write to MongoDB, as a single operation of a batch. */
import { BSON, type AnyBulkWriteOperation, type Document } from 'mongodb'
import { idField } from '#engine/records/classify'
import { mergeInto, type RecordMessages } from './mergeInto.ts'
import { besideField, besideOf, fromMongo, isPlainName, toMongo, type MongoAbilities } from './mongoDocuments.ts'
import type { StoreProblem, WriteOptions } from './store.ts'

/** MongoDB takes 16 MiB; an update carries a document's fields and a little more. */
const maxDocumentBytes = 16 * 1024 * 1024 - 64 * 1024
/** What is changed is sent along as it was, to be compared, but not more of it than this: an update has room for 16 MiB. */
const maxGuardBytes = 4 * 1024 * 1024

export type WriteWork = {
  readonly options: WriteOptions
  readonly abilities: MongoAbilities
  readonly problems: StoreProblem[]
  readonly counts: { created: number; changed: number; equal: number }
}
export type Step = { readonly group: RecordMessages; readonly outcome: 'created' | 'changed' | 'equal'; readonly operation?: AnyBulkWriteOperation<Document> }

/**
 * What is to be written for one record, given the document that is there: an insertion, nothing, or an update that holds
 * only if what it changes is still as it was read.
 */
export function stepOf(group: RecordMessages, found: Document | undefined, work: WriteWork): Step {
  const merged = mergeInto(found && fromMongo(found), group, work.options)
  if (merged.outcome === 'equal') return { group, outcome: 'equal' }
  const { fields, beside } = toMongo(group.kind, merged.document, work.abilities)
  fit(group, fields, work.problems)
  if (!found) {
    if (Object.keys(beside).length > 0) fields.set(besideField, beside)
    return { group, outcome: 'created', operation: { insertOne: { document: fields as unknown as Document } } }
  }
  const version = besideOf(found).v
  const set = new Map<string, unknown>([[besideField, { v: Number(version ?? 0) + 1, ...beside }]])
  const guards: Document = { _id: found._id, [`${besideField}.v`]: version === undefined ? { $exists: false } : { $eq: version } }
  let room = maxGuardBytes
  for (const name of merged.changed) {
    if (!isPlainName(name) || !fields.has(name)) continue
    set.set(name, fields.get(name))
    const before: unknown = found[name]
    if (before === undefined) guards[name] = { $exists: false }
    else if (isComparable(before)) {
      room -= BSON.calculateObjectSize({ before })
      if (room >= 0) guards[name] = { $eq: before }
    }
  }
  return { group, outcome: 'changed', operation: { updateOne: { filter: guards, update: { $set: set as unknown as Document } } } }
}

/** Some servers compare neither NaN nor lists in lists; the version says enough then. */
function isComparable(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  if (Array.isArray(value)) return value.every((item) => !Array.isArray(item) && isComparable(item))
  if (value === null || typeof value !== 'object') return true
  if (value instanceof Date || '_bsontype' in value) return true
  return Object.entries(value).every(([key, item]) => isPlainName(key) && isComparable(item))
}

/** A document that is too large loses its largest values, one by one, until it fits. */
function fit({ kind, id }: RecordMessages, fields: Map<string, unknown>, problems: StoreProblem[]): void {
  while (BSON.calculateObjectSize(fields as unknown as Document) > maxDocumentBytes) {
    const sizes = [...fields].filter(([name]) => name !== idField[kind]).flatMap(([name, value]) => {
      if (!(value instanceof Map) || value.size === 0) return [{ path: [name], bytes: BSON.calculateObjectSize({ value }) }]
      return [...(value as Map<string, unknown>)].map(([key, item]) => ({ path: [name, key], bytes: BSON.calculateObjectSize({ item }) }))
    })
    const largest = sizes.toSorted((left, right) => right.bytes - left.bytes)[0]
    if (!largest) return
    const [name, key] = largest.path as [string, string | undefined]
    if (key === undefined) fields.delete(name)
    else (fields.get(name) as Map<string, unknown>).delete(key)
    problems.push({ kind, id, field: largest.path.join('.'), reason: `It is ${largest.bytes.toLocaleString('en')} bytes; with it the document is larger than the 16 MiB that MongoDB takes.`, effect: 'left-out' })
  }
}
