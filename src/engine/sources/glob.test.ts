import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { glob, isGlob } from './glob.ts'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'provscope-test-'))
  const names = ['a1.jsonl', 'a2.jsonl', 'b1.jsonl', 'a10.jsonl.gz', '.hidden.jsonl', 'x(1).jsonl', 'deep/a1.jsonl', 'deep/er/a3.jsonl', 'deep/.git/a9.jsonl', 'ünï.jsonl']
  for (const name of names) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), '')
  }
  symlinkSync(folder, join(folder, 'deep/loop'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const matches = async (pattern: string): Promise<string[]> => (await glob(pattern, folder)).map((path) => relative(folder, path)).sort()

test.each([
  ['a?.jsonl', ['a1.jsonl', 'a2.jsonl']],
  ['a*.jsonl*', ['a1.jsonl', 'a10.jsonl.gz', 'a2.jsonl']],
  ['[ab]1.jsonl', ['a1.jsonl', 'b1.jsonl']],
  ['[!a]1.jsonl', ['b1.jsonl']],
  ['[z-a]1.jsonl', []],
  ['{a,b}1.jsonl', ['a1.jsonl', 'b1.jsonl']],
  ['{a{1,2},b1}.jsonl', ['a1.jsonl', 'a2.jsonl', 'b1.jsonl']],
  ['{a1.jsonl', []],
  ['*(1)*', ['x(1).jsonl']],
  ['.h*', ['.hidden.jsonl']],
  ['ün?.jsonl', ['ünï.jsonl']],
  ['*/a*', ['deep/a1.jsonl']],
  ['deep/*/a?.jsonl', ['deep/er/a3.jsonl', 'deep/loop/a1.jsonl', 'deep/loop/a2.jsonl']],
  ['**/a?.jsonl', ['a1.jsonl', 'a2.jsonl', 'deep/a1.jsonl', 'deep/er/a3.jsonl']],
  ['deep/../a1.jsonl', ['a1.jsonl']],
  ['none/*.jsonl', []],
  ['a1.jsonl/*', []]
])('%s', async (pattern, expected) => {
  expect(await matches(pattern)).toEqual(expected)
  expect(await matches(join(folder, pattern))).toEqual(expected)
})

test('a plain name is no glob', () => {
  expect(isGlob('flowcept_buffer.jsonl')).toBe(false)
  for (const pattern of ['*.jsonl', 'a?', '[ab]', '{a,b}']) expect(isGlob(pattern)).toBe(true)
})
