import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Call } from '#contract/dispatch'
import type { LiveState } from '#contract/live'
import type { Given, Method, Result } from '#contract/methods'
import type { Source } from '#contract/sources'
import type { Records } from '#contract/values'
import { fixtureFolder } from '../../../testing/openFixture.ts'
import { Publisher } from '../../../testing/publish.ts'
import { recordingNames } from '../../../testing/recordings.ts'
import { hasRedis, noRedis, type RedisServer, startRedis } from '../../../testing/servers/redis.ts'
import { createEngine, type Engine } from '../engine.ts'

const withRedis = describe.skipIf(!hasRedis())
if (!hasRedis()) test.skip(`live sources: ${noRedis}`, () => undefined)

let folder: string
let redis: RedisServer
let engine: Engine
let call: Call
let publisher: Publisher
const bugs: unknown[] = []
const truth = JSON.parse(readFileSync(join(fixtureFolder, 'mq/lines.json'), 'utf8')) as Record<string, { messages: number; sha256: string } | undefined>

type Ask = <M extends Method>(method: M, params: Given<M>) => Promise<Result<M>>
const ask: Ask = async (method, params) => {
  const reply = await call(method, params)
  if (!reply.ok) throw Object.assign(new Error(reply.error.message), { code: reply.error.code })
  return reply.value
}

async function sourceOf(sourceId: string): Promise<Source & { live: LiveState }> {
  const source = (await ask('sources.list', {})).sources.find((one) => one.sourceId === sourceId)
  if (!source?.live) throw new Error('not open')
  return { ...source, live: source.live }
}

/** Asks again after each change, as a page does. */
async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (let cursor = ''; !(await holds()); ) cursor = (await ask('changes.next', { cursor, waitMs: 1000 })).cursor
}

async function until(sourceId: string, holds: (source: Source & { live: LiveState }) => boolean): Promise<Source & { live: LiveState }> {
  await eventually(async () => holds(await sourceOf(sourceId)))
  return await sourceOf(sourceId)
}

/** Merging follows the messages. */
async function tasksAre(sourceId: string, filter: Record<string, unknown>, count: number): Promise<void> {
  await eventually(async () => (await ask('rows.page', { sourceId, records: 'tasks', columns: [], scope: { filter } })).total === count)
}

const attached = async (url = redis.url): Promise<string> => {
  const { sourceId } = await ask('live.attach', { url })
  await until(sourceId, ({ live }) => live.link.name === 'live')
  return sourceId
}

withRedis('a live source', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'provscope-live-'))
    redis = await startRedis()
    publisher = new Publisher(redis.url)
    engine = await createEngine({ host: 'served', version: '1', configDir: join(folder, 'config'), tempDir: join(folder, 'temp'), startFolder: folder, onBug: (error) => bugs.push(error) })
    call = engine.call('host')
  })
  afterEach(async () => {
    for (const source of (await ask('sources.list', {})).sources) await ask('sources.close', { sourceId: source.sourceId })
  })
  afterAll(async () => {
    await engine.close()
    await publisher.close()
    await redis.stop()
    expect(readdirSync(join(folder, 'temp')), 'nothing is left behind').toEqual([])
    rmSync(folder, { recursive: true })
    expect(bugs).toEqual([])
  })

  test('shows what arrives: messages, then the tasks they make, merged as they go on', async () => {
    const sourceId = await attached()
    await publisher.message({ type: 'task', task_id: 't1', activity_id: 'fit', workflow_id: 'w', status: 'RUNNING', started_at: 1_700_000_000.5, used: { lr: 0.5 } })
    const running = await until(sourceId, ({ counts }) => counts.tasks === 1)
    expect(running).toMatchObject({ kind: 'queue', state: 'reading', stage: 'tasks', totalBytes: null, counts: { messages: 1, tasks: 1 }, live: { role: 'watch', channel: 'interception', received: 1, shown: 1, waiting: 0 } })
    await publisher.message({ type: 'task', task_id: 't1', status: 'FINISHED', ended_at: 1_700_000_002.5, generated: { loss: 1 } }, { type: 'task', task_id: 't2', activity_id: 'fit', status: 'ERROR' })
    await until(sourceId, ({ counts, errors }) => counts.messages === 3 && counts.tasks === 2 && errors === 1)
    await tasksAre(sourceId, { status: 'FINISHED' }, 1)
    const page = await ask('rows.page', { sourceId, records: 'tasks', columns: ['task_id', 'status', 'used.lr', 'generated.loss', 'duration', 'running'] })
    expect(page.rows.map((row) => row.cells)).toEqual([
      ['t1', 'FINISHED', 0.5, 1, 2, true],
      ['t2', 'ERROR', null, null, null, null]
    ])
    const record = await ask('records.get', { sourceId, records: 'tasks', id: 't1' })
    expect(record.messages.map((message) => [message.file, message.line])).toEqual([['interception', 1], ['interception', 2]])
  })
  test.each(recordingNames)('%s, sent through Redis: the file dumped of it is Flowcept’s, and shows the same tables', async (name) => {
    const sourceId = await attached(`${redis.url}/*`)
    const sent = await publisher.recording(name)
    await until(sourceId, ({ live }) => live.received === sent && live.waiting === 0)
    const path = join(folder, `${name}.jsonl`)
    const { handle } = await ask('paths.grant', { path, use: 'write' })
    expect(await exported(await ask('live.dump', { sourceId, handle }))).toMatchObject({ rows: truth[name]?.messages, gaps: null })
    expect(createHash('sha256').update(readFileSync(path)).digest('hex')).toBe(truth[name]?.sha256)
    await ask('live.detach', { sourceId })
    const { sourceId: fileId } = await ask('sources.openPaths', { paths: [path] })
    await eventually(async () => (await ask('sources.list', {})).sources.some((source) => source.sourceId === fileId && source.state !== 'reading'))
    for (const records of ['tasks', 'workflows', 'agents', 'objects', 'messages'] as const) {
      const [live, file] = [await tableOf(sourceId, records), await tableOf(fileId, records)]
      expect(live.columns, records).toEqual(file.columns)
      expect(live.rows, records).toEqual(file.rows)
    }
  })

  test('a pause holds back what is shown, nothing else; a dump has what is held back', async () => {
    const sourceId = await attached()
    await publisher.message({ type: 'task', task_id: 'a', workflow_id: 'w', status: 'RUNNING' })
    await until(sourceId, ({ counts }) => counts.tasks === 1)
    await ask('live.pause', { sourceId, on: true })
    await publisher.message({ type: 'task', task_id: 'b', workflow_id: 'w', status: 'RUNNING' }, { type: 'task', task_id: 'c', workflow_id: 'w', status: 'RUNNING' })
    const paused = await until(sourceId, ({ live }) => live.waiting === 2)
    expect(paused).toMatchObject({ counts: { messages: 1 }, live: { received: 3, shown: 1 } })
    expect(paused.live.pausedAt).not.toBeNull()
    const { handle } = await ask('paths.grant', { path: join(folder, 'paused.jsonl'), use: 'write' })
    await exported(await ask('live.dump', { sourceId, handle }))
    expect(readFileSync(join(folder, 'paused.jsonl'), 'utf8').split('\n').map((line) => line && (JSON.parse(line) as { task_id: string }).task_id)).toEqual(['a', 'b', 'c', ''])
    await ask('live.pause', { sourceId, on: false })
    await until(sourceId, ({ counts, live }) => counts.messages === 3 && live.waiting === 0 && live.pausedAt === null)
  })

  test('what was missed is in the ledger, the problems and beside exports; a file of the run fills it in, once', async () => {
    const sourceId = await attached()
    const now = Date.now() / 1000
    const messages = ['a', 'b', 'c'].map((id, index) => ({ type: 'task', task_id: id, workflow_id: 'run', status: 'FINISHED', started_at: now + index, ended_at: now + index + 0.5, used: { x: index } }))
    const open = { type: 'task', task_id: 'open', workflow_id: 'run', status: 'RUNNING', started_at: now - 1 }
    await publisher.message(messages[0] as object, open)
    await publisher.frames([Buffer.from('no message')])
    await until(sourceId, ({ counts, live }) => counts.messages === 2 && live.gapCount === 1)
    await redis.restart()
    await until(sourceId, ({ live }) => live.gapCount === 2 && live.link.name === 'live' && live.gaps[1]?.to !== null)
    await publisher.message(messages[2] as object)
    await until(sourceId, ({ counts }) => counts.messages === 3)
    const { gaps } = await ask('live.gaps', { sourceId })
    expect(gaps.map(({ filled, kind, messages: lost, openTasks }) => ({ filled, kind, lost, openTasks }))).toEqual([
      { kind: 'undecodable', lost: 1, filled: null, openTasks: 1 },
      { kind: 'disconnected', lost: null, filled: null, openTasks: 1 }
    ])
    expect((await ask('problems.list', { sourceId })).problems.map(({ count, kind, level }) => ({ kind, level, count }))).toEqual([
      { kind: 'undecodable', level: 'error', count: 1 },
      { kind: 'disconnected', level: 'warning', count: 1 }
    ])
    const { handle } = await ask('paths.grant', { path: join(folder, 'tasks.csv'), use: 'write' })
    expect(await exported(await ask('exports.start', { sourceId, format: 'csv', columns: ['task_id'], handle, name: 'tasks.csv' }))).toMatchObject({ gaps: 'tasks.csv.gaps.json' })
    expect(JSON.parse(readFileSync(join(folder, 'tasks.csv.gaps.json'), 'utf8'))).toMatchObject({ channel: 'interception', counts: { messages: 3 }, gaps: [{ kind: 'undecodable' }, { kind: 'disconnected' }] })

    const path = join(folder, 'run.jsonl')
    writeFileSync(path, [...messages, open, { ...messages[1], workflow_id: 'another run' }].map((message) => `${JSON.stringify(message)}\n`).join(''))
    await ask('sources.openPaths', { paths: [path] })
    const healed = await until(sourceId, ({ live }) => live.gaps.some(({ filled }) => filled !== null))
    expect(healed.counts).toMatchObject({ messages: 4, tasks: 4 })
    expect(healed.live.gaps.find(({ filled }) => filled !== null)?.filled).toMatchObject({ messages: 1, from: 'run.jsonl' })
    const page = await ask('rows.page', { sourceId, records: 'tasks', columns: ['task_id', 'used.x'], scope: { filter: { task_id: 'b' } } })
    expect(page.rows.map((row) => row.cells)).toEqual([['b', 1]])
    const read = await ask('paths.grant', { path, use: 'read' })
    expect(await ask('live.fill', { sourceId, handles: [read.handle] })).toEqual({ read: 4, added: 0, gapsFilled: 0 })
    await ask('live.detach', { sourceId })
    writeFileSync(path, `${JSON.stringify({ ...messages[1], task_id: 'd' })}\n`)
    expect(await ask('live.fill', { sourceId, handles: [read.handle] })).toEqual({ read: 1, added: 1, gapsFilled: 1 })
    expect(await until(sourceId, ({ counts }) => counts.tasks === 5)).toMatchObject({ state: 'stopped' })
  })

  test('the stream: newest first, filtered like messages, and how many are newer', async () => {
    const sourceId = await attached()
    await publisher.message(
      { type: 'workflow', workflow_id: 'w', name: 'train', utc_timestamp: 1_700_000_000 },
      { type: 'task', task_id: 'a', activity_id: 'fit', workflow_id: 'w', status: 'RUNNING', hostname: 'h', started_at: 1_700_000_001, used: { lr: 0.5, opt: 'adam' } },
      { type: 'flowcept_control', info: 'mq_flush_complete' },
      { type: 'task', task_id: 'a', status: 'FINISHED', ended_at: 1_700_000_002.5, generated: { loss: 1 } }
    )
    await until(sourceId, ({ counts }) => counts.messages === 4)
    const all = await ask('stream.page', { sourceId })
    expect(all).toMatchObject({ total: 4, newer: 4 })
    expect(all.messages.map(({ activity, generated, id, kind, status, time, used }) => [kind, id, activity, status, time, used, generated])).toEqual([
      ['task', 'a', null, 'FINISHED', 1_700_000_002.5, '', 'loss: 1'],
      ['control', null, 'mq_flush_complete', null, null, '', ''],
      ['task', 'a', 'fit', 'RUNNING', 1_700_000_001, 'lr: 0.5, opt: adam', ''],
      ['workflow', 'w', 'train', null, 1_700_000_000, '', '']
    ])
    const [newest] = all.messages
    expect(await ask('stream.page', { sourceId, before: newest?.line ?? 0, limit: 1, scope: { filter: { type: 'task' } } })).toMatchObject({ total: 2, messages: [{ status: 'RUNNING' }] })
    expect(await ask('stream.page', { sourceId, after: newest?.line ?? 0 })).toMatchObject({ total: 4, newer: 0, messages: [] })
    expect((await ask('stream.page', { sourceId, scope: { search: 'adam' } })).total).toBe(1)
  })

  test('the same address again is the same source; detached it stays, and goes on when attached again', async () => {
    const sourceId = await attached()
    expect((await ask('live.attach', { url: `${redis.url}/interception` })).sourceId).toBe(sourceId)
    expect((await ask('sources.openPaths', { paths: [redis.url] })).sourceId).toBe(sourceId)
    await publisher.message({ type: 'task', task_id: 'a', status: 'RUNNING' })
    await until(sourceId, ({ counts }) => counts.tasks === 1)
    await ask('live.detach', { sourceId })
    expect(await sourceOf(sourceId)).toMatchObject({ state: 'stopped', counts: { tasks: 1 }, live: { gapCount: 0, link: { name: 'detached' } } })
    await publisher.message({ type: 'task', task_id: 'lost', status: 'RUNNING' })
    expect((await ask('live.attach', { url: redis.url })).sourceId).toBe(sourceId)
    await until(sourceId, ({ live }) => live.link.name === 'live')
    await publisher.message({ type: 'task', task_id: 'b', status: 'RUNNING' })
    const again = await until(sourceId, ({ counts, live }) => counts.tasks === 2 && live.gapCount === 1)
    expect(again).toMatchObject({ state: 'reading', live: { waiting: 0, received: 2, shown: 2 } })
    const { recents } = await ask('recents.list', {})
    expect(recents[0]).toMatchObject({ kind: 'queue', path: `${redis.url}/0/interception`, state: 'ready' })
  })

  test('a recording is kept in a store, and gone on with after it was closed', async () => {
    const { handle: browsed } = await ask('files.browse', {})
    const { handle: lmdb } = await ask('files.target', { handle: browsed, name: 'kept', type: 'lmdb' })
    expect(await ask('live.target', { type: 'lmdb', handle: lmdb })).toMatchObject({ state: 'new' })
    const role = { kind: 'record' as const, lmdb, mongodb: null, jsonl: null, asInserter: false }
    const { sourceId } = await ask('live.attach', { url: redis.url, role })
    await until(sourceId, ({ live }) => live.link.name === 'live')
    await expect(ask('live.attach', { url: redis.url })).rejects.toThrow('already')
    await publisher.message({ type: 'task', task_id: 'a', status: 'RUNNING', used: { x: 1 } }, { type: 'task', task_id: 'a', status: 'FINISHED' }, { type: 'task', task_id: 'b', status: 'FINISHED' })
    const recorded = await until(sourceId, ({ counts, live }) => counts.messages === 3 && (live.stores[0]?.written ?? 0) >= 2)
    expect(recorded.live).toMatchObject({ role: 'record', stores: [{ type: 'lmdb', name: join(folder, 'kept'), waiting: 0 }] })
    await ask('sources.close', { sourceId })
    expect(await ask('live.target', { type: 'lmdb', handle: lmdb })).toMatchObject({ state: 'kept', records: 2 })
    await expect(ask('files.target', { handle: browsed, name: 'config', type: 'lmdb' })).rejects.toThrow('holds other files')
    await expect(ask('files.target', { handle: browsed, name: '../x.jsonl', type: 'jsonl' })).rejects.toThrow('slashes')
    writeFileSync(join(folder, 'other.jsonl'), 'not a buffer\n')
    await expect(ask('files.target', { handle: browsed, name: 'other.jsonl', type: 'jsonl' })).rejects.toThrow('something else')
  })

  test('a wrong password is said at once and is nowhere to be read; a broker that is away is waited for', async () => {
    const locked = await startRedis(['--requirepass', 'open sesame'])
    try {
      await expect(ask('live.attach', { url: locked.url, password: 'wr0ng-secret' })).rejects.toThrow(/password|AUTH|WRONGPASS/i)
      const { sourceId } = await ask('live.attach', { url: locked.url, password: 'open sesame' })
      expect(await ask('live.test', { url: locked.url, password: 'open sesame' })).toMatchObject({ error: null })
      const told = JSON.stringify([await ask('sources.list', {}), await ask('recents.list', {}), await ask('problems.list', {}), await ask('live.settings', {})])
      expect(told).not.toMatch(/sesame|wr0ng-secret/)
      await ask('sources.close', { sourceId })
    } finally {
      await locked.stop()
    }
    const { sourceId } = await ask('live.attach', { url: locked.url })
    expect((await sourceOf(sourceId)).live.link.name).toBe('retrying')
    expect((await ask('rows.page', { sourceId, records: 'tasks', columns: [] })).total).toBe(0)
  })
})

/** Every column and every row; messages without those that no buffer has. Names that were made up begin with the name of the file. */
async function tableOf(sourceId: string, records: Records): Promise<{ columns: unknown[]; rows: unknown[] }> {
  const filter = records === 'messages' ? { type: { $ne: 'flowcept_control' } } : {}
  const { columns } = await ask('columns.list', { sourceId, records, limit: 10_000 })
  const filled = columns.filter(({ name }) => records !== 'messages' || !controlOnly.has(name))
  const rows: unknown[] = []
  const names = filled.map(({ name }) => name)
  // No more columns are asked for at once than a page may have.
  for (let from = 0; from === 0 || from < names.length; from += 500) {
    for (let offset = 0, total = 1; offset < total; offset += 500) {
      const page = await ask('rows.page', { sourceId, records, columns: names.slice(from, from + 500), scope: { filter }, offset, limit: 500, cellLength: 0 })
      total = page.total
      rows.push(...page.rows.map(({ cells, status }) => [status, ...cells].map((cell) => (typeof cell === 'string' ? cell.replace(/^(?:\*|\w+\.jsonl):(?=\d+$)/, 'line ') : cell))))
    }
  }
  return { columns: filled.map(({ derived, name, type, unit }) => ({ derived, name, type, unit })), rows }
}

const controlOnly = new Set(['info', 'interceptor_instance_id', 'exec_bundle_id'])

async function exported({ exportId }: { exportId: string }): Promise<Result<'exports.list'>['exports'][number]> {
  const find = async () => (await ask('exports.list', {})).exports.find((one) => one.exportId === exportId)
  await eventually(async () => !['writing', 'checking'].includes((await find())?.state ?? ''))
  const job = await find()
  expect(job).toMatchObject({ state: 'done', error: null })
  return job as NonNullable<typeof job>
}
