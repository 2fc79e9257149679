/** Of each task what a card needs, telemetry as the few figures that it is summed up by. */
import { field, isJsonObject, type JsonObject, type JsonValue } from '#contract/json'
import { fieldLeaves } from '../fieldLeaves.ts'
import { asFloat } from './asFloat.ts'
import { pyStr } from './pythonText.ts'
import { taskTelemetry, type TaskTelemetry } from './taskTelemetry.ts'

export type CardTask = {
  readonly activity: string
  readonly status: string
  readonly start: number | null
  readonly end: number | null
  readonly subtype: string
  readonly tags: readonly JsonValue[]
  readonly host: string | null
  readonly workflow: string
  /** By dotted name. */
  readonly used: ReadonlyMap<string, JsonValue>
  readonly generated: ReadonlyMap<string, JsonValue>
  readonly telemetry: TaskTelemetry | null
}

export function cardTask(task: JsonObject): CardTask {
  const [host, subtype, tags] = [field(task, 'hostname'), field(task, 'subtype'), field(task, 'tags')]
  return {
    activity: textOr(field(task, 'activity_id'), 'unknown'),
    status: textOr(field(task, 'status'), 'unknown'),
    start: asFloat(field(task, 'started_at')),
    end: asFloat(field(task, 'ended_at')),
    subtype: textOr(subtype, '').trim(),
    tags: Array.isArray(tags) ? tags : [],
    host: host === undefined || host === null || host === '' ? null : pyStr(host),
    workflow: textOr(field(task, 'workflow_id'), 'unknown'),
    used: leavesOf(field(task, 'used')),
    generated: leavesOf(field(task, 'generated')),
    telemetry: taskTelemetry(field(task, 'telemetry_at_start'), field(task, 'telemetry_at_end'))
  }
}

/** By start; those without one stay in order at the end. */
export function byStart(tasks: readonly CardTask[]): CardTask[] {
  const key = ({ start }: CardTask): number => start || Infinity
  return tasks.toSorted((a, b) => (key(a) === key(b) ? 0 : key(a) - key(b)))
}

export function textOr(value: JsonValue | undefined, fallback: string): string {
  return value === undefined || value === null ? fallback : pyStr(value)
}

function leavesOf(value: JsonValue | undefined): Map<string, JsonValue> {
  if (!isJsonObject(value)) return new Map()
  const leaves = fieldLeaves(value).filter((leaf) => !isJsonObject(leaf.value))
  return new Map(leaves.map((leaf) => [leaf.name ?? '', leaf.value]))
}
