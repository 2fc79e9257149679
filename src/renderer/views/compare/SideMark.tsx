/** A is a round mark, B a square one: in words, pickers and charts alike. */
import type { ReactNode } from 'react'
import type { Side } from '../../state/compare.ts'
import css from './Compare.module.css'

export const SideMark = ({ side }: { side: Side }): ReactNode => (
  <span className={css['mark']} data-side={side}>
    {side.toUpperCase()}
  </span>
)

/** The marks as they are drawn in charts. */
export const SideKey = (): ReactNode => (
  <span className={css['key']}>
    <span>
      <svg width="9" height="9" aria-hidden="true">
        <circle cx="4.5" cy="4.5" r="4" fill="var(--a)" />
      </svg>
      A
    </span>
    <span>
      <svg width="8" height="8" aria-hidden="true">
        <rect width="8" height="8" fill="var(--b)" />
      </svg>
      B
    </span>
  </span>
)
