/** Rows grouped by a column: exact counts and aggregates, and for each group the filter that leaves it. */
import type { Params, Result } from '#contract/methods'
import { Refusal } from '#contract/reply'
import type { Cell, Records } from '#contract/values'
import { cellOf } from '../table/cells.ts'
import { groupFilter, nestedLists } from './groupFilter.ts'
import { rowsIn } from '../table/rowsIn.ts'
import { sortKeys } from './sortSql.ts'
import type { NamedColumn, SourceTable, SqlResult } from '../table/sourceTable.ts'
import { numberOf, textOf } from '../overview/taskColumns.ts'
import { valueKey } from '../table/valueKey.ts'

type Aggregate = Params<'groups.page'>['aggregates'][number]
type Group = Result<'groups.page'>['groups'][number]

const valueLength = 256

/**
 * Equal values are one group however they are stored; rows without a value are one too. Numbers are aggregated without NaN
 * and infinities, texts and booleans have a least and a greatest. A column that is not there makes one group of all rows.
 */
export async function groupPage(table: SourceTable, params: Params<'groups.page'>, signal: AbortSignal): Promise<Result<'groups.page'>> {
  const { revision } = table
  const { records, scope, by, aggregates } = params
  const column = table.column(records, by) ?? absent(by)
  const from = rowsIn(table, records, scope)
  const [found, nested] = await Promise.all([table.query(groupsSql(table, params, column), signal), nestedLists(table, column, from, signal)])
  const [total, rows] = [Number(found[0]?.[0] ?? 0), Number(found[0]?.[1] ?? 0)]
  const groups = found.flatMap((row): Group[] => {
    const [, , isGroup, shown, count, errors, ...values] = row
    if (isGroup !== true) return []
    const value = cellOf(shown ?? null, column.storage)
    return [
      {
        value: cellOf(shown ?? null, column.storage, valueLength),
        filter: groupFilter(table, records, column, value, nested),
        count: Number(count),
        errors: Number(errors),
        aggregates: values.map((aggregate, index) => aggregateCell(aggregate, table.column(records, aggregates[index]?.column ?? '')))
      }
    ]
  })
  return { revision, total, rows, groups }
}

function absent(name: string): NamedColumn {
  return { name, prefix: '', type: 'empty', unit: null, derived: false, filled: 0, storage: 'VARCHAR', sql: 'NULL::VARCHAR', physical: null }
}

/** Columns: groups, rows, whether there is a group in this row, its value, count, errors, aggregates. At least one row. */
function groupsSql(table: SourceTable, { records, scope, by, aggregates, sort, offset, limit }: Params<'groups.page'>, column: NamedColumn) {
  const from = rowsIn(table, records, scope)
  const shown = column.storage === 'JSON' ? `min(${column.sql})` : `any_value(${column.sql})`
  const values = aggregates.map((aggregate, index) => `${aggregateSql(table, records, aggregate)} AS a${index}`)
  const grouped = `SELECT ${valueKey(column)} AS v, ${shown} AS shown, count(*) AS n,
    count(*) FILTER (${textOf(table.column(records, 'status'))} = 'ERROR') AS errors ${values.map((value) => `, ${value}`).join('')} ${from.text} GROUP BY 1`
  const order = [...sortedBy(by, sort, column, aggregates.length), ...sortKeys({ sql: 'v', storage: column.storage }, false)].join(', ')
  return {
    text: `WITH g AS MATERIALIZED (${grouped}), p AS (SELECT TRUE AS here, shown, n, errors ${aggregates.map((_, index) => `, a${index}`).join('')}, row_number() OVER () AS place
        FROM (SELECT * FROM g ORDER BY ${order} LIMIT ${limit} OFFSET ${offset}))
      SELECT t.*, p.* EXCLUDE (place) FROM (SELECT count(*), coalesce(sum(n), 0) FROM g) t LEFT JOIN p ON TRUE ORDER BY p.place`,
    values: from.values
  }
}

function sortedBy(by: string, sort: Params<'groups.page'>['sort'], column: NamedColumn, aggregates: number): string[] {
  const direction = `${sort.descending ? 'DESC' : 'ASC'} NULLS LAST`
  if (sort.by === 'value') return sortKeys({ sql: 'v', storage: column.storage }, sort.descending)
  if (sort.by === 'count') return [`n ${direction}`]
  if (sort.by === 'errors') return [`errors ${direction}`]
  if (/^\d+$/.test(sort.by) && Number(sort.by) < aggregates) return [`a${Number(sort.by)} ${direction}`]
  throw new Refusal('bad-request', `Groups of ${by} cannot be sorted by ${JSON.stringify(sort.by)}: there are value, count, errors and the aggregates by their index.`, ['sort', 'by'])
}

function aggregateSql(table: SourceTable, records: Records, { column: name, fn }: Aggregate): string {
  const column = table.column(records, name)
  if (!column) return fn === 'distinct' || fn === 'filled' ? '0' : 'NULL'
  const number = numberOf(column)
  const ordered = column.storage === 'JSON' || column.storage === 'DOUBLE' ? number : column.sql
  switch (fn) {
    case 'sum':
      return column.storage === 'BIGINT' ? `sum(${column.sql})` : `fsum(${number})`
    case 'mean':
      return `favg(${number})`
    case 'min':
    case 'max':
      return `${fn}(${ordered})`
    case 'p50':
      return `quantile_cont(${number}, 0.5)`
    case 'p95':
      return `quantile_cont(${number}, 0.95)`
    case 'distinct':
      return `count(DISTINCT ${valueKey(column)})`
    case 'filled':
      return `count(${column.sql})`
  }
}

function aggregateCell(value: SqlResult[number] | undefined, column: NamedColumn | undefined): Cell {
  return cellOf(value ?? null, column?.storage === 'VARCHAR' ? 'VARCHAR' : 'DOUBLE', valueLength)
}
