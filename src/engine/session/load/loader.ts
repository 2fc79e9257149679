/** Takes the reader's batches into the table `rows` of one source: new columns, wider columns, rows, all in one transaction. */
import { rm } from 'node:fs/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import { catalogName, type Database } from '../table/database.ts'
import { quoteName, quoteText } from '../table/fieldTree.ts'
import type { LoadPart } from './loadPlan.ts'
import { mostPhysicalColumns } from './shapes.ts'
import type { Storage } from '../table/sourceTable.ts'

export type ColumnChange = { readonly index: number; readonly storage: Storage }

export class Loader {
  readonly rows: string
  /** Table of the records that are being merged. */
  readonly merging: string
  private readonly storages: (Storage | undefined)[] = []
  private rowCount = 0

  private constructor(
    private readonly connection: DuckDBConnection,
    private readonly schema: string
  ) {
    this.rows = `${schema}."rows"`
    this.merging = `${schema}."merging"`
  }

  static async create(database: Database, sourceId: string): Promise<Loader> {
    const loader = new Loader(await database.connect(), `${catalogName}.${quoteName(sourceId)}`)
    await loader.connection.run(`CREATE SCHEMA ${loader.schema}`)
    await loader.createTable()
    return loader
  }

  /** Runs all that `work` does in one transaction: queries see all of it or nothing. */
  async transaction(work: () => Promise<void>): Promise<void> {
    await this.connection.run('BEGIN')
    const before = [...this.storages]
    try {
      await work()
      await this.connection.run('COMMIT')
    } catch (error) {
      this.storages.splice(0, this.storages.length, ...before)
      // A statement or the commit itself may have ended the transaction already.
      await this.connection.run('ROLLBACK').catch(() => undefined)
      throw error
    }
  }

  /** Within a transaction. A column of `columns` that is known already is widened to its new storage. */
  async load(parts: readonly LoadPart[], columns: readonly ColumnChange[], merged: boolean): Promise<void> {
    await this.prepareColumns(columns.filter(({ index }) => index < mostPhysicalColumns))
    for (const part of parts) {
      await this.connection.run(this.insert(part, merged))
      this.rowCount += part.rows
    }
  }

  async run(statement: string): Promise<void> {
    await this.connection.run(statement)
  }

  /**
   * Compresses and writes out what has been loaded. Without a log nothing else makes DuckDB do so, and uncompressed rows soon fill its
   * memory. Does nothing while another source is being written: the next time will do.
   */
  async checkpoint(): Promise<void> {
    try {
      await this.connection.run(`CHECKPOINT ${catalogName}`)
    } catch (error) {
      if (!(error instanceof Error) || !/Cannot CHECKPOINT/i.test(error.message)) throw error
    }
  }

  /** Whether DuckDB can read this part as it is; throws what it says if not. */
  async tryPart(part: LoadPart): Promise<void> {
    const values = [part.id, ...part.values.map(({ expression }) => expression)]
    await this.connection.run(`SELECT ${values.map((value) => `count(${value})`).join(', ')} FROM ${from(part)}`)
  }

  async removeFiles(parts: readonly LoadPart[]): Promise<void> {
    await Promise.all(parts.map((part) => rm(part.path, { force: true })))
  }

  async close(): Promise<void> {
    await this.connection.run(`DROP SCHEMA ${this.schema} CASCADE`)
    this.connection.closeSync()
  }

  interrupt(): void {
    this.connection.interrupt()
  }

  private async createTable(columns: readonly string[] = []): Promise<void> {
    const all = [...fixedColumns, ...columns]
    await this.connection.run(`CREATE TABLE ${this.rows} (${all.join(', ')})`)
  }

  private async prepareColumns(columns: readonly ColumnChange[]): Promise<void> {
    const added = columns.filter(({ index }) => this.storages[index] === undefined)
    if (added.length * this.storages.length > 2000 && this.rowCount * this.storages.length < 2_000_000) await this.rebuild(added)
    else for (const { index, storage } of added) await this.connection.run(`ALTER TABLE ${this.rows} ADD COLUMN c${index} ${sqlType(storage)}`)
    for (const { index, storage } of added) this.storages[index] = storage
    for (const { index, storage } of columns) {
      const known = this.storages[index] as Storage
      if (known === storage) continue
      await this.connection.run(`ALTER TABLE ${this.rows} ALTER c${index} TYPE ${sqlType(storage)} USING ${widened(`c${index}`, known, storage)}`)
      this.storages[index] = storage
    }
  }

  /** Adding a column takes DuckDB the longer the more there are: with few rows and many columns a new table is sooner made. */
  private async rebuild(added: readonly ColumnChange[]): Promise<void> {
    const known = this.storages.flatMap((storage, index) => (storage === undefined ? [] : [{ index, storage }]))
    const names = [...fixedColumns.map((column) => column.split(' ')[0]), ...known.map(({ index }) => `c${index}`)].join(', ')
    await this.connection.run(`ALTER TABLE ${this.rows} RENAME TO former`)
    await this.createTable([...known, ...added].map(({ index, storage }) => `c${index} ${sqlType(storage)}`))
    await this.connection.run(`INSERT INTO ${this.rows} (${names}) SELECT ${names} FROM ${this.schema}.former`)
    await this.connection.run(`DROP TABLE ${this.schema}.former`)
  }

  private insert(part: LoadPart, merged: boolean): string {
    const isMessage = String(!merged)
    const values = part.values.map(({ expression }) => expression)
    return `INSERT INTO ${this.rows} (line, file, byte, size, file_line, shape, kind, is_message, is_record, record_id, messages, first_line${part.values.map(({ column }) => `, ${column}`).join('')})
      SELECT n, f, o, z, l, s, k, ${isMessage}, q IS NOT NULL, ${part.id}, coalesce(g, 1), coalesce(t, n)${values.map((value) => `, ${value}`).join('')}
      FROM ${from(part)}`
  }
}

function from(part: LoadPart): string {
  // Small pieces, so that both threads have something to read; a piece has to hold the longest line.
  const pieceBytes = Math.max(1 << 20, part.longestBytes + 1024)
  return `read_json(${quoteText(part.path)}, format = 'newline_delimited', compression = 'uncompressed', maximum_object_size = ${pieceBytes}, columns = ${part.columns})`
}

const fixedColumns = [
  'line BIGINT',
  'file INTEGER',
  'byte BIGINT',
  'size INTEGER',
  'file_line BIGINT',
  'shape INTEGER',
  'kind UTINYINT',
  'is_message BOOLEAN',
  'is_record BOOLEAN',
  'record_id VARCHAR',
  'messages INTEGER',
  'first_line BIGINT',
  'more MAP(VARCHAR, VARCHAR)'
]

function sqlType(storage: Storage): string {
  return storage === 'JSON' ? 'VARCHAR' : storage
}

/** Exact: BIGINT becomes DOUBLE only while it holds no integer beyond 2^53 (see storageOf). */
export function widened(column: string, from: Storage, to: Storage): string {
  if (to !== 'JSON') return `${column}::${to}`
  if (from !== 'DOUBLE') return `to_json(${column})::VARCHAR`
  return `CASE WHEN isnan(${column}) THEN 'NaN' WHEN isinf(${column}) THEN if(${column} > 0, 'Infinity', '-Infinity') ELSE to_json(${column})::VARCHAR END`
}
