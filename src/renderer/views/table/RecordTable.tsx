/** Records as rows: the grid over the row cache, with header statistics, error ticks, copying, menus and keys. */
import { CircleX } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { cellOperand } from '#contract/cellOperand'
import type { Source } from '#contract/sources'
import type { Column } from '#contract/tables'
import type { Cell, Records } from '#contract/values'
import { call } from '../../connection/call.ts'
import { Button } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { date } from '../../parts/format.ts'
import { MenuAt } from '../../parts/Menu.tsx'
import { useZone } from '../../state/appearance.ts'
import { moveKey, useCommands } from '../../state/commands.ts'
import { announce } from '../../state/live.ts'
import { hasLineage, openLineageOfRow } from '../../state/lineageOfRow.ts'
import { useAskedId } from '../../state/moment.ts'
import { useCall } from '../../state/query.ts'
import { useSetting } from '../../state/settings.ts'
import { shownColumns, useLayout, useTableLayout } from '../../state/tableLayout.ts'
import { toast } from '../../state/toasts.ts'
import { useScope } from '../../state/useScope.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import { AgeCell, ages } from './AgeCell.tsx'
import { CellView } from './CellView.tsx'
import { defaultWidthPx, minWidthPx } from './columnKinds.ts'
import { type CopyForm, toClipboard } from '../../state/copyCells.ts'
import { copyRange } from './copyRange.ts'
import { formatCell, isRightAligned, sharedDecimals } from '../../state/formatCell.ts'
import { Grid } from '../../parts/grid/Grid.tsx'
import { boundText, timeRangeTexts } from './boundText.ts'
import { HeaderCell } from './HeaderCell.tsx'
import { cellMenu, columnCommands, columnMenu, lineageOf } from './menus.ts'
import type { RowCache } from './RowCache.ts'
import { rectangleOf } from '../../parts/grid/selection.ts'
import { NoRows } from './Table.tsx'
import { useAgeing } from './useAgeing.ts'
import { useColumnStats } from './useColumnStats.ts'
import { useGridSelection } from './useGridSelection.ts'
import { useRested } from './useRested.ts'
import { type Sight, useRowCache } from './useRowCache.ts'
import css from './Table.module.css'

type Props = { source: Source; records: Records; columns: readonly Column[]; columnsKnown: boolean }
type OpenMenu = { at: { x: number; y: number }; column: string | null }

const markBuckets = 240
const digitPx = 7.2
const dateTimePx = 178
const errorFilter = { status: 'ERROR' }
const noSight: Sight = { first: 0, last: 0, columns: [], top: 0 }
const noNames: readonly string[] = []
/** What heads and edges of a live table say need not be of this moment. */
const figuresEveryMs = 2000
const duration: Column = { name: 'duration', prefix: '', type: 'number', unit: 's', derived: true, filled: 1 }
/** Tasks that go on have a duration so far, before any has ended. */
function withDuration(columns: readonly Column[]): readonly Column[] {
  if (columns.some(({ name }) => name === 'duration')) return columns.map((column) => (column.name === 'duration' && column.filled === 0 ? { ...column, filled: 1 } : column))
  const after = columns.findIndex(({ name }) => name === 'started_at')
  return after === -1 ? columns : columns.toSpliced(after + 1, 0, duration)
}

export function RecordTable({ source, records, columns, columnsKnown }: Props): ReactNode {
  const { sourceId, revision } = source
  const scope = useScope()
  const zone = useZone()
  const [cellLength] = useSetting('table.cellLength')
  const { key, layout, constant } = useLayout(sourceId, records)
  const change = useTableLayout((s) => s.change)
  const setInspectorOpen = useWorkbench((s) => s.setInspectorOpen)
  const isLive = source.live !== null
  const shown = useMemo(() => shownColumns(isLive && records === 'tasks' ? withDuration(columns) : columns, layout, constant), [columns, layout, constant, isLive, records])
  const byName = useMemo(() => new Map(shown.map((column) => [column.name, column])), [shown])
  const sort = useMemo(() => layout.sort.filter(({ column }) => columns.some(({ name }) => name === column)), [layout.sort, columns])
  const names = useMemo(() => shown.map(({ name }) => name), [shown])
  const ageing = useAgeing(source, records, columns, names)
  const extra = ageing?.extra ?? noNames
  const askedId = useAskedId(sourceId)
  const view = useMemo(() => ({ sourceId: askedId, records, scope, sort, columns: [...names, ...extra], cellLength }), [askedId, records, scope, sort, names, extra, cellLength])
  useEffect(() => workbench.getState().setTable({ columns: names, sort }), [names, sort])

  const [sight, setSight] = useState(noSight)
  const onSight = useCallback((first: number, last: number, seen: readonly number[], top: number) => setSight({ first, last, columns: seen, top }), [])
  const wanted = useMemo(() => ({ ...sight, columns: [...sight.columns, ...extra.map((_, index) => names.length + index)] }), [sight, extra, names])
  const cursorRow = useRef(-1)
  const { cache, shift } = useRowCache(view, revision, wanted, cursorRow.current, columnsKnown)
  const { selection, reveal, select } = useGridSelection(cache, shift)
  cursorRow.current = selection?.cursor.row ?? -1
  const stats = useColumnStats(askedId, records, scope, useRested(revision, isLive ? figuresEveryMs : 0), useMemo(() => sight.columns.flatMap((index) => names[index] ?? []), [sight.columns, names]))
  const total = cache.total ?? 0
  const hasStatus = records === 'tasks' || records === 'messages' || records === 'workflows'
  const marks = useCall('rows.marks', hasStatus && total > 0 ? { sourceId, records, scope, sort, match: errorFilter, buckets: markBuckets } : null, isLive ? figuresEveryMs : 0)

  const oneDay = useCallback(
    (name: string): boolean => {
      const known = stats.get(name)
      return typeof known?.min === 'number' && typeof known.max === 'number' && date(known.min, zone) === date(known.max, zone)
    },
    // The map is the same one as it fills; its size tells.
    [stats, stats.size, zone]
  )
  const fitted = useFittedWidths(cache, sight, shown)
  const gridColumns = useMemo(
    () => shown.map((column) => ({ id: column.name, widthPx: layout.widthsPx[column.name] ?? Math.max(defaultWidthPx(column), fitted[column.name] ?? 0, column.type === 'time' && !oneDay(column.name) ? dateTimePx : 0), pinned: layout.pinned.includes(column.name), band: column.prefix })),
    [shown, layout.widthsPx, layout.pinned, fitted, oneDay]
  )
  const gridSort = useMemo(() => sort.map(({ column, descending }) => ({ id: column, descending })), [sort])
  const decimals = useMemo(() => decimalsInSight(cache, sight, shown), [cache, cache.version, sight, shown])
  const [menu, setMenu] = useState<OpenMenu | null>(null)
  const copy = useCallback(
    async (form: CopyForm) => {
      if (!selection || selection.cursor.row < 0) return
      try {
        const copied = await copyRange(call, cache.view, rectangleOf(selection), form)
        await toClipboard(copied.text)
        announce(copied.cells === 1 ? 'Copied 1 cell' : `Copied ${copied.cells.toLocaleString('en-US')} cells of ${copied.rows.toLocaleString('en-US')} rows`)
      } catch (error) {
        toast({ tone: 'failed', title: 'Not copied', detail: error instanceof Error ? error.message : String(error) })
      }
    },
    [cache, selection]
  )
  const jump = useJump(cache, selection?.cursor.row ?? -1)
  const openLineage = useCallback((): void => {
    const subject = lineageOf(cache, selection, selection ? names[selection.cursor.column] : undefined)
    if (subject) void openLineageOfRow(subject, 'up')
  }, [cache, selection, names])
  const column = selection ? byName.get(names[selection.cursor.column] ?? '') : undefined
  useCommands(
    () => [
      { id: 'table.lineage', title: 'Where does this value come from', detail: 'lineage of the current cell', group: 'Table', keys: 'L', unavailable: !hasLineage(records) ? 'only tasks and their messages have a lineage' : selection ? undefined : 'nothing is selected', run: openLineage },
      { id: 'table.nextError', title: 'Go to the next error', group: 'Table', keys: 'E', run: () => void jump('next') },
      { id: 'table.previousError', title: 'Go to the previous error', group: 'Table', keys: 'Shift+E', run: () => void jump('previous') },
      { id: 'table.copy', title: 'Copy the selection', detail: 'as tab-separated text', group: 'Table', unavailable: selection ? undefined : 'nothing is selected', run: () => void copy('tsv') },
      { id: 'table.copyJson', title: 'Copy the selection as JSON', group: 'Table', keys: 'Ctrl+Shift+C', unavailable: selection ? undefined : 'nothing is selected', run: () => void copy('json') },
      ...columnCommands({ column, layout, change: (next) => change(key, next), shown: names }),
      { id: 'table.clearSort', title: 'Remove the sort', detail: 'back to the order of arrival', group: 'Table', unavailable: sort.length > 0 ? undefined : 'the table is not sorted', run: () => change(key, { sort: [] }) }
    ],
    [jump, copy, openLineage, records, selection, sort, change, key, column, layout, names]
  )
  const onKey = (event: KeyboardEvent): void => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return
    const pressed = event.key.toLowerCase()
    if (pressed === 'c' && !event.shiftKey) void copy('tsv')
    else if (pressed === 'a' && total > 0) select({ anchor: { row: 0, column: 0 }, cursor: { row: total - 1, column: shown.length - 1 } }, false)
    else return
    event.preventDefault()
  }
  const addRange = (name: string, from: number, to: number): void => workbench.getState().addChips([{ [name]: { $gte: from, $lte: to } }], { replace: name })
  const addValue = (name: string, value: Cell): void => {
    const operand = cellOperand(value)
    if (operand) workbench.getState().addChips([{ [name]: { $eq: operand.value } }], { replace: name })
  }
  const header = (name: string, widthPx: number): ReactNode => {
    const column = byName.get(name)
    if (!column) return null
    const rank = sort.findIndex((part) => part.column === name)
    return (
      <HeaderCell
        column={column}
        widthPx={widthPx}
        stats={stats.get(name)}
        sort={rank === -1 ? null : { descending: sort[rank]?.descending ?? false, rank: sort.length > 1 ? rank + 1 : null }}
        pinned={layout.pinned.includes(name)}
        formatRange={(min, max) => (column.type === 'time' ? timeRangeTexts(min, max, zone) : [boundText(min), boundText(max)])}
        onRange={(from, to) => addRange(name, from, to)}
        onValue={(value) => addValue(name, value)}
      />
    )
  }
  const cell = (row: number, name: string, index: number): ReactNode => {
    const column = byName.get(name)
    const age = name === 'duration' && ageing ? ageOf(row, index) : null
    if (age) return age
    return <CellView cell={shownCell(column, cache.cell(row, index))} type={column?.type ?? 'text'} mono={name !== 'activity_id'} decimals={decimals[index] ?? 0} zone={zone} oneDay={column?.type === 'time' && oneDay(name)} />
  }
  const ageOf = (row: number, index: number): ReactNode => {
    const status = cache.head(row)?.status
    if (!ageing || !ages(status) || cache.cell(row, index) !== null) return null
    const cellOf = (column: string): Cell | undefined => cache.cell(row, view.columns.indexOf(column))
    const since = ageing.sinceOf(cellOf)
    const activity = cellOf('activity_id')
    const known = typeof activity === 'string' ? activity : null
    return typeof since === 'number' ? <AgeCell status={status} since={since} activity={known} medianSeconds={ageing.medianOf(known)} frozenAt={ageing.frozenAt} decimals={decimals[index] ?? 0} zone={zone} /> : null
  }
  const menuItems = menu === null ? [] : menu.column === null ? cellMenu({ cache, selection, columns: shown, copy }) : columnMenu({ column: byName.get(menu.column), layout, change: (next) => change(key, next), shown: names })

  if (cache.error) {
    return (
      <EmptyState icon={CircleX} tone="error" title="The rows could not be read" actions={<Button onClick={() => cache.retry()}>Try again</Button>}>
        {cache.error.message} Nothing was changed; the filter and the selection are kept.
      </EmptyState>
    )
  }
  return (
    <div className={css['fill']}>
      <Grid
        label={`${records}, ${total} rows`}
        columns={gridColumns}
        sort={gridSort}
        rows={total}
        selection={selection}
        reveal={reveal}
        marks={marks.data?.buckets ?? []}
        busy={cache.total === null}
        isRightAligned={(name) => isRightAligned(byName.get(name)?.type ?? 'text')}
        header={header}
        cell={cell}
        onSight={onSight}
        shift={shift}
        moveKey={moveKey}
        onSelect={select}
        onSort={(next) => change(key, { sort: next.map(({ id, descending }) => ({ column: id, descending })) })}
        onOpen={() => setInspectorOpen(true)}
        onKey={onKey}
        onColumnMenu={(name, x, y) => setMenu({ at: { x, y }, column: name })}
        onCellMenu={(x, y) => setMenu({ at: { x, y }, column: null })}
        onResize={(name, widthPx) => change(key, { widthsPx: resized(layout.widthsPx, name, widthPx) })}
        onMove={(name, before) => change(key, moveColumn(names, layout.pinned, name, before))}
      />
      <MenuAt at={menu?.at ?? null} items={menuItems} name={menu?.column ?? 'Selection'} onClose={() => setMenu(null)} />
      {cache.total === 0 && (
        <div className={css['over']}>
          <NoRows what={records} filtered={(cache.unfiltered ?? 0) > 0} reading={source.state === 'reading'} onClear={() => workbench.getState().clearScope()} />
        </div>
      )}
    </div>
  )
}

/** Goes to the next or previous error in the present order. Keys that come faster than the answers go on from each other. */
function useJump(cache: RowCache, from: number): (direction: 'next' | 'previous') => Promise<void> {
  const present = useRef({ cache, from })
  const turn = useRef(Promise.resolve())
  /** Where the last jump led, until the cursor is there. */
  const ahead = useRef<number | null>(null)
  if (present.current.from !== from || present.current.cache.view !== cache.view) ahead.current = null
  present.current = { cache, from }
  return useCallback(async (direction) => {
    const jump = async (): Promise<void> => {
      const { cache, from } = present.current
      const { sourceId, records, scope, sort } = cache.view
      const at = ahead.current ?? from
      const start = at < 0 && direction === 'previous' ? (cache.total ?? 0) : at
      const reply = await call('rows.find', { sourceId, records, scope, sort, match: errorFilter, from: start, direction })
      if (!reply.ok) return
      const { id, index } = reply.value
      if (id === null || index === null) {
        toast({ tone: 'note', title: direction === 'next' ? 'No error after this row' : 'No error before this row' })
        return
      }
      ahead.current = index
      workbench.getState().select({ id, column: 'status' })
    }
    turn.current = turn.current.then(jump)
    await turn.current
  }, [])
}

function decimalsInSight(cache: RowCache, sight: typeof noSight, shown: readonly Column[]): Record<number, number> {
  const decimals: Record<number, number> = {}
  for (const index of sight.columns) {
    if (shown[index]?.type !== 'number') continue
    const cells: (Cell | undefined)[] = []
    for (let row = sight.first; row < sight.last; row++) cells.push(shownCell(shown[index], cache.cell(row, index)))
    decimals[index] = sharedDecimals(cells)
  }
  return decimals
}

/** Numbers are never cut: a column of numbers is as wide as the widest that has come into sight. It never shrinks under the eyes. */
function useFittedWidths(cache: RowCache, sight: typeof noSight, shown: readonly Column[]): Record<string, number> {
  const [fitted, setFitted] = useState<Record<string, number>>({})
  useEffect(() => {
    const wider: Record<string, number> = {}
    for (const index of sight.columns) {
      const column = shown[index]
      if (!column || !isRightAligned(column.type) || column.type === 'time') continue
      let length = 0
      for (let row = sight.first; row < sight.last; row++) length = Math.max(length, formatCell(shownCell(column, cache.cell(row, index)) ?? null).text.length)
      const widthPx = Math.ceil(length * digitPx) + 22
      if (widthPx > (fitted[column.name] ?? defaultWidthPx(column))) wider[column.name] = widthPx
    }
    if (Object.keys(wider).length > 0) setFitted((before) => ({ ...before, ...wider }))
  }, [cache, cache.version, sight, shown, fitted])
  return fitted
}

/** Clocks tell microseconds; the digits beyond come from subtracting two large floats. Copies and exports keep them. */
function shownCell(column: Column | undefined, cell: Cell | undefined): Cell | undefined {
  return column?.name === 'duration' && typeof cell === 'number' ? Number(cell.toFixed(6)) : cell
}

function resized(widthsPx: Readonly<Record<string, number>>, name: string, widthPx: number | null): Record<string, number> {
  const { [name]: _, ...others } = widthsPx
  return widthPx === null ? others : { ...others, [name]: Math.max(minWidthPx, Math.round(widthPx)) }
}

/** A column dropped among the pinned ones is pinned, one dropped elsewhere is not. */
function moveColumn(names: readonly string[], pinned: readonly string[], name: string, before: string | null): { order: string[]; pinned: string[] } {
  if (before === name) return { order: [...names], pinned: [...pinned] }
  const order = names.filter((other) => other !== name)
  const at = before === null ? order.length : order.indexOf(before)
  order.splice(at === -1 ? order.length : at, 0, name)
  const pinNow = before !== null && pinned.includes(before)
  const others = pinned.filter((other) => other !== name)
  return { order, pinned: pinNow ? order.filter((other) => others.includes(other) || other === name) : others }
}
