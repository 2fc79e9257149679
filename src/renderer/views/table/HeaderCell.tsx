/** What stands in a column's head: type, name, unit, sort; the picture of its values; its range, nulls and distinct count. */
import { ArrowDown, ArrowUp, Pin } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Column } from '#contract/tables'
import type { Cell } from '#contract/values'
import { count, percent } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { columnIcon, columnSays } from './columnKinds.ts'
import css from './HeaderCell.module.css'
import { type ColumnStats, MiniChart } from './MiniChart.tsx'

type Props = {
  column: Column
  widthPx: number
  stats: ColumnStats | undefined
  sort: { descending: boolean; rank: number | null } | null
  pinned: boolean
  /** The two ends of the range in few characters, told apart from each other. */
  formatRange: (min: Cell, max: Cell) => [string, string]
  onRange: (from: number, to: number) => void
  onValue: (value: Cell) => void
}

export function HeaderCell({ column, widthPx, stats, sort, pinned, formatRange, onRange, onValue }: Props): ReactNode {
  const leaf = column.name.slice(column.prefix.length)
  const figures = stats ? figuresOf(column, stats, formatRange, widthPx) : null
  return (
    <>
      <div className={css['line']} title={`${column.name}\n${columnSays(column)}${column.derived ? ', computed by Provscope' : ''}`}>
        <Icon of={columnIcon(column)} size={12} className="t3" />
        <span className="ell">
          {leaf}
          {column.unit && <span className={css['unit']}> {column.unit}</span>}
        </span>
        <span className={css['marks']}>
          {sort && (
            <span className="acc row" style={{ gap: 1 }}>
              <Icon of={sort.descending ? ArrowDown : ArrowUp} size={12} />
              {sort.rank !== null && <span className="f11">{sort.rank}</span>}
            </span>
          )}
          {pinned && <Icon of={Pin} size={12} className="t3" />}
        </span>
      </div>
      <div className={css['chart']}>
        <MiniChart stats={stats} isStatus={column.type === 'status'} widthPx={Math.max(0, widthPx - 21)} onRange={onRange} onValue={onValue} />
      </div>
      <div className={css['figures']} title={stats ? `${count(stats.rows - stats.nulls)} of ${count(stats.rows)} rows have a value, ${count(stats.distinct)} distinct` : undefined}>
        <span className="ell">{figures?.[0]}</span>
        <span className="ell">{figures?.[1]}</span>
      </div>
    </>
  )
}

const figurePx = 6

/** Left and right words under the picture: the range where there is one, nulls where there are any. */
function figuresOf(column: Column, stats: ColumnStats, formatRange: Props['formatRange'], widthPx: number): [string, string] {
  const nulls = stats.nulls === 0 ? '' : stats.nulls < 1000 ? `${count(stats.nulls)} null` : `${percent(stats.nulls / stats.rows)} null`
  if (stats.rows === 0) return ['no rows', '']
  if (stats.nulls === stats.rows) return ['all null', '']
  if (column.type === 'status') {
    const failed = stats.top?.find(({ value }) => value === 'ERROR')?.count ?? 0
    return [failed > 0 ? `${percent(failed / stats.rows)} error` : 'no errors', '']
  }
  if (stats.distinct === 1) return [`= ${formatRange(stats.min ?? stats.top?.[0]?.value ?? null, null)[0]}`, nulls]
  if (stats.bins) {
    const [low, high] = formatRange(stats.min, stats.max)
    // One figure read whole says more than two that are cut.
    return nulls !== '' && widthPx < 21 + (low.length + nulls.length + 1) * figurePx ? [nulls, ''] : [low, nulls || high]
  }
  return [`${count(stats.distinct)} distinct`, nulls]
}
