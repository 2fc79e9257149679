/** Below each column: from when to when, and the chosen range between. */
import type { CSSProperties, ReactNode } from 'react'
import { clock, date, dateTime } from '../../parts/format.ts'
import type { Zone } from '../../state/appearance.ts'
import type { Range } from '../../state/scope.ts'
import css from './Telemetry.module.css'

export function TimeAxes({ count, span, range, zone, style }: { count: number; span: Range; range: Range | null; zone: Zone; style: CSSProperties }): ReactNode {
  const label = labelOf(span, zone)
  return (
    <div className={`${css['multiple']} ${css['axes']}`} style={style} aria-hidden="true">
      <span />
      <span />
      {Array.from({ length: count }, (_, index) => (
        <span key={index} className={css['axis']}>
          <span>{label(span.from)}</span>
          {range && (
            <span className="acc med ell">
              {label(range.from)}–{label(range.to)}
            </span>
          )}
          <span>{label(span.to)}</span>
        </span>
      ))}
    </div>
  )
}

export function labelOf({ from, to }: Range, zone: Zone): (time: number) => string {
  if (to - from < 10) return (time) => clock(time, zone, 3).slice(3)
  if (to - from < 600) return (time) => clock(time, zone)
  return date(from, zone) === date(to, zone) || to - from < 86_400 ? (time) => clock(time, zone, 'minutes') : (time) => dateTime(time, zone, 'minutes').slice(5)
}
