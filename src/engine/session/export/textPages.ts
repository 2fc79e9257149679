/** Whole records, and lines of a CSV, a page at a time: for a host that writes them to a stream of its own. */
import type { Params, Result } from '#contract/methods'
import { Refusal } from '#contract/reply'
import { headerLine, lineSql } from './delimited.ts'
import { outColumns } from './outTable.ts'
import { linesOf } from '../query/pages.ts'
import { documentOf } from '../query/record.ts'
import { withRowOrder } from '../query/rowOrder.ts'
import type { SourceTable, SqlResult } from '../table/sourceTable.ts'

type Paged = Params<'rows.documents'>

/** What `records.get` gives as a record's document. */
export async function rowDocuments(table: SourceTable, params: Paged, signal: AbortSignal): Promise<Result<'rows.documents'>> {
  const { rows, total } = await pageOf(table, params, 'r.record_id, r.file, r.byte, r.size', signal)
  const documents: string[] = []
  // In the order in which they lie there, so that a compressed file is passed through once.
  const places = rows.map(([recordId, file, byte, size], at) => ({ at, recordId: String(recordId), file: Number(file), byte: Number(byte), size: Number(size) }))
  for (const place of places.toSorted((a, b) => a.file - b.file || a.byte - b.byte)) documents[place.at] = await documentOf(table, params.records, place)
  return { total, documents }
}

/** Lines as `writeDelimited` writes them, without their line ends. */
export async function csvRows(table: SourceTable, params: Params<'rows.csv'>, signal: AbortSignal): Promise<Result<'rows.csv'>> {
  const out = { columns: await outColumns(table, params, signal) }
  const style = { guardFormulas: params.guardFormulas, separator: ',' } as const
  const { rows, total } = await pageOf(table, params, lineSql(out, style), signal)
  return { total, header: headerLine(out, style), lines: rows.map(([text]) => String(text)) }
}

/** What is selected of the rows of a page, in its order. */
async function pageOf(table: SourceTable, params: Paged, selected: string, signal: AbortSignal): Promise<{ total: number; rows: SqlResult[] }> {
  return withRowOrder(table, params, signal, async (order) => {
    const lines = await linesOf(table, order, params.offset, params.limit, signal)
    if (lines.length === 0) return { total: order.total, rows: [] }
    let [least, most] = [lines[0] ?? 0n, lines[0] ?? 0n]
    for (const line of lines) {
      if (line < least) least = line
      if (line > most) most = line
    }
    const found = await table.query(
      { text: `SELECT r.line, ${selected} FROM ${table.rows} r WHERE r.line BETWEEN ${least} AND ${most} AND r.line IN (${lines.join(', ')})`, values: [] },
      signal
    )
    const byLine = new Map(found.map(([line, ...rest]) => [BigInt(line as bigint), rest]))
    if (byLine.size !== lines.length) throw new Refusal('unavailable', 'The source was read anew meanwhile. Ask again.')
    return { total: order.total, rows: lines.map((line) => byLine.get(line) ?? []) }
  })
}
