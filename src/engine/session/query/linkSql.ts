/** Where values stand in fields of tasks, as SQL: certain values as `(line, via, i)`, `i` the number of the value; or all that can tie tasks, by their keys. */
import { leastDigits, leastLength, mostNumbers, type LinkValue } from './linkValues.ts'
import type { NamedColumn, SourceTable, Sql } from '../table/sourceTable.ts'
import { joinSql, never, param, raw, sql } from '../table/sql.ts'
import { jsonCell } from '../table/cells.ts'
import type { Cell } from '#contract/values'

type Value = Pick<LinkValue, 'text' | 'integer' | 'number' | 'json'>

/** A WITH entry `name(i, t, n, d, j)`: the values as text, integer, number and JSON. */
export function valuesSql(name: string, values: readonly Value[]): Sql {
  const list = (key: keyof Value): Sql => sql`unnest(from_json(${param(JSON.stringify(values.map((value) => value[key])))}, '["VARCHAR"]'))`
  return sql`${raw(name)} AS MATERIALIZED (
    SELECT i, t, CAST(n AS BIGINT) AS n, CAST(d AS DOUBLE) AS d, ${normalJson('j')} AS j
    FROM (SELECT unnest(range(${raw(String(values.length))})) AS i, ${list('text')} AS t, ${list('integer')} AS n, ${list('number')} AS d, ${list('json')} AS j))`
}

type Places = {
  readonly name: string
  readonly values: string
  readonly columns: readonly NamedColumn[]
  readonly where: Sql
  /** The one value, if it is a text: spares the reading of most lists. */
  readonly only?: string
}

/**
 * A WITH entry `name(line, via, i)` of all places of the values in these columns, within rows for which `where` holds. Numbers are equal
 * by value; in mixed columns and lists a value is also found as an element, one level down.
 */
export function placesSql(table: SourceTable, { columns, name, only, values, where }: Places): Sql {
  const branches = columns.map((column) => branch(table, column, values, only === undefined ? where : sql`${mayHold(column, only)} AND ${where}`))
  if (branches.length === 0) return raw(`${name} AS MATERIALIZED (SELECT 0::BIGINT AS line, '' AS via, 0::BIGINT AS i WHERE FALSE)`)
  return sql`${raw(name)} AS MATERIALIZED (SELECT DISTINCT line, via, i FROM (${joinSql(branches, ' UNION ALL ')}))`
}

/** The columns of a dict field of tasks, or the field itself where it is none. */
export function columnsOf(table: SourceTable, fields: readonly string[]): NamedColumn[] {
  return table.columns('tasks').filter(({ derived, name, storage, type }) => !derived && type !== 'empty' && storage !== 'BOOLEAN' && fields.some((field) => name === field || name.startsWith(`${field}.`)))
}

/**
 * A query of all values in these columns that can tie tasks, by the rule that linkValues.ts states: `(line, v, t, e)`, `v` twice the index of the
 * column, one more for an element of a list in it, `t` whether it is a text, and `e` the text, or JSON that is the same for equal values however
 * they are stored. A value may come several times. `where` is a condition on `r`.
 */
export function linkPlacesSql(table: SourceTable, columns: readonly NamedColumn[], where: Sql, among?: Among): Sql {
  const branches = columns.map((column, index) => placesBranch(table, column, index * 2, amongSql(column, where, among))).filter((branch) => branch.text !== never.text)
  return branches.length === 0 ? raw(`SELECT 0::BIGINT AS line, 0 AS v, TRUE AS t, '' AS e WHERE FALSE`) : joinSql(branches, ' UNION ALL ')
}

/** Values that alone are wanted, as texts and as canonical numbers; lists are passed over by nobody. */
export type Among = { readonly texts: readonly string[]; readonly numbers: readonly string[] }

/** The condition with what tells most rows apart cheaply; more rows may come. */
function amongSql({ sql: expression, storage }: NamedColumn, where: Sql, among: Among | undefined): Sql {
  if (among === undefined || storage === 'JSON') return where
  const values = storage === 'VARCHAR' ? among.texts : among.numbers
  if (values.length === 0) return never
  const type = storage === 'VARCHAR' ? 'VARCHAR' : 'DOUBLE'
  return sql`${where} AND CAST(${raw(`(${expression})`)} AS ${raw(type)}) IN (${joinSql(values.map((value) => sql`CAST(${param(value)} AS ${raw(type)})`), ', ')})`
}

function placesBranch(table: SourceTable, { sql: expression, storage }: NamedColumn, v: number, where: Sql): Sql {
  if (where.text === never.text) return never
  const column = `(${expression})`
  const rows = sql`FROM ${raw(table.rows)} r WHERE ${where}`
  const select = (isText: boolean, value: string, condition: string): Sql => around(`SELECT r.line AS line, ${v} AS v, ${isText} AS t, ${value} AS e`, rows, `AND ${condition}`)
  if (storage === 'VARCHAR') return select(true, column, `length(${column}) >= ${leastLength}`)
  if (storage === 'BIGINT') return select(false, `CAST(${column} AS VARCHAR)`, `abs(${column}::HUGEINT) >= 1000 AND ${hasDigits(`CAST(${column} AS VARCHAR)`)}`)
  if (storage === 'DOUBLE') return select(false, numberKey(column), `isfinite(${column}) AND ${hasDigits(`CAST(${column} AS VARCHAR)`)}`)
  const of = (place: number, value: string): Sql => {
    const json = around(`SELECT r.line AS line, ${value} AS j`, rows, `AND ${column} IS NOT NULL`)
    const values = sql`SELECT line, starts_with(j, '"') AS t, CASE WHEN starts_with(j, '"') THEN json_extract_string(j, '$') ELSE j END AS e FROM (${json})`
    return sql`SELECT line, ${raw(String(place))} AS v, t, CASE WHEN t THEN e ELSE ${raw(jsonKey)} END AS e FROM (${values}) WHERE ${raw(jsonTells)}`
  }
  return sql`${of(v, `CAST(json_extract(${column}, '$') AS VARCHAR)`)} UNION ALL ${of(v + 1, `unnest(${elementsOf(column)})`)}`
}

function around(before: string, rows: Sql, after: string): Sql {
  return sql`${raw(before)} ${rows} ${raw(after)}`
}

const jsonNumber = 'TRY_CAST(e AS DOUBLE)'
const jsonKey = `CASE WHEN left(e, 1) = '[' THEN ${normalJsonText('e')} WHEN regexp_full_match(e, '-?[0-9]+') THEN e ELSE ${numberKey(jsonNumber)} END`
const jsonTells = `CASE WHEN t THEN length(e) >= ${leastLength} WHEN left(e, 1) = '[' THEN json_array_length(e) >= 2
  WHEN regexp_full_match(e, '-?[0-9].*') THEN isfinite(${jsonNumber}) AND ${hasDigits('e')} ELSE FALSE END`

/** Of a place: its value as one text, texts behind one quotation mark. Long ones are told apart by a digest; their head and length are kept for people. */
export const placeKey = `CASE WHEN strlen(e) > 1024 THEN (CASE WHEN t THEN '"' ELSE '' END) || left(e, 256) || '…' || length(e) || ':' || md5(e) WHEN t THEN '"' || e ELSE e END`
/** Nearly all places with different values differ in it. */
export const placeHash = 'hash(e, t)'

/** The value that a key stands for, as a cell. */
export function cellOfKey(key: string): Cell {
  const long = /^("?)([^]{256})…(\d+):[0-9a-f]{32}$/u.exec(key)
  const isText = key.startsWith('"')
  const shown = long?.[2] ?? (isText ? key.slice(1) : key)
  const length = long ? Number(long[3]) : shown.length
  if (!isText) return shown.startsWith('[') && length > 256 ? { json: shown.slice(0, 256), length } : jsonCell(shown)
  return length > 256 ? { text: shown.slice(0, 256), length } : shown
}

function elementsOf(column: string): string {
  const all = `CAST(json_extract(${column}, '$[*]') AS VARCHAR[])`
  return `CASE WHEN json_array_length(${column}) <= ${mostNumbers} THEN ${all} ELSE list_filter(${all}, lambda x: starts_with(x, '"') OR starts_with(x, '[')) END`
}

/** Digits of the number from the first that is not 0 to the last that is not. */
function hasDigits(text: string): string {
  return `length(rtrim(ltrim(replace(split_part(lower(${text}), 'e', 1), '.', ''), '-0'), '0')) >= ${leastDigits}`
}

function numberKey(number: string): string {
  return `CASE WHEN ${number} = trunc(${number}) AND abs(${number}) < 1e38 THEN CAST(CAST(${number} AS HUGEINT) AS VARCHAR) ELSE CAST(${number} AS VARCHAR) END`
}

function branch(table: SourceTable, { name, sql: expression, storage }: NamedColumn, values: string, where: Sql): Sql {
  const via = param(name)
  const column = raw(`(${expression})`)
  const rows = sql`FROM ${raw(table.rows)} r`
  if (storage === 'JSON') {
    const element = raw(normalJsonText('e'))
    return sql`SELECT x.line, ${via} AS via, v.i FROM (
        SELECT line, ${element} AS j FROM (
          SELECT r.line AS line, unnest(list_append(${raw(elementsOf(`(${expression})`))}, CAST(json_extract(${column}, '$') AS VARCHAR))) AS e ${rows} WHERE ${column} IS NOT NULL AND ${where})
      ) x JOIN ${raw(values)} v ON v.j = x.j`
  }
  const key = raw(storage === 'VARCHAR' ? 'v.t' : storage === 'BIGINT' ? 'v.n' : 'v.d')
  return sql`SELECT r.line, ${via} AS via, v.i ${rows} JOIN ${raw(values)} v ON ${key} = ${column} WHERE ${where}`
}

/** Unless something in it is escaped, JSON that holds a text has its characters in a row. */
function mayHold({ sql: expression, storage }: NamedColumn, text: string): Sql {
  if (storage !== 'JSON') return sql`${raw(expression)} = ${param(text)}`
  return sql`(contains(${raw(expression)}, ${param(text)}) OR contains(${raw(expression)}, '\\'))`
}

function normalJson(name: string): Sql {
  return raw(normalJsonText(`CAST(json_extract(${name}, '$') AS VARCHAR)`))
}

/** 1.0 is 1, also in a list of numbers. */
function normalJsonText(text: string): string {
  return `CASE WHEN contains(${text}, '"') OR NOT contains(${text}, '.0') THEN ${text} ELSE regexp_replace(${text}, '\\.0([],]|$)', '\\1', 'g') END`
}
