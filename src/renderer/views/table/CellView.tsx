/** One cell as people read it. */
import { memo, type ReactNode } from 'react'
import type { Column } from '#contract/tables'
import type { Cell } from '#contract/values'
import { clock, dateTime, zoneName } from '../../parts/format.ts'
import { StatusMark } from '../../parts/StatusMark.tsx'
import { alignmentZeros, formatCell } from '../../state/formatCell.ts'
import css from './CellView.module.css'

type Props = {
  cell: Cell | undefined
  type: Column['type']
  /** Ids are set in the code face, unless they are names for people. */
  mono?: boolean
  /** Decimals that the column's numbers in sight are aligned on. */
  decimals: number
  zone: 'utc' | 'local'
  /** Whether the column's times all lie on one day, so that the date may be left out. */
  oneDay: boolean
}

export const CellView = memo(function CellView({ cell, type, mono = true, decimals, zone, oneDay }: Props): ReactNode {
  if (cell === undefined) return <span className={css['waiting']} />
  if (cell === null) return <span className="null">null</span>
  if (type === 'status' && typeof cell === 'string') return <StatusMark status={cell} />
  if (type === 'time' && typeof cell === 'number') {
    return <span title={`${dateTime(cell, zone, 6)} ${zoneName(zone, cell)}\n${cell}`}>{oneDay ? clock(cell, zone, 3) : dateTime(cell, zone, 3)}</span>
  }
  const { text, kind } = formatCell(cell)
  if (kind === 'number') {
    return (
      <span title={text}>
        {text}
        <span className={css['zeros']} aria-hidden="true">
          {alignmentZeros(text, decimals)}
        </span>
      </span>
    )
  }
  return (
    <span className={(type === 'id' && mono) || kind === 'json' ? 'mono ell' : 'ell'} title={text.length > 12 ? text : undefined}>
      {text}
    </span>
  )
})
