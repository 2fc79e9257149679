/** Two columns of the sweep against each other; a third gives the marks their shapes. */
import { type PointerEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import type { SweepColumn } from '#contract/compare'
import { count } from '../../parts/format.ts'
import { Button } from '../../parts/Button.tsx'
import { useWidthPx } from '../../parts/useWidthPx.ts'
import { useResolvedTheme } from '../../state/appearance.ts'
import { workbench } from '../../state/workbench.ts'
import { type Axis, axisAround, placeOn, ticksOf } from './axisTicks.ts'
import { ValueTable } from './CompareCard.tsx'
import { drawScatter, type Mark, type MarkShape, markShapes, shapePath } from './drawScatter.ts'
import { PickField } from './PickField.tsx'
import css from './Sweep.module.css'
import { columnOptions, conditionText, isNumeric, numberOf, reader, scaleOf, splitName, sweepText, type SweepRun } from './sweepModel.ts'
import { chooseRun, nounOf, type Sweep } from './useSweep.ts'
import { cellText, exactText, figureText, shortNumber } from './valueText.ts'

const heightPx = 214
const leftPx = 46
const rightPx = 10
const topPx = 10
const bottomPx = 176
const mostTableRows = 500

type Point = { run: SweepRun; x: number; y: number; shape: MarkShape }
type Chart = { x: SweepColumn; y: SweepColumn; marks: SweepColumn | null; words: string[]; points: Point[]; axes: { x: Axis; y: Axis } | null }

export function ScatterCard({ sweep }: { sweep: Sweep }): ReactNode {
  const { x, y, marks } = useAxes(sweep)
  const chart = useMemo(() => (x && y ? chartOf(sweep, x, y, marks) : null), [sweep, x, y, marks])
  const [asTable, setAsTable] = useState(false)
  const { setCompare } = workbench.getState()
  const numeric = [...sweep.groups.varying, ...sweep.groups.constant].filter(isNumeric)
  const shaped = sweep.groups.varying.filter(({ distinct }) => distinct <= markShapes.length)
  if (!chart) {
    return (
      <section className={css['card']} aria-label="Scatter">
        <header className={css['cardHead']}>
          <h2>Scatter</h2>
        </header>
        <p className={css['nothing']}>Two columns of numbers are needed.</p>
      </section>
    )
  }
  return (
    <section className={css['card']} aria-label="Scatter">
      <header className={css['cardHead']}>
        <h2 className="hidden">Scatter</h2>
        <PickField name="Up" value={chart.y.name} options={columnOptions(numeric)} onChange={(name) => setCompare({ y: name })} className={css['titlePick']}>
          {splitName(chart.y.name).leaf}
        </PickField>
        <span className="t2">by</span>
        <PickField name="Across" value={chart.x.name} options={columnOptions(numeric)} onChange={(name) => setCompare({ x: name })} className={css['titlePick']}>
          {splitName(chart.x.name).leaf}
        </PickField>
        <span className={css['note']} title={`${count(chart.points.length)} of ${count(sweep.data.rows.length)} ${nounOf[sweep.row].many} have both`}>
          {count(chart.points.length)} of {count(sweep.data.rows.length)} have both
        </span>
        <span className="grow" />
        <Button tone="ghost" size="small" aria-label={asTable ? 'Show as chart' : 'Show as table'} onClick={() => setAsTable(!asTable)}>
          {asTable ? 'As chart' : 'As table'}
        </Button>
      </header>
      {asTable ? <AsTable chart={chart} sweep={sweep} /> : <Plot chart={chart} sweep={sweep} />}
      <div className={css['markKey']}>
        <PickField name="Shape of the marks" value={chart.marks?.name ?? ''} options={[{ value: '', label: 'one shape' }, ...columnOptions(shaped)]} onChange={(name) => setCompare({ marks: name })} className={css['keyPick']}>
          {chart.marks ? splitName(chart.marks.name).leaf : 'one shape'}
        </PickField>
        {chart.words.map((word, index) => (
          <span key={word}>
            <svg width="9" height="9" viewBox="-4.5 -4.5 9 9" aria-hidden="true">
              <path d={shapePath(markShapes[index] ?? 'circle', 3.4)} fill="var(--text-3)" />
            </svg>
            {word}
          </span>
        ))}
        {sweep.brush.length > 0 && <span className="t3">hollow: outside the brush</span>}
      </div>
    </section>
  )
}

/** The chosen columns; else the objective across, what is asked for up, and a parameter of few values as the shape. */
function useAxes({ objective, where, groups, column, shown }: Sweep): { x: SweepColumn | undefined; y: SweepColumn | undefined; marks: SweepColumn | null } {
  const chosen = workbench((s) => s.compare)
  const numeric = [...groups.varying, ...groups.constant].filter(isNumeric)
  const x = column(chosen.x ?? '') ?? column(objective?.column ?? '') ?? numeric[0]
  const others = [...where.map((condition) => column(condition.column)), ...shown.filter(({ role }) => role === 'result'), ...shown.filter(({ role }) => role === 'parameter'), ...numeric]
  const y = column(chosen.y ?? '') ?? others.find((other) => other !== undefined && isNumeric(other) && other.name !== x?.name)
  const fitting = groups.varying.find(({ role, distinct, name }) => role === 'parameter' && distinct > 1 && distinct <= markShapes.length && name !== y?.name && name !== x?.name)
  const marks = chosen.marks === '' ? null : (column(chosen.marks ?? '') ?? (shown.includes(fitting as SweepColumn) ? fitting : undefined) ?? null)
  return { x, y, marks }
}

function chartOf({ data }: Sweep, x: SweepColumn, y: SweepColumn, marks: SweepColumn | null): Chart {
  const [readX, readY, readMark] = [reader(data, x.name), reader(data, y.name), reader(data, marks?.name ?? '')]
  const words = marks ? [...new Set(data.rows.map((run) => cellText(readMark(run))))].toSorted((one, other) => Number(one) - Number(other) || (one < other ? -1 : 1)) : []
  const points = data.rows.flatMap((run): Point[] => {
    const [px, py] = [numberOf(readX(run)), numberOf(readY(run))]
    if (px === null || py === null || !Number.isFinite(px) || !Number.isFinite(py)) return []
    return [{ run, x: px, y: py, shape: marks ? (markShapes[words.indexOf(cellText(readMark(run)))] ?? 'circle') : 'circle' }]
  })
  const around = (column: SweepColumn, values: number[]): Axis => {
    const [least, most] = values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity])
    return axisAround(least, most, column.log && least > 0)
  }
  return { x, y, marks, words: words.slice(0, markShapes.length), points, axes: points.length === 0 ? null : { x: around(x, points.map((point) => point.x)), y: around(y, points.map((point) => point.y)) } }
}

function Plot({ chart, sweep }: { chart: Chart; sweep: Sweep }): ReactNode {
  const [ref, widthPx] = useWidthPx(392)
  const canvas = useRef<HTMLCanvasElement>(null)
  const theme = useResolvedTheme()
  const [hovered, setHovered] = useState<Point | null>(null)
  const { axes, points } = chart
  const x = (value: number): number => (axes ? leftPx + placeOn(axes.x, value) * (widthPx - leftPx - rightPx) : 0)
  const y = (value: number): number => (axes ? bottomPx - placeOn(axes.y, value) * (bottomPx - topPx) : 0)
  const marks = useMemo(() => points.map((point): Mark => ({ x: x(point.x), y: y(point.y), shape: point.shape, kind: point.run.id === sweep.best?.id ? 'best' : point.run.id === sweep.chosen?.id ? 'chosen' : sweep.inBrush(point.run) ? 'inside' : 'outside' })), [points, sweep, widthPx])
  useEffect(() => {
    const frame = requestAnimationFrame(() => canvas.current && drawScatter(canvas.current, widthPx, heightPx, marks))
    return () => cancelAnimationFrame(frame)
  }, [marks, widthPx, theme])
  if (!axes) return <p className={css['nothing']}>No run has both.</p>
  const find = (event: PointerEvent<HTMLElement>): Point | null => {
    const box = event.currentTarget.getBoundingClientRect()
    const [px, py] = [event.clientX - box.left, event.clientY - box.top]
    let nearest: { point: Point; far: number } | null = null
    marks.forEach((mark, index) => {
      const far = Math.hypot(mark.x - px, mark.y - py)
      const point = points[index]
      if (point && far < 10 && (nearest === null || far < nearest.far)) nearest = { point, far }
    })
    return (nearest as { point: Point } | null)?.point ?? null
  }
  const text = (column: SweepColumn, value: number): string => (scaleOf(column).factor === 1 ? shortNumber(value) : figureText(value * scaleOf(column).factor))
  const unit = (column: SweepColumn): string => `${scaleOf(column).unit === '' ? '' : ` ${scaleOf(column).unit}`}`
  return (
    <div ref={ref} className={css['scatter']} style={{ height: heightPx }} onPointerMove={(event) => setHovered(find(event))} onPointerLeave={() => setHovered(null)} onClick={() => hovered && chooseRun(sweep.row, hovered.run.id)}>
      <svg width={widthPx} height={heightPx} aria-hidden="true">
        <Regions sweep={sweep} chart={chart} x={x} y={y} widthPx={widthPx} />
        {scaledTicks(axes.y, scaleOf(chart.y).factor, 4).map((tick) => (
          <g key={tick}>
            <path d={`M${leftPx} ${y(tick)}H${widthPx - rightPx}`} className={css['gridLine']} />
            <text x={leftPx - 6} y={y(tick) + 4} textAnchor="end">
              {text(chart.y, tick)}
            </text>
          </g>
        ))}
        {scaledTicks(axes.x, scaleOf(chart.x).factor, 6).map((tick) => (
          <g key={tick}>
            <path d={`M${x(tick)} ${topPx}V${bottomPx}`} className={css['gridLine']} />
            <text x={x(tick)} y={bottomPx + 14} textAnchor="middle">
              {text(chart.x, tick)}
            </text>
          </g>
        ))}
        <text x={leftPx} y={heightPx - 6}>
          {chart.y.name}
          {unit(chart.y)}
          {axes.y.log && ', log scale'}
        </text>
        <text x={widthPx - rightPx} y={heightPx - 6} textAnchor="end">
          {chart.x.name}
          {unit(chart.x)}
          {axes.x.log && ', log scale'}
        </text>
      </svg>
      <canvas ref={canvas} className={css['canvas']} style={{ width: widthPx, height: heightPx }} role="img" aria-label={`${count(points.length)} ${nounOf[sweep.row].many}: ${chart.y.name}${axes.y.log ? ', log' : ''}, by ${chart.x.name}${axes.x.log ? ', log' : ''}. As a table by the button above.`} />
      <svg className={css['axes']} width={widthPx} height={heightPx} aria-hidden="true">
        <Named points={points} run={sweep.best} x={x} y={y} words="best" chart={chart} className={css['bestText']} widthPx={widthPx} />
        {sweep.chosen?.id !== sweep.best?.id && <Named points={points} run={sweep.chosen} x={x} y={y} words={sweep.chosen?.id.slice(0, 4) ?? ''} chart={chart} className={css['chosenText']} widthPx={widthPx} below />}
      </svg>
      {hovered && (
        <div className={css['tip']} style={{ left: Math.min(x(hovered.x) + 12, widthPx - 180), top: Math.max(0, y(hovered.y) - 60) }}>
          <div className="med">{hovered.run.label === '' ? hovered.run.id.slice(0, 24) : hovered.run.label}</div>
          {[chart.y, chart.x].map((column) => (
            <div key={column.name} className={css['tipRow']}>
              <span className="t3">{column.name}</span>
              <span>
                {sweepText(reader(sweep.data, column.name)(hovered.run), scaleOf(column))}
                {unit(column)}
              </span>
            </div>
          ))}
        </div>
      )}
    </div>
  )
}

/** Round in the unit that is shown, not in the one that is kept. */
function scaledTicks(axis: Axis, factor: number, most: number): number[] {
  return ticksOf({ ...axis, from: axis.from * factor, to: axis.to * factor }, most).map((tick) => tick / factor)
}

/** Where the conditions on the two columns hold. */
function Regions({ sweep, chart, x, y, widthPx }: { sweep: Sweep; chart: Chart; x: (value: number) => number; y: (value: number) => number; widthPx: number }): ReactNode {
  const bounds = (column: SweepColumn, axis: Axis): { from: number; to: number; words: string } | null => {
    const own = sweep.where.filter((condition) => condition.column === column.name && condition.op !== '=')
    if (own.length === 0) return null
    let [from, to] = [axis.from, axis.to]
    for (const { op, value, upTo } of own) {
      if (op === '<' || op === '<=') to = Math.min(to, value)
      else from = Math.max(from, value)
      if (op === 'between' && upTo !== undefined) to = Math.min(to, upTo)
    }
    const words = own.map((condition) => `${splitName(column.name).leaf} ${conditionText(condition, scaleOf(column))}`).join(', ')
    return from < to ? { from, to, words } : null
  }
  if (!chart.axes) return null
  const [up, across] = [bounds(chart.y, chart.axes.y), bounds(chart.x, chart.axes.x)]
  if (!up && !across) return null
  const [left, right] = [across ? x(across.from) : leftPx, across ? x(across.to) : widthPx - rightPx]
  const [top, bottom] = [up ? y(up.to) : topPx, up ? y(up.from) : bottomPx]
  return (
    <g>
      <rect x={left} y={top} width={Math.max(0, right - left)} height={Math.max(0, bottom - top)} fill="var(--accent-tint)" />
      {up && <path d={`M${left} ${top > topPx ? top : bottom}H${right}`} className={css['bound']} />}
      {across && <path d={`M${right < widthPx - rightPx ? right : left} ${top}V${bottom}`} className={css['bound']} />}
      <text x={right - 4} y={top + 14} textAnchor="end" className={css['bestText']}>
        meets {[up?.words, across?.words].filter(Boolean).join(', ')}
      </text>
    </g>
  )
}

function Named({ points, run, x, y, words, chart, className, widthPx, below = false }: { points: readonly Point[]; run: SweepRun | null; x: (value: number) => number; y: (value: number) => number; words: string; chart: Chart; className: string | undefined; widthPx: number; below?: boolean }): ReactNode {
  const point = points.find((candidate) => candidate.run.id === run?.id)
  if (!point) return null
  const [px, py] = [x(point.x), y(point.y)]
  const scale = scaleOf(chart.x)
  const end = px > widthPx - 90
  // Beside the ring where there is no room above or below it.
  const beside = below ? py + 22 > bottomPx : py < topPx + 20
  return (
    <text x={beside ? px + (end ? -11 : 11) : px + (end ? 6 : -4)} y={beside ? py + 4 : below ? py + 20 : py - 12} textAnchor={end ? 'end' : 'start'} className={className}>
      {words} {sweepText(point.x, scale)} {scale.unit}
    </text>
  )
}

function AsTable({ chart: { x, y, points, marks }, sweep }: { chart: Chart; sweep: Sweep }): ReactNode {
  const listed = points.slice(0, mostTableRows)
  return (
    <>
      <ValueTable name={`${y.name} by ${x.name}`} head={[nounOf[sweep.row].one, ...(marks ? [marks.name] : []), x.name, y.name]} rows={listed.map(({ run }) => [run.label === '' ? run.id : run.label, ...[...(marks ? [marks] : []), x, y].map((column) => exactText(reader(sweep.data, column.name)(run)))])} />
      {points.length > listed.length && (
        <p className={css['nothing']}>
          {count(listed.length)} of {count(points.length)}; the others are in the table of runs.
        </p>
      )}
    </>
  )
}
