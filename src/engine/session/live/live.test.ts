import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
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
const truth = JSON.parse(readFileSync(join(fixtureFolder, 'mq/lines.json'), 'utf8')) as Record<string, { sha256: string } | undefined>

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
  test('what was recorded of Flowcept, sent through Redis: the file dumped of it is Flowcept’s, and shows the same tables', async () => {
    const sourceId = await attached(`${redis.url}/*`)
    for (const [index, name] of recordingNames.entries()) {
      const before = await sourceOf(sourceId)
      const sent = await publisher.recording(name)
      await until(sourceId, ({ live }) => live.received === before.live.received + sent && live.waiting === 0)
      const { handle } = await ask('paths.grant', { path: join(folder, `${index}.jsonl`), use: 'write' })
      await exported(await ask('live.dump', { sourceId, handle }))
    }
    let from = 0
    for (const [index, name] of recordingNames.entries()) {
      const whole = readFileSync(join(folder, `${index}.jsonl`))
      expect(createHash('sha256').update(whole.subarray(from)).digest('hex'), name).toBe(truth[name]?.sha256)
      from = whole.length
    }
    await ask('live.detach', { sourceId })
    const { sourceId: fileId } = await ask('sources.openPaths', { paths: [join(folder, `${recordingNames.length - 1}.jsonl`)] })
    await eventually(async () => (await ask('sources.list', {})).sources.some((source) => source.sourceId === fileId && source.state === 'ready'))
    for (const records of ['tasks', 'workflows', 'agents', 'objects', 'messages'] as const) {
      const [live, file] = [await tableOf(sourceId, records), await tableOf(fileId, records)]
      expect(live.columns, records).toEqual(file.columns)
      expect(live.rows.length, records).toBe(file.rows.length)
      for (const [index, row] of file.rows.entries()) expect(live.rows[index], `${records} ${index}`).toEqual(row)
    }
  }, 180_000)
})

/** Every column and every row; messages without those that no buffer has. Names that were made up begin with the name of the file. */
async function tableOf(sourceId: string, records: Records): Promise<{ columns: unknown[]; rows: unknown[] }> {
  const filter = records === 'messages' ? { type: { $ne: 'flowcept_control' } } : {}
  const { columns } = await ask('columns.list', { sourceId, records, limit: 10_000 })
  const filled = columns.filter(({ name }) => records !== 'messages' || !controlOnly.has(name))
  const rows: unknown[] = []
  for (let offset = 0; ; offset += 500) {
    const page = await ask('rows.page', { sourceId, records, columns: filled.map(({ name }) => name), scope: { filter }, offset, limit: 500, cellLength: 0 })
    rows.push(...page.rows.map(({ cells, status }) => [status, ...cells].map((cell) => (typeof cell === 'string' ? cell.replace(/^(?:\*|\d+\.jsonl):(?=\d+$)/, 'line ') : cell))))
    if (rows.length >= page.total) return { columns: filled.map(({ filled: _, ...column }) => column), rows }
  }
}

const controlOnly = new Set(['info', 'interceptor_instance_id', 'exec_bundle_id'])

async function exported({ exportId }: { exportId: string }): Promise<Result<'exports.list'>['exports'][number]> {
  const find = async () => (await ask('exports.list', {})).exports.find((one) => one.exportId === exportId)
  await eventually(async () => (await find())?.state !== 'writing')
  const job = await find()
  expect(job).toMatchObject({ state: 'done', error: null })
  return job as NonNullable<typeof job>
}
