/** How many tasks have which value of a metric. */
import { type KeyboardEvent, type ReactNode, useState } from 'react'
import type { Result } from '#contract/methods'
import type { ChosenMetric, Metric } from '#contract/telemetry'
import type { Scope } from '#contract/values'
import { Button } from '../../parts/Button.tsx'
import { count, counted } from '../../parts/format.ts'
import { useWidthPx } from '../../parts/useWidthPx.ts'
import { useCall } from '../../state/query.ts'
import { CardState, Nothing } from '../../parts/CardState.tsx'
import { AsTable } from './AsTable.tsx'
import { type Scale, figure, fullName, isMemory, longForm, scaleOf, withUnit } from './metricWords.ts'
import css from './Telemetry.module.css'

type Histogram = Result<'telemetry.histogram'>
const heightPx = 150
const barPx = 7

export function HistogramCard({ sourceId, scope, metrics, chosen }: { sourceId: string; scope: Scope; metrics: readonly Metric[]; chosen: ChosenMetric | null }): ReactNode {
  const [log, setLog] = useState(false)
  const [asTable, setAsTable] = useState(false)
  const [ref, widthPx] = useWidthPx(400)
  const metric = metrics.find(({ id }) => id === chosen?.metric)
  const form = chosen?.form ?? 'level'
  const bins = Math.min(200, Math.max(10, Math.floor((widthPx - 24) / barPx)))
  const answer = useCall('telemetry.histogram', metric ? { sourceId, scope, metric: metric.id, form, bins, log } : null)
  const data = answer.data
  const scale = scaleOf(data?.unit ?? null, Math.max(Math.abs(data?.to ?? 0), Math.abs(data?.from ?? 0)), metric !== undefined && isMemory(metric.id))
  return (
    <section ref={ref} className={css['card']} aria-label="Histogram">
      <header className={css['cardHead']}>
        <span className="mono f11 ell">{metric ? fullName(metric) : 'Histogram'}</span>
        <span className={`${css['note']} ell`}>
          {metric && [longForm(metric, form), scale.unit].filter(Boolean).join(', ')}
          {data && data.leftOut > 0 && `; ${count(data.leftOut)} at or below 0 left out`}
        </span>
        <span className="grow" />
        <Button tone="ghost" size="small" aria-pressed={log} aria-label="Logarithmic axis" onClick={() => setLog(!log)}>
          log
        </Button>
        <AsTable on={asTable} onChange={setAsTable} />
      </header>
      <CardState answer={metric ? answer : { data: {}, error: null, retry: () => undefined }}>
        {(!metric || (data && (data.from === null || data.to === null))) && <Nothing>No task in scope has a value{log ? ' above 0' : ''}.</Nothing>}
        {data && data.from !== null && data.to !== null && (asTable ? <Table data={data} log={log} scale={scale} /> : <Bars data={data} log={log} scale={scale} widthPx={widthPx - 24} name={metric ? fullName(metric) : ''} />)}
      </CardState>
    </section>
  )
}

/** Lower edge of a bin; of the one after the last, the upper edge. */
function edge({ counts, from, to }: Histogram, index: number, log: boolean): number {
  const [low, high, part] = [from ?? 0, to ?? 0, index / Math.max(1, counts.length)]
  return log ? low * (high / low) ** part : low + (high - low) * part
}

function Bars({ data, log, scale, widthPx, name }: { data: Histogram; log: boolean; scale: Scale; widthPx: number; name: string }): ReactNode {
  const [at, setAt] = useState<number | null>(null)
  const most = Math.max(1, ...data.counts)
  const step = widthPx / data.counts.length
  const plotPx = heightPx - 18
  const press = (event: KeyboardEvent): void => {
    const moves: Record<string, number> = { ArrowRight: Math.min(data.counts.length - 1, (at ?? -1) + 1), ArrowLeft: Math.max(0, (at ?? data.counts.length) - 1), Home: 0, End: data.counts.length - 1 }
    const to = moves[event.key]
    if (to === undefined) return
    event.preventDefault()
    setAt(to)
  }
  const shown = at === null ? null : Math.min(at, data.counts.length - 1)
  return (
    <div className={css['histogram']} tabIndex={0} role="group" aria-label={`Histogram of ${name}; arrow keys go from bar to bar`} onKeyDown={press} onBlur={() => setAt(null)}>
      <p className={css['readout']} aria-live="polite">
        {shown !== null ? `${withUnit(edge(data, shown, log), scale)} to ${withUnit(edge(data, shown + 1, log), scale)}: ${counted(data.counts[shown] ?? 0, 'task')}` : `${counted(data.tasks, 'task')}, mean ${data.mean === null ? '–' : withUnit(data.mean, scale)}, median ${data.p50 === null ? '–' : withUnit(data.p50, scale)}, up to ${counted(most, 'task')} a bar`}
      </p>
      <svg width={widthPx} height={heightPx} role="img" aria-label={`${name}: ${counted(data.tasks, 'task')} between ${withUnit(data.from ?? 0, scale)} and ${withUnit(data.to ?? 0, scale)}${log ? ', logarithmic' : ''}`} onPointerMove={(event) => setAt(Math.min(data.counts.length - 1, Math.max(0, Math.floor((event.clientX - event.currentTarget.getBoundingClientRect().left) / step))))} onPointerLeave={() => setAt(null)}>
        {data.counts.map((tasks, index) => (
          // A bar with a single task is still to be seen.
          <rect key={index} x={index * step} y={plotPx - (tasks === 0 ? 0 : Math.max(1, (tasks / most) * (plotPx - 4)))} width={Math.max(1, step - 1)} height={tasks === 0 ? 0 : Math.max(1, (tasks / most) * (plotPx - 4))} className={index === shown ? css['barHot'] : css['bar']} />
        ))}
        <path d={`M0 ${plotPx + 0.5}H${widthPx}`} className={css['base']} />
        {[0, 0.5, 1].map((part) => (
          <text key={part} x={part * widthPx} y={heightPx - 3} textAnchor={part === 0 ? 'start' : part === 1 ? 'end' : 'middle'}>
            {part === 1 ? withUnit(edge(data, data.counts.length, log), scale) : figure(edge(data, data.counts.length * part, log), scale)}
          </text>
        ))}
      </svg>
    </div>
  )
}

function Table({ data, log, scale }: { data: Histogram; log: boolean; scale: Scale }): ReactNode {
  return (
    <div className={css['scroll']} tabIndex={0} role="group" aria-label="Histogram as table">
      <table className={css['values']}>
        <thead>
          <tr>
            <th className="num">from {scale.unit}</th>
            <th className="num">to {scale.unit}</th>
            <th className="num">tasks</th>
          </tr>
        </thead>
        <tbody>
          {data.counts.map((tasks, index) => (
            <tr key={index}>
              <td className="num">{figure(edge(data, index, log), scale)}</td>
              <td className="num">{figure(edge(data, index + 1, log), scale)}</td>
              <td className="num">{count(tasks)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
