/** JSON Lines of a table read back line by line with the JSON parser, and compared with the table. */
import type { ExportCheck } from '#contract/exports'
import { field, isJsonObject, parseJson, stringifyJson, type JsonObject, type JsonValue } from '#contract/json'
import type { SqlResult } from '../table/sourceTable.ts'
import { RowComparison } from './compareRows.ts'
import { linesIn } from './linesIn.ts'
import { type OutColumn, type OutTable, uniqueNames } from './outTable.ts'
import { checkColumns } from './tableFacts.ts'

type Value = SqlResult[number]
const linesAtOnce = 1000

export async function checkRowLines(out: OutTable, path: string, { onProgress, signal }: { signal: AbortSignal; onProgress: (rows: number) => void }): Promise<ExportCheck[]> {
  const comparison = new RowComparison(out, out.columns.map(jsonValueCell), signal, { normal: normalJson })
  const names = uniqueNames(out.columns, 'same case')
  let columns: ExportCheck | null = null
  let batch: JsonObject[] = []
  const compare = async (): Promise<void> => {
    const rows = batch
    batch = []
    if (rows.length > 0) await comparison.next(rows.length, (row, _, at) => jsonValueOf(field(rows[row] as JsonObject, names[at] as string)))
    onProgress(comparison.rows)
  }
  for await (const line of linesIn(path, signal)) {
    const row = parseJson(line)
    const found = checkColumns(names.toSorted(), isJsonObject(row) ? Object.keys(row).toSorted() : [])
    if (!found.ok || !isJsonObject(row)) return [found]
    columns = found
    if (batch.push(row) === linesAtOnce) await compare()
  }
  await compare()
  return [...(columns ? [columns] : []), ...comparison.checks()]
}

/** What JSON Lines have of a cell: no timestamps, and null for what is not finite. */
export function jsonValueCell({ sql, storage }: OutColumn): string {
  if (storage === 'TIMESTAMP') return `CAST(${sql} AS VARCHAR)`
  return storage === 'DOUBLE' ? `CASE WHEN isfinite(${sql}) THEN ${sql} END` : sql
}

/** Of a JSON text in DuckDB, whichever way it is written. */
export function normalJson(value: Value, { storage }: OutColumn): Value {
  return storage === 'JSON' ? jsonValueOf(parseJson(String(value))) : value
}

export function jsonValueOf(value: JsonValue | undefined): Value {
  if (value === undefined || value === null) return null
  return typeof value === 'object' ? stringifyJson(value) : value
}
