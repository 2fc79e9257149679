/** Who asked whom: the calls in order, as a sequence diagram or as a list; both scroll over any number of them. */
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef } from 'react'
import type { AgentCall, Lifeline } from '#contract/agents'
import { visibleRows } from '../../parts/scrollMap.ts'
import { useRowScroll } from '../../parts/useRowScroll.ts'
import css from './Agents.module.css'
import type { CallsAs } from './agentsState.ts'
import { CallsState } from './CallsState.tsx'
import { callSentence } from './callWords.ts'
import { columnPlaces, type Folded, lifelineColumns, lifelineName } from './lifelineColumns.ts'
import { ListHead, ListRow } from './ListRow.tsx'
import { SequenceHead, SequenceRow } from './SequenceRow.tsx'
import { useCalls, type WhichCalls } from './useCalls.ts'
import { moveKey } from '../../state/commands.ts'

const rowPx = { sequence: 34, list: 26 } as const
const headPx = { sequence: 52, list: 26 } as const
const spareRows = 6

export type WhoAskedProps = {
  which: WhichCalls
  as: CallsAs
  lifelines: readonly Lifeline[]
  folded: Folded
  onFold: (kind: Lifeline['kind'], on: boolean) => void
  /** Place and id of the chosen call; the place may be unknown still. */
  chosen: { at: number | null; taskId: string | null }
  onChoose: (call: AgentCall, at: number) => void
  onOpen: () => void
}

export function WhoAsked({ which, as, lifelines, folded, onFold, chosen, onChoose, onOpen }: WhoAskedProps): ReactNode {
  const scroller = useRef<HTMLDivElement>(null)
  const [rowHeight, headHeight] = [rowPx[as], headPx[as]]
  const rows = useRef(0)
  const view = useRowScroll(scroller, { rows: rows.current, rowPx: rowHeight, headPx: headHeight })
  const calls = useCalls(which, Math.max(0, Math.floor(view.topPx / rowHeight) - spareRows))
  const total = calls.total ?? 0
  rows.current = total
  const { first, last } = visibleRows(view.topPx, view.rowsPx, rowHeight, total, spareRows)
  const id = useId()
  const { columns, at } = useMemo(() => lifelineColumns(lifelines, which.without, folded), [lifelines, which.without, folded])
  const names = useMemo(() => new Map(lifelines.map((line) => [line.key, lifelineName(line)])), [lifelines])
  const nameOf = (key: string | null): string => (key === null ? 'somebody unrecorded' : (names.get(key) ?? key.replace(/^\w+:/, '')))
  const { xs, widthPx } = columnPlaces(columns.length, view.widthPx)

  const reveal = (row: number): void => {
    const topPx = row * rowHeight
    if (topPx < view.topPx) view.goTo(topPx)
    else if (topPx + rowHeight > view.topPx + view.rowsPx) view.goTo(topPx + rowHeight - view.rowsPx)
  }
  const ready = view.rowsPx > 0
  useEffect(() => {
    if (chosen.at !== null && ready) reveal(chosen.at)
    // Only what is newly chosen, or drawn in another way, is brought into sight.
  }, [chosen.at, as, ready])
  const wanted = useRef<number | null>(null)
  const choose = (row: number): void => {
    const to = Math.min(total - 1, Math.max(0, row))
    const call = calls.call(to)
    wanted.current = call ? null : to
    if (call) onChoose(call, to)
    else reveal(to)
  }
  // What was gone to by a key before it had come is chosen as soon as it has.
  useEffect(() => {
    if (wanted.current !== null && calls.call(wanted.current)) choose(wanted.current)
  })
  const press = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey || total === 0) return
    const here = chosen.at ?? first - 1
    const page = Math.max(1, Math.floor(view.rowsPx / rowHeight) - 1)
    const moves: Record<string, number> = { ArrowDown: here + 1, ArrowUp: here - 1, PageDown: here + page, PageUp: here - page, Home: 0, End: total - 1 }
    const to = moves[moveKey(event.nativeEvent)]
    if (to !== undefined) choose(to)
    else if (event.key === 'Enter') onOpen()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const drawn = Array.from({ length: last - first }, (_, row) => ({ row: first + row, call: calls.call(first + row) }))
  const isList = as === 'list'
  const chosenId = chosen.at !== null && chosen.at >= first && chosen.at < last ? `${id}-${chosen.at}` : undefined
  const keys = { tabIndex: 0, onKeyDown: press, 'aria-activedescendant': chosenId, 'aria-busy': calls.total === null }
  const height = { height: view.map.heightPx, minWidth: isList ? 640 : widthPx }
  const inSight = (
    <div role="presentation" className={css['window']} style={{ transform: `translateY(${view.scrollTop - view.topPx + first * rowHeight}px)` }}>
      {drawn.map(({ row, call }) => {
        if (call === null) return <div key={row} className={css['coming']} style={{ height: rowHeight }} role="presentation" />
        const shared = { id: `${id}-${row}`, row, total, chosen: call.taskId === chosen.taskId, call, onClick: () => onChoose(call, row), onDoubleClick: onOpen }
        return isList ? <ListRow key={row} {...shared} nameOf={nameOf} /> : <SequenceRow key={row} {...shared} columns={columns} at={at} xs={xs} widthPx={widthPx} label={callSentence(call, nameOf)} />
      })}
    </div>
  )
  const failure = calls.error && calls.total === null && <CallsState answer={{ data: null, error: calls.error, retry: calls.retry }}>{null}</CallsState>
  if (isList) {
    return (
      <div ref={scroller} className={css['calls']} role="grid" aria-label="Calls in order" aria-rowcount={total + 1} aria-colcount={7} {...keys}>
        <ListHead />
        {failure}
        <div role="presentation" className={css['callsBody']} style={height}>
          {inSight}
        </div>
      </div>
    )
  }
  return (
    <div ref={scroller} className={css['calls']}>
      <SequenceHead columns={columns} xs={xs} widthPx={widthPx} onFold={onFold} folded={folded} />
      {failure}
      <div className={css['callsBody']} role="listbox" aria-label="Who asked whom" style={height} {...keys}>
        {inSight}
      </div>
      {calls.total === 0 && <p className={css['nothing']}>All calls are hidden: each is from or to a lifeline that is not shown.</p>}
    </div>
  )
}
