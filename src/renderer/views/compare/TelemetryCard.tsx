/** What the tasks of either run took of the machine: means over the tasks that measured it. */
import type { ReactNode } from 'react'
import type { Result } from '#contract/methods'
import { classes } from '../../parts/classes.ts'
import { count } from '../../parts/format.ts'
import { useCall } from '../../state/query.ts'
import css from './Compare.module.css'
import { CompareCard, Nothing } from './CompareCard.tsx'
import { SideMark } from './SideMark.tsx'
import type { PairParams } from './TwoRuns.tsx'
import { byteUnit, figureDifference, figureText, percentText, timeUnit } from './valueText.ts'

type Row = Result<'compare.telemetry'>['rows'][number]

export function TelemetryCard({ params }: { params: PairParams }): ReactNode {
  const answer = useCall('compare.telemetry', params)
  const rows = answer.data?.rows ?? []
  return (
    <CompareCard title="Telemetry" note="means over the tasks that measured it" answer={answer}>
      {rows.length === 0 ? (
        <Nothing>No task of these runs captured telemetry.</Nothing>
      ) : (
        <div role="table" aria-label="Telemetry" className={css['telemetry']} tabIndex={0}>
          <div role="row" className={classes(css['telemetryRow'], css['heads2'])}>
            <span role="columnheader">metric</span>
            <span role="columnheader" className="num">
              A n
            </span>
            <span role="columnheader" className="num">
              B n
            </span>
            <span role="columnheader" className="num">
              <SideMark side="a" />
            </span>
            <span role="columnheader" className="num">
              <SideMark side="b" />
            </span>
            <span role="columnheader" className="num">
              B − A
            </span>
            <span role="columnheader" className="num">
              %
            </span>
          </div>
          {rows.map((row) => (
            <MetricRow key={row.metric} row={row} />
          ))}
        </div>
      )}
    </CompareCard>
  )
}

function MetricRow({ row: { metric, unit, a, b, tasksA, tasksB, difference, percent } }: { row: Row }): ReactNode {
  const scale = scaleOf(unit, Math.max(Math.abs(a ?? 0), Math.abs(b ?? 0)))
  const text = (value: number | null): ReactNode => (value === null ? <span className="null">none</span> : figureText(value * scale.factor))
  return (
    <div role="row" className={css['telemetryRow']}>
      <span role="cell" className="ell" title={metric}>
        {metric} <span className="t3">{scale.unit}</span>
      </span>
      <span role="cell" className="num t2">
        {count(tasksA)}
      </span>
      <span role="cell" className={classes('num', tasksA === tasksB ? 't2' : 'waitc')}>
        {count(tasksB)}
      </span>
      <span role="cell" className={classes('num', css['value'])} data-side="a">
        {text(a)}
      </span>
      <span role="cell" className={classes('num', css['value'])} data-side="b">
        {text(b)}
      </span>
      <span role="cell" className="num">
        {difference === null || difference === 0 ? '' : figureDifference(difference * scale.factor)}
      </span>
      <span role="cell" className="num t2">
        {percent === null || percent === 0 ? '' : percentText(percent)}
      </span>
    </div>
  )
}

/** Sizes and lengths of time in the unit that suits the larger of the two. */
function scaleOf(unit: string | null, most: number): { unit: string; factor: number } {
  if (unit === 'bytes' || unit === 'B') {
    const { unit: name, perByte } = byteUnit(most)
    return { unit: name, factor: perByte }
  }
  if (unit === 's' || unit === 'seconds') {
    const { unit: name, perSecond } = timeUnit(most)
    return { unit: name, factor: perSecond }
  }
  return { unit: unit ?? '', factor: 1 }
}
