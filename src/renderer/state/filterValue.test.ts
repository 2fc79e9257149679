import { describe, expect, test } from 'vitest'
import { parseFilter } from '#contract/filter'
import { type Operator, conditionOf, filterFor, operatorsOf, parseTime, parseValue, textOfCell } from './filterValue.ts'

describe('what is typed becomes a value of the column’s type', () => {
  test.each([
    ['12', 'text', '12'],
    [' a ', 'text', ' a '],
    ['0.5', 'number', 0.5],
    ['1e-4', 'number', 1e-4],
    ['9007199254740993', 'integer', { $numberLong: '9007199254740993' }],
    ['NaN', 'number', { $numberDouble: 'NaN' }],
    ['-Infinity', 'number', { $numberDouble: '-Infinity' }],
    ['true', 'boolean', true],
    ['12', 'mixed', 12],
    ['abc', 'mixed', 'abc'],
    ['[1]', 'list', [1]],
    ['2026-07-20 00:00:00.5', 'time', 1784505600.5],
    ['1784505874.024', 'time', 1784505874.024]
  ] as const)('%s as %s', (text, type, value) => {
    expect(parseValue(text, type, 'utc')).toEqual({ ok: true, value })
  })

  test.each([
    ['abc', 'number'],
    ['', 'number'],
    ['"1"', 'integer'],
    ['yes', 'boolean'],
    ['yesterday', 'time'],
    ['2026-13-01', 'time']
  ] as const)('%s as %s is refused with a sentence', (text, type) => {
    expect(parseValue(text, type, 'utc')).toMatchObject({ ok: false, message: expect.stringMatching(/\w/) as string })
  })
})

test('times without a zone are in the zone that is shown; a Z is UTC in any', () => {
  const local = new Date(2026, 6, 20, 1, 2, 3).getTime() / 1000
  expect(parseTime('2026-07-20 01:02:03', 'local')).toBe(local)
  expect(parseTime('2026-07-20T01:02:03Z', 'local')).toBe(Date.UTC(2026, 6, 20, 1, 2, 3) / 1000)
  expect(parseTime('2026-07-20', 'utc')).toBe(Date.UTC(2026, 6, 20) / 1000)
})

const operators: Operator[] = operatorsOf('mixed')
test.each(operators)('a condition with %s is a filter, and reads back as itself', (operator) => {
  const values = ['is null', 'has a value', 'is present', 'is absent'].includes(operator) ? [] : operator === 'one of' ? ['a', 2] : ['x.y']
  const filter = filterFor('used.lr', operator, values)
  expect(() => parseFilter(filter)).not.toThrow()
  expect(conditionOf(filter)).toEqual({ column: 'used.lr', operator, values })
})

test('a dict is compared with, not read as operators', () => {
  expect(filterFor('a', '=', [{ $numberLong: '9007199254740993' }])).toEqual({ a: { $eq: { $numberLong: '9007199254740993' } } })
})

test.each([{ $or: [{ a: 1 }] }, { a: 1, b: 2 }, { a: { $gt: 1, $lt: 2 } }, { a: { $not: { $gt: 1 } } }, {}])('%j is no single condition', (filter) => {
  expect(conditionOf(filter)).toBeNull()
})

test.each([
  [null, 'null'],
  [true, 'true'],
  [0.1, '0.1'],
  [{ int: '9007199254740993' }, '9007199254740993'],
  [{ float: '-0' }, '-0'],
  [{ json: '[1,NaN]' }, '[1,NaN]']
] as const)('cell %j is text %s', (cell, text) => {
  expect(textOfCell(cell)).toBe(text)
})
