/** Cells of a few tasks: what is shown of values, read when a picture needs it. */
import type { Cell } from '#contract/values'
import { columnsOf } from '../query/linkSql.ts'
import { cellReader } from '../table/cells.ts'
import type { NamedColumn, SourceTable, SqlResult } from '../table/sourceTable.ts'
import { numberIn } from '../overview/taskColumns.ts'

const cellLength = 256
/** Columns in one query. */
const columnsAtOnce = 200

/** `[line][column]` of each cell asked for. Lines that are gone meanwhile and fields that are none are null. */
export async function cellsOf(table: SourceTable, wanted: readonly { readonly line: number; readonly column: string }[], signal: AbortSignal): Promise<(line: number, column: string) => Cell> {
  const found = new Map<string, Cell>()
  const columns = [...new Set(wanted.map(({ column }) => column))].flatMap((name) => table.column('tasks', name) ?? [])
  const lines = [...new Set(wanted.map(({ line }) => line))]
  await readCells(table, columns, lines, signal, (line, column, cell) => found.set(`${line} ${column}`, cell))
  return (line, column) => found.get(`${line} ${column}`) ?? null
}

/** The fields of `used` and `generated` that a task has a value in. */
export async function valuesOfTask(table: SourceTable, line: number, signal: AbortSignal): Promise<string[]> {
  const names: string[] = []
  await readCells(table, columnsOf(table, ['used', 'generated']), [line], signal, (_, column, cell) => cell !== null && names.push(column))
  return names
}

async function readCells(table: SourceTable, columns: readonly NamedColumn[], lines: readonly number[], signal: AbortSignal, take: (line: number, column: string, cell: Cell) => void): Promise<void> {
  for (let at = 0; lines.length > 0 && at < columns.length; at += columnsAtOnce) {
    const readers = columns.slice(at, at + columnsAtOnce).map((column) => ({ name: column.name, ...cellReader(column, cellLength) }))
    const rows = await table.query({ text: `SELECT ${['r.line', ...readers.flatMap(({ sql }) => sql)].join(', ')} FROM ${table.rows} r WHERE r.line IN (${lines.join(', ')})`, values: [] }, signal)
    for (const row of rows) readRow(row, readers, take)
  }
}

function readRow(row: SqlResult, readers: readonly ({ name: string } & ReturnType<typeof cellReader>)[], take: (line: number, column: string, cell: Cell) => void): void {
  let at = 1
  for (const { name, read, sql } of readers) {
    take(numberIn(row[0]) ?? -1, name, read(row, at))
    at += sql.length
  }
}
