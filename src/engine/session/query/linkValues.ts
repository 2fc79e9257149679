/** The values by which one task's inputs can be told to be another's outputs, and those too common to tell anything. */
import { isJsonObject, type JsonObject, type JsonValue, stringifyJson } from '#contract/json'
import type { Cell } from '#contract/values'
import { integerCell, numberCell } from '../table/cells.ts'

export type LinkValue = {
  /** Dotted name of the field it stands in, or of the list that holds it. */
  readonly path: string
  readonly value: JsonValue
  readonly cell: Cell
  /** As a column of each kind would hold it; null where none could. */
  readonly text: string | null
  readonly integer: string | null
  readonly number: string | null
  readonly json: string
}

/** Values that more tasks than this generated tell nothing. */
export const mostProducers = 20
export const leastLength = 3
export const leastDigits = 4
/** Of longer lists only the texts are looked at singly. */
export const mostNumbers = 1000

/**
 * The scalars of a field and of the lists in it, one level down, and whole lists: each value once, at the first path it stands at.
 *
 * Left out as trivial, since they are equal by chance: null, booleans, texts shorter than 3 characters, numbers with fewer than 4
 * significant digits (0, 1, 12, 0.31, 4000), NaN and infinities, and lists of fewer than 2 elements. Numbers in lists of more
 * than 1,000 elements are not looked at singly: such a list is data, compared whole. `linkKeysSql` is the same rule for all tasks at once.
 */
export function linkValues(name: string, value: JsonValue | undefined): LinkValue[] {
  const found = new Map<string, LinkValue>()
  const add = (path: string, item: JsonValue): void => {
    if (isTrivial(item)) return
    const json = stringifyJson(item)
    if (!found.has(json)) found.set(json, linkValue(path, item, json))
  }
  for (const waiting: [string, JsonValue][] = [[name, value ?? null]]; waiting.length > 0; ) {
    const [path, item] = waiting.pop() as [string, JsonValue]
    if (isJsonObject(item)) waiting.push(...Object.entries(item).map(([key, inner]): [string, JsonValue] => [`${path}.${key}`, inner]).toReversed())
    else add(path, item)
    if (Array.isArray(item)) for (const element of item) if (typeof element === 'string' || Array.isArray(element) || (item.length <= mostNumbers && typeof element !== 'object')) add(path, element)
  }
  return [...found.values()]
}

/** Texts that name tasks: a list of ids, or one. */
export function idsIn(document: JsonObject, field: string): string[] {
  const value = document[field]
  return [...new Set((Array.isArray(value) ? value : [value]).flatMap((item) => (typeof item === 'string' && item !== '' ? [item] : [])))]
}

export function isTrivial(value: JsonValue): boolean {
  if (value === null || typeof value === 'boolean') return true
  if (typeof value === 'string') return Array.from(value.slice(0, leastLength * 2)).length < leastLength || /\p{Surrogate}/u.test(value)
  if (Array.isArray(value)) return value.length < 2
  if (typeof value === 'object' || (typeof value === 'number' && !Number.isFinite(value))) return true
  return significantDigits(value) < leastDigits
}

function significantDigits(value: number | bigint): number {
  return String(value).replace(/e.*$/, '').replace(/[-.]/g, '').replace(/^0+/, '').replace(/0+$/, '').length
}

function linkValue(path: string, value: JsonValue, json: string): LinkValue {
  const text = typeof value === 'string' ? value : null
  const isWhole = typeof value === 'bigint' || Number.isSafeInteger(value)
  const integer = isWhole && (typeof value === 'number' || BigInt.asIntN(64, value as bigint) === value) ? String(value) : null
  const isDouble = typeof value === 'number' || (typeof value === 'bigint' && BigInt(Number(value)) === value)
  return { path, value, cell: cellOfJson(value, json), text, integer, number: isDouble ? String(Number(value)) : null, json }
}

function cellOfJson(value: JsonValue, json: string): Cell {
  if (typeof value === 'bigint') return integerCell(value)
  if (typeof value === 'number') return numberCell(value)
  if (typeof value === 'string') return value.length > cellLength ? { text: value.slice(0, cellLength), length: value.length } : value
  return json.length > cellLength ? { json: json.slice(0, cellLength), length: json.length } : { json }
}

const cellLength = 256
