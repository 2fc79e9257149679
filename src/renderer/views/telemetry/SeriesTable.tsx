/** The charts over time as numbers: a row a stretch, a column a metric and host or activity. */
import type { ReactNode } from 'react'
import type { GroupBy, Metric, MetricForm } from '#contract/telemetry'
import type { Scope } from '#contract/values'
import { count, dateTime } from '../../parts/format.ts'
import { SelectField } from '../../parts/SelectField.tsx'
import type { Zone } from '../../state/appearance.ts'
import { useCall } from '../../state/query.ts'
import type { Range } from '../../state/scope.ts'
import { useState } from 'react'
import { CardState } from '../../parts/CardState.tsx'
import { canDiffer, figure, fullName, isMemory, scaleOf } from './metricWords.ts'
import css from './Telemetry.module.css'

type Props = { sourceId: string; scope: Scope; rows: readonly Metric[]; names: string[]; span: Range; by: GroupBy; form: MetricForm; points: number; zone: Zone }

export function SeriesTable({ sourceId, scope, rows, names, span, by, form, points, zone }: Props): ReactNode {
  const [id, setId] = useState<string | null>(null)
  const metric = rows.find((row) => row.id === id) ?? rows[0]
  const shown = metric && canDiffer(metric) ? form : 'level'
  const answer = useCall('telemetry.series', metric ? { sourceId, scope, metric: metric.id, form: shown, by, groups: names, from: span.from, to: span.to, points } : null)
  const series = answer.data
  if (!metric) return null
  const scale = scaleOf(series?.unit ?? null, Math.max(Math.abs(series?.max ?? 0), Math.abs(series?.min ?? 0)), isMemory(metric.id))
  const cell = (value: number | null | undefined): ReactNode => (value === null || value === undefined ? <span className="null">null</span> : figure(value, scale))
  return (
    <CardState answer={answer}>
      <div className={css['tableBar']}>
        <SelectField name="Metric of the table" value={metric.id} options={rows.map((row) => ({ value: row.id, label: fullName(row) }))} onChange={setId} />
        <span className="f11 t3">
          {scale.unit === '' ? '' : `in ${scale.unit}; `}mean (p10–p90), n tasks in each stretch; {series ? count(series.tasks) : ''} tasks in scope measured it
        </span>
      </div>
      <div className={css['tableScroll']} tabIndex={0} role="group" aria-label="Values over time">
        <table className={css['values']}>
          <thead>
            <tr>
              <th>from</th>
              {series?.groups.map(({ name }) => (
                <th key={name} className="num">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {series?.groups[0]?.means.map((_, index) => (
              <tr key={index}>
                <td>{dateTime(series.from + index * series.binSeconds, zone, series.binSeconds < 1 ? 3 : 0)}</td>
                {series.groups.map((group) => (
                  <td key={group.name} className="num">
                    {group.counts[index] === 0 ? (
                      <span className="null">null</span>
                    ) : (
                      <>
                        {cell(group.means[index])} <span className="t3">({cell(group.p10[index])}–{cell(group.p90[index])})</span>, {count(group.counts[index] ?? 0)}
                      </>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </CardState>
  )
}
