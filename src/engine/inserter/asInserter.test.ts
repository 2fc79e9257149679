/** The role of the inserter: producers that wait for a safe stop are released, never too early; without the role nothing is written to Redis. */
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { JsonObject } from '#contract/json'
import { producerSettings, readerSettings, runFlowcept, whyNoFlowcept, withoutTables } from '../../testing/flowceptPython.ts'
import { RecordingBench } from '../../testing/recordingBench.ts'
import { freePort, mongoFlavours, startMongo } from '../../testing/servers/mongo.ts'
import { hasRedis, noRedis, type RedisServer, startRedis } from '../../testing/servers/redis.ts'
import { defaultInserterSettings } from './flowceptSettings.ts'
import { openMessagePublisher } from './messagePublisher.ts'
import type { Recording } from './recordingState.ts'

const threads = 'started_mq_thread_execution_B'
const flushes = 'pending_mq_flush_complete_B'
/** Never written by size or time: only since a control message comes. */
const patient = { ...defaultInserterSettings, bufferTimeSeconds: 3600, bufferSize: 1e9 }
const control = (info: string, more: JsonObject = {}): JsonObject => ({ type: 'flowcept_control', info, interceptor_instance_id: '140', exec_bundle_id: 'B', ...more })
const tasks = (count: number, from = 0): JsonObject[] => Array.from({ length: count }, (_, n) => ({ type: 'task', task_id: `t${from + n}` }))

describe.skipIf(!hasRedis())(hasRedis() ? 'as inserter' : `as inserter (skipped: ${noRedis})`, () => {
  let bench: RecordingBench
  let server: RedisServer
  let redis: Redis
  beforeEach(async () => {
    bench = new RecordingBench()
    server = await startRedis()
    redis = new Redis(server.port, '127.0.0.1')
    redis.on('error', () => undefined)
    await redis.sadd(threads, '140', 'other')
    await redis.sadd(flushes, '140')
  })
  const endings: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    redis.disconnect()
    await bench.close()
    for (const end of endings.splice(0)) await end()
    await server.stop()
  })

  const record = async (spec: Parameters<RecordingBench['record']>[0] = {}): Promise<Recording> =>
    await bench.record({ settings: patient, asInserter: { kvUrl: server.url, bundleExecId: 'B' }, ...spec })

  test('answers when everything that came before is stored, and not before', async () => {
    await bench.openLog()
    const recording = await record()
    bench.arrive(...tasks(300), control('mq_flush_complete'), ...tasks(10, 300))
    await expect.poll(async () => await redis.exists(flushes)).toBe(0)
    await bench.inLmdb(async (store) => expect(await store.count('task')).toBeGreaterThanOrEqual(300))
    expect(await redis.smembers(threads)).toHaveLength(2)
    bench.arrive(control('mq_dao_thread_stopped'), control('mq_dao_thread_stopped', { interceptor_instance_id: 'x', exec_bundle_id: null }))
    await expect.poll(async () => await redis.smembers(threads)).toEqual(['other'])
    await expect.poll(() => recording.state).toMatchObject({ controlMessages: 3, unanswered: 0, answerProblem: null })
  })

  test('does not wait for a store that is away while another has it, and keeps silent while none has', async () => {
    await bench.openLog()
    const away = `mongodb://127.0.0.1:${await freePort()}/`
    const both = await record({ targets: { mongodb: away } })
    bench.arrive(...tasks(3), control('mq_flush_complete'))
    await expect.poll(async () => await redis.exists(flushes)).toBe(0)
    await both.stop(0)
    await redis.sadd(flushes, '140')
    const alone = await record({ targets: { lmdb: null, mongodb: away } })
    bench.arrive(control('mq_flush_complete'))
    await expect.poll(() => alone.state).toMatchObject({ stores: [{ state: { name: 'retrying' }, waiting: 5 }], unanswered: 1 })
    expect(await redis.smembers(flushes)).toEqual(['140'])
    await alone.stop(0)
    expect(await redis.smembers(flushes)).toEqual(['140'])
    // Whoever goes on there answers it.
    await record()
    await expect.poll(async () => await redis.exists(flushes)).toBe(0)
  })

  test('waits for a key-value store that is away', async () => {
    await bench.openLog()
    // What it holds survives its end.
    const lasting = await startRedis(['--appendonly', 'yes', '--appendfsync', 'always'])
    endings.push(async () => await lasting.stop())
    const client = new Redis(lasting.port, '127.0.0.1')
    client.on('error', () => undefined)
    endings.push(async () => client.disconnect())
    await client.sadd(flushes, '140', 'still there')
    await lasting.kill()
    const recording = await record({ asInserter: { kvUrl: lasting.url, bundleExecId: 'B' } })
    bench.arrive(...tasks(1), control('mq_flush_complete'))
    await expect.poll(() => recording.state.answerProblem).toMatch(/^The key-value store 127\.0\.0\.1:\d+ does not answer: /)
    expect(recording.state.stores[0]?.written).toBe(1)
    await lasting.start()
    await expect.poll(() => recording.state).toMatchObject({ unanswered: 0, answerProblem: null })
    expect(await client.smembers(flushes)).toEqual(['still there'])
  })

  test('ends by a stop_document_inserter for its bundle, with all before it stored, and the next one in the same folder does not', async () => {
    await bench.openLog()
    const recording = await record()
    bench.arrive(...tasks(5), control('stop_document_inserter', { exec_bundle_id: 'another' }), control('stop_document_inserter', { exec_bundle_id: null }), ...tasks(5, 5))
    await expect.poll(() => recording.state.controlMessages).toBe(2)
    bench.arrive(control('stop_document_inserter'))
    expect(await recording.ended).toBe('control')
    expect(recording.state.stores[0]).toMatchObject({ written: 10, waiting: 0, state: { name: 'closed' } })
    await recording.stop()
    bench.arrive(...tasks(2, 10), control('mq_flush_complete'))
    const next = await record()
    await expect.poll(async () => await redis.exists(flushes)).toBe(0)
    expect(next.state.stores[0]?.state.name).toBe('live')
    await bench.inLmdb(async (store) => expect(await store.count('task')).toBe(12))
  })

  test('gives tasks that name no campaign the one that is the present one, and no other', async () => {
    await bench.openLog()
    await redis.set('current_campaign_id', 'c1')
    const recording = await record({ settings: { ...patient, bufferTimeSeconds: 0.02 } })
    bench.arrive({ type: 'task', task_id: 'a' }, { type: 'task', task_id: 'b', campaign_id: 'own' })
    await expect.poll(() => recording.state.stores[0]?.written).toBe(2)
    bench.arrive({ type: 'task', task_id: 'b', status: 'FINISHED' })
    await redis.set('current_campaign_id', 'c2')
    await expect.poll(() => recording.state.stores[0]?.messages).toBe(3)
    // What was asked a moment ago is not asked again for each message.
    let later = 0
    await expect.poll(async () => {
      bench.arrive({ type: 'task', task_id: `later ${++later}` })
      return await bench.inLmdb(async (store) => (await store.get('task', `later ${later - 1}`))?.campaign_id)
    }).toBe('c2')
    await bench.inLmdb(async (store) => {
      expect(await store.get('task', 'a')).toMatchObject({ campaign_id: 'c1' })
      expect(await store.get('task', 'b')).toMatchObject({ campaign_id: 'own' })
    })
  })

  test('waits for a safe stop as long as the settings say', async () => {
    await bench.openLog()
    const recording = await record({ settings: { ...patient, stopMaxTrials: 3, stopTrialsSleepSeconds: 0.01 } })
    expect(await recording.safeToStop()).toBe(false)
    await redis.del(threads, flushes)
    expect(await recording.safeToStop()).toBe(true)
  })

  test('without the role no command that writes or asks reaches Redis, whatever the messages say', async () => {
    const recording = await bench.record()
    const monitor = await redis.monitor()
    const said: string[] = []
    monitor.on('monitor', (_time: string, args: string[]) => void said.push((args[0] ?? '').toLowerCase()))
    await bench.attach(`${server.url}/interception`)
    const publisher = await openMessagePublisher(`${server.url}/interception`)
    await publisher.publish([...tasks(50), control('mq_flush_complete'), control('mq_dao_thread_stopped'), control('stop_document_inserter')])
    await expect.poll(() => recording.state).toMatchObject({ controlMessages: 3, stores: [{ written: 50, waiting: 0 }] })
    await publisher.close()
    await recording.stop()
    expect(await redis.smembers(flushes)).toEqual(['140'])
    monitor.disconnect()
    // The publisher's own, and the question of this test.
    const ours = new Set(said.filter((name) => !['publish', 'info', 'quit', 'smembers'].includes(name)))
    expect([...ours].filter((name) => !['client', 'hello', 'auth', 'select', 'psubscribe', 'subscribe', 'ping', 'unsubscribe', 'punsubscribe', 'monitor'].includes(name))).toEqual([])
    expect(said.some((name) => name.endsWith('subscribe'))).toBe(true)
  })

  const missing = whyNoFlowcept()
  test.skipIf(missing !== null)(`Flowcept's own producer is released, and its Python reads what was recorded${missing === null ? '' : ` (skipped: ${missing})`}`, async () => {
    const [flavour] = mongoFlavours()
    const mongo = flavour ? await startMongo(flavour) : null
    endings.push(async () => await mongo?.stop())
    const recording = await bench.record({ settings: patient, asInserter: { kvUrl: server.url, bundleExecId: 'BUNDLE' }, targets: { mongodb: mongo && `${mongo.uri}flowcept` } })
    await bench.attach(`${server.url}/interception`)
    const answer = await runFlowcept(producerSettings(server.port), producer)
    expect(answer).toMatchObject({ before: false, after: true, tasks: 120 })
    expect(await recording.ended).toBe('control')
    for (const store of recording.state.stores) expect(store).toMatchObject({ waiting: 0, problems: 0 })
    const expected = { count: 120, finished: 120, sum: 14280, campaign: ['camp'], workflow: 'wf', status: 'FINISHED' }
    expect(await runFlowcept(readerSettings({ lmdb: bench.lmdb }), reader)).toEqual(expected)
    if (mongo) expect(await runFlowcept(readerSettings({ mongodb: mongo.uri }), reader)).toEqual(expected)
  })
})

/** A workflow without an inserter of its own, which waits for a safe stop as Flowcept's controller does, then stops the inserter. */
const producer = `
import json, time
from flowcept import Flowcept, flowcept_task
from flowcept.commons.daos.mq_dao.mq_dao_base import MQDao

@flowcept_task
def double(x):
    return {"y": 2 * x}

flow = Flowcept(workflow_name="wf", start_persistence=False, bundle_exec_id="BUNDLE", campaign_id="camp")
flow.start()
dao = MQDao.build()
safe = lambda: bool(dao.all_time_based_threads_ended("BUNDLE") and dao.all_flush_complete_received("BUNDLE"))
before = safe()
for i in range(120):
    double(i)
flow.stop()
deadline = time.time() + 40
while not safe() and time.time() < deadline:
    time.sleep(0.01)
after = safe()
dao.delete_current_campaign_id()
dao.send_document_inserter_stop(exec_bundle_id="BUNDLE")
print(json.dumps({"before": before, "after": after, "tasks": 120}))
`
const reader = `${withoutTables}
import json
from flowcept import Flowcept
tasks = Flowcept.db.task_query(filter={})
workflows = Flowcept.db.workflow_query(filter={})
print(json.dumps({
    "count": len(tasks), "finished": sum(1 for t in tasks if t["finished"] is True and t["status"] == "FINISHED"), "sum": sum(t["generated"]["y"] for t in tasks),
    "campaign": sorted({t["campaign_id"] for t in tasks}), "workflow": workflows[0]["name"], "status": workflows[0]["status"],
}))
`
