/** Pages of a result that was kept, in its own order or by its columns. */
import type { SqlResultColumn, SqlSort } from '#contract/sql'
import type { Cell } from '#contract/values'
import { type CellReader, cellOf, cellReader } from '../table/cells.ts'
import type { SourceTable } from '../table/sourceTable.ts'

const plainNumbers = /^(?:U?(?:TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE)$/
const nested = /(?:\[\d*\]$)|^(?:STRUCT|MAP|UNION|LIST|ARRAY)\b/

export type Page = { readonly sort: SqlSort; readonly offset: number; readonly limit: number; readonly cellLength: number }
type Result = { readonly table: string; readonly columns: readonly SqlResultColumn[] }

export async function resultRows(table: SourceTable, { columns, table: result }: Result, { cellLength, limit, offset, sort }: Page, signal: AbortSignal): Promise<Cell[][]> {
  if (limit === 0) return []
  const readers = columns.map(({ type }, at) => resultReader(`q.v${at}`, type, cellLength))
  const selected = ['q.i', ...readers.flatMap((reader) => reader.sql)].join(', ')
  const order = orderSql(sort, columns.length)
  const text =
    order === null
      ? `SELECT ${selected} FROM ${result} q WHERE q.i >= ${offset} AND q.i < ${offset + limit} ORDER BY q.i`
      : `SELECT ${selected} FROM (SELECT i, row_number() OVER () AS n FROM (SELECT i FROM ${result} ORDER BY ${order} LIMIT ${limit} OFFSET ${offset})) o JOIN ${result} q ON q.i = o.i ORDER BY o.n`
  const rows = await table.query({ text, values: [] }, signal)
  return rows.map((row) => {
    let at = 1
    return readers.map((reader) => {
      const cell = reader.read(row, at)
      at += reader.sql.length
      return cell
    })
  })
}

/** Null for the result's own order. Nulls stand last, whichever way. */
export function orderSql(sort: SqlSort, columns: number): string | null {
  const keys = sort.filter(({ column }) => column < columns)
  return keys.length === 0 ? null : [...keys.map(({ column, descending }) => `v${column} ${descending ? 'DESC' : 'ASC'} NULLS LAST`), 'i'].join(', ')
}

function resultReader(sql: string, type: string, cellLength: number): CellReader {
  if (type === 'BOOLEAN' || plainNumbers.test(type)) return { sql: [sql], read: (row, at) => cellOf(row[at] ?? null, 'DOUBLE') }
  if (type.startsWith('DECIMAL')) return { sql: [`${sql}::VARCHAR`], read: (row, at) => decimalCell(row[at] as string | null) }
  if (type === 'JSON') return jsonReader(sql, cellLength)
  if (nested.test(type)) return jsonReader(`to_json(${sql})`, cellLength)
  return cellReader({ sql: type === 'VARCHAR' ? sql : `${sql}::VARCHAR`, storage: 'VARCHAR' }, cellLength)
}

/** What is JSON already may be written with spaces around it, which `cellReader` does not expect. */
function jsonReader(sql: string, cellLength: number): CellReader {
  return cellReader({ sql: `trim((${sql})::VARCHAR, chr(32) || chr(9) || chr(10) || chr(13))`, storage: 'JSON' }, cellLength)
}

/** A number where that keeps every digit; else its digits as a text. */
function decimalCell(text: string | null): Cell {
  if (text === null) return null
  const number = Number(text)
  return text.replace(/^-?0*\.?0*/, '').replace('.', '').length <= 15 ? number : text
}
