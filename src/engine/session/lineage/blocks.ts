/** Long columns out of DuckDB without a JavaScript object a row: each block of rows comes as one JSON list a column. */
import type { SourceTable, Sql, SqlResult } from '../table/sourceTable.ts'

type Take = (block: readonly (readonly unknown[])[], length: number) => void

/** Lines looked at at once. */
const pageLines = 65_536

/**
 * Hands over these expressions on all tasks `r`, page by page in no order within a page. Values are what JSON makes of them: numbers up to
 * 2^53 are exact, null stays null.
 */
export async function eachPageOfTasks(table: SourceTable, columns: readonly string[], signal: AbortSignal, take: Take): Promise<void> {
  const tasks = `FROM ${table.rows} r WHERE ${table.recordsPredicate('tasks')}`
  const [bounds] = await table.query({ text: `SELECT min(r.line), max(r.line) ${tasks}`, values: [] }, signal)
  if (bounds?.[0] === null || bounds?.[0] === undefined) return
  for (let line = Number(bounds[0]), last = Number(bounds[1]); line <= last; line += pageLines) {
    // Tells DuckDB which stretches of the table to pass over.
    const page = `${tasks} AND r.line >= ${line} AND r.line < ${line + pageLines}`
    for (const row of await table.query({ text: `SELECT count(*), ${listsOf(columns)} ${page}`, values: [] }, signal)) hand(row, take)
  }
}

/** The same of `rows`, a query with these columns, in blocks of equal `block`, an expression on them. */
export async function eachBlock(table: SourceTable, { block, columns, rows }: { rows: Sql; columns: readonly string[]; block: string }, signal: AbortSignal, take: Take): Promise<void> {
  const found = await table.query({ text: `SELECT count(*), ${listsOf(columns)} FROM (${rows.text}) GROUP BY ${block}`, values: rows.values }, signal)
  for (const row of found) hand(row, take)
}

/** Lists of one group are filled row by row together, so that the same place in each of them is the same row. */
function listsOf(columns: readonly string[]): string {
  return columns.map((column) => `CAST(to_json(list(${column})) AS VARCHAR)`).join(', ')
}

function hand(row: SqlResult, take: Take): void {
  if (Number(row[0]) > 0) take(row.slice(1).map((text) => JSON.parse(String(text)) as unknown[]), Number(row[0]))
}

/** Numbers that become one typed array in the end; grows as it needs. */
export class Int32List {
  private values = new Int32Array(1024)
  length = 0

  push(value: number): void {
    if (this.length === this.values.length) {
      const wider = new Int32Array(this.length * 2)
      wider.set(this.values)
      this.values = wider
    }
    this.values[this.length++] = value
  }

  toArray(): Int32Array {
    return this.values.slice(0, this.length)
  }
}

/** Texts as small numbers in the order in which they come; null is −1. */
export class Interned {
  readonly texts: string[] = []
  private readonly numbers = new Map<string, number>()

  of(text: string | null): number {
    if (text === null) return -1
    const known = this.numbers.get(text)
    if (known !== undefined) return known
    this.numbers.set(text, this.texts.length)
    return this.texts.push(text) - 1
  }
}
