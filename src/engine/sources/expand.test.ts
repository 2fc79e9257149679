import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { expandSources, whyNot } from './expand.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'provscope-test-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function put(...names: string[]): void {
  for (const name of names) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), '{}\n')
  }
}
const found = async (...named: string[]): Promise<string[]> => (await expandSources(named, folder)).files.map((file) => relative(folder, file.path))

test('a file, by a relative or an absolute path, whatever its name', async () => {
  put('run.log', 'sub/a.jsonl')
  expect(await expandSources(['run.log'], folder)).toMatchObject({ kind: 'file', name: 'run.log', path: join(folder, 'run.log'), files: [{ name: 'run.log', sizeBytes: 3 }], leftOut: [] })
  expect(await found(join(folder, 'sub/a.jsonl'))).toEqual(['sub/a.jsonl'])
})

test('several files keep their order; one named twice, or through a link, is read once', async () => {
  put('b.jsonl', 'a.jsonl')
  symlinkSync(join(folder, 'a.jsonl'), join(folder, 'link.jsonl'))
  expect(await found('b.jsonl', 'a.jsonl', 'b.jsonl', 'link.jsonl', './a.jsonl')).toEqual(['b.jsonl', 'a.jsonl'])
  expect(await expandSources(['b.jsonl', 'a.jsonl'], folder)).toMatchObject({ kind: 'files', name: 'b.jsonl and 1 more', path: folder })
})

test('a folder: its buffers in natural order, nothing else, nothing below', async () => {
  put('part_10.jsonl', 'part_2.jsonl', 'part_1.jsonl.gz', 'part_3.ndjson', 'part_4.jsonl.zst', 'readme.md', 'x.json', 'below/part_0.jsonl')
  expect(await expandSources(['.'], folder)).toMatchObject({ kind: 'folder', name: `${basename(folder)}/`, path: folder })
  expect(await found('.')).toEqual(['part_1.jsonl.gz', 'part_2.jsonl', 'part_3.ndjson', 'part_4.jsonl.zst', 'part_10.jsonl'])
})

test('a folder without buffers of its own: those below it, with the folder in names that would be alike', async () => {
  put('run2/a.jsonl', 'run10/a.jsonl', 'run2/deep/b.jsonl', '.hidden/a.jsonl', 'node_modules/a.jsonl', 'notes.txt')
  symlinkSync(folder, join(folder, 'run2/loop'))
  const { files } = await expandSources([folder], '/')
  expect(files.map((file) => file.name)).toEqual([join('run2', 'a.jsonl'), 'b.jsonl', join('run10', 'a.jsonl')])
})

test('a glob, and a file whose name looks like one', async () => {
  put('a1.jsonl', 'a10.jsonl', 'a2.jsonl', 'b.jsonl', 'odd[1].jsonl', 'odd1.jsonl', 'afolder/x.jsonl')
  expect(await found('a*')).toEqual(['a1.jsonl', 'a2.jsonl', 'a10.jsonl'])
  expect(await expandSources(['a*.jsonl'], folder)).toMatchObject({ kind: 'files', name: 'a*.jsonl', path: folder })
  expect(await found('odd[1].jsonl')).toEqual(['odd[1].jsonl'])
  expect(await expandSources(['b*'], folder)).toMatchObject({ kind: 'file', name: 'b.jsonl' })
})

test('a file of no bytes is a file', async () => {
  writeFileSync(join(folder, 'empty.jsonl'), '')
  expect((await expandSources(['empty.jsonl'], folder)).files).toMatchObject([{ sizeBytes: 0 }])
})

test('standard input stands alone', async () => {
  expect(await expandSources(['-'], folder)).toEqual({ kind: 'stdin', name: 'standard input', path: '-', files: [], leftOut: [] })
  await expect(expandSources(['-', 'a.jsonl'], folder)).rejects.toMatchObject({ code: 'bad-request' })
})

test.each([
  ['missing.jsonl', /There is no file or folder .*missing\.jsonl/],
  ['file.txt/x', /There is no file or folder/],
  ['*.nothing', /No file matches \*\.nothing/],
  ['sub*', /matches folders only/],
  ['empty', /The folder .*empty is empty/],
  ['subfolder', /has no buffer files .* neither have its subfolders/],
  ['fifo', /named pipe.*standard input/],
  ['/dev/null', /is a device, not a file/],
  ['loop', /leads back to itself/]
])('%s cannot be opened, and says why', async (named, sentence) => {
  put('subfolder/notes.txt', 'file.txt')
  mkdirSync(join(folder, 'empty'))
  execFileSync('mkfifo', [join(folder, 'fifo')])
  symlinkSync(join(folder, 'loop'), join(folder, 'loop'))
  await expect(expandSources([named], folder)).rejects.toMatchObject({ code: 'unavailable', message: expect.stringMatching(sentence) })
})

test('among several named files a missing one fails the whole; in a folder what is no file is left out and told', async () => {
  put('a.jsonl')
  await expect(expandSources(['a.jsonl', 'b.jsonl'], folder)).rejects.toMatchObject({ message: expect.stringContaining('b.jsonl') })
  execFileSync('mkfifo', [join(folder, 'pipe.jsonl')])
  symlinkSync(join(folder, 'gone'), join(folder, 'broken.jsonl'))
  const { files, leftOut } = await expandSources(['.'], folder)
  expect(files.map((file) => file.name)).toEqual(['a.jsonl'])
  expect(leftOut.map((left) => left.name)).toEqual(['broken.jsonl', 'pipe.jsonl'])
})

test.skipIf(process.getuid?.() === 0)('a file without permission', async () => {
  put('secret.jsonl')
  chmodSync(join(folder, 'secret.jsonl'), 0)
  await expect(expandSources(['secret.jsonl'], folder)).rejects.toMatchObject({ message: expect.stringContaining('permission denied') })
})

test('what the operating system says becomes a sentence', () => {
  const sentence = (code: string): string => whyNot(Object.assign(new Error('EBUSY: busy'), { code }), '/a')
  expect(sentence('EACCES')).toBe('You may not read /a: permission denied.')
  expect(sentence('EMFILE')).toContain('Too many files')
  expect(sentence('EBUSY')).toContain('EBUSY: busy')
})

test('an aborted search of a folder ends', async () => {
  put('deep/er/a.txt')
  await expect(expandSources(['.'], folder, AbortSignal.abort())).rejects.toThrow()
})
