/** The filter that leaves the rows of one group: those in whose cell the value itself stands. */
import { isJsonObject, type JsonValue, parseJson } from '#contract/json'
import type { Cell, Records } from '#contract/values'
import { cellOf } from '../table/cells.ts'
import type { NamedColumn, SourceTable, Sql } from '../table/sourceTable.ts'
import { type Filter, operandOf } from './valueFilter.ts'

/**
 * In the filter language a value is also equal to a list that holds it, and a path goes through lists of dicts. Neither makes
 * the cell that value, so both are left out again, by asking for a first element. A cell is null, besides where the field is
 * null or missing, where a dict stands in its place or a list before it.
 * @param nested all different values of the column that are lists with lists in them
 */
export function groupFilter(table: SourceTable, records: Records, column: NamedColumn, value: Cell, nested: readonly Cell[]): Filter {
  const { name } = column
  const lists = listsBefore(table, records, name)
  if (value === null) return nullFilter(table, records, column, lists)
  const holding = isList(value) ? nested.filter((other) => isList(other) && holds(other.json, value)).map(operandOf) : []
  const without = isList(value) ? lists : [...lists, ...(mayBeList(column) ? [name] : [])]
  const parts: Filter[] = [{ [name]: { $eq: operandOf(value) } }, ...without.map((path) => ({ [`${path}.0`]: { $exists: false } }))]
  if (holding.length > 0) parts.push({ [name]: { $nin: holding } })
  return parts.length === 1 && (typeof value !== 'object') ? { [name]: value } : all(parts)
}

/** Whether a list may equal the value by holding it: only then are the nested lists of a column worth reading. */
export function mayBeList({ storage, type }: NamedColumn): boolean {
  return storage === 'JSON' && (type === 'list' || type === 'mixed')
}

function nullFilter(table: SourceTable, records: Records, column: NamedColumn, lists: readonly string[]): Filter {
  const { name } = column
  const isNull: Filter = mayBeList(column) ? all([{ [name]: null }, { [`${name}.0`]: { $exists: false } }]) : { [name]: null }
  const others: Filter[] = lists.flatMap((path): Filter[] => [{ [`${path}.0`]: { $exists: true } }, { [path]: { $eq: [] } }])
  const below = table.columns(records).filter((other) => other.name.startsWith(`${name}.`))
  const isEmptyDict = table.shapes.some(({ leaves }) => leaves.some((leaf) => leaf.kind === 'dict' && leaf.name === name))
  if (below.length > 0 || isEmptyDict) others.push(dictFilter(name, below))
  return others.length === 0 ? isNull : { $or: [isNull, ...others] }
}

/** There is something, and it is neither null nor of any other kind. A dict with the key 0 looks like a list: then its keys are named. */
function dictFilter(name: string, below: readonly NamedColumn[]): Filter {
  const first = `${name}.0`
  if (below.some((other) => other.name === first || other.name.startsWith(`${first}.`))) return { $or: below.map((other) => ({ [other.name]: { $exists: true } })) }
  const kinds = [null, [], { $numberDouble: 'NaN' }, true, false].map((operand): Filter => ({ [name]: { $eq: operand } }))
  const ordered = [{ $numberDouble: '-Infinity' }, ''].map((least): Filter => ({ [name]: { $gte: least } }))
  return { $and: [{ [name]: { $exists: true } }, { $nor: [...kinds, ...ordered, { [first]: { $exists: true } }] }] }
}

/** The columns on the way to this one in which lists may stand. */
function listsBefore(table: SourceTable, records: Records, name: string): string[] {
  const keys = name.split('.')
  return keys.slice(1).flatMap((_, index) => {
    const before = table.column(records, keys.slice(0, index + 1).join('.'))
    return before && mayBeList(before) ? [before.name] : []
  })
}

function isList(cell: Cell): cell is { json: string } {
  return cell !== null && typeof cell === 'object' && 'json' in cell && cell.json.startsWith('[')
}

function holds(json: string, value: { json: string }): boolean {
  const wanted = parseJson(value.json)
  return (parseJson(json) as JsonValue[]).some((element) => isSame(element, wanted))
}

/** As the filter language has it: numbers by value, dicts whatever the order of their keys. */
function isSame(one: JsonValue, other: JsonValue): boolean {
  if (Array.isArray(one)) return Array.isArray(other) && one.length === other.length && one.every((item, index) => isSame(item, other[index] as JsonValue))
  if (!isJsonObject(one) || !isJsonObject(other)) return Object.is(one, other) || one === other
  const keys = Object.keys(one)
  return keys.length === Object.keys(other).length && keys.every((key) => Object.hasOwn(other, key) && isSame(one[key] as JsonValue, other[key] as JsonValue))
}

function all(parts: readonly Filter[]): Filter {
  return parts.length === 1 ? (parts[0] as Filter) : { $and: parts }
}

/** Values of the column that are lists in lists. */
export async function nestedLists(table: SourceTable, column: NamedColumn, from: Sql, signal: AbortSignal): Promise<Cell[]> {
  if (!mayBeList(column)) return []
  const rows = await table.query({ text: `SELECT DISTINCT ${column.sql} ${from.text} AND regexp_matches(${column.sql}, '^\\[(.*[,\\s])?\\[', 's')`, values: from.values }, signal)
  return rows.map((row) => cellOf(row[0] ?? null, 'JSON'))
}
