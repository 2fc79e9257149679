/** A manifest line by line. */
import { expect, test } from 'vitest'
import { manifestLines, shortened } from './manifestLines.ts'

/** `depth key value`. */
const linesOf = (manifest: unknown): string[] => manifestLines(JSON.stringify(manifest)).map(({ key, value, depth }) => `${depth} ${key} ${value}`)

test('keys and values, keys of keys below them, lists by their first members, filters as they are written', () => {
  const manifest = { source: { name: 'a.jsonl', sha256: null }, filter: { status: 'ERROR', n: { $gt: 1 } }, gaps: [], columns: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'], rows: 1234, verified: true, note: '' }
  expect(linesOf(manifest)).toEqual(['0 source ', '1 name a.jsonl', '1 sha256 none', '0 filter ', '1 status ERROR', '1 n {"$gt":1}', '0 gaps none', '0 columns 8: a, b, c, d, e, f and 2 more', '0 rows 1234', '0 verified true', '0 note none'])
  expect(linesOf({ filter: {} })).toEqual(['0 filter none'])
})

test('a hash is shown by its ends', () => {
  expect(shortened(`${'0'.repeat(30)}deadbeef01`)).toBe('00000000…ef01')
  expect(shortened('2026-11-23T16:37:23.431Z')).toBe('2026-11-23T16:37:23.431Z')
})

test('members of a list are called by their names, what was compared by what was found', () => {
  const checks = [{ what: 'rows', expected: '3', found: '3', ok: true }, { what: 'values', expected: 'f'.repeat(64), found: 'f'.repeat(64), ok: true }, { what: 'columns', expected: '3', found: '2', ok: false }]
  expect(linesOf({ columns: [{ name: 'used.a', type: 'integer' }], checks, rest: [{ a: 1 }] })).toEqual(['0 columns used.a', '0 checks rows 3, values equal, columns differ', '0 rest {"a":1}'])
})

test('what is no JSON object is shown as it is', () => {
  expect(manifestLines('not json')).toEqual([{ key: '', value: 'not json', depth: 0 }])
  expect(manifestLines('[1]')).toEqual([{ key: '', value: '[1]', depth: 0 }])
})
