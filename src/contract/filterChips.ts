/** Filters as the chips of the filter bar, and back: a conjunction of simple conditions is a chip each, anything else a chip of JSON. */
import { jsonSafe } from './filter.ts'
import { isOperator } from './filterMistakes.ts'
import { isWrappedNumber } from './filterOperand.ts'
import { escapeRegex } from './filterRegex.ts'
import { parseJson } from './json.ts'
import type { Cell } from './values.ts'

export const chipOperators = ['$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$in', '$nin', '$exists', '$regex', '$not $regex'] as const
export type ChipOperator = (typeof chipOperators)[number]

/** `value` is what the filter's JSON holds; `options` are those of a regular expression. */
export type ConditionChip = { kind: 'condition'; column: string; operator: ChipOperator; value: unknown; options?: string; enabled: boolean }
export type JsonChip = { kind: 'json'; filter: Record<string, unknown>; enabled: boolean }
export type Chip = ConditionChip | JsonChip

type Filter = Record<string, unknown>

/** One chip for each condition that must hold. Together they mean what the filter means. */
export function chipsOf(filter: Filter): Chip[] {
  return Object.entries(filter).flatMap(([key, value]): Chip[] => {
    if (key === '$and' && Array.isArray(value) && value.length > 0 && value.every(isObject)) return value.flatMap(chipsOf)
    if (key.startsWith('$')) return [{ kind: 'json', filter: own(key, value), enabled: true }]
    return conditionsOf(key, value)
  })
}

/** The filter of the enabled chips; conditions on one column share an object where they can. */
export function filterOfChips(chips: readonly Chip[]): Filter {
  const parts = chips.filter((chip) => chip.enabled).map(filterOfChip)
  const merged: Filter[] = []
  for (const part of parts) {
    const into = merged.find((candidate) => canMerge(candidate, part))
    if (into) merge(into, part)
    else merged.push(part)
  }
  if (merged.length <= 1) return merged[0] ?? {}
  return { $and: merged }
}

export function filterOfChip(chip: Chip): Filter {
  if (chip.kind === 'json') return { ...chip.filter }
  const { column, operator, value, options } = chip
  if (operator === '$eq') return own(column, isObject(value) && !isWrappedNumber(value) ? { $eq: value } : value)
  if (operator !== '$regex' && operator !== '$not $regex') return own(column, { [operator]: value })
  const regex = { $regex: value, ...(options !== undefined && options !== '' && { $options: options }) }
  return own(column, operator === '$regex' ? regex : { $not: regex })
}

/** What a chip says, in its three parts; all but the value of a JSON chip are short. */
export function describeChip(chip: Chip): { field: string; operator: string; value: string } {
  if (chip.kind === 'json') return { field: 'JSON', operator: '', value: JSON.stringify(chip.filter) }
  const { column: field, operator, value } = chip
  if (operator === '$exists') return { field, operator: value === true ? 'exists' : 'is missing', value: '' }
  if (operator === '$regex' || operator === '$not $regex') return { field, ...describeRegex(String(value), operator === '$not $regex') }
  return { field, operator: signs[operator], value: describeValue(value) }
}

/** The value of a table's cell as a filter holds it; undefined for a cell that was cut. */
export function filterValueOf(cell: Cell): unknown {
  if (cell === null || typeof cell !== 'object') return jsonSafe(cell)
  if ('int' in cell) return { $numberLong: cell.int }
  if ('float' in cell) return { $numberDouble: cell.float === '-0' ? '-0.0' : cell.float }
  return 'json' in cell && cell.length === undefined ? jsonSafe(parseJson(cell.json)) : undefined
}

const signs: Record<Exclude<ChipOperator, '$exists' | '$regex' | '$not $regex'>, string> = {
  $eq: '=',
  $ne: '≠',
  $gt: '>',
  $gte: '≥',
  $lt: '<',
  $lte: '≤',
  $in: 'in',
  $nin: 'not in'
}

function conditionsOf(column: string, value: unknown): Chip[] {
  if (!isObject(value) || isWrappedNumber(value) || !Object.keys(value).some(isOperator)) {
    return [{ kind: 'condition', column, operator: '$eq', value, enabled: true }]
  }
  return Object.keys(value)
    .filter((key) => key !== '$options' || !Object.hasOwn(value, '$regex'))
    .map((key) => conditionOf(column, key, value))
}

function conditionOf(column: string, key: string, operators: Filter): Chip {
  const value = operators[key]
  if (key === '$regex') return regexChip(column, '$regex', operators)
  if (key === '$not' && isObject(value) && Object.hasOwn(value, '$regex') && Object.keys(value).every((name) => name === '$regex' || name === '$options')) {
    return regexChip(column, '$not $regex', value)
  }
  const operator = chipOperators.find((name) => name === key)
  if (operator === undefined) return { kind: 'json', filter: own(column, own(key, value)), enabled: true }
  return { kind: 'condition', column, operator, value, enabled: true }
}

function regexChip(column: string, operator: ChipOperator, { $regex: value, $options: options }: Filter): Chip {
  return { kind: 'condition', column, operator, value, ...(typeof options === 'string' && { options }), enabled: true }
}

/** Two filters can be one object if they share no column, or only one where both have operators and none twice. */
function canMerge(into: Filter, part: Filter): boolean {
  return Object.entries(part).every(([key, value]) => {
    if (!Object.hasOwn(into, key)) return true
    const present = into[key]
    return !key.startsWith('$') && isOperators(present) && isOperators(value) && Object.keys(value).every((operator) => !Object.hasOwn(present, operator))
  })
}

function merge(into: Filter, part: Filter): void {
  for (const [key, value] of Object.entries(part)) {
    const both = Object.hasOwn(into, key) ? { ...(into[key] as Filter), ...(value as Filter) } : value
    Object.defineProperty(into, key, { value: both, enumerable: true, writable: true, configurable: true })
  }
}

function describeRegex(pattern: string, negated: boolean): { operator: string; value: string } {
  const prefix = pattern.startsWith('^')
  const literal = (prefix ? pattern.slice(1) : pattern).replaceAll(/\\([\s\S])/g, '$1')
  if (escapeRegex(literal) === (prefix ? pattern.slice(1) : pattern)) {
    if (prefix) return { operator: negated ? 'does not start with' : 'starts with', value: describeValue(literal) }
    return { operator: negated ? 'does not contain' : 'contains', value: describeValue(literal) }
  }
  return { operator: negated ? 'does not match' : 'matches', value: `/${pattern}/` }
}

/** Text stands without quotes unless it could be taken for something else. */
function describeValue(value: unknown): string {
  if (typeof value === 'string') return /^(\s.*|.*\s|-?[\d.]+(e[+-]?\d+)?|true|false|null|)$/i.test(value) ? JSON.stringify(value) : value
  if (Array.isArray(value)) return value.map(describeValue).join(', ')
  if (isObject(value) && isWrappedNumber(value)) return String(Object.values(value)[0])
  return JSON.stringify(value)
}

/** An object with this one key, `__proto__` too. */
function own(key: string, value: unknown): Filter {
  return Object.fromEntries([[key, value]])
}

function isObject(value: unknown): value is Filter {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isOperators(value: unknown): value is Filter {
  return isObject(value) && !isWrappedNumber(value) && Object.keys(value).some(isOperator)
}
