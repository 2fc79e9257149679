/** What Flowcept's inserter does to one task message before it is stored. Where a field is asked for, null counts as missing. */
import { field, isJsonObject, setField, type JsonObject, type JsonValue } from '#contract/json'
import { iterationId } from './recordId.ts'
import { canonicalStatus } from './status.ts'

export type TaskDefaults = {
  /** Names a task that has no id and is no iteration with a number. */
  readonly newId: () => string
  /** For tasks that name no campaign. */
  readonly campaignId?: string | undefined
}

/**
 * In the inserter's order: workflow_id from `used.workflow_id`, campaign_id, `subtype: iteration` for members of a group, task_id,
 * FINISHED where `finished` is true, `type` dropped. Returns a new object that shares its nested values with the message.
 */
export function normaliseTask(message: JsonObject, defaults: TaskDefaults): JsonObject {
  const task = without(message, ['type'])
  const used = field(message, 'used')
  const usedWorkflow = isJsonObject(used) ? field(used, 'workflow_id') : undefined
  if (typeof usedWorkflow === 'string' && usedWorkflow !== '') fill(task, 'workflow_id', usedWorkflow)
  if (defaults.campaignId !== undefined) fill(task, 'campaign_id', defaults.campaignId)
  if (hasValue(task, 'group_id')) fill(task, 'subtype', 'iteration')
  if (!hasValue(task, 'task_id')) task.task_id = iterationId(message) ?? defaults.newId()
  // A task that failed and carries the flag of an earlier FINISHED stays failed.
  if (field(message, 'finished') === true && canonicalStatus(field(message, 'status') ?? null) !== 'ERROR') task.status = 'FINISHED'
  return task
}

/** A copy that lacks some fields; unlike one from which they were deleted it stays quick to read. */
export function without(document: JsonObject, names: readonly string[]): JsonObject {
  const copy: JsonObject = {}
  for (const name of Object.keys(document)) if (!names.includes(name)) setField(copy, name, document[name] as JsonValue)
  return copy
}

/** Sets a field that is missing or null. */
export function fill(document: JsonObject, name: string, value: JsonValue): void {
  if (!hasValue(document, name)) setField(document, name, value)
}

function hasValue(document: JsonObject, name: string): boolean {
  return (field(document, name) ?? null) !== null
}
