/** Runs a statement once into a table of its own, of which any page can be read in any order. */
import { readFile, rm, statfs } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { Refusal } from '#contract/reply'
import type { SqlResultColumn, SqlTable } from '#contract/sql'
import { quoteText } from '../table/fieldTree.ts'
import { columnsOfPlan } from './planStatement.ts'
import { readScanned, type Scanned } from './scanned.ts'
import { isNarrowed, type StatementOf, withStatement } from './statementSession.ts'
import { isRecords } from './sqlTables.ts'

/** `table` has the columns `i` (the place of the row, from 0) and `v0`, `v1`, … */
export type Ran = { readonly table: string; readonly columns: readonly SqlResultColumn[]; readonly total: number; readonly elapsedMs: number; readonly scanned: Scanned }

/** More rows than this are an accident, and would fill the disk. */
export const mostRows = 50_000_000
/** What is left free on the disk of temporary files. */
const leastFreeBytes = 512e6
const lookEveryMs = 250

let named = 0

/** @param rowsOf how many rows a table of the source has */
export async function runStatement(of: StatementOf, rowsOf: (table: SqlTable) => Promise<number>, signal: AbortSignal): Promise<Ran> {
  const began = performance.now()
  const room = new AbortController()
  const either = AbortSignal.any([signal, room.signal])
  const watching = watchRoom(of.database.folder, room)
  const name = of.table.rows.replace(/("(?:[^"]|"")*"|[^".]+)$/, `"sql_result_${++named}"`)
  try {
    return await withStatement(of, either, async (connection, plan) => {
      const columns = await columnsOfPlan(connection, plan)
      const profile = join(of.database.folder, `profile-${randomUUID()}.json`)
      await connection.run(`SET enable_profiling = 'json'; SET profiling_output = ${quoteText(profile)}`)
      const prefix = `CREATE TABLE ${name} AS SELECT (row_number() OVER ()) - 1 AS i, q.* FROM (`
      try {
        await connection.run(`${prefix}${plan.sql}) AS q(${columns.map((_, at) => `v${at}`).join(', ')}) LIMIT ${mostRows + 1}`)
        const elapsedMs = performance.now() - began
        await connection.run('SET enable_profiling = NULL').catch(() => connection.run('PRAGMA disable_profiling'))
        const total = await countOf(connection, name)
        if (total > mostRows) {
          await connection.run(`DROP TABLE ${name}`)
          throw new Refusal('bad-request', `This gives more than ${mostRows.toLocaleString('en-US')} rows: put a LIMIT at its end.`)
        }
        const [only, second] = plan.tables
        const scanned = only === undefined || second !== undefined ? null : await readScanned(await readFile(profile, 'utf8'), of.table.rows, only, await rowsOf(only), isRecords(only) && isNarrowed(only, of.scope))
        return { table: name, columns, total, elapsedMs, scanned }
      } catch (error) {
        throw plan.refusalOf(error, prefix)
      } finally {
        await rm(profile, { force: true })
      }
    })
  } catch (error) {
    if (room.signal.aborted && !signal.aborted) throw new Refusal('unavailable', 'The disk of temporary files is nearly full: this was stopped, and what it had made is gone. Put a LIMIT at its end, or aggregate.')
    throw error
  } finally {
    clearInterval(watching)
  }
}

async function countOf(connection: DuckDBConnection, table: string): Promise<number> {
  const reader = await connection.runAndReadAll(`SELECT count(*) FROM ${table}`)
  return Number(reader.getRows()[0]?.[0] ?? 0)
}

function watchRoom(folder: string, room: AbortController): NodeJS.Timeout {
  const timer = setInterval(() => {
    statfs(folder).then(
      ({ bavail, bsize }) => bavail * bsize < leastFreeBytes && room.abort(),
      // Where the system cannot tell, it says so when the disk is full.
      () => clearInterval(timer)
    )
  }, lookEveryMs)
  return timer
}
