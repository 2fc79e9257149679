/** Whole records, and lines of a CSV, a page at a time: for a host that writes them to a stream of its own. */
import type { Params, Result } from '#contract/methods'
import { csvField } from './csvSql.ts'
import { lineSql, stretch } from './csv.ts'
import { linesOf } from './pages.ts'
import { documentOf } from './record.ts'
import { withRowOrder } from './rowOrder.ts'
import type { SourceTable } from './sourceTable.ts'

/** What `records.get` gives as a record's document. */
export async function rowDocuments(table: SourceTable, params: Params<'rows.documents'>, signal: AbortSignal): Promise<Result<'rows.documents'>> {
  return withRowOrder(table, params, signal, async (order) => {
    const lines = await linesOf(table, order, params.offset, params.limit, signal)
    if (lines.length === 0) return { total: order.total, documents: [] }
    const found = await table.query({ text: `SELECT r.line, r.record_id, r.file, r.byte, r.size FROM ${table.rows} r WHERE r.line IN (${lines.join(', ')}) ORDER BY r.file, r.byte`, values: [] }, signal)
    const texts = new Map<bigint, string>()
    // In the order in which they lie there, so that a compressed file is passed through once.
    for (const [line, recordId, file, byte, size] of found) {
      texts.set(BigInt(line as bigint), await documentOf(table, params.records, { recordId: String(recordId), file: Number(file), byte: Number(byte), size: Number(size) }))
    }
    return { total: order.total, documents: lines.flatMap((line) => texts.get(line) ?? []) }
  })
}

/** Lines as `writeCsv` writes them, without their line ends. */
export async function csvRows(table: SourceTable, params: Params<'rows.csv'>, signal: AbortSignal): Promise<Result<'rows.csv'>> {
  const { columns, guardFormulas, limit, offset } = params
  const line = await lineSql(table, params, columns, signal)
  return withRowOrder(table, params, signal, async (order) => {
    const lines = offset < order.total ? await stretch(table, order, line, { from: offset, rows: limit, signal }) : []
    return { total: order.total, header: columns.map((name) => csvField(name, guardFormulas)).join(','), lines }
  })
}
