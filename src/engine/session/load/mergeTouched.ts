/** Merges the records that have just been touched, found by their lines: what it costs hangs on how much came, not on how much there is. */
import type { Database } from '../table/database.ts'
import type { Loader } from './loader.ts'
import type { MergeGroups } from './mergeRows.ts'
import type { Batch } from './reader.ts'
import type { RecordLines } from './recordLines.ts'

export type TouchedMerge = {
  readonly database: Database
  readonly loader: Loader
  readonly records: RecordLines
  /** Rows from this one on are new. */
  readonly fromLine: number
  readonly merge: (groups: MergeGroups) => Promise<Batch>
  /** Within the transaction. */
  readonly load: (batch: Batch) => Promise<void>
  readonly isStopped: () => boolean
}

type Place = { readonly line: number; readonly file: number; readonly byte: number; readonly size: number; readonly fileLine: number; readonly isRecord: boolean }
type Touched = { readonly kind: number; readonly id: string; readonly lines: number[] }

const bytesAtOnce = 16 << 20
const messagesAtOnce = 20_000

/** Returns how many records were merged. */
export async function mergeTouched({ database, fromLine, isStopped, load, loader, merge, records }: TouchedMerge): Promise<number> {
  const { rows } = loader
  const places = new Map<number, Place>()
  const touched = await findTouched(database, rows, fromLine, records, places)
  if (touched.length === 0) return 0
  await findPlaces(database, rows, touched, places)
  const merged = touched.flatMap(({ id, kind }) => records.mergedOf(kind, id) ?? [])
  const shared = touched.flatMap(({ lines }) => lines.filter((line) => places.get(line)?.isRecord === true))
  const firstNew = await nextLine(database, rows)
  await loader.transaction(async () => {
    for (const groups of inPieces(touched, places)) {
      if (isStopped()) return
      await load(await merge(groups))
    }
    // Only now: DuckDB does not let a table be altered after its rows have been, in one transaction.
    if (merged.length > 0) await loader.run(`DELETE FROM ${rows} WHERE ${lineIn(merged)}`)
    if (shared.length > 0) await loader.run(`UPDATE ${rows} SET is_record = false WHERE ${lineIn(shared)}`)
  })
  await learnMerged(database, rows, firstNew, records)
  return touched.length
}

/** Notes the rows of merged records from this line on. */
async function learnMerged(database: Database, rows: string, fromLine: number, records: RecordLines): Promise<void> {
  const found = await database.query({ text: `SELECT line, kind, record_id FROM ${rows} WHERE line >= ${fromLine} AND NOT is_message`, values: [] })
  for (const [line, kind, id] of found) records.setMerged(Number(kind), String(id), Number(line))
}

/** Notes new messages. Those of them that are a record by themselves need nothing more. */
async function findTouched(database: Database, rows: string, fromLine: number, records: RecordLines, places: Map<number, Place>): Promise<Touched[]> {
  const found = await database.query({
    text: `SELECT line, file, byte, size, file_line, is_record, kind, record_id FROM ${rows} WHERE line >= ${fromLine} AND is_message AND kind < 4 ORDER BY line`,
    values: []
  })
  const seen = new Map<string, { kind: number; id: string; isPlain: boolean }>()
  for (const row of found) {
    const place = placeOf(row)
    const [kind, id] = [Number(row[6]), String(row[7])]
    places.set(place.line, place)
    records.add(kind, id, place.line)
    const key = `${kind} ${id}`
    seen.set(key, { kind, id, isPlain: place.isRecord && !seen.has(key) })
  }
  return [...seen.values()].flatMap(({ id, isPlain, kind }) => {
    const lines = records.messagesOf(kind, id)
    return isPlain && lines.length === 1 ? [] : [{ kind, id, lines }]
  })
}

async function findPlaces(database: Database, rows: string, touched: readonly Touched[], places: Map<number, Place>): Promise<void> {
  const missing = touched.flatMap(({ lines }) => lines.filter((line) => !places.has(line)))
  if (missing.length === 0) return
  const found = await database.query({ text: `SELECT line, file, byte, size, file_line, is_record FROM ${rows} WHERE ${lineIn(missing)}`, values: [] })
  for (const row of found) places.set(Number(row[0]), placeOf(row))
}

function placeOf([line, file, byte, size, fileLine, isRecord]: readonly unknown[]): Place {
  return { line: Number(line), file: Number(file), byte: Number(byte), size: Number(size), fileLine: Number(fileLine), isRecord: isRecord === true }
}

function* inPieces(touched: readonly Touched[], places: ReadonlyMap<number, Place>): Generator<MergeGroups> {
  let some: Touched[] = []
  let [bytes, messages] = [0, 0]
  for (const record of touched) {
    some.push(record)
    messages += record.lines.length
    for (const line of record.lines) bytes += places.get(line)?.size ?? 0
    if (bytes < bytesAtOnce && messages < messagesAtOnce) continue
    yield groupsOf(some, places)
    some = []
    ;[bytes, messages] = [0, 0]
  }
  if (some.length > 0) yield groupsOf(some, places)
}

function groupsOf(touched: readonly Touched[], places: ReadonlyMap<number, Place>): MergeGroups {
  const starts: number[] = []
  const all: Place[] = []
  for (const { lines } of touched) {
    starts.push(all.length)
    for (const line of lines) {
      const place = places.get(line)
      if (place) all.push(place)
    }
  }
  return {
    kinds: Uint8Array.from(touched, ({ kind }) => kind),
    starts: Int32Array.from(starts),
    files: Int32Array.from(all, ({ file }) => file),
    bytes: Float64Array.from(all, ({ byte }) => byte),
    sizes: Int32Array.from(all, ({ size }) => size),
    lines: Float64Array.from(all, ({ line }) => line),
    fileLines: Float64Array.from(all, ({ fileLine }) => fileLine)
  }
}

async function nextLine(database: Database, rows: string): Promise<number> {
  const [row] = await database.query({ text: `SELECT coalesce(max(line) + 1, 0) FROM ${rows}`, values: [] })
  return Number(row?.[0] ?? 0)
}

/** With its bounds, which tell DuckDB the row groups that it need not look into. */
function lineIn(lines: readonly number[]): string {
  let [least, most] = [lines[0] ?? 0, lines[0] ?? 0]
  for (const line of lines) {
    if (line < least) least = line
    if (line > most) most = line
  }
  return `line BETWEEN ${least} AND ${most} AND line IN (${lines.join(', ')})`
}
