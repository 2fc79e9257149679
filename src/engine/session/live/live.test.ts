import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Call } from '#contract/dispatch'
import type { LiveState } from '#contract/live'
import type { Given, Method, Result } from '#contract/methods'
import type { Source } from '#contract/sources'
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

/** Waits by the change log, as a page does. */
async function until(sourceId: string, holds: (source: Source & { live: LiveState }) => boolean): Promise<Source & { live: LiveState }> {
  let cursor = ''
  for (;;) {
    const source = await sourceOf(sourceId)
    if (process.env.DBG) process.stderr.write(JSON.stringify({ s: source.state, e: source.error, c: source.counts, l: source.live.link, r: source.live.received, sent: source.live.sent }) + "\n")
    if (holds(source)) return source
    cursor = (await ask('changes.next', { cursor, waitMs: 1000 })).cursor
  }
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
    const page = await ask('rows.page', { sourceId, records: 'tasks', columns: ['task_id', 'status', 'used.lr', 'generated.loss', 'duration', 'running'] })
    expect(page.rows.map((row) => row.cells)).toEqual([
      ['t1', 'FINISHED', 0.5, 1, 2, true],
      ['t2', 'ERROR', null, null, null, null]
    ])
    const record = await ask('records.get', { sourceId, records: 'tasks', id: 't1' })
    expect(record.messages.map((message) => [message.file, message.line])).toEqual([['interception', 1], ['interception', 2]])
  })
})
