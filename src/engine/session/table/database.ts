/** The session's DuckDB: a file in a private folder that goes when the session does, one loading connection a source, a few for queries. */
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { BIGINT, BOOLEAN, DOUBLE, DuckDBDecimalValue, DuckDBInstance, HUGEINT, SQLNULL, VARCHAR, type DuckDBConnection, type DuckDBResult, type DuckDBType, type DuckDBValue, type DuckDBVector } from '@duckdb/node-api'
import { Refusal } from '#contract/reply'
import { quoteText } from './fieldTree.ts'
import type { ColumnValues, Sql, SqlResult, SqlValue } from './sourceTable.ts'

export type DatabaseOptions = {
  /** Where the private folder is made; the system's folder for temporary files by default. */
  readonly folder?: string | undefined
  readonly memoryBytes?: number | undefined
}

/** Name under which the database file is attached. */
export const catalogName = 'store'
const mostQueries = 3

export class Database {
  private readonly idle: DuckDBConnection[] = []
  private readonly waiting: ((connection: DuckDBConnection) => void)[] = []
  private open = 0
  private closed = false

  private constructor(
    private readonly instance: DuckDBInstance,
    /** Private to this process; for segment files and spools too. */
    readonly folder: string
  ) {}

  static async create({ folder, memoryBytes = 800e6 }: DatabaseOptions = {}): Promise<Database> {
    const own = await mkdtemp(join(folder ?? tmpdir(), 'provscope-'))
    const instance = await DuckDBInstance.create(':memory:', {
      memory_limit: `${Math.round(memoryBytes / 1e6)}MB`,
      threads: String(Math.max(2, availableParallelism())),
      temp_directory: join(own, 'spill'),
      checkpoint_threshold: '1GB',
      // Rows carry their number; without an order to keep, both threads write.
      preserve_insertion_order: 'false',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false'
    })
    const connection = await instance.connect()
    // The file is as short-lived as the process: no log is needed to recover it. Small blocks: what is being loaded takes at least one
    // for each column, and DuckDB's own of 256 KB use up the memory with a thousand columns.
    await connection.run(`ATTACH ${quoteText(join(own, 'rows.duckdb'))} AS ${catalogName} (RECOVERY_MODE 'NO_WAL_WRITES', BLOCK_SIZE 16384)`)
    connection.closeSync()
    return new Database(instance, own)
  }

  async connect(): Promise<DuckDBConnection> {
    return await this.instance.connect()
  }

  /** A result to be fetched piece by piece, on a connection of its own. */
  async stream(statement: string): Promise<{ result: DuckDBResult; close(): void }> {
    const connection = await this.instance.connect()
    const result = await connection.stream(statement)
    return { result, close: () => connection.closeSync() }
  }

  /** Rows of plain values. An aborted signal interrupts the query. */
  async query(sql: Sql, signal?: AbortSignal, onShare?: (share: number) => void): Promise<SqlResult[]> {
    return await this.within(signal, async (connection) => {
      const watch = onShare === undefined ? null : await watchShare(connection, onShare)
      try {
        const reader = await connection.runAndReadAll(sql.text, [...sql.values] as DuckDBValue[], sql.values.map(parameterType))
        return reader.getRows().map((row) => row.map(plain))
      } finally {
        clearInterval(watch ?? undefined)
      }
    })
  }

  /** As SourceTable says. Chunk by chunk, so that neither this thread nor DuckDB's memory is taken up by all rows at once. */
  async queryColumns(sql: Sql, signal?: AbortSignal): Promise<ColumnValues[]> {
    return await this.within(signal, async (connection) => {
      const result = await connection.stream(sql.text, [...sql.values] as DuckDBValue[], sql.values.map(parameterType))
      const columns = Array.from({ length: result.columnCount }, (_, at) => (result.columnTypeId(at) === VARCHAR.typeId ? new TextColumn() : new NumberColumn()))
      for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
        for (const [at, column] of columns.entries()) column.take(chunk.getColumnVector(at), chunk.rowCount)
      }
      return columns.map((column) => column.values())
    })
  }

  async close(): Promise<void> {
    this.closed = true
    for (const connection of this.idle.splice(0)) connection.closeSync()
    this.instance.closeSync()
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 })
  }

  private async within<T>(signal: AbortSignal | undefined, use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    if (signal?.aborted) throw cancelled()
    const connection = await this.take()
    const interrupt = (): void => connection.interrupt()
    try {
      if (signal?.aborted) throw cancelled()
      signal?.addEventListener('abort', interrupt)
      return await use(connection)
    } catch (error) {
      if (signal?.aborted) throw cancelled()
      throw error
    } finally {
      signal?.removeEventListener('abort', interrupt)
      this.give(connection)
    }
  }

  private async take(): Promise<DuckDBConnection> {
    const idle = this.idle.pop()
    if (idle) return idle
    if (this.open < mostQueries) {
      this.open++
      return await this.instance.connect()
    }
    return await new Promise((resolve) => this.waiting.push(resolve))
  }

  private give(connection: DuckDBConnection): void {
    const next = this.waiting.shift()
    if (next) next(connection)
    else if (this.closed) connection.closeSync()
    else this.idle.push(connection)
  }
}

/** DuckDB counts only where it would show a progress bar. */
async function watchShare(connection: DuckDBConnection, onShare: (share: number) => void): Promise<NodeJS.Timeout> {
  await connection.run('SET enable_progress_bar = true')
  await connection.run('SET enable_progress_bar_print = false')
  return setInterval(() => {
    const { percentage } = connection.progress
    if (percentage > 0) onShare(Math.min(1, percentage / 100))
  }, 200)
}

function cancelled(): Refusal {
  return new Refusal('cancelled', 'The query was cancelled.')
}

/** How a `?` is bound. */
export function parameterType(value: SqlValue): DuckDBType {
  if (value === null) return SQLNULL
  if (typeof value === 'boolean') return BOOLEAN
  if (typeof value === 'number') return DOUBLE
  if (typeof value === 'bigint') return value >= -(2n ** 63n) && value < 2n ** 63n ? BIGINT : HUGEINT
  return VARCHAR
}

function plain(value: DuckDBValue): SqlResult[number] {
  if (value === null || typeof value !== 'object') return value
  if (value instanceof DuckDBDecimalValue) return value.toDouble()
  return String(value)
}

class NumberColumn {
  private numbers = new Float64Array(2048)
  private count = 0

  take(vector: DuckDBVector, rows: number): void {
    if (this.count + rows > this.numbers.length) {
      const wider = new Float64Array(Math.max(this.numbers.length * 2, this.count + rows))
      wider.set(this.numbers)
      this.numbers = wider
    }
    for (let row = 0; row < rows; row++) {
      const value = vector.getItem(row)
      this.numbers[this.count++] = value === null ? NaN : Number(value)
    }
  }

  values(): Float64Array {
    return this.numbers.slice(0, this.count)
  }
}

class TextColumn {
  private readonly texts: (string | null)[] = []

  take(vector: DuckDBVector, rows: number): void {
    for (let row = 0; row < rows; row++) this.texts.push(vector.getItem(row) as string | null)
  }

  values(): readonly (string | null)[] {
    return this.texts
  }
}
