/** How a later message of a record changes what is known of it: field by field, and what was known is never erased. */
import { field, isJsonObject, setField, stringifyJson, type JsonObject, type JsonValue } from '#contract/json'
import type { RecordKind } from './classify.ts'
import { dictFields } from './dictFields.ts'
import { isStatusFlag, mergeStatus, mergeStatusFlag } from './status.ts'

/**
 * Merges normal forms, in order of arrival, into a new document; its nested values are shared with theirs. Later values win, but
 * null and missing erase nothing, dicts are updated key by key (for tasks those of `dictFields`), a status only goes forward (status.ts)
 * and interceptor_ids add up. Fields stand in the order in which they were first seen. Merging what is merged gives the same as
 * merging all at once.
 */
export function mergeMessages(kind: RecordKind, normalForms: readonly JsonObject[]): JsonObject {
  const document: JsonObject = {}
  // Dicts of this document's own, which may be changed in place.
  const owned = new Set<JsonValue>()
  for (const message of normalForms) {
    for (const name of Object.keys(message)) {
      const later = message[name] as JsonValue
      const earlier = field(document, name)
      if (isJsonObject(earlier) && isJsonObject(later) && isMergedByKey(kind, name)) {
        if (owned.has(earlier)) updateDict(earlier, later)
        else {
          const dict = updateDict({ ...earlier }, later)
          owned.add(dict)
          setField(document, name, dict)
        }
      } else {
        setField(document, name, mergeValue(kind, name, earlier, later))
      }
    }
  }
  return document
}

function mergeValue(kind: RecordKind, name: string, earlier: JsonValue | undefined, later: JsonValue): JsonValue {
  if (earlier === undefined || earlier === null) return later
  if (later === null) return earlier
  if (name === 'status') return mergeStatus(earlier, later)
  if (kind === 'task' && isStatusFlag(name)) return mergeStatusFlag(earlier, later)
  if (kind === 'workflow' && name === 'interceptor_ids') return union(earlier, later)
  return later
}

function isMergedByKey(kind: RecordKind, name: string): boolean {
  return kind !== 'task' || (dictFields as readonly string[]).includes(name)
}

function updateDict(dict: JsonObject, later: JsonObject): JsonObject {
  for (const [key, value] of Object.entries(later)) {
    if (value !== null || !Object.hasOwn(dict, key)) setField(dict, key, value)
  }
  return dict
}

function union(earlier: JsonValue, later: JsonValue): JsonValue[] {
  const items = [earlier, later].flatMap((value) => (Array.isArray(value) ? value : [value]))
  return [...new Map(items.map((item) => [stringifyJson(item), item])).values()]
}
