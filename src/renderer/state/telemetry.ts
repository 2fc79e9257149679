/** How the telemetry view is arranged, remembered per user, and the scope of its charts over time. */
import { useCallback, useMemo } from 'react'
import { useShallow } from 'zustand/react/shallow'
import { type ChosenMetric, type GroupBy, type MetricForm, groupBy, metricForm } from '#contract/telemetry'
import type { Scope } from '#contract/values'
import { usePref } from './prefs.ts'
import { scopeOf } from './scope.ts'
import { useWorkbench } from './workbench.ts'

export type TelemetryOptions = {
  by: GroupBy
  form: MetricForm
  /** Rows of the charts over time; null: those that people look for first. */
  metrics: string[] | null
  /** What the distribution and the histogram are of; null: what is there. */
  spread: ChosenMetric | null
  /** Axes of the points. */
  x: ChosenMetric | 'start'
  y: ChosenMetric | 'start'
  asTable: boolean
}

const defaults: TelemetryOptions = { by: 'host', form: 'level', metrics: null, spread: null, x: 'start', y: { metric: 'duration', form: 'level' }, asTable: false }

export function useTelemetryOptions(): [TelemetryOptions, (change: Partial<TelemetryOptions>) => void] {
  const [kept, keep] = usePref<Partial<TelemetryOptions>>('telemetry.options', defaults, isOptions)
  const options = useMemo(() => ({ ...defaults, ...kept }), [kept])
  const change = useCallback((next: Partial<TelemetryOptions>) => keep({ ...options, ...next }), [keep, options])
  return [options, change]
}

/** The charts over time show what lies around the chosen range too: it is drawn in them. */
export function useScopeOfAllTime(): Scope {
  const [node, chips, search] = useWorkbench(useShallow((s) => [s.node, s.chips, s.search] as const))
  return useMemo(() => scopeOf({ node, chips, search, range: null }, 'tasks'), [node, chips, search])
}

function isOptions(value: unknown): value is Partial<TelemetryOptions> {
  if (typeof value !== 'object' || value === null) return false
  const { by = defaults.by, form = defaults.form, metrics = null, spread = null, x = defaults.x, y = defaults.y } = value as Record<string, unknown>
  const isMetric = (part: unknown): boolean => typeof part === 'object' && part !== null && typeof (part as ChosenMetric).metric === 'string' && metricForm.safeParse((part as ChosenMetric).form ?? 'level').success
  const isAxis = (part: unknown): boolean => part === 'start' || isMetric(part)
  const isList = metrics === null || (Array.isArray(metrics) && metrics.every((id) => typeof id === 'string'))
  return groupBy.safeParse(by).success && metricForm.safeParse(form).success && isList && (spread === null || isMetric(spread)) && isAxis(x) && isAxis(y)
}
