/** How a metric is spread in each activity: quantiles as boxes on one axis. */
import { type ReactNode, useState } from 'react'
import type { Result } from '#contract/methods'
import type { ChosenMetric, Metric } from '#contract/telemetry'
import type { Scope } from '#contract/values'
import { Button } from '../../parts/Button.tsx'
import { count, counted } from '../../parts/format.ts'
import { useCall } from '../../state/query.ts'
import { workbench } from '../../state/workbench.ts'
import { CardState, Nothing } from '../../parts/CardState.tsx'
import { AsTable } from './AsTable.tsx'
import { BoxPlot, axisOver } from './BoxPlot.tsx'
import { MetricField } from './MetricField.tsx'
import { type Scale, canDiffer, figure, formOf, formWords, fullName, isMemory, scaleOf, titleOf, withUnit } from './metricWords.ts'
import css from './Telemetry.module.css'

type Distribution = Result<'telemetry.distribution'>
type Group = Distribution['groups'][number]
const listed = 100

export function DistributionCard({ sourceId, scope, metrics, chosen, onChosen }: { sourceId: string; scope: Scope; metrics: readonly Metric[]; chosen: ChosenMetric | null; onChosen: (chosen: ChosenMetric) => void }): ReactNode {
  const [asTable, setAsTable] = useState(false)
  const metric = metrics.find(({ id }) => id === chosen?.metric)
  const form = chosen?.form ?? 'level'
  const answer = useCall('telemetry.distribution', metric ? { sourceId, scope, metric: metric.id, form, by: 'activity', limit: listed } : null)
  const data = answer.data
  const scale = scaleOf(data?.unit ?? null, Math.max(Math.abs(data?.max ?? 0), Math.abs(data?.min ?? 0)), metric !== undefined && isMemory(metric.id))
  const axis = data && data.min !== null && data.max !== null ? axisOver({ min: data.min, minPositive: data.minPositive, max: data.max }) : null
  if (!metric) {
    return (
      <section className={css['card']} aria-label="Distribution by activity">
        <header className={css['cardHead']}>Distribution by activity</header>
        <Nothing>No task of this source has a number.</Nothing>
      </section>
    )
  }
  return (
    <section className={css['card']} aria-label="Distribution by activity">
      <header className={css['cardHead']}>
        <MetricField name="Metric of the distribution" metrics={metrics} value={fullName(metric)} onChange={(id) => onChosen({ metric: id, form: formOf(metrics.find((known) => known.id === id) ?? metric) })} />
        <span className={`${css['note']} ell`}>
          by activity
        </span>
        <span className="grow" />
        {canDiffer(metric) && (
          <Button tone="ghost" size="small" aria-label={`${metric.counter && form === 'level' ? 'rate' : formWords[form]} is shown; show the ${form === 'difference' ? (metric.counter ? 'rate' : 'level') : 'difference'} instead`} onClick={() => onChosen({ metric: metric.id, form: form === 'level' ? 'difference' : 'level' })}>
            {metric.counter && form === 'level' ? 'rate' : formWords[form]}
          </Button>
        )}
        <AsTable on={asTable} onChange={setAsTable} />
      </header>
      <CardState answer={answer}>
        {data && data.tasks === 0 && <Nothing>No task in scope recorded {fullName(metric)}{form === 'difference' || metric.counter ? ' at both snapshots' : ''}.</Nothing>}
        {data && data.tasks > 0 && axis && (asTable ? <Quantiles data={data} scale={scale} /> : <Boxes data={data} scale={scale} axis={axis} />)}
        {data && data.tasks > 0 && <Foot data={data} scale={scale} log={axis?.log ?? false} needsBoth={form === 'difference' || metric.counter} name={titleOf(metric)} />}
      </CardState>
    </section>
  )
}

const choose = (group: Group): void => workbench.getState().addChips([{ activity_id: group.name }], { replace: 'activity_id' })

function Boxes({ data, scale, axis }: { data: Distribution; scale: Scale; axis: ReturnType<typeof axisOver> }): ReactNode {
  return (
    <div className={css['scroll']} role="table" aria-label="Distribution by activity" tabIndex={0}>
      <div className={`${css['boxRow']} ${css['columns']}`} role="row">
        <span role="columnheader">activity</span>
        <span role="columnheader" aria-label={axis.log ? 'spread on a logarithmic axis' : 'spread'}>
          <BoxPlot.Axis axis={axis} scale={scale} />
        </span>
        <span role="columnheader" className="num">
          p50 {scale.unit}
        </span>
        <span role="columnheader" className="num">
          p95 {scale.unit}
        </span>
      </div>
      {data.groups.flatMap((group) =>
        group.quantiles === null ? (
          []
        ) : (
          <div key={group.name ?? '\u0000'} role="row" className={css['boxRow']}>
            <span role="cell" className="ell">
              <button type="button" className={`${css['rowButton']} ell`} title={`Only ${group.name ?? 'tasks without activity_id'}`} onClick={() => choose(group)}>
                {group.name ?? <span className="null">no activity_id</span>}
              </button>
            </span>
            <span role="cell">
              <BoxPlot axis={axis} quantiles={group.quantiles} words={`${group.name}: median ${withUnit(group.quantiles.p50, scale)}, half between ${withUnit(group.quantiles.p25, scale)} and ${withUnit(group.quantiles.p75, scale)}, greatest ${withUnit(group.quantiles.max, scale)}; ${counted(group.measured, 'task')}`} />
            </span>
            <span role="cell" className="num">
              {figure(group.quantiles.p50, scale)}
            </span>
            <span role="cell" className="num">
              {figure(group.quantiles.p95, scale)}
            </span>
          </div>
        )
      )}
    </div>
  )
}

const quantileNames = ['min', 'p5', 'p25', 'p50', 'p75', 'p95', 'max'] as const

function Quantiles({ data, scale }: { data: Distribution; scale: Scale }): ReactNode {
  return (
    <div className={css['scroll']} tabIndex={0} role="group" aria-label="Quantiles by activity">
      <table className={css['values']}>
        <thead>
          <tr>
            <th>activity</th>
            {['n', ...quantileNames].map((name) => (
              <th key={name} className="num">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.groups.map(({ name, measured, quantiles }) => (
            <tr key={name ?? '\u0000'}>
              <td>{name ?? <span className="null">null</span>}</td>
              <td className="num">{count(measured)}</td>
              {quantileNames.map((of) => (
                <td key={of} className="num">
                  {quantiles ? figure(quantiles[of], scale) : <span className="null">null</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Foot({ data, scale, log, needsBoth, name }: { data: Distribution; scale: Scale; log: boolean; needsBoth: boolean; name: string }): ReactNode {
  const top = data.groups.reduce<Group | null>((best, group) => ((group.quantiles?.max ?? -Infinity) > (best?.quantiles?.max ?? -Infinity) ? group : best), null)
  const empty = data.groups.filter(({ quantiles }) => quantiles === null)
  const names = empty.slice(0, 3).map((group) => group.name ?? 'tasks without activity_id')
  return (
    <p className={css['foot']}>
      {counted(data.tasks, 'task')}{log && ', logarithmic axis'}. Ring: maximum{top?.quantiles ? `, ${withUnit(top.quantiles.max, scale)} in ${top.name ?? 'no activity'}` : ''}.
      {data.empty > 0 && names.length > 0 && ` ${names.join(', ')}${data.empty > names.length ? ` and ${count(data.empty - names.length)} more` : ''} ${data.empty === 1 ? 'has' : 'have'} ${needsBoth ? 'not both snapshots' : `no ${name}`}.`}
      {data.groups.length < data.total && ` ${count(data.groups.length)} of ${count(data.total)} activities are listed; narrow the scope to see the others.`}
    </p>
  )
}
