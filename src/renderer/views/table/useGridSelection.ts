/** Ties the grid's cursor to the selection that all views share: either may lead, the other follows. */
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { call } from '../../connection/call.ts'
import { toast } from '../../state/toasts.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import type { RowCache } from './RowCache.ts'
import { type Place, type Selection, at, rectangleOf } from '../../parts/grid/selection.ts'
import type { Shift } from './useRowCache.ts'

/** More rows than this are exported by a filter, not by naming each. */
const maxSelectedIds = 10_000
const restMs = 250

export type GridSelection = { selection: Selection | null; reveal: number; select: (selection: Selection, follow?: boolean) => void }

export function useGridSelection(cache: RowCache, shift: Shift): GridSelection {
  const [selection, setSelection] = useState<Selection | null>(null)
  const [reveal, setReveal] = useState(0)
  const shared = useWorkbench((s) => s.selection)
  /** The record that cursor and shared selection last agreed on. */
  const agreed = useRef<string | null>(null)

  /** The search for where a record stands now; whoever moves the cursor meanwhile has the say. */
  const search = useRef<AbortController | null>(null)

  // The rows have moved: the cursor goes with its record, without bringing it into sight.
  const shifted = useRef(shift.version)
  useLayoutEffect(() => {
    if (shift.version === shifted.current) return
    shifted.current = shift.version
    const move = ({ row, column }: Place): Place => ({ row: row < 0 ? row : Math.max(0, row + shift.cursor), column })
    if (shift.cursor !== 0) setSelection((before) => before && { cursor: move(before.cursor), anchor: move(before.anchor) })
  }, [shift])

  const select = useCallback((next: Selection, follow = true) => {
    search.current?.abort()
    // In the head the cursor stands on no record: the one chosen before stays so.
    if (next.cursor.row >= 0) agreed.current = null
    setSelection(next)
    if (follow) setReveal((times) => times + 1)
  }, [])

  // The cursor leads: once its row is here, the record becomes the shared selection.
  const row = selection?.cursor.row ?? -1
  const id = row >= 0 ? cache.head(row)?.id : undefined
  const column = selection ? (cache.view.columns[selection.cursor.column] ?? null) : null
  useEffect(() => {
    if (id === undefined || (agreed.current !== null && agreed.current !== id)) return
    agreed.current = id
    const present = workbench.getState().selection
    if (present?.id !== id || present.column !== column) workbench.getState().select({ id, column })
  }, [id, column])

  // Another view leads, or the order changed: the cursor goes to where the record stands now.
  const wanted = shared?.id ?? null
  const viewKey = JSON.stringify([cache.view.sourceId, cache.view.records, cache.view.scope, cache.view.sort])
  const placedFor = useRef('')
  useEffect(() => {
    const key = `${viewKey} ${wanted}`
    if (wanted === null || (wanted === agreed.current && placedFor.current === key)) return
    if (wanted === agreed.current && placedFor.current === '') {
      placedFor.current = key
      return
    }
    const fromOutside = wanted !== agreed.current
    const controller = new AbortController()
    search.current = controller
    const { sourceId, records, scope, sort, columns } = cache.view
    void call('rows.find', { sourceId, records, scope, sort: [...sort], id: wanted }, { signal: controller.signal }).then((reply) => {
      if (controller.signal.aborted || !reply.ok) return
      placedFor.current = key
      agreed.current = wanted
      const { index } = reply.value
      if (index === null) {
        setSelection(null)
        if (fromOutside) toast({ tone: 'note', title: 'Not in the table', detail: `${wanted} is left out by the filter.` })
        return
      }
      const name = workbench.getState().selection?.column ?? null
      // Who sorts by keys in the head stays there, and who sorts or filters looks on at the same place of the table.
      setSelection((before) => (!fromOutside && before?.cursor.row === -1 ? before : at(index, name === null ? (before?.cursor.column ?? 0) : Math.max(0, columns.indexOf(name)))))
      if (fromOutside) setReveal((times) => times + 1)
    })
    return () => controller.abort()
    // `viewKey` stands for the cache's view.
  }, [viewKey, wanted])
  useEffect(() => {
    if (agreed.current !== null) placedFor.current = `${viewKey} ${agreed.current}`
    // Only when the cursor came to agree on a record in this view.
  }, [id])

  useSelectedIds(cache, viewKey, selection)
  return { selection, reveal, select }
}

/** Names the records of a selection of several rows, for exports. */
function useSelectedIds(cache: RowCache, viewKey: string, selection: Selection | null): void {
  const present = useRef(cache)
  present.current = cache
  const { top, bottom } = selection ? rectangleOf(selection) : { top: 0, bottom: -1 }
  useEffect(() => {
    const rows = bottom - top + 1
    const { setSelectedIds } = workbench.getState()
    if (rows < 2 || rows > maxSelectedIds) {
      if (workbench.getState().selectedIds.length > 0) setSelectedIds([])
      return
    }
    const controller = new AbortController()
    const timer = setTimeout(() => {
      const { sourceId, records, scope, sort } = present.current.view
      void call('rows.page', { sourceId, records, scope, sort: [...sort], columns: [], offset: top, limit: rows }, { signal: controller.signal }).then((reply) => {
        if (reply.ok && !controller.signal.aborted) setSelectedIds(reply.value.rows.map(({ id }) => id))
      })
    }, restMs)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
    // Rows that come elsewhere change nothing of these; where they move them, the place changes.
  }, [viewKey, top, bottom])
}
