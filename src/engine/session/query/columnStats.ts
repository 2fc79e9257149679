/** What columns there are, how their values are distributed, and which values complete what is being typed. */
import type { Params, Result } from '#contract/methods'
import type { Cell, Records, Scope } from '#contract/values'
import { cellOf } from '../table/cells.ts'
import { RevisionCache } from '../table/revisionCache.ts'
import { withRowOrder } from './rowOrder.ts'
import { everything, rowsIn } from '../table/rowsIn.ts'
import { sortKeys } from './sortSql.ts'
import type { NamedColumn, SourceTable, Sql, SqlResult } from '../table/sourceTable.ts'
import { numberOf, textOf } from '../overview/taskColumns.ts'
import { valueKey } from '../table/valueKey.ts'

type Stats = Result<'columns.stats'>['stats'][number]
type Counted = { value: Cell; count: number }
/** The rows in scope, as the FROM and WHERE of any number of queries. */
type Ask = { readonly table: SourceTable; readonly from: Sql; readonly bins: number; readonly signal: AbortSignal }

/** So many of the commonest values are shown, and a number with no more different ones has its values shown too. */
const topValues = 12
const valueLength = 256
const columnsAtOnce = 16
const cache = new RevisionCache<Stats>(4000)

/** Columns whose name contains the text, whatever its case. */
export async function columnsList(table: SourceTable, { records, search, offset, limit }: Params<'columns.list'>): Promise<Result<'columns.list'>> {
  const { revision } = table
  const wanted = search.toLowerCase()
  const found = table.columns(records).filter((column) => column.name.toLowerCase().includes(wanted))
  const columns = found.slice(offset, offset + limit).map(({ name, prefix, type, unit, derived, filled }) => ({ name, prefix, type, unit, derived, filled }))
  return { total: found.length, revision, columns }
}

/**
 * Exact, in the order asked for. `min` and `max` of a column of numbers are of its finite ones, and so are the bins; of a
 * mixed column they are of its numbers, or else of its texts; lists have none. All values equal: all in the first bin.
 */
export async function columnStats(table: SourceTable, params: Params<'columns.stats'>, signal: AbortSignal): Promise<Result<'columns.stats'>> {
  const { records, scope, columns, bins } = params
  const keyOf = (name: string): string => JSON.stringify([records, scope, name, bins])
  const missing = [...new Set(columns)].filter((name) => !cache.has(table, keyOf(name)))
  let batch: Promise<Map<string, Stats>> | undefined
  const stats = columns.map((name) =>
    cache.get(table, keyOf(name), async () => {
      const names = missing.includes(name) ? missing : [name]
      const computed = names === missing ? (batch ??= statsOf(table, params, missing, signal)) : statsOf(table, params, names, signal)
      return (await computed).get(name) as Stats
    })
  )
  return { stats: await Promise.all(stats) }
}

/** `distinct` counts the values that contain the text. */
export async function columnValues(table: SourceTable, params: Params<'columns.values'>, signal: AbortSignal): Promise<Result<'columns.values'>> {
  const { records, scope, text, limit } = params
  const column = table.column(records, params.column)
  if (!column) return { distinct: 0, values: [] }
  return withRows(table, records, scope, signal, async (from) => {
    const rows = await table.query(
      {
        text: `WITH g AS MATERIALIZED (SELECT ${valueKey(column)} AS v, count(*) AS n ${from.text} AND ${column.sql} IS NOT NULL AND contains(lower(${textOf(column)}), lower(?)) GROUP BY v)
          SELECT v, n, (SELECT count(*) FROM g) FROM g ORDER BY n DESC, v LIMIT ${limit}`,
        values: [...from.values, text]
      },
      signal
    )
    return { distinct: Number(rows[0]?.[2] ?? 0), values: countedOf(rows, column) }
  })
}

/** A scope is evaluated once for all queries of a call, and the order of its rows is what the table shows next. */
function withRows<T>(table: SourceTable, records: Records, scope: Scope, signal: AbortSignal, use: (from: Sql) => Promise<T>): Promise<T> {
  if (scope.search === '' && Object.keys(scope.filter).length === 0) return use(rowsIn(table, records, everything))
  return withRowOrder(table, { records, scope, sort: [] }, signal, (order) => use({ text: `FROM ${table.rows} r WHERE r.line IN (SELECT line FROM ${order.table})`, values: [] }))
}

async function statsOf(table: SourceTable, { records, scope, bins }: Params<'columns.stats'>, names: string[], signal: AbortSignal): Promise<Map<string, Stats>> {
  return withRows(table, records, scope, signal, async (from) => {
    const stats = new Map<string, Stats>()
    for (let at = 0; at < names.length; at += columnsAtOnce) {
      const batch = names.slice(at, at + columnsAtOnce)
      const computed = await batchStats({ table, from, bins, signal }, batch.map((name) => table.column(records, name)))
      for (const [index, name] of batch.entries()) stats.set(name, { name, ...(computed[index] as Omit<Stats, 'name'>) })
    }
    return stats
  })
}

/** One query counts for all columns; bins and values, which depend on its answer, follow column by column. */
async function batchStats(ask: Ask, columns: (NamedColumn | undefined)[]): Promise<Omit<Stats, 'name'>[]> {
  const selected = columns.flatMap((column) => (column ? figuresSql(column) : []))
  const [figures] = await ask.table.query({ text: `SELECT count(*)${selected.map((sql) => `, ${sql}`).join('')} ${ask.from.text}`, values: ask.from.values }, ask.signal)
  const rows = Number(figures?.[0] ?? 0)
  let at = 1
  return Promise.all(
    columns.map(async (column) => {
      if (!column) return { rows, nulls: rows, distinct: 0, min: null, max: null, bins: null, top: null }
      const [filled, distinct, min, max] = (figures ?? []).slice(at, (at += 4))
      return detail(ask, column, { rows, filled: Number(filled), distinct: Number(distinct), min: min ?? null, max: max ?? null })
    })
  )
}

/** Filled, distinct, least and greatest. What is mixed has no order of DuckDB's own. */
function figuresSql(column: NamedColumn): string[] {
  const { sql, storage } = column
  const finite = storage === 'DOUBLE' ? `coalesce(min(${sql}) FILTER (isfinite(${sql})), min(${sql}))` : `min(${sql})`
  const bounds = storage === 'JSON' ? ['NULL', 'NULL'] : [finite, finite.replaceAll('min(', 'max(')]
  return [`count(${sql})`, `count(DISTINCT ${valueKey(column)})`, ...bounds]
}

type Figures = { rows: number; filled: number; distinct: number; min: SqlResult[number]; max: SqlResult[number] }

async function detail(ask: Ask, column: NamedColumn, { rows, filled, distinct, min, max }: Figures): Promise<Omit<Stats, 'name'>> {
  const isNumeric = column.storage === 'BIGINT' || column.storage === 'DOUBLE' || (column.storage === 'JSON' && ['integer', 'number', 'time'].includes(column.type))
  const [bounds, bins, top] = await Promise.all([
    column.storage === 'JSON' ? boundsOf(ask, column) : [cellOf(min, column.storage, valueLength), cellOf(max, column.storage, valueLength)],
    isNumeric ? binsOf(ask, column) : null,
    filled > 0 && (!isNumeric || distinct <= topValues) ? topOf(ask, column, distinct === filled) : null
  ])
  return { rows, nulls: rows - filled, distinct, min: bounds[0] ?? null, max: bounds[1] ?? null, bins, top }
}

/** The least and the greatest number, or else text. */
async function boundsOf(ask: Ask, column: NamedColumn): Promise<Cell[]> {
  const { sql, storage } = column
  const number = numberOf(column)
  const least = (descending: boolean): string =>
    `(SELECT ${sql} ${ask.from.text} AND ${sql} IS NOT NULL ORDER BY ${number} IS NULL, ${sortKeys(column, descending).join(', ')} LIMIT 1)`
  const [row] = await ask.table.query({ text: `SELECT ${least(false)}, ${least(true)}`, values: [...ask.from.values, ...ask.from.values] }, ask.signal)
  const cells = (row ?? []).map((value) => cellOf(value, storage, valueLength))
  return cells.some((cell) => cell !== null && typeof cell === 'object' && 'json' in cell) ? [null, null] : cells
}

async function binsOf({ table, from, bins, signal }: Ask, column: NamedColumn): Promise<number[] | null> {
  const counted = await table.query(
    {
      text: `WITH v AS (SELECT ${numberOf(column)} AS v ${from.text}), b AS MATERIALIZED (SELECT min(v) AS low, max(v) AS high FROM v)
        SELECT CASE WHEN high = low THEN 0
            WHEN isfinite(high - low) THEN least(${bins - 1}, CAST(floor((v - low) / (high - low) * ${bins}) AS BIGINT))
            ELSE least(${bins - 1}, CAST(floor((v / 2 - low / 2) / (high / 2 - low / 2) * ${bins}) AS BIGINT)) END AS bin, count(*)
        FROM v, b WHERE v IS NOT NULL GROUP BY bin`,
      values: from.values
    },
    signal
  )
  if (counted.length === 0) return null
  const filled = Array.from({ length: bins }, () => 0)
  for (const [bin, count] of counted) filled[Number(bin)] = Number(count)
  return filled
}

async function topOf({ table, from, signal }: Ask, column: NamedColumn, isUnique: boolean): Promise<Counted[]> {
  const { sql } = column
  const text = isUnique
    ? `SELECT ${sql} AS v, 1 ${from.text} AND ${sql} IS NOT NULL ORDER BY v LIMIT ${topValues}`
    : `SELECT ${valueKey(column)} AS v, count(*) AS n ${from.text} AND ${sql} IS NOT NULL GROUP BY v ORDER BY n DESC, v LIMIT ${topValues}`
  return countedOf(await table.query({ text, values: from.values }, signal), column)
}

function countedOf(rows: SqlResult[], { storage }: NamedColumn): Counted[] {
  return rows.map((row) => ({ value: cellOf(row[0] ?? null, storage, valueLength), count: Number(row[1]) }))
}
