/** Mongo's meaning of a filter, for one document in memory: the same answers as engine/session gives in SQL. */
import { RE2JS } from 're2js'
import type { FilterNode } from '#contract/filter'
import type { Operand } from '#contract/filterOperand'
import { field, isJsonObject, type JsonObject, type JsonValue } from '#contract/json'
import { compareSameKind, kindRank } from './compareValues.ts'

export type Matcher = (document: JsonObject) => boolean

/** Whether a document passes. To test many, make a matcher once: patterns are compiled there. */
export function matchFilter(node: FilterNode, document: JsonObject): boolean {
  return matcherOf(node)(document)
}

/** Patterns are matched by RE2's rules, in linear time, whatever they are. */
export function matcherOf(node: FilterNode): Matcher {
  switch (node.op) {
    case 'and': {
      const inner = node.nodes.map(matcherOf)
      return (document) => inner.every((matches) => matches(document))
    }
    case 'or': {
      const inner = node.nodes.map(matcherOf)
      return (document) => inner.some((matches) => matches(document))
    }
    case 'not': {
      const inner = matcherOf(node.node)
      return (document) => !inner(document)
    }
    case 'exists': {
      const keys = node.path.split('.')
      return (document) => valuesAt(document, keys).length > 0
    }
    case 'eq':
      return equalsAny(node.path, [node.value])
    case 'in':
      return equalsAny(node.path, node.values)
    case 'regex': {
      const keys = node.path.split('.')
      const pattern = RE2JS.compile(node.pattern)
      return (document) => anyValue(document, keys, (value) => typeof value === 'string' && pattern.matcher(value).find())
    }
    default:
      return ordered(node.path, node.op, node.value)
  }
}

/** The values a path leads to: through every element of a list on the way, or one by its index. Lists right inside lists are not gone through. */
export function valuesAt(document: JsonObject, keys: readonly string[]): JsonValue[] {
  let values: JsonValue[] = [document]
  for (const key of keys) values = values.flatMap((value) => step(value, key))
  return values
}

/** Deep equality: numbers by value, NaN equal to NaN, dicts whatever the order of their keys. */
export function equalsOperand(value: JsonValue, operand: Operand): boolean {
  if (operand === null || typeof operand !== 'object') return equalsScalar(value, operand)
  if (Array.isArray(operand)) {
    const items = operand as readonly Operand[]
    return Array.isArray(value) && value.length === items.length && items.every((item, index) => equalsOperand(value[index] as JsonValue, item))
  }
  const dict = operand as ReadonlyMap<string, Operand>
  if (!isJsonObject(value) || Object.keys(value).length !== dict.size) return false
  return [...dict].every(([key, item]) => Object.hasOwn(value, key) && equalsOperand(value[key] as JsonValue, item))
}

function equalsScalar(value: JsonValue, operand: null | boolean | number | bigint | string): boolean {
  if (value === operand) return true
  if (typeof value === 'number' && typeof operand === 'number') return Number.isNaN(value) && Number.isNaN(operand)
  // An integer is a bigint or a number by its size, and 2e60 is a number that is an integer: == compares their values.
  if ((typeof value === 'bigint' && typeof operand === 'number') || (typeof value === 'number' && typeof operand === 'bigint')) return value == operand
  return false
}

function step(value: JsonValue, key: string): JsonValue[] {
  if (Array.isArray(value)) {
    if (isIndex(key)) return value[Number(key)] === undefined ? [] : [value[Number(key)] as JsonValue]
    return value.flatMap((element) => (isJsonObject(element) ? step(element, key) : []))
  }
  if (!isJsonObject(value)) return []
  const found = field(value, key)
  return found === undefined ? [] : [found]
}

function anyValue(document: JsonObject, keys: readonly string[], passes: (value: JsonValue) => boolean): boolean {
  return valuesAt(document, keys).some((value) => passes(value) || (Array.isArray(value) && value.some(passes)))
}

function equalsAny(path: string, operands: readonly Operand[]): Matcher {
  const keys = path.split('.')
  const present = operands.filter((operand) => operand !== null)
  const withNull = present.length < operands.length
  return (document) =>
    anyValue(document, keys, (value) => (value === null ? withNull : present.some((operand) => equalsOperand(value, operand)))) ||
    (withNull && leadsToNull(document, keys))
}

function ordered(path: string, op: 'gt' | 'gte' | 'lt' | 'lte', operand: null | boolean | number | bigint | string): Matcher {
  const keys = path.split('.')
  const withEqual = op === 'gte' || op === 'lte'
  const sign = op === 'gt' || op === 'gte' ? 1 : -1
  const rank = kindRank(operand)
  return (document) =>
    anyValue(document, keys, (value) => {
      if (kindRank(value) !== rank) return false
      if (Number.isNaN(value) || Number.isNaN(operand)) return withEqual && Number.isNaN(value) && Number.isNaN(operand)
      const order = compareSameKind(value, operand)
      return order === 0 ? withEqual : order * sign > 0
    })
}

/** Whether the path leads to nothing or null without meeting a list that it would have to go through. */
function leadsToNull(value: JsonValue | undefined, keys: readonly string[]): boolean {
  const [key, ...rest] = keys
  if (key === undefined) return value === undefined || value === null
  if (Array.isArray(value)) return isIndex(key) && leadsToNull(value[Number(key)], rest)
  return isJsonObject(value) ? leadsToNull(field(value, key), rest) : true
}

function isIndex(key: string): boolean {
  return /^\d+$/.test(key)
}
