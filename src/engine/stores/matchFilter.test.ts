/** The matcher against mingo on generated documents, and what the two do differently. */
import fc from 'fast-check'
import { Query } from 'mingo'
import { describe, expect, test } from 'vitest'
import { parseFilter } from '#contract/filter'
import type { JsonObject, JsonValue } from '#contract/json'
import { matchFilter } from './matchFilter.ts'

type Dict = { [key: string]: unknown }
const text = fc.constantFrom('', 'a', 'b', 'B', 'ab', 'é', '日本', '😀', '1', 'true', 'a\nb', '"\\')
const number = fc.constantFrom(0, 1, -1, 2, 0.5, -2.5, 1e-7, 1e300, 2 ** 53 - 1, 2 ** 53 + 2, 2 ** 63, Infinity, -Infinity)
const scalar = fc.oneof({ weight: 3, arbitrary: number }, { weight: 3, arbitrary: text }, fc.boolean(), fc.constant(null), fc.integer({ min: -3, max: 3 }))
const dictOf = (value: fc.Arbitrary<unknown>): fc.Arbitrary<Dict> => fc.dictionary(fc.constantFrom('x', 'y', '0'), value, { maxKeys: 3, noNullPrototype: true })
const path = fc.constantFrom('a', 'a', 'b', 'c', 'a.x', 'b.x', 'b.y', 'a.x.y', 'a.0', 'b.1', 'a.0.x', 'd', 'd.x')

function documentOf(leaf: fc.Arbitrary<unknown>): fc.Arbitrary<Dict> {
  const dict = dictOf(fc.oneof({ weight: 3, arbitrary: leaf }, dictOf(leaf)))
  const list = fc.array(fc.oneof({ weight: 2, arbitrary: leaf }, dict), { maxLength: 3 })
  const value = fc.oneof({ weight: 3, arbitrary: leaf }, dict, list, dictOf(fc.oneof(leaf, list)))
  return fc.dictionary(fc.constantFrom('a', 'b', 'c'), value, { minKeys: 1, maxKeys: 3, noNullPrototype: true })
}

function filterOf(leaf: fc.Arbitrary<unknown>): fc.Arbitrary<Dict> {
  const value = fc.oneof({ weight: 5, arbitrary: leaf }, dictOf(leaf))
  const operator = fc.oneof(
    value,
    fc.tuple(fc.constantFrom('$eq', '$ne'), value).map(([name, operand]) => ({ [name]: operand })),
    fc.tuple(fc.constantFrom('$gt', '$gte', '$lt', '$lte'), leaf).map(([name, operand]) => ({ [name]: operand })),
    fc.tuple(fc.constantFrom('$in', '$nin'), fc.array(value, { maxLength: 4 })).map(([name, operand]) => ({ [name]: operand })),
    fc.boolean().map((exists) => ({ $exists: exists })),
    fc.tuple(fc.constantFrom('a', '^a', 'b$', '^$', '[ab]+', '[^a]', '\\d', '本', '^(a|1)$'), fc.constantFrom('', 'i', 's', 'm')).map(([$regex, $options]) => ({ $regex, $options }))
  )
  const condition = fc.dictionary(path, operator, { minKeys: 1, maxKeys: 2, noNullPrototype: true }) as fc.Arbitrary<Dict>
  return fc.letrec<{ filter: Dict }>((tie) => ({
    filter: fc.oneof(
      { weight: 4, arbitrary: condition },
      fc.tuple(fc.constantFrom('$and', '$or', '$nor'), fc.array(tie('filter'), { minLength: 1, maxLength: 3 })).map(([key, nodes]) => ({ [key]: nodes }))
    )
  })).filter
}

/** Numbers as parseJson gives them. */
function exact(value: unknown): JsonValue {
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) > 2 ** 53 && Math.abs(value) < 1e21 ? BigInt(value) : value
  if (Array.isArray(value)) return value.map(exact)
  if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, exact(item)]))
  return value as JsonValue
}

test('the same documents as mingo', () => {
  const sample = fc.array(scalar, { minLength: 2, maxLength: 6 }).chain((pool) => {
    const leaf = fc.constantFrom(...pool)
    return fc.tuple(fc.array(documentOf(leaf), { minLength: 4, maxLength: 12 }), fc.array(filterOf(leaf), { minLength: 3, maxLength: 6 }))
  })
  fc.assert(
    fc.property(sample, ([documents, filters]) => {
      for (const filter of filters) {
        const node = parseFilter(exact(filter))
        const query = new Query(filter)
        for (const document of documents) {
          expect({ filter, document, matches: matchFilter(node, exact(document) as JsonObject) }).toEqual({ filter, document, matches: query.test(document) })
        }
      }
    }),
    { numRuns: 1500 }
  )
})

describe('what mingo cannot tell', () => {
  const cases: [filter: unknown, document: JsonObject, matches: boolean][] = [
    [{ n: { $numberLong: '18446744073709551615' } }, { n: 18446744073709551615n }, true],
    [{ n: { $numberLong: '18446744073709551615' } }, { n: 18446744073709551614n }, false],
    [{ n: { $gt: 1e19 } }, { n: 18446744073709551615n }, true],
    [{ n: { $gte: { $numberDouble: 'NaN' } } }, { n: NaN }, true],
    [{ n: { $gt: 1 } }, { n: NaN }, false],
    [{ s: { $regex: '(?i)^straSSe$' } }, { s: 'STRASSE' }, true],
    [{ s: { $regex: 'a(?i:b)c' } }, { s: 'aBc' }, true],
    [{ s: { $regex: 'a(?i:b)c' } }, { s: 'aBC' }, false],
    [{ s: { $regex: 'b$' } }, { s: 'b\n' }, false],
    [{ s: { $gt: '\uffff' } }, { s: '😀' }, true],
    [{ constructor: { $exists: true } }, {}, false],
    [{ __proto__x: null }, {}, true],
    [{ d: { b: 1, a: 2 } }, { d: { a: 2, b: 1 } }, true]
  ]
  test.each(cases)('%j', (filter, document, matches) => {
    expect(matchFilter(parseFilter(filter), document)).toBe(matches)
  })

  test('a pattern that would take a backtracking engine for ever is matched in linear time', () => {
    expect(matchFilter(parseFilter({ s: { $regex: '(a+)+$' } }), { s: `${'a'.repeat(5000)}b` })).toBe(false)
  })
})
