/** How many records the scope leaves, of how many: for the status bar, the export button, and wherever a number needs its whole. */
import type { Records } from '#contract/values'
import { useMomentCounts } from './moment.ts'
import { useCall } from './query.ts'
import { useSource } from './sources.ts'
import { useScope } from './useScope.ts'
import { workbench } from './workbench.ts'

export type Matching = { records: Records; matching: number | null; total: number; narrowed: boolean }

export function useMatching(): Matching {
  const source = useSource()
  const records = workbench((s) => s.records)
  const scope = useScope()
  const narrowed = Object.keys(scope.filter).length > 0 || scope.search !== ''
  const { data } = useCall('filter.counts', source && narrowed ? { sourceId: source.sourceId, records, scopes: [scope] } : null)
  const atMoment = useMomentCounts()
  const total = (atMoment ?? source?.counts)?.[records] ?? 0
  return { records, matching: narrowed ? (data?.counts[0] ?? null) : total, total, narrowed }
}

/** `tasks` → `task`, for one of them. */
export const singular = (records: Records): string => records.slice(0, -1)
