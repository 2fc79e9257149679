/** How the timeline is arranged: as the address says, else as it was last; the inspector shows the critical path by the same choices. */
import { useCallback } from 'react'
import { type LaneBy, laneBy } from '#contract/timeline'
import { usePref } from './prefs.ts'
import { workbench } from './workbench.ts'

export type LaneSort = 'start' | 'tasks' | 'busy' | 'errors' | 'name'
export type TimelineOptions = {
  by: LaneBy
  within: LaneBy | null
  sort: LaneSort
  /** Whether the critical path is drawn and listed. */
  critical: boolean
  /** Whether equal values tie tasks together, besides what was captured. */
  inferred: boolean
  asTable: boolean
}

export const laneSorts = ['start', 'tasks', 'busy', 'errors', 'name'] as const
const defaults: TimelineOptions = { by: 'activity', within: null, sort: 'start', critical: true, inferred: true, asTable: false }

export function useTimelineOptions(): [TimelineOptions, (change: Partial<TimelineOptions>) => void] {
  const [kept, keep] = usePref<Partial<TimelineOptions>>('timeline.options', defaults, isOptions)
  const shown = workbench((s) => s.lanes)
  const options = { ...defaults, ...kept, ...(shown && { by: shown.by, within: shown.within }) }
  const { by, within, sort, critical, inferred, asTable } = options
  const change = useCallback(
    (next: Partial<TimelineOptions>) => {
      const all = { by, within, sort, critical, inferred, asTable, ...next }
      keep(all)
      workbench.getState().setLanes({ by: all.by, within: all.within, window: workbench.getState().lanes?.window ?? null })
    },
    [keep, by, within, sort, critical, inferred, asTable]
  )
  // A lane within itself is itself.
  return [within === by ? { ...options, within: null } : options, change]
}

function isOptions(value: unknown): value is Partial<TimelineOptions> {
  if (typeof value !== 'object' || value === null) return false
  const { by = defaults.by, within = null, sort = defaults.sort } = value as Record<string, unknown>
  const isBy = (kind: unknown): boolean => laneBy.safeParse(kind).success
  return isBy(by) && (within === null || isBy(within)) && (laneSorts as readonly unknown[]).includes(sort)
}
