/** How long the tasks of each activity took in either run: medians on one axis, and their difference. */
import { type ReactNode, useState } from 'react'
import type { Result } from '#contract/methods'
import { Button } from '../../parts/Button.tsx'
import { classes } from '../../parts/classes.ts'
import { count, counted } from '../../parts/format.ts'
import { useCall } from '../../state/query.ts'
import { type Axis, axisAround, placeOn, ticksOf } from './axisTicks.ts'
import css from './Compare.module.css'
import { CompareCard, Nothing } from './CompareCard.tsx'
import { SideKey } from './SideMark.tsx'
import type { PairParams } from './TwoRuns.tsx'
import { figureDifference, figureText, percentText, timeUnit } from './valueText.ts'

type Activity = Result<'compare.activities'>['activities'][number]

const plotPx = 136
const pageSize = 50

export function DurationsCard({ params }: { params: PairParams }): ReactNode {
  const [limit, setLimit] = useState(pageSize)
  const answer = useCall('compare.activities', { ...params, limit })
  const activities = answer.data?.activities ?? []
  const medians = activities.flatMap(({ a, b }) => [a?.p50 ?? null, b?.p50 ?? null].filter((value) => value !== null))
  const { unit, perSecond } = timeUnit(Math.max(...medians, 0))
  const positive = medians.filter((value) => value > 0).map((value) => value * perSecond)
  const log = positive.length > 0 && positive.length === medians.length
  const axis = axisAround(Math.min(...(log ? positive : [0])), Math.max(...positive, 0), log)
  const left = (answer.data?.total ?? 0) - activities.length
  return (
    <CompareCard title="Duration by activity" note={`median, ${unit}${log ? ', log scale' : ''}`} tools={<SideKey />} answer={answer}>
      {activities.length === 0 ? (
        <Nothing>No task of these runs has an activity and both times.</Nothing>
      ) : (
        <div role="table" aria-label="Duration by activity" aria-rowcount={answer.data?.total} className={css['durations']} tabIndex={0}>
          <div role="row" className={classes(css['durationRow'], css['heads2'])}>
            <span role="columnheader">activity</span>
            <span role="columnheader" className="num">
              A n
            </span>
            <span role="columnheader" className="num">
              B n
            </span>
            <span role="columnheader" className={css['plotHead']}>
              <span className="hidden">medians</span>
              <PlotAxis axis={axis} />
            </span>
            <span role="columnheader" className="num">
              A {unit}
            </span>
            <span role="columnheader" className="num">
              B {unit}
            </span>
            <span role="columnheader" className="num">
              B − A
            </span>
            <span role="columnheader" className="num">
              %
            </span>
          </div>
          {activities.map((activity) => (
            <DurationRow key={activity.activity ?? '\u0000'} activity={activity} axis={axis} perSecond={perSecond} unit={unit} />
          ))}
        </div>
      )}
      {left > 0 && (
        <div className={css['more']}>
          <Button tone="link" size="small" disabled={limit >= 1000} onClick={() => setLimit(Math.min(1000, limit + pageSize))}>
            {limit >= 1000 ? `${counted(left, 'more activity', 'more activities')}, not listed` : `Show ${count(Math.min(pageSize, left))} more of ${count(answer.data?.total ?? 0)}`}
          </Button>
        </div>
      )}
    </CompareCard>
  )
}

function PlotAxis({ axis }: { axis: Axis }): ReactNode {
  const ticks = ticksOf(axis, 3)
  return (
    <svg width={plotPx + 14} height="14" viewBox={`-7 0 ${plotPx + 14} 14`} aria-hidden="true">
      {ticks.map((tick) => (
        <text key={tick} x={placeOn(axis, tick) * plotPx} y="11" textAnchor="middle">
          {figureText(tick)}
        </text>
      ))}
    </svg>
  )
}

function DurationRow({ activity: { activity, a, b, difference, percent }, axis, perSecond, unit }: { activity: Activity; axis: Axis; perSecond: number; unit: string }): ReactNode {
  const own = (side: Activity['a']): number | null => (side?.p50 == null ? null : side.p50 * perSecond)
  const [inA, inB] = [own(a), own(b)]
  const x = (value: number): number => Number((placeOn(axis, value) * plotPx).toFixed(1))
  const text = (value: number | null): ReactNode => (value === null ? <span className="null">none</span> : figureText(value))
  const busy = (side: Activity['a']): string => (side ? `${counted(side.tasks, 'task')}, ${counted(side.errors, 'error')}, busy ${figureText(side.busySeconds * perSecond)} ${unit}` : 'no tasks')
  return (
    <div role="row" className={css['durationRow']} title={`A: ${busy(a)}\nB: ${busy(b)}`}>
      <span role="cell" className="ell">
        {activity ?? <span className="null">no activity</span>}
      </span>
      <span role="cell" className="num t2">
        {count(a?.tasks ?? 0)}
      </span>
      <span role="cell" className={classes('num', (a?.tasks ?? 0) === (b?.tasks ?? 0) ? 't2' : 'waitc')}>
        {count(b?.tasks ?? 0)}
      </span>
      <span role="cell">
        <svg width={plotPx + 14} height="18" viewBox={`-7 0 ${plotPx + 14} 18`} aria-hidden="true">
          {ticksOf(axis, 3).map((tick) => (
            <path key={tick} d={`M${x(tick)} 0v18`} className={css['gridLine']} />
          ))}
          {inA !== null && inB !== null && <path d={`M${x(inA)} 9H${x(inB)}`} stroke="var(--line-3)" strokeWidth="2" />}
          {inA !== null && <circle cx={x(inA)} cy="9" r="4" fill="var(--a)" />}
          {inB !== null && <rect x={x(inB) - 3.5} y="5.5" width="7" height="7" fill="var(--b)" />}
        </svg>
      </span>
      <span role="cell" className="num">
        {text(inA)}
      </span>
      <span role="cell" className="num">
        {text(inB)}
      </span>
      <span role="cell" className={classes('num med', (difference ?? 0) > 0 && 'waitc')}>
        {difference === null ? '' : figureDifference(difference * perSecond)}
      </span>
      <span role="cell" className="num t2">
        {percent === null ? '' : percentText(percent, 0)}
      </span>
    </div>
  )
}
