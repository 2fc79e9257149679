import { expect, test } from 'vitest'
import { alignmentZeros, copyJson, copyText, formatCell, sharedDecimals } from './formatCell.ts'

test('every kind of cell reads exactly', () => {
  expect(formatCell(0.1)).toEqual({ text: '0.1', kind: 'number', cut: false })
  expect(formatCell(-1e-7).text).toBe('−1e-7')
  expect(formatCell({ int: '-18446744073709551615' }).text).toBe('−18446744073709551615')
  expect(formatCell({ float: '-Infinity' }).text).toBe('−Infinity')
  expect(formatCell({ text: 'head', length: 40_000 })).toEqual({ text: 'head…', kind: 'text', cut: true })
  expect(formatCell({ json: '[1,' , length: 900 })).toMatchObject({ kind: 'json', cut: true })
  expect(formatCell(null).kind).toBe('null')
  expect(formatCell('a\r\nb\tc\u0000d\u007f').text).toBe('a⏎b⇥c␀d␡')
})

test('copies are exact and locale-independent', () => {
  expect(copyText(-1.5)).toBe('-1.5')
  expect(copyText(null)).toBe('')
  expect(copyText('a\nb')).toBe('a\nb')
  expect(copyJson({ float: 'NaN' })).toBe('NaN')
  expect(copyJson({ int: '9007199254740993' })).toBe('9007199254740993')
  expect(copyJson('a"b')).toBe('"a\\"b"')
})

test('decimal points stand under each other without inventing digits', () => {
  const shared = sharedDecimals([1.5, 0.125, 3, null, undefined, 1e-9])
  expect(shared).toBe(3)
  expect(alignmentZeros('1.5', shared)).toBe('00')
  expect(alignmentZeros('3', shared)).toBe('.000')
  expect(alignmentZeros('0.125', shared)).toBe('')
  expect(alignmentZeros('1e-9', shared)).toBe('')
  expect(alignmentZeros('NaN', shared)).toBe('')
})
