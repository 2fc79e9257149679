/** What is wrong with a filter, in a sentence for a person, and where. */
import { Refusal } from './reply.ts'

/** Keys and indexes from the filter to the mistake. */
export type Place = readonly (string | number)[]

const logicals = ['$and', '$or', '$nor'] as const
export type Logical = (typeof logicals)[number]
const fieldOperators = ['$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$in', '$nin', '$exists', '$regex', '$options', '$not']

export function isLogical(key: string): key is Logical {
  return (logicals as readonly string[]).includes(key)
}

export function isOperator(key: string): boolean {
  return /^\$[a-zA-Z0-9_]+$/.test(key)
}

export function topLevelMistake(key: string): string {
  if (key === '$not') return '$not stands inside a field, such as {"status": {"$not": {"$eq": "ERROR"}}}; for a whole filter use $nor.'
  if (fieldOperators.includes(key)) return `${key} stands inside a field, such as {"status": {${quote(key)}: …}}.`
  return `${key} is not an operator${suggestion(key, [...logicals, ...fieldOperators])}`
}

export function fieldMistake(key: string): string {
  if (isLogical(key)) return `${key} joins whole filters; it stands at the top or in another ${key}, not inside a field.`
  return `${key} is not an operator${suggestion(key, fieldOperators)}`
}

function suggestion(key: string, known: readonly string[]): string {
  const [nearest] = known.map((name) => ({ name, edits: distance(key.toLowerCase(), name) })).sort((a, b) => a.edits - b.edits)
  return nearest && nearest.edits <= 2 ? `; did you mean ${nearest.name}?` : `. There are ${known.join(', ')}.`
}

/** Edits (insert, drop, replace) from one name to the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1]
    for (let at = 1; at <= to.length; at++) {
      const replaced = (row[at - 1] as number) + (letter === to[at - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[at] as number) + 1, (next[at - 1] as number) + 1))
    }
    row = next
  }
  return row.at(-1) as number
}

export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}

export function nameOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0 ? 'an empty object' : 'an object'
  return typeof value === 'string' ? quote(value) : String(value)
}

export function refuse(place: Place, message: string): never {
  throw new Refusal('bad-request', message, [...place])
}
