/** Concurrency, errors and telemetry over time: small multiples on one time axis, a line per host. */
import { Cpu, Gauge, HardDrive, type LucideIcon, MemoryStick, Microchip, Network } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Area, Bar, ComposedChart, Line, ReferenceArea, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import type { Gap } from '#contract/live'
import type { Result } from '#contract/methods'
import type { Scope } from '#contract/values'
import { Button } from '../../parts/Button.tsx'
import { clock, count, counted, date, dateTime, decimal, zoneName } from '../../parts/format.ts'
import { GapMark, gapFill } from '../../parts/GapHatch.tsx'
import { gapLines } from '../../parts/gapWords.ts'
import { Icon } from '../../parts/Icon.tsx'
import { useZone } from '../../state/appearance.ts'
import { useCall } from '../../state/query.ts'
import { useSource } from '../../state/sources.ts'
import { useGaps } from '../../state/useGaps.ts'
import { CardState, Nothing } from '../../parts/CardState.tsx'
import css from './Overview.module.css'

type Series = Result<'overview.series'>
type Metric = Series['metrics'][number]
type Zone = 'utc' | 'local'

const shown: Record<Metric['metric'], { name: string; icon: LucideIcon; unit: string; divisor: number }> = {
  cpu: { name: 'CPU', icon: Cpu, unit: '%', divisor: 1 },
  memory: { name: 'Memory', icon: MemoryStick, unit: 'GiB', divisor: 2 ** 30 },
  disk_write: { name: 'Disk write', icon: HardDrive, unit: 'MB/s', divisor: 1e6 },
  network: { name: 'Network', icon: Network, unit: 'MB/s', divisor: 1e6 },
  gpu: { name: 'GPU', icon: Microchip, unit: '%', divisor: 1 }
}
const points = 120
const maxHosts = 2
const margin = { top: 4, right: 0, bottom: 2, left: 0 }
const sync = 'overview'

export function OverTimeCard({ sourceId, scope }: { sourceId: string; scope: Scope }): ReactNode {
  const zone = useZone()
  const [asTable, setAsTable] = useState(false)
  const answer = useCall('overview.series', { sourceId, scope, points, hosts: maxHosts })
  const series = answer.data
  const source = useSource()
  const gaps = useGaps(source ?? notLive)
  const hosts = series?.metrics[0]?.hosts.map(({ hostname }) => hostname) ?? []
  const empty = series !== null && series.times.length === 0
  return (
    <section className={css['card']} aria-label="Over time">
      <header className={css['cardHead']}>
        Over time <span className={css['count']} title="Means over the tasks that ended in each stretch">
          {zoneName(zone, series?.times[0] ?? Date.now() / 1000)}
        </span>
        <span className="grow" />
        {!asTable &&
          hosts.map((host, index) => (
            <span key={host} className={css['hostKey']}>
              <svg width="14" height="4" aria-hidden="true">
                <path d="M0 2H14" className={index === 0 ? css['firstLine'] : css['secondLine']} />
              </svg>
              {host}
            </span>
          ))}
        {series && series.hostsLeftOut > 0 && <span className={css['hostKey']}>+{counted(series.hostsLeftOut, 'host')}</span>}
        {!empty && (
          <Button tone="ghost" size="small" aria-label={asTable ? 'Show as charts' : 'Show as table'} onClick={() => setAsTable(!asTable)}>
            {asTable ? 'As charts' : 'As table'}
          </Button>
        )}
      </header>
      <CardState answer={answer}>
        {empty && <Nothing>No task in scope has a start time.</Nothing>}
        {series && !empty && (asTable ? <AsTable series={series} zone={zone} /> : <Charts series={series} gaps={gapsWithin(gaps, series)} zone={zone} />)}
      </CardState>
    </section>
  )
}

/** Gaps on the time axis of the charts; `from` and `to` as they are drawn: never thinner than can be seen. */
type Band = { gap: Gap; from: number; to: number }
const notLive = { sourceId: '', live: null }

function gapsWithin(gaps: readonly Gap[], { times, binSeconds }: Series): Band[] {
  const [first, last] = [times[0] ?? 0, times.at(-1) ?? 0]
  return gaps.flatMap((gap) => {
    const to = gap.to ?? Date.now() / 1000
    if (to < first || gap.from > last + binSeconds) return []
    const from = Math.min(last - binSeconds, Math.max(first, gap.from))
    return [{ gap, from, to: Math.min(last, Math.max(to, from + binSeconds)) }]
  })
}

/** Functions and not components: the charts look for parts of their own kind among their children. */
const bandsOf = (bands: readonly Band[], axis: string | undefined): ReactNode =>
  bands.map(({ gap, from, to }) => <ReferenceArea key={gap.gapId} x1={from} x2={to} {...(axis !== undefined && { yAxisId: axis })} fill={gapFill} fillOpacity={gap.filled ? 0.5 : 1} stroke="none" ifOverflow="hidden" className="gap-band" />)

const gapWords = (bands: readonly Band[], time: number, binSeconds: number, zone: Zone): string[] => bands.filter(({ from, to }) => time + binSeconds >= from && time <= to).flatMap(({ gap }) => gapLines(gap, zone))

function Charts({ series, gaps, zone }: { series: Series; gaps: readonly Band[]; zone: Zone }): ReactNode {
  const { concurrency, times } = series
  const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
  const data = times.map((time, index) => ({ time, mean: concurrency.mean[index] ?? null, errors: -(concurrency.errors[index] ?? 0) }))
  const mostErrors = Math.max(1, ...concurrency.errors)
  return (
    <div className={css['multiples']}>
      <Row icon={Gauge} name="Concurrency" figure={`${decimal(meanOf(concurrency.mean), 1)}, peak ${count(concurrency.peak)}`} unit="" top={decimal(concurrency.peak, 0)}>
        <ComposedChart data={data} margin={margin} syncId={sync} accessibilityLayer>
          <XAxis dataKey="time" type="number" domain={['dataMin', 'dataMax']} hide />
          <YAxis yAxisId="n" hide domain={[0, Math.max(1, concurrency.peak)]} padding={{ bottom: 10 }} />
          <YAxis yAxisId="e" hide domain={[-mostErrors, mostErrors * 5]} />
          <Tooltip isAnimationActive={false} content={({ active, payload }) => (active && payload?.[0] ? <Tip zone={zone} time={payload[0].payload.time} lines={[`${decimal(payload[0].payload.mean ?? 0, 1)} tasks at once`, `${count(-payload[0].payload.errors)} errors ended`, ...gapWords(gaps, payload[0].payload.time, series.binSeconds, zone)]} /> : null)} />
          <Area yAxisId="n" dataKey="mean" type="stepAfter" isAnimationActive={false} fill="var(--area)" stroke="var(--bar-2)" strokeWidth={1} fillOpacity={1} />
          <Bar yAxisId="e" dataKey="errors" isAnimationActive={false} fill="var(--err-fill)" barSize={2} />
          {bandsOf(gaps, 'n')}
        </ComposedChart>
      </Row>
      {series.metrics.map((metric) => (
        <MetricRow key={metric.metric} metric={metric} times={times} gaps={gaps} binSeconds={series.binSeconds} zone={zone} />
      ))}
      {(['cpu', 'memory'] as const).filter((wanted) => !series.metrics.some(({ metric }) => metric === wanted)).map((missing) => (
        <Row key={missing} icon={shown[missing].icon} name={shown[missing].name} figure="" unit="" top="">
          {null}
        </Row>
      ))}
      <TimeAxis times={times} binSeconds={series.binSeconds} zone={zone} />
      <GapSentence gaps={gaps} zone={zone} />
    </div>
  )
}

function GapSentence({ gaps, zone }: { gaps: readonly Band[]; zone: Zone }): ReactNode {
  const latest = gaps.at(-1)
  if (!latest) return null
  const lines = gapLines(latest.gap, zone)
  return (
    <p className={css['gapSentence']} title={gaps.map(({ gap }) => gapLines(gap, zone).join('\n')).join('\n\n')}>
      <GapMark />
      <span className="ell">
        <b className="med">{lines[0]}</b> {lines.slice(1).join('; ')}
      </span>
      {gaps.length > 1 && <span className="nw t3">and {counted(gaps.length - 1, 'more', 'more')}</span>}
    </p>
  )
}

function MetricRow({ metric, times, gaps, binSeconds, zone }: { metric: Metric; times: readonly number[]; gaps: readonly Band[]; binSeconds: number; zone: Zone }): ReactNode {
  const { name, icon, unit, divisor } = shown[metric.metric]
  const data = times.map((time, index) => Object.fromEntries([['time', time], ...metric.hosts.map(({ values }, host) => [`h${host}`, values[index] == null ? null : (values[index] ?? 0) / divisor])]) as Record<string, number | null>)
  const top = Math.max(...metric.hosts.flatMap(({ values }) => values.map((value) => (value ?? 0) / divisor)), 0)
  const limit = metric.metric === 'cpu' || metric.metric === 'gpu' ? 100 : niceAbove(top)
  return (
    <Row icon={icon} name={name} figure={decimal(metric.mean / divisor, 1)} unit={unit} top={decimal(limit, 2)}>
      <ComposedChart data={data} margin={margin} syncId={sync} accessibilityLayer>
        <XAxis dataKey="time" type="number" domain={['dataMin', 'dataMax']} hide />
        <YAxis hide domain={[0, limit]} />
        <Tooltip
          isAnimationActive={false}
          content={({ active, payload }) =>
            active && payload?.[0] ? <Tip zone={zone} time={payload[0].payload.time} lines={[...metric.hosts.map(({ hostname }, host) => `${hostname} ${payload[0]?.payload[`h${host}`] == null ? 'not measured' : `${decimal(payload[0].payload[`h${host}`], 2)} ${unit}`}`), ...gapWords(gaps, payload[0].payload.time, binSeconds, zone)]} /> : null
          }
        />
        {metric.hosts.map(({ hostname }, host) => (
          <Line key={hostname} dataKey={`h${host}`} type="linear" isAnimationActive={false} dot={alone(metric.hosts[host]?.values ?? [], host === 0 ? 'var(--accent)' : 'var(--text-3)')} activeDot={{ r: 2 }} stroke={host === 0 ? 'var(--accent)' : 'var(--text-3)'} strokeWidth={1.4} {...(host > 0 && { strokeDasharray: '3 2' })} />
        ))}
        {bandsOf(gaps, undefined)}
      </ComposedChart>
    </Row>
  )
}

/** A line is not drawn over what nobody measured; a point without neighbours would then not be seen, so it gets a dot. */
function alone(values: readonly (number | null)[], colour: string) {
  return ({ cx, cy, index, key }: { cx?: number | undefined; cy?: number | undefined; index?: number | undefined; key?: React.Key | null | undefined }): ReactNode => {
    const at = index ?? 0
    const isAlone = values[at] != null && values[at - 1] == null && values[at + 1] == null
    return isAlone && cx !== undefined && cy !== undefined ? <circle key={key} cx={cx} cy={cy} r={1.2} fill={colour} /> : <g key={key} />
  }
}

function Row({ icon, name, figure, unit, top, children }: { icon: LucideIcon; name: string; figure: string; unit: string; top: string; children: ReactNode }): ReactNode {
  return (
    <div className={css['multiple']}>
      <Icon of={icon} size={14} className="t3" />
      <div>
        <div className="med f12">{name}</div>
        <div className="f11 t2">
          {figure === '' ? <span className="t3">not captured</span> : figure} <span className="t3">{unit}</span>
        </div>
      </div>
      {children ? (
        <div className={css['chart']} role="img" aria-label={`${name} over time, mean ${figure} ${unit}`}>
          <ResponsiveContainer width="100%" height="100%">
            {children}
          </ResponsiveContainer>
        </div>
      ) : (
        <div className={css['missing']} />
      )}
      <div className={css['range']}>
        <span>{top}</span>
        <span>{top === '' ? '' : '0'}</span>
      </div>
    </div>
  )
}

function Tip({ zone, time, lines }: { zone: Zone; time: number; lines: string[] }): ReactNode {
  return (
    <div className={css['tip']}>
      <div className="t3">{dateTime(time, zone)}</div>
      {lines.map((line) => (
        <div key={line}>{line}</div>
      ))}
    </div>
  )
}

function TimeAxis({ times, binSeconds, zone }: { times: readonly number[]; binSeconds: number; zone: Zone }): ReactNode {
  const first = times[0] ?? 0
  const last = (times.at(-1) ?? 0) + binSeconds
  const label = labelOf(first, last, zone)
  return (
    <div className={css['timeAxis']} aria-hidden="true">
      <span>{label(first)}</span>
      <span>{label((first + last) / 2)}</span>
      <span>{label(last)}</span>
    </div>
  )
}

function labelOf(first: number, last: number, zone: Zone): (time: number) => string {
  if (last - first < 1) return (time) => clock(time, zone, 3)
  if (last - first < 300) return (time) => clock(time, zone)
  return date(first, zone) === date(last, zone) ? (time) => clock(time, zone, 'minutes') : (time) => dateTime(time, zone, 'minutes').slice(5)
}

function AsTable({ series, zone }: { series: Series; zone: Zone }): ReactNode {
  const { concurrency, metrics, times } = series
  return (
    <div className={css['scroll']} tabIndex={0} role="group" aria-label="Values over time">
      <table className={css['values']}>
        <thead>
          <tr>
            <th>from</th>
            <th className="num">at once</th>
            <th className="num">errors</th>
            {metrics.flatMap((metric) => metric.hosts.map(({ hostname }) => <th key={`${metric.metric} ${hostname}`} className="num">{`${shown[metric.metric].name} ${shown[metric.metric].unit}, ${hostname}`}</th>))}
          </tr>
        </thead>
        <tbody>
          {times.map((time, index) => (
            <tr key={time}>
              <td>{dateTime(time, zone, series.binSeconds < 1 ? 3 : 0)}</td>
              <td className="num">{decimal(concurrency.mean[index] ?? 0, 2)}</td>
              <td className="num">{count(concurrency.errors[index] ?? 0)}</td>
              {metrics.flatMap((metric) =>
                metric.hosts.map(({ hostname, values }) => (
                  <td key={`${metric.metric} ${hostname}`} className="num">
                    {values[index] == null ? <span className="null">null</span> : decimal((values[index] ?? 0) / shown[metric.metric].divisor, 2)}
                  </td>
                ))
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** The next of 1, 2, 5 × 10ⁿ. */
function niceAbove(value: number): number {
  if (!(value > 0)) return 1
  const unit = 10 ** Math.floor(Math.log10(value))
  return unit * ([1, 2, 5, 10].find((step) => step * unit >= value) ?? 10)
}
