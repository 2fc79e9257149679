/**
 * The rows of the view in sight, over revisions. What has changed is read behind the scenes and shown at once when it is whole:
 * nothing flickers, a source that changes all the time still comes to be seen, and what a person looks at stays where it is.
 */
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { ownId } from '#contract/momentId'
import { call } from '../../connection/call.ts'
import { RowCache, type RowsView } from './RowCache.ts'

/** Rows and columns to have. `top` is the first row that is seen whole; 0 at the upper edge, where new rows may push it down. */
export type Sight = { first: number; last: number; columns: readonly number[]; top: number }
/** Counts up when rows have moved: how far the row at the upper edge went, and the row of the cursor. */
export type Shift = { version: number; rows: number; cursor: number }

const noShift: Shift = { version: 0, rows: 0, cursor: 0 }
/** Between two readings, as a multiple of what one takes. */
const restTimes = 0.5
const leastRestMs = 25
/** Rows that may have come below the last in sight. */
const spareRows = 40

/** At another moment they are other rows of the same source: those shown stay until the others are there. */
const rowsKey = ({ sourceId, records, scope }: RowsView): string => JSON.stringify([ownId(sourceId), records, scope])
const orderKey = ({ sourceId, records, scope, sort }: RowsView): string => JSON.stringify([ownId(sourceId), records, scope, sort])

/** @param cursorRow row of the cursor; below 0 without one */
export function useRowCache(view: RowsView, revision: number, sight: Sight, cursorRow: number, ready: boolean): { cache: RowCache; shift: Shift } {
  const key = JSON.stringify(view)
  const [shown, setShown] = useState<{ key: string; cache: RowCache; revision: number; shift: Shift } | null>(null)
  const latest = useRef(shown)
  const begun = useMemo(() => {
    const known = latest.current
    if (known?.key === key) return known
    const cache = new RowCache(call, view)
    // Other columns or another order of the same rows: as many as before, so that the table stays where it was scrolled to.
    if (known && rowsKey(known.cache.view) === rowsKey(view)) cache.expect(known.cache)
    if (known && orderKey(known.cache.view) === orderKey(view)) cache.replace(known.cache, 0)
    else known?.cache.close()
    latest.current = { key, cache, revision, shift: known?.shift ?? noShift }
    return latest.current
    // `key` stands for the view; the revision of a later time is taken up below.
  }, [key])
  const present = shown?.key === key ? shown : begun
  const { cache } = present
  const state = useRef({ sight, cursorRow, revision, ready })
  state.current = { sight, cursorRow, revision, ready }

  useEffect(() => {
    if (ready) cache.want(sight.first, Math.max(sight.last, 1), sight.columns)
  }, [cache, sight, ready])

  const running = useRef<RowCache | null>(null)
  const renew = useCallback(async () => {
    const before = latest.current
    if (!before || running.current !== null || !state.current.ready || before.revision === state.current.revision) return
    running.current = before.cache
    const startedAt = performance.now()
    await before.cache.settled()
    const next = new RowCache(call, before.cache.view)
    const wanted = state.current.revision
    const moved = await read(next, before.cache, () => state.current)
    if (latest.current === before) {
      next.replace(before.cache, moved.rows)
      const shift = moved.rows === 0 && moved.cursor === 0 ? before.shift : { version: before.shift.version + 1, ...moved }
      latest.current = { key: before.key, cache: next, revision: wanted, shift }
      setShown(latest.current)
    } else next.close()
    setTimeout(() => {
      running.current = null
      void renew()
    }, Math.max(leastRestMs, (performance.now() - startedAt) * restTimes))
  }, [])
  useEffect(() => void renew(), [renew, revision, key, ready])
  useEffect(
    () => () => {
      latest.current?.cache.close()
      latest.current = null
    },
    []
  )
  useSyncExternalStore(cache.subscribe, () => cache.version)
  return { cache, shift: present.shift }
}

type Now = () => { sight: Sight; cursorRow: number }

/** Reads what is in sight; where rows may change places, follows the row at the upper edge and the one with the cursor to where they are now. */
async function read(next: RowCache, before: RowCache, now: Now): Promise<{ rows: number; cursor: number }> {
  const { sight, cursorRow } = now()
  const load = async (shift: number): Promise<void> => {
    next.want(Math.max(0, sight.first + shift), Math.max(1, sight.last + shift + spareRows), sight.columns)
    await next.settled()
  }
  await load(0)
  const { sort, scope } = before.view
  if (sort.length === 0 && Object.keys(scope.filter).length === 0 && scope.search === '') return { rows: 0, cursor: 0 }
  const rows = sight.top > 0 ? await movement(next, before, sight.top) : 0
  if (rows !== 0) await load(rows)
  const cursor = cursorRow >= 0 ? await movement(next, before, cursorRow) : 0
  return { rows, cursor }
}

async function movement(next: RowCache, before: RowCache, row: number): Promise<number> {
  const id = before.head(row)?.id
  if (id === undefined || next.head(row)?.id === id) return 0
  const here = next.place(id, row)
  if (here !== null) return here - row
  const { sourceId, records, scope, sort } = next.view
  const reply = await call('rows.find', { sourceId, records, scope, sort: [...sort], id })
  return reply.ok && reply.value.index !== null ? reply.value.index - row : 0
}
