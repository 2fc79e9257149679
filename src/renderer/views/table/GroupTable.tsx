/** Rows grouped by one column: each group with its count, its errors and the means of the numeric columns that the table shows. */
import { CircleX, Ungroup } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useCallback, useMemo, useState } from 'react'
import type { Result } from '#contract/methods'
import type { Source } from '#contract/sources'
import type { Column } from '#contract/tables'
import type { Records } from '#contract/values'
import { Button } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { count, percent } from '../../parts/format.ts'
import { Segmented } from '../../parts/Segmented.tsx'
import { useZone } from '../../state/appearance.ts'
import { moveKey } from '../../state/commands.ts'
import { useCall } from '../../state/query.ts'
import { shownColumns, useLayout, useTableLayout } from '../../state/tableLayout.ts'
import { useScope } from '../../state/useScope.ts'
import { workbench } from '../../state/workbench.ts'
import { CellView } from './CellView.tsx'
import { Grid } from '../../parts/grid/Grid.tsx'
import type { Selection } from '../../parts/grid/selection.ts'
import css from './Table.module.css'

type Fn = 'mean' | 'sum' | 'min' | 'max' | 'p50' | 'p95'
type Group = Result<'groups.page'>['groups'][number]
type GroupSort = { by: string; descending: boolean }

const pageGroups = 500
const maxAggregates = 12
const fns: { value: Fn; label: string }[] = [
  { value: 'mean', label: 'Mean' },
  { value: 'sum', label: 'Sum' },
  { value: 'min', label: 'Min' },
  { value: 'max', label: 'Max' },
  { value: 'p50', label: 'p50' },
  { value: 'p95', label: 'p95' }
]
const none: readonly number[] = []

export function GroupTable({ source, records, columns, by }: { source: Source; records: Records; columns: readonly Column[]; by: Column }): ReactNode {
  const { sourceId } = source
  const scope = useScope()
  const zone = useZone()
  const { key, layout, constant } = useLayout(sourceId, records)
  const change = useTableLayout((s) => s.change)
  const [fn, setFn] = useState<Fn>('mean')
  const [sort, setSort] = useState<GroupSort>({ by: 'count', descending: true })
  const [selection, setSelection] = useState<Selection | null>(null)
  const [firstPage, setFirstPage] = useState(0)
  const numeric = useMemo(
    () => shownColumns(columns, layout, constant).filter(({ type, name }) => (type === 'number' || type === 'integer') && name !== by.name),
    [columns, layout, constant, by]
  )
  const measured = numeric.slice(0, maxAggregates)
  const ask = (page: number) => ({ sourceId, records, scope, by: by.name, aggregates: measured.map(({ name }) => ({ column: name, fn })), sort, offset: page * pageGroups, limit: pageGroups })
  const first = useCall('groups.page', ask(firstPage))
  const second = useCall('groups.page', (first.data?.total ?? 0) > (firstPage + 1) * pageGroups ? ask(firstPage + 1) : null)
  const total = first.data?.total ?? 0
  const groupAt = (row: number): Group | undefined => {
    const offset = row - firstPage * pageGroups
    return offset < pageGroups ? first.data?.groups[offset] : second.data?.groups[offset - pageGroups]
  }
  const onSight = useCallback((from: number) => setFirstPage(Math.floor(from / pageGroups)), [])
  const gridColumns = useMemo(
    () => [
      { id: 'value', widthPx: 260, pinned: true, band: 'group' },
      { id: 'count', widthPx: 180, pinned: false, band: '' },
      { id: 'errors', widthPx: 96, pinned: false, band: '' },
      ...measured.map(({ name, prefix }, index) => ({ id: String(index), widthPx: Math.max(104, (name.length - prefix.length) * 7 + 48), pinned: false, band: prefix }))
    ],
    // The names say it all.
    [measured.map(({ name }) => name).join()]
  )
  const ungroup = (): void => change(key, { groupBy: null })
  const open = (row: number): void => {
    const group = groupAt(row)
    if (!group) return
    workbench.getState().addChips([group.filter])
    ungroup()
  }
  const header = (id: string): ReactNode => {
    const column = measured[Number(id)]
    const name = id === 'value' ? by.name : id === 'count' || id === 'errors' ? id : (column?.name.slice(column.prefix.length) ?? '')
    return (
      <>
        <div className="ell med f12">{name}</div>
        <div className="f11 t3">{id === 'value' ? `${count(total)} groups` : id === 'count' ? `of ${count(first.data?.rows ?? 0)} ${records}` : id === 'errors' ? 'status ERROR' : `${fn}${column?.unit ? `, ${column.unit}` : ''}`}</div>
      </>
    )
  }
  const cell = (row: number, id: string): ReactNode => {
    const group = groupAt(row)
    if (!group) return <CellView cell={undefined} type="text" decimals={0} zone={zone} oneDay={false} />
    if (id === 'value') return <CellView cell={group.value} type={by.type === 'list' || by.type === 'mixed' ? 'text' : by.type} decimals={0} zone={zone} oneDay={false} />
    if (id === 'errors') return group.errors === 0 ? <span className="t3">0</span> : <span className="errc">{count(group.errors)}</span>
    if (id === 'count') return <Share part={group.count} whole={first.data?.rows ?? group.count} />
    const column = measured[Number(id)]
    return <CellView cell={rounded(group.aggregates[Number(id)] ?? null)} type={column?.type ?? 'number'} decimals={0} zone={zone} oneDay={false} />
  }

  return (
    <>
      <div className={css['groupbar']}>
        <span className="t2">Grouped by</span>
        <span className="mono">{by.name}</span>
        <Segmented name="Aggregate" value={fn} options={fns} onChange={setFn} />
        <span className="grow t3">{numeric.length > maxAggregates ? `of the first ${maxAggregates} of ${numeric.length} numeric columns shown` : numeric.length === 0 ? 'no numeric column is shown' : ''}</span>
        <Button size="small" icon={Ungroup} onClick={ungroup}>
          Ungroup
        </Button>
      </div>
      {first.error && !first.data ? (
        <EmptyState icon={CircleX} tone="error" title="The groups could not be counted" actions={<Button onClick={first.retry}>Try again</Button>}>
          {first.error.message}
        </EmptyState>
      ) : (
        <div className={css['fill']}>
          <Grid
            label={`${records} grouped by ${by.name}, ${total} groups`}
            columns={gridColumns}
            sort={[{ id: sort.by, descending: sort.descending }]}
            rows={total}
            selection={selection}
            reveal={selection ? selection.cursor.row * 1000 + selection.cursor.column + 1 : 0}
            marks={none}
            busy={first.data === null}
            isRightAligned={(id) => id !== 'value'}
            header={header}
            cell={cell}
            onSight={onSight}
            moveKey={moveKey}
            onSelect={setSelection}
            onSort={([next]) => setSort(next ? { by: next.id, descending: next.descending } : { by: 'count', descending: true })}
            onOpen={open}
            onKey={(event: KeyboardEvent) => {
              if (event.key === 'Escape') ungroup()
            }}
            onColumnMenu={() => undefined}
            onCellMenu={() => undefined}
            onResize={() => undefined}
            onMove={() => undefined}
          />
        </div>
      )}
    </>
  )
}

function Share({ part, whole }: { part: number; whole: number }): ReactNode {
  const share = whole === 0 ? 0 : part / whole
  return (
    <span className={css['share']} title={percent(share)}>
      <span className="grow">
        <i style={{ width: `${share * 100}%` }} />
      </span>
      {count(part)}
    </span>
  )
}

/** Means come with more digits than they mean; six significant ones are shown. */
const rounded = (cell: Group['value']): Group['value'] => (typeof cell === 'number' && !Number.isInteger(cell) ? Number(cell.toPrecision(6)) : cell)
