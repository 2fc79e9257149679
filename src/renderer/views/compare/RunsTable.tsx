/** The runs as a table: parameters and results as columns, the objective with bars; those that miss the conditions below. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp, Trophy } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef } from 'react'
import { classes } from '../../parts/classes.ts'
import { count } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { StatusMark } from '../../parts/StatusMark.tsx'
import { workbench } from '../../state/workbench.ts'
import { CompareWithBest } from './BestCard.tsx'
import css from './Sweep.module.css'
import { SweepColumns } from './SweepColumns.tsx'
import { conditionText, numberOf, reader, scaleOf, splitName, sweepText, type SweepRun } from './sweepModel.ts'
import { type SweepHead, useSweepTable } from './sweepTable.ts'
import { chooseRun, nounOf, type Sweep } from './useSweep.ts'
import { exactText } from './valueText.ts'
import { moveKey } from '../../state/commands.ts'

export const runsGridId = 'sweep-runs'
const rowPx = 25
const markPx = 24
const runPxOf = { workflow: 76, campaign: 190, task: 250 } as const
const statusPx = 86

type Line = { kind: 'run'; run: SweepRun; unmet: boolean } | { kind: 'unmet' }

export function RunsTable({ sweep }: { sweep: Sweep }): ReactNode {
  const { met, unmet, where, shown, sort, objective, data, runs, brush, row } = sweep
  const { many } = nounOf[row]
  const { heads, bands } = useSweepTable(shown, sort, objective?.column ?? null)
  const lines = useMemo((): Line[] => [...met.map((run): Line => ({ kind: 'run', run, unmet: false })), ...(unmet.length > 0 ? [{ kind: 'unmet' } as const] : []), ...unmet.map((run): Line => ({ kind: 'run', run, unmet: true }))], [met, unmet])
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({ count: lines.length, getScrollElement: () => scroller.current, estimateSize: () => rowPx, overscan: 10, scrollPaddingStart: 44 })
  const at = lines.findIndex((line) => line.kind === 'run' && line.run.id === sweep.chosen?.id)
  const runPx = runPxOf[row]
  const widthPx = markPx + runPx + statusPx + heads.reduce((sum, head) => sum + head.widthPx, 0) + 12
  useEffect(() => {
    if (at !== -1) virtual.scrollToIndex(at, { align: 'auto' })
    // Only when another run is chosen.
  }, [sweep.chosen?.id])
  const move = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.target !== event.currentTarget) return
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 200) / rowPx) - 3)
    const to = { ArrowDown: at + 1, ArrowUp: at === -1 ? 0 : at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: lines.length - 1 }[moveKey(event.nativeEvent)]
    if (to === undefined || lines.length === 0) return
    event.preventDefault()
    const clamped = Math.max(0, Math.min(lines.length - 1, to))
    // The heading between the groups is no run.
    const line = lines[clamped]?.kind === 'unmet' ? lines[clamped + (to > at ? 1 : -1)] : lines[clamped]
    if (line?.kind === 'run') chooseRun(row, line.run.id)
  }
  const most = useMemo(() => mostOf(sweep), [sweep])
  const passed = met.length + unmet.length
  const sorted = sort[0]
  return (
    <section className={classes(css['card'], css['runs'])} aria-label="Runs">
      <header className={css['cardHead']}>
        <h2>{many.replace(/^./, (letter) => letter.toUpperCase())}</h2>
        <span className={css['note']}>
          {brush.length > 0 ? `${count(passed)} of ${count(runs)}` : count(runs)}
          {runs > data.rows.length && <span className="waitc">, the first {count(data.rows.length)} loaded</span>}
          {sorted && (sorted.column === objective?.column ? ', by objective' : `, by ${sorted.column}`)}
        </span>
        <span className="grow" />
        <SweepColumns sweep={sweep} />
        <CompareWithBest sweep={sweep} />
      </header>
      <div ref={scroller} id={runsGridId} className={css['grid']} role="grid" aria-label="Runs" aria-rowcount={lines.length + 1} aria-colcount={heads.length + 3} tabIndex={0} aria-activedescendant={at === -1 ? undefined : `${runsGridId}-${at}`} onKeyDown={move}>
        <div className={css['gridHead']} role="rowgroup" style={{ width: widthPx }}>
          <div className={css['bands']} aria-hidden="true">
            <span style={{ width: markPx + runPx + statusPx }} />
            {bands.map(({ key, text, widthPx: band }) => (
              <span key={key} style={{ width: band }}>
                {text}
              </span>
            ))}
          </div>
          <div className={css['names']} role="row" aria-rowindex={1}>
            <span role="columnheader" style={{ width: markPx }}>
              <span className="hidden">best</span>
            </span>
            <span role="columnheader" style={{ width: runPx }}>
              {nounOf[row].one}
            </span>
            <span role="columnheader" style={{ width: statusPx }}>
              status
            </span>
            {heads.map((head) => (
              <Head key={head.column.name} head={head} />
            ))}
          </div>
        </div>
        <div role="rowgroup" className={css['gridBody']} style={{ height: virtual.getTotalSize(), width: widthPx }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const line = lines[index]
            if (!line) return null
            if (line.kind === 'unmet') {
              return (
                <div key="unmet" role="row" aria-rowindex={index + 2} className={css['unmetHead']} style={{ transform: `translateY(${start}px)` }}>
                  <span role="gridcell" aria-colspan={heads.length + 3}>
                    Do not meet {where.map((condition) => `${splitName(condition.column).leaf} ${conditionText(condition, scaleOf(sweep.column(condition.column)))}`).join(' and ')}
                    <span className="t3">{count(unmet.length)}</span>
                  </span>
                </div>
              )
            }
            return <RunRow key={line.run.id} sweep={sweep} line={line} index={index} startPx={start} heads={heads} most={most} runPx={runPx} />
          })}
        </div>
      </div>
      {lines.length === 0 && <p className={css['nothing']}>No {nounOf[row].one} passes the brush.</p>}
    </section>
  )
}

/** The largest value of the objective among the runs in the brush: the length of the longest bar. */
function mostOf({ objective, data, met, unmet }: Sweep): number {
  if (!objective) return 0
  const read = reader(data, objective.column)
  return [...met, ...unmet].reduce((most, run) => Math.max(most, numberOf(read(run)) ?? 0), 0)
}

function Head({ head: { column, leaf, unit, widthPx, sorted, nextSort } }: { head: SweepHead }): ReactNode {
  return (
    <span role="columnheader" aria-sort={sorted === null ? 'none' : sorted === 'asc' ? 'ascending' : 'descending'} className={css['head']} data-right={column.type === 'number' || undefined} style={{ width: widthPx }}>
      <button type="button" title={`${column.name}: sort`} onClick={() => workbench.getState().setCompare({ sort: nextSort })}>
        <span className="ell">
          {leaf}
          {unit !== '' && <span className="t3"> {unit}</span>}
        </span>
        {sorted && <Icon of={sorted === 'asc' ? ArrowUp : ArrowDown} size={12} className="acc" />}
      </button>
    </span>
  )
}

function RunRow({ sweep, line: { run, unmet }, index, startPx, heads, most, runPx }: { sweep: Sweep; line: Extract<Line, { kind: 'run' }>; index: number; startPx: number; heads: readonly SweepHead[]; most: number; runPx: number }): ReactNode {
  const { best, chosen, row, objective, data } = sweep
  const isBest = run.id === best?.id
  return (
    <div id={`${runsGridId}-${index}`} role="row" aria-rowindex={index + 2} aria-selected={run.id === chosen?.id} className={css['runRow']} data-best={isBest || undefined} data-unmet={unmet || undefined} style={{ transform: `translateY(${startPx}px)` }} onClick={() => chooseRun(row, run.id)}>
      <span role="gridcell" className={css['trophy']} style={{ width: markPx }}>
        {isBest && (
          <span role="img" aria-label="best" className="acc">
            <Icon of={Trophy} size={12} />
          </span>
        )}
      </span>
      <span role="gridcell" className={css['runName']} style={{ width: runPx }} title={`${run.label === '' ? '' : `${run.label}\n`}${run.name}\n${run.id}`}>
        {row === 'task' && <span className={css['taskName']}>{run.name}</span>}
        <span className="mono f11 ell">{row === 'workflow' ? run.id.slice(0, 8) : run.id}</span>
      </span>
      <span role="gridcell" style={{ width: statusPx }}>
        {run.status === null ? <span className="null">none</span> : <StatusMark status={run.status} />}
      </span>
      {heads.map(({ column, widthPx }) => {
        const cell = reader(data, column.name)(run)
        const value = numberOf(cell)
        return (
          <span key={column.name} role="gridcell" className={css['cell']} data-right={column.type === 'number' || undefined} style={{ width: widthPx }} title={`${column.name} ${exactText(cell)}`}>
            {column.name === objective?.column && (
              <svg width="44" height="8" aria-hidden="true" className={css['bar']}>
                {value !== null && most > 0 && <rect width={Math.max(1, (Math.max(0, value) / most) * 44)} height="8" fill={isBest ? 'var(--accent)' : 'var(--hist)'} />}
              </svg>
            )}
            {!data.columns.includes(column.name) ? <span className="t3">…</span> : cell === null ? <span className="null">null</span> : <span className="ell">{sweepText(cell, scaleOf(column))}</span>}
          </span>
        )
      })}
    </div>
  )
}
