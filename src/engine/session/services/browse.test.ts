import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browseFolder } from './browse.ts'
import { Grants } from './grants.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'provscope-test-'))
  for (const name of ['run10', 'run2', '.hidden']) mkdirSync(join(folder, name))
  for (const name of ['b10.jsonl', 'b2.jsonl.gz', 'notes.txt', '.secret.jsonl', 'run2/inner.jsonl']) writeFileSync(join(folder, name), '12345')
  symlinkSync(join(folder, 'run2'), join(folder, 'link'))
  symlinkSync(join(folder, 'nowhere'), join(folder, 'broken.jsonl'))
  execFileSync('mkfifo', [join(folder, 'pipe.jsonl')])
  utimesSync(join(folder, 'b10.jsonl'), 1000, 2000)
})
afterAll(() => rmSync(folder, { recursive: true }))

const page = { offset: 0, limit: 200 }

test('folders, buffers, others, each in natural order; hidden ones left out', async () => {
  const listing = await browseFolder(page, new Grants(), folder)
  expect(listing.path).toBe(folder)
  expect(listing.entries.map((entry) => `${entry.kind} ${entry.name}`)).toEqual(['folder link', 'folder run2', 'folder run10', 'buffer b2.jsonl.gz', 'buffer b10.jsonl', 'other broken.jsonl', 'other notes.txt', 'other pipe.jsonl'])
  expect(listing.entries.find((entry) => entry.name === 'b10.jsonl')).toMatchObject({ sizeBytes: 5, modifiedAt: 2000 })
  expect(listing.total).toBe(8)
})

test('a folder with LMDB’s file in it is a database', async () => {
  const inner = mkdtempSync(join(tmpdir(), 'provscope-test-'))
  try {
    for (const name of ['flowcept_lmdb', 'runs', 'odd']) mkdirSync(join(inner, name))
    writeFileSync(join(inner, 'flowcept_lmdb/data.mdb'), 'x'.repeat(8192))
    mkdirSync(join(inner, 'odd/data.mdb'))
    const { entries } = await browseFolder(page, new Grants(), inner)
    expect(entries.map(({ kind, name, sizeBytes }) => [kind, name, sizeBytes])).toEqual([['folder', 'odd', 0], ['folder', 'runs', 0], ['lmdb', 'flowcept_lmdb', 8192]])
  } finally {
    rmSync(inner, { recursive: true })
  }
})

test('pages', async () => {
  const listing = await browseFolder({ offset: 3, limit: 2 }, new Grants(), folder)
  expect(listing.entries.map((entry) => entry.name)).toEqual(['b2.jsonl.gz', 'b10.jsonl'])
  expect(listing.total).toBe(8)
})

test('down and up by handles alone', async () => {
  const grants = new Grants()
  const top = await browseFolder(page, grants, folder)
  const inner = await browseFolder({ ...page, handle: top.entries.find((entry) => entry.name === 'run2')?.handle ?? '' }, grants, '/')
  expect(inner.entries.map((entry) => entry.name)).toEqual(['inner.jsonl'])
  expect(grants.path(inner.entries[0]?.handle ?? '', 'read')).toBe(join(folder, 'run2/inner.jsonl'))
  const up = await browseFolder({ ...page, handle: inner.parent ?? '' }, grants, '/')
  expect(up.path).toBe(folder)
  expect(up.handle).toBe(inner.parent)
  expect((await browseFolder({ ...page, handle: up.parent ?? '' }, grants, '/')).path).toBe(dirname(folder))
  expect((await browseFolder(page, grants, '/')).parent).toBeNull()
})

test('what is no folder, is gone or was never given is refused with a sentence', async () => {
  const grants = new Grants()
  const open = (path: string) => browseFolder({ ...page, handle: grants.grant(path, 'read') }, grants, '/')
  await expect(open(join(folder, 'notes.txt'))).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('is a file, not a folder') })
  await expect(open(join(folder, 'gone'))).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('There is no file or folder') })
  await expect(browseFolder({ ...page, handle: folder }, grants, '/')).rejects.toMatchObject({ code: 'bad-request' })
  await expect(browseFolder({ ...page, handle: grants.grant(folder, 'write') }, grants, '/')).rejects.toMatchObject({ code: 'bad-request' })
})
