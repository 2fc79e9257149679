/** One metric for each host or activity, all on one scale, with the overall mean in each. */
import { type CSSProperties, type ReactNode, memo } from 'react'
import type { Result } from '#contract/methods'
import type { GroupBy, Metric, MetricForm } from '#contract/telemetry'
import type { Scope } from '#contract/values'
import { classes } from '../../parts/classes.ts'
import { count } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { useCall } from '../../state/query.ts'
import type { Range } from '../../state/scope.ts'
import { Button } from '../../parts/Button.tsx'
import { type Box, type Limits, bandPath, linePath, yOf } from './cellGeometry.ts'
import { type Scale, canDiffer, figure, fullName, iconOf, isMemory, longForm, niceAbove, scaleOf, titleOf, withUnit } from './metricWords.ts'
import css from './Telemetry.module.css'
import { type Brush, useBrush } from './useBrush.ts'

type Series = Result<'telemetry.series'>
const heightPx = 54
/** A mean of the tasks in less than this is noise, and more points cannot be told apart. */
const pointPx = 2

type Props = { sourceId: string; scope: Scope; metric: Metric; form: MetricForm; by: GroupBy; names: string[]; span: Range; cellPx: number; brush: Brush; style: CSSProperties; /** Hosts that stand out in it. */ hot: string[] }

export function MultipleRow({ sourceId, scope, metric, form, by, names, span, cellPx, brush, style, hot }: Props): ReactNode {
  const shown = canDiffer(metric) ? form : 'level'
  const points = Math.min(1000, Math.max(20, Math.floor(cellPx / pointPx)))
  const { data, error, retry } = useCall('telemetry.series', { sourceId, scope, metric: metric.id, form: shown, by, groups: names, from: span.from, to: span.to, points })
  const limits = data ? limitsOf(data, metric, shown) : { low: 0, high: 1 }
  const scale = scaleOf(data?.unit ?? metric.unit, Math.max(Math.abs(limits.high), Math.abs(limits.low)), isMemory(metric.id))
  const mean = data?.mean ?? null
  const isRate = metric.counter && shown === 'level'
  return (
    <div className={css['multiple']} style={style} role="group" aria-label={fullName(metric)}>
      <div className={css['metricName']} title={`${fullName(metric)}${longForm(metric, shown) === '' ? '' : `, ${longForm(metric, shown)}`}${data ? `; measured by ${count(data.tasks)} tasks in scope` : ''}`}>
        <Icon of={iconOf(metric.prefix)} size={14} className="t3" />
        <span className="med ell">{titleOf(metric)}</span>
        <span className="t3 f11 nw">{scale.unit}</span>
        <span className={`mono f11 t3 ell ${css['second']}`}>{metric.name}</span>
        <span className={`f11 t2 ell ${css['second']}`}>{mean === null ? '' : `mean ${figure(mean, scale)}${data && (shown === 'difference' || isRate) ? `, n ${count(data.tasks)}` : ''}`}</span>
      </div>
      <div className={css['limits']} aria-hidden="true">
        <span>{data && data.tasks > 0 ? figure(limits.high, scale) : ''}</span>
        <span>{data && data.tasks > 0 ? figure(limits.low, scale) : ''}</span>
      </div>
      {error && !data && (
        <span className={css['notCaptured']} role="alert">
          <span className="errc ell">{error.message}</span>
          <Button size="small" onClick={retry}>
            Try again
          </Button>
        </span>
      )}
      {data?.tasks === 0 && (
        <span className={css['notCaptured']}>
          <span className="null">null</span>
          <span className="ell">
            No task in this scope recorded <span className="mono f11">{fullName(metric)}</span>
            {(shown === 'difference' || isRate) && ' at both snapshots, which a difference needs'}.
          </span>
        </span>
      )}
      {data && data.tasks > 0 && names.map((name) => {
          // The answer may still be of the columns before.
          const group = data.groups.find((candidate) => candidate.name === name)
          return group ? <Cell key={name} group={group} series={data} limits={limits} scale={scale} cellPx={cellPx} span={span} brush={brush} banded={!isRate} isHot={hot.includes(group.name)} name={titleOf(metric)} /> : <span key={name} className={css['cell']} aria-busy="true" />
        })}
      {!data && !error && names.map((name) => <span key={name} className={css['cell']} aria-busy="true" />)}
    </div>
  )
}

type CellProps = { group: Series['groups'][number]; series: Series; limits: Limits; scale: Scale; cellPx: number; span: Range; brush: Brush; banded: boolean; isHot: boolean; name: string }

function Cell({ group, series, limits, scale, cellPx, span, brush, banded, isHot, name }: CellProps): ReactNode {
  const box = { widthPx: cellPx, heightPx }
  const { bind, x } = useBrush(brush, span, cellPx)
  const index = brush.cursor === null ? null : Math.min(group.means.length - 1, Math.max(0, Math.floor((brush.cursor - series.from) / series.binSeconds)))
  const value = index === null ? null : (group.means[index] ?? null)
  const tasks = index === null ? 0 : (group.counts[index] ?? 0)
  const words = `${group.name}, ${name}: ${group.mean === null ? 'not measured' : `mean ${withUnit(group.mean, scale)}, ${count(group.tasks)} tasks`}`
  return (
    <span className={classes(css['cell'], isHot && css['hot'])}>
      <svg width={cellPx} height={heightPx} role="img" aria-label={words} data-group={group.name} {...bind}>
        <Drawing group={group} limits={limits} mean={series.mean} box={box} banded={banded} />
        {brush.range && (
          <g data-testid="brush">
            <rect x={x(brush.range.from)} y="0" width={Math.max(1, x(brush.range.to) - x(brush.range.from))} height={heightPx} className={css['brushed']} />
            <path d={`M${x(brush.range.from)} 0V${heightPx}M${x(brush.range.to)} 0V${heightPx}`} className={css['brushEdge']} />
          </g>
        )}
        {brush.cursor !== null && <path d={`M${x(brush.cursor)} 0V${heightPx}`} className={css['cursor']} />}
      </svg>
      {index !== null && (
        <span className={css['reading']}>
          {value === null ? <span className="null">null</span> : figure(value, scale)} <span className="t3">n {count(tasks)}</span>
        </span>
      )}
    </span>
  )
}

const Drawing = memo(function Drawing({ group, limits, mean, box: { widthPx }, banded }: { group: Series['groups'][number]; limits: Limits; mean: number | null; box: Box; banded: boolean }): ReactNode {
  const box = { widthPx, heightPx }
  return (
    <>
      <path d={[0.25, 0.5, 0.75].map((part) => `M${Math.round(widthPx * part)} 0V${heightPx}`).join('')} className={css['grid']} />
      {banded && <path d={bandPath(group.p10, group.p90, limits, box)} className={css['band']} />}
      {limits.low < 0 && <path d={`M0 ${yOf(0, limits, box)}H${widthPx}`} className={css['base']} />}
      {mean !== null && <path d={`M0 ${yOf(mean, limits, box)}H${widthPx}`} className={css['overall']} />}
      <path d={`M0 ${heightPx - 0.5}H${widthPx}`} className={css['base']} />
      <path d={linePath(group.means, limits, box)} className={css['line']} />
    </>
  )
})

/** From nought, where nothing lies below it, to a round number above what is drawn. Per cent have their own end. */
function limitsOf(series: Series, metric: Metric, form: MetricForm): Limits {
  const isRate = metric.counter && form === 'level'
  const drawn = series.groups.flatMap(({ means, p10, p90 }) => (isRate ? means : [...means, ...p10, ...p90])).filter((value) => value !== null)
  const values = [...drawn, ...(series.mean === null ? [] : [series.mean])]
  const [least, most] = values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [0, 0])
  const high = form === 'level' && metric.unit === '%' && most <= 100 ? 100 : most > 0 ? inUnits(most, series.unit, metric) : least < 0 ? 0 : 1
  return { low: least < 0 ? -inUnits(-least, series.unit, metric) : 0, high }
}

/** Round in the unit it is written in: 20 GiB, not 2 × 10¹⁰ bytes. */
function inUnits(value: number, unit: string | null, { id }: Metric): number {
  const { divisor } = scaleOf(unit, value, isMemory(id))
  return niceAbove(value / divisor) * divisor
}
