/** Header statistics of the columns in sight, fetched a few at a time, kept while newer ones are on their way. */
import { useEffect, useRef, useState } from 'react'
import type { Records, Scope } from '#contract/values'
import { call } from '../../connection/call.ts'
import type { ColumnStats } from './MiniChart.tsx'

const perCall = 8
/** Scrolling sideways past columns should not ask for each of them. */
const restMs = 120

/** @param columns names of the columns in sight */
export function useColumnStats(sourceId: string, records: Records, scope: Scope, revision: number, columns: readonly string[]): ReadonlyMap<string, ColumnStats> {
  const key = JSON.stringify([sourceId, records, scope])
  const kept = useRef({ key: '', revision: -1, stats: new Map<string, ColumnStats>(), fresh: new Set<string>() })
  const [, redraw] = useState(0)
  if (kept.current.key !== key) kept.current = { key, revision, stats: new Map(), fresh: new Set() }
  if (kept.current.revision !== revision) kept.current = { ...kept.current, revision, fresh: new Set() }
  const wanted = columns.join('\u0000')

  useEffect(() => {
    const controller = new AbortController()
    const timer = setTimeout(() => void load(), restMs)
    async function load(): Promise<void> {
      const mine = kept.current
      const missing = wanted === '' ? [] : wanted.split('\u0000').filter((name) => !mine.fresh.has(name))
      for (let from = 0; from < missing.length; from += perCall) {
        const names = missing.slice(from, from + perCall)
        const reply = await call('columns.stats', { sourceId, records, scope, columns: names }, { signal: controller.signal })
        if (controller.signal.aborted || !reply.ok) return
        for (const stats of reply.value.stats) mine.stats.set(stats.name, stats)
        for (const name of names) mine.fresh.add(name)
        redraw((count) => count + 1)
      }
    }
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
    // `key` stands for source, records and scope.
  }, [key, revision, wanted])

  return kept.current.stats
}
