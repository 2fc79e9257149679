/** Each activity with its tasks, errors and durations as a box on a log axis; a click leaves only its tasks. */
import { type KeyboardEvent, type ReactNode, useState } from 'react'
import type { Result } from '#contract/methods'
import type { Scope } from '#contract/values'
import { Button } from '../../parts/Button.tsx'
import { count, counted, decimal } from '../../parts/format.ts'
import { Menu } from '../../parts/Menu.tsx'
import { useCall } from '../../state/query.ts'
import { workbench } from '../../state/workbench.ts'
import { CardState, Nothing } from '../../parts/CardState.tsx'
import css from './Overview.module.css'

type Activity = Result<'overview.activities'>['activities'][number]
type Sort = 'busy' | 'tasks' | 'errors' | 'p50' | 'p95' | 'name'
const sorts: Record<Sort, string> = { busy: 'busy time', tasks: 'tasks', errors: 'errors', p50: 'median', p95: 'p95', name: 'name' }
const boxPx = 200
const firstActivities = 100

export function ActivitiesCard({ sourceId, scope }: { sourceId: string; scope: Scope }): ReactNode {
  const [sort, setSort] = useState<Sort>('busy')
  const [limit, setLimit] = useState(firstActivities)
  const answer = useCall('overview.activities', { sourceId, scope, sort, limit })
  const { total, activities } = answer.data ?? { total: 0, activities: [] }
  const axis = axisOf(activities)
  const unit = unitOf(activities)
  const choose = (activity: Activity): void => workbench.getState().addChips([{ activity_id: activity.activity }], { replace: 'activity_id' })
  return (
    <section className={css['card']} aria-label="Activities">
      <header className={css['cardHead']}>
        Activities
        <Menu
          name="Order of activities"
          align="start"
          trigger={
            <button type="button" className={css['figureButton']}>
              {count(total)}, by {sorts[sort]}
            </button>
          }
          items={(Object.keys(sorts) as Sort[]).map((by) => ({ label: `By ${sorts[by]}`, checked: by === sort, run: () => setSort(by) }))}
        />
        <span className="grow" />
        <span className={css['hint']}>box p25–p75, line p50, whiskers p5–p95, ring max</span>
      </header>
      <CardState answer={answer}>
        <div className={css['scroll']} role="table" aria-label="Activities" aria-rowcount={total + 1}>
          <div className={`${css['activity']} ${css['columns']}`} role="row">
            <span role="columnheader">activity</span>
            <span role="columnheader" className="num">
              tasks
            </span>
            <span role="columnheader" className="num">
              errors
            </span>
            <span role="columnheader">
              <Axis axis={axis} />
            </span>
            {[`p50 ${unit.name}`, `p95 ${unit.name}`, 'busy %', 'cpu s', 'write MB', 'net MB'].map((name) => (
              <span key={name} role="columnheader" className="num">
                {name}
              </span>
            ))}
          </div>
          {activities.map((activity) => (
            <div
              key={activity.activity ?? '\u0000'}
              role="row"
              tabIndex={0}
              className={css['activity']}
              onClick={() => choose(activity)}
              onKeyDown={(event: KeyboardEvent) => (event.key === 'Enter' || event.key === ' ') && (event.preventDefault(), choose(activity))}
            >
              <span role="cell" className="ell" title={activity.activity ?? undefined}>
                {activity.activity ?? <span className="null">no activity_id</span>}
              </span>
              <span role="cell" className="num">
                {count(activity.tasks)}
              </span>
              <span role="cell" className={activity.errors > 0 ? 'num errc' : 'num t3'}>
                {count(activity.errors)}
              </span>
              <span role="cell">{activity.quantiles ? <Box quantiles={activity.quantiles} axis={axis} name={activity.activity ?? ''} tasks={activity.timed} /> : <span className="f11 t3">no ended_at recorded</span>}</span>
              <Amount value={activity.quantiles ? activity.quantiles.p50 * unit.perSecond : null} />
              <Amount value={activity.quantiles ? activity.quantiles.p95 * unit.perSecond : null} />
              <Amount value={activity.quantiles ? activity.busyShare * 100 : null} digits={1} />
              <Amount value={activity.cpuSeconds} />
              <Amount value={activity.writeBytes === null ? null : activity.writeBytes / 1e6} />
              <Amount value={activity.netBytes === null ? null : activity.netBytes / 1e6} />
            </div>
          ))}
          {activities.length < total && (
            <div role="row" className={css['moreRow']}>
              <span role="cell">
                <Button tone="link" size="small" onClick={() => setLimit(1000)} disabled={limit >= 1000}>
                  {count(activities.length)} of {count(total)} activities shown{limit < 1000 ? '. Show more' : '; narrow the filter to see the others'}
                </Button>
              </span>
            </div>
          )}
          {total === 0 && <Nothing>No tasks in scope.</Nothing>}
        </div>
      </CardState>
    </section>
  )
}

/** Three significant digits: a column of durations is compared by size, not by digits. */
function Amount({ value, digits }: { value: number | null; digits?: number }): ReactNode {
  const text = value === null ? null : digits !== undefined ? decimal(value, digits) : threeDigits(value)
  return (
    <span role="cell" className="num" title={value === null ? undefined : String(value)}>
      {text ?? <span className="null">null</span>}
    </span>
  )
}

/** As wide as its column has room for. */
function threeDigits(value: number): string {
  if (Math.abs(value) >= 100) return decimal(value, 0)
  return value !== 0 && Math.abs(value) < 0.001 ? value.toExponential(1) : decimal(Number(value.toPrecision(3)), 6)
}

/** One unit for all: seconds, unless even the longest median is far below one. */
function unitOf(activities: readonly Activity[]): { name: string; perSecond: number } {
  const longest = Math.max(0, ...activities.map(({ quantiles }) => quantiles?.p50 ?? 0))
  if (longest === 0 || longest >= 0.1) return { name: 's', perSecond: 1 }
  return longest >= 1e-4 ? { name: 'ms', perSecond: 1e3 } : { name: 'µs', perSecond: 1e6 }
}

type LogAxis = { low: number; high: number; ticks: number[] }

/** Whole decades around all durations; at most five ticks. */
function axisOf(activities: readonly Activity[]): LogAxis {
  const values = activities.flatMap(({ quantiles }) => (quantiles ? [quantiles.min, quantiles.p5, quantiles.max] : [])).filter((value) => value > 0)
  const low = Math.floor(Math.log10(Math.min(...values, 1)))
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values, 1))))
  const from = values.length === 0 ? -2 : Math.max(low, high - 8)
  const to = values.length === 0 ? 2 : high
  const step = Math.ceil((to - from) / 4)
  return { low: from, high: to, ticks: Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step) }
}

const place = (seconds: number, { low, high }: LogAxis): number => {
  const at = seconds > 0 ? (Math.log10(seconds) - low) / (high - low) : 0
  return 4 + Math.min(1, Math.max(0, at)) * (boxPx - 8)
}

function Axis({ axis }: { axis: LogAxis }): ReactNode {
  return (
    <svg width={boxPx} height="16" aria-hidden="true" className={css['axis']}>
      {axis.ticks.map((tick, index) => (
        <text key={tick} x={4 + ((tick - axis.low) / (axis.high - axis.low)) * (boxPx - 8)} y="12" textAnchor={index === 0 ? 'start' : tick === axis.high ? 'end' : 'middle'}>
          {tick >= -3 && tick <= 4 ? String(Number(`1e${tick}`)) : `1e${tick}`}
          {tick === axis.ticks.at(-1) ? ' s' : ''}
        </text>
      ))}
    </svg>
  )
}

function Box({ quantiles, axis, name, tasks }: { quantiles: NonNullable<Activity['quantiles']>; axis: LogAxis; name: string; tasks: number }): ReactNode {
  const x = (value: number): number => place(value, axis)
  const words = `${name}: median ${quantiles.p50.toPrecision(3)} s, half between ${quantiles.p25.toPrecision(3)} and ${quantiles.p75.toPrecision(3)} s, longest ${quantiles.max.toPrecision(3)} s; ${counted(tasks, 'task')}`
  return (
    <svg width={boxPx} height="16" role="img" aria-label={words} className={css['plot']}>
      <title>{words}</title>
      {axis.ticks.map((tick) => (
        <path key={tick} d={`M${4 + ((tick - axis.low) / (axis.high - axis.low)) * (boxPx - 8)} 0V16`} className={css['grid']} />
      ))}
      <path d={`M${x(quantiles.p5)} 8H${x(quantiles.p95)}M${x(quantiles.p5)} 5V11M${x(quantiles.p95)} 5V11`} className={css['whisker']} />
      <rect x={x(quantiles.p25)} y="3.5" width={Math.max(2, x(quantiles.p75) - x(quantiles.p25))} height="9" rx="1" className={css['quartiles']} />
      <path d={`M${x(quantiles.p50)} 3.5V12.5`} className={css['median']} />
      <circle cx={x(quantiles.max)} cy="8" r="2" className={css['ring']} />
    </svg>
  )
}
