import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Params } from '#contract/methods'
import { tinyTable } from '../../../testing/tinyTable.ts'
import { Exports } from './exports.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { tableWriting } from './tableWriting.ts'
import { writeWhole } from './writeWhole.ts'

let folder: string
let table: SourceTable & { close(): void }
beforeAll(async () => (table = await tinyTable(Array.from({ length: 5000 }, (_, n) => ({ task_id: `t${n}`, n, text: 'x'.repeat(100) })))))
afterAll(() => table.close())
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'exports-test-'))
  await mkdir(join(folder, 'out'))
  return async () => await rm(folder, { recursive: true })
})

/** Waits between stretches for `release`, if given. */
function exportsOf({ from = table, release }: { from?: SourceTable; release?: Promise<void> } = {}): { exports: Exports; start: (params: Params<'exports.start'>) => { exportId: string }; changes: string[] } {
  const changes: string[] = []
  let queries = 0
  const slow = new Proxy(from, {
    get: (target, name) => (name === 'query' ? async (...args: Parameters<SourceTable['query']>) => (++queries > 5 && (await release), await target.query(...args)) : Reflect.get(target, name, target))
  })
  const exports = new Exports({ pathOf: (handle) => join(folder, 'out', handle), folder: join(folder, 'downloads'), onChange: (id) => changes.push(id) })
  return { exports, start: (params) => exports.startWriting(tableWriting(release ? slow : from, params)), changes }
}

const asked: Params<'exports.start'> = { sourceId: 's', records: 'tasks', scope: { filter: {}, search: '' }, format: 'csv', sort: [], columns: ['task_id', 'n', 'text'], name: 'tasks.csv', guardFormulas: false, secrets: 'keep', manifest: true, verify: true }
const list = (exports: Exports) => exports.list({ offset: 0, limit: 10 }).exports
const out = () => readdir(join(folder, 'out'))

async function ended(exports: Exports, exportId: string) {
  for (;;) {
    const job = list(exports).find((one) => one.exportId === exportId)
    if (job && job.state !== 'writing' && job.state !== 'checking') return job
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

describe('exports', () => {
  test('a whole file takes the place of the old one, nothing else is left', async () => {
    await writeFile(join(folder, 'out', 'a.csv'), 'old')
    const { exports, start, changes } = exportsOf()
    const { exportId } = start({ ...asked, handle: 'a.csv' })
    const job = await ended(exports, exportId)
    const text = await readFile(join(folder, 'out', 'a.csv'), 'utf8')
    expect(text.split('\n').length).toBe(5002)
    expect(text.slice(0, 22)).toBe('task_id,n,text\nt0,0,xx')
    expect(job.checks.map(({ what, expected, found, ok }) => [what, expected === found, ok])).toEqual(['columns', 'rows', 'empty cells', 'values'].map((what) => [what, true, true]))
    expect(job).toEqual({ exportId, name: 'a.csv', kind: 'csv', dryRun: false, manifest: null, checks: job.checks, store: null, state: 'done', rows: 5000, totalRows: 5000, bytes: text.length, secondsLeft: null, error: null, download: false, path: join(folder, 'out', 'a.csv'), gaps: null })
    expect(await out()).toEqual(['a.csv'])
    expect(exports.path({ exportId })).toEqual({ path: join(folder, 'out', 'a.csv'), name: 'a.csv' })
    expect(new Set(changes)).toEqual(new Set([exportId]))
  })

  test('without a handle it is kept for download, under a harmless name', async () => {
    const { exports, start } = exportsOf()
    const { exportId } = start({ ...asked, name: '../../tasks: all.csv' })
    expect(await ended(exports, exportId)).toMatchObject({ state: 'done', download: true, path: null, name: '_.._tasks_ all.csv' })
    const { path } = exports.path({ exportId })
    expect(path.startsWith(join(folder, 'downloads', exportId))).toBe(true)
    expect((await readFile(path, 'utf8')).length).toBeGreaterThan(500_000)
  })

  test('cancelling leaves what was there before and no part', async () => {
    await writeFile(join(folder, 'out', 'a.csv'), 'old')
    let go = (): void => undefined
    const { exports, start } = exportsOf({ release: new Promise<void>((resolve) => (go = resolve)) })
    const { exportId } = start({ ...asked, handle: 'a.csv' })
    const download = start(asked)
    while (!(await out()).some((name) => name.endsWith('.part'))) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(() => exports.path({ exportId })).toThrow('still being written')
    const cancelled = Promise.all([exports.cancel({ exportId }), exports.cancel(download)])
    go()
    await cancelled
    expect(list(exports).map((job) => job.state)).toEqual(['cancelled', 'cancelled'])
    expect(await out()).toEqual(['a.csv'])
    expect(await readFile(join(folder, 'out', 'a.csv'), 'utf8')).toBe('old')
    expect(await readdir(join(folder, 'downloads'))).toEqual([])
    await exports.cancel({ exportId })
    expect(() => exports.path({ exportId })).toThrow('cancelled')
  })

  test('what cannot be written says why', async () => {
    const { exports, start } = exportsOf()
    await mkdir(join(folder, 'out', 'folder'))
    const missing = start({ ...asked, handle: 'nowhere/a.csv' })
    expect(await ended(exports, missing.exportId)).toMatchObject({ state: 'failed', error: expect.stringContaining('its folder does not exist') as string })
    const taken = start({ ...asked, handle: 'folder' })
    expect(await ended(exports, taken.exportId)).toMatchObject({ state: 'failed', error: expect.stringContaining('is a folder') as string })
    expect(() => exports.path({ exportId: 'none' })).toThrow('no such export')
    expect(await out()).toEqual(['folder'])
  })

  test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')('no permission', async () => {
    await chmod(join(folder, 'out'), 0o555)
    const { exports, start } = exportsOf()
    const { exportId } = start({ ...asked, handle: 'a.csv' })
    expect(await ended(exports, exportId)).toMatchObject({ state: 'failed', error: expect.stringContaining('permission') as string })
    await chmod(join(folder, 'out'), 0o755)
  })

  test('a source that fails midway leaves nothing', async () => {
    const failing = new Proxy(table, {
      get: (target, name) =>
        name === 'query' ? async (...args: Parameters<SourceTable['query']>) => (args[0].text.includes('i >= 1000') ? Promise.reject(new Error('The database is gone.')) : await target.query(...args)) : Reflect.get(target, name, target)
    })
    const { exports, start } = exportsOf({ from: failing })
    const { exportId } = start({ ...asked, handle: 'a.csv' })
    expect(await ended(exports, exportId)).toMatchObject({ state: 'failed', error: 'The database is gone.', rows: 1000 })
    expect(await out()).toEqual([])
  })

  test('closing cancels what is running', async () => {
    let go = (): void => undefined
    const { exports, start } = exportsOf({ release: new Promise<void>((resolve) => (go = resolve)) })
    start({ ...asked, handle: 'a.csv' })
    const closed = exports.close()
    go()
    await closed
    expect(list(exports)[0]?.state).toBe('cancelled')
    expect(await out()).toEqual([])
  })
})

test('a full disk', async () => {
  const signal = new AbortController().signal
  const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
  const target = join(folder, 'out', 'a.csv')
  const writing = writeWhole(target, signal, async (sink) => {
    await sink(Buffer.from('half'))
    throw full
  })
  await expect(writing).rejects.toThrow('a.csv could not be written in')
  await expect(writing).rejects.toThrow('the disk is full')
  expect(await out()).toEqual([])
})
