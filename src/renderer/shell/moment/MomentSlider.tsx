/** The moments of a source as a ribbon of what became known when, and a thumb on the one that is shown. */
import { type KeyboardEvent, type PointerEvent, useRef } from 'react'
import { dateTime } from '../../parts/format.ts'
import { useZone } from '../../state/appearance.ts'
import css from './MomentStrip.module.css'

/** Of the whole, for one press of an arrow; a page is ten. */
const step = 1 / 200

export function MomentSlider({ from, to, counts, moment, onMove }: { from: number; to: number; counts: readonly number[]; moment: number; onMove: (moment: number) => void }) {
  const zone = useZone()
  const track = useRef<HTMLDivElement>(null)
  const span = to - from || 1e-3
  const share = Math.min(1, Math.max(0, (moment - from) / span))
  const move = (next: number): void => onMove(Math.round(Math.min(to, Math.max(from, next)) * 1000) / 1000)
  const follow = (event: PointerEvent): void => {
    const box = track.current?.getBoundingClientRect()
    if (box && box.width > 0) move(from + ((event.clientX - box.left) / box.width) * span)
  }
  const press = (event: KeyboardEvent): void => {
    const by = { ArrowRight: step, ArrowUp: step, ArrowLeft: -step, ArrowDown: -step, PageUp: step * 10, PageDown: -step * 10 }[event.key]
    if (by !== undefined) move(moment + by * span)
    else if (event.key === 'Home') move(from)
    else if (event.key === 'End') move(to)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const most = Math.max(1, ...counts)
  const path = counts.map((n, bin) => (n === 0 ? '' : `M${bin} 20V${20 - Math.max(1.5, (n / most) * 19)}h.8V20z`)).join('')
  return (
    <div
      ref={track}
      className={css['slider']}
      role="slider"
      tabIndex={0}
      aria-label="Moment shown"
      aria-valuemin={from}
      aria-valuemax={to}
      aria-valuenow={Math.min(to, Math.max(from, moment))}
      aria-valuetext={dateTime(moment, zone, 3)}
      onKeyDown={press}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        follow(event)
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) follow(event)
      }}
    >
      <svg viewBox={`0 0 ${counts.length} 20`} preserveAspectRatio="none" aria-hidden="true">
        <path className={css['ahead']} d={path} />
        <clipPath id="known-by-then">
          <rect x="0" y="0" width={share * counts.length} height="20" />
        </clipPath>
        <path className={css['known']} d={path} clipPath="url(#known-by-then)" />
      </svg>
      <span className={css['thumb']} style={{ left: `${share * 100}%` }} />
    </div>
  )
}
