/** The table of runs through @tanstack/react-table: columns in their groups by prefix, widths, what a click on a name sorts by. */
import { type ColumnDef, columnSizingFeature, columnVisibilityFeature, rowSortingFeature, tableFeatures, useTable } from '@tanstack/react-table'
import { useMemo } from 'react'
import type { SweepColumn } from '#contract/compare'
import type { Sort } from '#contract/values'
import { scaleOf, splitName, sweepText, type SweepRun } from './sweepModel.ts'

const features = tableFeatures({ columnVisibilityFeature, columnSizingFeature, rowSortingFeature })

export type SweepHead = { column: SweepColumn; leaf: string; prefix: string; unit: string; widthPx: number; sorted: 'asc' | 'desc' | null; nextSort: Sort | null }
export type SweepBand = { key: string; text: string; widthPx: number }

/** Room for the bars in the objective's column. */
const barsPx = 52
const noRows: SweepRun[] = []

export function useSweepTable(shown: readonly SweepColumn[], sort: Sort, objective: string | null): { heads: SweepHead[]; bands: SweepBand[] } {
  const definitions = useMemo((): ColumnDef<typeof features, SweepRun>[] => shown.map((column) => ({ id: column.name, size: widthOf(column, column.name === objective), minSize: 40, accessorFn: (run: SweepRun) => run.id, sortDescFirst: false })), [shown, objective])
  const state = useMemo(() => ({ columnVisibility: {}, columnSizing: {}, sorting: sort.map(({ column, descending }) => ({ id: column, desc: descending })) }), [sort])
  const table = useTable({ features, columns: definitions, data: noRows, state, manualSorting: true, getRowId: (run) => run.id })
  return useMemo(() => {
    const about = new Map(shown.map((column) => [column.name, column]))
    const heads = table.getVisibleLeafColumns().flatMap((leaf): SweepHead[] => {
      const column = about.get(leaf.id)
      if (!column) return []
      const sorted = leaf.getIsSorted()
      const next = leaf.getNextSortingOrder()
      return [{ column, ...splitName(column.name), unit: scaleOf(column).unit, widthPx: leaf.getSize(), sorted: sorted === false ? null : sorted, nextSort: next === false ? null : [{ column: column.name, descending: next === 'desc' }] }]
    })
    return { heads, bands: bandsOf(heads) }
    // The table object may be another one at each render; what it answers depends on these alone.
  }, [shown, definitions, state])
}

/** Neighbours of one prefix share one band. */
function bandsOf(heads: readonly SweepHead[]): SweepBand[] {
  const bands: SweepBand[] = []
  for (const { prefix, widthPx, column } of heads) {
    const before = bands.at(-1)
    if (before && before.text === prefix) before.widthPx += widthPx
    else bands.push({ key: column.name, text: prefix, widthPx })
  }
  return bands
}

const letterPx = 6.2
const paddingPx = 18
/** Of a fraction: −1.235e−4 has more, but is seldom. */
const mostDigits = 7

/** As wide as the name with its arrow, and the widest of its ends. */
function widthOf(column: SweepColumn, withBars: boolean): number {
  const { leaf } = splitName(column.name)
  const scale = scaleOf(column)
  const name = (leaf.length + (scale.unit === '' ? 0 : scale.unit.length + 1)) * letterPx + 14
  const ends = [column.min, column.max]
  const fraction = column.distinct > 4 && ends.some((end) => end !== null && !Number.isInteger(end)) ? mostDigits : 0
  const values = column.type === 'number' ? Math.max(fraction, ...ends.map((end) => sweepText(end, scale).length)) * 6.8 : 70
  return Math.round(Math.max(50, Math.min(200, Math.max(name, values) + paddingPx))) + (withBars ? barsPx : 0)
}
