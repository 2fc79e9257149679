/** Leaves out what says nothing, where a store is configured so (`db_buffer.remove_empty_fields`). */
import { isJsonObject, setField, type JsonObject, type JsonValue } from '#contract/json'

/** A copy without null, empty text and dicts that are empty or become so, at any depth; what lies in lists stays as it is. */
export function removeEmptyFields(document: JsonObject): JsonObject {
  const root: JsonObject = {}
  // Parents before children, so that backwards children are done first; a recursion would end on deep records.
  const dicts: { source: JsonObject; copy: JsonObject; parent: { copy: JsonObject; key: string } | null }[] = [{ source: document, copy: root, parent: null }]
  for (const { source, copy } of dicts) {
    for (const [key, value] of Object.entries(source)) {
      if (isJsonObject(value)) {
        const inner: JsonObject = {}
        setField(copy, key, inner)
        dicts.push({ source: value, copy: inner, parent: { copy, key } })
      } else if (!saysNothing(value)) {
        setField(copy, key, value)
      }
    }
  }
  for (const { copy, parent } of dicts.reverse()) {
    if (parent && Object.keys(copy).length === 0) delete parent.copy[parent.key]
  }
  return root
}

function saysNothing(value: JsonValue): boolean {
  return value === null || value === ''
}
