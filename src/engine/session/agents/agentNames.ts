/** What agents are called: agent_id → name. */
import { textOf } from '../overview/taskColumns.ts'
import { RevisionCache } from '../table/revisionCache.ts'
import type { SourceTable } from '../table/sourceTable.ts'

const names = new RevisionCache<ReadonlyMap<string, string>>(1)

export function agentNames(table: SourceTable, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  return names.get(table, '', async () => {
    const name = textOf(table.column('agents', 'name'))
    const rows = await table.query({ text: `SELECT r.record_id, ${name} FROM ${table.rows} r WHERE ${table.recordsPredicate('agents')} AND ${name} IS NOT NULL`, values: [] }, signal)
    return new Map(rows.map((row) => [String(row[0]), String(row[1])]))
  })
}
