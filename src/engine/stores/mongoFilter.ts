/** Filters as MongoDB's own queries, wherever those mean exactly the same; the rest is left to the matcher in memory. */
import { Long, type Document, type Filter } from 'mongodb'
import type { Comparison, FilterNode } from '#contract/filter'
import type { Operand, Scalar } from '#contract/filterOperand'
import type { RecordKind } from '#engine/records/classify'
import { besideField, dateOf, isTimeField, isWellFormed, type MongoAbilities } from './mongoDocuments.ts'

/** What the server is asked, and what is still to be tested of each document it gives: null if nothing. */
export type PushedFilter = { readonly query: Filter<Document>; readonly rest: FilterNode | null }

/** Parts of an `and` that the server cannot answer exactly are split off; any other such filter is tested here as a whole. */
export function pushDown(kind: RecordKind, node: FilterNode, abilities: MongoAbilities): PushedFilter {
  const parts = node.op === 'and' ? node.nodes : [node]
  const queries: Document[] = []
  const rest: FilterNode[] = []
  for (const part of parts) {
    const query = compile(part, { kind, abilities })
    if (query) queries.push(query)
    else rest.push(part)
  }
  return { query: allOf(queries), rest: rest.length === 0 ? null : { op: 'and', nodes: rest } }
}

/** RE2's syntax is PCRE's but for `$`, which there also stands before a last line break. */
export function pcrePattern(pattern: string): string {
  const isMultiline = /\(\?[ims]*m/.test(pattern)
  if (isMultiline) return pattern
  return pattern.replaceAll(/\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\$/g, (text) => (text === '$' ? String.raw`\z` : text))
}

type Context = { readonly kind: RecordKind; readonly abilities: MongoAbilities }

/** Null for what cannot be said exactly. */
function compile(node: FilterNode, context: Context): Document | null {
  switch (node.op) {
    case 'and':
    case 'or': {
      const queries = node.nodes.map((inner) => compile(inner, context))
      if (queries.some((query) => query === null)) return null
      return node.op === 'and' ? allOf(queries as Document[]) : { $or: queries }
    }
    case 'not': {
      const query = compile(node.node, context)
      return query && { $nor: [query] }
    }
  }
  if (!isNameable(node.path)) return null
  switch (node.op) {
    case 'exists':
      return { [node.path]: { $exists: true } }
    case 'regex':
      return { [node.path]: { $regex: pcrePattern(node.pattern) } }
    case 'eq':
      return equals(node.path, node.value, context)
    case 'in': {
      const queries = node.values.map((value) => equals(node.path, value, context))
      return queries.some((query) => query === null) ? null : oneOf(node.path, node.values, queries as Document[], context)
    }
    default:
      return ordered(node.path, node.op, node.value, context)
  }
}

function oneOf(path: string, values: readonly Operand[], queries: readonly Document[], { kind }: Context): Document {
  const isPlain = !(kind === 'task' && isTimeField(path)) && values.every((value) => value !== null && typeof value !== 'object')
  if (isPlain || values.length === 0) return { [path]: { $in: values.map((value) => bson(value)) } }
  return { $or: queries }
}

function equals(path: string, value: Operand, context: Context): Document | null {
  // Mongo takes a list on the way that does not lead there for null, this language does not.
  if (value === null) return path.includes('.') ? null : { [path]: { $eq: null } }
  if (!isSayable(value, context.abilities, true)) return null
  const query = { [path]: { $eq: bson(value) } }
  if (!isDated(path, context) || typeof value !== 'number') return query
  return dated(path, 'eq', value, query)
}

function ordered(path: string, op: Comparison, value: Scalar, context: Context): Document | null {
  if (value === null) return op === 'gt' || op === 'lt' || path.includes('.') ? null : { [path]: { $eq: null, $exists: true } }
  if (!isSayable(value, context.abilities, true)) return null
  const query = { [path]: { [`$${op}`]: bson(value) } }
  return isDated(path, context) && (typeof value === 'number' || typeof value === 'bigint') ? dated(path, op, Number(value), query) : query
}

/** Dates have milliseconds; what lies within one is told by the exact time beside, which is missing where the date is exact. */
function dated(path: string, op: Comparison | 'eq', value: number, ofNumbers: Document): Document | null {
  const date = dateOf(value)
  if (!date) return null
  const beside = `${besideField}.times.${path}`
  const isWhole = date.getTime() / 1000 === value
  const within: Document[] = [{ [beside]: { [`$${op}`]: value } }]
  // Without a time beside, the time is the date itself, which is never later than the value.
  if (op === 'lte' || (op === 'lt' && !isWhole) || ((op === 'gte' || op === 'eq') && isWhole)) within.push({ [beside]: { $exists: false } })
  const sameDate = { $and: [{ [path]: { $eq: date } }, { $or: within }] }
  const others = op === 'eq' ? [] : [{ [path]: { [op.startsWith('g') ? '$gt' : '$lt']: date } }]
  return { $or: [ofNumbers, ...others, sameDate] }
}

function isDated(path: string, { kind }: Context): boolean {
  return kind === 'task' && isTimeField(path)
}

/** A number in a path is an index or a key, and servers differ over lists that lie there. */
export function isNameable(path: string): boolean {
  const keys = path.split('.')
  return keys.every((key) => key !== '' && !/^\d+$/.test(key) && !key.startsWith('$') && !key.includes('\0') && isWellFormed(key)) && keys[0] !== '_id' && keys[0] !== besideField
}

/** Whether the server compares it as this language does: dicts there have an order, NaN and lists in lists are not everywhere. */
function isSayable(value: Operand, abilities: MongoAbilities, isTop: boolean): boolean {
  if (typeof value === 'bigint') return value < 2n ** 63n && value >= -(2n ** 63n)
  if (typeof value === 'number') return Number.isFinite(value) && (abilities.anyValues || !Object.is(value, -0))
  if (typeof value === 'string') return isWellFormed(value)
  if (value === null || typeof value === 'boolean') return true
  if (Array.isArray(value)) return (isTop || abilities.anyValues) && (value as readonly Operand[]).every((item) => isSayable(item, abilities, false))
  const dict = value as ReadonlyMap<string, Operand>
  return dict.size <= 1 && [...dict].every(([key, item]) => (abilities.anyKeys || (!key.includes('.') && !key.startsWith('$'))) && !key.includes('\0') && isSayable(item, abilities, false))
}

function bson(value: Operand): unknown {
  if (typeof value === 'number' && Number.isSafeInteger(value) && Math.abs(value) >= 2 ** 31) return Long.fromNumber(value)
  if (Array.isArray(value)) return (value as readonly Operand[]).map(bson)
  if (value instanceof Map) return new Map([...(value as ReadonlyMap<string, Operand>)].map(([key, item]) => [key, bson(item)]))
  return value
}

function allOf(queries: readonly Document[]): Document {
  const [first, ...others] = queries
  if (!first) return {}
  return others.length === 0 ? first : { $and: [...queries] }
}
