/** Two numbers of each task as points; where there are more tasks than marks can be told apart, as counted cells, and as tasks again on zoom. */
import { ZoomOut } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import type { Result } from '#contract/methods'
import type { ChosenMetric, Metric } from '#contract/telemetry'
import type { Scope } from '#contract/values'
import { Button } from '../../parts/Button.tsx'
import { count, counted } from '../../parts/format.ts'
import { IconButton } from '../../parts/IconButton.tsx'
import { useWidthPx } from '../../parts/useWidthPx.ts'
import { useZone } from '../../state/appearance.ts'
import { useCall } from '../../state/query.ts'
import type { TelemetryOptions } from '../../state/telemetry.ts'
import { CardState, Nothing } from '../../parts/CardState.tsx'
import { AsTable } from './AsTable.tsx'
import { MetricField } from './MetricField.tsx'
import { formOf, fullName, isMemory, scaleOf } from './metricWords.ts'
import { type AxisWords, PointsPlot } from './PointsPlot.tsx'
import { PointsTable } from './PointsTable.tsx'
import css from './Telemetry.module.css'

export type Points = Result<'telemetry.points'>
export type Window = NonNullable<Points['shown']>
type Axis = ChosenMetric | 'start'
/** As many circles as can be told apart and drawn at once. */
const mostMarks = 2000
const cellPx = 4
export const plotHeightPx = 190

type Props = { sourceId: string; scope: Scope; metrics: readonly Metric[]; x: Axis; y: Axis; onAxes: (change: Partial<Pick<TelemetryOptions, 'x' | 'y'>>) => void }

export function PointsCard({ sourceId, scope, metrics, x: wantedX, y: wantedY, onAxes }: Props): ReactNode {
  const [ref, widthPx] = useWidthPx(500)
  const [window, setWindow] = useState<Window | null>(null)
  const [logY, setLogY] = useState(false)
  const [asTable, setAsTable] = useState(false)
  const zone = useZone()
  const x = known(wantedX, metrics)
  const y = known(wantedY, metrics)
  const axesKey = JSON.stringify([x, y, logY])
  useEffect(() => setWindow(null), [sourceId, scope, axesKey])
  const plotPx = Math.max(120, widthPx - 24 - 52)
  const answer = useCall('telemetry.points', { sourceId, scope, x, y, logX: false, logY: logY && y !== 'start', marks: mostMarks, columns: Math.min(500, Math.floor(plotPx / cellPx)), rows: Math.floor(plotHeightPx / cellPx), window })
  const data = answer.data
  const [wordsX, wordsY] = [axisWords(x, metrics, data, 'x'), axisWords(y, metrics, data, 'y')]
  const fields = (name: string, axis: Axis, onChange: (axis: Axis) => void): ReactNode => (
    <MetricField name={name} metrics={metrics} first={[{ key: 'start', label: 'start time' }]} value={axis === 'start' ? 'start time' : nameOf(axis, metrics)} onChange={(id) => onChange(id === 'start' ? 'start' : { metric: id, form: formOf(metrics.find((metric) => metric.id === id) ?? { counter: false }) })} />
  )
  return (
    <section ref={ref} className={css['card']} aria-label="Tasks">
      <header className={css['cardHead']}>
        Tasks
        {fields('Vertical axis', y, (next) => onAxes({ y: next }))}
        <span className={css['note']}>by</span>
        {fields('Horizontal axis', x, (next) => onAxes({ x: next }))}
        <span className="grow" />
        {window && <IconButton small name="Show all tasks" icon={ZoomOut} onClick={() => setWindow(null)} />}
        {y !== 'start' && (
          <Button tone="ghost" size="small" aria-pressed={logY} aria-label="Logarithmic vertical axis" onClick={() => setLogY(!logY)}>
            log
          </Button>
        )}
        <AsTable on={asTable} onChange={setAsTable} />
      </header>
      {data && (
        <p className={css['tally']}>
          {counted(data.inWindow, 'task')}
          {window && ` of ${count(data.tasks)}`}
          {data.points ? '' : ', counted in cells: drag over some to see each task'}
          {data.leftOut > 0 && `; ${count(data.leftOut)} at or below 0 left out`}
        </p>
      )}
      <CardState answer={answer}>
        {data && data.shown === null && <Nothing>No task in scope has both numbers.</Nothing>}
        {data && data.shown !== null && (asTable ? <PointsTable data={data} x={wordsX} y={wordsY} zone={zone} logY={logY} plotPx={plotPx} onZoom={setWindow} /> : <PointsPlot data={data} x={wordsX} y={wordsY} zone={zone} logY={logY && y !== 'start'} plotPx={plotPx} onZoom={setWindow} />)}
      </CardState>
    </section>
  )
}

/** A number that the source has; another source may not. */
function known(axis: Axis, metrics: readonly Metric[]): Axis {
  if (axis === 'start' || metrics.some(({ id }) => id === axis.metric)) return axis
  return 'start'
}

function nameOf(axis: ChosenMetric, metrics: readonly Metric[]): string {
  const metric = metrics.find(({ id }) => id === axis.metric)
  return metric ? `${axis.form === 'difference' ? 'Δ ' : ''}${fullName(metric)}` : axis.metric
}

function axisWords(axis: Axis, metrics: readonly Metric[], data: Points | null, of: 'x' | 'y'): AxisWords {
  if (axis === 'start') return { name: 'start time', isTime: true, scale: { unit: '', divisor: 1 } }
  const [from, to] = of === 'x' ? [data?.shown?.fromX, data?.shown?.toX] : [data?.shown?.fromY, data?.shown?.toY]
  return { name: nameOf(axis, metrics), isTime: false, scale: scaleOf((of === 'x' ? data?.unitX : data?.unitY) ?? null, Math.max(Math.abs(from ?? 0), Math.abs(to ?? 0)), isMemory(axis.metric)) }
}
