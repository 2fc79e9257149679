/** Small multiples: a row a metric, a column a host or an activity, one time axis, one brush. */
import { ChevronLeft, ChevronRight, ZoomIn } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import type { Result } from '#contract/methods'
import type { Metric } from '#contract/telemetry'
import type { Scope } from '#contract/values'
import { count, counted } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { IconButton } from '../../parts/IconButton.tsx'
import { Segmented } from '../../parts/Segmented.tsx'
import { Tag } from '../../parts/Tag.tsx'
import { useWidthPx } from '../../parts/useWidthPx.ts'
import { useZone } from '../../state/appearance.ts'
import { useCall } from '../../state/query.ts'
import type { Range } from '../../state/scope.ts'
import { useTelemetryOptions } from '../../state/telemetry.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import { CardState, Nothing } from '../../parts/CardState.tsx'
import { firstMetrics, titleOf } from './metricWords.ts'
import { MultipleRow } from './MultipleRow.tsx'
import { NotCaptured } from './NotCaptured.tsx'
import { SeriesTable } from './SeriesTable.tsx'
import { TimeAxes } from './TimeAxes.tsx'
import css from './Telemetry.module.css'
import { useOutliers } from './useOutliers.ts'

type Listed = Result<'telemetry.metrics'>
const labelPx = 158
const gapPx = 12
const leastCellPx = 150
const mostColumns = 8

/** @param narrowed the scope with the chosen range, by which hosts stand out or not */
export function OverTimeCard({ sourceId, scope, narrowed, listed, rows }: { sourceId: string; scope: Scope; narrowed: Scope; listed: Listed; rows: readonly Metric[] }): ReactNode {
  const zone = useZone()
  const [{ asTable, by, form }, change] = useTelemetryOptions()
  const range = useWorkbench((s) => s.range)
  const [ref, widthPx] = useWidthPx(900)
  const [offset, setOffset] = useState(0)
  const [draft, setDraft] = useState<Range | null>(null)
  const [cursor, setCursor] = useState<number | null>(null)
  const [zoomed, setZoomed] = useState(false)
  const columns = Math.min(mostColumns, Math.max(1, Math.floor((widthPx - 24 - labelPx + gapPx) / (leastCellPx + gapPx))))
  useEffect(() => setOffset(0), [sourceId, by, columns, scope])
  const answer = useCall('telemetry.groups', { sourceId, scope, by, offset, limit: columns })
  const outliers = useOutliers({ sourceId, scope: narrowed, rows })
  const groups = answer.data
  // The answer may still be the one before, of more columns.
  const heads = groups?.groups.slice(0, columns) ?? []
  const names = heads.map(({ name }) => name)
  const cellPx = Math.floor((widthPx - 24 - labelPx - gapPx * names.length) / Math.max(1, names.length))
  const whole = groups && groups.from !== null && groups.to !== null ? { from: groups.from, to: groups.to } : null
  const span = zoomed && range && whole ? { from: Math.max(range.from, whole.from), to: Math.min(range.to, whole.to) } : whole
  const [one, many] = by === 'host' ? ['host', 'hosts'] : ['activity', 'activities']
  const brush = { range: draft ?? (zoomed ? null : range), onDraft: setDraft, onDone: (next: Range | null) => (setDraft(null), workbench.getState().setRange(next)), cursor, onCursor: setCursor }
  const missing = firstMetrics.filter(({ prefix }) => listed.measured > 0 && !listed.metrics.some((metric) => metric.telemetry && metric.prefix === prefix))
  return (
    <section ref={ref} className={css['card']} aria-label="Over time">
      <header className={css['cardHead']}>
        Over time by {one}
        {groups && (
          <span className={`${css['note']} ell`}>
            {count(names.length)} of {counted(groups.total, one, many)}, {zone === 'utc' ? 'UTC' : 'local'}
            {groups.unnamed > 0 && `; ${counted(groups.unnamed, 'task')} without ${by === 'host' ? 'a hostname' : 'an activity_id'} ${groups.unnamed === 1 ? 'is' : 'are'} left out`}
          </span>
        )}
        <span className="grow" />
        <Keys many={many} form={form} />
        {groups && groups.total > columns && (
          <>
            <IconButton small name={`Previous ${many}`} icon={ChevronLeft} disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - columns))} />
            <span className={css['note']}>
              {offset + 1}–{Math.min(groups.total, offset + columns)}
            </span>
            <IconButton small name={`Next ${many}`} icon={ChevronRight} disabled={offset + columns >= groups.total} onClick={() => setOffset(offset + columns)} />
          </>
        )}
        {range && <IconButton small name={zoomed ? 'Show all of the time' : 'Zoom in to the range'} icon={ZoomIn} pressed={zoomed} onClick={() => setZoomed(!zoomed)} />}
        <Segmented
          name="Levels or differences"
          value={form}
          options={[
            { value: 'level', label: 'Levels' },
            { value: 'difference', label: 'Start → end' }
          ]}
          onChange={(next) => change({ form: next })}
        />
      </header>
      <CardState answer={answer}>
        {listed.measured === 0 && listed.both === 0 && <NoTelemetry listed={listed} />}
        {groups && whole === null && <Nothing>No task in scope has a time, so nothing can be drawn over it. What was measured is below.</Nothing>}
        {groups && span && names.length === 0 && <Nothing>{by === 'host' ? 'No task in scope names its host. Choose Activity above.' : 'No task in scope has an activity_id.'}</Nothing>}
        {span && names.length > 0 && rows.length === 0 && <Nothing>Choose what is to be drawn on the left.</Nothing>}
        {span && names.length > 0 && rows.length > 0 && (asTable ? (
          <SeriesTable sourceId={sourceId} scope={scope} rows={rows} names={names} span={span} by={by} form={form} points={Math.max(10, Math.floor(cellPx / 4))} zone={zone} />
        ) : (
          <div className={css['multiples']} onPointerLeave={() => setCursor(null)}>
            <div className={`${css['multiple']} ${css['heads']}`} style={gridOf(names.length)}>
              <span className="f11 t3">one scale a row</span>
              <span />
              {heads.map(({ name, tasks }) => (
                <span key={name} className={css['head']}>
                  <button type="button" className={`${css['headName']} ell`} title={`Only ${name}`} onClick={() => workbench.getState().addChips([{ [by === 'host' ? 'hostname' : 'activity_id']: name }], { replace: by === 'host' ? 'hostname' : 'activity_id' })}>
                    {name}
                  </button>
                  <span className="t3">{count(tasks)}</span>
                  {by === 'host' && <HostMarks host={name} outliers={outliers.data} listed={listed} />}
                </span>
              ))}
            </div>
            {rows.map((metric) => (
              <MultipleRow key={metric.id} sourceId={sourceId} scope={scope} metric={metric} form={form} by={by} names={names} span={span} cellPx={cellPx} brush={brush} style={gridOf(names.length)} hot={by === 'host' && form === 'level' ? (outliers.data?.outliers ?? []).flatMap((found) => (found.metric === metric.id ? [found.host] : [])) : []} />
            ))}
            {missing.map(({ icon, name, prefix }) => (
              <div key={prefix} className={css['multiple']} style={gridOf(names.length)}>
                <span className={css['metricName']}>
                  <Icon of={icon} size={14} className="t3" />
                  <span className="med">{name}</span>
                </span>
                <span />
                <NotCaptured prefix={prefix} listed={listed} />
              </div>
            ))}
            <TimeAxes count={names.length} span={span} range={draft ?? (zoomed ? null : range)} zone={zone} style={gridOf(names.length)} />
          </div>
        ))}
      </CardState>
    </section>
  )
}

const gridOf = (columns: number) => ({ gridTemplateColumns: `124px 22px repeat(${columns}, minmax(0, 1fr))` })

function Keys({ many, form }: { many: string; form: 'level' | 'difference' }): ReactNode {
  return (
    <span className={css['keys']}>
      <span title={form === 'level' ? 'Of counters: all growth between the snapshots of the tasks, over their durations' : 'Of end − start'}>
        <svg width="16" height="6" aria-hidden="true">
          <path d="M0 3h16" className={css['line']} />
        </svg>
        mean
      </span>
      <span title="Eight of ten tasks lie in it; not drawn for rates, whose spread is far wider than their mean">
        <svg width="16" height="8" aria-hidden="true">
          <rect width="16" height="8" className={css['band']} />
        </svg>
        p10–p90
      </span>
      <span>
        <svg width="16" height="6" aria-hidden="true">
          <path d="M0 3h16" className={css['overall']} />
        </svg>
        mean of all {many}
      </span>
    </span>
  )
}

function HostMarks({ host, outliers, listed }: { host: string; outliers: Result<'telemetry.outliers'> | null; listed: Listed }): ReactNode {
  const late = outliers?.byHost.find((row) => row.host === host)?.stragglers ?? 0
  const words = (outliers?.outliers ?? []).flatMap((found) => {
    const metric = listed.metrics.find(({ id }) => id === found.metric)
    return found.host === host ? [metric ? titleOf(metric).toLowerCase() : counted(late, 'straggler')] : []
  })
  if (words.length === 0) return null
  return (
    <span title={`Stands out: ${words.join(', ')}`} className="ell">
      <Tag className={css['warn'] ?? ''}>{words[0]}</Tag>
      {words.length > 1 && <span className="f11 waitc"> +{words.length - 1}</span>}
    </span>
  )
}

function NoTelemetry({ listed }: { listed: Listed }): ReactNode {
  const off = [...new Set(listed.capture.map(({ setting, value }) => `${setting}: ${value}`))]
  return (
    <Nothing>
      No telemetry was captured by the {counted(listed.tasks, 'task')} in scope. Flowcept captures it if <span className="mono f11">telemetry_capture</span> in its settings has <span className="mono f11">cpu: true</span>, <span className="mono f11">mem: true</span>, <span className="mono f11">disk: true</span>, <span className="mono f11">network: true</span>,{' '}
      <span className="mono f11">process_info: true</span> or a <span className="mono f11">gpu</span> list.
      {off.length > 0 && (
        <>
          {' '}
          Here it was <span className="mono f11">{off.join(', ')}</span>.
        </>
      )}{' '}
      Durations, inputs and outputs are numbers too: choose them on the left.
    </Nothing>
  )
}
