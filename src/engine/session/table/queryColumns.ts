/** A query of many rows, answered a column at a time. */
import type { ColumnValues, SourceTable, Sql } from './sourceTable.ts'

/** @param texts which columns are texts; all others are numbers */
export async function queryColumns(table: SourceTable, sql: Sql, texts: readonly boolean[], signal: AbortSignal): Promise<ColumnValues[]> {
  if (table.queryColumns) return await table.queryColumns(sql, signal)
  const rows = await table.query(sql, signal)
  return texts.map((isText, at) => {
    const values = rows.map((row) => row[at] ?? null)
    return isText ? values.map((value) => (value === null ? null : String(value))) : Float64Array.from(values, (value) => (value === null ? NaN : Number(value)))
  })
}
