import { describe, expect, test } from 'vitest'
import { escapeRegex, translateRegex } from './filterRegex.ts'

test.each([
  ['abc', '', 'abc'],
  ['a.c', '', String.raw`a[^\n\r\x{2028}\x{2029}]c`],
  ['a.c', 's', String.raw`a[\x{0}-\x{10ffff}]c`],
  ['^a$', 'im', '(?im)^a$'],
  ['(?<year>\\d{4})', '', String.raw`(?:\d{4})`],
  ['(?i)a', '', '(?i)a'],
  ['a{,2}', '', String.raw`a\x{7b}\x{2c}2\x{7d}`],
  ['\\u00e9\\ud83d\\ude00\\x41\\cJ', '', String.raw`\x{e9}\x{1f600}A\x{a}`],
  ['[^]', '', String.raw`[\x{0}-\x{10ffff}]`],
  ['[]', '', String.raw`[^\x{0}-\x{10ffff}]`],
  ['[a-z\\]-]', '', String.raw`[a-z\x{5d}\x{2d}]`],
  [' a b # comment\n [ #] \\ ', 'x', String.raw`ab[ \x{23}]` + ' ']
])('%j with options %j', (pattern, options, expected) => {
  expect(translateRegex(pattern, options)).toEqual({ pattern: expected })
})

describe('what this engine cannot match is refused in words', () => {
  test.each([
    ['a(?=b)', '$regex looks ahead or behind with (?=…), which this engine cannot; join several conditions with $and or $not instead.'],
    ['a(?!b)', '$regex looks ahead or behind with (?!…), which this engine cannot; join several conditions with $and or $not instead.'],
    ['(?<!a)b', '$regex looks ahead or behind with (?<!…), which this engine cannot; join several conditions with $and or $not instead.'],
    ['(a)\\1', '$regex refers back to a group with \\1, which this engine cannot.'],
    ['(?<n>a)\\k<n>', '$regex refers back to a group with \\k, which this engine cannot.'],
    ['a{1001}', '$regex repeats a part more than 1,000 times, which this engine cannot.'],
    ['(a{50}){50}', '$regex repeats a part more than 1,000 times, which this engine cannot.'],
    [`(${'a'.repeat(100)}){900}`, '$regex is too large once its repeats are written out.'],
    ['(a', '$regex does not compile: /(a/: Unterminated group.'],
    ['*', '$regex does not compile: /*/: Nothing to repeat.'],
    ['\\p{Klingon}', '$regex names a class of characters this engine does not know: \\p{Klingon}'],
    ['\\ud800', '$regex names half a character or none: \\ud800']
  ])('%j', (pattern, mistake) => {
    expect(translateRegex(pattern, '')).toEqual({ mistake })
  })
})

test('escaped text matches itself', () => {
  const text = String.raw`a.b*c[d]\e(f)|{g}^$+?/-`
  expect(new RegExp(`^${escapeRegex(text)}$`).test(text)).toBe(true)
  expect('pattern' in translateRegex(escapeRegex(text), '')).toBe(true)
})
