/** The values a filter compares with, checked: what a record can hold, and numbers that JSON cannot. */
import { nameOf, type Place, refuse } from './filterMistakes.ts'

export type Scalar = null | boolean | number | bigint | string
/** What a field is compared with. Dicts are Maps, so that any key is only a key; an integer is a bigint beyond ±2^53. */
export type Operand = Scalar | readonly Operand[] | ReadonlyMap<string, Operand>

export const maxFilterDepth = 64
export const maxFilterNodes = 10_000

export type Dict = { readonly [key: string]: unknown }
/** Parts of the filter met so far. */
export type Count = { nodes: number }

export function enter(count: Count, place: Place): void {
  count.nodes++
  if (place.length > maxFilterDepth) refuse(place.slice(0, 8), `The filter is nested deeper than ${maxFilterDepth} levels.`)
  if (count.nodes > maxFilterNodes) refuse(place, `The filter has more than ${maxFilterNodes.toLocaleString('en')} parts.`)
}

export function operand(value: unknown, place: Place, count: Count): Operand {
  switch (typeof value) {
    case 'boolean':
    case 'number':
    case 'bigint':
    case 'string':
      return value
  }
  if (value === null) return null
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => {
      const at = [...place, index]
      enter(count, at)
      return operand(item, at, count)
    })
  }
  if (!isDict(value)) return refuse(place, `${nameOf(value)} is not a value that a record can hold.`)
  if (isWrappedNumber(value)) return unwrapNumber(value, place)
  return new Map(
    Object.entries(value).map(([key, item]) => {
      const at = [...place, key]
      enter(count, at)
      return [key, operand(item, at, count)] as const
    })
  )
}

const wrappers: Record<string, RegExp> = {
  $numberInt: /^-?\d{1,10}$/,
  $numberLong: /^-?\d{1,400}$/,
  $numberDouble: /^(NaN|-?Infinity|-?\d+(\.\d+)?([eE][+-]?\d+)?)$/
}

export function isWrappedNumber(value: Dict): boolean {
  const keys = Object.keys(value)
  return keys.length === 1 && Object.hasOwn(wrappers, keys[0] as string)
}

function unwrapNumber(value: Dict, place: Place): number | bigint {
  const [[key, text]] = Object.entries(value) as [[string, unknown]]
  if (typeof text !== 'string' || !wrappers[key]?.test(text)) refuse([...place, key], `${key} needs a number in quotes, not ${nameOf(text)}.`)
  if (key === '$numberDouble') return Number(text)
  const integer = BigInt(text)
  return Number.isSafeInteger(Number(integer)) ? Number(integer) : integer
}

export function isDict(value: unknown): value is Dict {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype as object) === null
}
