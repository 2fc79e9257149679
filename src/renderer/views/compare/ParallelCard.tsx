/** Every run as a line over the columns shown. A drag on an axis keeps the runs that pass there; so do two fields. */
import { type PointerEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import type { Condition } from '#contract/compare'
import { Button } from '../../parts/Button.tsx'
import { count, counted } from '../../parts/format.ts'
import { useWidthPx } from '../../parts/useWidthPx.ts'
import { useResolvedTheme } from '../../state/appearance.ts'
import { workbench } from '../../state/workbench.ts'
import { AxisBrush } from './AxisBrush.tsx'
import { drawParallel, type LineKind, nullBelowPx } from './drawParallel.ts'
import { nearestLine, type ParallelAxis, parallelAxes, stretchOf } from './parallelAxes.ts'
import { runsGridId } from './RunsTable.tsx'
import css from './Sweep.module.css'
import { conditionText, hasFailed, passing, reader, scaleOf, sweepText, type SweepRun } from './sweepModel.ts'
import { chooseRun, nounOf, type Sweep } from './useSweep.ts'

const heightPx = 196
const topPx = 28
const bottomPx = 172
const sidePx = 62
const axisPx = 118
const grabPx = 14

export function ParallelCard({ sweep }: { sweep: Sweep }): ReactNode {
  const [ref, widthPx] = useWidthPx(1100)
  const { runs, data, brush, met, unmet, shown } = sweep
  const { many } = nounOf[sweep.row]
  const all = useMemo(() => parallelAxes(shown, data), [shown, data])
  const fit = Math.max(2, Math.floor((widthPx - 2 * sidePx) / axisPx) + 1)
  const axes = useMemo(() => all.slice(0, fit), [all, fit])
  const passed = met.length + unmet.length
  return (
    <section className={css['card']} aria-label="Parallel coordinates">
      <header className={css['cardHead']}>
        <h2>Parallel coordinates</h2>
        <span className={css['note']}>
          {brush.length > 0 ? (
            <>
              {count(passed)} of {counted(data.rows.length, nounOf[sweep.row].one, many)} pass{' '}
              {brush.map((condition, index) => (
                <span key={condition.column}>
                  {index > 0 && ', '}
                  <span className="mono f11">{condition.column}</span> {conditionText(condition, scaleOf(sweep.column(condition.column)))}
                </span>
              ))}
            </>
          ) : (
            `${counted(data.rows.length, nounOf[sweep.row].one, many)}; drag along an axis to keep those that pass there`
          )}
          {runs > data.rows.length && <span className="waitc">; {count(runs - data.rows.length)} of {count(runs)} are not drawn</span>}
          {axes.length < all.length && `; ${all.length - axes.length} of ${all.length} axes have no room`}
          {all.length < shown.length && `; ${shown.length - all.length} of the columns shown have no axis`}
        </span>
        <span className="grow" />
        <Legend failed={data.rows.some(hasFailed)} brushed={brush.length > 0} />
        <Button tone="ghost" size="small" onClick={() => document.getElementById(runsGridId)?.focus()} title="The table below holds the same runs and columns">
          As table
        </Button>
        {brush.length > 0 && (
          <Button tone="ghost" size="small" onClick={() => workbench.getState().setCompare({ brush: [] })}>
            Clear brush
          </Button>
        )}
      </header>
      <div ref={ref} className={css['parallel']} style={{ height: heightPx }}>
        {axes.length < 2 ? <p className={css['nothing']}>Parallel lines need two columns that tell the {many} apart; {all.length === 0 ? 'none of those shown does' : 'one does'}.</p> : <Picture sweep={sweep} axes={axes} widthPx={widthPx} />}
      </div>
    </section>
  )
}

function Picture({ sweep, axes, widthPx }: { sweep: Sweep; axes: readonly ParallelAxis[]; widthPx: number }): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null)
  const theme = useResolvedTheme()
  const [dragged, setDragged] = useState<Condition | null>(null)
  const [hovered, setHovered] = useState<{ run: SweepRun; x: number; y: number } | null>(null)
  const { data, best, chosen } = sweep
  const brush = useMemo(() => (dragged ? withBrush(sweep.brush, dragged) : sweep.brush), [sweep.brush, dragged])
  const kinds = useMemo(() => kindsOf(data.rows, passing(data, brush), { best, chosen, hovered: hovered?.run ?? null }), [data, brush, best, chosen, hovered?.run])
  const x = (axis: number): number => Math.round(sidePx + (axis * (widthPx - 2 * sidePx)) / Math.max(1, axes.length - 1)) + 0.5
  useEffect(() => {
    const frame = requestAnimationFrame(() => canvas.current && drawParallel(canvas.current, widthPx, heightPx, { axes, x, topPx, bottomPx, kinds }))
    return () => cancelAnimationFrame(frame)
    // `x` follows from the width and the axes.
  }, [axes, kinds, widthPx, theme])
  const pointAt = (event: PointerEvent<HTMLElement>): { across: number; place: number; x: number; y: number } => {
    const box = event.currentTarget.getBoundingClientRect()
    const [px, py] = [event.clientX - box.left, event.clientY - box.top]
    return { across: ((px - sidePx) / (widthPx - 2 * sidePx)) * (axes.length - 1), place: (bottomPx - py) / (bottomPx - topPx), x: px, y: py }
  }
  const find = (event: PointerEvent<HTMLElement>): SweepRun | null => {
    const { across, place } = pointAt(event)
    if (across < -0.05 || across > axes.length - 0.95) return null
    const index = nearestLine(axes, data.rows, Math.max(0, Math.min(axes.length - 1, across)), place, 6 / (bottomPx - topPx))
    return index === null ? null : (data.rows[index] ?? null)
  }
  return (
    <>
      <canvas ref={canvas} className={css['canvas']} style={{ width: widthPx, height: heightPx }} role="img" aria-label={`${counted(data.rows.length, nounOf[sweep.row].one, nounOf[sweep.row].many)} as lines over ${axes.map(({ name, log }) => `${name}${log ? ', log' : ''}`).join('; ')}. The table of runs holds the same values.`} />
      <svg className={css['axes']} width={widthPx} height={heightPx} aria-hidden="true">
        {axes.map((axis, index) => (
          <AxisLines key={axis.name} axis={axis} x={x(index)} last={index === axes.length - 1} />
        ))}
        {axes.some(({ places }) => places.includes(null)) && (
          <text x={12} y={bottomPx + nullBelowPx + 4}>
            null
          </text>
        )}
        <EndLabels sweep={sweep} axes={axes} x={x(axes.length - 1) + 8} />
      </svg>
      <div
        className={css['catcher']}
        onPointerMove={(event) => {
          const run = find(event)
          const { x: px, y: py } = pointAt(event)
          if (run || hovered) setHovered(run && { run, x: px, y: py })
        }}
        onPointerLeave={() => setHovered(null)}
        onClick={() => hovered && chooseRun(sweep.row, hovered.run.id)}
      />
      {axes.map((axis, index) => (
        <AxisBrush
          key={axis.name}
          axis={axis}
          scale={scaleOf(sweep.column(axis.name))}
          brush={brush.find(({ column }) => column === axis.name) ?? null}
          centrePx={x(index)}
          namePx={Math.min(200, x(1) - x(0) - 6)}
          topPx={topPx}
          bottomPx={bottomPx}
          halfPx={grabPx}
          edge={index === 0 ? 'start' : index === axes.length - 1 ? 'end' : null}
          onDrag={(one, other) => axis.axis && setDragged({ column: axis.name, op: 'between', ...stretchOf(axis.axis, one, other) })}
          onBrush={(condition) => {
            setDragged(null)
            workbench.getState().setCompare({ brush: condition ? withBrush(sweep.brush, condition) : sweep.brush.filter(({ column }) => column !== axis.name) })
          }}
          dragged={dragged?.column === axis.name ? dragged : null}
        />
      ))}
      {hovered && <Tip sweep={sweep} axes={axes} {...hovered} widthPx={widthPx} />}
    </>
  )
}

const withBrush = (brush: readonly Condition[], condition: Condition): Condition[] => [...brush.filter(({ column }) => column !== condition.column), condition]

function kindsOf(rows: readonly SweepRun[], passes: (run: SweepRun) => boolean, { best, chosen, hovered }: Record<'best' | 'chosen' | 'hovered', SweepRun | null>): LineKind[] {
  return rows.map((run) => {
    if (run.id === best?.id) return 'best'
    if (run.id === chosen?.id) return 'chosen'
    if (run.id === hovered?.id) return 'hovered'
    return hasFailed(run) ? 'failed' : passes(run) ? 'inside' : 'outside'
  })
}

function AxisLines({ axis, x, last }: { axis: ParallelAxis; x: number; last: boolean }): ReactNode {
  return (
    <g>
      <path d={`M${x} ${topPx - 2}V${bottomPx + 2}`} className={css['axisLine']} />
      {thinned(axis.labels).map(({ place, text }) => {
        const y = bottomPx - place * (bottomPx - topPx)
        return (
          <text key={text} x={x - 6} y={y + 4} textAnchor="end" className={css['halo']} data-last={last || undefined}>
            {text.length > 14 ? `${text.slice(0, 13)}…` : text}
          </text>
        )
      })}
    </g>
  )
}

/** Labels that would stand on each other are left out; the ends stay. */
function thinned(labels: ParallelAxis['labels']): ParallelAxis['labels'] {
  const room = 13 / (bottomPx - topPx)
  const sorted = labels.toSorted((one, other) => one.place - other.place)
  const kept: ParallelAxis['labels'] = []
  for (const label of sorted) if (kept.every(({ place }) => Math.abs(place - label.place) >= room)) kept.push(label)
  return kept
}

/** The best and the chosen are named where their lines end. */
function EndLabels({ sweep: { best, chosen, data, row }, axes, x }: { sweep: Sweep; axes: readonly ParallelAxis[]; x: number }): ReactNode {
  const last = axes.at(-1)
  const placeOf = (run: SweepRun | null): number | null => (run ? (last?.places[data.rows.indexOf(run)] ?? null) : null)
  const y = (place: number): number => bottomPx - place * (bottomPx - topPx) + 4
  const [ofBest, ofChosen] = [placeOf(best), chosen?.id === best?.id ? null : placeOf(chosen)]
  const apart = ofBest !== null && ofChosen !== null && Math.abs(y(ofBest) - y(ofChosen)) < 12 ? 12 - Math.abs(y(ofBest) - y(ofChosen)) : 0
  const short = (run: SweepRun): string => run.id.slice(0, row === 'workflow' ? 4 : 8)
  return (
    <>
      {best && ofBest !== null && (
        <text x={x} y={y(ofBest) + (ofChosen !== null && ofChosen <= ofBest ? -apart / 2 : apart / 2)} className={css['bestText']}>
          best {short(best)}
        </text>
      )}
      {chosen && ofChosen !== null && (
        <text x={x} y={y(ofChosen) + (ofBest !== null && ofChosen <= ofBest ? apart / 2 : -apart / 2)} className={css['chosenText']}>
          {short(chosen)}
        </text>
      )}
    </>
  )
}

function Tip({ sweep, axes, run, x, y, widthPx }: { sweep: Sweep; axes: readonly ParallelAxis[]; run: SweepRun; x: number; y: number; widthPx: number }): ReactNode {
  return (
    <div className={css['tip']} style={{ left: Math.min(x + 12, widthPx - 200), top: Math.max(0, y - 90) }}>
      <div className="med">{run.label === '' ? run.id.slice(0, 24) : run.label}</div>
      {run.status !== null && <div className="t3">{run.status}</div>}
      {axes.map(({ name, unit }) => {
        const cell = reader(sweep.data, name)(run)
        return (
          <div key={name} className={css['tipRow']}>
            <span className="t3">{name}</span>
            <span>{cell === null ? 'null' : `${sweepText(cell, scaleOf(sweep.column(name)))} ${unit}`}</span>
          </div>
        )
      })}
    </div>
  )
}

function Legend({ failed, brushed }: { failed: boolean; brushed: boolean }): ReactNode {
  const entries: [name: string, className: string | undefined, on: boolean][] = [
    ['best', css['keyBest'], true],
    ['selected', css['keyChosen'], true],
    ['failed, ends where values end', css['keyFailed'], failed],
    ['outside the brush', css['keyOutside'], brushed]
  ]
  return (
    <span className={css['legend']}>
      {entries.map(
        ([name, className, on]) =>
          on && (
            <span key={name}>
              <svg width="16" height="6" aria-hidden="true">
                <path d="M0 3h16" className={className} />
              </svg>
              {name}
            </span>
          )
      )}
    </span>
  )
}
