import { describe, expect, test } from 'vitest'
import { largestViewBytes, readViewLink, readViewText, type ViewContent, viewLink, viewSchema, viewText } from './viewFile.ts'

const view: ViewContent = viewSchema.parse({
  view: 'timeline',
  records: 'tasks',
  chips: [{ filter: { 'used.lr': { $lt: 0.1 } } }, { filter: { status: 'ERROR' }, on: false }],
  search: 'a & b = ?#%',
  node: { kind: 'workflow', key: '["c","w"]', name: 'träin', filter: { workflow_id: 'w' } },
  range: { from: 1.25, to: 2 },
  table: { visible: { 'used.lr': true }, order: ['used.lr'], pinned: ['task_id'], widthsPx: { 'used.lr': 80.5 }, sort: [{ column: 'used.lr', descending: true }], groupBy: 'activity_id' },
  lanes: 'host@1.5,2',
  compare: { as: 'sweep' }
})

test('a view comes back from a file and from a link as it was', () => {
  expect(readViewText(viewText('Low rates', view))).toEqual({ name: 'Low rates', view, unknown: [] })
  expect(readViewLink(viewLink('Low rates', view))).toEqual({ name: 'Low rates', view, unknown: [] })
  const data = encodeURIComponent(viewText('x', view, 0))
  expect(readViewLink(`http://127.0.0.1:8484/#/saved?data=${data}`)).toMatchObject({ name: 'x', view })
  expect(readViewLink(`#/saved?data=${data}`)).toMatchObject({ name: 'x' })
})

test('what is left out is as by default', () => {
  expect(readViewText('{"provscopeView":1,"name":"x","view":{}}').view).toEqual({ view: 'table', records: 'tasks', chips: [], search: '', node: null, range: null, table: null, lanes: null, compare: null })
})

test('what a later version wrote is named and kept', () => {
  const text = JSON.stringify({ provscopeView: 2, name: 'x', author: 'me', view: { records: 'tasks', colours: { a: 1 }, table: { frozenRows: 2 } } })
  const read = readViewText(text)
  expect(read.unknown).toEqual(['version 2 of the format', 'author', 'view.colours', 'view.table.frozenRows'])
  expect(readViewText(viewText('x', read.view)).view).toMatchObject({ colours: { a: 1 }, table: { frozenRows: 2 } })
})

describe('what is no view is refused with a sentence', () => {
  const file = (change: object): string => JSON.stringify({ provscopeView: 1, name: 'x', view: { ...view, ...change } })
  test.each<[string, string, RegExp]>([
    ['text', 'hello', /no JSON/],
    ['nothing', '', /no JSON/],
    ['a list', '[]', /no "provscopeView"/],
    ['a task', '{"task_id":"1"}', /no "provscopeView"/],
    ['an inherited name', '{"__proto__":{"provscopeView":1},"name":"x","view":{}}', /no "provscopeView"/],
    ['a version in words', '{"provscopeView":"1","name":"x","view":{}}', /version/],
    ['no name', '{"provscopeView":1,"name":" ","view":{}}', /name/],
    ['no content', '{"provscopeView":1,"name":"x"}', /view/],
    ['an operator that is none', file({ chips: [{ filter: { status: { $where: 'while(1){}' } } }] }), /view\.chips\.0\.filter: .*\$where/],
    ['code where filters stand', file({ chips: [{ filter: { $where: 'x' } }] }), /\$where/],
    ['a pattern that RE2 does not have', file({ chips: [{ filter: { a: { $regex: '(a+)+\\1' } } }] }), /chips\.0\.filter/],
    ['a filter of the wrong kind', file({ node: { kind: 'workflow', key: '', name: '', filter: [] } }), /node\.filter/],
    ['too many conditions', file({ chips: Array.from({ length: 201 }, () => ({ filter: { a: 1 } })) }), /chips/],
    ['a time that is none', file({ range: { from: 'now', to: 2 } }), /range\.from/],
    ['records that are none', file({ records: 'cats' }), /records/],
    ['a width beyond any screen', file({ table: { widthsPx: { a: 1e9 } } }), /widthsPx/]
  ])('%s', (_what, text, says) => {
    expect(() => readViewText(text)).toThrow(says)
  })

  test('and so is more than a view may have, before it is read', () => {
    expect(() => readViewText(`${' '.repeat(largestViewBytes)}{}`)).toThrow(/256 KB/)
  })
})

test('names of prototypes are names like others', () => {
  const text = '{"provscopeView":1,"name":"x","view":{"table":{"visible":{"__proto__":true,"constructor":false}},"chips":[{"filter":{"__proto__":{"$gt":1}}}]}}'
  readViewText(text)
  expect(({} as Record<string, unknown>)['$gt']).toBeUndefined()
})

test.each(['provscope://open?path=/etc/passwd', 'provscope://view', 'https://example.org/view?data={}', 'javascript:alert(1)', '#/table?data=1', ''])('%j is no link to a view', (link) => {
  expect(readViewLink(link)).toBeNull()
})

test.each(['provscope://view?', 'provscope://view?data=%7B', 'provscope://view/?data=[]', 'provscope://VIEW?data=%E0%A4%A'])('%j is one whose view cannot be read', (link) => {
  expect(() => readViewLink(link)).toThrow(/view/)
})
