import { describe, expect, test } from 'vitest'
import { cellAsJson, cellForPeople, standardJson, timeText } from './cellText.ts'
import { fit, pad, printable, width } from './terminalText.ts'
import { textTable } from './textTable.ts'

describe('text in a terminal', () => {
  test('nothing from a record moves the cursor', () => {
    expect(printable('a\u001b[2Jb\nc\td\u0007\u202e')).toBe('a\\u001b[2Jb\\nc\\td\\u0007\\u202e')
  })

  test.each([
    ['abc', 3],
    ['é', 1],
    ['e\u0301', 1],
    ['漢字', 4],
    ['🚀', 2],
    ['', 0]
  ])('%s takes %i columns', (text, columns) => {
    expect(width(text)).toBe(columns)
  })

  test.each([
    ['abcdef', 6, 'abcdef'],
    ['abcdef', 4, 'abc…'],
    ['漢字漢字', 4, '漢…'],
    ['abc', 1, '…'],
    ['abc', 0, '']
  ])('%s in %i columns is %s', (text, columns, fitted) => {
    expect(fit(text, columns)).toBe(fitted)
    expect(width(fit(text, columns))).toBeLessThanOrEqual(columns)
  })

  test('padding counts columns, not characters', () => {
    expect(pad('漢', 4, 'left')).toBe('漢  ')
    expect(pad('7', 3, 'right')).toBe('  7')
  })
})

describe('a table', () => {
  const columns = [{ title: 'name', align: 'left' as const }, { title: 'n', align: 'right' as const }, { title: 'long', align: 'left' as const }]
  const rows = [['a', '1', 'x'.repeat(60)], ['bcdefg', '1000', '']]

  test('is aligned, and whole where it is not a terminal', () => {
    const { lines, columnsLeftOut } = textTable(columns, rows, null)
    expect(columnsLeftOut).toBe(0)
    expect(lines).toEqual([`name       n  long`, `${'─'.repeat(6)}  ${'─'.repeat(4)}  ${'─'.repeat(60)}`, `a          1  ${'x'.repeat(60)}`, `bcdefg  1000`])
  })

  test('fits the terminal, and says how many columns do not', () => {
    const { lines, columnsLeftOut } = textTable(columns, rows, 20)
    expect(columnsLeftOut).toBe(1)
    expect(lines[2]).toBe('a          1')
    const wide = textTable(columns, rows, 80)
    expect(wide.columnsLeftOut).toBe(0)
    expect(wide.lines[2]).toBe(`a          1  ${'x'.repeat(39)}…`)
  })

  test('has one column at least', () => {
    expect(textTable(columns, rows, 3)).toEqual({ lines: ['na…', '───', 'a', 'bc…'], columnsLeftOut: 2 })
  })
})

describe('cells', () => {
  test('as people read them', () => {
    expect([null, true, 1.5, 'a\nb', { int: '9007199254740993' }, { float: 'NaN' as const }, { json: '[1]' }].map((cell) => cellForPeople(cell, 'mixed'))).toEqual(['', 'true', '1.5', 'a\\nb', '9007199254740993', 'NaN', '[1]'])
    expect(cellForPeople(0.25, 'time')).toBe('1970-01-01 00:00:00.250Z')
    expect(timeText(1e20)).toBe('100000000000000000000')
  })

  test('as JSON keep every digit; what JSON cannot hold is null, and counted', () => {
    let lost = 0
    const json = [null, 'a"b', 0.1, { int: '123456789012345678901' }, { float: '-0' as const }, { float: 'NaN' as const }, { float: '-Infinity' as const }, { json: '{"a":NaN,"b":"NaN"}' }].map((cell) => cellAsJson(cell, () => lost++))
    expect(json).toEqual(['null', '"a\\"b"', '0.1', '123456789012345678901', '-0.0', 'null', 'null', '{"a":null,"b":"NaN"}'])
    expect(lost).toBe(3)
  })

  test('whole documents too, whatever stands in their texts', () => {
    const text = String.raw`{"NaN":[NaN,-Infinity,Infinity],"t":"-Infinity \" NaN","n":90071992547409931}`
    let lost = 0
    const standard = standardJson(text, () => lost++)
    expect(standard).toBe(String.raw`{"NaN":[null,null,null],"t":"-Infinity \" NaN","n":90071992547409931}`)
    expect(lost).toBe(3)
    expect(standardJson(`{"a":"${'x'.repeat(1_000_000)}","b":NaN}`, () => undefined).endsWith('"b":null}')).toBe(true)
  })
})
