/** The methods about filters: is it one, and how many records does it leave. */
import { parseFilter } from '#contract/filter'
import type { Params, Result } from '#contract/methods'
import { unknownPaths, whereOf } from './filterSql.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { joinSql, raw, sql } from '../table/sql.ts'

export async function filterCheck(table: SourceTable, { filter, records }: Params<'filter.check'>, signal: AbortSignal): Promise<Result<'filter.check'>> {
  const unknownColumns = unknownPaths(table, records, parseFilter(filter))
  const scope = { filter: filter as Record<string, unknown>, search: '' }
  const { counts } = await filterCounts(table, { sourceId: table.sourceId, records, scopes: [scope] }, signal)
  return { count: counts[0] ?? 0, unknownColumns }
}

/** All scopes in one pass over the rows. */
export async function filterCounts(table: SourceTable, { records, scopes }: Params<'filter.counts'>, signal: AbortSignal): Promise<Result<'filter.counts'>> {
  const counts = scopes.map((scope) => sql`count(*) FILTER (WHERE ${whereOf(table, records, scope)})`)
  const [row] = await table.query(sql`SELECT ${joinSql(counts, ', ')} FROM ${raw(table.rows)} r`, signal)
  return { counts: (row ?? []).map(Number) }
}
