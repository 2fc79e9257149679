/** What kind of message this is: its `type`, or, where it has none, what its fields tell. */
import { field, type JsonObject } from '#contract/json'

export type MessageKind = RecordKind | 'control' | 'unknown'
/** Kinds of message that are merged into records. */
export type RecordKind = 'task' | 'workflow' | 'agent' | 'object'

/** The field that says which record a message belongs to. */
export const idField = { task: 'task_id', workflow: 'workflow_id', agent: 'agent_id', object: 'object_id' } as const satisfies Record<RecordKind, string>

/**
 * A `type` that is missing or null is inferred as Flowcept's inserter does, by the fields there are, whatever their values: task_id
 * or activity_id make a task (tasks name their agent_id too), then agent_id an agent, then name or environment_id a workflow. Objects
 * and control messages always say so.
 */
export function classify(message: JsonObject): MessageKind {
  const type = field(message, 'type') ?? null
  if (type !== null) return typeof type === 'string' ? (kindOfType.get(type) ?? 'unknown') : 'unknown'
  const has = (name: string): boolean => Object.hasOwn(message, name)
  if (has('task_id') || has('activity_id')) return 'task'
  if (has('agent_id')) return 'agent'
  if (has('name') || has('environment_id')) return 'workflow'
  return 'unknown'
}

const kindOfType: ReadonlyMap<string, MessageKind> = new Map([
  ['task', 'task'],
  ['workflow', 'workflow'],
  ['agent', 'agent'],
  ['object', 'object'],
  ['flowcept_control', 'control']
])
