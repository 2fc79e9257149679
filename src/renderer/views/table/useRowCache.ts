/** The rows of the view in sight, over revisions: old rows stay until newer ones are here. */
import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import { call } from '../../connection/call.ts'
import { RowCache, type RowsView } from './RowCache.ts'

const rowsKey = ({ sourceId, records, scope }: RowsView): string => JSON.stringify([sourceId, records, scope])

export function useRowCache(view: RowsView, revision: number): RowCache {
  const key = JSON.stringify(view)
  const last = useRef<{ key: string; revision: number; cache: RowCache } | null>(null)
  const cache = useMemo(() => {
    const known = last.current
    if (known && known.key === key && known.revision === revision) return known.cache
    const next = new RowCache(call, view, known?.key === key ? known.cache : null)
    if (known && known.key !== key) {
      known.cache.close()
      // Other columns or another order of the same rows: as many as before, so that the table stays where it was scrolled to.
      if (rowsKey(known.cache.view) === rowsKey(view)) next.expect(known.cache)
    }
    last.current = { key, revision, cache: next }
    return next
    // `key` stands for the view.
  }, [key, revision])
  useEffect(() => () => last.current?.cache.close(), [])
  useSyncExternalStore(cache.subscribe, () => cache.version)
  return cache
}
