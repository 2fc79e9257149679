/** What the table needs to show how long tasks of a live source have been going on. */
import { useMemo } from 'react'
import type { Source } from '#contract/sources'
import type { Column } from '#contract/tables'
import type { Cell, Records } from '#contract/values'
import { frozenAt } from '../../state/liveSource.ts'
import { useCall } from '../../state/query.ts'

/** Fetched with the rows, whether they are shown or not. */
const wanted = ['started_at', 'submitted_at', 'activity_id']
/** Medians need not be of this moment. */
const mediansEveryMs = 5000

export type Ageing = {
  /** Columns to fetch behind those that are shown. */
  extra: readonly string[]
  frozenAt: number | null
  medianOf: (activity: string | null) => number | null
  /** Since when a row goes on: started, else submitted. Undefined while it is not known. */
  sinceOf: (cellOf: (column: string) => Cell | undefined) => number | null | undefined
}

const none: readonly string[] = []

export function useAgeing({ sourceId, live }: Source, records: Records, columns: readonly Column[], shown: readonly string[]): Ageing | null {
  const on = live !== null && records === 'tasks'
  const { data } = useCall('overview.activities', on ? { sourceId, limit: 1000, sort: 'tasks' } : null, mediansEveryMs)
  const medians = useMemo(() => new Map(data?.activities.map(({ activity, quantiles }) => [activity, quantiles?.p50 ?? null])), [data])
  const key = on ? wanted.filter((name) => !shown.includes(name) && columns.some((column) => column.name === name)).join() : ''
  const extra = useMemo(() => (key === '' ? none : key.split(',')), [key])
  const frozen = live === null ? null : frozenAt(live)
  return useMemo(
    () =>
      on
        ? {
            extra,
            frozenAt: frozen,
            medianOf: (activity) => medians.get(activity) ?? null,
            sinceOf: (cellOf) => {
              const started = cellOf('started_at')
              if (typeof started === 'number') return started
              const submitted = cellOf('submitted_at')
              return typeof submitted === 'number' ? submitted : started === undefined ? undefined : null
            }
          }
        : null,
    [on, extra, frozen, medians]
  )
}
