/** A grid of any size: rows and columns drawn only where they are seen, one tab stop, a cursor and a selected rectangle. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type MouseEvent, type ReactNode, useEffect, useId, useLayoutEffect, useMemo, useRef } from 'react'
import { count } from '../format.ts'
import { visibleRows } from '../scrollMap.ts'
import { type RowScroll, useRowScroll } from '../useRowScroll.ts'
import { type ColumnModel, type GridColumn, type GridSort, type PlacedColumn, useColumnModel } from './columnModel.ts'
import { GridHead } from './GridHead.tsx'
import { type Selection, at, isIn, moved, rectangleOf } from './selection.ts'
import css from './Grid.module.css'

export type GridProps = {
  label: string
  columns: readonly GridColumn[]
  sort: GridSort
  rows: number
  selection: Selection | null
  /** Counts up to bring the cursor into sight. */
  reveal: number
  /** Share of error rows in each equal stretch of the table, for the ticks beside the scrollbar. */
  marks: readonly number[]
  busy: boolean
  isRightAligned: (id: string) => boolean
  header: (id: string, widthPx: number) => ReactNode
  cell: (row: number, id: string, column: number) => ReactNode
  /** Called with what is in sight: rows from first to before last, columns by index, the row at the upper edge. */
  onSight: (first: number, last: number, columns: readonly number[], top: number) => void
  /** Counts up when rows have moved: the view moves with them, so that what is seen stays where it is. */
  shift?: { readonly version: number; readonly rows: number }
  /** What moves the cursor: the key itself, or the arrow that another key stands for. */
  moveKey: (event: globalThis.KeyboardEvent) => string
  /** Of a head without bands and figures, only names. */
  lowHead?: boolean
  onSelect: (selection: Selection) => void
  onSort: (sort: GridSort) => void
  onOpen: (row: number) => void
  onKey: (event: KeyboardEvent) => void
  onColumnMenu: (id: string, x: number, y: number) => void
  onCellMenu: (x: number, y: number) => void
  onResize: (id: string, widthPx: number | null) => void
  /** Drops a column before another one, or, with null, at the end. */
  onMove: (id: string, before: string | null) => void
}

const rowPx = 28
const headPx = 86
const lowHeadPx = 46
const numberPx = 52
const spareRows = 8

export function Grid(props: GridProps): ReactNode {
  const { columns, sort, rows, selection, marks } = props
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const model = useColumnModel(columns, sort)
  const view = useRowScroll(scroller, { rows, rowPx, headPx: props.lowHead ? lowHeadPx : headPx })
  const leftPx = numberPx + model.pinnedPx
  const virtual = useVirtualizer({
    horizontal: true,
    count: model.scrolled.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => model.scrolled[index]?.widthPx ?? 0,
    getItemKey: (index) => model.scrolled[index]?.id ?? index,
    paddingStart: leftPx,
    scrollPaddingStart: leftPx,
    overscan: 3
  })
  // Sizes are asked for again only when they changed: measuring redraws.
  const widths = model.scrolled.map((column) => column.widthPx).join()
  useLayoutEffect(() => virtual.measure(), [virtual, widths, leftPx])
  const sight = virtual.getVirtualItems().flatMap((item) => model.scrolled[item.index] ?? [])
  const { first, last } = visibleRows(view.topPx, view.rowsPx, rowPx, rows, spareRows)
  useSight(props.onSight, first, last, model.pinned, sight, Math.ceil(view.topPx / rowPx))
  useShift(props.shift, view)
  useReveal(props.reveal, selection, view, virtual.scrollToIndex, model)

  const cursorRow = selection && selection.cursor.row >= 0 && selection.cursor.row < rows ? selection.cursor.row : null
  const drawn = useMemo(() => range(first, last, cursorRow), [first, last, cursorRow])
  const drag = useRef(false)
  const select = (row: number, column: number, extend: boolean): void => {
    const place = { row, column }
    props.onSelect(extend && selection && selection.anchor.row >= 0 ? { cursor: place, anchor: selection.anchor } : at(row, column))
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return
    const extent = { rows, columns: columns.length, pageRows: Math.max(1, Math.floor(view.rowsPx / rowPx) - 1) }
    const next = event.altKey ? null : moved(selection ?? at(-1, 0), props.moveKey(event.nativeEvent), event.ctrlKey || event.metaKey, event.shiftKey, extent)
    const column = columns[selection?.cursor.column ?? -1]
    if (next && rows > 0) {
      event.preventDefault()
      props.onSelect(next)
    } else if (selection && selection.cursor.row === -1 && column && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault()
      props.onSort(model.nextSort(column.id, event.shiftKey))
    } else if (selection && column && (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey))) {
      event.preventDefault()
      openMenuByKey(scroller.current, `${id}-${selection.cursor.row}-${selection.cursor.column}`, (x, y) => (selection.cursor.row === -1 ? props.onColumnMenu(column.id, x, y) : props.onCellMenu(x, y)))
    } else if (cursorRow !== null && event.key === 'Enter') {
      event.preventDefault()
      props.onOpen(cursorRow)
    } else props.onKey(event)
  }
  const active = selection ? `${id}-${selection.cursor.row}-${selection.cursor.column}` : undefined
  const rectangle = selection && selection.cursor.row >= 0 ? rectangleOf(selection) : null
  const drawCell = (row: number, column: PlacedColumn): ReactNode => (
    <div
      key={column.id}
      id={`${id}-${row}-${column.index}`}
      role="gridcell"
      aria-colindex={column.index + 2}
      data-column={column.id}
      aria-selected={rectangle !== null && isIn(rectangle, row, column.index)}
      className={css.cell}
      data-right={props.isRightAligned(column.id) || undefined}
      data-cursor={(selection?.cursor.row === row && selection.cursor.column === column.index) || undefined}
      data-in={(rectangle !== null && (rectangle.top !== rectangle.bottom || rectangle.left !== rectangle.right) && isIn(rectangle, row, column.index)) || undefined}
      style={{ width: column.widthPx }}
      onMouseDown={(event) => {
        if (event.button === 2 && rectangle && isIn(rectangle, row, column.index)) return
        drag.current = event.button === 0
        select(row, column.index, event.shiftKey)
      }}
      onMouseEnter={() => drag.current && select(row, column.index, true)}
    >
      {props.cell(row, column.id, column.index)}
    </div>
  )
  useEffect(() => {
    const stop = (): void => void (drag.current = false)
    window.addEventListener('mouseup', stop)
    return () => window.removeEventListener('mouseup', stop)
  }, [])

  return (
    <div className={css.grid} data-low={props.lowHead || undefined}>
      <div
        ref={scroller}
        className={css.scroller}
        role="grid"
        aria-label={props.label}
        aria-rowcount={rows + 1}
        aria-colcount={columns.length + 1}
        aria-multiselectable="true"
        aria-busy={props.busy}
        aria-activedescendant={active}
        tabIndex={0}
        onKeyDown={onKeyDown}
        // A press of the mouse chooses by itself where it falls on a cell.
        onFocus={(event) => event.currentTarget.matches(':focus-visible') && !selection && rows > 0 && columns.length > 0 && props.onSelect(at(0, 0))}
        onDoubleClick={(event) => cursorRow !== null && (event.target as Element).closest('[role=gridcell]') && props.onOpen(cursorRow)}
        onContextMenu={(event: MouseEvent) => {
          if (!(event.target as Element).closest('[role=gridcell]')) return
          event.preventDefault()
          props.onCellMenu(event.clientX, event.clientY)
        }}
      >
        <GridHead
          id={id}
          model={model}
          sight={sight}
          paddingPx={sight[0]?.startPx ?? 0}
          totalPx={leftPx + model.scrolledPx}
          cursor={selection?.cursor.row === -1 ? selection.cursor.column : null}
          header={props.header}
          isRightAligned={props.isRightAligned}
          onSort={props.onSort}
          onColumnMenu={props.onColumnMenu}
          onResize={props.onResize}
          onMove={props.onMove}
        />
        <div className={css.body} role="rowgroup" style={{ height: view.map.heightPx, width: leftPx + model.scrolledPx }}>
          {drawn.map((row) => (
            <div
              key={row}
              role="row"
              aria-rowindex={row + 2}
              className={css.row}
              data-cursor={cursorRow === row || undefined}
              style={{ transform: `translateY(${view.scrollTop - view.topPx + row * rowPx}px)` }}
            >
              <div className={css.pinned} style={{ width: leftPx }}>
                <div
                  role="rowheader"
                  aria-colindex={1}
                  className={css.number}
                  onMouseDown={(event) => {
                    event.preventDefault()
                    scroller.current?.focus()
                    const anchor = event.shiftKey && selection ? selection.anchor.row : row
                    props.onSelect({ anchor: { row: anchor, column: 0 }, cursor: { row, column: columns.length - 1 } })
                  }}
                >
                  {count(row + 1).replaceAll(',', '\u202f')}
                </div>
                {model.pinned.map((column) => drawCell(row, column))}
              </div>
              <div style={{ width: sight[0]?.startPx ?? 0 }} className={css.padding} />
              {sight.map((column) => drawCell(row, column))}
            </div>
          ))}
        </div>
      </div>
      <Marks marks={marks} />
    </div>
  )
}

/** Before it is painted: the rows that have moved are drawn where they were. */
function useShift(shift: GridProps['shift'], view: RowScroll): void {
  const done = useRef(shift?.version ?? 0)
  useLayoutEffect(() => {
    if (!shift || shift.version === done.current) return
    done.current = shift.version
    if (shift.rows !== 0) view.goTo(view.topPx + shift.rows * rowPx)
  })
}

function useSight(onSight: GridProps['onSight'], first: number, last: number, pinned: readonly PlacedColumn[], sight: readonly PlacedColumn[], top: number): void {
  const columns = [...pinned, ...sight].map((column) => column.index)
  const key = columns.join()
  useEffect(() => {
    onSight(first, last, key === '' ? [] : key.split(',').map(Number), top)
  }, [onSight, first, last, key, top])
}

function useReveal(reveal: number, selection: Selection | null, view: RowScroll, scrollToColumn: (index: number) => void, model: ColumnModel): void {
  const done = useRef(0)
  useEffect(() => {
    if (reveal === done.current || !selection || view.rowsPx === 0) return
    done.current = reveal
    const { row, column } = selection.cursor
    const topPx = row * rowPx
    if (row >= 0 && topPx < view.topPx) view.goTo(topPx)
    else if (row >= 0 && topPx + rowPx > view.topPx + view.rowsPx) view.goTo(topPx + rowPx - view.rowsPx)
    if (column >= model.pinned.length) scrollToColumn(column - model.pinned.length)
  })
}

/** Rows to draw; the cursor's row is always among them, so that the focused cell exists. */
function range(first: number, last: number, cursor: number | null): number[] {
  const rows = Array.from({ length: last - first }, (_, index) => first + index)
  if (cursor === null || (cursor >= first && cursor < last)) return rows
  return cursor < first ? [cursor, ...rows] : [...rows, cursor]
}

/** A tick where a stretch of the table has errors, wider where it has more of them. */
function Marks({ marks }: { marks: readonly number[] }): ReactNode {
  const most = Math.max(1, ...marks)
  return (
    <div className={css.marks} aria-hidden="true">
      {marks.map((count, index) => count > 0 && <span key={index} style={{ top: `${(index / marks.length) * 100}%`, width: 3 + (count / most) * 9 }} />)}
    </div>
  )
}

function openMenuByKey(scroller: HTMLElement | null, cellId: string, open: (x: number, y: number) => void): void {
  const box = (document.getElementById(cellId) ?? scroller)?.getBoundingClientRect()
  if (box) open(box.left + 12, box.bottom - 4)
}
