/** The lanes of a timeline: how many tasks stand in each, when, for how long, and how many sub-rows they need. */
import type { Params, Result } from '#contract/methods'
import type { Lane } from '#contract/timeline'
import { Refusal } from '#contract/reply'
import type { Filter } from '../query/valueFilter.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { type LaneIndex, laneIndex, laneKey, type LaneParts, type LaneTasks } from './laneIndex.ts'
import { statusCode, type TaskTimes } from './taskTimes.ts'
import { latestKnown } from './latestKnown.ts'

type Given = Params<'timeline.lanes'>
type Figures = Omit<Lane, 'filter' | 'name' | 'hasLanes'>

export async function timelineLanes(table: SourceTable, params: Given, signal: AbortSignal): Promise<Result<'timeline.lanes'>> {
  const [index, knownTo] = await Promise.all([laneIndex(table, params, signal), latestKnown(table, params.sourceId, signal)])
  const chosen = lanesOf(index, params.parent)
  const named = chosen.map((lane) => ({ lane, name: nameOf(index, lane.parts), ...figuresOf(index.times, lane) }))
  named.sort(comparing(params.sort))
  const isOuter = params.parent === null
  return {
    revision: table.revision,
    ...spanOf(index.times),
    knownTo,
    ...countsOf(index.times),
    total: chosen.length,
    lanes: named.slice(params.offset, params.offset + params.limit).map(({ lane, ...own }) => ({ ...own, filter: filterOf(index, lane.parts), hasLanes: isOuter && params.within !== null }))
  }
}

function lanesOf(index: LaneIndex, parent: string | null): readonly LaneTasks[] {
  if (parent === null) return index.outer.laneOf
  const outer = index.outer.lanes.get(parent)
  const inner = index.inner()
  if (outer === undefined || inner === null) throw new Refusal('not-found', `There is no lane ${parent.slice(0, 120)} with lanes within it.`)
  return inner.laneOf.filter(({ parts }) => laneKey([parts[0]]) === parent)
}

function nameOf({ kinds }: LaneIndex, parts: LaneParts): string | null {
  const part = parts.at(-1) ?? null
  return part === null ? null : (kinds[parts.length - 1]?.name(part) ?? part)
}

function filterOf({ kinds }: LaneIndex, parts: LaneParts): Filter | null {
  const filters = parts.map((part, at) => kinds[at]?.filter(part) ?? null)
  const [outer = null, inner] = filters
  if (inner === undefined) return outer
  return outer === null || inner === null ? null : { $and: [outer, inner] }
}

const known = new WeakMap<LaneTasks, Figures>()

function figuresOf(times: TaskTimes, lane: LaneTasks): Figures {
  const figures = known.get(lane) ?? computeFigures(times, lane)
  known.set(lane, figures)
  return figures
}

function computeFigures(times: TaskTimes, { key, tasks, errors, byStart, levelAt }: LaneTasks): Figures {
  const durations = new Float64Array(byStart.length)
  let [timed, running, busySeconds, to] = [0, 0, 0, -Infinity]
  for (const task of byStart) {
    const [start, end, until] = [times.start[task] as number, times.end[task] as number, times.until[task] as number]
    if (until === Infinity && times.status[task] === statusCode.RUNNING) running++
    to = Math.max(to, until === Infinity ? start : until)
    if (Number.isNaN(end)) continue
    durations[timed++] = end - start
    busySeconds += end - start
  }
  const first = byStart[0]
  return {
    key,
    tasks,
    timed: byStart.length,
    errors,
    running,
    p50: median(durations.subarray(0, timed)),
    busySeconds,
    from: first === undefined ? null : (times.start[first] as number),
    to: first === undefined ? null : to,
    levels: levelAt.length - 1
  }
}

/** Sorts the values where they stand. */
export function median(values: Float64Array): number | null {
  if (values.length === 0) return null
  values.sort()
  const middle = values.length >> 1
  return values.length % 2 === 1 ? (values[middle] as number) : ((values[middle - 1] as number) + (values[middle] as number)) / 2
}

type Named = Figures & { name: string | null }

function comparing(sort: Given['sort']): (one: Named, other: Named) => number {
  const byName = (one: Named, other: Named): number =>
    one.name === null || other.name === null ? Number(one.name === null) - Number(other.name === null) : one.name.localeCompare(other.name) || (one.key < other.key ? -1 : 1)
  const byStart = (one: Named, other: Named): number => (one.from ?? Infinity) - (other.from ?? Infinity) || 0
  switch (sort) {
    case 'start':
      return (one, other) => byStart(one, other) || byName(one, other)
    case 'name':
      return byName
    case 'busy':
      return (one, other) => other.busySeconds - one.busySeconds || byName(one, other)
    case 'tasks':
    case 'errors':
      return (one, other) => other[sort] - one[sort] || byName(one, other)
  }
}

function spanOf({ order, start, submitted, until }: TaskTimes): { from: number | null; to: number | null } {
  let [from, to] = [Infinity, -Infinity]
  for (const task of order) {
    const own = start[task] as number
    from = Math.min(from, own, Number.isNaN(submitted[task]) ? own : (submitted[task] as number))
    to = Math.max(to, until[task] === Infinity ? own : (until[task] as number))
  }
  return order.length === 0 ? { from: null, to: null } : { from, to }
}

function countsOf({ count, impossible, order, start }: TaskTimes): { tasks: number; timed: number; untimed: number; impossible: number } {
  let [untimed, wrong] = [0, 0]
  for (let task = 0; task < count; task++) {
    if (impossible[task] === 1) wrong++
    else if (Number.isNaN(start[task])) untimed++
  }
  return { tasks: count, timed: order.length, untimed, impossible: wrong }
}
