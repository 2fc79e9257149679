import { expect, test } from 'vitest'
import { byteUnit, cellText, differenceText, figureText, numberText, percentText, shortNumber, timeUnit } from './valueText.ts'

test.each([
  [1.4, '1.4'],
  [48211, '48,211'],
  [-5, '−5'],
  [8.053459123e-5, '8.053459e−5'],
  [-0.673345012, '−0.673345'],
  [1.9 - 1.4, '0.5'],
  [0.1 + 0.2, '0.3'],
  [1234.56789, '1,234.568'],
  [1e-6, '1e−6'],
  [2.5e12 + 0.5, '2.5e12'],
  [0, '0'],
  [NaN, 'NaN'],
  [-Infinity, '−Infinity']
])('%d reads %s', (value, text) => expect(numberText(value)).toBe(text))

test('cells that JSON cannot hold keep every digit', () => {
  expect(cellText({ int: '-12345678901234567890' })).toBe('−12,345,678,901,234,567,890')
  expect(cellText({ float: 'NaN' })).toBe('NaN')
  expect(cellText(null)).toBe('null')
  expect(cellText('one\n  two')).toBe('one ⏎ two')
  expect(cellText({ json: '[1,2]' })).toBe('[1,2]')
  expect(cellText({ text: 'abc', length: 900 })).toBe('abc…')
})

test('a difference has its sign; a share is per cent', () => {
  expect([0.5, -5, 0].map(differenceText)).toEqual(['+0.5', '−5', '0'])
  expect([0.35714, -0.34, 0, -0.0001, 12.5].map((share) => percentText(share))).toEqual(['+35.7', '−34', '0', '0', '+1,250'])
})

test('one unit for all that is shown together', () => {
  expect([0, 0.0013, 0.5, 90, 7200, 1e6].map((most) => timeUnit(most).unit)).toEqual(['s', 'µs', 'ms', 's', 'min', 'h'])
  expect([12, 2048, 5e9].map((most) => byteUnit(most).unit)).toEqual(['B', 'KiB', 'GiB'])
  expect([265.4, 12.41, 1.826, 0.0312, -0.00033219, 0].map(figureText)).toEqual(['265', '12.4', '1.83', '0.031', '−3.3e−4', '0'])
  expect([1e-4, 0.0001234567, 20, 1500000].map(shortNumber)).toEqual(['1e−4', '1.235e−4', '20', '1.5e6'])
})
