/** DuckDB alone: `csv|parquet FROM.parquet TO`. What it copies is a table already; prints seconds, bytes and peak memory as JSON. */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { measured } from './peakMemory.ts'

const [format = '', from = '', to = ''] = process.argv.slice(2)
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`
const folder = mkdtempSync(join(tmpdir(), 'provscope-bench-'))
try {
  // As much memory as Provscope gives its own.
  const instance = await DuckDBInstance.create(join(folder, 'peer.duckdb'), { memory_limit: '540MB', threads: '2', temp_directory: join(folder, 'spill') })
  const connection = await instance.connect()
  await connection.run(`CREATE TABLE t AS SELECT * FROM read_parquet(${quoted(from)})`)
  const options = format === 'csv' ? '(FORMAT csv, HEADER)' : '(FORMAT parquet, COMPRESSION zstd)'
  const figures = await measured(async () => {
    await connection.run(`COPY t TO ${quoted(to)} ${options}`)
    return statSync(to).size
  })
  process.stdout.write(`${JSON.stringify(figures)}\n`)
} finally {
  rmSync(folder, { recursive: true, force: true })
  rmSync(to, { force: true })
}
