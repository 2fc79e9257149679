/** A table as Parquet, by DuckDB itself: types stay types and nulls nulls; lists, dicts and mixed values are JSON texts. */
import { stat } from 'node:fs/promises'
import { quoteName, quoteText } from '../table/fieldTree.ts'
import { type OutColumn, type OutTable, uniqueNames } from './outTable.ts'
import type { Progress, WritingContext } from './writing.ts'

/** Values of a row group: in memory at once, for each thread. */
const rowGroupCells = 2_000_000

export async function writeParquet(out: OutTable, { onProgress, path, signal }: Pick<WritingContext, 'onProgress' | 'path' | 'signal'>): Promise<Progress> {
  const names = uniqueNames(out.columns, 'any case')
  const cells = out.columns.map((column, index) => `${parquetCell(column)} AS ${quoteName(names[index] as string)}`)
  const { from } = await out.rows(null, signal)
  const rowGroup = Math.max(2048, Math.min(122_880, Math.floor(rowGroupCells / Math.max(1, cells.length) / 2048) * 2048))
  const tell = (share: number): void =>
    void stat(path).then(
      ({ size }) => onProgress({ rows: Math.floor(share * out.total), bytes: size }),
      () => undefined
    )
  const options = `FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${rowGroup}, PRESERVE_ORDER true, USE_TMP_FILE false`
  // Joined by place, rows come out one after the other: DuckDB would otherwise hold 122,880 of them for each thread, however many columns they have.
  await out.query({ text: `COPY (SELECT ${names.map(quoteName).join(', ')} FROM (SELECT ${cells.join(', ')} ${from} ORDER BY o.i) POSITIONAL JOIN (SELECT 1)) TO ${quoteText(path)} (${options})`, values: [] }, signal, tell)
  const { size } = await stat(path)
  onProgress({ rows: out.total, bytes: size })
  return { rows: out.total, bytes: size }
}

/** JSON texts go as texts: what reads them as JSON refuses NaN. */
function parquetCell({ sql, storage }: OutColumn): string {
  return storage === 'JSON' ? `CAST(${sql} AS VARCHAR)` : `CAST(${sql} AS ${storage})`
}
