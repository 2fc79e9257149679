/** The view as one question to DuckDB in Python: the same SQL that answers the Table here, over the lines themselves. */
import type { FilterNode } from '#contract/filter'
import type { Records } from '#contract/values'
import { compileFilter } from '../filter/filterSql.ts'
import { compileSearch } from '../filter/searchSql.ts'
import { sortSql } from '../query/sortSql.ts'
import { quoteName, quoteText } from '../table/fieldTree.ts'
import { allOf, anyOf, never, noneOf, raw } from '../table/sql.ts'
import type { NamedColumn, SourceTable, Sql } from '../table/sourceTable.ts'
import { recordsSql } from './duckdbRecords.ts'
import { lmdbReading } from './pandasCode.ts'
import { mongoReading } from './pymongoCode.ts'
import { differenceOf, type PythonReading } from './pythonRecords.ts'
import { pythonParts } from './pythonParts.ts'
import { quoted } from './pythonText.ts'
import { columnsRead, singularOf, type SnippetView, Unsayable } from './snippetView.ts'

export function duckdbCode(view: SnippetView): { code: string; notes: string[] } {
  const reading = linesOf(view)
  const { presence, dicts, where } = conditionsOf(view)
  const columns = columnsNeeded(view)
  const shown = view.columns.map((name) => shownSql(view, name))
  const derived = columns.filter((column) => column.derived)
  const clauses = [reading.lines, ...recordsSql(view, columns, presence, dicts)]
  if (derived.length > 0) clauses.push(`shown AS (\n  SELECT *,\n    ${derived.map((column) => `${derivedSql(view, column)} AS ${quoteName(column.name)}`).join(',\n    ')}\n  FROM ${view.records}\n)`)
  const order = sortSql(namesOnly(view), view.records, view.sort).replace(/r\.(?:first_line|line)$/, 'r.first_line')
  const condition = inlined(where)
  const query = [
    `WITH ${clauses.join(', ')}`,
    `SELECT ${shown.length === 0 ? '1' : shown.join(', ')}`,
    `FROM ${derived.length > 0 ? 'shown' : view.records} r`,
    ...(condition === 'TRUE' ? [] : [`WHERE ${condition}`]),
    `ORDER BY ${order}`
  ].join('\n')
  const code = [...reading.imports, 'import duckdb', ...reading.before, '', `rows = duckdb.sql(${pythonBlock(query)})`, 'rows  # .df() for pandas, .pl() for Polars, .arrow() for Arrow', ''].join('\n')
  const notes = ['Needs duckdb 1.4 or newer.', ...reading.notes]
  if (view.nameless) notes.push('Records that came without an id have one made up, which is another one in Provscope.')
  return { code, notes }
}

/** Lists and mixed values are JSON; a column that the source does not have is null. */
function shownSql({ records, table }: SnippetView, name: string): string {
  const column = table.column(records, name)
  if (!column) return `NULL AS ${quoteName(name)}`
  return column.storage === 'JSON' ? `r.${quoteName(name)}::JSON AS ${quoteName(name)}` : `r.${quoteName(name)}`
}

type Lines = { readonly imports: readonly string[]; readonly before: readonly string[]; readonly lines: string; readonly notes: readonly string[] }

function linesOf(view: SnippetView): Lines {
  const { at, source } = view
  if (source.kind === 'passing') throw new Unsayable(source.why)
  if (source.kind === 'files') {
    const numbered = `SELECT json, ${at === null ? '' : 'filename, '}row_number() OVER () AS line FROM read_json_objects([${source.paths.map(quoteText).join(',\n      ')}], format = 'newline_delimited'${source.rejects ? ', ignore_errors = true' : ''}${at === null ? '' : ', filename = true'})`
    const messages = `SELECT json, line${at === null ? '' : ', filename'} FROM (\n    ${numbered}\n  ) WHERE json_type(json) = 'OBJECT'`
    return { imports: [], before: [], lines: `lines AS (\n  ${at === null ? messages : knownSql(messages, at)}\n)`, notes: [] }
  }
  if (at !== null) throw new Unsayable('A store has no moments: go back to the present to copy the code.')
  const reading: PythonReading = source.kind === 'lmdb' ? lmdbReading(view, source) : mongoReading(view, source)
  const parts = pythonParts(new Set(reading.parts), '')
  const before = ['import pandas as pd', ...(parts.text === '' ? [] : ['', parts.text.trimEnd(), '']), '', ...reading.text.trim().split('\n'), 'stored = pd.DataFrame({"json": [json.dumps(message) for message in messages], "line": range(len(messages))})']
  return { imports: reading.imports, before, lines: 'lines AS (SELECT json::JSON AS json, line FROM stored)', notes: ['Needs pandas.', ...reading.notes] }
}

/** What was known then: each message by the latest time in it, one without a time with the one before it in its file. */
function knownSql(messages: string, at: number): string {
  const times = ['ended_at', 'started_at', 'submitted_at', 'registered_at', 'utc_timestamp'].map((name) => `CASE WHEN TRY_CAST(json ->> '$.${name}' AS DOUBLE) >= 946684800 AND TRY_CAST(json ->> '$.${name}' AS DOUBLE) < 4102444800 THEN TRY_CAST(json ->> '$.${name}' AS DOUBLE) END`)
  return `SELECT json, line FROM (
    SELECT *, coalesce(own, last_value(own IGNORE NULLS) OVER (PARTITION BY filename ORDER BY line ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)) AS known
    FROM (SELECT *, greatest(${times.join(', ')}) AS own FROM (${messages}))
  ) WHERE coalesce(known <= ${at}, true)  -- as it was known then`
}

/** What is read of each record: shown, filtered, sorted, searched, and what derived columns are made of. */
function columnsNeeded(view: SnippetView): NamedColumn[] {
  const { records, table, words } = view
  const needed = new Map(columnsRead(view).map((column) => [column.name, column]))
  const add = (name: string): void => {
    const column = table.column(records, name)
    if (column) needed.set(name, column)
  }
  for (const { derived, name } of needed.values()) if (derived) for (const pair of differenceOf(name).pairs) pair.forEach(add)
  // Numbers are only asked whether they equal a word that is one, and booleans nothing.
  const isSearched = ({ storage }: NamedColumn): boolean => storage === 'VARCHAR' || storage === 'JSON' || (storage !== 'BOOLEAN' && words.some((word) => /^[+-.\d]/.test(word)))
  if (words.length > 0) for (const column of table.columns(records)) if (!column.derived && column.type !== 'empty' && isSearched(column)) needed.set(column.name, column)
  if (words.length > 0 && records !== 'messages') add(`${singularOf[records]}_id`)
  // A path of the filter may lead through lists, which are columns of their own.
  for (const path of paths(view.node)) path.split('.').forEach((_, at, keys) => at > 0 && add(keys.slice(0, at).join('.')))
  return [...needed.values()]
}

function derivedSql({ records, table }: SnippetView, { name }: NamedColumn): string {
  const { pairs, which } = differenceOf(name)
  const number = (of: string): string => {
    const column = table.column(records, of)
    return column ? `TRY_CAST(${quoteName(of)} AS DOUBLE)` : 'NULL'
  }
  const values = pairs.map(([start, end]) => `(${number(end)} - ${number(start)})`)
  const others = values.filter((_, at) => at !== which)
  return others.length === 0 ? (values[0] as string) : `CASE WHEN ${others.map((value) => `${value} IS NOT NULL`).join(' AND ')} THEN ${values[which] as string} END`
}

/** Conditions by the names that the columns have in the query; what shapes tell here, `has` and `dict` columns tell there. */
function conditionsOf(view: SnippetView): { where: Sql; presence: string[]; dicts: string[] } {
  const table = namesOnly(view)
  const presence = new Set<string>()
  const dicts = new Set<string>()
  const isDictSomewhere = (path: string): boolean => view.table.shapes.some(({ leaves }) => leaves.some((leaf) => leaf.name.startsWith(`${path}.`) || (leaf.name === path && leaf.kind === 'dict')))
  const has = (path: string): Sql => {
    if (view.records === 'tasks' && path === 'type') return never
    presence.add(path)
    return raw(`r.${quoteName(`has ${path}`)}`)
  }
  const compile = (node: FilterNode): Sql => {
    switch (node.op) {
      case 'and':
        return allOf(node.nodes.map(compile))
      case 'or':
        return anyOf(node.nodes.map(compile))
      case 'not':
        return noneOf(compile(node.node))
      case 'exists':
        return anyOf([compileFilter(table, view.records, node), has(node.path)])
      case 'eq':
      case 'in': {
        const values = node.op === 'eq' ? [node.value] : node.values
        if (values.some((value) => value instanceof Map) && isDictSomewhere(node.path)) throw new Unsayable('DuckDB has no dicts to compare: compare fields of them, or copy the code for pandas.')
        const plain = compileFilter(table, view.records, node)
        if (!values.includes(null) || !isDictSomewhere(node.path)) return plain
        dicts.add(node.path)
        return allOf([plain, raw(`NOT r.${quoteName(`dict ${node.path}`)}`)])
      }
      case 'gte':
      case 'lte':
        if (node.value !== null) return compileFilter(table, view.records, node)
        return anyOf([compileFilter(table, view.records, node), allOf([has(node.path), compileFilter(table, view.records, { op: 'eq', path: node.path, value: null })])])
      default:
        return compileFilter(table, view.records, node)
    }
  }
  const filter = compile(view.node)
  const search = compileSearch(table, view.records, view.words.map((word) => `"${word}"`).join(' '))
  // A record's id is a column like the others here.
  const named = { ...search, text: search.text.replaceAll('r.record_id', () => `r.${quoteName(view.records === 'messages' ? '' : `${singularOf[view.records]}_id`)}`) }
  return { where: allOf([filter, named]), presence: [...presence], dicts: [...dicts] }
}

/** The source's columns under their own names, for what makes SQL of them. */
function namesOnly(view: SnippetView): SourceTable {
  const named = (column: NamedColumn): NamedColumn => ({ ...column, sql: `r.${quoteName(column.name)}` })
  const refuse = (): never => {
    throw new Error('This table is for names alone.')
  }
  return {
    sourceId: view.table.sourceId,
    rows: '',
    revision: 0,
    shapes: [],
    recordsPredicate: () => 'TRUE',
    columns: (records: Records) => view.table.columns(records).map(named),
    column: (records: Records, name: string) => {
      const column = view.table.column(records, name)
      return column && named(column)
    },
    query: refuse,
    text: refuse,
    fileName: refuse
  }
}

function paths(node: FilterNode): string[] {
  if ('path' in node) return [node.path]
  return 'nodes' in node ? node.nodes.flatMap(paths) : paths(node.node)
}

/** Parameters written out. */
function inlined({ text, values }: Sql): string {
  let next = 0
  return text.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\?/g, (found) => {
    if (found !== '?') return found
    const value = values[next++] ?? null
    if (value === null) return 'NULL'
    return typeof value === 'string' ? quoteText(value) : String(value)
  })
}

function pythonBlock(query: string): string {
  if (query.includes('"""') || query.endsWith('"') || /[\0\r]/.test(query)) return quoted(query)
  return `r"""\n${query}\n"""`
}

