import { expect, test } from 'vitest'
import { isViewFile, openings } from './namedSources.ts'

test('files are opened together, addresses each for itself, and a password apart from its address', () => {
  expect(openings(['a.jsonl', 'redis://u:pw@h/0/interception', 'runs/', 'mongodb://u:p%40w@h/flowcept', 'AMQP://h', 'mongodb+srv://h', 'kafka://h'])).toEqual([
    { method: 'sources.openPaths', params: { paths: ['a.jsonl', 'runs/'] } },
    { method: 'live.attachPaths', params: { url: 'redis://u@h:6379/0/interception', password: 'pw' } },
    { method: 'stores.open', params: { store: { type: 'mongodb', uri: 'mongodb://u@h/flowcept', password: 'p@w' } } },
    { method: 'live.attachPaths', params: { url: 'AMQP://h' } },
    { method: 'stores.open', params: { store: { type: 'mongodb', uri: 'mongodb+srv://h' } } },
    { method: 'live.attachPaths', params: { url: 'kafka://h' } }
  ])
})

test('nothing opens nothing, and what only resembles an address is a file', () => {
  expect(openings([])).toEqual([])
  expect(openings(['-', 'redis:', './redis://h', 'http://h'])).toEqual([{ method: 'sources.openPaths', params: { paths: ['-', 'redis:', './redis://h', 'http://h'] } }])
})

test('passwords that no address has come from the environment', () => {
  const env = { PROVSCOPE_MQ_PASSWORD: 'q', PROVSCOPE_MONGODB_PASSWORD: 'm' }
  expect(openings(['redis://h', 'redis://:own@h', 'mongodb://u@h/db'], env)).toMatchObject([{ params: { password: 'q' } }, { params: { password: 'own' } }, { params: { store: { password: 'm' } } }])
})

test.each<[string, boolean]>([
  ['a.provscope-view.json', true],
  ['/x/A.PROVSCOPE-VIEW.JSON', true],
  ['view.json', false],
  ['a.jsonl', false],
  ['redis://h:6379/a.provscope-view.json', false]
])('%s is a file of a view: %s', (name, is) => {
  expect(isViewFile(name)).toBe(is)
})
