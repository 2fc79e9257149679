import { appendFileSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Call } from '#contract/dispatch'
import type { Method, Params, Result } from '#contract/methods'
import type { Source } from '#contract/sources'
import { openSegmentsFrom } from '#engine/sources/openSegments'
import type { SegmentsSpec } from '#engine/sources/segments'
import { type Engine, createEngine } from './engine.ts'
import type { OpenReader } from './load/openReader.ts'
import { LocalReader } from './load/readerPort.ts'

const fixtures = join(import.meta.dirname, '../../testing/fixtures')

let folder: string
let engine: Engine
let call: Call
const bugs: unknown[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'provscope-test-'))
  engine = await createEngine({ host: 'served', version: '1.2.3', configDir: join(folder, 'config'), tempDir: join(folder, 'temp'), startFolder: folder, onBug: (error) => bugs.push(error) })
  call = engine.call('host')
})
afterAll(async () => {
  await engine.close()
  expect(readdirSync(join(folder, 'temp')), 'nothing is left behind').toEqual([])
  rmSync(folder, { recursive: true })
  expect(bugs).toEqual([])
})
afterEach(async () => {
  for (const source of (await ask('sources.list', {})).sources) await ask('sources.close', { sourceId: source.sourceId })
})

type Ask = <M extends Method>(method: M, params: Params<M> | Record<string, unknown>) => Promise<Result<M>>

const askWith = (of: Call): Ask => async (method, params) => {
  const reply = await of(method, params as never)
  if (!reply.ok) throw Object.assign(new Error(reply.error.message), { code: reply.error.code })
  return reply.value
}
const ask: Ask = (method, params) => askWith(call)(method, params)

async function sourceOf(sourceId: string, by: Ask = ask): Promise<Source> {
  const source = (await by('sources.list', {})).sources.find((one) => one.sourceId === sourceId)
  if (source === undefined) throw new Error('not open')
  return source
}

/** Waits by the change log, as a page does. */
async function until(sourceId: string, holds: (source: Source) => boolean, by: Ask = ask): Promise<Source> {
  let cursor = ''
  for (;;) {
    const source = await sourceOf(sourceId, by)
    if (holds(source)) return source
    cursor = (await by('changes.next', { cursor, waitMs: 20_000 })).cursor
  }
}
const read = (source: Source): boolean => source.state !== 'reading'

async function open(...paths: string[]): Promise<Source> {
  const { sourceId } = await ask('sources.openPaths', { paths })
  return until(sourceId, read)
}

type Index = Record<string, { messages: number | null; by_type: Record<string, number> | null }>
const index = JSON.parse(readFileSync(join(fixtures, 'truth/df_index.json'), 'utf8')) as Index

describe('every buffer that Flowcept wrote', () => {
  test.each(Object.entries(index).filter(([, { messages }]) => messages !== null))('%s: as many messages of each type as Flowcept counts', async (name, truth) => {
    const source = await open(join(fixtures, 'jsonl', name))
    expect(source).toMatchObject({ state: 'ready', error: null, name, kind: 'file', files: 1, following: false, stale: null, secondsLeft: null })
    expect(source.counts.messages).toBe(truth.messages)
    expect(source.readBytes).toBe(source.totalBytes)
    const page = await ask('rows.page', { sourceId: source.sourceId, records: 'messages', columns: ['type'], limit: 1000 })
    const types: Record<string, number> = {}
    for (const row of page.rows) types[String(row.cells[0] ?? 'None')] = (types[String(row.cells[0] ?? 'None')] ?? 0) + 1
    expect(types).toEqual(truth.by_type)
    expect((await ask('problems.list', { sourceId: source.sourceId })).errors).toBe(0)
  })

  test('13_truncated_tail.jsonl, which Flowcept cannot read: all but its broken tail', async () => {
    const path = join(fixtures, 'jsonl/13_truncated_tail.jsonl')
    const lines = readFileSync(path, 'utf8').split('\n')
    const source = await open(path)
    expect(source).toMatchObject({ state: 'ready', counts: { messages: lines.length - 1 } })
    const { problems, total, errors } = await ask('problems.list', { sourceId: source.sourceId })
    const byte = Buffer.byteLength(lines.slice(0, -1).join('\n')) + 1
    expect({ total, errors }).toEqual({ total: 1, errors: 1 })
    expect(problems[0]).toMatchObject({ kind: 'truncated', level: 'error', source: '13_truncated_tail.jsonl', line: lines.length, byte, count: 1 })
    const context = await ask('problems.context', { problemId: problems[0]?.problemId ?? '', lines: 1, lineLength: 50 })
    expect(context.lines).toEqual([
      { line: lines.length - 1, byte: byte - Buffer.byteLength(lines.at(-2) ?? '') - 1, text: lines.at(-2)?.slice(0, 50), cut: true, bad: false },
      { line: lines.length, byte, text: lines.at(-1)?.slice(0, 50), cut: true, bad: true }
    ])
  })

  test('a split set as one source, by folder and by glob', async () => {
    const byFolder = await open(join(fixtures, 'split'))
    const lines = readdirSync(join(fixtures, 'split')).flatMap((name) => readFileSync(join(fixtures, 'split', name), 'utf8').split('\n').slice(0, -1))
    expect(byFolder).toMatchObject({ kind: 'folder', name: 'split/', files: 7, counts: { messages: lines.length } })
    const byGlob = await open(join(fixtures, 'split', '*d001_*.jsonl'))
    expect(byGlob).toMatchObject({ kind: 'files', name: '*d001_*.jsonl', files: 5 })
    expect((await ask('sources.list', {})).sources.map((source) => source.sourceId)).toEqual([byFolder.sourceId, byGlob.sourceId])
  })
})

describe('what cannot be opened', () => {
  test.each([
    ['nothing-here.jsonl', /There is no file or folder/],
    ['*.nothing', /No file matches/],
    ['/dev/null', /a device/],
    ['empty-folder', /is empty/]
  ])('%s stays listed as failed, with a sentence, until it is closed', async (name, sentence) => {
    mkdirSync(join(folder, 'empty-folder'), { recursive: true })
    const source = await open(name)
    expect(source).toMatchObject({ state: 'failed', error: expect.stringMatching(sentence), counts: { messages: 0 } })
    await expect(ask('rows.page', { sourceId: source.sourceId, columns: [] })).rejects.toMatchObject({ code: 'unavailable', message: expect.stringMatching(sentence) })
    await ask('sources.close', { sourceId: source.sourceId })
    expect((await ask('sources.list', {})).sources).toEqual([])
    await expect(ask('sources.close', { sourceId: source.sourceId })).rejects.toMatchObject({ code: 'not-found' })
  })

  test('it can be tried again once it is there', async () => {
    const { sourceId } = await open('later.jsonl')
    writeFileSync(join(folder, 'later.jsonl'), '{"task_id":"1"}\n')
    await ask('sources.readOn', { sourceId })
    expect(await until(sourceId, (source) => source.state === 'ready')).toMatchObject({ counts: { messages: 1 } })
  })

  test('a page names no paths, and no handle that it was not given', async () => {
    const page = engine.call('page')
    expect(await page('sources.openPaths', { paths: ['/etc/passwd'] })).toMatchObject({ ok: false, error: { code: 'not-found' } })
    expect(await page('paths.grant', { path: '/etc/passwd', use: 'read' })).toMatchObject({ ok: false, error: { code: 'not-found' } })
    expect(await page('sources.open', { handles: ['/etc/passwd'] })).toMatchObject({ ok: false, error: { code: 'bad-request' } })
  })
})

describe('compressed and odd files', () => {
  test('gzip and zstd open as their text; a cut off one says so', async () => {
    const text = readFileSync(join(fixtures, 'jsonl/11_status_updates.jsonl'))
    writeFileSync(join(folder, 'a.gz'), gzipSync(text))
    const gz = await open('a.gz')
    expect(gz).toMatchObject({ state: 'ready', counts: { messages: 39 }, problems: 0 })
    const zst = await open(join(fixtures, 'compressed/frames.jsonl.zst'))
    expect(zst).toMatchObject({ state: 'ready', counts: { messages: 39 }, problems: 0 })
    expect(zst.counts).toEqual(gz.counts)
    writeFileSync(join(folder, 'cut.gz'), gzipSync(text).subarray(0, 500))
    const cut = await open('cut.gz')
    expect(cut.counts.messages).toBeGreaterThan(1)
    const { problems } = await ask('problems.list', { sourceId: cut.sourceId })
    expect(problems.map((problem) => problem.kind)).toContain('truncated-compression')
  })

  test('a file of no bytes is a source without rows', async () => {
    writeFileSync(join(folder, 'empty.jsonl'), '')
    expect(await open('empty.jsonl')).toMatchObject({ state: 'ready', counts: { messages: 0 }, totalBytes: 0, problems: 0 })
  })

  test('in a folder what is no file is told and left out', async () => {
    mkdirSync(join(folder, 'mixed/dir.jsonl'), { recursive: true })
    writeFileSync(join(folder, 'mixed/a.jsonl'), '{"task_id":"1"}\n')
    const source = await open('mixed/*.jsonl')
    expect(source).toMatchObject({ state: 'ready', counts: { messages: 1 } })
  })
})

describe('files that change', () => {
  const line = (id: number): string => `${JSON.stringify({ task_id: String(id), activity_id: 'act', status: 'FINISHED' })}\n`

  test('growth makes it stale; reading on, or following, takes it in', async () => {
    const path = join(folder, 'grows.jsonl')
    writeFileSync(path, line(1) + line(2).slice(0, 10))
    const { sourceId } = await open(path)
    expect(await sourceOf(sourceId)).toMatchObject({ counts: { messages: 1 }, problems: 1 })
    appendFileSync(path, line(2).slice(10) + line(3))
    const grewBytes = Buffer.byteLength(line(2).slice(10) + line(3))
    const stale = await until(sourceId, (source) => source.stale !== null)
    expect(stale).toMatchObject({ stale: { grewBytes }, counts: { messages: 1 } })
    await ask('sources.readOn', { sourceId })
    const now = await until(sourceId, (source) => source.counts.messages === 3 && read(source))
    expect(now).toMatchObject({ stale: null, problems: 0, counts: { tasks: 3 } })
    expect(now.revision).toBeGreaterThan(stale.revision)
    await ask('sources.follow', { sourceId, on: true })
    appendFileSync(path, line(4))
    expect(await until(sourceId, (source) => source.counts.messages === 4)).toMatchObject({ following: true, stale: null })
  })

  test('followed and truncated: read anew, with a problem that says so', async () => {
    const path = join(folder, 'cut.jsonl')
    writeFileSync(path, [1, 2, 3].map(line).join(''))
    const { sourceId } = await open(path)
    const before = await sourceOf(sourceId)
    await ask('sources.follow', { sourceId, on: true })
    truncateSync(path, Buffer.byteLength(line(1)))
    const after = await until(sourceId, (source) => source.counts.messages === 1 && read(source))
    expect(after.revision).toBeGreaterThan(before.revision)
    expect((await ask('problems.list', { sourceId })).problems).toMatchObject([{ kind: 'file-truncated', level: 'warning', source: 'cut.jsonl', did: 'Read anew' }])
    expect((await ask('rows.page', { sourceId, records: 'messages', columns: ['task_id'] })).rows.map((row) => row.cells)).toEqual([['1']])
  })

  test('not followed and replaced: what was read stays until it is asked for anew', async () => {
    const path = join(folder, 'swap.jsonl')
    writeFileSync(path, line(1))
    const { sourceId } = await open(path)
    rmSync(path)
    writeFileSync(path, line(7) + line(8) + line(9))
    await until(sourceId, (source) => source.stale !== null)
    expect((await ask('problems.list', { sourceId })).problems).toMatchObject([{ kind: 'file-replaced' }])
    await ask('sources.readOn', { sourceId })
    expect(await until(sourceId, (source) => source.counts.messages === 3 && read(source))).toMatchObject({ stale: null, problems: 0 })
  })

  test('a file that vanishes is a warning; what was read stays', async () => {
    const path = join(folder, 'vanishes.jsonl')
    writeFileSync(path, line(1))
    const { sourceId } = await open(path)
    rmSync(path)
    await until(sourceId, (source) => source.problems > 0)
    expect(await sourceOf(sourceId)).toMatchObject({ state: 'ready', counts: { messages: 1 } })
    expect((await ask('problems.list', { sourceId })).problems).toMatchObject([{ kind: 'file-gone' }])
    expect((await ask('rows.page', { sourceId, records: 'messages', columns: ['task_id'] })).total).toBe(1)
  })

  test('the same names again are the same source', async () => {
    const path = join(folder, 'twice.jsonl')
    writeFileSync(path, line(1))
    const first = await open(path)
    expect((await open('twice.jsonl')).sourceId).toBe(first.sourceId)
  })
})

describe('the machine and what is remembered', () => {
  test('host.info', async () => {
    const info = await ask('host.info', {})
    expect(info).toMatchObject({ host: 'served', version: '1.2.3', platform: process.platform })
    expect(info.memory.usedBytes).toBeGreaterThan(10e6)
    expect(info.memory.limitBytes).toBeGreaterThan(100e6)
  })

  test('browse, open by handle, find it among the recents, open it from there, forget it', async () => {
    mkdirSync(join(folder, 'runs'), { recursive: true })
    copyFileSync(join(fixtures, 'jsonl/01_start_here.jsonl'), join(folder, 'runs/buffer.jsonl'))
    const top = await ask('files.browse', {})
    expect(top.path).toBe(folder)
    const runs = await ask('files.browse', { handle: top.entries.find((entry) => entry.name === 'runs')?.handle ?? '' })
    const handle = runs.entries.find((entry) => entry.name === 'buffer.jsonl')?.handle ?? ''
    const { sourceId } = await ask('sources.open', { handles: [handle] })
    await until(sourceId, read)
    await ask('sources.close', { sourceId })
    const recent = (await ask('recents.list', {})).recents.find((one) => one.name === 'buffer.jsonl')
    expect(recent).toMatchObject({ path: join(folder, 'runs/buffer.jsonl'), kind: 'file', tasks: 2, errors: 0, state: 'ready', grewBytes: 0 })
    const again = await ask('sources.open', { handles: [recent?.handle ?? ''] })
    expect(await until(again.sourceId, read)).toMatchObject({ counts: { messages: 2 } })
    await ask('recents.forget', { handle: recent?.handle ?? '' })
    expect((await ask('recents.list', {})).recents.some((one) => one.name === 'buffer.jsonl')).toBe(false)
  })

  test('a followed source is remembered as it was when it was closed', async () => {
    const path = join(folder, 'remembered.jsonl')
    const line = '{"task_id":"1","activity_id":"a"}\n'
    writeFileSync(path, line)
    const { sourceId } = await ask('sources.openPaths', { paths: [path], follow: true })
    await until(sourceId, read)
    appendFileSync(path, line.replace('1', '2'))
    await until(sourceId, (source) => source.counts.tasks === 2 && read(source))
    await ask('sources.close', { sourceId })
    const recent = (await ask('recents.list', {})).recents.find((one) => one.name === 'remembered.jsonl')
    expect(recent).toMatchObject({ tasks: 2, state: 'ready' })
  })

  test('the sample opens', async () => {
    const { sourceId } = await ask('sources.openSample', {})
    expect(await until(sourceId, read)).toMatchObject({ state: 'ready', name: 'weather_stations.jsonl', problems: 0 })
  })

  test('every method answers as its schema says, or refuses; none is missing', async () => {
    const { methods, hostMethods } = await import('#contract/methods')
    const own = Object.keys(methods).filter((name) => !(hostMethods as readonly string[]).includes(name))
    expect(Object.keys(engine.handlers).sort()).toEqual(own.sort())
    const { sourceId } = await open(join(fixtures, 'jsonl/02_pipeline.jsonl'))
    const id = (await ask('rows.page', { sourceId, columns: [] })).rows[0]?.id ?? ''
    for (const [name, params] of Object.entries({ 'host.info': {}, 'files.browse': {}, 'recents.list': {}, 'sources.list': {}, 'problems.list': {}, 'changes.next': {}, 'exports.list': {}, 'tree.children': { sourceId }, 'columns.list': { sourceId, records: 'tasks' }, 'rows.page': { sourceId, columns: ['task_id', 'status'] }, 'overview.summary': { sourceId }, 'overview.quality': { sourceId }, 'overview.series': { sourceId }, 'overview.errors': { sourceId }, 'overview.slowest': { sourceId }, 'overview.activities': { sourceId }, 'time.histogram': { sourceId }, 'groups.page': { sourceId, by: 'activity_id' }, 'records.get': { sourceId, records: 'tasks', id }, 'records.links': { sourceId, taskId: id } })) {
      const value = await ask(name as Method, params)
      const parsed = methods[name as Method].result.safeParse(value)
      expect(parsed.error?.issues ?? [], name).toEqual([])
    }
  })
})

describe('standard input', () => {
  /** An engine of its own, so that the pipe can be a stream of the test. */
  async function withPipe(pipe: PassThrough, job: (ask: Ask) => Promise<void>): Promise<void> {
    const openReader: OpenReader = async (spec, readerFolder, name) => new LocalReader(await openSegmentsFrom(spec as SegmentsSpec, () => pipe), readerFolder, name)
    const own = await createEngine({ host: 'served', version: '1', configDir: join(folder, 'config'), tempDir: join(folder, 'temp'), openReader })
    try {
      await job(askWith(own.call('host')))
    } finally {
      await own.close()
    }
  }
  const line = (id: number): string => `${JSON.stringify({ task_id: String(id), status: 'FINISHED' })}\n`

  test('rows show as they come; texts can be looked up; the end makes it ready', async () => {
    const pipe = new PassThrough()
    await withPipe(pipe, async (ask) => {
      const { sourceId } = await ask('sources.openPaths', { paths: ['-'] })
      pipe.write(line(1) + line(2).slice(0, 5))
      expect(await until(sourceId, (source) => source.counts.messages === 1, ask)).toMatchObject({ kind: 'stdin', name: 'standard input', state: 'reading', totalBytes: null, secondsLeft: null, files: 1 })
      pipe.write(`${line(2).slice(5)}no json\n`)
      await until(sourceId, (source) => source.problems === 1, ask)
      const { problems } = await ask('problems.list', {})
      expect((await ask('problems.context', { problemId: problems[0]?.problemId ?? '', lines: 1 })).lines.map((shown) => shown.text)).toEqual([line(2).trim(), 'no json'])
      pipe.end(line(3).trim())
      expect(await until(sourceId, read, ask)).toMatchObject({ state: 'ready', counts: { messages: 3 } })
      expect((await ask('recents.list', {})).recents.some((recent) => recent.path === '-')).toBe(false)
    })
  })

  test('a pipe that says nothing can be stopped, gone on with, and closed', async () => {
    const pipe = new PassThrough()
    await withPipe(pipe, async (ask) => {
      const { sourceId } = await ask('sources.openPaths', { paths: ['-'] })
      await ask('rows.page', { sourceId, columns: [] })
      await ask('sources.stop', { sourceId })
      expect(await until(sourceId, read, ask)).toMatchObject({ state: 'stopped' })
      await ask('sources.readOn', { sourceId })
      pipe.write(line(1))
      expect(await until(sourceId, (source) => source.counts.messages === 1, ask)).toMatchObject({ state: 'reading' })
    })
    expect(pipe.destroyed).toBe(true)
  })
})

describe('closing', () => {
  test('a source that is closed while it is read frees its tables and files', async () => {
    const path = join(folder, 'large.jsonl')
    writeFileSync(path, Array.from({ length: 100_000 }, (_, i) => `${JSON.stringify({ task_id: String(i), used: { x: i } })}\n`).join(''))
    const { sourceId } = await ask('sources.openPaths', { paths: [path] })
    await until(sourceId, (source) => source.counts.messages > 0)
    await ask('sources.close', { sourceId })
    const temp = readdirSync(join(folder, 'temp'))
    expect(temp).toHaveLength(1)
    expect(existsSync(join(folder, 'temp', temp[0] ?? '', sourceId))).toBe(false)
    await expect(ask('rows.page', { sourceId, columns: [] })).rejects.toMatchObject({ code: 'not-found' })
  })

  test('questions under way when a source is closed are refused, not failed', async () => {
    const path = join(folder, 'large.jsonl')
    const { sourceId } = await ask('sources.openPaths', { paths: [path] })
    await until(sourceId, (source) => source.counts.messages > 0)
    const questions = Array.from({ length: 12 }, (_, offset) =>
      ask('rows.page', { sourceId, columns: ['used.x'], sort: [{ column: 'used.x', descending: true }], offset: offset * 50 }).then(
        () => 'answered',
        (error: { code: string }) => error.code
      )
    )
    await ask('sources.close', { sourceId })
    for (const outcome of await Promise.all(questions)) expect(['answered', 'not-found', 'cancelled']).toContain(outcome)
  })

  test('a load is stopped and goes on', async () => {
    const path = join(folder, 'large.jsonl')
    const { sourceId } = await ask('sources.openPaths', { paths: [path] })
    await ask('sources.stop', { sourceId })
    const stopped = await until(sourceId, read)
    expect(stopped.counts.messages).toBeLessThanOrEqual(100_000)
    await ask('sources.readOn', { sourceId })
    expect(await until(sourceId, (source) => source.state === 'ready')).toMatchObject({ counts: { messages: 100_000 } })
  })
})
