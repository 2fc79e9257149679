import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeFolder } from './makeFolder.ts'

test('a folder is made with all above it; one that is there stays', () => {
  const folder = mkdtempSync(join(tmpdir(), 'make-folder-'))
  makeFolder(join(folder, 'a/b/c'), 0o700)
  makeFolder(join(folder, 'a/b'))
  expect(statSync(join(folder, 'a/b/c')).mode & 0o777).toBe(0o700)
  writeFileSync(join(folder, 'file'), '')
  expect(() => makeFolder(join(folder, 'file/below'))).toThrow(/file\/below cannot be made: ENOTDIR/)
  rmSync(folder, { recursive: true })
})

test.skipIf(process.platform !== 'linux')('where a file system does not take new names, it says so', () => {
  expect(() => makeFolder('/proc/provscope/below')).toThrow('The folder /proc/provscope cannot be made')
})
