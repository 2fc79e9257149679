import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { launchSources, readLaunchSources } from './launchSources.ts'

test.each([
  [[], [], false],
  [['a.jsonl', '/b.jsonl'], ['/data/a.jsonl', '/b.jsonl'], false],
  [['--sample'], [], true],
  [['--no-sandbox', '--inspect=1', 'a.jsonl', ''], ['/data/a.jsonl'], false],
  [['--', '--sample', '-a.jsonl'], ['/data/--sample', '/data/-a.jsonl'], false],
  [['--sample', '--', 'a.jsonl'], ['/data/a.jsonl'], true],
  [['runs/*.jsonl'], ['/data/runs/*.jsonl'], false],
  [['redis://h:6379/interception', '--', 'MongoDB://u@h/flowcept', 'a'], ['redis://h:6379/interception', 'MongoDB://u@h/flowcept', '/data/a'], false],
  [['http://h/a.jsonl', 'redis:/h'], ['/data/http:/h/a.jsonl', '/data/redis:/h'], false]
])('%j', (args, named, sample) => {
  expect(launchSources(args, '/data')).toEqual({ named: named.map((name) => (name.includes('://') ? name : resolve('/', name))), links: [], sample })
})

test.each([null, 'a', {}, { named: 'a' }, { named: [1] }])('%j from another instance opens nothing', (sent) => {
  expect(readLaunchSources(sent)).toEqual({ named: [], links: [], sample: false })
})

test('what another instance sent is opened', () => {
  expect(readLaunchSources({ named: ['/a', 1], sample: true })).toEqual({ named: ['/a'], links: [], sample: true })
})

test('links are no files, wherever they stand', () => {
  expect(launchSources(['provscope://view?data=1', '--', 'PROVSCOPE:open?path=/x', 'a'], '/data')).toEqual({ named: [resolve('/data/a')], links: ['provscope://view?data=1', 'PROVSCOPE:open?path=/x'], sample: false })
  expect(readLaunchSources({ named: [], links: ['provscope://view', 7] })).toEqual({ named: [], links: ['provscope://view'], sample: false })
})
