/** The edge between two regions: dragged, or moved by arrow keys; a double click restores the default. */
import { type KeyboardEvent, type PointerEvent, useRef } from 'react'
import { classes } from './classes.ts'
import styles from './Resizer.module.css'

export function Resizer({
  name,
  edge,
  size,
  min,
  max,
  onResize,
  onReset
}: {
  name: string
  /** Which side of the resized region the edge is on. */
  edge: 'left' | 'right' | 'top'
  size: number
  min: number
  max: number
  onResize: (size: number) => void
  onReset: () => void
}) {
  const start = useRef<{ at: number; size: number } | null>(null)
  const vertical = edge !== 'top'
  const grows = edge === 'right' ? 1 : -1
  const clamp = (wanted: number): number => Math.round(Math.min(max, Math.max(min, wanted)))
  const down = (event: PointerEvent): void => {
    event.currentTarget.setPointerCapture(event.pointerId)
    start.current = { at: vertical ? event.clientX : event.clientY, size }
  }
  const move = (event: PointerEvent): void => {
    if (start.current) onResize(clamp(start.current.size + grows * ((vertical ? event.clientX : event.clientY) - start.current.at)))
  }
  const press = (event: KeyboardEvent): void => {
    const step = { ArrowRight: vertical ? 16 : 0, ArrowLeft: vertical ? -16 : 0, ArrowDown: vertical ? 0 : 16, ArrowUp: vertical ? 0 : -16 }[event.key]
    if (!step) return
    event.preventDefault()
    onResize(clamp(size + grows * step))
  }
  return (
    <div
      role="separator"
      aria-label={name}
      aria-orientation={vertical ? 'vertical' : 'horizontal'}
      aria-valuenow={size}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      className={classes(styles['resizer'], styles[edge])}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={() => (start.current = null)}
      onDoubleClick={onReset}
      onKeyDown={press}
    />
  )
}
