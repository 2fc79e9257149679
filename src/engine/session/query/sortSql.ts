/** The order of rows: by any columns of any kind, total and stable. */
import type { Records, Sort } from '#contract/values'
import type { NamedColumn, SourceTable } from '../table/sourceTable.ts'

/**
 * ORDER BY without the words. Nulls come last in both directions, NaN after all other numbers. A mixed column is ordered by
 * kind first, in either direction the same (numbers, text, booleans, lists and dicts), then by value. Text is compared by
 * code point. Equal rows keep the order in which they arrived. Columns that the source does not have order nothing.
 */
export function sortSql(table: SourceTable, records: Records, sort: Sort): string {
  const keys = sort.flatMap(({ column, descending }) => {
    const named = table.column(records, column)
    return named ? sortKeys(named, descending) : []
  })
  return [...keys, records === 'messages' ? 'r.line' : 'r.first_line'].join(', ')
}

/** The keys of one column. */
export function sortKeys({ sql: expression, storage }: Pick<NamedColumn, 'sql' | 'storage'>, descending: boolean): string[] {
  const sql = `(${expression})`
  const direction = `${descending ? 'DESC' : 'ASC'} NULLS LAST`
  if (storage === 'JSON') return [`${kindRank(sql)} ASC NULLS LAST`, ...[jsonNumber(sql), wideInteger(sql), jsonText(sql)].map((key) => `${key} ${direction}`)]
  // NaN is DuckDB's largest number, and so is −NaN.
  return storage === 'DOUBLE' && descending ? [`-${sql} ASC NULLS LAST`] : [`${sql} ${direction}`]
}

const isNumber = (sql: string): string => `left(${sql}, 1) IN ('-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'I')`

function kindRank(sql: string): string {
  return `CASE WHEN ${sql} IS NULL THEN NULL WHEN ${isNumber(sql)} THEN 0 WHEN left(${sql}, 1) = 'N' THEN 1 WHEN left(${sql}, 1) = '"' THEN 2 WHEN left(${sql}, 1) IN ('t', 'f') THEN 3 ELSE 4 END`
}

const jsonNumber = (sql: string): string => `CASE WHEN ${isNumber(sql)} THEN TRY_CAST(${sql} AS DOUBLE) END`

/** Tells integers apart that are one and the same DOUBLE. */
const wideInteger = (sql: string): string => `CASE WHEN regexp_full_match(${sql}, '-?[0-9]{16,}') THEN TRY_CAST(${sql} AS BIGNUM) END`

const jsonText = (sql: string): string => `CASE WHEN left(${sql}, 1) = '"' THEN json_extract_string(${sql}, '$') WHEN NOT ${isNumber(sql)} THEN ${sql} END`
