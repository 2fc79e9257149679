import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { readLink } from './readLink.ts'

const open = (path: string): string => `provscope://open?path=${encodeURIComponent(path)}`

test('a view and a file are what a link may ask for', () => {
  expect(readLink('provscope://view?data=%7B%7D')).toEqual({ view: 'provscope://view?data=%7B%7D' })
  const path = resolve('/data/a run/träin.jsonl')
  expect(readLink(open(path))).toEqual({ path })
})

test.each<[string, RegExp]>([
  ['', /no address/],
  ['https://example.org/', /no address/],
  ['javascript:alert(1)', /no address/],
  [`provscope://view?data=${'x'.repeat(900_000)}`, /no address/],
  ['provscope://', /Links of Provscope/],
  ['provscope://exec?cmd=calc', /Links of Provscope/],
  ['provscope:open?path=/etc/passwd', /Links of Provscope/],
  ['provscope://open', /no file/],
  ['provscope://open?path=', /no file/],
  [open('a.jsonl'), /not absolute/],
  [open('../../etc/passwd'), /not absolute/],
  [open('-'), /not absolute/],
  [open('/data/../etc/passwd'), /leads back up/],
  [open('/data/**/*.jsonl'), /many files/],
  [open('//server/share/a.jsonl'), /another machine/],
  [open('\\\\server\\share\\a.jsonl'), /another machine/],
  [open('redis://h:6379'), /an address/],
  [open('mongodb://h/db'), /an address/],
  [open('file:///etc/passwd'), /an address/],
  [open('/data/a\u202Elnosj.exe'), /cannot be seen/],
  [open('/data/a\u0000.jsonl'), /cannot be seen/],
  [open('/data/a\n\n\n\nb'), /cannot be seen/],
  [open('/data/a\u200Bb'), /cannot be seen/],
  [open(`/${'a'.repeat(5000)}`), /too long/]
])('%j is not followed', (link, why) => {
  expect(readLink(link)).toEqual({ why: expect.stringMatching(why) })
})
