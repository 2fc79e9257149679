/** The part of an axis that is touched: its name with two fields for the brush, the strip to drag along, the brush itself. */
import { type FormEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react'
import type { Condition } from '#contract/compare'
import { Button } from '../../parts/Button.tsx'
import { Popover } from '../../parts/Popover.tsx'
import { TextField } from '../../parts/TextField.tsx'
import { placeOn } from './axisTicks.ts'
import { parseNumber } from './ConditionForm.tsx'
import type { ParallelAxis } from './parallelAxes.ts'
import css from './Sweep.module.css'
import type { Scale } from './sweepModel.ts'
import { numberText } from './valueText.ts'

type Props = {
  axis: ParallelAxis
  scale: Scale
  brush: Condition | null
  /** What is being dragged just now, if it is on this axis. */
  dragged: Condition | null
  centrePx: number
  topPx: number
  bottomPx: number
  /** Room for the name. */
  namePx: number
  /** Half of the strip's width. */
  halfPx: number
  edge: 'start' | 'end' | null
  /** While dragging, in places of 0–1. */
  onDrag: (one: number, other: number) => void
  onBrush: (condition: Condition | null) => void
}

const beyondPx = 6
const snapPx = 4

export function AxisBrush(props: Props): ReactNode {
  const { axis, scale, brush, dragged, centrePx, topPx, bottomPx, halfPx, edge, onDrag, onBrush } = props
  const start = useRef<number | null>(null)
  const placeOf = (event: PointerEvent<HTMLElement>): number => {
    const fromEndPx = event.currentTarget.getBoundingClientRect().bottom - beyondPx - event.clientY
    const heightPx = bottomPx - topPx
    // The ends are easily hit, or their runs would be missed.
    return fromEndPx < snapPx ? 0 : fromEndPx > heightPx - snapPx ? 1 : fromEndPx / heightPx
  }
  const canBrush = axis.axis !== null && axis.axis.from < axis.axis.to
  return (
    <>
      <AxisName {...props} canBrush={canBrush} edge={edge} />
      {canBrush && (
        <div
          className={css['grab']}
          data-axis={axis.name}
          style={{ left: centrePx - halfPx, width: 2 * halfPx, top: topPx - beyondPx, height: bottomPx - topPx + 2 * beyondPx }}
          title={brush ? 'A click ends the brush, a drag makes another' : 'Drag to keep the runs that pass here'}
          onPointerDown={(event) => {
            if (event.button !== 0) return
            event.currentTarget.setPointerCapture(event.pointerId)
            start.current = placeOf(event)
          }}
          onPointerMove={(event) => {
            if (start.current !== null) onDrag(start.current, placeOf(event))
          }}
          onPointerUp={(event) => {
            const from = start.current
            start.current = null
            if (from === null) return
            const moved = Math.abs(placeOf(event) - from) * (bottomPx - topPx) >= 3
            onBrush(moved ? dragged : null)
          }}
          onPointerCancel={() => {
            start.current = null
            onBrush(brush === dragged ? null : brush)
          }}
        />
      )}
      {brush && axis.axis && <BrushMark brush={brush} axis={axis.axis} scale={scale} centrePx={centrePx} topPx={topPx} bottomPx={bottomPx} />}
    </>
  )
}

function BrushMark({ brush, axis, scale, centrePx, topPx, bottomPx }: { brush: Condition; axis: NonNullable<ParallelAxis['axis']> } & Pick<Props, 'scale' | 'centrePx' | 'topPx' | 'bottomPx'>): ReactNode {
  const clamped = (value: number): number => (axis.log && value <= 0 ? 0 : Math.max(0, Math.min(1, placeOn(axis, value))))
  const y = (value: number): number => bottomPx - clamped(value) * (bottomPx - topPx)
  const [low, high] = [brush.value, brush.upTo ?? brush.value]
  const top = y(high)
  const height = Math.max(3, y(low) - top)
  return (
    <div className={css['brush']} style={{ left: centrePx - 7, top, height }}>
      <span className={css['brushHigh']}>{ends(high, scale)}</span>
      <span className={css['brushLow']}>{ends(low, scale)}</span>
    </div>
  )
}

const ends = (value: number, { factor }: Scale): string => numberText(Number((value * factor).toPrecision(4)))

function AxisName({ axis, scale, brush, centrePx, namePx, edge, onBrush, canBrush }: Props & { canBrush: boolean }): ReactNode {
  const [open, setOpen] = useState(false)
  const fits = (axis.prefix.length + axis.leaf.length + axis.unit.length + (axis.log ? 4 : 0)) * 6.3 < namePx
  const words = (
    <>
      {fits && <span className="t3">{axis.prefix}</span>}
      {axis.leaf}
      {axis.unit !== '' && <span className="t3"> {axis.unit}</span>}
      {axis.log && <span className="t3"> log</span>}
    </>
  )
  const style = { maxWidth: namePx, ...(edge === 'start' ? { left: Math.max(2, centrePx - namePx / 2) } : edge === 'end' ? { right: 2 } : { left: centrePx }) }
  if (!canBrush) {
    return (
      <span className={css['axisName']} data-edge={edge} style={style} title={axis.name}>
        {words}
      </span>
    )
  }
  return (
    <Popover
      name={`Brush on ${axis.name}`}
      open={open}
      onOpenChange={setOpen}
      align="center"
      className={css['formLayer']}
      trigger={
        <button type="button" className={css['axisName']} data-edge={edge} style={style} title={`${axis.name}${axis.log ? ', log scale' : ''}: set a brush`}>
          {words}
          <span className="hidden">: {brush ? `brush ${ends(brush.value, scale)} to ${ends(brush.upTo ?? brush.value, scale)} ${scale.unit}` : 'no brush'}</span>
        </button>
      }
    >
      <BrushForm
        axis={axis}
        scale={scale}
        brush={brush}
        onBrush={(condition) => {
          setOpen(false)
          onBrush(condition)
        }}
      />
    </Popover>
  )
}

function BrushForm({ axis, scale, brush, onBrush }: { axis: ParallelAxis; scale: Scale; brush: Condition | null; onBrush: (condition: Condition | null) => void }): ReactNode {
  const bounds = axis.axis ?? { from: 0, to: 0 }
  const typed = (value: number): string => String(Number((value * scale.factor).toPrecision(7)))
  const [from, setFrom] = useState(typed(brush?.value ?? bounds.from))
  const [to, setTo] = useState(typed(brush?.upTo ?? bounds.to))
  const [tried, setTried] = useState(false)
  const [low, high] = [parseNumber(from), parseNumber(to)]
  const wrong = (parsed: number | null): string | null => (tried && parsed === null ? 'A number.' : null)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setTried(true)
    if (low === null || high === null) return
    onBrush({ column: axis.name, op: 'between', value: Math.min(low, high) / scale.factor, upTo: Math.max(low, high) / scale.factor })
  }
  return (
    <form className={css['form']} onSubmit={submit}>
      <p className="med mono">{axis.name}</p>
      <div className={css['formRow']}>
        <TextField name={`${axis.name} from`} mono autoFocus value={from} onChange={setFrom} error={wrong(low)} className={css['formField']} />
        <span className="t3">to</span>
        <TextField name={`${axis.name} to`} mono value={to} onChange={setTo} error={wrong(high)} className={css['formField']} />
        {scale.unit !== '' && <span className="t2">{scale.unit}</span>}
      </div>
      <div className={css['formFoot']}>
        {brush && (
          <Button size="small" onClick={() => onBrush(null)}>
            Clear
          </Button>
        )}
        <Button type="submit" size="small" tone="primary">
          Keep these
        </Button>
      </div>
    </form>
  )
}
