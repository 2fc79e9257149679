/** What Flowcept does to one task message before it merges a batch: dict fields made dicts, empty ones removed, a flag for the status. */
import { field, isJsonObject, setField, type JsonObject, type JsonValue } from '#contract/json'
import { dictFields } from './dictFields.ts'
import { without } from './normaliseTask.ts'
import { canonicalStatus, setStatusFlag } from './status.ts'

export type Curation = {
  /** Fields to leave out, such as `data`. */
  readonly dropFields?: readonly string[] | undefined
  /** Epoch seconds to be noted as `utc_time_at_insertion`. */
  readonly insertedAt?: number | undefined
}

/**
 * A scalar or null in a dict field becomes `{arg0: …}`, a list `{arg0: …, arg1: …}`; empty dicts go, in the dict fields one level deep.
 * Returns a new object. Keys are text already: JSON has no others, and a decoder of another format has to make them so.
 */
export function curateTask(message: JsonObject, curation: Curation = {}): JsonObject {
  const { dropFields = [], insertedAt } = curation
  const task = curateDicts(message, dropFields)
  const status = field(task, 'status') ?? null
  if (status !== null) {
    task.status = canonicalStatus(status)
    setStatusFlag(task, task.status)
  }
  if (insertedAt !== undefined) task.utc_time_at_insertion = insertedAt
  return task
}

function curateDicts(message: JsonObject, dropFields: readonly string[]): JsonObject {
  const task: JsonObject = {}
  for (const name of Object.keys(message)) {
    if (dropFields.includes(name)) continue
    let value = message[name] as JsonValue
    if (isDictField(name)) {
      value = isJsonObject(value) ? withoutEmptyDicts(value) : numbered(value)
      if (isEmpty(value)) continue
    }
    setField(task, name, value)
  }
  return task
}

function isDictField(name: string): boolean {
  return (dictFields as readonly string[]).includes(name)
}

function withoutEmptyDicts(dict: JsonObject): JsonObject {
  const empty = Object.keys(dict).filter((key) => isJsonObject(dict[key]) && isEmpty(dict[key]))
  return empty.length === 0 ? dict : without(dict, empty)
}

function numbered(value: JsonValue): JsonObject {
  if (!Array.isArray(value)) return { arg0: value }
  const dict: JsonObject = {}
  value.forEach((item, index) => {
    dict[`arg${index}`] = item
  })
  return dict
}

function isEmpty(dict: JsonObject): boolean {
  for (const key in dict) if (Object.hasOwn(dict, key)) return false
  return true
}
