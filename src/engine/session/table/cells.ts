/** What DuckDB stores → what a cell shows: exact, JSON-safe, and cut before it leaves the database. */
import type { Cell } from '#contract/values'
import type { NamedColumn, SqlResult, Storage } from './sourceTable.ts'

/** How a column is selected (one or more expressions) and read back from a row, its first expression standing at `at`. */
export type CellReader = { readonly sql: readonly string[]; read(row: SqlResult, at: number): Cell }
type Value = SqlResult[number]

/**
 * @param column undefined for a column that the source does not have: null throughout
 * @param cellLength longer texts and lists are cut to so many UTF-16 units, in SQL already; 0 = never
 */
export function cellReader(column: Pick<NamedColumn, 'sql' | 'storage'> | undefined, cellLength: number): CellReader {
  if (!column) return { sql: [], read: () => null }
  const { storage } = column
  const sql = `(${column.sql})`
  if (cellLength === 0 || (storage !== 'VARCHAR' && storage !== 'JSON')) return { sql: [sql], read: (row, at) => cellOf(row[at] ?? null, storage) }
  return {
    sql: storage === 'VARCHAR' ? cutText(sql, cellLength) : cutJson(sql, cellLength),
    read: (row, at) => cutCell(row[at] ?? null, row[at + 1] ?? null, storage, cellLength)
  }
}

/** A whole value as a cell; with `cellLength` longer texts and lists are cut. */
export function cellOf(value: Value, storage: Storage, cellLength = 0): Cell {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'bigint') return integerCell(value)
  if (typeof value === 'number') return numberCell(value)
  const cell = storage === 'JSON' ? jsonCell(value) : value
  if (cellLength === 0 || value.length <= cellLength) return cell
  if (typeof cell === 'string') return cell.length > cellLength ? { text: head(cell, cellLength), length: cell.length } : cell
  if (cell !== null && typeof cell === 'object' && 'json' in cell) return { json: head(cell.json, cellLength), length: cell.json.length }
  return cell
}

/** A JSON text as a cell: scalars stand for themselves, lists and dicts stay text. */
export function jsonCell(text: string): Cell {
  const first = text[0]
  if (first === '"') return JSON.parse(text) as string
  if (first === '[' || first === '{') return { json: text }
  if (text === 'true' || text === 'false') return text === 'true'
  if (text === 'null') return null
  return /^-?\d+$/.test(text) ? integerCell(BigInt(text)) : numberCell(Number(text))
}

export function integerCell(value: bigint): Cell {
  return value >= -safe && value <= safe ? Number(value) : { int: String(value) }
}

export function numberCell(value: number): Cell {
  if (Object.is(value, -0)) return { float: '-0' }
  return Number.isFinite(value) ? value : { float: String(value) as 'NaN' | 'Infinity' | '-Infinity' }
}

/** A cell as the text of a name or an id: what a person would write for it. */
export function cellText(cell: Cell): string {
  if (cell === null || typeof cell !== 'object') return String(cell)
  return 'int' in cell ? cell.int : 'float' in cell ? cell.float : 'text' in cell ? cell.text : cell.json
}

const safe = 2n ** 53n

/** Bytes in UTF-8 are at least as many as UTF-16 units, so that the cheap test comes first. */
function cutText(sql: string, length: number): string[] {
  return [`CASE WHEN strlen(${sql}) <= ${length} THEN ${sql} ELSE left(${sql}, ${length}) END`, `CASE WHEN strlen(${sql}) > ${length} THEN ${utf16Length(sql)} END`]
}

/** A long text within a mixed column travels unescaped behind one quotation mark; numbers are never cut. */
function cutJson(sql: string, length: number): string[] {
  const plain = `json_extract_string(${sql}, '$')`
  const isText = `left(${sql}, 1) = '"'`
  const isWhole = `strlen(${sql}) <= ${length} OR left(${sql}, 1) NOT IN ('"', '[', '{')`
  return [
    `CASE WHEN ${isWhole} THEN ${sql} WHEN ${isText} THEN '"' || left(${plain}, ${length}) ELSE left(${sql}, ${length}) END`,
    `CASE WHEN ${isWhole} THEN NULL WHEN ${isText} THEN ${utf16Length(plain)} ELSE ${utf16Length(sql)} END`
  ]
}

function utf16Length(sql: string): string {
  return `length(${sql}) + length(regexp_replace(${sql}, '[^\\x{10000}-\\x{10FFFF}]', '', 'g'))`
}

function cutCell(value: Value, units: Value, storage: Storage, cellLength: number): Cell {
  if (typeof value !== 'string' || units === null) return cellOf(value, storage)
  const length = Number(units)
  const isList = storage === 'JSON' && !value.startsWith('"')
  const text = storage === 'JSON' && !isList ? value.slice(1) : value
  if (isList) return length > cellLength ? { json: head(text, cellLength), length } : { json: text }
  return length > cellLength ? { text: head(text, cellLength), length } : text
}

/** Never ends within a surrogate pair. */
function head(text: string, units: number): string {
  const last = text.charCodeAt(units - 1)
  return text.slice(0, text.length > units && last >= 0xd800 && last < 0xdc00 ? units - 1 : units)
}
