/** The run as a tree: campaigns, workflows, tasks and their children, repeated siblings folded, with what became of each and when. */
import { CircleSlash2, OctagonX } from 'lucide-react'
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import type { Source } from '#contract/sources'
import type { RunTreeNode } from '#contract/tree'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { count, counted } from '../../parts/format.ts'
import { type MenuItem, MenuAt } from '../../parts/Menu.tsx'
import { visibleRows } from '../../parts/scrollMap.ts'
import { useRowScroll } from '../../parts/useRowScroll.ts'
import { useCall } from '../../state/query.ts'
import { useSource } from '../../state/sources.ts'
import { useTaskScope } from '../../state/useScope.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import { menuOf } from './nodeMenu.ts'
import css from './RunTree.module.css'
import { RunTreeRow } from './RunTreeRow.tsx'
import { TreeRows, type TreeRow } from './TreeRows.ts'
import { treeActs, useTreeFold, useTreeSort } from './treeState.ts'
import { moveKey } from '../../state/commands.ts'

const rowPx = 28
const headPx = 30
const spareRows = 6

export function RunTree() {
  const source = useSource()
  return source ? <TreeOf key={source.sourceId} source={source} /> : null
}

/** What is open in each source's tree. */
const openedIn = new Map<string, Set<string>>()

function openedOf(sourceId: string): Set<string> {
  const known = openedIn.get(sourceId)
  if (known) return known
  const fresh = new Set<string>()
  openedIn.set(sourceId, fresh)
  return fresh
}

function TreeOf({ source: { sourceId, state } }: { source: Source }) {
  const scope = useTaskScope()
  const moment = useWorkbench((s) => s.moment)
  const [sort] = useTreeSort()
  const [fold] = useTreeFold()
  // Another moment is another tree; what is open in it stays so.
  const rows = useMemo(() => (void moment, new TreeRows({ sourceId, scope, fold, sort }, openedOf(sourceId))), [sourceId, scope, fold, sort, moment])
  useEffect(() => () => rows.close(), [rows])
  useSyncExternalStore(rows.watch, () => rows.version)
  const closed = treeActs((s) => s.closed)
  const closedBefore = useRef(closed)
  useEffect(() => {
    if (closed !== closedBefore.current) rows.closeAll()
    closedBefore.current = closed
  }, [closed, rows])

  if (rows.error !== null && (rows.rows ?? 0) === 0) {
    return (
      <EmptyState icon={OctagonX} tone="error" title="The tree could not be built">
        {rows.error} The other views still work.
      </EmptyState>
    )
  }
  if (rows.rows === 0) {
    return (
      <EmptyState icon={CircleSlash2} title="No tasks">
        {state === 'reading' ? 'None have been read so far.' : 'This source has no tasks; what it holds is in the Table.'}
      </EmptyState>
    )
  }
  return <Rows rows={rows} sourceId={sourceId} fold={fold} />
}

function Rows({ rows, sourceId, fold }: { rows: TreeRows; sourceId: string; fold: boolean }) {
  const scroller = useRef<HTMLDivElement>(null)
  const total = rows.rows ?? 0
  const view = useRowScroll(scroller, { rows: total, rowPx, headPx })
  const { first, last } = visibleRows(view.topPx, view.rowsPx, rowPx, total, spareRows)
  useEffect(() => rows.show(first, last))
  const [cursor, setCursor] = useState<Cursor | null>(null)
  const selection = useWorkbench((s) => (s.records === 'tasks' ? s.selection : null))
  const [menu, setMenu] = useState<{ x: number; y: number; items: MenuItem[] } | null>(null)
  const id = useId()
  /** The chosen task that has been brought into sight. */
  const shown = useRef<string | null>(null)

  const drawn: (TreeRow & { at: number })[] = []
  for (let at = first; at < last; at++) drawn.push({ ...rows.row(at), at })
  const reveal = (at: number): void => {
    const topPx = at * rowPx
    if (topPx < view.topPx) view.goTo(topPx)
    else if (topPx + rowPx > view.topPx + view.rowsPx) view.goTo(topPx + rowPx - view.rowsPx)
  }
  const choose = (at: number): void => {
    const { node } = rows.row(at)
    // What has not come yet is in sight soon, and can be gone to then.
    if (node === null) return
    setCursor({ key: node.key, at })
    if (node.kind !== 'task' || node.id === null) return
    shown.current = node.id
    workbench.getState().selectTask(node.id)
  }
  useShownTask(rows, { sourceId, taskId: selection?.id ?? null, shown, setCursor, reveal })

  const here = cursorRow(rows, cursor, drawn)
  const move = (to: number): void => {
    const at = Math.min(total - 1, Math.max(0, to))
    rows.show(Math.min(first, at), Math.max(last, at + 1))
    reveal(at)
    choose(at)
  }
  const openMenu = (node: RunTreeNode, at: { x: number; y: number }): void => setMenu({ ...at, items: menuOf(sourceId, node) })
  const press = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey || total === 0) return
    const act = actionOf(event, rows, here, cursor === null, Math.max(1, Math.floor(view.rowsPx / rowPx) - 1))
    if (act === null) return
    event.preventDefault()
    event.stopPropagation()
    if (act.to !== undefined) move(act.to)
    if (act.open !== undefined) rows.toggle(rows.row(here), act.open)
    if (act.inspect) workbench.getState().setInspectorOpen(true)
    const { node } = rows.row(here)
    if (!act.menu || !node) return
    const box = document.getElementById(`${id}-${here}`)?.getBoundingClientRect()
    openMenu(node, { x: (box?.left ?? 0) + 40, y: box?.bottom ?? 0 })
  }

  return (
    <div className={css['view']}>
      <div ref={scroller} className={css['scroller']} role="treegrid" aria-label="Tree of the run" aria-rowcount={total + 1} aria-busy={rows.rows === null} tabIndex={0} aria-activedescendant={cursor === null ? undefined : `${id}-${here}`} onKeyDown={press}>
        <div className={css['head']} role="row" aria-rowindex={1}>
          {['Name', 'Status', 'Tasks', 'Errors', 'Start', 'Duration', 'When'].map((name) => (
            <span key={name} role="columnheader" className={css[name.toLowerCase()]}>
              {name}
            </span>
          ))}
        </div>
        <div className={css['rows']} role="presentation" style={{ height: view.map.heightPx }}>
          <div className={css['window']} role="presentation" style={{ transform: `translateY(${view.scrollTop - view.topPx + first * rowPx}px)` }}>
            {drawn.map((row) => (
              <RunTreeRow
                key={row.at}
                id={`${id}-${row.at}`}
                row={row}
                rowIndex={row.at + 2}
                open={row.node !== null && rows.isOpen(row.node.key)}
                current={row.node !== null && row.node.key === cursor?.key}
                chosen={row.node?.kind === 'task' && row.node.id === selection?.id}
                span={rows.span}
                onChoose={() => choose(row.at)}
                onToggle={(open) => rows.toggle(row, open)}
                onMenu={(x, y) => {
                  choose(row.at)
                  if (row.node) openMenu(row.node, { x, y })
                }}
              />
            ))}
          </div>
        </div>
      </div>
      <p className={css['foot']}>
        {rows.tasks === null ? 'Counting…' : `${counted(rows.tasks, 'task')} in ${counted(total, 'row')}`}
        {fold && ', siblings of one activity folded into one, ×N'}
        {rows.error !== null && <span className="errc"> {rows.error}</span>}
      </p>
      <MenuAt at={menu} name="Of this row" items={menu?.items ?? []} onClose={() => setMenu(null)} />
      <span className="hidden" aria-live="polite">
        {total > 0 ? `${count(total)} rows` : ''}
      </span>
    </div>
  )
}

/** @property at its row when it was last there */
type Cursor = { key: string; at: number }

/** Where the cursor is now: rows above it may have opened or gone. Out of sight and moved, it begins anew with what is seen. */
function cursorRow(rows: TreeRows, cursor: Cursor | null, drawn: readonly (TreeRow & { at: number })[]): number {
  const isAt = (at: number): boolean => at < (rows.rows ?? 0) && rows.row(at).node?.key === cursor?.key
  if (cursor !== null && isAt(cursor.at)) return cursor.at
  return drawn.find(({ node }) => node !== null && node.key === cursor?.key)?.at ?? drawn[0]?.at ?? 0
}

type Action = { to?: number; open?: boolean; inspect?: boolean; menu?: boolean }

/** What a key does in a tree, as the ARIA practices have it. */
function actionOf({ nativeEvent, shiftKey }: KeyboardEvent, rows: TreeRows, at: number, isFirst: boolean, pageRows: number): Action | null {
  const { node } = rows.row(at)
  const open = node !== null && rows.isOpen(node.key)
  const step = isFirst ? 0 : 1
  switch (moveKey(nativeEvent)) {
    case 'ArrowDown':
      return { to: at + step }
    case 'ArrowUp':
      return { to: at - step }
    case 'PageDown':
      return { to: at + pageRows }
    case 'PageUp':
      return { to: at - pageRows }
    case 'Home':
      return { to: 0 }
    case 'End':
      return { to: (rows.rows ?? 1) - 1 }
    case 'ArrowRight':
      return open || !node?.hasChildren ? { to: at + 1 } : { open: true }
    case 'ArrowLeft':
      return open ? { open: false } : { to: parentRow(rows, at) }
    case 'Enter':
      return node?.kind === 'task' ? { inspect: true } : { open: !open }
    case 'ContextMenu':
      return { menu: true }
    case 'F10':
      return shiftKey ? { menu: true } : null
    default:
      return null
  }
}

function parentRow(rows: TreeRows, at: number): number {
  const { index, level } = rows.row(at)
  // Its siblings before it, and all that is open below them.
  for (let row = at - 1 - index; row >= 0; row--) if (rows.row(row).level < level) return row
  return at
}

type Shown = { sourceId: string; taskId: string | null; shown: { current: string | null }; setCursor: (cursor: Cursor) => void; reveal: (row: number) => void }

/** A task that was chosen elsewhere is opened down to, and brought into sight. */
function useShownTask(rows: TreeRows, { sourceId, taskId, shown, setCursor, reveal }: Shown): void {
  const scope = useTaskScope()
  const [sort] = useTreeSort()
  const [fold] = useTreeFold()
  const isHere = taskId === null || shown.current === taskId
  const { current, data } = useCall('runtree.path', isHere ? null : { sourceId, scope, taskId, fold, sort })
  const path = current && !isHere ? data?.path : undefined
  const opened = useRef<unknown>(null)
  useEffect(() => {
    const target = path?.at(-1)
    if (!path || !target || taskId === shown.current) return
    if (opened.current !== path) {
      opened.current = path
      return rows.openPath(path)
    }
    const at = rows.rowOf(path)
    if (at === null) return
    shown.current = taskId
    setCursor({ key: target.key, at })
    reveal(at)
  })
}
