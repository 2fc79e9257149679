/**
 * What a filter asks of one value, as SQL: of a value in a typed column, of a JSON value, of a value reached through lists.
 * Values are compared within their kind only: numbers with numbers however they are stored, text with text.
 */
import type { Comparison } from '#contract/filter'
import type { Operand, Scalar } from '#contract/filterOperand'
import type { Sql, Storage } from '../table/sourceTable.ts'
import { allOf, anyOf, joinSql, never, param, raw, sql } from '../table/sql.ts'

/** `equals` holds for any of the values, of which none is null; `null` holds for an explicit null. */
export type ValueTest =
  | { readonly kind: 'equals'; readonly values: readonly Exclude<Operand, null>[] }
  | { readonly kind: 'order'; readonly op: Comparison; readonly value: Exclude<Scalar, null> }
  | { readonly kind: 'regex'; readonly pattern: string }
  | { readonly kind: 'null' }

/** Tests the value in a column; a JSON value as a whole, not its elements. NULL where the column is NULL. */
export function testColumn(test: ValueTest, value: Sql, storage: Storage): Sql {
  switch (storage) {
    case 'BOOLEAN':
      return testBoolean(test, value)
    case 'VARCHAR':
      return testText(test, value)
    case 'BIGINT':
      return testInteger(test, value, int64)
    case 'DOUBLE':
      return testDouble(test, value)
    case 'JSON':
      return testJson(test, value)
  }
}

/** Tests a JSON value as a whole. */
export function testJson(test: ValueTest, value: Sql): Sql {
  if (test.kind === 'null') return sql`json_type(${value}) = 'NULL'`
  const text = sql`json_extract_string(${value}, '$')`
  const composites = test.kind === 'equals' ? test.values.filter((item) => typeof item === 'object') : []
  return anyOf([
    ofType(value, `= 'VARCHAR'`, testText(test, text)),
    ofType(value, `= 'BOOLEAN'`, testBoolean(test, sql`TRY_CAST(${text} AS BOOLEAN)`)),
    ofType(value, `IN ('BIGINT', 'UBIGINT', 'HUGEINT', 'DOUBLE')`, testNumberText(test, text)),
    ...composites.map((item) => equalsJson(value, item))
  ])
}

/** Tests a JSON value as a whole and, if it is a list, each of its elements. */
export function testJsonOrElements(test: ValueTest, value: Sql): Sql {
  const whole = testJson(test, value)
  if (whole.text === never.text) return never
  return sql`(${whole} OR ${someOf(elementsOf(value), (element) => testJson(test, element))})`
}

/**
 * The values that a path leads to from a JSON value, as a list of JSON: through every element of a list on the way, or one by its index.
 * Lists right inside lists are not gone through.
 */
export function valuesAt(value: Sql, path: readonly string[]): Sql {
  let values = sql`[CAST(${value} AS JSON)]`
  for (const key of path) values = step(values, key)
  return values
}

/** Whether the path leads from a JSON value to nothing or null without meeting a list that it would have to go through. */
export function leadsToNull(value: Sql, path: readonly string[]): Sql {
  const [key, ...rest] = path
  if (key === undefined) return sql`(${value} IS NULL OR json_type(${value}) = 'NULL')`
  const next = leadsToNull(sql`json_extract(${value}, ${pointer(key)})`, rest)
  const inList = isIndex(key) ? next : never
  return sql`CASE json_type(${value}) WHEN 'ARRAY' THEN ${inList} WHEN 'OBJECT' THEN ${next} ELSE TRUE END`
}

/** Whether any of the values passes, or any element of those that are lists. */
export function testValues(test: ValueTest, values: Sql): Sql {
  if (testJson(test, raw('NULL')).text === never.text) return never
  return someOf(values, (value) => testJsonOrElements(test, value))
}

export function isIndex(key: string): boolean {
  return /^\d+$/.test(key)
}

function step(values: Sql, key: string): Sql {
  const name = lambdaName()
  const value = raw(name)
  const one = sql`[json_extract(${value}, ${pointer(key)})]`
  const ofList = isIndex(key) ? one : eachOf(sql`json_extract(${value}, '$[*]')`, (element) => sql`CASE json_type(${element}) WHEN 'OBJECT' THEN json_extract(${element}, ${pointer(key)}) END`)
  const next = sql`flatten(list_transform(${values}, lambda ${value}: CASE json_type(${value}) WHEN 'ARRAY' THEN ${ofList} WHEN 'OBJECT' THEN ${one} ELSE CAST([] AS JSON[]) END))`
  const found = raw(lambdaName())
  return sql`list_filter(${next}, lambda ${found}: ${found} IS NOT NULL)`
}

function elementsOf(value: Sql): Sql {
  return sql`CASE WHEN json_type(${value}) = 'ARRAY' THEN json_extract(${value}, '$[*]') END`
}

function eachOf(list: Sql, of: (element: Sql) => Sql): Sql {
  const element = raw(lambdaName())
  return sql`list_transform(${list}, lambda ${element}: ${of(element)})`
}

function someOf(list: Sql, passes: (element: Sql) => Sql): Sql {
  const element = raw(lambdaName())
  return sql`len(list_filter(${list}, lambda ${element}: ${passes(element)})) > 0`
}

let lambdas = 0
/** Lambdas nest, so each has a name of its own. */
function lambdaName(): string {
  lambdas = (lambdas + 1) % 1_000_000
  return `e${lambdas}`
}

/** A key as a JSON pointer; on a list digits are an index. */
function pointer(key: string): Sql {
  return param(`/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`)
}

function ofType(value: Sql, type: string, condition: Sql): Sql {
  return condition.text === never.text ? never : sql`(json_type(${value}) ${raw(type)} AND ${condition})`
}

/** Deep equality, in which the order of a dict's keys does not count. */
function equalsJson(value: Sql, operand: Operand): Sql {
  if (operand === null) return sql`json_type(${value}) = 'NULL'`
  if (Array.isArray(operand)) {
    const items = operand as readonly Operand[]
    return allOf([
      sql`json_type(${value}) = 'ARRAY'`,
      sql`json_array_length(${value}) = ${raw(String(items.length))}`,
      ...items.map((item, index) => equalsJson(sql`json_extract(${value}, ${param(`/${index}`)})`, item))
    ])
  }
  if (operand instanceof Map) {
    const entries = [...(operand as ReadonlyMap<string, Operand>)]
    return allOf([
      sql`json_type(${value}) = 'OBJECT'`,
      sql`len(json_keys(${value})) = ${raw(String(entries.length))}`,
      ...entries.map(([key, item]) => equalsJson(sql`json_extract(${value}, ${pointer(key)})`, item))
    ])
  }
  return testJson({ kind: 'equals', values: [operand as Exclude<Scalar, null>] }, value)
}

function testBoolean(test: ValueTest, value: Sql): Sql {
  if (test.kind === 'equals') {
    return isIn(value, test.values.filter((item) => typeof item === 'boolean').map(boolean))
  }
  return test.kind === 'order' && typeof test.value === 'boolean' ? compare(value, test.op, boolean(test.value)) : never
}

/** What no UTF-8 can hold: see `valueOf` in pathSql.ts for what such a text is here. */
const halfPair = /[\ud800-\udfff]/u

/** Order is by UTF-8 bytes, which is by code point. */
function testText(test: ValueTest, value: Sql): Sql {
  if (test.kind === 'equals') return isIn(value, test.values.filter((item) => typeof item === 'string').map((item) => param(halfPair.test(item) ? JSON.stringify(item) : item)))
  if (test.kind === 'regex') return sql`regexp_matches(${value}, ${param(test.pattern)})`
  return test.kind === 'order' && typeof test.value === 'string' ? compare(value, test.op, param(test.value)) : never
}

type IntegerType = { readonly name: 'BIGINT' | 'BIGNUM'; readonly least: bigint | null; readonly greatest: bigint | null }
const int64: IntegerType = { name: 'BIGINT', least: -(2n ** 63n), greatest: 2n ** 63n - 1n }
const anyInteger: IntegerType = { name: 'BIGNUM', least: null, greatest: null }

function testInteger(test: ValueTest, value: Sql, type: IntegerType): Sql {
  const bound = (integer: bigint): Sql => sql`CAST(${param(String(integer))} AS ${raw(type.name)})`
  if (test.kind === 'equals') {
    const integers = test.values.flatMap((item) => (typeof item === 'bigint' ? [item] : typeof item === 'number' && Number.isInteger(item) ? [BigInt(item)] : []))
    return isIn(value, integers.filter((item) => within(item, type) === 0).map(bound))
  }
  if (test.kind !== 'order' || !isNumeric(test.value)) return never
  const { op, limit } = integerLimit(test.op, test.value)
  const upwards = op === 'gt' || op === 'gte'
  if (limit === null) return never
  const outside = typeof limit === 'bigint' ? within(limit, type) : Math.sign(limit)
  if (outside !== 0) return upwards === outside < 0 ? sql`${value} IS NOT NULL` : never
  return compare(value, op, bound(limit as bigint))
}

/** −1 below the type's range, 1 above it. */
function within(integer: bigint, type: IntegerType): -1 | 0 | 1 {
  if (type.least !== null && integer < type.least) return -1
  return type.greatest !== null && integer > type.greatest ? 1 : 0
}

/** The same question with an integer or an infinity as limit; null if no integer passes because it is NaN. */
function integerLimit(op: Comparison, value: number | bigint): { op: Comparison; limit: bigint | number | null } {
  if (typeof value === 'bigint') return { op, limit: value }
  if (Number.isNaN(value)) return { op, limit: null }
  if (!Number.isFinite(value)) return { op, limit: value }
  if (Number.isInteger(value)) return { op, limit: BigInt(value) }
  return { op: op === 'gt' || op === 'gte' ? 'gt' : 'lte', limit: BigInt(Math.floor(value)) }
}

/** NaN is equal to NaN and in no order with anything else; DuckDB puts it above all numbers. */
function testDouble(test: ValueTest, value: Sql): Sql {
  if (test.kind === 'equals') {
    return isIn(value, test.values.filter(isNumeric).filter(isDouble).map((item) => double(Number(item))))
  }
  if (test.kind !== 'order' || !isNumeric(test.value)) return never
  const { op, limit } = doubleLimit(test.op, test.value)
  if (Number.isNaN(limit)) return op === 'gte' || op === 'lte' ? sql`isnan(${value})` : never
  const found = compare(value, op, double(limit))
  return op === 'lt' || op === 'lte' ? found : sql`(${found} AND ${value} <= CAST('Infinity' AS DOUBLE))`
}

/** An integer that no double holds lies between two: the question is put to the nearest. */
function doubleLimit(op: Comparison, value: number | bigint): { op: Comparison; limit: number } {
  const limit = Number(value)
  if (typeof value === 'number' || isDouble(value)) return { op, limit }
  const nearestIsAbove = limit === Infinity || (limit !== -Infinity && BigInt(limit) > value)
  const upwards = op === 'gt' || op === 'gte'
  return { op: upwards ? (nearestIsAbove ? 'gte' : 'gt') : nearestIsAbove ? 'lt' : 'lte', limit }
}

function isDouble(value: number | bigint): boolean {
  return typeof value === 'number' || (Number.isFinite(Number(value)) && BigInt(Number(value)) === value)
}

/** A number as JSON text: integers of many digits exactly, all others as doubles. */
function testNumberText(test: ValueTest, text: Sql): Sql {
  const asDouble = testDouble(test, sql`TRY_CAST(${text} AS DOUBLE)`)
  const asInteger = testInteger(test, sql`TRY_CAST(${text} AS BIGNUM)`, anyInteger)
  if (asDouble.text === never.text && asInteger.text === never.text) return never
  return sql`CASE WHEN regexp_full_match(${text}, '-?[0-9]{16,}') THEN ${asInteger} ELSE ${asDouble} END`
}

function isNumeric(value: Operand): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint'
}

/** As text: the binding takes numbers without a fraction for integers of 64 bits. */
function double(value: number): Sql {
  return sql`CAST(${param(String(value))} AS DOUBLE)`
}

function boolean(value: boolean): Sql {
  return raw(value ? 'TRUE' : 'FALSE')
}

function isIn(value: Sql, items: readonly Sql[]): Sql {
  if (items.length === 0) return never
  return items.length === 1 ? sql`${value} = ${items[0] as Sql}` : sql`${value} IN (${joinSql(items, ', ')})`
}

const signs: Record<Comparison, string> = { gt: '>', gte: '>=', lt: '<', lte: '<=' }
function compare(value: Sql, op: Comparison, limit: Sql): Sql {
  return sql`${value} ${raw(signs[op])} ${limit}`
}

