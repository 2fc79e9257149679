/** A table as CSV or TSV, to any sink: in its order and with its columns, a stretch at a time. */
import { csvCellSql, csvField, csvLineSql, type Separator } from './delimitedSql.ts'
import { inStretches, type OutTable } from './outTable.ts'
import type { Progress, Sink } from './writing.ts'

export type DelimitedParams = { readonly separator: Separator; readonly guardFormulas: boolean }

/** Rows that leave DuckDB as one text: few enough that the text is short-lived garbage, not V8's large-object space. */
const pieceRows = 100

/** Lines end with LF, as pandas writes them. @throws Refusal as `inStretches` */
export async function writeDelimited(
  out: OutTable,
  params: DelimitedParams,
  sink: Sink,
  { onProgress, signal }: { signal: AbortSignal; onProgress?: (progress: Progress) => void }
): Promise<Progress> {
  const line = lineSql(out, params)
  const progress = { rows: 0, bytes: 0 }
  const put = async (text: string): Promise<void> => {
    const bytes = Buffer.from(text)
    await sink(bytes)
    progress.bytes += bytes.length
    onProgress?.({ ...progress })
  }
  await put(`${headerLine(out, params)}\n`)
  await inStretches(out, signal, async ({ from }, range) => {
    const before = { ...progress }
    const place = `(o.i - ${range.from}) // ${pieceRows}`
    const pieces = await out.query(
      { text: `SELECT count(*), string_agg(text, chr(10) ORDER BY i) || chr(10) FROM (SELECT ${place} AS piece, o.i, ${line} AS text ${from}) GROUP BY piece ORDER BY piece`, values: [] },
      signal
    )
    for (const [rows, text] of pieces) {
      progress.rows += Number(rows)
      await put(String(text))
    }
    return { rows: progress.rows - before.rows, bytes: progress.bytes - before.bytes }
  })
  return progress
}

export function headerLine({ columns }: Pick<OutTable, 'columns'>, { guardFormulas, separator }: DelimitedParams): string {
  return columns.map(({ name }) => csvField(name, { guardFormulas, separator })).join(separator)
}

/** SQL of a row's line, without its end. */
export function lineSql({ columns }: Pick<OutTable, 'columns'>, params: DelimitedParams): string {
  return csvLineSql(
    columns.map((column) => csvCellSql(column, { ...params, isOnly: columns.length === 1 })),
    params.separator
  )
}
