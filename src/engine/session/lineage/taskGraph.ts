/** All tasks of a source and what ties them together, as columns of numbers: what lineage, dataflow and the critical path are computed from. */
import { Refusal } from '#contract/reply'
import type { Cell } from '#contract/values'
import type { SourceTable } from '../table/sourceTable.ts'

/** How an edge is known. `dependency`: `dependencies` or `dependents`; `usedId`: a task's id found in `used`; `value`: an equal value (inferred); `parent`: `parent_task_id`. */
export const edgeKinds = { dependency: 0, usedId: 1, value: 2, parent: 3 } as const

/** Edges run from the task that was there before to the one that needs it; a parent's to its child. Columns of equal length, ordered by `from`. */
export type TaskEdges = {
  readonly from: Int32Array
  readonly to: Int32Array
  readonly kind: Uint8Array
  /** Index into `vias`: the fields that say so, `used.path = generated.path`. */
  readonly via: Int32Array
  /** Index into `values`; −1 where the value is the other task's id. */
  readonly value: Int32Array
  /** Of `value` edges: how many tasks generated an equal value; else 0. */
  readonly producers: Int32Array
}

export type TaskGraph = {
  /** task_id by number; tasks are numbered in the order of their first messages. */
  readonly ids: readonly string[]
  numberOf(taskId: string): number | undefined
  /** Row of each task in the source's table (`r.line`). */
  readonly lines: Float64Array
  /** Index into `activities`, `workflows`; −1 where it has none. */
  readonly activity: Int32Array
  readonly activities: readonly string[]
  readonly workflow: Int32Array
  readonly workflows: readonly string[]
  /** Trusted times as `taskColumns` has them; NaN where there is none. */
  readonly start: Float64Array
  readonly end: Float64Array
  /** Index into `statuses`; −1 for none. */
  readonly status: Int32Array
  readonly statuses: readonly string[]
  readonly edges: TaskEdges
  readonly vias: readonly string[]
  readonly values: readonly Cell[]
  /** Values that more than `mostProducers` tasks generated and that somebody used: they tie nothing. */
  readonly ambiguous: readonly { readonly column: string; readonly value: Cell; readonly tasks: number }[]
  /** Ids that tasks name as upstream, downstream or parent and that no task here has, with who names them. */
  readonly missing: readonly { readonly id: string; readonly by: number; readonly via: string }[]
}

/** Built once for each revision of a source. */
export function taskGraph(_table: SourceTable, _signal: AbortSignal): Promise<TaskGraph> {
  throw new Refusal('unavailable', 'This is being built.')
}
