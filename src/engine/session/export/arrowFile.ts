/** A table as an Arrow IPC file, a record batch a stretch: types stay types and nulls nulls; lists, dicts and mixed values are JSON texts. */
import { AsyncByteQueue, Bool, type DataType, Field, Float64, Int64, makeData, RecordBatch, RecordBatchFileWriter, Schema, Struct, TimestampMicrosecond, Utf8, type Data } from 'apache-arrow'
import type { SqlResult } from '../table/sourceTable.ts'
import { inStretches, type OutColumn, type OutStorage, type OutTable, uniqueNames } from './outTable.ts'
import type { Progress, Sink } from './writing.ts'

type Value = SqlResult[number]

export async function writeArrow(out: OutTable, sink: Sink, { onProgress, signal }: { signal: AbortSignal; onProgress?: (progress: Progress) => void }): Promise<Progress> {
  // With two names alike the writer would leave out every batch.
  const names = uniqueNames(out.columns, 'same case')
  const schema = new Schema(out.columns.map(({ storage }, at) => new Field(names[at] as string, typeOf(storage), true)))
  const queue = new PieceQueue()
  const writer = new RecordBatchFileWriter()
  writer.reset(queue, schema)
  const progress = { rows: 0, bytes: 0 }
  const flush = async (): Promise<void> => {
    for (const piece of queue.pieces.splice(0)) {
      await sink(piece)
      progress.bytes += piece.length
    }
    onProgress?.({ ...progress })
  }
  const cells = out.columns.map(arrowCell).join(', ')
  await inStretches(out, signal, async ({ from }) => {
    const before = progress.bytes
    const rows = await out.query({ text: `SELECT ${cells} ${from} ORDER BY o.i`, values: [] }, signal)
    writer.write(batchOf(schema, out.columns, rows))
    progress.rows += rows.length
    await flush()
    return { rows: rows.length, bytes: progress.bytes - before }
  })
  writer.finish()
  await flush()
  return progress
}

/** How a cell leaves DuckDB for Arrow: timestamps as whole microseconds. */
export function arrowCell({ sql, storage }: OutColumn): string {
  return storage === 'TIMESTAMP' ? `epoch_us(${sql})` : `${sql}`
}

/** Takes what the writer writes, without a copy and without waiting. */
class PieceQueue extends AsyncByteQueue {
  readonly pieces: Uint8Array[] = []

  override write(piece: ArrayBufferView | ArrayBufferLike | string | Iterable<number> | null | undefined): void {
    if (ArrayBuffer.isView(piece) && piece.byteLength > 0) this.pieces.push(new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength))
  }
}

function typeOf(storage: OutStorage): DataType {
  switch (storage) {
    case 'BOOLEAN':
      return new Bool()
    case 'BIGINT':
      return new Int64()
    case 'DOUBLE':
      return new Float64()
    case 'TIMESTAMP':
      return new TimestampMicrosecond()
    case 'VARCHAR':
    case 'JSON':
      return new Utf8()
  }
}

function batchOf(schema: Schema, columns: readonly OutColumn[], rows: readonly SqlResult[]): RecordBatch {
  const children = columns.map(({ storage }, at) => columnData(storage, rows, at))
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length: rows.length, nullCount: 0, children }))
}

function columnData(storage: OutStorage, rows: readonly SqlResult[], at: number): Data {
  const { length } = rows
  const nullBitmap = new Uint8Array(Math.ceil(length / 8))
  let nullCount = 0
  for (const [index, row] of rows.entries()) {
    if ((row[at] ?? null) === null) nullCount++
    else nullBitmap[index >> 3]! |= 1 << (index & 7)
  }
  const validity = { length, nullCount, nullBitmap }
  const values = (of: (value: NonNullable<Value>, index: number) => void): void => {
    for (const [index, row] of rows.entries()) if (row[at] !== null && row[at] !== undefined) of(row[at], index)
  }
  switch (storage) {
    case 'BOOLEAN': {
      const data = new Uint8Array(Math.ceil(length / 8))
      values((value, index) => void (value === true && (data[index >> 3]! |= 1 << (index & 7))))
      return makeData({ type: new Bool(), ...validity, data })
    }
    case 'BIGINT':
    case 'TIMESTAMP': {
      const data = new BigInt64Array(length)
      values((value, index) => void (data[index] = BigInt(value)))
      return storage === 'BIGINT' ? makeData({ type: new Int64(), ...validity, data }) : makeData({ type: new TimestampMicrosecond(), ...validity, data })
    }
    case 'DOUBLE': {
      const data = new Float64Array(length)
      values((value, index) => void (data[index] = Number(value)))
      return makeData({ type: new Float64(), ...validity, data })
    }
    case 'VARCHAR':
    case 'JSON':
      return textData(rows, at, validity)
  }
}

function textData(rows: readonly SqlResult[], at: number, validity: { length: number; nullCount: number; nullBitmap: Uint8Array }): Data {
  const offsets = new Int32Array(rows.length + 1)
  const pieces: Buffer[] = []
  let sizeBytes = 0
  for (const [index, row] of rows.entries()) {
    const value = row[at] ?? null
    if (value !== null) {
      const bytes = Buffer.from(String(value))
      pieces.push(bytes)
      sizeBytes += bytes.length
    }
    offsets[index + 1] = sizeBytes
  }
  return makeData({ type: new Utf8(), ...validity, valueOffsets: offsets, data: Buffer.concat(pieces) })
}
