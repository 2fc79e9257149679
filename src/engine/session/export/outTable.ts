/** A table that is to leave: its columns as SQL, and its rows in an order that stays, whatever comes to the source meanwhile. */
import type { Column } from '#contract/tables'
import { Refusal } from '#contract/reply'
import type { Records, Scope, Sort } from '#contract/values'
import { withRowOrder, type RowOrder } from '../query/rowOrder.ts'
import { countRows, everything } from '../table/rowsIn.ts'
import type { NamedColumn, SourceTable, Sql, SqlResult, Storage } from '../table/sourceTable.ts'

/** As in tables; TIMESTAMP is DuckDB's, without a zone, and only of queries. */
export type OutStorage = Storage | 'TIMESTAMP'

export type OutColumn = {
  readonly name: string
  readonly type: Column['type']
  readonly unit: string | null
  readonly derived: boolean
  readonly storage: OutStorage
  /** Expression over what `OutTable.rows` says, of the type `storage` says. */
  readonly sql: string
  /** Some record of this kind has no value, not just of those that leave: pandas' integers become floats then. */
  readonly hasGaps: boolean
}

export type Range = { readonly from: number; readonly to: number }
/** `isTogether`: they lie together, so that a stretch costs no more than its rows. */
export type RowsFrom = { readonly from: string; readonly isTogether: boolean }

export type OutTable = {
  readonly columns: readonly OutColumn[]
  readonly total: number
  /** `FROM …` of these rows, or of all; `o.i` counts them from 0. */
  rows(range: Range | null, signal: AbortSignal): Promise<RowsFrom>
  query(sql: Sql, signal?: AbortSignal, onShare?: (share: number) => void): Promise<SqlResult[]>
}

export type OutView = { readonly records: Records; readonly scope: Scope; readonly sort: Sort; readonly columns: readonly string[] }

/** Hands the table to `use`; its order is kept for so long. No columns stands for all that this kind of record has. */
export async function withOutTable<T>(table: SourceTable, view: OutView, signal: AbortSignal, use: (out: OutTable, order: RowOrder) => Promise<T>): Promise<T> {
  const columns = await outColumns(table, view, signal)
  return await withRowOrder(table, view, signal, async (order) => await use({ columns, total: order.total, rows: (range) => rowsOf(table, order, range, signal), query: (...asked) => table.query(...asked) }, order))
}

/**
 * What the columns are called where no two may be alike: later ones get a number. DuckDB takes names that differ only by case for
 * one (`any case`).
 */
export function uniqueNames(columns: readonly Pick<OutColumn, 'name'>[], alike: 'any case' | 'same case'): string[] {
  const keyOf = (name: string): string => (alike === 'any case' ? name.toLowerCase() : name)
  const used = new Set<string>()
  return columns.map(({ name }) => {
    let free = name
    for (let n = 1; used.has(keyOf(free)); n++) free = `${name}_${n}`
    used.add(keyOf(free))
    return free
  })
}

export type OpenOutTable = { readonly out: OutTable; readonly order: RowOrder; close(): void }

/** As `withOutTable`, for as long as it is not closed. */
export async function openOutTable(table: SourceTable, view: OutView, signal: AbortSignal): Promise<OpenOutTable> {
  let close = (): void => undefined
  const closed = new Promise<void>((resolve) => (close = resolve))
  return await new Promise((resolve, reject) => {
    withOutTable(table, view, signal, async (out, order) => {
      resolve({ out, order, close })
      await closed
    }).catch(reject)
  })
}

/** The same table with other values in the place of some: by column, a table `(value, instead)` in DuckDB. */
export function withReplacements(out: OutTable, replacements: ReadonlyMap<string, { readonly table: string }>): OutTable {
  if (replacements.size === 0) return out
  const joins: string[] = []
  const columns = out.columns.map((column): OutColumn => {
    const place = replacements.get(column.name)?.table
    if (place === undefined) return column
    const alias = `s${joins.length}`
    joins.push(` LEFT JOIN ${place} ${alias} ON ${alias}.value = CAST(${column.sql} AS VARCHAR)`)
    const type = column.storage === 'JSON' ? 'VARCHAR' : column.storage
    return { ...column, hasGaps: true, sql: `(CASE WHEN ${alias}.value IS NULL THEN ${column.sql} ELSE CAST(${alias}.instead AS ${type}) END)` }
  })
  return {
    ...out,
    columns,
    rows: async (range, signal) => {
      const rows = await out.rows(range, signal)
      return { ...rows, from: rows.from + joins.join('') }
    }
  }
}

/** Gaps are looked for in all records of the kind, as pandas has them all in its column. */
export async function outColumns(table: SourceTable, { columns: asked, records }: Pick<OutView, 'records' | 'columns'>, signal: AbortSignal): Promise<OutColumn[]> {
  const names = asked.length > 0 ? asked : table.columns(records).map((column) => column.name)
  const all = await countRows(table, records, everything, signal)
  const columns = names.map((name) => table.column(records, name))
  const integers = columns.flatMap((column) => (column?.storage === 'BIGINT' ? [column] : []))
  const filled = await filledCounts(table, records, integers, signal)
  return names.map((name, at) => {
    const column = columns[at]
    if (!column) return { name, type: 'empty', unit: null, derived: false, storage: 'VARCHAR', sql: 'NULL::VARCHAR', hasGaps: true }
    const { derived, sql, storage, type, unit } = column
    return { name, type, unit, derived, storage, sql, hasGaps: (filled.get(name) ?? all) < all }
  })
}

async function filledCounts(table: SourceTable, records: Records, columns: readonly NamedColumn[], signal: AbortSignal): Promise<Map<string, number>> {
  const filled = new Map<string, number>()
  for (let at = 0; at < columns.length; at += 200) {
    const batch = columns.slice(at, at + 200)
    const [counts] = await table.query({ text: `SELECT ${batch.map((column) => `count(${column.sql})`).join(', ')} FROM ${table.rows} r WHERE ${table.recordsPredicate(records)}`, values: [] }, signal)
    for (const [index, column] of batch.entries()) filled.set(column.name, Number(counts?.[index]))
  }
  return filled
}

/** The name of a further table, in the place of the source's own. */
export function besideRows({ rows }: Pick<SourceTable, 'rows'>, name: string): string {
  return rows.replace(/("(?:[^"]|"")*"|[^".]+)$/, `"${name}"`)
}

async function rowsOf(table: SourceTable, order: RowOrder, range: Range | null, signal: AbortSignal): Promise<RowsFrom> {
  if (range === null) return { from: `FROM ${table.rows} r JOIN ${order.table} o ON r.line = o.line`, isTogether: false }
  const { from, to } = range
  // Outside of these lines nothing has to be read.
  const [row] = await table.query({ text: `SELECT min(line), max(line) FROM ${order.table} WHERE i >= ${from} AND i < ${to}`, values: [] }, signal)
  const [least, most] = [Number(row?.[0] ?? 0), Number(row?.[1] ?? 0)]
  return {
    from: `FROM (SELECT * FROM ${table.rows} r WHERE r.line BETWEEN ${least} AND ${most}) r JOIN (SELECT i, line FROM ${order.table} WHERE i >= ${from} AND i < ${to}) o ON r.line = o.line`,
    isTogether: most - least < 4 * (to - from)
  }
}

/**
 * Stretches are made so long that about this much text is in memory at once: where rows lie together as they are asked for, and
 * where a stretch takes some from everywhere, so that each costs a scan of the whole table.
 */
const stretchBytes = { together: 8e6, scattered: 32e6 }
const firstStretchRows = 1000
const mostStretchRows = 200_000

/**
 * Hands the table over a stretch at a time, in order, so that memory is bounded by the length of a stretch, whatever the table's.
 * @param use answers how many rows it got, and about how many bytes those took
 * @throws Refusal `unavailable` if rows vanished meanwhile, since the source was read anew
 */
export async function inStretches(out: OutTable, signal: AbortSignal, use: (rows: RowsFrom, range: Range) => Promise<{ rows: number; bytes: number }>): Promise<void> {
  let bytes = 0
  for (let from = 0, next = firstStretchRows; from < out.total; ) {
    const range = { from, to: Math.min(from + next, out.total) }
    const rows = await out.rows(range, signal)
    const took = await use(rows, range)
    if (took.rows !== range.to - range.from) throw new Refusal('unavailable', 'The source was read anew while it was being exported. Export it again.')
    bytes += took.bytes
    from = range.to
    const aim = rows.isTogether ? stretchBytes.together : stretchBytes.scattered
    next = Math.max(1, Math.min(mostStretchRows, Math.ceil((aim * from) / Math.max(bytes, 1))))
  }
}
