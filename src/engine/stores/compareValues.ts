/** The order of values of any kind, as MongoDB sorts them, so that a page is the same from every store. */
import type { JsonObject, JsonValue } from '#contract/json'
import { valuesAt } from './matchFilter.ts'
import type { StoreSort } from './store.ts'

/** Missing and null, then numbers, text, dicts, lists, booleans. Ascending. */
export function compareValues(left: JsonValue | undefined, right: JsonValue | undefined): number {
  const byKind = kindRank(left) - kindRank(right)
  return byKind === 0 ? compareSameKind(left, right) : byKind
}

/** Where the kind of a value stands among kinds; values of equal rank can be compared. */
export function kindRank(value: JsonValue | undefined): number {
  if (value === undefined || value === null) return 0
  if (typeof value === 'number' || typeof value === 'bigint') return 1
  if (typeof value === 'string') return 2
  if (typeof value === 'boolean') return 5
  return Array.isArray(value) ? 4 : 3
}

/** Of two values of one rank; NaN is the least number, text is compared by code points. */
export function compareSameKind(left: JsonValue | undefined, right: JsonValue | undefined): number {
  if (typeof left === 'string') return compareText(left, right as string)
  if (left === undefined || left === null) return 0
  if (Array.isArray(left)) return compareLists(left, right as JsonValue[])
  if (typeof left === 'object') return compareLists(Object.entries(left).flat(), Object.entries(right as JsonObject).flat())
  const [a, b] = [left, right as number | bigint | boolean]
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(b)) - Number(Number.isNaN(a))
  return a < b ? -1 : a > b ? 1 : 0
}

/** What a record is sorted by: of a list its least element if ascending, its greatest if descending. */
export function sortKey(document: JsonObject, { path, descending = false }: StoreSort): JsonValue | undefined {
  const values = valuesAt(document, path.split('.')).flatMap((value) => (Array.isArray(value) && value.length > 0 ? value : [value]))
  let best: JsonValue | undefined
  for (const [index, value] of values.entries()) {
    if (index === 0 || compareValues(value, best) * (descending ? -1 : 1) < 0) best = value
  }
  return best
}

/** UTF-8's order, which differs from JavaScript's where half of a surrogate pair meets a character above U+DFFF. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0
  const length = Math.min(left.length, right.length)
  let at = 0
  while (at < length && left.charCodeAt(at) === right.charCodeAt(at)) at++
  if (at === length) return left.length - right.length
  const [a, b] = [left.charCodeAt(at), right.charCodeAt(at)]
  return isSurrogate(a) === isSurrogate(b) ? a - b : isSurrogate(a) ? (b > 0xdfff ? 1 : a - b) : a > 0xdfff ? -1 : a - b
}

function compareLists(left: readonly JsonValue[], right: readonly JsonValue[]): number {
  for (let at = 0; at < left.length && at < right.length; at++) {
    const order = compareValues(left[at], right[at])
    if (order !== 0) return order
  }
  return left.length - right.length
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff
}
