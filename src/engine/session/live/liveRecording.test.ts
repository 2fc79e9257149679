/** Recording through the session: several stores at once, the inserter's role, dumps that go on, and a broker other than Redis. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LiveState } from '#contract/live'
import type { Source } from '#contract/sources'
import { openMessagePublisher } from '#engine/inserter/messagePublisher'
import { askEngine, type AskedEngine } from '../../../testing/askEngine.ts'
import { Publisher } from '../../../testing/publish.ts'
import { mongoFlavours, startMongo, testWithoutMongo } from '../../../testing/servers/mongo.ts'
import { hasRabbit, noRabbit, startRabbit } from '../../../testing/servers/rabbitmq.ts'
import { hasRedis, noRedis, startRedis } from '../../../testing/servers/redis.ts'

let engine: AskedEngine
/** In the order of their starts; ended the other way round. */
let ends: (() => Promise<unknown>)[]

beforeEach(async () => {
  engine = await askEngine()
  ends = []
})
afterEach(async () => {
  await engine.close()
  for (const end of ends.toReversed()) await end()
})

async function until(sourceId: string, holds: (live: LiveState, source: Source) => boolean): Promise<LiveState> {
  return await engine.until(async () => {
    const source = (await engine.ask('sources.list', {})).sources.find((one) => one.sourceId === sourceId)
    return source?.live && holds(source.live, source) ? source.live : null
  })
}

async function redisWith(): Promise<{ url: string; publisher: Publisher }> {
  const redis = await startRedis()
  ends.push(() => redis.stop())
  const publisher = new Publisher(redis.url)
  ends.push(() => publisher.close())
  return { url: redis.url, publisher }
}

const granted = async (name: string): Promise<string> => (await engine.ask('paths.grant', { path: join(engine.folder, name), use: 'write' })).handle
const task = (id: string, status: string, more: object = {}): object => ({ type: 'task', task_id: id, workflow_id: 'w', activity_id: 'step', status, ...more })

describe.skipIf(!hasRedis() || mongoFlavours().length === 0)('three stores at once', () => {
  test('each has every record, merged; what is filled in reaches them too', async () => {
    const [flavour] = mongoFlavours()
    const mongo = await startMongo(flavour ?? 'mongod')
    ends.push(() => mongo.stop())
    const { url, publisher } = await redisWith()
    const uri = `${mongo.uri}kept`
    const role = { kind: 'record' as const, lmdb: await granted('kept'), mongodb: uri, jsonl: await granted('kept.jsonl'), asInserter: false }
    const { sourceId } = await engine.ask('live.attach', { url, role })
    await until(sourceId, ({ link }) => link.name === 'live')
    await publisher.message({ type: 'workflow', workflow_id: 'w', name: 'train' }, task('a', 'RUNNING', { used: { x: 1 }, started_at: 10 }), task('a', 'FINISHED', { generated: { y: 2 }, ended_at: 12 }), task('b', 'ERROR'))
    const kept = await until(sourceId, ({ stores }) => stores.length === 3 && stores.every(({ messages, waiting }) => messages === 4 && waiting === 0))
    expect(kept.stores.map(({ type, written }) => [type, written]).toSorted()).toEqual([['jsonl', 3], ['lmdb', 3], ['mongodb', 3]])
    writeFileSync(join(engine.folder, 'run.jsonl'), `${JSON.stringify(task('missed', 'FINISHED'))}\n`)
    const { handle } = await engine.ask('paths.grant', { path: join(engine.folder, 'run.jsonl'), use: 'read' })
    expect(await engine.ask('live.fill', { sourceId, handles: [handle] })).toMatchObject({ read: 1, added: 1 })
    await until(sourceId, ({ stores }) => stores.every(({ messages }) => messages === 5))
    await engine.ask('sources.close', { sourceId })
    for (const place of [join(engine.folder, 'kept'), uri, join(engine.folder, 'kept.jsonl')]) {
      const { counts, sourceId: stored } = await engine.open(place)
      expect(counts, place).toMatchObject({ tasks: 3, workflows: 1 })
      const { rows } = await engine.ask('rows.page', { sourceId: stored, columns: ['task_id', 'status', 'used.x', 'generated.y', 'started_at'], sort: [{ column: 'task_id' }] })
      expect(rows.map(({ cells }) => cells), place).toEqual([['a', 'FINISHED', 1, 2, 10], ['b', 'ERROR', null, null, null], ['missed', 'FINISHED', null, null, null]])
    }
  })
})
if (mongoFlavours().length === 0) testWithoutMongo()

describe.skipIf(!hasRedis())('on Redis', () => {
  test('as inserter, a producer is released once what it sent is stored', async () => {
    const { url, publisher } = await redisWith()
    const redis = new Redis(url)
    ends.push(async () => redis.disconnect())
    const sets = ['started_mq_thread_execution_b', 'pending_mq_flush_complete_b']
    await Promise.all(sets.map((set) => redis.sadd(set, 'p')))
    const { sourceId } = await engine.ask('live.attach', { url, role: { kind: 'record', lmdb: await granted('kept'), mongodb: null, jsonl: null, asInserter: true } })
    await until(sourceId, ({ link }) => link.name === 'live')
    const control = { type: 'flowcept_control', interceptor_instance_id: 'p', exec_bundle_id: 'b' }
    await publisher.message(task('a', 'FINISHED'), { ...control, info: 'mq_flush_complete' }, { ...control, info: 'mq_dao_thread_stopped' })
    await expect.poll(async () => await Promise.all(sets.map((set) => redis.scard(set)))).toEqual([0, 0])
    expect(await until(sourceId, ({ stores }) => stores[0]?.written === 1)).toMatchObject({ asInserter: true })
  })

  test('a dump in the online mode goes on growing', async () => {
    const { url, publisher } = await redisWith()
    const { sourceId } = await engine.ask('live.attach', { url })
    await until(sourceId, ({ link }) => link.name === 'live')
    await publisher.message(task('a', 'FINISHED'))
    await until(sourceId, ({ shown }) => shown === 1)
    await engine.ask('live.dump', { sourceId, handle: await granted('growing.jsonl'), online: true })
    const lines = (): number => (existsSync(join(engine.folder, 'growing.jsonl')) ? readFileSync(join(engine.folder, 'growing.jsonl'), 'utf8').split('\n').length - 1 : 0)
    await expect.poll(lines).toBe(1)
    await publisher.message(task('b', 'FINISHED'), task('c', 'FINISHED'))
    await expect.poll(lines).toBe(3)
  })
})
if (!hasRedis()) test.skip(`recording in the session: ${noRedis}`, () => undefined)

test.skipIf(!hasRabbit())(`a queue of RabbitMQ is watched like any other${hasRabbit() ? '' : `: ${noRabbit}`}`, async () => {
  const rabbit = await startRabbit()
  ends.push(() => rabbit.stop())
  const { sourceId } = await engine.ask('live.attach', { url: rabbit.url, password: 'guest' })
  await until(sourceId, ({ link }) => link.name === 'live')
  const publisher = await openMessagePublisher({ url: rabbit.url, password: 'guest' })
  ends.push(() => publisher.close())
  await publisher.publish([{ type: 'task', task_id: 'a', status: 'RUNNING' }, { type: 'task', task_id: 'a', status: 'FINISHED' }])
  expect(await until(sourceId, (_live, { counts }) => counts.messages === 2 && counts.tasks === 1)).toMatchObject({ broker: 'rabbitmq', received: 2, gapCount: 0 })
})
