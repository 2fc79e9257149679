/** How many tasks a gap may have cost their end: those that began before it was over and were never seen to end. */
import type { Gap } from '#contract/live'
import { everything } from '../table/rowsIn.ts'
import { openStatusList, queryTasks, taskColumns } from '../overview/taskColumns.ts'
import type { SourceTable } from '../table/sourceTable.ts'

/** By gapId. */
export async function countOpenTasks(table: SourceTable, gaps: readonly Pick<Gap, 'gapId' | 'to'>[], signal = new AbortController().signal): Promise<Map<string, number>> {
  if (gaps.length === 0) return new Map()
  const { rawEnd, rawStart, status } = taskColumns(table)
  const ends = gaps.map(({ to }, index) => `(${index}, ${to ?? Date.now() / 1000}::DOUBLE)`).join(', ')
  const rows = await queryTasks(
    table,
    everything,
    { start: rawStart, isOpen: `(${rawEnd} IS NULL AND coalesce(${status}, 'UNKNOWN') IN (${openStatusList}))` },
    `SELECT g.i, count(*) FILTER (t.isOpen AND t.start < g.upto) FROM (VALUES ${ends}) g(i, upto) LEFT JOIN t ON t.isOpen GROUP BY g.i`,
    { signal }
  )
  return new Map(rows.flatMap(([index, count]) => (gaps[Number(index)] ? [[(gaps[Number(index)] as { gapId: string }).gapId, Number(count)] as const] : [])))
}
