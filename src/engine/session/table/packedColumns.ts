/** Answers of many rows as columns: some thousand rows go together as one JSON text, which is many times faster than a value at a time. */
import type { SourceTable, Sql } from './sourceTable.ts'

const rowsTogether = 4096
export type Packed<T extends string> = Readonly<Record<T, readonly unknown[]>>

/**
 * All rows of `from` (what follows FROM, WITH clauses in `before`), in the order of the unique, whole number `line`; of each column one list.
 * All of one query, so of one moment. Numbers must be finite.
 */
export async function queryPacked<T extends string>(
  table: SourceTable,
  { before = '', columns, from, line, values }: { before?: string; columns: Readonly<Record<T, string>>; from: string; line: string; values: Sql['values'] },
  signal: AbortSignal
): Promise<Packed<T>> {
  const names = Object.keys(columns) as T[]
  const fields = names.map((name) => `${columns[name]} AS "${name}"`)
  const lists = names.map((name) => `to_json(list("${name}" ORDER BY line))::VARCHAR`)
  const rows = await table.query(
    {
      text: `WITH ${before === '' ? '' : `${before},`} packed AS (SELECT ${line} AS line, ${fields.join(', ')} FROM ${from})
        SELECT line // ${rowsTogether} AS block, ${lists.join(', ')} FROM packed GROUP BY block ORDER BY block`,
      values
    },
    signal
  )
  const packed = names.map((name, at): [T, readonly unknown[]] => [name, joined(rows.map((row) => JSON.parse(String(row[at + 1])) as unknown[]))])
  return Object.fromEntries(packed) as Packed<T>
}

function joined(parts: readonly unknown[][]): unknown[] {
  const all: unknown[] = []
  for (const part of parts) for (const value of part) all.push(value)
  return all
}

/** Null as NaN. */
export function numbersOf(values: readonly unknown[]): Float64Array {
  const numbers = new Float64Array(values.length)
  for (let at = 0; at < values.length; at++) numbers[at] = (values[at] as number | null) ?? NaN
  return numbers
}
