/** What there is to select from, for the schema beside the editor and for completion. */
import type { Params, Result } from '#contract/methods'
import { sqlTables, type SqlTable } from '#contract/sql'
import { countRows, everything } from '../table/rowsIn.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { columnsOf, isRecords } from './sqlTables.ts'

type GapCount = () => number

export async function sqlSchema(table: SourceTable, gaps: GapCount, signal: AbortSignal): Promise<Result<'sql.schema'>> {
  const columns = await columnsOf(table)
  const tables = await Promise.all(sqlTables.map(async (name) => ({ name, rows: await rowsOf(table, name, gaps, signal), columns: columns[name].list.length })))
  return { revision: table.revision, tables }
}

export async function sqlColumns(table: SourceTable, { limit, offset, search, table: name }: Params<'sql.columns'>, gaps: GapCount, signal: AbortSignal): Promise<Result<'sql.columns'>> {
  const wanted = search.trim().toLowerCase()
  const { list } = (await columnsOf(table))[name]
  const rows = await rowsOf(table, name, gaps, signal)
  const found = list.filter((column) => column.name.toLowerCase().includes(wanted))
  return {
    revision: table.revision,
    total: found.length,
    columns: found.slice(offset, offset + limit).map(({ derived, field, filled, name: column, type, unit }) => ({ name: column, field, type, unit, derived, nulls: nullsOf(name, rows, filled, derived) }))
  }
}

export async function rowsOf(table: SourceTable, name: SqlTable, gaps: GapCount, signal: AbortSignal): Promise<number> {
  return isRecords(name) ? await countRows(table, name, everything, signal) : gaps()
}

/** What is computed is counted only once all is read. */
function nullsOf(name: SqlTable, rows: number, filled: number, derived: boolean): number | null {
  if (name === 'gaps') return 0
  return derived && filled === 0 && rows > 0 ? null : Math.max(0, rows - filled)
}
