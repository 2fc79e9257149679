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
  [['runs/*.jsonl'], ['/data/runs/*.jsonl'], false]
])('%j', (args, paths, sample) => {
  expect(launchSources(args, '/data')).toEqual({ paths: paths.map((path) => resolve('/', path)), sample })
})

test.each([null, 'a', {}, { paths: 'a' }, { paths: [1] }])('%j from another instance opens nothing', (sent) => {
  expect(readLaunchSources(sent)).toEqual({ paths: [], sample: false })
})

test('what another instance sent is opened', () => {
  expect(readLaunchSources({ paths: ['/a', 1], sample: true })).toEqual({ paths: ['/a'], sample: true })
})
