/** The first value that differs along the dataflow, and that field over all tasks of both runs. */
import { GitCommitHorizontal } from 'lucide-react'
import type { ReactNode } from 'react'
import { CartesianGrid, ComposedChart, Line, ReferenceArea, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import type { Result } from '#contract/methods'
import { Button } from '../../parts/Button.tsx'
import { count, counted } from '../../parts/format.ts'
import { showTask } from '../../state/compare.ts'
import { useCall } from '../../state/query.ts'
import { workbench } from '../../state/workbench.ts'
import { axisAround, ticksOf } from './axisTicks.ts'
import css from './Compare.module.css'
import { CompareCard, Nothing, ValueTable } from './CompareCard.tsx'
import { SideKey, SideMark } from './SideMark.tsx'
import type { PairParams } from './TwoRuns.tsx'
import { cellText, exactText, numberText, shortNumber } from './valueText.ts'

type Divergence = Result<'compare.divergence'>
type First = NonNullable<Divergence['first']>
type Series = NonNullable<Divergence['series']>

/** Of points drawn with marks; beyond, the line says it better. */
const mostMarks = 60

export function DivergenceCard({ params }: { params: PairParams }): ReactNode {
  const answer = useCall('compare.divergence', params)
  const { first, series } = answer.data ?? { first: null, series: null }
  const drawable = series !== null && series.a.length + series.b.length > 1
  return (
    <CompareCard
      title="First divergent value"
      answer={answer}
      tools={
        <>
          {drawable && <SideKey />}
          {first && (
            <Button tone="ghost" size="small" icon={GitCommitHorizontal} onClick={() => toDataflow(params.b.sourceId, first)} title={`What ${first.field} of B was made from`}>
              Open in Dataflow
            </Button>
          )}
        </>
      }
      {...(drawable && { table: <AsTable series={series} /> })}
    >
      {first ? <FirstValue first={first} params={params} /> : <Nothing>No generated value of matched tasks differs.</Nothing>}
      {drawable && <Chart series={series} first={first} />}
      {series && drawable && (
        <p className={css['caption']}>
          <span className="mono">{leafOf(series.field)}</span> by {series.by === 'order' ? 'order' : <span className="mono">{series.by}</span>}
          {series.log && ', log scale'}
          {series.total > series.a.length && `; ${count(series.a.length)} of ${counted(series.total, 'point')} drawn, evenly`}
        </p>
      )}
    </CompareCard>
  )
}

function FirstValue({ first, params }: { first: First; params: PairParams }): ReactNode {
  const { activity, field, from, a, b, taskA, taskB } = first
  return (
    <div className={css['first']}>
      <span className="med nw">{activity ?? 'no activity'}</span>
      <span className="mono f11 t2 ell" title={field}>
        {field}
      </span>
      {(
        [
          ['a', a, taskA, params.a.sourceId],
          ['b', b, taskB, params.b.sourceId]
        ] as const
      ).map(([side, value, task, sourceId]) => (
        <button key={side} type="button" className={css['firstValue']} title={`${exactText(value)}\ntask ${task}`} onClick={() => showTask(sourceId, task)}>
          <SideMark side={side} /> <span className="mono ell">{cellText(value)}</span>
        </button>
      ))}
      {from !== null && (
        <span className="f11 t2 ell">
          from <span className="mono">{from}</span>
        </span>
      )}
    </div>
  )
}

const leafOf = (field: string): string => field.replace(/^(used|generated)\./, '')

function Chart({ series, first }: { series: Series; first: First | null }): ReactNode {
  const { a, b, log, field, by } = series
  const values = [...a, ...b].map(([, value]) => value)
  const places = [...a, ...b].map(([place]) => place)
  const axis = axisAround(Math.min(...values), Math.max(...values), log)
  const [least, most] = [Math.min(...places), Math.max(...places)]
  const longer = extraOf(a, b)
  // One row a place, so that the tooltip holds both runs.
  const rows = new Map<number, { place: number; a: number | null; b: number | null }>()
  for (const [side, points] of [['a', a], ['b', b]] as const) for (const [place, value] of points) rows.set(place, { ...(rows.get(place) ?? { place, a: null, b: null }), [side]: value })
  const data = [...rows.values()].toSorted((one, other) => one.place - other.place)
  const divergence = first && first.field === field ? placeOfFirst(data) : null
  return (
    <div className={css['divergence']} role="group" aria-label={`${field} by ${by}${log ? ', log scale' : ''}: ${counted(a.length, 'point')} of A, ${count(b.length)} of B`}>
      <ResponsiveContainer width="100%" height="100%">
        <ComposedChart data={data} margin={{ top: 8, right: 16, bottom: 0, left: 0 }} accessibilityLayer>
          <CartesianGrid vertical={false} stroke="var(--grid)" />
          <XAxis dataKey="place" type="number" domain={[least, most]} ticks={ticksOf({ from: least, to: most, log: false }, 7)} tickFormatter={shortNumber} tickLine={false} axisLine={false} tick={{ fontSize: 11, fill: 'var(--text-3)' }} height={22} padding={{ left: 2, right: 8 }} />
          <YAxis type="number" scale={axis.log ? 'log' : 'linear'} domain={[axis.from, axis.to]} ticks={ticksOf(axis)} tickFormatter={shortNumber} allowDataOverflow tickLine={false} axisLine={false} tick={{ fontSize: 11, fill: 'var(--text-3)' }} width={48} />
          {longer && <ReferenceArea x1={longer.from} x2={most} fill={`var(--${longer.side}-tint)`} fillOpacity={1} stroke="none" label={{ value: `${count(longer.points)} only in ${longer.side.toUpperCase()}`, position: 'insideTopRight', style: { fill: `var(--${longer.side})` } }} />}
          {divergence !== null && <ReferenceLine x={divergence} stroke="var(--accent)" strokeWidth={1.5} label={{ value: `first divergence, ${by === 'order' ? 'place' : leafOf(by)} ${shortNumber(divergence)}`, position: 'insideBottomLeft', style: { fill: 'var(--accent)', fontWeight: 520 }, offset: 10 }} />}
          <Line dataKey="a" stroke="var(--a)" strokeWidth={1.6} isAnimationActive={false} connectNulls dot={a.length <= mostMarks ? circle : false} activeDot={{ r: 4, fill: 'var(--a)', stroke: 'var(--content)' }} />
          <Line dataKey="b" stroke="var(--b)" strokeWidth={1.6} isAnimationActive={false} connectNulls dot={b.length <= mostMarks ? square : false} activeDot={{ r: 4, fill: 'var(--b)', stroke: 'var(--content)' }} />
          <Tooltip isAnimationActive={false} cursor={{ stroke: 'var(--line-3)' }} content={({ active, payload }) => (active && payload?.[0] ? <Tip place={payload[0].payload as (typeof data)[number]} by={by} /> : null)} />
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  )
}

type Point = { place: number; a: number | null; b: number | null }

const placeOfFirst = (data: readonly Point[]): number | null => data.find(({ a, b }) => a !== null && b !== null && a !== b)?.place ?? null

/** The end that only one run has. */
function extraOf(a: Series['a'], b: Series['b']): { side: 'a' | 'b'; from: number; points: number } | null {
  const [endA, endB] = [Math.max(...a.map(([place]) => place)), Math.max(...b.map(([place]) => place))]
  if (a.length === 0 || b.length === 0 || endA === endB) return null
  const [side, points, end] = endA > endB ? (['a', a, endB] as const) : (['b', b, endA] as const)
  const beyond = points.filter(([place]) => place > end)
  return { side, from: (end + Math.min(...beyond.map(([place]) => place))) / 2, points: beyond.length }
}

type DotProps = { cx?: number | undefined; cy?: number | undefined; key?: React.Key | null | undefined; value?: unknown }
const circle = ({ cx, cy, key }: DotProps): ReactNode => (cx === undefined || cy === undefined || Number.isNaN(cy) || cy === null ? <g key={key} /> : <circle key={key} cx={cx} cy={cy} r={3} fill="var(--a)" />)
const square = ({ cx, cy, key }: DotProps): ReactNode => (cx === undefined || cy === undefined || Number.isNaN(cy) || cy === null ? <g key={key} /> : <rect key={key} x={cx - 3} y={cy - 3} width={6} height={6} fill="var(--b)" />)

function Tip({ place, by }: { place: Point; by: string }): ReactNode {
  return (
    <div className={css['tip']}>
      <div className="t3">
        {by} {numberText(place.place)}
      </div>
      <div>A {place.a === null ? 'has none' : numberText(place.a)}</div>
      <div>B {place.b === null ? 'has none' : numberText(place.b)}</div>
    </div>
  )
}

function AsTable({ series: { a, b, by, field } }: { series: Series }): ReactNode {
  const of = (points: Series['a']): Map<number, number> => new Map(points)
  const [inA, inB] = [of(a), of(b)]
  const places = [...new Set([...inA.keys(), ...inB.keys()])].toSorted((one, other) => one - other)
  const text = (value: number | undefined): string | null => (value === undefined ? null : String(value))
  return <ValueTable name={`${field} by ${by}`} head={[by, 'A', 'B']} rows={places.map((place) => [String(place), text(inA.get(place)), text(inB.get(place))])} />
}

function toDataflow(sourceId: string, { taskB, field }: First): void {
  const state = workbench.getState()
  state.openSource(sourceId)
  state.selectTask(taskB)
  state.openLineage({ taskId: taskB, column: field, direction: 'up', to: null })
}
