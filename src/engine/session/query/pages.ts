/** Rows at any place of a table in any order, where a record stands in it, and where matches lie. */
import type { Params, Result } from '#contract/methods'
import type { Row } from '#contract/tables'
import { type CellReader, cellReader } from '../table/cells.ts'
import { type OrderedView, type RowOrder, isOrderKept, prepareRowOrder, withRowOrder } from './rowOrder.ts'
import { countRows, everything, idSql, matchesIn, rowWithId, rowsIn } from '../table/rowsIn.ts'
import { sortSql } from './sortSql.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { textOf } from '../overview/taskColumns.ts'

/** Up to here DuckDB finds the rows of a page faster than it orders all of them. */
const shallowRows = 2000

export async function pageRows(table: SourceTable, params: Params<'rows.page'>, signal: AbortSignal): Promise<Result<'rows.page'>> {
  const began = performance.now()
  const { revision } = table
  const { records, scope, offset, limit } = params
  const [total, unfiltered] = await Promise.all([countRows(table, records, scope, signal), countRows(table, records, everything, signal)])
  const lines = offset < total ? await pageLines(table, params, offset, limit, signal) : []
  // Who sorts a long table scrolls next. In order of arrival pages are quick enough without.
  const isLong = params.sort.length > 0 && total > shallowRows
  const columns = params.columns.map((name) => cellReader(table.column(records, name), params.cellLength))
  const rows = await readRows(table, records, lines, columns, signal)
  if (isLong && isAtRest(table) && !isOrderKept(table, params)) prepareRowOrder(table, params)
  return { revision, total, unfiltered, rows, queryMs: performance.now() - began }
}

const restMs = 1000
const lastChanges = new WeakMap<SourceTable, { revision: number; atMs: number }>()

/** Whether an order would serve longer than it takes to build: not where rows arrive all the time. */
function isAtRest(table: SourceTable): boolean {
  const known = lastChanges.get(table)
  if (known?.revision === table.revision) return performance.now() - known.atMs > restMs
  lastChanges.set(table, { revision: table.revision, atMs: known ? performance.now() : -Infinity })
  return known === undefined
}

/** The place of a record, or of the next match; null where there is none. */
export async function findRow(table: SourceTable, params: Params<'rows.find'>, signal: AbortSignal): Promise<Result<'rows.find'>> {
  const { records, scope, id, match, from, direction } = params
  if (id === undefined && match === undefined) return { index: null, id: null }
  const rows = id === undefined ? matchesIn(table, records, scope, match ?? {}) : rowsIn(table, records, scope)
  const only = id === undefined ? { text: 'TRUE', values: [] } : rowWithId(records, id)
  const beyond = id !== undefined ? 'TRUE' : direction === 'next' ? `o.i > ${from}` : `o.i < ${from}`
  return withRowOrder(table, params, signal, async (order) => {
    const [found] = await table.query(
      {
        text: `SELECT o.i, ${idSql(records)} FROM ${order.table} o JOIN (SELECT r.line, r.record_id ${rows.text} AND (${only.text})) r ON r.line = o.line
          WHERE ${beyond} ORDER BY o.i ${direction === 'previous' ? 'DESC' : 'ASC'} LIMIT 1`,
        values: [...rows.values, ...only.values]
      },
      signal
    )
    return found ? { index: Number(found[0]), id: String(found[1]) } : { index: null, id: null }
  })
}

/** `total` is the number of matches. */
export async function rowMarks(table: SourceTable, params: Params<'rows.marks'>, signal: AbortSignal): Promise<Result<'rows.marks'>> {
  const { records, scope, match, buckets } = params
  const rows = matchesIn(table, records, scope, match)
  return withRowOrder(table, params, signal, async (order) => {
    const counted = await table.query(
      {
        text: `SELECT (o.i * ${buckets}) // ${Math.max(1, order.total)} AS bucket, count(*) FROM ${order.table} o
          WHERE o.line IN (SELECT r.line ${rows.text}) GROUP BY bucket`,
        values: rows.values
      },
      signal
    )
    const marks = Array.from({ length: buckets }, () => 0)
    for (const [bucket, count] of counted) marks[Number(bucket)] = Number(count)
    return { total: marks.reduce((sum, count) => sum + count, 0), buckets: marks }
  })
}

/** Lines of a stretch of a kept order. */
export async function linesOf(table: SourceTable, order: RowOrder, offset: number, limit: number, signal: AbortSignal): Promise<bigint[]> {
  const lines = await table.query({ text: `SELECT line FROM ${order.table} WHERE i >= ${offset} AND i < ${offset + limit} ORDER BY i`, values: [] }, signal)
  return lines.map((row) => BigInt(row[0] as bigint))
}

async function pageLines(table: SourceTable, view: OrderedView, offset: number, limit: number, signal: AbortSignal): Promise<bigint[]> {
  if (offset + limit > shallowRows || isOrderKept(table, view)) return withRowOrder(table, view, signal, (order) => linesOf(table, order, offset, limit, signal))
  const rows = rowsIn(table, view.records, view.scope)
  const order = sortSql(table, view.records, view.sort)
  const lines = await table.query({ text: `SELECT r.line ${rows.text} ORDER BY ${order} LIMIT ${limit} OFFSET ${offset}`, values: rows.values }, signal)
  return lines.map((row) => BigInt(row[0] as bigint))
}

/** The cells of these lines alone: a scan that skips whatever no line of the page is in. */
async function readRows(table: SourceTable, records: OrderedView['records'], lines: bigint[], columns: CellReader[], signal: AbortSignal): Promise<Row[]> {
  if (lines.length === 0) return []
  const selected = ['r.line', idSql(records), textOf(table.column(records, 'status')), ...columns.flatMap((column) => column.sql)]
  const found = await table.query({ text: `SELECT ${selected.join(', ')} FROM ${table.rows} r WHERE ${lineIn(lines)}`, values: [] }, signal)
  const byLine = new Map(found.map((row) => [BigInt(row[0] as bigint), row]))
  return lines.flatMap((line) => {
    const row = byLine.get(line)
    if (!row) return []
    let at = 3
    const cells = columns.map((column) => {
      const cell = column.read(row, at)
      at += column.sql.length
      return cell
    })
    return { id: String(row[1]), status: row[2] === null ? null : String(row[2]), cells }
  })
}

function lineIn(lines: bigint[]): string {
  let [least, most] = [lines[0] ?? 0n, lines[0] ?? 0n]
  for (const line of lines) {
    if (line < least) least = line
    if (line > most) most = line
  }
  const isRun = most - least + 1n === BigInt(lines.length)
  return `r.line BETWEEN ${least} AND ${most}${isRun ? '' : ` AND r.line IN (${lines.join(', ')})`}`
}
