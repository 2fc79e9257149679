/** The half of writing that every store shares: what a batch's messages make of the records that are there. */
import { randomUUID } from 'node:crypto'
import { field, isJsonObject, stringifyJson, type JsonObject, type JsonValue } from '#contract/json'
import { idField, type RecordKind } from '#engine/records/classify'
import { mergeRecord, normalForm } from '#engine/records/mergeRecord'
import { recordId } from '#engine/records/recordId'
import { keepable, type KeepableLimits } from './keepable.ts'
import type { StoreProblem, StoreWrite, WriteOptions } from './store.ts'

/** The messages of one record, in order of arrival. */
export type RecordMessages = { readonly kind: RecordKind; readonly id: string; readonly messages: JsonObject[] }

/** Groups a batch by record, in the order in which they first come, and makes its values such as can be kept. */
export function groupBatch(batch: readonly StoreWrite[], options: WriteOptions, limits: KeepableLimits, problems: StoreProblem[]): RecordMessages[] {
  const groups = new Map<string, RecordMessages>()
  const newId = options.newId ?? randomUUID
  for (const { kind, message } of batch) {
    const { document, problems: found } = keepable(message, limits)
    const id = recordId(kind, document) ?? newId()
    problems.push(...found.map((problem) => ({ kind, id, ...problem })))
    const key = `${kind} ${id}`
    const group = groups.get(key)
    if (group) group.messages.push(document)
    else groups.set(key, { kind, id, messages: [document] })
  }
  return [...groups.values()]
}

export type Merged = { readonly outcome: 'created' | 'changed' | 'equal'; readonly document: JsonObject; readonly changed: readonly string[] }

/** What a record becomes, and which of its fields that changes. The id is stored as text, so that 5 and "5" stay one record. */
export function mergeInto(existing: JsonObject | undefined, group: RecordMessages, options: WriteOptions): Merged {
  const { kind, id } = group
  const messages = options.select ? options.select(kind, existing, group.messages) : group.messages
  const merging = { newId: () => id, dropFields: options.dropFields }
  // What is stored is merged as it is: a document's order of fields, or an empty dict in it, is no change.
  const plain = mergeRecord(kind, existing ? [existing, ...messages] : messages, merging).document
  const merged = options.complete ? options.complete(kind, plain) : plain
  const document = field(merged, idField[kind]) === id ? merged : { ...merged, [idField[kind]]: id }
  if (!existing) return { outcome: 'created', document, changed: Object.keys(document) }
  const before = normalForm(kind, existing, { newId: () => id })
  const changed = Object.keys(document).filter((name) => !sameValue(field(before, name), document[name] as JsonValue))
  if (changed.length > 0) options.onChanged?.({ kind, id, before, after: document, fields: changed })
  return { outcome: changed.length === 0 ? 'equal' : 'changed', document, changed }
}

/** Equal as exact JSON, whatever the order of keys: −0 is not 0, NaN is NaN, 1n is 1, and 2n ** 60n is not the float 2 ** 60. */
export function sameValue(left: JsonValue | undefined, right: JsonValue | undefined, depth = 0): boolean {
  if (Object.is(left, right)) return true
  if (left === undefined || right === undefined || left === null || right === null) return false
  if (typeof left !== 'object' || typeof right !== 'object') return isNumeric(left) && isNumeric(right) && stringifyJson(left) === stringifyJson(right)
  // Deeper than a stack is certain to reach, texts are compared.
  if (depth === mostDepth) return stringifyJson(sortedKeys(left)) === stringifyJson(sortedKeys(right))
  if (Array.isArray(left)) return Array.isArray(right) && left.length === right.length && left.every((item, index) => sameValue(item, right[index], depth + 1))
  if (Array.isArray(right)) return false
  const names = Object.keys(left)
  return names.length === Object.keys(right).length && names.every((name) => Object.hasOwn(right, name) && sameValue(left[name], right[name], depth + 1))
}

const mostDepth = 500
const isNumeric = (value: JsonValue): boolean => typeof value === 'number' || typeof value === 'bigint'

function sortedKeys(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sortedKeys)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.keys(value).toSorted().map((key) => [key, sortedKeys(value[key] as JsonValue)]))
}
