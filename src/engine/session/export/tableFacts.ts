/** What two tables are compared by, where DuckDB reads both: rows, empty cells and a fingerprint of the values of each column, in their order. */
import type { ExportCheck } from '#contract/exports'
import type { OutTable } from './outTable.ts'

/** `sql` over the rows, `place` counting them from 0. */
export type FactsCell = { readonly sql: string; readonly isFloat: boolean }
export type FactsOf = { readonly from: string; readonly place: string; readonly cells: readonly FactsCell[] }
export type TableFacts = { readonly rows: number; readonly filled: readonly number[]; readonly prints: readonly bigint[] }

const cellsAtOnce = 100

export async function factsOf(query: OutTable['query'], { cells, from, place }: FactsOf, { onShare, signal }: { signal: AbortSignal; onShare?: (share: number) => void }): Promise<TableFacts> {
  let rows = 0
  const filled: number[] = []
  const prints: bigint[] = []
  for (let at = 0; at === 0 || at < cells.length; at += cellsAtOnce) {
    const batch = cells.slice(at, at + cellsAtOnce)
    // −0 and 0 have one hash, but are two values.
    const facts = batch.map(({ isFloat, sql }) => `count(${sql}), coalesce(bit_xor(hash(${place}, ${sql}${isFloat ? `, signbit(${sql})` : ''})), 0)`)
    const [row = []] = await query({ text: `SELECT ${['count(*)', ...facts].join(', ')} ${from}`, values: [] }, signal, onShare && ((share) => onShare((at + share * batch.length) / Math.max(1, cells.length))))
    rows = Number(row[0])
    for (let index = 0; index < batch.length; index++) {
      filled.push(Number(row[1 + 2 * index]))
      prints.push(BigInt(row[2 + 2 * index] as bigint))
    }
  }
  return { rows, filled, prints }
}

export function compareFacts(names: readonly string[], expected: TableFacts, found: TableFacts): ExportCheck[] {
  const empty = ({ filled, rows }: TableFacts): number => filled.reduce((sum, count) => sum + rows - count, 0)
  const emptier = names.filter((_, at) => expected.filled[at] !== found.filled[at])
  const others = names.filter((_, at) => expected.prints[at] !== found.prints[at])
  return [
    check('rows', number(expected.rows), number(found.rows)),
    check('empty cells', number(empty(expected)), number(empty(found)) + named(emptier), emptier.length === 0),
    check('values', printOf(expected), others.length === 0 ? printOf(found) : `others${named(others)}`, others.length === 0)
  ]
}

/** Names and types of the columns, in order. */
export function checkColumns(expected: readonly string[], found: readonly string[]): ExportCheck {
  const at = Math.max(expected.findIndex((column, index) => column !== found[index]), found.length === expected.length ? -1 : Math.min(expected.length, found.length))
  if (at < 0) return check('columns', number(expected.length), number(found.length))
  return check('columns', expected[at] ?? 'no more', found[at] ?? 'no more', false)
}

export function check(what: string, expected: string, found: string, ok = expected === found): ExportCheck {
  return { what, expected, found, ok }
}

export const number = (value: number): string => value.toLocaleString('en')

function named(columns: readonly string[]): string {
  if (columns.length === 0) return ''
  return ` in ${columns.slice(0, 3).join(', ')}${columns.length > 3 ? ` and ${number(columns.length - 3)} more` : ''}`
}

/** Of all columns; each value counts with its row, each column with its place. */
function printOf({ prints }: TableFacts): string {
  let print = 0n
  for (const [at, one] of prints.entries()) print = BigInt.asUintN(64, (print ^ one) * 0x100000001b3n + BigInt(at))
  return print.toString(16).padStart(16, '0')
}
