/** Takes the reader's batches into the table `rows` of one source: new columns, wider columns, rows, all in one transaction. */
import { rm } from 'node:fs/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import { catalogName, type Database } from './database.ts'
import { quoteName, quoteText } from './fieldTree.ts'
import type { LoadPart } from './loadPlan.ts'
import type { Storage } from './sourceTable.ts'

export type ColumnChange = { readonly index: number; readonly storage: Storage }

export class Loader {
  readonly rows: string
  private readonly storages: (Storage | undefined)[] = []

  private constructor(
    private readonly connection: DuckDBConnection,
    private readonly schema: string
  ) {
    this.rows = `${schema}."rows"`
  }

  static async create(database: Database, sourceId: string): Promise<Loader> {
    const loader = new Loader(await database.connect(), `${catalogName}.${quoteName(sourceId)}`)
    await loader.connection.run(`CREATE SCHEMA ${loader.schema}`)
    await loader.createTable()
    return loader
  }

  /** A column of `columns` that is known already is widened to its new storage. */
  async load(parts: readonly LoadPart[], columns: readonly ColumnChange[], options: { merged: boolean; before?: readonly string[] }): Promise<void> {
    await this.connection.run('BEGIN')
    try {
      for (const statement of options.before ?? []) await this.connection.run(statement)
      for (const column of columns) await this.prepareColumn(column)
      for (const part of parts) await this.connection.run(this.insert(part, options.merged))
      await this.connection.run('COMMIT')
    } catch (error) {
      await this.connection.run('ROLLBACK')
      throw error
    }
    for (const { index, storage } of columns) this.storages[index] = storage
  }

  async run(statement: string): Promise<void> {
    await this.connection.run(statement)
  }

  async removeFiles(parts: readonly LoadPart[]): Promise<void> {
    await Promise.all(parts.map((part) => rm(part.path, { force: true })))
  }

  /** Forgets every row and column. */
  async clear(): Promise<void> {
    await this.connection.run(`DROP TABLE ${this.rows}`)
    this.storages.length = 0
    await this.createTable()
  }

  async close(): Promise<void> {
    await this.connection.run(`DROP SCHEMA ${this.schema} CASCADE`)
    this.connection.closeSync()
  }

  interrupt(): void {
    this.connection.interrupt()
  }

  private async createTable(): Promise<void> {
    await this.connection.run(
      `CREATE TABLE ${this.rows} (line BIGINT, file INTEGER, byte BIGINT, size INTEGER, file_line BIGINT, shape INTEGER, kind UTINYINT, is_message BOOLEAN, is_record BOOLEAN, record_id VARCHAR, messages INTEGER, first_line BIGINT)`
    )
  }

  private async prepareColumn({ index, storage }: ColumnChange): Promise<void> {
    const known = this.storages[index]
    const type = sqlType(storage)
    if (known === undefined) await this.connection.run(`ALTER TABLE ${this.rows} ADD COLUMN c${index} ${type}`)
    else if (known !== storage) await this.connection.run(`ALTER TABLE ${this.rows} ALTER c${index} TYPE ${type} USING ${widened(`c${index}`, known, storage)}`)
  }

  private insert(part: LoadPart, merged: boolean): string {
    const isMessage = String(!merged)
    const values = part.values.map(({ expression }) => expression)
    // Small pieces, so that both threads have something to read; a piece has to hold the longest line.
    const pieceBytes = Math.max(1 << 20, part.longestBytes + 1024)
    return `INSERT INTO ${this.rows} (line, file, byte, size, file_line, shape, kind, is_message, is_record, record_id, messages, first_line${part.values.map(({ column }) => `, c${column}`).join('')})
      SELECT n, f, o, z, l, s, k, ${isMessage}, q IS NOT NULL, ${part.id}, coalesce(g, 1), coalesce(t, n)${values.map((value) => `, ${value}`).join('')}
      FROM read_json(${quoteText(part.path)}, format = 'newline_delimited', compression = 'uncompressed', maximum_object_size = ${pieceBytes}, columns = ${part.columns})`
  }
}

function sqlType(storage: Storage): string {
  return storage === 'JSON' ? 'VARCHAR' : storage
}

/** Exact: BIGINT becomes DOUBLE only while it holds no integer beyond 2^53 (see storageOf). */
function widened(column: string, from: Storage, to: Storage): string {
  if (to !== 'JSON') return `${column}::${to}`
  if (from !== 'DOUBLE') return `to_json(${column})::VARCHAR`
  return `CASE WHEN isnan(${column}) THEN 'NaN' WHEN isinf(${column}) THEN if(${column} > 0, 'Infinity', '-Infinity') ELSE to_json(${column})::VARCHAR END`
}
