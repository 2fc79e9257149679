/**
 * The one normaliser for every source: the normal form of a message, and the record that the messages of one id merge into.
 *
 * A task that came in exactly one message is that message, but for five things that are easily said in SQL:
 *
 * - `type` is dropped;
 * - the flag of its status is added (`FINISHED` → `finished: true`);
 * - `workflow_id` is `used.workflow_id` where it is missing or null and that is a text that is not empty;
 * - `subtype` is `iteration` where it is missing or null and `group_id` is neither;
 * - `status` is FINISHED where `finished` is true (not 1, not "true") and the status is not ERROR;
 *
 * provided that all of these hold; where one does not, the normal form has to be made here:
 *
 * - `task_id` is a text (a number is the same id as its text, a missing or null one is made up or is that of an iteration);
 * - `status` is missing, null or one of the six statuses exactly as Flowcept spells them (others change their spelling or add a flag
 *   of their own), and the field that its flag goes to is missing, null or a boolean (a value that is none stays);
 * - `used`, `generated`, `custom_metadata`, `telemetry_at_start` and `telemetry_at_end` are missing or dicts: a null, a scalar or a list
 *   in their place becomes `arg0`, `arg1`, ….
 *
 * Empty dicts in these five fields, and in their values one level deep, are removed too; as no column comes of an empty dict, columns
 * are the same with and without them, and only the document differs.
 *
 * A workflow, agent or object in one message is that message (`type` stays, no flags); it needs an id, like a task.
 */
import { setField, type JsonObject } from '#contract/json'
import { idField, type RecordKind } from './classify.ts'
import { curateTask, type Curation } from './curateTask.ts'
import { mergeMessages } from './mergeMessages.ts'
import { fill, normaliseTask } from './normaliseTask.ts'
import { recordId } from './recordId.ts'

export type MergeOptions = Curation & {
  /** Called once for a record none of whose messages names it. Let it depend on the message's place, so that it is the same when opened again. */
  readonly newId: () => string
  /** For tasks none of whose messages names a campaign; once filled in it counts as captured, so give it to the last merge only. */
  readonly campaignId?: string | undefined
}
export type MergedRecord = { readonly id: string; readonly document: JsonObject }

/**
 * Merges all messages of one record, in order of arrival. To go on later, put the document before the messages that came since:
 * the result is the same as of all messages at once. Nested values are shared with the messages; change neither.
 */
export function mergeRecord(kind: RecordKind, messages: readonly JsonObject[], options: MergeOptions): MergedRecord {
  let id: string | null = null
  for (const message of messages) id ??= recordId(kind, message)
  const known = id ?? options.newId()
  const document = mergeMessages(
    kind,
    messages.map((message) => normalForm(kind, message, { ...options, campaignId: undefined, newId: () => known }))
  )
  // Only now: a default must not replace what another message said.
  if (kind === 'task' && options.campaignId !== undefined) fill(document, 'campaign_id', options.campaignId)
  return { id: known, document }
}

/** Groups messages of one kind by id, in the order in which ids were first seen, and merges each group. `newId` is called for each message without an id. */
export function mergeBatch(kind: RecordKind, messages: readonly JsonObject[], options: MergeOptions): MergedRecord[] {
  const groups = new Map<string, JsonObject[]>()
  for (const message of messages) {
    const id = recordId(kind, message) ?? options.newId()
    const group = groups.get(id)
    if (group) group.push(message)
    else groups.set(id, [message])
  }
  return [...groups].map(([id, group]) => mergeRecord(kind, group, { ...options, newId: () => id }))
}

/** One message as its record has it if no other comes. Making the normal form of a normal form, or of a merged document, changes nothing. */
export function normalForm(kind: RecordKind, message: JsonObject, options: MergeOptions): JsonObject {
  if (kind === 'task') return curateTask(normaliseTask(message, options), options)
  const document = { ...message }
  if (recordId(kind, message) === null) setField(document, idField[kind], options.newId())
  return document
}
