/** A connection of its own for one statement: views of the source's tables that are gone with it, and nothing else to be seen. */
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api'
import { Refusal } from '#contract/reply'
import type { Gap } from '#contract/live'
import type { SqlTable } from '#contract/sql'
import type { Records, Scope } from '#contract/values'
import { everything, rowsIn } from '../table/rowsIn.ts'
import { type Database, parameterType } from '../table/database.ts'
import { quoteName } from '../table/fieldTree.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { columnsOf, gapsFrom, isRecords, viewPlace, viewSql } from './sqlTables.ts'
import { type Plan, planStatement } from './planStatement.ts'

export type StatementOf = {
  readonly database: Database
  readonly table: SourceTable
  readonly text: string
  readonly scope: Scope
  readonly gaps: () => readonly Omit<Gap, 'openTasks'>[]
}

/** Hands over the connection, and the plan, once the views that the plan reads stand. An aborted signal interrupts whatever runs. */
export async function withStatement<T>({ database, gaps, scope, table, text }: StatementOf, signal: AbortSignal, use: (connection: DuckDBConnection, plan: Plan) => Promise<T>): Promise<T> {
  if (signal.aborted) throw cancelled()
  const connection = await database.connect()
  const interrupt = (): void => connection.interrupt()
  signal.addEventListener('abort', interrupt)
  try {
    await connection.run('SET errors_as_json = true')
    const columns = await columnsOf(table)
    const plan = await planStatement(connection, text, columns)
    for (const name of plan.tables) {
      const within = isRecords(name) ? await rowsOf(connection, table, name, scope) : gapsFrom(gaps())
      await connection.run(viewSql(name, columns[name], within))
    }
    return await use(connection, plan)
  } catch (error) {
    if (signal.aborted) throw cancelled()
    throw error
  } finally {
    signal.removeEventListener('abort', interrupt)
    connection.closeSync()
  }
}

export const isNarrowed = (records: SqlTable, scope: Scope): boolean => (records === 'tasks' || records === 'messages') && JSON.stringify(scope) !== JSON.stringify(everything)

/** A view has no parameters: the rows that a filter leaves are noted down first. */
async function rowsOf(connection: DuckDBConnection, table: SourceTable, records: Records, scope: Scope): Promise<string> {
  if (!isNarrowed(records, scope)) return rowsIn(table, records, everything).text
  const lines = `lines of ${records}`
  const rows = rowsIn(table, records, scope)
  await connection.run(`CREATE TEMP TABLE ${quoteName(lines)} AS SELECT r.line ${rows.text}`, [...rows.values] as DuckDBValue[], rows.values.map(parameterType))
  return `FROM ${table.rows} r WHERE r.line IN (SELECT line FROM ${viewPlace.catalog}.${viewPlace.schema}.${quoteName(lines)})`
}

function cancelled(): Refusal {
  return new Refusal('cancelled', 'The query was cancelled.')
}
