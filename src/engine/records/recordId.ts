/** Which record a message belongs to. */
import { field, isJsonObject, stringifyJson, type JsonObject, type JsonValue } from '#contract/json'
import { idField, type RecordKind } from './classify.ts'

/** The id as text, or null where the message names none and the caller has to make one up. 5 and "5" are the same id. */
export function recordId(kind: RecordKind, message: JsonObject): string | null {
  const id = idText(field(message, idField[kind]))
  return id === null && kind === 'task' ? iterationId(message) : id
}

/** The id of a loop iteration that names none: its group's id followed by its number. */
export function iterationId(message: JsonObject): string | null {
  const subtype = field(message, 'subtype') ?? 'iteration'
  const group = idText(field(message, 'group_id'))
  const used = field(message, 'used')
  const number = isJsonObject(used) ? idText(field(used, 'i')) : null
  return subtype === 'iteration' && group !== null && number !== null ? group + number : null
}

/** Text as it is, anything else as JSON; null for null and missing. */
function idText(value: JsonValue | undefined): string | null {
  if (value === undefined || value === null) return null
  return typeof value === 'string' ? value : stringifyJson(value)
}
