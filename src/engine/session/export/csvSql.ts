/** The cells of a CSV as SQL: every column as the text that pandas' to_csv writes for it (docs/decisions/csv.md names the differences). */
import type { NamedColumn } from '../table/sourceTable.ts'

export type CsvCell = {
  /** The column, or undefined for one that the source does not have: empty throughout. */
  readonly column: NamedColumn | undefined
  /** Some record of this kind has no value: pandas' integers become floats then. */
  readonly hasGaps: boolean
  /** Put an apostrophe before what a spreadsheet would run as a formula. */
  readonly guardFormulas: boolean
  /** The only cell of its line: an empty one is quoted, or readers would skip the line. */
  readonly isOnly: boolean
}

/** SQL of type VARCHAR, never null, quoted where CSV needs it. */
export function csvCellSql({ column, guardFormulas, hasGaps, isOnly }: CsvCell): string {
  const empty = isOnly ? `'""'` : `''`
  if (!column) return empty
  const sql = `(${column.sql})`
  switch (column.storage) {
    case 'BOOLEAN':
      return `CASE WHEN ${sql} THEN 'True' WHEN NOT ${sql} THEN 'False' ELSE ${empty} END`
    case 'BIGINT': {
      const digits = `CAST(${sql} AS VARCHAR)`
      return hasGaps ? `CASE WHEN ${sql} BETWEEN -${largest} AND ${largest} THEN ${digits} || '.0' ELSE coalesce(${digits}, ${empty}) END` : `coalesce(${digits}, ${empty})`
    }
    case 'DOUBLE':
      return `coalesce(${float(sql)}, ${empty})`
    case 'VARCHAR':
      return `CASE WHEN ${sql} IS NULL THEN ${empty} ELSE ${quoted(guardFormulas ? guarded(sql) : sql)} END`
    case 'JSON':
      return jsonCell(sql, empty, guardFormulas)
  }
}

/** One field, of the header. */
export function csvField(text: string, guardFormulas: boolean): string {
  const safe = guardFormulas && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return safe === '' || /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** One expression for the line. DuckDB takes any number of arguments, but plans long lists slowly. */
export function csvLineSql(cells: readonly string[]): string {
  const parts: string[] = []
  for (let at = 0; at < cells.length; at += 100) parts.push(`concat(${cells.slice(at, at + 100).join(`, ',', `)})`)
  return parts.length === 1 ? (parts[0] as string) : `concat(${parts.join(`, ',', `)})`
}

/** ±2^53, up to where an integer is as exact as a float. */
const largest = '9007199254740992'

/** DuckDB writes the shortest digits in the form of Python's repr. */
function float(sql: string): string {
  return `CASE WHEN isnan(${sql}) THEN 'NaN' ELSE CAST(${sql} AS VARCHAR) END`
}

/** An empty text is quoted, so that it is not taken for a null. */
function quoted(sql: string): string {
  const isSpecial = [`'"'`, `','`, 'chr(10)', 'chr(13)'].map((character) => `contains(${sql}, ${character})`).join(' OR ')
  return `CASE WHEN ${sql} = '' THEN '""' WHEN ${isSpecial} THEN '"' || replace(${sql}, '"', '""') || '"' ELSE ${sql} END`
}

function guarded(sql: string): string {
  return `CASE WHEN left(${sql}, 1) IN ('=', '+', '-', '@', chr(9), chr(13)) THEN '''' || ${sql} ELSE ${sql} END`
}

/** Each value in the form of its own kind, as an object column of pandas has it; lists and dicts stay JSON. */
function jsonCell(sql: string, empty: string, guardFormulas: boolean): string {
  const text = `json_extract_string(${sql}, '$')`
  return `CASE WHEN ${sql} IS NULL OR ${sql} = 'null' THEN ${empty}
    WHEN left(${sql}, 1) = '"' THEN ${quoted(guardFormulas ? guarded(text) : text)}
    WHEN left(${sql}, 1) IN ('[', '{') THEN ${quoted(sql)}
    WHEN ${sql} = 'true' THEN 'True' WHEN ${sql} = 'false' THEN 'False'
    WHEN regexp_full_match(${sql}, '-?[0-9]+') THEN ${sql}
    ELSE ${float(`CAST(${sql} AS DOUBLE)`)} END`
}
