/** A table as JSON Lines: an object of its columns a row, exact; NaN and infinities are null, as Flowcept's writer has them. */
import { inStretches, type OutColumn, type OutTable, uniqueNames } from './outTable.ts'
import type { Progress, Sink } from './writing.ts'

const pieceRows = 100

export async function writeRowLines(out: OutTable, sink: Sink, { onProgress, signal }: { signal: AbortSignal; onProgress?: (progress: Progress) => void }): Promise<Progress> {
  const progress = { rows: 0, bytes: 0 }
  const line = `'{' || ${objectSql(out.columns)} || '}'`
  await inStretches(out, signal, async ({ from }, range) => {
    const before = { ...progress }
    const place = `(o.i - ${range.from}) // ${pieceRows}`
    const pieces = await out.query({ text: `SELECT count(*), string_agg(text, chr(10) ORDER BY i) || chr(10) FROM (SELECT ${place} AS piece, o.i, ${line} AS text ${from}) GROUP BY piece ORDER BY piece`, values: [] }, signal)
    for (const [rows, text] of pieces) {
      const bytes = Buffer.from(String(text))
      await sink(bytes)
      progress.rows += Number(rows)
      progress.bytes += bytes.length
      onProgress?.({ ...progress })
    }
    return { rows: progress.rows - before.rows, bytes: progress.bytes - before.bytes }
  })
  return progress
}

function objectSql(columns: readonly OutColumn[]): string {
  const names = uniqueNames(columns, 'same case')
  const cells = columns.map((column, at) => `${sqlText(`${JSON.stringify(names[at])}:`)}, ${jsonSql(column)}`)
  const parts: string[] = []
  for (let at = 0; at < cells.length; at += 50) parts.push(`concat(${cells.slice(at, at + 50).join(`, ',', `)})`)
  return parts.length === 1 ? (parts[0] as string) : `concat(${parts.join(`, ',', `)})`
}

/** JSON text of a cell, never NULL. */
function jsonSql({ sql, storage }: OutColumn): string {
  if (storage === 'BOOLEAN') return `CASE WHEN ${sql} THEN 'true' WHEN NOT ${sql} THEN 'false' ELSE 'null' END`
  if (storage === 'DOUBLE') return `CASE WHEN isfinite(${sql}) THEN CAST(${sql} AS VARCHAR) ELSE 'null' END`
  if (storage === 'VARCHAR') return `coalesce(CAST(to_json(${sql}) AS VARCHAR), 'null')`
  if (storage === 'TIMESTAMP') return `coalesce('"' || CAST(${sql} AS VARCHAR) || '"', 'null')`
  return `coalesce(CAST(${sql} AS VARCHAR), 'null')`
}

function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
