/** The figures of an export: how many records leave, of how many, with which columns and nulls. */
import { useMemo } from 'react'
import type { Records, Scope } from '#contract/values'
import { type ExportChoice, type ExportView, idsFor, isDocument, isTable, recordsFor, scopeFor } from '../../state/exportChoice.ts'
import { useMomentCounts } from '../../state/moment.ts'
import { type Answer, useCall } from '../../state/query.ts'
import type { ExportState } from './useExportChoice.ts'
import { type ExportSubject } from './useExportSubject.ts'

export type ExportFigures = {
  records: Records
  /** Null while it is counted. */
  matching: number | null
  total: number
  selected: number
  /** What would leave; null while it is counted. */
  leaving: number | null
  shownColumns: number
  allColumns: number | null
  /** Of what would leave, where a table has columns. */
  columns: number | null
  nulls: { column: string; nulls: number }[]
  /** Of how many of the columns the nulls are counted, where not of all. */
  nullsOfFirst: number | null
  /** Why the counting failed. */
  error: Answer<unknown>['error']
  retry: () => void
}

export function useExportFigures({ source, choice, view }: ExportState, subject: ExportSubject): ExportFigures {
  const { to, about } = choice
  const records = recordsFor(to, view.records)
  const atMoment = useMomentCounts()
  const total = (atMoment ?? source.counts)[records]
  const scope = scopeFor(to, 'filtered', view)
  const narrowed = Object.keys(scope.filter).length > 0 || scope.search !== ''
  const counted = useCall('filter.counts', narrowed ? { sourceId: source.sourceId, records, scopes: [scope] } : null)
  const matching = narrowed ? (counted.data?.counts[0] ?? null) : total
  const selected = idsFor(to, view).length
  const list = useCall('columns.list', isTable(to) ? { sourceId: source.sourceId, records, limit: mostColumns } : null)
  const shownColumns = view.columns.length
  const allColumns = list.data?.total ?? null
  const leaving = isDocument(to) && subject.isRunOrTask ? subject.tasks : { filtered: matching, selected, whole: total }[about as 'filtered']
  return {
    records,
    matching,
    total,
    selected,
    leaving,
    shownColumns,
    allColumns,
    columns: choice.columns === 'shown' && shownColumns > 0 ? shownColumns : allColumns,
    nullsOfFirst: about === 'filtered' && narrowed && shownColumns > mostCounted ? mostCounted : null,
    nulls: useNulls(choice, view, about === 'filtered' && narrowed ? scope : null, list.data?.columns ?? noColumns, total),
    error: counted.error,
    retry: counted.retry
  }
}

type Columns = { name: string; filled: number }[]
const noColumns: Columns = []
/** As the catalogue of the table asks it, so that both share an answer. */
const mostColumns = 10_000
/** Where a filter leaves less: of columns beyond these the nulls are not counted. */
const mostCounted = 32

/** Nulls of the columns of the table: known of the whole, counted where a filter leaves less of it. */
function useNulls(choice: ExportChoice, { sourceId, records, columns }: ExportView, scope: Scope | null, all: Columns, total: number): ExportFigures['nulls'] {
  const inTable = isTable(choice.to) && choice.to !== 'jsonl' && choice.columns === 'shown' && choice.about !== 'selected'
  const names = useMemo(() => (scope === null ? columns : columns.slice(0, mostCounted)), [columns, scope === null])
  const asked = inTable && scope !== null && names.length > 0
  const groups = useCall('groups.page', asked ? { sourceId, records, scope, by: noColumn, aggregates: names.map((column) => ({ column, fn: 'filled' as const })), limit: 1 } : null)
  return useMemo(() => {
    if (!inTable) return []
    if (asked) {
      const group = groups.current ? groups.data?.groups[0] : undefined
      return group ? names.map((column, index) => ({ column, nulls: group.count - Number(group.aggregates[index] ?? group.count) })) : []
    }
    const filled = new Map(all.map((column) => [column.name, column.filled]))
    return names.map((column) => ({ column, nulls: total - (filled.get(column) ?? total) }))
  }, [inTable, asked, all, names, total, groups.data, groups.current])
}

/** By a column that there is not, all rows are one group. */
const noColumn = '\u0000'
