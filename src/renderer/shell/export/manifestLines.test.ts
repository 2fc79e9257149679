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
    { key: 'columns', value: 'a, b, c, d, e, f and 2 more' },
    { key: 'rows', value: '1234' },
    { key: 'verified', value: 'true' },
    { key: 'note', value: 'none' }
  ])
  expect(manifestLines('{"filter":{}}')).toEqual([{ key: 'filter', value: 'none' }])
})

test('what is no JSON object is shown as it is', () => {
  expect(manifestLines('not json')).toEqual([{ key: '', value: 'not json' }])
  expect(manifestLines('[1]')).toEqual([{ key: '', value: '[1]' }])
})
