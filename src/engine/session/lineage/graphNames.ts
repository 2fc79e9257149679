/** What workflows and agents are called, by their ids. */
import { textIn, textOf } from '../overview/taskColumns.ts'
import { RevisionCache } from '../table/revisionCache.ts'
import type { SourceTable } from '../table/sourceTable.ts'

export type GraphNames = { readonly workflows: ReadonlyMap<string, string>; readonly agents: ReadonlyMap<string, string> }

const kept = new RevisionCache<GraphNames>(1)

export function graphNames(table: SourceTable, signal: AbortSignal): Promise<GraphNames> {
  const of = async (records: 'workflows' | 'agents'): Promise<ReadonlyMap<string, string>> => {
    const name = table.column(records, 'name')
    if (name === undefined) return new Map()
    const rows = await table.query({ text: `SELECT r.record_id, ${textOf(name)} AS name FROM ${table.rows} r WHERE ${table.recordsPredicate(records)} AND ${name.sql} IS NOT NULL`, values: [] }, signal)
    return new Map(rows.map((row) => [String(row[0]), textIn(row[1]) ?? '']))
  }
  return kept.get(table, '', async () => ({ workflows: await of('workflows'), agents: await of('agents') }))
}
