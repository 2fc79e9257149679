/** Filters as chips: one filter in its top-level parts, and the words of one part. */
import type { TheFilter } from './scope.ts'

/** A part in three words, where it is about one column; else the JSON itself. */
export type Words = { field: string; operator: string; value: string } | { json: string }

/** Splits a filter into conditions that together mean the same: each key, each member of a top-level $and, each operator of a field. */
export function splitFilter(filter: TheFilter): TheFilter[] {
  return Object.entries(filter).flatMap(([key, value]) => {
    if (key === '$and' && Array.isArray(value)) return (value as TheFilter[]).flatMap(splitFilter)
    const operators = operatorsOf(value)
    if (key.startsWith('$') || operators === null || operators.length < 2 || Object.hasOwn(value as TheFilter, '$regex')) return [{ [key]: value }]
    return isRange(operators) ? [{ [key]: value }] : operators.map(([operator, operand]) => ({ [key]: { [operator]: operand } }))
  })
}

export function wordsOf(filter: TheFilter): Words {
  const entries = Object.entries(filter)
  const [entry] = entries
  if (!entry || entries.length !== 1 || entry[0].startsWith('$')) return { json: JSON.stringify(filter) }
  const [field, value] = entry
  const operators = operatorsOf(value)
  if (operators === null || operators[0]?.[0].startsWith('$number')) return value === null ? { field, operator: 'is', value: 'null' } : { field, operator: '=', value: literal(value) }
  if (isRange(operators)) {
    const [low, high] = [operators.find(([key]) => key.startsWith('$g')), operators.find(([key]) => key.startsWith('$l'))]
    return { field, operator: '', value: `${literal(low?.[1])} ${low?.[0] === '$gt' ? '<' : '≤'} … ${high?.[0] === '$lt' ? '<' : '≤'} ${literal(high?.[1])}` }
  }
  const [first] = operators
  if (!first || (operators.length > 1 && first[0] !== '$regex')) return { json: JSON.stringify(filter) }
  return operatorWords(field, first[0], first[1]) ?? { json: JSON.stringify(filter) }
}

/** The same in one line. */
export function phraseOf(filter: TheFilter): string {
  const words = wordsOf(filter)
  return 'json' in words ? words.json : [words.field, words.operator, words.value].filter(Boolean).join(' ')
}

function operatorWords(field: string, operator: string, operand: unknown): Words | null {
  switch (operator) {
    case '$exists':
      return { field, operator: operand === true ? 'is present' : 'is absent', value: '' }
    case '$ne':
      return operand === null ? { field, operator: 'has a value', value: '' } : { field, operator: '≠', value: literal(operand) }
    case '$in':
    case '$nin':
      return Array.isArray(operand) ? { field, operator: operator === '$in' ? 'one of' : 'none of', value: list(operand) } : null
    case '$regex':
      return typeof operand === 'string' ? { field, operator: isPlain(operand) ? 'contains' : 'matches', value: isPlain(operand) ? unescape(operand) : operand } : null
    default: {
      const sign = signs[operator]
      return sign === undefined ? null : { field, operator: sign, value: literal(operand) }
    }
  }
}

const signs: Record<string, string> = { $eq: '=', $gt: '>', $gte: '≥', $lt: '<', $lte: '≤' }

/** Text to be found as it stands, as a pattern. */
export const escapeRegex = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const unescape = (pattern: string): string => pattern.replace(/\\([.*+?^${}()|[\]\\])/g, '$1')
const isPlain = (pattern: string): boolean => escapeRegex(unescape(pattern)) === pattern

function literal(value: unknown): string {
  const wrapped = operatorsOf(value)
  if (wrapped?.length === 1 && wrapped[0]?.[0].startsWith('$number')) return String(wrapped[0][1])
  return typeof value === 'string' ? value : JSON.stringify(value)
}

const shownValues = 3
const list = (values: unknown[]): string => `${values.slice(0, shownValues).map(literal).join(', ')}${values.length > shownValues ? ` +${values.length - shownValues}` : ''}`

function operatorsOf(value: unknown): [string, unknown][] | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const entries = Object.entries(value)
  return entries.length > 0 && entries.every(([key]) => key.startsWith('$')) ? entries : null
}

const isRange = (operators: [string, unknown][]): boolean => operators.length === 2 && operators.some(([key]) => key === '$gt' || key === '$gte') && operators.some(([key]) => key === '$lt' || key === '$lte')
