/** Finds the records that have to be merged, and takes them to the reader and back into the table in pieces. */
import type { DuckDBResult } from '@duckdb/node-api'
import type { Database } from '../table/database.ts'
import type { Loader } from './loader.ts'
import type { MergeGroups } from './mergeRows.ts'
import type { Batch } from './reader.ts'

export type MergePass = {
  readonly database: Database
  readonly loader: Loader
  /** Messages from this row on are new; records that have none of them are left as they are. */
  readonly fromLine: number
  readonly merge: (groups: MergeGroups) => Promise<Batch>
  /** Merged rows have this number and those after it. */
  readonly mergedFrom: number
  /** Within the transaction. */
  readonly load: (batch: Batch) => Promise<void>
  readonly isStopped: () => boolean
}

const bytesAtOnce = 48 << 20
const messagesAtOnce = 60_000

/**
 * Records of several messages, and those whose normal form is not their message's. Their rows replace what stood for them until now,
 * all at once. Returns how many were merged.
 */
export async function mergePass({ database, fromLine, isStopped, load, loader, merge, mergedFrom }: MergePass): Promise<number> {
  const { merging, rows } = loader
  const touched = fromLine === 0 ? '' : `SEMI JOIN (SELECT DISTINCT kind, record_id FROM ${rows} WHERE is_message AND kind < 4 AND line >= ${fromLine}) t USING (kind, record_id)`
  await loader.run(`CREATE OR REPLACE TABLE ${merging} AS SELECT kind, record_id, min(line) AS first FROM ${rows} ${touched}
    WHERE is_message AND kind < 4 GROUP BY kind, record_id HAVING count(*) > 1 OR NOT bool_or(is_record)`)
  let count = 0
  const places = new Places(
    await database.stream(`SELECT m.first, r.kind, r.file, r.byte, r.size, r.line, r.file_line FROM ${rows} r JOIN ${merging} m USING (kind, record_id) WHERE r.is_message ORDER BY m.first, r.line`)
  )
  try {
    let groups = await places.next()
    if (groups) {
      await loader.transaction(async () => {
        let next = merge(groups as MergeGroups)
        while (groups && !isStopped()) {
          const batch = await next
          groups = await places.next()
          if (groups) next = merge(groups)
          await load(batch)
          count += batch.rows
        }
        // Only now: DuckDB does not let a table be altered after its rows have been, in one transaction.
        const same = 'r.kind = m.kind AND r.record_id = m.record_id'
        await loader.run(`DELETE FROM ${rows} r USING ${merging} m WHERE NOT r.is_message AND r.line < ${mergedFrom} AND ${same}`)
        await loader.run(`UPDATE ${rows} r SET is_record = false FROM ${merging} m WHERE r.is_message AND r.is_record AND ${same}`)
      })
    }
  } finally {
    places.close()
    await loader.run(`DROP TABLE ${merging}`)
  }
  return count
}

type Stream = { readonly result: DuckDBResult; close(): void }
type PlaceRow = readonly [first: bigint, kind: number, file: number, byte: bigint, size: number, line: bigint, fileLine: bigint]

/** Cuts the stream of places into pieces of whole groups. */
class Places {
  private rows: PlaceRow[] = []
  private at = 0

  constructor(private readonly stream: Stream) {}

  async next(): Promise<MergeGroups | null> {
    const taken: PlaceRow[] = []
    const starts: number[] = []
    const kinds: number[] = []
    let bytes = 0
    for (let row = await this.peek(); row; row = await this.peek()) {
      const isNew = taken.length === 0 || row[0] !== taken[taken.length - 1]?.[0]
      if (isNew && (bytes >= bytesAtOnce || taken.length >= messagesAtOnce)) break
      if (isNew) {
        starts.push(taken.length)
        kinds.push(row[1])
      }
      taken.push(row)
      bytes += row[4]
      this.at++
    }
    if (taken.length === 0) return null
    return {
      kinds: Uint8Array.from(kinds),
      starts: Int32Array.from(starts),
      files: Int32Array.from(taken, (row) => row[2]),
      bytes: Float64Array.from(taken, (row) => Number(row[3])),
      sizes: Int32Array.from(taken, (row) => row[4]),
      lines: Float64Array.from(taken, (row) => Number(row[5])),
      fileLines: Float64Array.from(taken, (row) => Number(row[6]))
    }
  }

  close(): void {
    this.stream.close()
  }

  private async peek(): Promise<PlaceRow | undefined> {
    while (this.at >= this.rows.length) {
      const chunk = await this.stream.result.fetchChunk()
      if (!chunk || chunk.rowCount === 0) return undefined
      this.rows = chunk.getRows() as unknown as PlaceRow[]
      this.at = 0
    }
    return this.rows[this.at]
  }
}
