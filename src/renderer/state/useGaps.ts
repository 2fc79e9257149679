/** The gaps of a live source, the oldest first: those told with it, or, where there are more, asked for. */
import { useMemo } from 'react'
import type { Gap } from '#contract/live'
import type { Source } from '#contract/sources'
import { useCall } from './query.ts'

const most = 1000
const none: readonly Gap[] = []

export function useGaps({ sourceId, live }: Pick<Source, 'sourceId' | 'live'>): readonly Gap[] {
  const told = live?.gaps ?? none
  const { data } = useCall('live.gaps', live !== null && live.gapCount > told.length ? { sourceId, limit: most } : null)
  const gaps = data && live !== null && live.gapCount > told.length ? data.gaps : told
  return useMemo(() => gaps.toSorted((a, b) => a.from - b.from), [gaps])
}
