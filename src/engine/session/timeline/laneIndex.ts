/** The tasks of a scope in lanes, each with its level: kept as long as nothing changes, so that panning and zooming only look. */
import type { LaneBy } from '#contract/timeline'
import type { Scope } from '#contract/values'
import type { Coded } from '../table/readCoded.ts'
import { RevisionCache } from '../table/revisionCache.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { type LaneKind, laneKind } from './laneKinds.ts'
import { packLevels } from './packLevels.ts'
import { readTasks } from './readTasks.ts'
import { statusCode, type TaskTimes } from './taskTimes.ts'

export type LanesOf = { readonly scope: Scope; readonly by: LaneBy; readonly within: LaneBy | null }
/** What a lane is of: null for tasks that have no such thing. Of an inner lane, both. */
export type LaneParts = readonly [string | null] | readonly [string | null, string | null]
export type LaneTasks = {
  readonly key: string
  readonly parts: LaneParts
  readonly tasks: number
  readonly errors: number
  /** Tasks that can be drawn: by level, then start. */
  readonly ordered: Int32Array
  /** Where each level begins in `ordered`; one more than there are levels. */
  readonly levelAt: Int32Array
  /** The same tasks by start. */
  readonly byStart: Int32Array
}
/** Lanes of one depth, and the level of each task in its own. */
export type LaneSet = { readonly lanes: ReadonlyMap<string, LaneTasks>; readonly laneOf: readonly LaneTasks[]; readonly laneNumber: Int32Array; readonly level: Int32Array }
export type LaneIndex = {
  readonly times: TaskTimes
  readonly outer: LaneSet
  /** All inner lanes; null where lanes are not nested. */
  readonly inner: () => LaneSet | null
  readonly kinds: readonly LaneKind[]
}

export const laneKey = (parts: LaneParts): string => JSON.stringify(parts)

const kept = new RevisionCache<LaneIndex>(3)

export function laneIndex(table: SourceTable, { scope, by, within }: LanesOf, signal: AbortSignal): Promise<LaneIndex> {
  return kept.get(table, JSON.stringify([scope, by, within]), async () => {
    const kinds = await Promise.all([by, ...(within === null ? [] : [within])].map((kind, at) => laneKind(table, kind, `lane${at}_`, signal)))
    const { times, keys } = await readTasks(table, scope, kinds, signal)
    const outer = lanesFrom(times, [keys[0] as Coded])
    let inner: LaneSet | null = null
    return { times, kinds, outer, inner: () => (within === null ? null : (inner ??= lanesFrom(times, keys as readonly Coded[] as [Coded, Coded]))) }
  })
}

/** @param by one or two keys of each task */
export function lanesFrom(times: TaskTimes, by: readonly [Coded] | readonly [Coded, Coded]): LaneSet {
  const { laneNumber, parts } = lanesOf(times.count, by)
  const tasks = new Int32Array(parts.length)
  const errors = new Int32Array(parts.length)
  for (let task = 0; task < times.count; task++) {
    const lane = laneNumber[task] as number
    tasks[lane]!++
    if (times.status[task] === statusCode.ERROR) errors[lane]!++
  }
  const level = new Int32Array(times.count).fill(-1)
  const grouped = groupBy(times.order, laneNumber, parts.length)
  const laneOf = parts.map((own, lane): LaneTasks => {
    const byStart = grouped[lane] as Int32Array
    const levels = packLevels(byStart, times, level)
    const [ordered, levelAt] = countingSort(byStart, level, levels)
    return { key: laneKey(own), parts: own, tasks: tasks[lane] as number, errors: errors[lane] as number, ordered, levelAt, byStart }
  })
  return { lanes: new Map(laneOf.map((lane) => [lane.key, lane])), laneOf, laneNumber, level }
}

function lanesOf(count: number, [one, two]: readonly [Coded] | readonly [Coded, Coded]): { laneNumber: Int32Array; parts: LaneParts[] } {
  if (two === undefined) return { laneNumber: one.codes, parts: one.values.map((value) => [value]) }
  const laneNumber = new Int32Array(count)
  const known = new Map<number, number>()
  const parts: LaneParts[] = []
  for (let task = 0; task < count; task++) {
    const [outer, inner] = [one.codes[task] as number, two.codes[task] as number]
    const pair = outer * two.values.length + inner
    let lane = known.get(pair)
    if (lane === undefined) {
      lane = parts.push([one.values[outer] ?? null, two.values[inner] ?? null]) - 1
      known.set(pair, lane)
    }
    laneNumber[task] = lane
  }
  return { laneNumber, parts }
}

function groupBy(tasks: Int32Array, groupOf: Int32Array, groups: number): Int32Array[] {
  const [sorted, from] = countingSort(tasks, groupOf, groups)
  return Array.from({ length: groups }, (_, group) => sorted.subarray(from[group], from[group + 1]))
}

/** Stable. */
function countingSort(tasks: Int32Array, groupOf: Int32Array, groups: number): [sorted: Int32Array, from: Int32Array] {
  const from = new Int32Array(groups + 1)
  for (const task of tasks) from[(groupOf[task] as number) + 1]!++
  for (let group = 0; group < groups; group++) from[group + 1]! += from[group] as number
  const next = from.slice()
  const sorted = new Int32Array(tasks.length)
  for (const task of tasks) sorted[next[groupOf[task] as number]!++] = task
  return [sorted, from]
}
