/** The 20 px picture of a column's values in its header; dragging over bins, or a click on a value, makes a filter. */
import { useState } from 'react'
import type { PointerEvent, ReactNode } from 'react'
import type { columnStats } from '#contract/tables'
import type { Cell } from '#contract/values'
import type { z } from 'zod'
import { statusFill } from './statusFill.ts'
import css from './MiniChart.module.css'

export type ColumnStats = z.infer<typeof columnStats>
type Props = {
  stats: ColumnStats | undefined
  isStatus: boolean
  widthPx: number
  onRange: (from: number, to: number) => void
  onValue: (value: Cell) => void
}

const heightPx = 20

export function MiniChart({ stats, isStatus, widthPx, onRange, onValue }: Props): ReactNode {
  if (!stats || stats.rows === 0) return <Blank widthPx={widthPx} />
  if (stats.bins && typeof stats.min === 'number' && typeof stats.max === 'number') {
    return <Bins bins={stats.bins} min={stats.min} max={stats.max} widthPx={widthPx} onRange={onRange} />
  }
  const top = stats.top ?? []
  if (isStatus) return <Statuses top={top} rows={stats.rows} widthPx={widthPx} onValue={onValue} />
  const allDiffer = stats.distinct > 1 && stats.distinct === stats.rows - stats.nulls
  if (top.length > 0 && stats.distinct <= 24 && !allDiffer) return <Values top={top} widthPx={widthPx} onValue={onValue} />
  return <Blank widthPx={widthPx} />
}

function Blank({ widthPx }: { widthPx: number }): ReactNode {
  return (
    <svg width={widthPx} height={heightPx} aria-hidden="true">
      <rect x=".5" y="9.5" width={Math.max(0, widthPx - 1)} height="10" className={css.blank} />
    </svg>
  )
}

function Bins({ bins, min, max, widthPx, onRange }: { bins: readonly number[]; min: number; max: number; widthPx: number; onRange: Props['onRange'] }): ReactNode {
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null)
  const most = Math.max(1, ...bins)
  const stepPx = widthPx / bins.length
  const binAt = (event: PointerEvent<SVGSVGElement>): number => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left
    return Math.min(bins.length - 1, Math.max(0, Math.floor(x / stepPx)))
  }
  const finish = (): void => {
    if (!drag) return
    const low = Math.min(drag.from, drag.to)
    const high = Math.max(drag.from, drag.to)
    const width = (max - min) / bins.length
    setDrag(null)
    onRange(low === 0 ? min : min + low * width, high === bins.length - 1 ? max : min + (high + 1) * width)
  }
  return (
    <svg
      width={widthPx}
      height={heightPx}
      className={css.bins}
      aria-hidden="true"
      onPointerDown={(event) => {
        event.stopPropagation()
        event.currentTarget.setPointerCapture(event.pointerId)
        setDrag({ from: binAt(event), to: binAt(event) })
      }}
      onPointerMove={(event) => drag && setDrag({ ...drag, to: binAt(event) })}
      onPointerUp={finish}
      onPointerCancel={() => setDrag(null)}
    >
      <rect width={widthPx} height={heightPx} className={css.hit} />
      {bins.map((count, index) => {
        const barPx = count === 0 ? 0 : Math.max(1, (count / most) * heightPx)
        const on = drag && index >= Math.min(drag.from, drag.to) && index <= Math.max(drag.from, drag.to)
        return <rect key={index} x={index * stepPx} y={heightPx - barPx} width={Math.max(0.5, stepPx - 1)} height={barPx} className={on ? css.on : css.bar} />
      })}
    </svg>
  )
}

function Values({ top, widthPx, onValue }: { top: NonNullable<ColumnStats['top']>; widthPx: number; onValue: Props['onValue'] }): ReactNode {
  const most = Math.max(1, ...top.map(({ count }) => count))
  const stepPx = Math.min(28, widthPx / top.length)
  return (
    <svg width={widthPx} height={heightPx} className={css.bins} aria-hidden="true">
      {top.map(({ value, count }, index) => {
        const barPx = Math.max(1, (count / most) * heightPx)
        return <rect key={index} x={index * stepPx} y={heightPx - barPx} width={Math.max(0.5, stepPx - 2)} height={barPx} className={css.bar} onClick={() => onValue(value)} />
      })}
    </svg>
  )
}

/** One bar cut by status; each part at least 1.5 px, so that one failure among a million is seen. */
function Statuses({ top, rows, widthPx, onValue }: { top: NonNullable<ColumnStats['top']>; rows: number; widthPx: number; onValue: Props['onValue'] }): ReactNode {
  const usable = Math.max(0, widthPx - top.length)
  const raw = top.map(({ count }) => Math.max(1.5, (count / rows) * usable))
  const scale = usable / Math.max(usable, raw.reduce((sum, part) => sum + part, 0))
  let x = 0
  return (
    <svg width={widthPx} height={heightPx} className={css.bins} aria-hidden="true">
      {top.map(({ value }, index) => {
        const width = (raw[index] ?? 0) * scale
        const left = x
        x += width + 1
        return <rect key={index} x={left} y="9" width={width} height="11" fill={statusFill(value)} onClick={() => onValue(value)} />
      })}
    </svg>
  )
}
