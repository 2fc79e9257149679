/** An Arrow IPC file read back batch by batch, and compared with the table. */
import { open } from 'node:fs/promises'
import { DataType, RecordBatchReader, type RecordBatch, type Vector } from 'apache-arrow'
import type { ExportCheck } from '#contract/exports'
import { arrowCell } from './arrowFile.ts'
import { RowComparison } from './compareRows.ts'
import { type OutColumn, type OutTable, uniqueNames } from './outTable.ts'
import { checkColumns } from './tableFacts.ts'

export async function checkArrow(out: OutTable, path: string, { onProgress, signal }: { signal: AbortSignal; onProgress: (rows: number) => void }): Promise<ExportCheck[]> {
  const names = uniqueNames(out.columns, 'same case')
  const file = await open(path, 'r')
  try {
    const reader = await RecordBatchReader.from(file)
    await reader.open()
    const columns = checkColumns(out.columns.map(({ storage }, at) => `${names[at]} ${storage === 'JSON' ? 'VARCHAR' : storage}`), reader.schema.fields.map(({ name, type }) => `${name} ${storageOf(type)}`))
    if (!columns.ok) return [columns]
    const comparison = new RowComparison(out, out.columns.map(arrowCell), signal)
    for await (const batch of reader as AsyncIterable<RecordBatch>) {
      const vectors = out.columns.map((_, at) => batch.getChildAt(at))
      await comparison.next(batch.numRows, (row, column, at) => valueOf(vectors[at] ?? null, row, column))
      onProgress(comparison.rows)
    }
    return [columns, ...comparison.checks()]
  } finally {
    await file.close()
  }
}

function storageOf(type: DataType): string {
  if (DataType.isBool(type)) return 'BOOLEAN'
  if (DataType.isInt(type)) return 'BIGINT'
  if (DataType.isFloat(type)) return 'DOUBLE'
  if (DataType.isTimestamp(type)) return 'TIMESTAMP'
  return DataType.isUtf8(type) ? 'VARCHAR' : String(type)
}

function valueOf(vector: Vector | null, row: number, { storage }: OutColumn): string | number | bigint | boolean | null {
  if (!vector || !vector.isValid(row)) return null
  // As a date it would be of milliseconds only.
  if (storage === 'TIMESTAMP') return timestampOf(vector, row)
  return vector.get(row) as string | number | bigint | boolean | null
}

function timestampOf(vector: Vector, row: number): bigint {
  const [data] = vector.data
  if (!data) throw new Error('A batch has one piece of each column.')
  return (data.values as BigInt64Array)[row + data.offset] as bigint
}
