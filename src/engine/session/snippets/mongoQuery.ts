/** Filters and orders as MongoDB has them, with what differs there from the view, in words. */
import type { FilterNode } from '#contract/filter'
import type { Operand } from '#contract/filterOperand'
import { idField } from '#engine/records/classify'
import { isTimeField } from '#engine/stores/mongoDocuments'
import { pcrePattern } from '#engine/stores/mongoFilter'
import { collectionOf } from '#engine/stores/store'
import { differenceOf } from './pythonRecords.ts'
import { singularOf, type SnippetView, Unsayable } from './snippetView.ts'

/** A time that is a date in MongoDB. */
export class MongoDate {
  constructor(readonly seconds: number) {}
}
export type MongoValue = Operand | MongoDate | readonly MongoValue[] | MongoObject
export type MongoObject = { readonly [key: string]: MongoValue }

export type MongoFind = { readonly collection: string; readonly filter: MongoObject; readonly projection: readonly string[]; readonly sort: readonly (readonly [string, 1 | -1])[]; readonly notes: readonly string[] }

/** @throws Unsayable for a view that no query gives */
export function mongoFind(view: SnippetView): MongoFind {
  const { at, columns, records, sort, words } = view
  if (records === 'messages') throw new Unsayable('MongoDB holds records, not messages: show tasks, workflows, agents or objects.')
  if (at !== null) throw new Unsayable('MongoDB knows no moments of a run: go back to the present to copy the code.')
  const notes = new Set<string>()
  const filter = written(view.node, { view, note: (text) => void notes.add(text) })
  if (words.length > 0) notes.add('The search is not in the query: MongoDB has none over all fields.')
  const isDerived = (name: string): boolean => name === 'duration'
  if (columns.some(isDerived)) notes.add('duration is computed by Provscope and no field of MongoDB; started_at and ended_at are fetched instead.')
  if (sort.some(({ column }) => isDerived(column))) notes.add('duration is no field of MongoDB, so it does not order by it.')
  const ordered = sort.filter(({ column }) => !isDerived(column))
  if (ordered.some(({ column, descending }) => !descending && view.facts(column).nulls)) notes.add('MongoDB puts missing values first when it sorts upwards, Provscope last.')
  if (ordered.some(({ column }) => view.facts(column).nan)) notes.add('MongoDB puts NaN before all numbers, Provscope behind them.')
  const id = idField[singularOf[records]]
  const keys = new Map<string, 1 | -1>(ordered.map(({ column, descending }) => [column, descending ? -1 : 1]))
  if (!keys.has(id)) keys.set(id, 1)
  return { collection: collectionOf[singularOf[records]], filter, projection: projected(columns), sort: [...keys], notes: [...notes] }
}

/** MongoDB refuses a field together with one inside it. */
function projected(columns: readonly string[]): string[] {
  const names = new Set(columns.flatMap((name) => (name === 'duration' ? ['started_at', 'ended_at'] : [name])))
  return [...names].filter((name) => !name.split('.').slice(0, -1).some((_, at, keys) => names.has(keys.slice(0, at + 1).join('.'))))
}

type Context = { readonly view: SnippetView; readonly note: (text: string) => void }

function written(node: FilterNode, context: Context): MongoObject {
  switch (node.op) {
    case 'and':
      return allOf(node.nodes.map((inner) => written(inner, context)))
    case 'or':
      return node.nodes.length === 0 ? { $nor: [{}] } : node.nodes.length === 1 ? written(node.nodes[0] as FilterNode, context) : { $or: node.nodes.map((inner) => written(inner, context)) }
    case 'not':
      return negated(node.node, context)
  }
  const { records, table } = context.view
  if (records === 'tasks' && table.column(records, node.path)?.derived === true && node.path === 'duration') return computed(node, context)
  if (table.column(records, node.path)?.derived === true) context.note(`${node.path} is as the database holds it; Provscope computes it anew.`)
  return { [node.path]: condition(node, context) }
}

type Leaf = Extract<FilterNode, { path: string }>

function condition(node: Leaf, context: Context): MongoValue {
  const value = (operand: Operand): MongoValue => valueOf(operand, node, context)
  switch (node.op) {
    case 'exists':
      return { $exists: true }
    case 'regex':
      return { $regex: pcrePattern(node.pattern) }
    case 'eq': {
      if (node.value === null && node.path.includes('.')) context.note('A path through a list of dicts that none of them has is null to MongoDB, not to Provscope.')
      const equal = value(node.value)
      return equal instanceof Map ? { $eq: equal } : equal
    }
    case 'in':
      return { $in: node.values.map(value) }
    default:
      return { [`$${node.op}`]: value(node.value) }
  }
}

function negated(node: FilterNode, context: Context): MongoObject {
  if (node.op === 'eq' && !isComputed(node, context)) return { [node.path]: { $ne: valueOf(node.value, node, context) } }
  if (node.op === 'in' && !isComputed(node, context)) return { [node.path]: { $nin: node.values.map((value) => valueOf(value, node, context)) } }
  if (node.op === 'exists') return { [node.path]: { $exists: false } }
  if (node.op === 'or') return { $nor: node.nodes.map((inner) => written(inner, context)) }
  return { $nor: [written(node, context)] }
}

const isComputed = ({ path }: Leaf, { view }: Context): boolean => path === 'duration' && view.records === 'tasks'

/** Seconds from start to end: dates differ by milliseconds, plain numbers by seconds. */
function computed(node: Leaf, context: Context): MongoObject {
  const [[start, end] = ['', '']] = differenceOf(node.path).pairs
  if (node.op !== 'gt' && node.op !== 'gte' && node.op !== 'lt' && node.op !== 'lte') throw new Unsayable('duration is no field of MongoDB; a query can only ask whether it is more or less than something.')
  if (typeof node.value !== 'number') throw new Unsayable('duration is no field of MongoDB and is compared with numbers only.')
  context.note('MongoDB keeps times to the millisecond, and duration is computed from those.')
  return { [start]: { $type: 'date' }, [end]: { $type: 'date' }, $expr: { [`$${node.op}`]: [{ $subtract: [`$${end}`, `$${start}`] }, node.value * 1000] } }
}

function valueOf(value: Operand, node: Leaf, { note, view }: Context): MongoValue {
  if (view.records === 'tasks' && isTimeField(node.path) && typeof value === 'number' && Number.isFinite(value)) {
    note('MongoDB keeps times to the millisecond: what lies within the same one as a bound of the filter may differ.')
    return new MongoDate(value)
  }
  if (value instanceof Map && value.size > 1) note('MongoDB compares dicts with the order of their keys, Provscope without.')
  if (typeof value === 'bigint' && (value >= 2n ** 63n || value < -(2n ** 63n))) throw new Unsayable('MongoDB has no integers beyond 64 bits.')
  return value
}

/** Conditions on different fields in one object. */
function allOf(parts: readonly MongoObject[]): MongoObject {
  const keys = parts.flatMap((part) => Object.keys(part))
  if (new Set(keys).size === keys.length) return Object.assign({}, ...parts) as MongoObject
  const joined = joinedRanges(parts)
  return joined ?? { $and: parts }
}

/** `{a: {$gte: 1}}` and `{a: {$lt: 2}}` are `{a: {$gte: 1, $lt: 2}}`. */
function joinedRanges(parts: readonly MongoObject[]): MongoObject | null {
  const joined: Record<string, MongoValue> = {}
  for (const part of parts) {
    for (const [key, value] of Object.entries(part)) {
      const before = joined[key]
      if (before === undefined) joined[key] = value
      else if (isOperators(before) && isOperators(value) && !Object.keys(value).some((name) => Object.hasOwn(before, name))) joined[key] = { ...before, ...value }
      else return null
    }
  }
  return joined
}

function isOperators(value: MongoValue): value is MongoObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map) && !(value instanceof MongoDate) && Object.keys(value).every((key) => key.startsWith('$'))
}
