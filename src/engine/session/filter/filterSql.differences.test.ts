/** Every place where a filter on purpose means something else than it does in mingo. The reasons stand in docs/decisions/filters.md. */
import { Query } from 'mingo'
import type { AnyObject } from 'mingo/types'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseFilter } from '#contract/filter'
import type { JsonObject } from '#contract/json'
import { openMemory } from '../../../testing/memoryTable.ts'
import { compileFilter } from './filterSql.ts'

let memory: Awaited<ReturnType<typeof openMemory>>
beforeAll(async () => {
  memory = await openMemory()
})
afterAll(() => memory.close())

async function ours(record: JsonObject, filter: unknown): Promise<boolean> {
  const table = await memory.table([record])
  const where = compileFilter(table, 'tasks', parseFilter(filter))
  const rows = await table.query({ text: `SELECT 1 FROM ${table.rows} r WHERE ${where.text}`, values: where.values })
  return rows.length === 1
}

type Difference = [record: unknown, filter: unknown, ours: boolean]

async function differs(record: unknown, filter: unknown, expected: boolean): Promise<void> {
  expect(await ours(record as JsonObject, filter), 'here').toBe(expected)
  expect(new Query(filter as AnyObject).test(record as AnyObject), 'in mingo').toBe(!expected)
}

describe('as in MongoDB, not as in mingo', () => {
  test.each<Difference>([
    [{ a: NaN }, { a: { $gte: 5 } }, false],
    [{ a: NaN }, { a: { $lte: 5 } }, false],
    [{ a: 5 }, { a: { $lte: NaN } }, false]
  ])('NaN is in no order with other numbers: %j %j', differs)

  test.each<Difference>([
    [{ a: [{ x: [1, 2] }, { x: [3] }] }, { 'a.x': { $gt: 2 } }, true],
    [{ a: [{ x: [1, 2] }, { x: [3] }] }, { 'a.x': { $in: [3] } }, true]
  ])('lists in lists of dicts are compared by every operator: %j %j', differs)

  test.each<Difference>([
    [{ a: [{ x: 1 }, { x: 2 }] }, { 'a.x': [1, 2] }, false],
    [{ a: [{ y: 1 }] }, { 'a.x': [] }, false]
  ])('what a path collects from several dicts is no list: %j %j', differs)

  test.each<Difference>([
    [{ a: [[{ x: 1 }]] }, { 'a.x': { x: 1 } }, false],
    [{ a: { x: [[3]] } }, { 'a.x': 3 }, false],
    [{ a: [['text']] }, { a: { $regex: 'ex' } }, false]
  ])('a list right in a list is a value, not gone through: %j %j', differs)

  test.each<Difference>([
    [{ a: [{ x: [] }] }, { 'a.x.y': { $exists: true } }, false],
    [{ a: [{ x: 1 }] }, { 'a.x.0': { $exists: true } }, false]
  ])('what no element has does not exist: %j %j', differs)

  test.each<Difference>([
    [{ a: [1, 2] }, { a: { $in: [[1, 2]] } }, true],
    [{ a: [1, 2] }, { a: { $nin: [[1, 2]] } }, false]
  ])('a list of values may hold whole lists: %j %j', differs)

  test.each<Difference>([
    [{ a: '😀' }, { a: { $gt: 'ｚ' } }, true],
    [{ a: '😀' }, { a: { $regex: '^.$' } }, true]
  ])('text is code points, not surrogates: %j %j', differs)

  test.each<Difference>([
    [{ a: 'a\rb' }, { a: { $regex: '^b', $options: 'm' } }, false],
    [{ a: '\u212a' }, { a: { $regex: 'k', $options: 'i' } }, true],
    [{ a: 'xé' }, { a: { $regex: '\\p{L}é' } }, true],
    [{ a: 'ab' }, { a: { $regex: '\\Aab\\z' } }, true]
  ])('regular expressions: only \\n ends a line, Unicode folding, \\p, \\A and \\z: %j %j', differs)
})

describe('as a table of columns has it', () => {
  test.each<Difference>([
    [{ 'a.b': 1 }, { 'a.b': 1 }, true],
    [{ a: { 'b.c': 1 } }, { 'a.b.c': { $exists: true } }, true]
  ])('a key with a dot is found by its dotted name: %j %j', differs)

  test('integers are exact beyond what a double holds', async () => {
    const record = { a: 9007199254740993n, b: 123456789012345678901234567890n, c: [18446744073709551617n] }
    const near = { a: 9007199254740992n, b: 123456789012345678901234567891n, c: 18446744073709551616n }
    expect(await ours(record, { a: { $numberLong: '9007199254740993' } })).toBe(true)
    expect(await ours(record, { a: near.a })).toBe(false)
    expect(await ours(record, { a: { $gt: near.a } })).toBe(true)
    expect(await ours(record, { b: { $lt: near.b, $gte: record.b } })).toBe(true)
    expect(await ours(record, { b: { $in: [near.b] } })).toBe(false)
    expect(await ours(record, { c: { $gt: near.c } })).toBe(true)
    expect(await ours({ a: 2 ** 55 }, { a: { $gt: 36028797018963967n } })).toBe(true)
    expect(await ours({ a: 0.5 }, { a: { $lt: record.b } })).toBe(true)
  })

  test('a key __proto__ is a key like any other, which mingo refuses', async () => {
    const record = JSON.parse('{"a":{"__proto__":1}}') as JsonObject
    expect(await ours(record, { 'a.__proto__': 1 })).toBe(true)
    expect(await ours(record, { a: JSON.parse('{"__proto__":1}') as unknown })).toBe(true)
    expect(() => new Query({ 'a.__proto__': 1 }).test(record)).toThrow('__proto__')
  })
})

describe('refused here, taken by mingo', () => {
  test.each([
    [{ $and: [] }],
    [{ $or: [] }],
    [{ a: { $gt: [1] } }],
    [{ a: { $lt: { x: 1 } } }],
    [{ a: { $exists: 1 } }],
    [{ a: { $not: 5 } }],
    [{ a: { $regex: '(?=a)' } }],
    [{ a: { $regex: '(a)\\1' } }],
    [{ a: { $size: 1 } }]
  ])('%j', (filter) => {
    expect(() => parseFilter(filter)).toThrow()
    expect(() => new Query(filter).test({ a: 'aa' })).not.toThrow()
  })
})
