/** What Flowcept does to one task message before it merges a batch: dict fields made dicts, empty ones removed, a flag for the status. */
import { field, isJsonObject, setField, type JsonObject, type JsonValue } from '#contract/json'
import { dictFields } from './dictFields.ts'
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
  const task: JsonObject = { ...message }
  for (const name of curation.dropFields ?? []) delete task[name]
  const status = field(task, 'status') ?? null
  if (status !== null) {
    task.status = canonicalStatus(status)
    setStatusFlag(task, task.status)
  }
  if (curation.insertedAt !== undefined) task.utc_time_at_insertion = curation.insertedAt
  for (const name of dictFields) {
    const value = field(task, name)
    if (value === undefined) continue
    const dict = isJsonObject(value) ? withoutEmptyDicts(value) : numbered(value)
    if (isEmpty(dict)) delete task[name]
    else task[name] = dict
  }
  return task
}

function withoutEmptyDicts(dict: JsonObject): JsonObject {
  const kept: JsonObject = {}
  for (const [key, value] of Object.entries(dict)) {
    if (!isJsonObject(value) || !isEmpty(value)) setField(kept, key, value)
  }
  return kept
}

function numbered(value: JsonValue): JsonObject {
  const values = Array.isArray(value) ? value : [value]
  return Object.fromEntries(values.map((item, index) => [`arg${index}`, item]))
}

function isEmpty(dict: JsonObject): boolean {
  return Object.keys(dict).length === 0
}
