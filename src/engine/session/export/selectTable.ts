/** The result of a query as a table that is to leave: kept in DuckDB, so that it is read once, in its order, and can be compared with what was written. */
import type { SourceTable, Sql } from '../table/sourceTable.ts'
import { besideRows, type OutColumn, type OutStorage, type OutTable } from './outTable.ts'

export type SelectTable = { readonly out: OutTable; close(): Promise<void> }
type Asked = Pick<SourceTable, 'rows' | 'query'>

let made = 0

/** @param names of its columns, in order; any two may be alike */
export async function selectTable(table: Asked, select: Sql, names: readonly string[], signal: AbortSignal): Promise<SelectTable> {
  made += 1
  const name = besideRows(table, `export_${made}`)
  const columns = names.map((_, at) => `c${at}`)
  await table.query({ text: `CREATE TABLE ${name} (${['i', ...columns].join(', ')}) AS SELECT (row_number() OVER ()) - 1, q.* FROM (${select.text}) q`, values: select.values }, signal)
  // Fails when the source has been closed, which took the table along.
  const close = async (): Promise<void> => void (await table.query({ text: `DROP TABLE IF EXISTS ${name}`, values: [] }).catch(() => undefined))
  try {
    const types = (await table.query({ text: `DESCRIBE ${name}`, values: [] }, signal)).slice(1).map((row) => String(row[1]))
    const cells = types.map((type, at) => cellOf(`o.c${at}`, type))
    const asked = cells.map(({ isWide, sql }) => `count(${sql}), ${isWide ? `coalesce(bool_and(${sql} BETWEEN -9223372036854775808 AND 9223372036854775807), true)` : 'true'}`)
    const [facts = []] = await table.query({ text: `SELECT count(*), ${asked.join(', ')} FROM ${name} o`, values: [] }, signal)
    const total = Number(facts[0])
    const out = cells.map((cell, at): OutColumn => {
      const fits = facts[2 + 2 * at] === true
      const { sql, storage } = cell.isWide ? (fits ? { sql: `CAST(${cell.sql} AS BIGINT)`, storage: 'BIGINT' as const } : { sql: `CAST(${cell.sql} AS VARCHAR)`, storage: 'JSON' as const }) : cell
      return { name: names[at] as string, type: typeOf(storage, cell.isWide), unit: null, derived: false, storage, sql, hasGaps: Number(facts[1 + 2 * at]) < total }
    })
    const rows: OutTable['rows'] = (range) => Promise.resolve({ from: `FROM ${name} o${range ? ` WHERE o.i >= ${range.from} AND o.i < ${range.to}` : ''}`, isTogether: true })
    return { out: { columns: out, total, rows, query: (...asking) => table.query(...asking) }, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** `isWide`: integers that may be beyond 64 bits. */
function cellOf(sql: string, type: string): { sql: string; storage: OutStorage; isWide: boolean } {
  const plain = (expression: string, storage: OutStorage) => ({ sql: expression, storage, isWide: false })
  if (type === 'BOOLEAN') return plain(sql, 'BOOLEAN')
  if (/^(?:U?TINYINT|U?SMALLINT|U?INTEGER|BIGINT)$/.test(type)) return plain(`CAST(${sql} AS BIGINT)`, 'BIGINT')
  if (/^(?:UBIGINT|U?HUGEINT)$/.test(type)) return { sql, storage: 'BIGINT', isWide: true }
  if (type === 'DOUBLE') return plain(sql, 'DOUBLE')
  if (type === 'FLOAT') return plain(`CAST(${sql} AS DOUBLE)`, 'DOUBLE')
  const decimal = /^DECIMAL\((\d+),/.exec(type)
  // With more digits a float would be another number.
  if (decimal) return Number(decimal[1]) <= 15 ? plain(`CAST(${sql} AS DOUBLE)`, 'DOUBLE') : plain(`CAST(${sql} AS VARCHAR)`, 'VARCHAR')
  if (type === 'TIMESTAMP WITH TIME ZONE') return plain(`(${sql} AT TIME ZONE 'UTC')`, 'TIMESTAMP')
  if (type.startsWith('TIMESTAMP')) return plain(`CAST(${sql} AS TIMESTAMP)`, 'TIMESTAMP')
  if (type === 'JSON') return plain(`CAST(${sql} AS VARCHAR)`, 'JSON')
  if (/\[\d*\]$|^(?:STRUCT|MAP|UNION|VARIANT)\b/.test(type)) return plain(`CAST(to_json(${sql}) AS VARCHAR)`, 'JSON')
  return plain(type === 'VARCHAR' ? sql : `CAST(${sql} AS VARCHAR)`, 'VARCHAR')
}

function typeOf(storage: OutStorage, isWide: boolean): OutColumn['type'] {
  if (isWide) return 'integer'
  return ({ BOOLEAN: 'boolean', BIGINT: 'integer', DOUBLE: 'number', TIMESTAMP: 'text', VARCHAR: 'text', JSON: 'mixed' } as const)[storage]
}
