/** The table's columns through @tanstack/react-table: which are shown, in what order, pinned or not, how wide, how sorted. */
import {
  type ColumnDef,
  columnOrderingFeature,
  columnPinningFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  rowSortingFeature,
  tableFeatures,
  useTable
} from '@tanstack/react-table'
import { useMemo } from 'react'

/** What a grid needs to know of a column; views make these of whatever their columns are. */
export type GridColumn = { readonly id: string; readonly widthPx: number; readonly pinned: boolean; readonly band: string }
export type GridSort = readonly { readonly id: string; readonly descending: boolean }[]
/** A row in sight; its values live in the view's cache. */
type SightRow = { readonly index: number }

const features = tableFeatures({ columnVisibilityFeature, columnOrderingFeature, columnPinningFeature, columnSizingFeature, rowSortingFeature })

export type PlacedColumn = {
  readonly id: string
  /** Place among all shown columns, pinned first. */
  readonly index: number
  readonly widthPx: number
  /** Left edge, from the first pinned column resp. from the first column that scrolls. */
  readonly startPx: number
  readonly band: string
  readonly sort: { descending: boolean; rank: number | null } | null
}
export type ColumnModel = {
  readonly pinned: readonly PlacedColumn[]
  readonly scrolled: readonly PlacedColumn[]
  readonly pinnedPx: number
  readonly scrolledPx: number
  /** The sort after a click on a column's name: ascending, descending, none; `add` keeps the columns sorted by before. */
  readonly nextSort: (id: string, add: boolean) => GridSort
}

/** @param columns shown columns in their order, pinned ones first */
export function useColumnModel(columns: readonly GridColumn[], sort: GridSort): ColumnModel {
  const definitions = useMemo(
    (): ColumnDef<typeof features, SightRow>[] => columns.map(({ id, widthPx }) => ({ id, size: widthPx, minSize: 24, maxSize: 4000, accessorFn: (row: SightRow) => row.index, sortDescFirst: false })),
    [columns]
  )
  const state = useMemo(
    () => ({
      columnOrder: columns.map(({ id }) => id),
      columnPinning: { start: columns.filter(({ pinned }) => pinned).map(({ id }) => id), end: [] },
      columnSizing: Object.fromEntries(columns.map(({ id, widthPx }) => [id, widthPx])),
      columnVisibility: {},
      sorting: sort.map(({ id, descending }) => ({ id, desc: descending }))
    }),
    [columns, sort]
  )
  const table = useTable({ features, columns: definitions, data: noRows, state, manualSorting: true, getRowId: (row) => String(row.index) })
  return useMemo(() => {
    const bands = new Map(columns.map(({ id, band }) => [id, band]))
    const pinnedCount = state.columnPinning.start.length
    const place = (offset: number, position: 'start' | 'center') => (column: ReturnType<typeof table.getStartVisibleLeafColumns>[number], at: number): PlacedColumn => {
      const sorted = column.getIsSorted()
      return {
        id: column.id,
        index: offset + at,
        widthPx: column.getSize(),
        startPx: column.getStart(position),
        band: bands.get(column.id) ?? '',
        sort: sorted ? { descending: sorted === 'desc', rank: sort.length > 1 ? column.getSortIndex() + 1 : null } : null
      }
    }
    return {
      pinned: table.getStartVisibleLeafColumns().map(place(0, 'start')),
      scrolled: table.getCenterVisibleLeafColumns().map(place(pinnedCount, 'center')),
      pinnedPx: table.getStartTotalSize(),
      scrolledPx: table.getCenterTotalSize(),
      nextSort: (id, add) => toggled(sort, id, add, table.getColumn(id)?.getNextSortingOrder() ?? 'asc'),
    }
    // The table object may be another one at each render; what it answers depends on columns and sort alone.
  }, [columns, sort, state])
}

const noRows: SightRow[] = []

function toggled(sort: GridSort, id: string, add: boolean, next: 'asc' | 'desc' | false): GridSort {
  const others = add ? sort.filter((part) => part.id !== id) : []
  if (next === false) return others
  const mine = { id, descending: next === 'desc' }
  if (!add) return [mine]
  const at = sort.findIndex((part) => part.id === id)
  return at === -1 ? [...sort, mine] : sort.map((part) => (part.id === id ? mine : part))
}
