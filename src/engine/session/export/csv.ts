/** A table as CSV, to any sink: what the filter leaves, in the order and with the columns asked for, a stretch at a time. */
import type { Writable } from 'node:stream'
import type { Params } from '#contract/methods'
import { Refusal } from '#contract/reply'
import { csvCellSql, csvField, csvLineSql } from './csvSql.ts'
import { type RowOrder, withRowOrder } from '../query/rowOrder.ts'
import { countRows, everything } from '../table/rowsIn.ts'
import type { SourceTable } from '../table/sourceTable.ts'

/** No columns stands for all that this kind of record has. */
export type CsvParams = Pick<Params<'exports.start'>, 'records' | 'scope' | 'sort' | 'columns' | 'guardFormulas'>
export type CsvProgress = { rows: number; totalRows: number; bytes: number }
/** Takes some bytes; the next come when it has taken them. */
export type CsvSink = (bytes: Uint8Array) => Promise<void>

/**
 * Stretches are made so long that about this much text is in memory at once: where rows lie together as they are asked for, and
 * where a stretch takes some from everywhere, so that each costs a scan of the whole table.
 */
const stretchBytes = { together: 8e6, scattered: 32e6 }
const firstStretchRows = 1000
const mostStretchRows = 200_000
/** Rows that leave DuckDB as one text: few enough that the text is short-lived garbage, not V8's large-object space. */
const pieceRows = 100

/**
 * Lines end with LF, as pandas writes them. Memory is bounded by the length of a stretch, whatever the table's.
 * @throws Refusal `unavailable` if rows vanished meanwhile, since the source was read anew
 */
export async function writeCsv(
  table: SourceTable,
  params: CsvParams,
  sink: CsvSink,
  { signal, onProgress }: { signal: AbortSignal; onProgress?: (progress: CsvProgress) => void }
): Promise<CsvProgress> {
  const names = params.columns.length > 0 ? params.columns : table.columns(params.records).map((column) => column.name)
  const line = await lineSql(table, params, names, signal)
  return withRowOrder(table, params, signal, async (order) => {
    const progress = { rows: 0, totalRows: order.total, bytes: 0 }
    const put = async (text: string): Promise<void> => {
      const bytes = Buffer.from(text)
      await sink(bytes)
      progress.bytes += bytes.length
      onProgress?.({ ...progress })
    }
    await put(`${names.map((name) => csvField(name, params.guardFormulas)).join(',')}\n`)
    const header = progress.bytes
    for (let next = firstStretchRows; progress.rows < order.total; ) {
      const place = await placeOf(table, order, { from: progress.rows, to: Math.min(progress.rows + next, order.total) }, signal)
      for (const { rows, text } of await stretch(table, order, line, place, signal)) {
        progress.rows += rows
        await put(text)
      }
      if (progress.rows !== place.to) throw new Refusal('unavailable', 'The source was read anew while it was being exported. Export it again.')
      const bytes = place.isTogether ? stretchBytes.together : stretchBytes.scattered
      next = Math.min(mostStretchRows, Math.ceil((bytes * progress.rows) / (progress.bytes - header)))
    }
    return progress
  })
}

/** A stream as a sink; what goes wrong with the stream fails the writing. */
export function streamSink(stream: Writable): CsvSink {
  // The write that fails is told of it; without a listener the process would end.
  stream.on('error', () => undefined)
  return async (bytes) => await new Promise((resolve, reject) => stream.write(bytes, (error) => (error ? reject(error) : resolve())))
}

/** Gaps are looked for in all records of the kind, as pandas has them all in its column. */
export async function lineSql(table: SourceTable, { guardFormulas, records }: CsvParams, names: readonly string[], signal: AbortSignal): Promise<string> {
  const all = await countRows(table, records, everything, signal)
  const columns = names.map((name) => table.column(records, name))
  const integers = columns.flatMap((column) => (column?.storage === 'BIGINT' ? [column] : []))
  const filled = new Map<string, number>()
  for (let at = 0; at < integers.length; at += 200) {
    const batch = integers.slice(at, at + 200)
    const [counts] = await table.query({ text: `SELECT ${batch.map((column) => `count(${column.sql})`).join(', ')} FROM ${table.rows} r WHERE ${table.recordsPredicate(records)}`, values: [] }, signal)
    for (const [index, column] of batch.entries()) filled.set(column.name, Number(counts?.[index]))
  }
  return csvLineSql(
    columns.map((column) => csvCellSql({ column, guardFormulas, isOnly: columns.length === 1, hasGaps: column !== undefined && (filled.get(column.name) ?? all) < all }))
  )
}

/** The lines from row `from` on. */
export type Place = { readonly from: number; readonly to: number; readonly least: string; readonly most: string; readonly isTogether: boolean }

/** Which lines a stretch takes: outside of them nothing has to be read. */
async function placeOf(table: SourceTable, order: RowOrder, { from, to }: { from: number; to: number }, signal: AbortSignal): Promise<Place> {
  const [row] = await table.query({ text: `SELECT min(line), max(line) FROM ${order.table} WHERE i >= ${from} AND i < ${to}`, values: [] }, signal)
  const [least, most] = [Number(row?.[0] ?? 0), Number(row?.[1] ?? 0)]
  return { from, to, least: String(least), most: String(most), isTogether: most - least < 4 * (to - from) }
}

async function stretch(table: SourceTable, order: RowOrder, line: string, { from, least, most, to }: Place, signal: AbortSignal): Promise<{ rows: number; text: string }[]> {
  const pieces = await table.query(
    {
      text: `SELECT count(*), string_agg(text, chr(10) ORDER BY i) || chr(10) FROM (
          SELECT o.i, ${line} AS text FROM ${table.rows} r JOIN (SELECT i, line FROM ${order.table} WHERE i >= ${from} AND i < ${to}) o ON r.line = o.line WHERE r.line BETWEEN ${least} AND ${most})
        GROUP BY (i - ${from}) // ${pieceRows} ORDER BY (i - ${from}) // ${pieceRows}`,
      values: []
    },
    signal
  )
  return pieces.map((piece) => ({ rows: Number(piece[0]), text: String(piece[1]) }))
}
