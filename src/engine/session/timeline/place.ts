/** Where a task stands in the timeline. */
import type { Params, Result } from '#contract/methods'
import type { SourceTable } from '../table/sourceTable.ts'
import { laneIndex, type LaneSet } from './laneIndex.ts'
import { taskNumber } from './taskIds.ts'

export async function timelinePlace(table: SourceTable, params: Params<'timeline.place'>, signal: AbortSignal): Promise<Result<'timeline.place'>> {
  const { inner, outer, times } = await laneIndex(table, params, signal)
  const task = await taskNumber(table, times, params.taskId, signal)
  if (task < 0 || Number.isNaN(times.start[task])) return { place: null }
  const sets = [outer, inner()].filter((set): set is LaneSet => set !== null)
  const end = times.end[task] as number
  const levels = sets.map(({ level }) => level[task] as number)
  return {
    place: {
      lanes: sets.map(({ laneNumber, laneOf }) => laneOf[laneNumber[task] as number]?.key ?? ''),
      levels,
      level: levels.at(-1) ?? 0,
      start: times.start[task] as number,
      end: Number.isNaN(end) ? null : end
    }
  }
}
