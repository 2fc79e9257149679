/** Telemetry: any number that tasks captured, over time, by host and activity, task by task; what stands out, and what is critical. */
import { CircleX } from 'lucide-react'
import { type ReactNode, useMemo, useState } from 'react'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { useCall } from '../../state/query.ts'
import { useSource } from '../../state/sources.ts'
import { useScopeOfAllTime, useTelemetryOptions } from '../../state/telemetry.ts'
import { useTaskScope } from '../../state/useScope.ts'
import { CardState } from '../../parts/CardState.tsx'
import { DistributionCard } from './DistributionCard.tsx'
import { HistogramCard } from './HistogramCard.tsx'
import { MetricPanel } from './MetricPanel.tsx'
import { chosenAtFirst, formOf } from './metricWords.ts'
import { OutliersCard } from './OutliersCard.tsx'
import { OverTimeCard } from './OverTimeCard.tsx'
import { PointsCard } from './PointsCard.tsx'
import { RulesCard } from './RulesCard.tsx'
import css from './Telemetry.module.css'

const mostMetrics = 5000
/** Sent in every question about hosts, so bounded. */
const mostRows = 16

export function Telemetry(): ReactNode {
  const source = useSource()
  const scope = useTaskScope()
  const scopeOfAllTime = useScopeOfAllTime()
  const [options, change] = useTelemetryOptions()
  const [search, setSearch] = useState('')
  const sourceId = source?.sourceId ?? ''
  const answer = useCall('telemetry.metrics', source ? { sourceId, scope: scopeOfAllTime, limit: mostMetrics } : null)
  const metrics = useMemo(() => answer.data?.metrics ?? [], [answer.data])
  const rows = useMemo(() => {
    const known = new Map(metrics.map((metric) => [metric.id, metric]))
    const chosen = (options.metrics ?? chosenAtFirst(metrics)).flatMap((id) => known.get(id) ?? [])
    return (chosen.length === 0 && options.metrics !== null && options.metrics.length > 0 ? chosenAtFirst(metrics).flatMap((id) => known.get(id) ?? []) : chosen).slice(0, mostRows)
  }, [metrics, options.metrics])
  if (!source) return null
  if (source.state === 'failed') {
    return (
      <EmptyState icon={CircleX} tone="error" title={`${source.name} could not be read`}>
        {source.error}
      </EmptyState>
    )
  }
  if (!answer.data) return <CardState answer={answer} />
  const params = { sourceId, scope }
  const first = metrics.find(({ id }) => id === 'telemetry.cpu.times_avg.user') ?? rows[0] ?? metrics.find(({ id }) => id === 'duration') ?? metrics[0]
  const spread = options.spread && metrics.some(({ id }) => id === options.spread?.metric) ? options.spread : first ? { metric: first.id, form: formOf(first) } : null
  const listed = answer.data
  return (
    <div className={css['view']}>
      <MetricPanel
        listed={listed}
        sourceId={sourceId}
        scope={scopeOfAllTime}
        search={search}
        onSearch={setSearch}
        chosen={rows.map(({ id }) => id)}
        most={mostRows}
        onChosen={(next) => change({ metrics: next })}
        spread={spread?.metric ?? null}
        onSpread={(metric) => change({ spread: { metric: metric.id, form: formOf(metric) } })}
      />
      <div className={css['cards']} tabIndex={0} role="group" aria-label="Telemetry">
        <OverTimeCard sourceId={sourceId} scope={scopeOfAllTime} narrowed={scope} listed={listed} rows={rows} />
        <div className={css['three']}>
          <DistributionCard {...params} metrics={metrics} chosen={spread} onChosen={(next) => change({ spread: next })} />
          <OutliersCard {...params} rows={rows} metrics={metrics} />
          <RulesCard {...params} />
        </div>
        <div className={css['two']}>
          <HistogramCard {...params} metrics={metrics} chosen={spread} />
          <PointsCard {...params} metrics={metrics} x={options.x} y={options.y} onAxes={change} />
        </div>
      </div>
    </div>
  )
}
