/** The tables that a statement sees of a source, their columns by the names that SQL has for them, and the views that stand for them. */
import type { Gap } from '#contract/live'
import { sqlTables, type SqlTable } from '#contract/sql'
import { recordsSchema, type Records } from '#contract/values'
import { quoteName, quoteText } from '../table/fieldTree.ts'
import { RevisionCache } from '../table/revisionCache.ts'
import type { NamedColumn, SourceTable } from '../table/sourceTable.ts'

export type SqlColumn = {
  /** Unique within the table, upper and lower case being the same to SQL. */
  readonly name: string
  /** The name of the field. */
  readonly field: string
  readonly type: 'BOOLEAN' | 'BIGINT' | 'DOUBLE' | 'VARCHAR' | 'JSON'
  readonly unit: string | null
  readonly derived: boolean
  /** Rows that have a value. */
  readonly filled: number
  /** Over the row alias `r`. */
  readonly sql: string
}
/** Columns in order and by their name in lower case. */
export type TableColumns = { readonly list: readonly SqlColumn[]; readonly byName: ReadonlyMap<string, SqlColumn> }
export type Columns = Readonly<Record<SqlTable, TableColumns>>

export const isRecords = (table: SqlTable): table is Records => recordsSchema.safeParse(table).success
/** DuckDB's catalogue and schema of what belongs to one connection alone. */
export const viewPlace = { catalog: 'temp', schema: 'main' } as const

const kept = new RevisionCache<Columns>(1)

export function columnsOf(table: SourceTable): Promise<Columns> {
  return kept.get(table, '', async () => Object.fromEntries(sqlTables.map((name) => [name, isRecords(name) ? named(table.columns(name)) : withNames(gapColumns)])) as Columns)
}

/** The view of a table, as a statement that makes it for one connection. `within` is the FROM and WHERE that leave its rows. */
export function viewSql(name: SqlTable, { list }: TableColumns, within: string): string {
  return `CREATE TEMP VIEW ${quoteName(name)} AS SELECT ${list.map((column) => `${column.sql} AS ${quoteName(column.name)}`).join(', ')} ${within}`
}

/** What is known to be missing of a live source, as rows of a FROM. */
export function gapsFrom(gaps: readonly Omit<Gap, 'openTasks'>[]): string {
  const rows = gaps.map(({ filled, from, gapId, kind, messages, reason, to }) => `(${[quoteText(gapId), quoteText(kind), number(from), number(to), number(messages), quoteText(reason), number(filled?.messages ?? 0)].join(', ')})`)
  const none = '(NULL, NULL, NULL, NULL, NULL, NULL, NULL)'
  return `FROM (VALUES ${rows.length === 0 ? none : rows.join(', ')}) r(gap_id, kind, began, ended, messages, reason, filled) WHERE ${rows.length > 0}`
}

const gapColumns: SqlColumn[] = (
  [
    ['gap_id', 'gap_id', 'VARCHAR', null],
    ['kind', 'kind', 'VARCHAR', null],
    ['from', 'began', 'DOUBLE', null],
    ['to', 'ended', 'DOUBLE', null],
    ['messages', 'messages', 'BIGINT', null],
    ['reason', 'reason', 'VARCHAR', null],
    ['filled_messages', 'filled', 'BIGINT', null]
  ] as const
).map(([name, own, type, unit]) => ({ name, field: name, type, unit, derived: false, filled: 0, sql: `r.${own}::${type}` }))

function number(value: number | null): string {
  return value === null || !Number.isFinite(value) ? 'NULL' : `${value}::DOUBLE`
}

/** Names that differ only by case are one to SQL: all but the first get a number, as DuckDB gives it. */
function named(columns: readonly NamedColumn[]): TableColumns {
  const taken = new Set(columns.map(({ name }) => name.toLowerCase()))
  const used = new Set<string>()
  const list = columns.map((column) => {
    let name = column.name === '' ? '_' : column.name
    for (let number = 1; used.has(name.toLowerCase()) || (number > 1 && taken.has(name.toLowerCase())); number++) name = `${column.name}_${number}`
    used.add(name.toLowerCase())
    return sqlColumn(column, name)
  })
  return withNames(list)
}

function withNames(list: readonly SqlColumn[]): TableColumns {
  return { list, byName: new Map(list.map((column) => [column.name.toLowerCase(), column])) }
}

function sqlColumn({ derived, filled, name: field, sql, storage, type, unit }: NamedColumn, name: string): SqlColumn {
  const own = { name, field, unit: unit ?? (type === 'time' ? 'epoch s' : null), derived, filled }
  if (type === 'time' && storage !== 'DOUBLE') return { ...own, type: 'DOUBLE', sql: `(${sql})::DOUBLE` }
  return storage === 'JSON' ? { ...own, type: 'JSON', sql: `(${sql})::JSON` } : { ...own, type: storage, sql: `(${sql})` }
}
