import { expect, test } from 'vitest'
import { cellOperand } from './cellOperand.ts'

test.each([
  [null, null],
  [true, true],
  [0.1, 0.1],
  ['a', 'a'],
  [{ int: '9007199254740993' }, { $numberLong: '9007199254740993' }],
  [{ float: '-0' }, { $numberDouble: '-0.0' }],
  [{ json: '[1,NaN]' }, [1, { $numberDouble: 'NaN' }]]
] as const)('the cell %j is compared with as %j', (cell, value) => {
  expect(cellOperand(cell)).toEqual({ value })
})

test('the head of a long value is no value', () => {
  expect(cellOperand({ text: 'abc', length: 4000 })).toBeNull()
  expect(cellOperand({ json: '[1,', length: 4000 })).toBeNull()
})
