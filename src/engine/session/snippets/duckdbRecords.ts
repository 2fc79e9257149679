/** SQL that makes the records of a view from lines of JSON: each column as the table has it, and records merged of their messages. */
import { dictFields } from '#engine/records/dictFields'
import { quoteName, quoteText } from '../table/fieldTree.ts'
import type { NamedColumn, Storage } from '../table/sourceTable.ts'
import { singularOf, type SnippetView, Unsayable } from './snippetView.ts'

/** Merged as one value: a field, or, of fields that are merged key by key, one of their keys. */
type Unit = { readonly name: string; readonly keys: readonly string[] }

/** `WITH` clauses after `lines (line, json)`; the last, named as the records, has a column a name, and `first_line`. */
export function recordsSql(view: SnippetView, columns: readonly NamedColumn[], presence: readonly string[], dicts: readonly string[]): string[] {
  const units = new Units(view)
  const captured = columns.filter((column) => !column.derived)
  const selected = captured.map((column) => `${columnSql(column, view, units)} AS ${quoteName(column.name)}`)
  const isMerged = view.merges
  const there = presence.map((path) => ({ name: quoteName(`has ${path}`), sql: `json_exists(json, ${jsonPath(path.split('.'))})` }))
  const areDicts = dicts.map((path) => ({ name: quoteName(`dict ${path}`), sql: `coalesce(json_type(json, ${jsonPath(path.split('.'))}) = 'OBJECT', false)` }))
  const marks = [...there, ...areDicts]
  const kind = view.records === 'messages' ? '' : `\n  WHERE ${kindSql(view)}`
  if (!isMerged) {
    const list = ['line AS first_line', ...selected, ...marks.map(({ name, sql }) => `${sql} AS ${name}`)]
    return [`${view.records} AS (\n  SELECT\n    ${list.join(',\n    ')}\n  FROM lines${kind}\n)`]
  }
  const each = ['line', `${idSql(view)} AS id`, ...units.all.map((unit) => `${unitSql(unit, view)} AS ${unit.name}`), ...marks.map(({ name, sql }) => `${sql} AS ${name}`)]
  const latest = units.all.map((unit) => `${latestSql(unit)} AS ${unit.name}`)
  const merged = ['id', 'min(line) AS first_line', ...latest, ...(units.hasFlags ? flags.map((flag) => `bool_or(("field status" ->> '$') = ${quoteText(flag)}) AS "saw ${flag}"`) : []), ...marks.map(({ name }) => `bool_or(${name}) AS ${name}`)]
  return [
    `parts AS (\n  SELECT\n    ${each.join(',\n    ')}\n  FROM lines${kind}\n)`,
    `merged AS (\n  SELECT\n    ${merged.join(',\n    ')}\n  FROM parts\n  GROUP BY id\n)`,
    `${view.records} AS (\n  SELECT\n    ${['first_line', ...selected, ...marks.map(({ name }) => name)].join(',\n    ')}\n  FROM merged\n)`
  ]
}

/** Keys as a path of DuckDB's JSON functions. */
export function jsonPath(keys: readonly string[]): string {
  if (keys.every((key) => /^[A-Za-z_]\w*$/.test(key))) return quoteText(['$', ...keys].join('.'))
  return quoteText(keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''))
}

class Units {
  readonly all: Unit[] = []
  hasFlags = false
  private readonly known = new Map<string, Unit>()

  constructor(private readonly view: SnippetView) {}

  /** The unit that a value at these keys is part of, and the keys from there. */
  of(keys: readonly string[]): { unit: Unit; rest: readonly string[] } {
    const isByKey = this.view.records !== 'tasks' || (dictFields as readonly string[]).includes(keys[0] ?? '')
    const own = keys.slice(0, isByKey ? 2 : 1)
    const name = quoteName(`field ${own.join('.')}`)
    const unit = this.known.get(name) ?? { name, keys: own }
    if (!this.known.has(name)) this.all.push(unit)
    this.known.set(name, unit)
    return { unit, rest: keys.slice(own.length) }
  }
}

const flags = ['SUBMITTED', 'WAITING', 'RUNNING', 'ERROR', 'FINISHED', 'UNKNOWN'] as const

function columnSql(column: NamedColumn, view: SnippetView, units: Units): string {
  const { name } = column
  if (view.records !== 'messages' && name === `${singularOf[view.records]}_id`) return view.merges ? 'id' : `(json ->> '$.${name}')`
  const flag = view.records === 'tasks' ? flags.find((one) => one.toLowerCase() === name) : undefined
  if (flag !== undefined && !view.merges) {
    const captured = column.physical === null ? '' : ` ELSE ${typed('BOOLEAN', 'json', [name])}`
    return `CASE WHEN (json ->> '$.status') = '${flag}' THEN true${captured} END`
  }
  if (flag !== undefined) {
    units.of(['status'])
    units.hasFlags = true
    const captured = column.physical === null ? null : typed('BOOLEAN', units.of([name]).unit.name, [])
    return `CASE WHEN "saw ${flag}" THEN true${captured === null ? '' : ` ELSE ${captured}`} END`
  }
  const paths = keysOf(view, column)
  const values = paths.map((keys) => {
    if (!view.merges) return typed(column.storage, 'json', keys)
    // What is no dict there became one of arg0, arg1, ….
    if (view.records === 'tasks' && keys.length === 1 && (dictFields as readonly string[]).includes(keys[0] ?? '')) return 'NULL'
    const { rest, unit } = units.of(keys)
    return typed(column.storage, unit.name, rest)
  })
  if (values.length === 0) throw new Unsayable(`${name} is computed by Provscope; leave it out of the columns, the filter and the order.`)
  return values.length === 1 ? (values[0] as string) : `coalesce(${values.join(', ')})`
}

/** Where the values of a column lie in a record; names of several may be one. */
function keysOf({ merges, records, table }: SnippetView, { name, physical }: NamedColumn): (readonly string[])[] {
  const found = new Map<string, readonly string[]>()
  for (const { leaves } of table.shapes) for (const leaf of leaves) if (leaf.name === name && leaf.column >= 0 && (physical === null || leaf.column === physical)) found.set(JSON.stringify(leaf.path), leaf.path)
  if (found.size === 0 && records === 'tasks' && merges && ['workflow_id', 'subtype', 'status'].includes(name)) found.set('', [name])
  // Of two that are there the later one is shown.
  return [...found.values()].reverse()
}

/** A value of the type that its column has; null and dicts, which are columns of their own, are NULL. */
function typed(storage: Storage, json: string, keys: readonly string[]): string {
  const path = keys.length === 0 ? `'$'` : jsonPath(keys)
  const text = `(${json} ->> ${path})`
  if (storage === 'VARCHAR') return `CASE WHEN json_type(${json}, ${path}) = 'VARCHAR' THEN ${text} END`
  if (storage === 'JSON') return `CASE WHEN json_type(${json}, ${path}) NOT IN ('NULL', 'OBJECT') THEN CAST((${json} -> ${path}) AS VARCHAR) END`
  return `TRY_CAST(${text} AS ${storage})`
}

function kindSql(view: SnippetView): string {
  const kind = singularOf[view.records as keyof typeof singularOf]
  if (!view.untyped) return `(json ->> '$.type') = '${kind}'`
  const has = (name: string): string => `json_exists(json, '$.${name}')`
  const isTask = `${has('task_id')} OR ${has('activity_id')}`
  const inferred = { task: isTask, agent: `NOT (${isTask}) AND ${has('agent_id')}`, workflow: `NOT (${isTask} OR ${has('agent_id')}) AND (${has('name')} OR ${has('environment_id')})`, object: 'false' }[kind]
  return `CASE WHEN (json ->> '$.type') IS NOT NULL THEN (json ->> '$.type') = '${kind}' ELSE ${inferred} END`
}

function idSql({ records }: SnippetView): string {
  const kind = singularOf[records as keyof typeof singularOf]
  const own = `(json ->> '$.${kind}_id')`
  const iteration = `CASE WHEN coalesce(json ->> '$.subtype', 'iteration') = 'iteration' THEN (json ->> '$.group_id') || (json ->> '$.used.i') END`
  return `coalesce(${own}, ${kind === 'task' ? `${iteration}, ` : ''}'message ' || (line - 1))`
}

/** A field of one message as its record has it: see src/engine/records. */
function unitSql({ keys }: Unit, { records }: SnippetView): string {
  const value = `(json -> ${jsonPath(keys)})`
  if (records !== 'tasks') return value
  const [field = '', key] = keys
  if (field === 'workflow_id') return `CASE WHEN (json ->> '$.workflow_id') IS NULL AND json_type(json, '$.used.workflow_id') = 'VARCHAR' THEN nullif(json -> '$.used.workflow_id', '""') ELSE ${value} END`
  if (field === 'subtype') return `CASE WHEN (json ->> '$.subtype') IS NULL AND (json ->> '$.group_id') IS NOT NULL THEN '"iteration"' ELSE ${value} END`
  if (field === 'status') {
    const known = flags.map((flag) => quoteText(flag)).join(', ')
    return `CASE WHEN (json -> '$.finished') = 'true' AND upper(json ->> '$.status') IS DISTINCT FROM 'ERROR' THEN '"FINISHED"' WHEN upper(json ->> '$.status') IN (${known}) THEN upper(json -> '$.status') ELSE ${value} END::JSON`
  }
  const number = /^arg(\d+)$/.exec(key ?? '')?.[1]
  if (number === undefined || !(dictFields as readonly string[]).includes(field)) return value
  return `CASE json_type(json, '$.${field}') WHEN 'OBJECT' THEN ${value} WHEN 'ARRAY' THEN (json -> '$.${field}[${number}]')${number === '0' ? ` ELSE (json -> '$.${field}')` : ''} END`
}

/** The last that is not null; of statuses the last of those that no other goes before. */
function latestSql({ keys, name }: Unit): string {
  const rank = `CASE (${name} ->> '$') WHEN 'UNKNOWN' THEN 1 WHEN 'SUBMITTED' THEN 2 WHEN 'WAITING' THEN 3 WHEN 'RUNNING' THEN 4 WHEN 'ERROR' THEN 6 WHEN 'FINISHED' THEN 6 ELSE 5 END`
  const by = keys.length === 1 && keys[0] === 'status' ? `${rank} * 1000000000000 + line` : 'line'
  return `arg_max(${name}, ${by}) FILTER (WHERE json_type(${name}) <> 'NULL')`
}
