/** The cells of a CSV as SQL: every column as the text that pandas' to_csv writes for it (docs/decisions/csv.md names the differences). */
import type { OutColumn } from './outTable.ts'

export type Separator = ',' | '\t'
export type CellStyle = {
  readonly separator: Separator
  /** Put an apostrophe before what a spreadsheet would run as a formula. */
  readonly guardFormulas: boolean
  /** The only cell of its line: an empty one is quoted, or readers would skip the line. */
  readonly isOnly: boolean
}

/** SQL of type VARCHAR, never null, quoted where CSV needs it. */
export function csvCellSql(column: OutColumn, style: CellStyle): string {
  return `coalesce(${textSql(column, style.guardFormulas, (text) => quoted(text, style.separator))}, ${style.isOnly ? `'""'` : `''`})`
}

/** The text of a cell as a reader has it, without quotes; NULL for one that is empty. */
export function cellTextSql(column: OutColumn, guardFormulas: boolean): string {
  return textSql(column, guardFormulas, (text) => text)
}

/** @param wrap what becomes of texts that may hold anything */
function textSql({ hasGaps, sql: expression, storage }: OutColumn, guardFormulas: boolean, wrap: (text: string) => string): string {
  const sql = `(${expression})`
  switch (storage) {
    case 'BOOLEAN':
      return `CASE WHEN ${sql} THEN 'True' WHEN NOT ${sql} THEN 'False' END`
    case 'BIGINT': {
      const digits = `CAST(${sql} AS VARCHAR)`
      return hasGaps ? `CASE WHEN ${sql} BETWEEN -${largest} AND ${largest} THEN ${digits} || '.0' ELSE ${digits} END` : digits
    }
    case 'DOUBLE':
      return float(sql)
    case 'TIMESTAMP':
      return `CAST(${sql} AS VARCHAR)`
    case 'VARCHAR':
      return wrap(guardFormulas ? guarded(sql) : sql)
    case 'JSON':
      return jsonCell(sql, guardFormulas, wrap)
  }
}

/** One field, of the header. */
export function csvField(text: string, { guardFormulas, separator = ',' }: { guardFormulas: boolean; separator?: Separator }): string {
  const safe = guardFormulas && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return safe === '' || safe.includes(separator) || /["\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** One expression for the line. DuckDB takes any number of arguments, but plans long lists slowly. */
export function csvLineSql(cells: readonly string[], separator: Separator): string {
  const between = separator === ',' ? `, ',', ` : ', chr(9), '
  const parts: string[] = []
  for (let at = 0; at < cells.length; at += 100) parts.push(`concat(${cells.slice(at, at + 100).join(between)})`)
  return parts.length === 1 ? (parts[0] as string) : `concat(${parts.join(between)})`
}

/** ±2^53, up to where an integer is as exact as a float. */
const largest = '9007199254740992'

/** DuckDB writes the shortest digits in the form of Python's repr. */
function float(sql: string): string {
  return `CASE WHEN isnan(${sql}) THEN 'NaN' ELSE CAST(${sql} AS VARCHAR) END`
}

/** An empty text is quoted, so that it is not taken for a null; a null stays one. */
function quoted(sql: string, separator: Separator): string {
  const isSpecial = [`'"'`, separator === ',' ? `','` : 'chr(9)', 'chr(10)', 'chr(13)'].map((character) => `contains(${sql}, ${character})`).join(' OR ')
  return `CASE WHEN ${sql} = '' THEN '""' WHEN ${isSpecial} THEN '"' || replace(${sql}, '"', '""') || '"' ELSE ${sql} END`
}

function guarded(sql: string): string {
  return `CASE WHEN left(${sql}, 1) IN ('=', '+', '-', '@', chr(9), chr(13)) THEN '''' || ${sql} ELSE ${sql} END`
}

/** Each value in the form of its own kind, as an object column of pandas has it; lists and dicts stay JSON. */
function jsonCell(sql: string, guardFormulas: boolean, wrap: (text: string) => string): string {
  const text = `json_extract_string(${sql}, '$')`
  return `CASE WHEN ${sql} IS NULL OR ${sql} = 'null' THEN NULL
    WHEN left(${sql}, 1) = '"' THEN ${wrap(guardFormulas ? guarded(text) : text)}
    WHEN left(${sql}, 1) IN ('[', '{') THEN ${wrap(sql)}
    WHEN ${sql} = 'true' THEN 'True' WHEN ${sql} = 'false' THEN 'False'
    WHEN regexp_full_match(${sql}, '-?[0-9]+') THEN ${sql}
    ELSE ${float(`CAST(${sql} AS DOUBLE)`)} END`
}
