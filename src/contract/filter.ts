/** The filter language: Flowcept's Mongo-style JSON, checked and turned into a small tree that the engine compiles to SQL. */
import { fieldMistake, isLogical, isOperator, type Logical, nameOf, type Place, quote, refuse, topLevelMistake } from './filterMistakes.ts'
import { type Count, type Dict, enter, isDict, isWrappedNumber, type Operand, operand, type Scalar } from './filterOperand.ts'
import { translateRegex } from './filterRegex.ts'
import { JsonSyntaxError, type JsonValue, parseJson } from './json.ts'
import { Refusal } from './reply.ts'

export type Comparison = 'gt' | 'gte' | 'lt' | 'lte'

/** A checked filter. `$ne`, `$nin`, `$nor` and `$exists: false` are `not` of their positive. An `and` of nothing holds always. */
export type FilterNode =
  | { readonly op: 'and' | 'or'; readonly nodes: readonly FilterNode[] }
  | { readonly op: 'not'; readonly node: FilterNode }
  | { readonly op: 'eq'; readonly path: string; readonly value: Operand }
  | { readonly op: Comparison; readonly path: string; readonly value: Scalar }
  | { readonly op: 'in'; readonly path: string; readonly values: readonly Operand[] }
  | { readonly op: 'exists'; readonly path: string }
  /** `pattern` is already in RE2's syntax. */
  | { readonly op: 'regex'; readonly path: string; readonly pattern: string }

/** Text that is no JSON, with the place of the mistake; lines and columns count from 1. */
export class FilterSyntaxError extends Refusal {
  constructor(
    message: string,
    readonly line: number,
    readonly column: number
  ) {
    super('bad-request', message)
  }
}

/**
 * Checks a filter and gives its tree.
 * Numbers that JSON cannot hold may be written as Mongo writes them: `{"$numberLong": "9007199254740993"}`, `{"$numberDouble": "NaN"}`.
 * @throws Refusal `bad-request` with a sentence and the path of the mistake
 */
export function parseFilter(value: unknown): FilterNode {
  const count = { nodes: 0 }
  enter(count, [])
  if (!isDict(value)) refuse([], `A filter is an object such as {"status": "ERROR"}, not ${nameOf(value)}.`)
  return document(value, [], count)
}

/**
 * Reads a filter as somebody typed it. The `filter` given back can cross any border: what JSON cannot hold is wrapped as `$numberLong` or `$numberDouble`.
 * Empty text is the empty filter.
 * @throws FilterSyntaxError for text that is no JSON, Refusal for JSON that is no filter
 */
export function parseFilterText(text: string): { filter: Record<string, unknown>; node: FilterNode } {
  if (text.trim() === '') return { filter: {}, node: { op: 'and', nodes: [] } }
  const value = parseText(text)
  const node = parseFilter(value)
  return { filter: jsonSafe(value) as Record<string, unknown>, node }
}

/** The value with bigints, NaN, the infinities and −0 wrapped as Mongo's extended JSON does, so that JSON keeps it. */
export function jsonSafe(value: unknown): unknown {
  if (typeof value === 'bigint') return { $numberLong: String(value) }
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) {
    return { $numberDouble: Object.is(value, -0) ? '-0.0' : String(value) }
  }
  if (Array.isArray(value)) return value.map(jsonSafe)
  if (isDict(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, jsonSafe(item)]))
  return value
}

function parseText(text: string): JsonValue {
  try {
    return parseJson(text)
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error
    const before = text.slice(0, error.position).split('\n')
    const column = (before.at(-1)?.length ?? 0) + 1
    throw new FilterSyntaxError(`Line ${before.length}, column ${column}: expected ${error.expected}, found ${error.found}.`, before.length, column)
  }
}

function document(value: Dict, place: Place, count: Count): FilterNode {
  const nodes = Object.entries(value).map(([key, item]) => {
    const at = [...place, key]
    enter(count, at)
    if (isLogical(key)) return logical(key, item, at, count)
    if (isOperator(key)) refuse(at, topLevelMistake(key))
    return { op: 'and', nodes: condition(key, item, at, count) } as const
  })
  return and(nodes)
}

function logical(operator: Logical, value: unknown, place: Place, count: Count): FilterNode {
  if (!Array.isArray(value) || value.length === 0) refuse(place, `${operator} needs a list of one or more filters, not ${nameOf(value)}.`)
  const nodes = value.map((item: unknown, index) => {
    const at = [...place, index]
    enter(count, at)
    if (!isDict(item)) refuse(at, `${operator} holds filters such as {"status": "ERROR"}, not ${nameOf(item)}.`)
    return document(item, at, count)
  })
  if (operator === '$and') return { op: 'and', nodes }
  return operator === '$or' ? { op: 'or', nodes } : { op: 'not', node: { op: 'or', nodes } }
}

/** What one field is asked: a value to be equal to, or an object of operators. */
function condition(path: string, value: unknown, place: Place, count: Count): FilterNode[] {
  if (!isDict(value) || isWrappedNumber(value) || !Object.keys(value).some(isOperator)) {
    return [{ op: 'eq', path, value: operand(value, place, count) }]
  }
  return Object.entries(value).flatMap(([key, item]) => {
    const at = [...place, key]
    enter(count, at)
    if (!isOperator(key)) refuse(at, `${quote(key)} stands among operators; a field is either compared with a value or given operators.`)
    if (key === '$options') {
      if (!Object.hasOwn(value, '$regex')) refuse(at, '$options belongs to $regex, which is not here.')
      return []
    }
    return [fieldOperator(path, key, item, { place: at, count, options: value['$options'] })]
  })
}

function fieldOperator(path: string, operator: string, value: unknown, context: { place: Place; count: Count; options: unknown }): FilterNode {
  const { place, count } = context
  switch (operator) {
    case '$eq':
      return { op: 'eq', path, value: operand(value, place, count) }
    case '$ne':
      return not({ op: 'eq', path, value: operand(value, place, count) })
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return { op: operator.slice(1) as Comparison, path, value: ordered(operator, value, place, count) }
    case '$in':
    case '$nin': {
      if (!Array.isArray(value)) refuse(place, `${operator} needs a list of values, not ${nameOf(value)}.`)
      const node: FilterNode = { op: 'in', path, values: operand(value, place, count) as readonly Operand[] }
      return operator === '$in' ? node : not(node)
    }
    case '$exists':
      if (typeof value !== 'boolean') refuse(place, `$exists needs true or false, not ${nameOf(value)}.`)
      return value ? { op: 'exists', path } : not({ op: 'exists', path })
    case '$regex':
      return { op: 'regex', path, pattern: regex(value, context.options, place) }
    case '$not':
      if (!isDict(value) || isWrappedNumber(value) || !Object.keys(value).some(isOperator)) {
        refuse(place, `$not needs operators, such as {"$not": {"$gt": 5}}, not ${nameOf(value)}.`)
      }
      return not(and(condition(path, value, place, count)))
    default:
      return refuse(place, fieldMistake(operator))
  }
}

function ordered(operator: string, value: unknown, place: Place, count: Count): Scalar {
  const result = operand(value, place, count)
  if (result !== null && typeof result === 'object') refuse(place, `${operator} compares with a number, text, true, false or null, not ${nameOf(value)}.`)
  return result
}

function regex(pattern: unknown, options: unknown, place: Place): string {
  if (typeof pattern !== 'string') refuse(place, `$regex needs a pattern in quotes, not ${nameOf(pattern)}.`)
  const optionsPlace = [...place.slice(0, -1), '$options']
  if (options !== undefined && typeof options !== 'string') refuse(optionsPlace, `$options needs letters in quotes, such as "i", not ${nameOf(options)}.`)
  const unknown = /[^imsx]/.exec(options ?? '')
  if (unknown) refuse(optionsPlace, `$options knows i, m, s and x, not ${quote(unknown[0])}.`)
  const translated = translateRegex(pattern, options ?? '')
  return 'mistake' in translated ? refuse(place, translated.mistake) : translated.pattern
}

function and(nodes: readonly FilterNode[]): FilterNode {
  const flat = nodes.flatMap((node) => (node.op === 'and' ? node.nodes : [node]))
  return flat.length === 1 ? (flat[0] as FilterNode) : { op: 'and', nodes: flat }
}

function not(node: FilterNode): FilterNode {
  return { op: 'not', node }
}
