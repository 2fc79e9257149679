/** The rows that a table of records shows, as the FROM and WHERE of a query. */
import type { Records, Scope } from '#contract/values'
import { whereOf } from '../filter/filterSql.ts'
import { RevisionCache } from './revisionCache.ts'
import type { SourceTable, Sql } from './sourceTable.ts'

export const everything: Scope = { filter: {}, search: '' }

/** `FROM rows r WHERE …`; parameters of what follows come after its own. */
export function rowsIn(table: SourceTable, records: Records, scope: Scope): Sql {
  const where = whereOf(table, records, scope)
  return { text: `FROM ${table.rows} r WHERE ${where.text}`, values: where.values }
}

/** Rows of both scopes: of a table, and of what is looked for in it. */
export function matchesIn(table: SourceTable, records: Records, scope: Scope, match: Record<string, unknown>): Sql {
  const rows = rowsIn(table, records, scope)
  const matching = whereOf(table, records, { filter: match, search: '' })
  return { text: `${rows.text} AND ${matching.text}`, values: [...rows.values, ...matching.values] }
}

/** What identifies the row of a record. */
export function idSql(records: Records): string {
  return records === 'messages' ? 'CAST(r.line AS VARCHAR)' : 'r.record_id'
}

export function rowWithId(records: Records, id: string): Sql {
  if (records !== 'messages') return { text: 'r.record_id = ?', values: [id] }
  return /^\d{1,18}$/.test(id) ? { text: 'r.line = ?', values: [BigInt(id)] } : { text: 'FALSE', values: [] }
}

const counts = new RevisionCache<number>(64)

export function countRows(table: SourceTable, records: Records, scope: Scope, signal: AbortSignal): Promise<number> {
  return counts.get(table, JSON.stringify([records, scope]), async () => {
    const rows = rowsIn(table, records, scope)
    const [row] = await table.query({ text: `SELECT count(*) ${rows.text}`, values: rows.values }, signal)
    return Number(row?.[0] ?? 0)
  })
}
