/** Until when a source is known. */
import { readMomentId } from '#contract/momentId'
import { earliestTime, latestTime, numberIn, numberOf } from '../overview/taskColumns.ts'
import { RevisionCache } from '../table/revisionCache.ts'
import type { SourceTable } from '../table/sourceTable.ts'

const kept = new RevisionCache<number | null>(1)
const names = ['submitted_at', 'started_at', 'ended_at', 'registered_at', 'utc_timestamp']

/** The moment shown, if it is one; else the latest that stands in any of the source's tasks and workflows. */
export async function latestKnown(table: SourceTable, sourceId: string, signal: AbortSignal): Promise<number | null> {
  const shown = readMomentId(sourceId)
  if (shown) return shown.at
  return await kept.get(table, '', async () => {
    const latest = (records: 'tasks' | 'workflows'): string =>
      `(SELECT greatest(${names.map((name) => `max(${timeOf(table, records, name)})`).join(', ')}) FROM ${table.rows} r WHERE ${table.recordsPredicate(records)})`
    const [row] = await table.query({ text: `SELECT greatest(${latest('tasks')}, ${latest('workflows')})`, values: [] }, signal)
    return numberIn(row?.[0])
  })
}

/** A moment that a record holds; null where it holds none that can be. */
export function timeOf(table: SourceTable, records: 'tasks' | 'workflows', name: string): string {
  const column = table.column(records, name)
  const number = numberOf(column)
  return column === undefined ? number : `(CASE WHEN ${number} >= ${earliestTime} AND ${number} < ${latestTime} THEN ${number} END)`
}
