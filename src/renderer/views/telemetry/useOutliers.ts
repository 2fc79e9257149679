/** Which hosts and tasks stand out, by the metrics that are drawn: asked once for all who show it. */
import { useMemo } from 'react'
import type { Metric, MetricForm } from '#contract/telemetry'
import type { Scope } from '#contract/values'
import type { Result } from '#contract/methods'
import { type Answer, useCall } from '../../state/query.ts'
import { canDiffer } from './metricWords.ts'

export const outlierRule = { deviations: 3, share: 0.2, factor: 4 } as const
const listedTasks = 50

export function useOutliers({ sourceId, scope, rows, form }: { sourceId: string; scope: Scope; rows: readonly Metric[]; form: MetricForm }): Answer<Result<'telemetry.outliers'>> {
  const metrics = useMemo(() => rows.map((metric) => ({ metric: metric.id, form: canDiffer(metric) ? form : ('level' as const) })), [rows, form])
  return useCall('telemetry.outliers', { sourceId, scope, metrics, ...outlierRule, limit: listedTasks })
}
