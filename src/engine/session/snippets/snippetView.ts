/** What code is to be written of: a view, where its records lie, and what has to be known of them to say it exactly. */
import { parseFilter, type FilterNode } from '#contract/filter'
import type { Params } from '#contract/methods'
import type { Records, Sort } from '#contract/values'
import { wordsOf } from '../filter/searchSql.ts'
import { kindNumber, type NamedColumn, type SourceTable } from '../table/sourceTable.ts'
import type { SnippetSource } from './snippetSource.ts'

/** What is odd in the values of a column that a language may not have. */
export type ColumnFacts = { readonly nulls: boolean; readonly nan: boolean; readonly wide: boolean }

export type SnippetView = {
  readonly table: SourceTable
  readonly source: SnippetSource
  readonly records: Records
  readonly node: FilterNode
  readonly words: readonly string[]
  readonly sort: Sort
  readonly columns: readonly string[]
  /** As it was known then, epoch seconds. */
  readonly at: number | null
  /** Records have to be made of their messages: several messages one record, or one that is not as it was sent. */
  readonly merges: boolean
  /** Of tasks that are not merged: flags of their status are read, which no message holds. */
  readonly flags: boolean
  /** Messages that do not say their type. */
  readonly untyped: boolean
  /** Records whose id is made up. */
  readonly nameless: boolean
  facts(name: string): ColumnFacts
}

/** Why a language has no code for a view, as a sentence. */
export class Unsayable extends Error {
  override name = 'Unsayable'
}

/** Expressions in one question. */
const askedAtOnce = 100

export async function snippetView(table: SourceTable, params: Params<'snippets.code'>, source: SnippetSource, at: number | null, signal: AbortSignal): Promise<SnippetView> {
  const { columns, records, scope } = params
  const node = parseFilter(scope.filter)
  const sort = params.sort.filter(({ column }) => table.column(records, column) !== undefined)
  const names = [...new Set([...pathsOf(node), ...sort.map(({ column }) => column), ...columns])]
  const facts = await factsOf(table, records, names, signal)
  const view = { table, source, records, node, words: wordsOf(scope.search), sort, columns, at, facts: (name: string) => facts.get(name) ?? none }
  return { ...view, ...(await mergingOf(table, records, names, signal)) }
}

/** Every path that the filter names. */
export function pathsOf(node: FilterNode): string[] {
  if ('path' in node) return [node.path]
  return 'nodes' in node ? node.nodes.flatMap(pathsOf) : pathsOf(node.node)
}

/** All columns that the view reads: in its filter, its order and what it shows. */
export function columnsRead({ columns, node, records, sort, table }: Pick<SnippetView, 'columns' | 'node' | 'records' | 'sort' | 'table'>): NamedColumn[] {
  const names = new Set([...pathsOf(node), ...sort.map(({ column }) => column), ...columns])
  return [...names].flatMap((name) => table.column(records, name) ?? [])
}

const none: ColumnFacts = { nulls: true, nan: false, wide: false }

async function factsOf(table: SourceTable, records: Records, names: readonly string[], signal: AbortSignal): Promise<Map<string, ColumnFacts>> {
  const facts = new Map<string, ColumnFacts>()
  const columns = names.flatMap((name) => table.column(records, name) ?? [])
  for (let from = 0; from < columns.length; from += askedAtOnce) {
    const some = columns.slice(from, from + askedAtOnce)
    const asked = some.flatMap(({ sql, storage }) => [`count(*) - count(${sql})`, nanSql(sql, storage), wideSql(sql, storage)])
    const [row = []] = await table.query({ text: `SELECT ${asked.join(', ')} FROM ${table.rows} r WHERE ${table.recordsPredicate(records)}`, values: [] }, signal)
    for (const [index, { name }] of some.entries()) facts.set(name, { nulls: Number(row[index * 3]) > 0, nan: row[index * 3 + 1] === true, wide: row[index * 3 + 2] === true })
  }
  return facts
}

function nanSql(sql: string, storage: NamedColumn['storage']): string {
  if (storage === 'DOUBLE') return `coalesce(bool_or(isnan(${sql})), false)`
  return storage === 'JSON' ? `coalesce(bool_or(contains(${sql}, 'NaN')), false)` : 'false'
}

/** Integers that a DOUBLE does not hold. */
function wideSql(sql: string, storage: NamedColumn['storage']): string {
  if (storage === 'BIGINT') return `coalesce(max(${sql}) > 9007199254740992 OR min(${sql}) < -9007199254740992, false)`
  return storage === 'JSON' ? `coalesce(bool_or(regexp_matches(${sql}, '[0-9]{16}')), false)` : 'false'
}

async function mergingOf(table: SourceTable, records: Records, names: readonly string[], signal: AbortSignal): Promise<Pick<SnippetView, 'merges' | 'flags' | 'untyped' | 'nameless'>> {
  if (records === 'messages') return { merges: false, flags: false, untyped: false, nameless: false }
  const kind = kindNumber[singularOf[records]]
  const type = table.column('messages', 'type')
  const id = table.column('messages', `${singularOf[records]}_id`)
  const [row = []] = await table.query(
    {
      text: `SELECT count(*) FILTER (r.is_record AND NOT r.is_message), count(*) FILTER (r.is_message AND ${type ? `${type.sql} IS NULL` : 'true'}), count(*) FILTER (r.is_message AND ${id ? `${id.sql} IS NULL` : 'true'}) FROM ${table.rows} r WHERE r.kind = ${kind}`,
      values: []
    },
    signal
  )
  const [merged = 0, untyped = 0, nameless = 0] = row.map(Number)
  const changes = records === 'tasks' && ['group_id', 'used.workflow_id', 'finished'].some((name) => table.column('messages', name) !== undefined)
  const flags = records === 'tasks' && names.some((name) => flagNames.has(name))
  const merges = merged > 0 || nameless > 0 || changes
  return { merges, flags: flags && !merges, untyped: untyped > 0, nameless: nameless > 0 }
}

const flagNames: ReadonlySet<string> = new Set(['submitted', 'waiting', 'running', 'error', 'finished', 'unknown'])

export const singularOf = { tasks: 'task', workflows: 'workflow', agents: 'agent', objects: 'object' } as const
