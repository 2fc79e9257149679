/** Which hosts and tasks stand out, by the metrics that are drawn: asked once for all who show it. */
import { useMemo } from 'react'
import type { Metric } from '#contract/telemetry'
import type { Scope } from '#contract/values'
import type { Result } from '#contract/methods'
import { type Answer, useCall } from '../../state/query.ts'

export const outlierRule = { deviations: 3, share: 0.2, factor: 4 } as const
const listedTasks = 50

export function useOutliers({ sourceId, scope, rows }: { sourceId: string; scope: Scope; rows: readonly Metric[] }): Answer<Result<'telemetry.outliers'>> {
  // Levels and rates: the mean of differences either way is about nought, and of nought no share can be taken.
  const metrics = useMemo(() => rows.map(({ id }) => ({ metric: id, form: 'level' as const })), [rows])
  return useCall('telemetry.outliers', { sourceId, scope, metrics, ...outlierRule, limit: listedTasks })
}
