/** Where values stand in fields of other tasks, as SQL: `(line, via, i)`, `i` the number of the value. */
import type { LinkValue } from './linkValues.ts'
import type { NamedColumn, SourceTable, Sql } from '../table/sourceTable.ts'
import { joinSql, param, raw, sql } from '../table/sql.ts'

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

function branch(table: SourceTable, { name, sql: expression, storage }: NamedColumn, values: string, where: Sql): Sql {
  const via = param(name)
  const column = raw(`(${expression})`)
  const rows = sql`FROM ${raw(table.rows)} r`
  if (storage === 'JSON') {
    const element = raw(normalJsonText('e'))
    return sql`SELECT x.line, ${via} AS via, v.i FROM (
        SELECT line, ${element} AS j FROM (
          SELECT r.line AS line, unnest(list_append(CAST(json_extract(${column}, '$[*]') AS VARCHAR[]), CAST(json_extract(${column}, '$') AS VARCHAR))) AS e ${rows} WHERE ${column} IS NOT NULL AND ${where})
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
