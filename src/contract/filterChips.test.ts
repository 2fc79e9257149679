import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Chip, chipsOf, describeChip, filterOfChips, filterValueOf } from './filterChips.ts'
import { escapeRegex } from './filterRegex.ts'
import { parseFilter } from './filter.ts'

const condition = (column: string, operator: string, value: unknown, more = {}): unknown => ({ kind: 'condition', column, operator, value, ...more, enabled: true })

test.each([
  [{}, []],
  [{ status: 'ERROR', lr: null }, [condition('status', '$eq', 'ERROR'), condition('lr', '$eq', null)]],
  [{ lr: { $gte: 0.1, $lt: 5 } }, [condition('lr', '$gte', 0.1), condition('lr', '$lt', 5)]],
  [{ a: { $regex: 'x', $options: 'i' } }, [condition('a', '$regex', 'x', { options: 'i' })]],
  [{ a: { $not: { $regex: 'x' } } }, [condition('a', '$not $regex', 'x')]],
  [{ a: { x: 1 } }, [condition('a', '$eq', { x: 1 })]],
  [{ a: { $numberLong: '9007199254740993' } }, [condition('a', '$eq', { $numberLong: '9007199254740993' })]],
  [{ $and: [{ a: 1 }, { $and: [{ b: { $in: [1, 2] } }] }] }, [condition('a', '$eq', 1), condition('b', '$in', [1, 2])]],
  [{ a: 1, $or: [{ b: 1 }, { c: 1 }] }, [condition('a', '$eq', 1), { kind: 'json', filter: { $or: [{ b: 1 }, { c: 1 }] }, enabled: true }]],
  [{ a: { $not: { $gt: 1 }, $ne: 3 } }, [{ kind: 'json', filter: { a: { $not: { $gt: 1 } } }, enabled: true }, condition('a', '$ne', 3)]]
])('the chips of %j', (filter, chips) => {
  expect(chipsOf(filter)).toEqual(chips)
})

test('chips become the plainest filter that says the same', () => {
  const filter = (...chips: unknown[]): unknown => filterOfChips(chips as Chip[])
  expect(filter()).toEqual({})
  expect(filter(condition('a', '$gt', 1), condition('a', '$lt', 5), condition('b', '$eq', 'x'))).toEqual({ a: { $gt: 1, $lt: 5 }, b: 'x' })
  expect(filter(condition('a', '$ne', 1), condition('a', '$ne', 2))).toEqual({ $and: [{ a: { $ne: 1 } }, { a: { $ne: 2 } }] })
  expect(filter(condition('a', '$eq', 1), { ...(condition('b', '$eq', 2) as Chip), enabled: false })).toEqual({ a: 1 })
  expect(filter(condition('a', '$eq', { $gt: 1 }))).toEqual({ a: { $eq: { $gt: 1 } } })
  expect(Object.keys(filter(condition('__proto__', '$eq', 1)) as object)).toEqual(['__proto__'])
})

test('a filter means the same after going through chips', () => {
  const value = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom('x', 'y', null), fc.constant({ x: 1 }), fc.constant({ $numberDouble: 'NaN' }))
  const operators = fc.oneof(
    value,
    fc.record({ $gt: fc.integer(), $lte: fc.integer(), $ne: value }, { requiredKeys: ['$ne'] }),
    fc.constant({ $regex: 'a', $options: 'i' }),
    fc.constant({ $not: { $regex: 'b' } }),
    fc.constant({ $not: { $gt: 1 } }),
    fc.array(value, { maxLength: 2 }).map((values) => ({ $in: values }))
  )
  const fields = fc.dictionary(fc.constantFrom('a', 'b', 'used.lr', '__proto__'), operators, { minKeys: 1, noNullPrototype: true })
  const filters = fc.oneof(fields, fc.array(fields, { minLength: 1, maxLength: 3 }).map((nodes) => ({ $and: nodes })), fields.map((node) => ({ ...node, $nor: [node] })))
  fc.assert(
    fc.property(filters, (filter) => {
      const again = filterOfChips(chipsOf(filter))
      expect(conjuncts(again)).toEqual(conjuncts(filter))
      expect(filterOfChips(chipsOf(again))).toEqual(again)
    })
  )
})

/** The conditions of the parsed filter, in an order that does not hang on how they were written. */
function conjuncts(filter: unknown): string[] {
  const flat = (node: ReturnType<typeof parseFilter>): unknown[] => (node.op === 'and' ? node.nodes.flatMap(flat) : [node])
  const write = (_: string, value: unknown): unknown => (value instanceof Map ? { map: [...value] } : typeof value === 'number' ? `number ${value}` : value)
  return flat(parseFilter(filter)).map((node) => JSON.stringify(node, write)).toSorted()
}

describe('what a chip says', () => {
  test.each([
    [condition('status', '$eq', 'ERROR'), 'status', '=', 'ERROR'],
    [condition('a', '$eq', '5'), 'a', '=', '"5"'],
    [condition('a', '$eq', 5), 'a', '=', '5'],
    [condition('a', '$ne', null), 'a', '≠', 'null'],
    [condition('a', '$gte', { $numberLong: '9007199254740993' }), 'a', '≥', '9007199254740993'],
    [condition('a', '$in', ['x', 1, '']), 'a', 'in', 'x, 1, ""'],
    [condition('a', '$exists', true), 'a', 'exists', ''],
    [condition('a', '$exists', false), 'a', 'is missing', ''],
    [condition('a', '$regex', escapeRegex('a.b')), 'a', 'contains', 'a.b'],
    [condition('a', '$regex', `^${escapeRegex('[x]')}`), 'a', 'starts with', '[x]'],
    [condition('a', '$not $regex', 'x'), 'a', 'does not contain', 'x'],
    [condition('a', '$regex', 'x+'), 'a', 'matches', '/x+/'],
    [{ kind: 'json', filter: { $or: [{ a: 1 }] }, enabled: true }, 'JSON', '', '{"$or":[{"a":1}]}']
  ])('%j', (chip, field, operator, value) => {
    expect(describeChip(chip as Chip)).toEqual({ field, operator, value })
  })
})

test('a cell becomes a value to filter by, unless it was cut', () => {
  expect(filterValueOf('x')).toBe('x')
  expect(filterValueOf(null)).toBe(null)
  expect(parseFilter({ a: filterValueOf({ int: '9007199254740993' }) })).toMatchObject({ value: 9007199254740993n })
  expect(parseFilter({ a: filterValueOf({ float: '-0' }) })).toMatchObject({ value: -0 })
  expect(filterValueOf({ json: '[1,{"x":9007199254740993}]' })).toEqual([1, { x: { $numberLong: '9007199254740993' } }])
  expect(filterValueOf({ json: '[1,', length: 900 })).toBeUndefined()
  expect(filterValueOf({ text: 'abc', length: 900 })).toBeUndefined()
})
