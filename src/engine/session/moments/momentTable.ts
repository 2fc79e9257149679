/**
 * A source as it was known at a moment: a view of its rows that leaves out what was not known yet. Records of which some messages
 * were known and others not are merged anew, from those that were, and stand beside.
 */
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Source } from '#contract/sources'
import type { Records } from '#contract/values'
import { openSegments } from '#engine/sources/openSegments'
import type { SegmentsSpec } from '#engine/sources/segments'
import { literal } from '../overview/timeHistogram.ts'
import { type Database, catalogName } from '../table/database.ts'
import { quoteName } from '../table/fieldTree.ts'
import { widened } from '../load/loader.ts'
import { OpenSource } from '../load/openSource.ts'
import type { OpenSourceTable } from '../load/openSourceTable.ts'
import type { OpenReader } from '../load/openReader.ts'
import { LocalReader, type ReaderPort } from '../load/readerPort.ts'
import { type ColumnState, mostPhysicalColumns } from '../load/shapes.ts'
import type { Shape } from '../table/shape.ts'
import type { ColumnValues, NamedColumn, SourceTable, Sql, SqlResult, SqlValue } from '../table/sourceTable.ts'
import type { Arrivals } from './arrivals.ts'
import { knownAtSql, knownTimesSql } from './knownAt.ts'

export type MomentOptions = {
  readonly base: OpenSource
  readonly at: number
  readonly arrivals: Arrivals | null
  readonly database: Database
  readonly openReader: OpenReader
  /** Of its own; made here, and removed when it is closed. */
  readonly folder: string
  /** Of the tables; used by no other. */
  readonly schema: string
}

/** Up to so many cells are copied, which is done at once; a view of more is slower to ask, but is there at once too. */
const mostCopiedCells = 5_000_000
/** Files of texts: records merged anew (below zero, as all that are merged), and messages that are a record by themselves. */
const partialSpool = -2
const partialMessages = 2 ** 30
const textsAtOnce = 500
/** A worker takes longer to begin than so many messages to merge. */
const mostHere = 20_000

export class MomentTable implements SourceTable {
  readonly sourceId: string
  readonly revision: number

  private constructor(
    private readonly options: MomentOptions,
    private readonly table: OpenSourceTable,
    /** Of the records that were known in part; null if there is none. */
    private readonly partial: OpenSource | null,
    readonly rows: string
  ) {
    this.sourceId = options.base.sourceId
    this.revision = options.base.revision
  }

  static async open(options: MomentOptions): Promise<MomentTable> {
    const { arrivals, at, base, database, folder, schema } = options
    const within = `${catalogName}.${quoteName(schema)}`
    const known = knownAtSql(base, arrivals, at, `${within}.later`)
    const run = async (text: string, values: readonly SqlValue[] = []): Promise<SqlResult[]> => await database.query({ text, values })
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await run(`CREATE SCHEMA ${within}`)
    try {
      if (arrivals === null) await run(`CREATE TABLE ${within}.later AS SELECT line FROM (${knownTimesSql(base)}) WHERE own IS NULL AND known > ${literal(at)}`)
      await run(`CREATE TABLE ${within}.hidden AS SELECT DISTINCT r.kind, r.record_id FROM ${base.rows} r WHERE r.is_message AND NOT r.is_record AND r.kind < 4 AND NOT (${known})`)
      const partial = await openPartial(options, `SELECT r.file, r.byte, r.size FROM ${base.rows} r SEMI JOIN ${within}.hidden h USING (kind, record_id) WHERE r.is_message AND ${known} ORDER BY r.line`)
      if (partial) await run(`CREATE TABLE ${within}.partial AS ${partialRows(base, partial, within)}`)
      const parts = [
        `SELECT r.* FROM ${base.rows} r WHERE r.is_message AND ${known}`,
        `SELECT r.* FROM ${base.rows} r ANTI JOIN ${within}.hidden h USING (kind, record_id) WHERE NOT r.is_message`,
        ...(partial ? [`SELECT * FROM ${within}.partial`] : [])
      ]
      const [counted] = await run(`SELECT count(*) FROM ${base.rows}`)
      const isSmall = Number(counted?.[0] ?? 0) * base.physicalColumns.length <= mostCopiedCells
      await run(`CREATE ${isSmall ? 'TABLE' : 'VIEW'} ${within}."rows" AS ${parts.join(' UNION ALL BY NAME ')}`)
      const table = base.namesOver(`${within}."rows"`, partial ? movedShapes(base, partial) : [])
      await table.count()
      return new MomentTable(options, table, partial, `${within}."rows"`)
    } catch (error) {
      await run(`DROP SCHEMA ${within} CASCADE`)
      await rm(folder, { recursive: true, force: true, maxRetries: 3 })
      throw error
    }
  }

  get counts(): Source['counts'] {
    return this.table.counts
  }

  get errors(): number {
    return this.table.errors
  }

  get shapes(): readonly Shape[] {
    return this.table.shapes
  }

  recordsPredicate(records: Records): string {
    return this.table.recordsPredicate(records)
  }

  columns(records: Records): readonly NamedColumn[] {
    return this.table.columns(records)
  }

  column(records: Records, name: string): NamedColumn | undefined {
    return this.table.column(records, name)
  }

  async query(sql: Sql, signal?: AbortSignal, onShare?: (share: number) => void): Promise<SqlResult[]> {
    return await this.options.base.query(sql, signal, onShare)
  }

  async queryColumns(sql: Sql, signal?: AbortSignal): Promise<ColumnValues[]> {
    return await this.options.base.queryColumns(sql, signal)
  }

  async text(place: { file: number; byte: number; size: number }): Promise<string> {
    if (this.partial && place.file === partialSpool) return await this.partial.text({ ...place, file: -1 })
    if (this.partial && place.file === partialMessages) return await this.partial.text({ ...place, file: 0 })
    return await this.options.base.text(place)
  }

  fileName(file: number): string {
    return this.options.base.fileName(file)
  }

  async close(): Promise<void> {
    await this.options.database.query({ text: `DROP SCHEMA ${catalogName}.${quoteName(this.options.schema)} CASCADE`, values: [] })
    await this.partial?.close()
    await rm(this.options.folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** The known messages of records that were known in part, as a source of their own: read and merged as all others are. */
async function openPartial({ base, database, folder, openReader, schema }: MomentOptions, places: string): Promise<OpenSource | null> {
  const path = join(folder, 'messages.jsonl')
  const file = await open(path, 'wx', 0o600)
  let count = 0
  try {
    const { close, result } = await database.stream(places)
    try {
      for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
        const rows = chunk.getRows()
        for (let at = 0; at < rows.length; at += textsAtOnce) {
          const texts = await Promise.all(rows.slice(at, at + textsAtOnce).map(async ([file, byte, size]) => await base.text({ file: Number(file), byte: Number(byte), size: Number(size) })))
          // A line may end in spaces or a carriage return, but never holds a line end.
          await file.write(texts.map((text) => `${text.trim()}\n`).join(''))
          count += texts.length
        }
      }
    } finally {
      close()
    }
  } finally {
    await file.close()
  }
  if (count === 0) return null
  const spec = { paths: [path], folder: join(folder, 'segments') }
  const name = `${schema} partial`
  const partial = await OpenSource.open({ sourceId: base.sourceId, schema: name, database, segments: await openSegments(spec), reader: await (count > mostHere ? openReader(spec, folder, 'partial') : localReader(spec, folder)) })
  await partial.done
  const { error } = partial.state()
  if (error === null) return partial
  await partial.close()
  throw new Error(error)
}

const localReader = async (spec: SegmentsSpec, folder: string): Promise<ReaderPort> => new LocalReader(await openSegments(spec), folder, 'partial')

/** The records of the partial source in the columns of the base. */
function partialRows(base: OpenSource, partial: OpenSource, within: string): string {
  const own = new Map(partial.physicalColumns.map((column) => [column.name, column]))
  const pairs = base.physicalColumns.flatMap((column) => {
    const source = own.get(column.name)
    return source === undefined || source.storage === null || column.storage === null ? [] : [{ source: source as ColumnState & { storage: NonNullable<ColumnState['storage']> }, target: column as ColumnState & { storage: NonNullable<ColumnState['storage']> } }]
  })
  const physical = pairs.filter(({ target }) => target.index < mostPhysicalColumns).map(({ source, target }) => `${cellIn(source, target.storage)} AS c${target.index}`)
  const further = pairs.filter(({ target }) => target.index >= mostPhysicalColumns).map(({ source, target }) => `{'key': 'c${target.index}', 'value': ${cellIn(source, 'JSON')}}`)
  const more = further.length === 0 ? [] : [`map_from_entries(list_filter([${further.join(', ')}], lambda e: e.value IS NOT NULL)) AS more`]
  const fixed = [
    // Numbered behind all others, without a hole: what is kept by line may be kept in an array.
    `(SELECT max(line) + 1 FROM ${base.rows}) + r.line AS line`,
    `CASE WHEN r.file < 0 THEN ${partialSpool} ELSE ${partialMessages} END::INTEGER AS file`,
    'r.byte AS byte',
    'r.size AS size',
    'r.file_line AS file_line',
    `(${base.shapes.length} + r.shape)::INTEGER AS shape`,
    'r.kind AS kind',
    'FALSE AS is_message',
    'TRUE AS is_record',
    'r.record_id AS record_id',
    'r.messages AS messages',
    // The order of all records stays what it is in the end.
    'coalesce(b.first_line, r.first_line) AS first_line'
  ]
  return `SELECT ${[...fixed, ...physical, ...more].join(', ')} FROM ${partial.rows} r
    JOIN ${within}.hidden h ON h.kind = r.kind AND h.record_id = r.record_id
    LEFT JOIN ${base.rows} b ON NOT b.is_message AND b.kind = r.kind AND b.record_id = r.record_id WHERE r.is_record`
}

function cellIn({ index, storage }: { index: number; storage: NonNullable<ColumnState['storage']> }, target: NonNullable<ColumnState['storage']>): string {
  if (index >= mostPhysicalColumns) return target === 'JSON' ? `r.more['c${index}']` : target === 'VARCHAR' ? `json_extract_string(r.more['c${index}'], '$')` : `r.more['c${index}']::${target}`
  return storage === target ? `r.c${index}` : widened(`r.c${index}`, storage, target)
}

/** With the columns of the base, numbered behind its shapes. */
function movedShapes(base: OpenSource, partial: OpenSource): Shape[] {
  const names = new Map(partial.physicalColumns.map(({ index, name }) => [index, name]))
  const indexes = new Map(base.physicalColumns.map(({ index, name }) => [name, index]))
  return partial.shapes.map(({ id, leaves }) => ({
    id: base.shapes.length + id,
    leaves: leaves.map((leaf) => ({ ...leaf, column: indexes.get(names.get(leaf.column) ?? '') ?? -1 }))
  }))
}
