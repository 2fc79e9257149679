/** A manifest line by line. */
import { expect, test } from 'vitest'
import { manifestLines } from './manifestLines.ts'

test('keys and values, nested ones dotted, lists by their first members, filters as they are written', () => {
  const manifest = { source: { name: 'a.jsonl', sha256: null }, filter: { status: 'ERROR', n: { $gt: 1 } }, gaps: [], columns: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'], rows: 1234, verified: true, note: '' }
  expect(manifestLines(JSON.stringify(manifest))).toEqual([
    { key: 'source.name', value: 'a.jsonl' },
    { key: 'source.sha256', value: 'none' },
    { key: 'filter.status', value: 'ERROR' },
    { key: 'filter.n', value: '{"$gt":1}' },
    { key: 'gaps', value: 'none' },
    { key: 'columns', value: '8: a, b, c, d, e, f and 2 more' },
    { key: 'rows', value: '1234' },
    { key: 'verified', value: 'true' },
    { key: 'note', value: 'none' }
  ])
  expect(manifestLines('{"filter":{}}')).toEqual([{ key: 'filter', value: 'none' }])
})

test('members of a list are called by their names, what was compared by what was found', () => {
  const checks = [{ what: 'rows', expected: '3', found: '3', ok: true }, { what: 'values', expected: 'f'.repeat(64), found: 'f'.repeat(64), ok: true }, { what: 'columns', expected: '3', found: '2', ok: false }]
  expect(manifestLines(JSON.stringify({ columns: [{ name: 'used.a', type: 'integer' }], checks, rest: [{ a: 1 }] }))).toEqual([
    { key: 'columns', value: 'used.a' },
    { key: 'checks', value: 'rows 3, values equal, columns differ' },
    { key: 'rest', value: '{"a":1}' }
  ])
})

test('what is no JSON object is shown as it is', () => {
  expect(manifestLines('not json')).toEqual([{ key: '', value: 'not json' }])
  expect(manifestLines('[1]')).toEqual([{ key: '', value: '[1]' }])
})
