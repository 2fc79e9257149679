/** The grid's head: a band with the dotted prefixes over neighbours, names to sort by, edges to resize by, drag to move. */
import { type PointerEvent, type ReactNode, useRef, useState } from 'react'
import type { ColumnModel, GridSort, PlacedColumn } from './columnModel.ts'
import css from './Grid.module.css'

type Props = {
  id: string
  model: ColumnModel
  sight: readonly PlacedColumn[]
  paddingPx: number
  totalPx: number
  /** The column that the keyboard's cursor is on, if it is in the head. */
  cursor: number | null
  header: (id: string, widthPx: number) => ReactNode
  isRightAligned: (id: string) => boolean
  onSort: (sort: GridSort) => void
  onColumnMenu: (id: string, x: number, y: number) => void
  onResize: (id: string, widthPx: number | null) => void
  onMove: (id: string, before: string | null) => void
}

export function GridHead(props: Props): ReactNode {
  const { model, sight, paddingPx } = props
  const [target, setTarget] = useState<{ dragged: string; before: string | null } | null>(null)
  const head = (column: PlacedColumn): ReactNode => <HeadCell key={column.id} column={column} target={target} setTarget={setTarget} {...props} />
  return (
    <div className={css.head} role="rowgroup" style={{ width: props.totalPx }}>
      <div className={css.band} aria-hidden="true">
        <div className={css.pinned}>
          <span className={css.corner} />
          <Bands columns={model.pinned} />
        </div>
        <div className={css.padding} style={{ width: paddingPx }} />
        <Bands columns={sight} />
      </div>
      <div className={css.names} role="row" aria-rowindex={1}>
        <div className={css.pinned}>
          <div className={css.corner} role="columnheader" aria-colindex={1} aria-label="Row" />
          {model.pinned.map(head)}
        </div>
        <div className={css.padding} style={{ width: paddingPx }} />
        {sight.map(head)}
      </div>
    </div>
  )
}

/** Neighbours of one prefix share one band. */
function Bands({ columns }: { columns: readonly PlacedColumn[] }): ReactNode {
  const bands: { text: string; widthPx: number; key: string }[] = []
  for (const column of columns) {
    const before = bands.at(-1)
    if (before && before.text === column.band) before.widthPx += column.widthPx
    else bands.push({ text: column.band, widthPx: column.widthPx, key: column.id })
  }
  return bands.map(({ key, text, widthPx }) => (
    <span key={key} className={css.bandPart} data-named={text !== '' || undefined} style={{ width: widthPx }}>
      {text}
    </span>
  ))
}

type HeadCellProps = Props & { column: PlacedColumn; target: { dragged: string; before: string | null } | null; setTarget: (target: { dragged: string; before: string | null } | null) => void }

function HeadCell({ id, model, column, cursor, target, setTarget, ...props }: HeadCellProps): ReactNode {
  const press = useRef<{ x: number; moving: boolean } | null>(null)
  const finish = (event: PointerEvent<HTMLDivElement>): void => {
    const pressed = press.current
    press.current = null
    if (!pressed) return
    if (pressed.moving) {
      if (target) props.onMove(column.id, target.before)
      setTarget(null)
    } else props.onSort(model.nextSort(column.id, event.shiftKey || event.ctrlKey || event.metaKey))
  }
  return (
    <div
      id={`${id}--1-${column.index}`}
      role="columnheader"
      aria-colindex={column.index + 2}
      aria-sort={column.sort ? (column.sort.descending ? 'descending' : 'ascending') : 'none'}
      className={css.name}
      data-column={column.id}
      data-right={props.isRightAligned(column.id) || undefined}
      data-cursor={cursor === column.index || undefined}
      data-drop={(target !== null && target.before === column.id) || undefined}
      data-dragged={target?.dragged === column.id || undefined}
      style={{ width: column.widthPx }}
      onPointerDown={(event) => {
        if (event.button !== 0) return
        press.current = { x: event.clientX, moving: false }
        event.currentTarget.setPointerCapture(event.pointerId)
      }}
      onPointerMove={(event) => {
        const pressed = press.current
        if (!pressed || (!pressed.moving && Math.abs(event.clientX - pressed.x) < 5)) return
        pressed.moving = true
        setTarget({ dragged: column.id, before: columnAfter(event.currentTarget, event.clientX) })
      }}
      onPointerUp={finish}
      onPointerCancel={() => {
        press.current = null
        setTarget(null)
      }}
      onContextMenu={(event) => {
        event.preventDefault()
        event.stopPropagation()
        props.onColumnMenu(column.id, event.clientX, event.clientY)
      }}
    >
      {props.header(column.id, column.widthPx)}
      <Edge column={column} onResize={props.onResize} />
    </div>
  )
}

/** The column before which one dropped at x would come: the first whose middle is right of it. */
function columnAfter(cell: HTMLElement, x: number): string | null {
  const cells = [...(cell.closest('[role=row]')?.querySelectorAll<HTMLElement>('[data-column]') ?? [])]
  const after = cells.find((other) => {
    const box = other.getBoundingClientRect()
    return x < box.left + box.width / 2
  })
  return after?.dataset['column'] ?? null
}

/** Drag to resize; a double click goes back to the usual width. */
function Edge({ column, onResize }: { column: PlacedColumn; onResize: Props['onResize'] }): ReactNode {
  const from = useRef<{ x: number; widthPx: number } | null>(null)
  return (
    <span
      className={css.edge}
      aria-hidden="true"
      onPointerDown={(event) => {
        event.stopPropagation()
        from.current = { x: event.clientX, widthPx: column.widthPx }
        event.currentTarget.setPointerCapture(event.pointerId)
      }}
      onPointerMove={(event) => from.current && onResize(column.id, from.current.widthPx + event.clientX - from.current.x)}
      onPointerUp={(event) => {
        event.stopPropagation()
        from.current = null
      }}
      onDoubleClick={(event) => {
        event.stopPropagation()
        onResize(column.id, null)
      }}
    />
  )
}
