/** What the shapes and colours of the drawing stand for. */
import type { ReactNode } from 'react'
import { counted } from '../../parts/format.ts'
import { GapMark } from '../../parts/GapHatch.tsx'
import { StatusMark } from '../../parts/StatusMark.tsx'
import css from './Timeline.module.css'

export function Legend({ marked, hasGaps, lanes }: { marked: ReadonlySet<string>; hasGaps: boolean; lanes: number }): ReactNode {
  return (
    <div className={css['legend']} role="group" aria-label="Legend">
      {marked.size > 0 && <Key swatch={css['critical']}>Critical path</Key>}
      <Key swatch={css['finished']}>Finished</Key>
      <span className={css['key']}>
        <svg width="16" height="10" aria-hidden="true">
          <path d="M.5.5h11l4 4.5-4 4.5h-11z" className={css['runningKey']} />
        </svg>
        Running, open end
      </span>
      <span className={css['key']}>
        <i className={css['error']} />
        <StatusMark status="ERROR" />
      </span>
      <span className={css['key']}>
        <svg width="16" height="10" aria-hidden="true">
          <path d="M0 .5h16M0 9.5h16M.5 0v10" className={css['unseenKey']} />
        </svg>
        End not seen
      </span>
      <span className={css['key']}>
        <svg width="16" height="10" aria-hidden="true">
          <path d="M0 5h16M.5 2.5v5" className={css['queueKey']} />
        </svg>
        Queued
      </span>
      {hasGaps && (
        <span className={css['key']}>
          <GapMark />
          Gap
        </span>
      )}
      <span className="grow" />
      <span className="t3 nw">{counted(lanes, 'lane')}</span>
    </div>
  )
}

const Key = ({ swatch, children }: { swatch: string | undefined; children: ReactNode }): ReactNode => (
  <span className={css['key']}>
    <i className={swatch} />
    {children}
  </span>
)
