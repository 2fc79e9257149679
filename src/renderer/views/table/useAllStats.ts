/** Statistics of every column among the rows in scope, a batch at a time, for the chooser; learns which are constant. */
import { useEffect, useState } from 'react'
import type { Column } from '#contract/tables'
import type { Records, Scope } from '#contract/values'
import { call } from '../../connection/call.ts'
import { useTableLayout } from '../../state/tableLayout.ts'
import type { ColumnStats } from './MiniChart.tsx'

const perCall = 16

export function useAllStats(key: string, sourceId: string, records: Records, scope: Scope, revision: number, columns: readonly Column[]): ReadonlyMap<string, ColumnStats> {
  const [known, setKnown] = useState<ReadonlyMap<string, ColumnStats>>(new Map())
  const wanted = columns.map(({ name }) => name).join('\u0000')
  useEffect(() => {
    const controller = new AbortController()
    const stats = new Map<string, ColumnStats>()
    async function load(): Promise<void> {
      const names = wanted === '' ? [] : wanted.split('\u0000')
      for (let from = 0; from < names.length; from += perCall) {
        const reply = await call('columns.stats', { sourceId, records, scope, columns: names.slice(from, from + perCall) }, { signal: controller.signal })
        if (controller.signal.aborted || !reply.ok) return
        for (const one of reply.value.stats) stats.set(one.name, one)
        setKnown(new Map(stats))
      }
      const constant = [...stats.values()].filter(({ rows, nulls, distinct }) => rows > 1 && nulls === 0 && distinct === 1)
      useTableLayout.getState().learnConstant(key, new Set(constant.map(({ name }) => name)))
    }
    void load()
    return () => controller.abort()
  }, [key, sourceId, records, scope, revision, wanted])
  return known
}
