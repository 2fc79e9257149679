/** The MongoDB store on every server that can be had here: the suite of all stores, document shapes, concurrent writers, a server that goes away. */
import { MongoClient, type Db, type Document } from 'mongodb'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { parseFilter } from '#contract/filter'
import type { JsonObject } from '#contract/json'
import { mongoFlavours, startMongo, testWithoutMongo, type MongoFlavour, type MongoServer } from '../../testing/servers/mongo.ts'
import { MongoConnection, withoutPassword } from './mongoConnection.ts'
import { openMongoStore, type MongoStore } from './mongoStore.ts'
import type { StoreState } from './store.ts'
import { storeSuite, type Lack } from './storeSuite.ts'

const flavours = mongoFlavours()
const buildMs = 900_000

/** mongod lacks nothing. FerretDB's updates read and write in two steps: two $push at the same time lose one. */
const lacks: Record<MongoFlavour, readonly Lack[]> = { mongod: [], ferretdb: ['odd values', 'atomic updates'], 'mongo-java-server': ['NaN', 'order of UTF-8'] }

if (flavours.length === 0) testWithoutMongo()

describe.each(flavours)('%s', (flavour) => {
  let server: MongoServer
  let client: MongoClient
  beforeAll(async () => {
    server = await startMongo(flavour)
    client = new MongoClient(server.uri, { useBigInt64: true })
  }, buildMs)
  afterAll(async () => {
    await client.close()
    await server.stop()
  })
  const open = async (database: string): Promise<MongoStore> => {
    const store = openMongoStore(server.uri, { database })
    await store.ready()
    return store
  }

  storeSuite(`MongoDB (${flavour})`, { open, closeAll: async () => {}, lacks: lacks[flavour] })

  describe('documents and collections as Flowcept has them', () => {
    let store: MongoStore
    let db: Db
    beforeAll(async () => {
      store = await open('shapes')
      db = client.db('shapes')
    })
    afterAll(async () => await store.close())

    test('indexes', async () => {
      const keys = async (name: string): Promise<string[]> => (await db.collection(name).indexes()).map(({ key, unique }) => `${Object.keys(key as object).join('+')}${unique ? ' unique' : ''}`).toSorted()
      expect(await keys('tasks')).toEqual(['_id', 'campaign_id', 'parent_task_id', 'task_id unique', 'workflow_id'])
      expect(await keys('workflows')).toEqual(['_id', 'campaign_id', 'parent_workflow_id', 'workflow_id unique'])
      expect(await keys('agents')).toEqual(['_id', 'agent_id unique'])
      expect(await keys('objects')).toEqual(['_id', 'campaign_id', 'data_sha256', 'object_id unique', 'task_id', 'workflow_id'])
      expect(await keys('object_history')).toEqual(['_id', 'created_at', 'object_id', 'object_id+version unique'])
    })

    test("a task's times are dates, a workflow's are numbers; what is not exact is beside", async () => {
      await store.write([
        { kind: 'task', message: { type: 'task', task_id: 't', started_at: 1795406571.466107, ended_at: 1795406571.5, status: 'FINISHED', used: { v: '$status', n: 2 ** 40 } } },
        { kind: 'workflow', message: { type: 'workflow', workflow_id: 'w', started_at: 1795406571.466107 } }
      ])
      const { _id, ...task } = (await db.collection('tasks').findOne({ task_id: 't' })) as Document
      expect(task).toEqual({
        task_id: 't', started_at: new Date(1795406571466), ended_at: new Date(1795406571500), status: 'FINISHED', finished: true, used: { v: '$status', n: BigInt(2 ** 40) }, _provscope: { times: { started_at: 1795406571.466107 } }
      })
      expect(await db.collection('workflows').findOne({ workflow_id: 'w' }, { projection: { _id: 0 } })).toEqual({ type: 'workflow', workflow_id: 'w', started_at: 1795406571.466107 })
    })

    test("a date that Flowcept wrote over ours is the one that counts, and its documents are read and merged", async () => {
      await store.write([{ kind: 'task', message: { task_id: 'both', started_at: 100.000123 } }])
      await db.collection('tasks').updateOne({ task_id: 'both' }, { $set: { started_at: new Date(200_456), ended_at: new Date(300_000), registered_at: new Date(1_000) } })
      expect(await store.get('task', 'both')).toEqual({ task_id: 'both', started_at: 200.456, ended_at: 300, registered_at: 1 })
      await store.write([{ kind: 'task', message: { task_id: 'both', ended_at: 300.000001, status: 'FINISHED' } }])
      expect(await store.get('task', 'both')).toEqual({ task_id: 'both', started_at: 200.456, ended_at: 300.000001, registered_at: 1, status: 'FINISHED', finished: true })
      expect(await store.count('task', parseFilter({ ended_at: { $gt: 300 }, started_at: { $lte: 200.456 } }))).toBe(1)
    })

    test('what is beside a value that Flowcept wrote over counts no more', async () => {
      await store.write([{ kind: 'task', message: { task_id: 'over', used: { big: 2n ** 70n, kept: 2n ** 80n, half: 'a\ud800' } } }])
      expect((await store.get('task', 'over'))?.used).toEqual({ big: 2n ** 70n, kept: 2n ** 80n, half: 'a\ud800' })
      await db.collection('tasks').updateOne({ task_id: 'over' }, { $set: { 'used.big': 5, 'used.half': 'b' } })
      expect((await store.get('task', 'over'))?.used).toEqual({ big: 5, kept: 2n ** 80n, half: 'b' })
    })

    test('fields that another program adds meanwhile stay', async () => {
      await store.write([{ kind: 'workflow', message: { workflow_id: 'shared', name: 'n' } }])
      await db.collection('workflows').updateOne({ workflow_id: 'shared' }, { $set: { domain_data_schema: { a: 1 } }, $push: { interceptor_ids: { $each: ['9'] } } as never })
      await store.write([{ kind: 'workflow', message: { workflow_id: 'shared', status: 'FINISHED', interceptor_ids: ['1'] } }])
      expect(await store.get('workflow', 'shared')).toEqual({ workflow_id: 'shared', name: 'n', domain_data_schema: { a: 1 }, interceptor_ids: ['9', '1'], status: 'FINISHED' })
    })

    const testAtomic = lacks[flavour].includes('atomic updates') ? () => undefined : test
    testAtomic('a document that another program changes all the time is merged none the less', async () => {
      let isOver = false
      let pushed = 0
      const others = async (): Promise<void> => {
        while (!isOver) {
          await db.collection('workflows').updateOne({ workflow_id: 'busy' }, { $push: { interceptor_ids: { $each: [`other-${pushed}`] } } as never }, { upsert: true })
          pushed++
          // Without a rest the list grows faster than the server copies it.
          await new Promise((resolve) => setTimeout(resolve, 2))
        }
      }
      const ours = async (): Promise<void> => {
        for (let round = 0; round < 10 && !isOver; round++) await store.write([{ kind: 'workflow', message: { workflow_id: 'busy', interceptor_ids: [`ours-${round}`] } }])
      }
      const all = Promise.all([others(), ours().finally(() => (isOver = true))])
      // However the test ends, nothing goes on with a client that is closed after it.
      onTestFinished(async () => {
        isOver = true
        await Promise.allSettled([all])
      })
      await all
      const ids = (await store.get('workflow', 'busy'))?.interceptor_ids as string[]
      expect(ids.filter((id) => id.startsWith('ours-'))).toHaveLength(10)
      expect(ids.filter((id) => id.startsWith('other-'))).toHaveLength(pushed)
    })

    test('a document that is too large loses its largest value, not itself and not its batch', async () => {
      const result = await store.write([
        { kind: 'task', message: { task_id: 'large', used: { huge: 'x'.repeat(17_000_000), small: 1 }, generated: { y: 'y'.repeat(100_000) } } },
        { kind: 'task', message: { task_id: 'next to it' } }
      ])
      expect(result).toMatchObject({ created: 2, problems: [{ kind: 'task', id: 'large', field: 'used.huge', effect: 'left-out' }] })
      expect((await store.get('task', 'large'))?.used).toEqual({ small: 1 })
    })

    test("kinds of BSON that JSON does not know are read in Mongo's extended JSON", async () => {
      await db.collection('objects').insertOne({ object_id: 'o', data: Buffer.from('secret model'), object_size_bytes: 12, version: 0, when: new Date(5), custom_metadata: { ref: new Date(6) } })
      expect(await store.get('object', 'o')).toEqual({ object_id: 'o', object_size_bytes: 12, version: 0, when: { $date: '1970-01-01T00:00:00.005Z' }, custom_metadata: { ref: { $date: '1970-01-01T00:00:00.006Z' } } })
      await store.write([{ kind: 'object', message: { object_id: 'o', type: 'object', custom_metadata: { more: 1 } } }])
      const stored = (await db.collection('objects').findOne({ object_id: 'o' })) as Document
      expect(stored.custom_metadata).toEqual({ ref: new Date(6), more: 1 })
      expect(Buffer.from(stored.data.buffer).toString()).toBe('secret model')
    })

    test('what is under way when it is closed is refused, all of it', async () => {
      const closing = openMongoStore(server.uri, { database: 'closing' })
      const message = (task_id: string): { kind: 'task'; message: JsonObject }[] => [{ kind: 'task', message: { task_id } }]
      const early = Promise.allSettled([closing.ready(), closing.count('task'), closing.write(message('early'))])
      await closing.ready()
      const late = Promise.allSettled(Array.from({ length: 20 }, async (_, index) => await closing.write(message(`late ${index}`))))
      await closing.close()
      const ends = [...(await early), ...(await late)]
      const refused = ends.filter((end) => end.status === 'rejected')
      expect(refused.length).toBeGreaterThan(0)
      for (const { reason } of refused) expect(reason).toMatchObject({ name: 'Refusal', code: 'unavailable' })
      expect(closing.state.name).toBe('closed')
    })

    test.each([0, 1, 3, 5, 8, 12, 20, 40])('closed %d ms after it was opened, it leaves nothing behind', async (waitMs) => {
      const brief = openMongoStore(server.uri, { database: `brief_${waitMs}` })
      const ready = brief.ready().then(
        () => 'ready',
        (error: Error & { code?: string }) => error.code ?? `${error.name}: ${error.message}`
      )
      await new Promise((resolve) => setTimeout(resolve, waitMs))
      await brief.close()
      expect(['ready', 'unavailable']).toContain(await ready)
    })

    test('one that only reads makes no index and writes nothing', async () => {
      const reader = openMongoStore(server.uri, { database: 'untouched', readOnly: true })
      await reader.ready()
      expect(await reader.count('task')).toBe(0)
      await expect(reader.write([{ kind: 'task', message: { task_id: 't' } }])).rejects.toThrow(/reading only/)
      expect(await client.db('untouched').listCollections().toArray()).toEqual([])
      await reader.close()
    })
  })
})

describe.each(flavours)('a server that goes away (%s)', (flavour) => {
  test('is a state; what was written stays, what was not is refused and can be written again', { timeout: buildMs }, async () => {
    const server = await startMongo(flavour)
    const store = openMongoStore(server.uri, { database: 'away', waitMs: 500, lostAfterMs: 300, backOffMs: { first: 50, most: 200 } })
    const states: StoreState[] = []
    store.onState((state) => states.push(state))
    const message = (task_id: string): { kind: 'task'; message: JsonObject }[] => [{ kind: 'task', message: { task_id } }]
    await store.write(message('before'))
    await until(() => store.state.name === 'live')
    await server.kill()
    await expect(store.write(message('during'))).rejects.toMatchObject({ code: 'unavailable' })
    await until(() => store.state.name === 'lost')
    await server.start()
    await until(() => store.state.name === 'live')
    expect(await store.write(message('during'))).toMatchObject({ created: 1 })
    // mongo-java-server keeps its records in memory alone.
    const kept = flavour === 'mongo-java-server' ? [] : ['before']
    expect((await all(store.iterate('task'))).map(({ id }) => id)).toEqual([...kept, 'during'])
    expect(states.map(({ name }) => name).filter((name, index, names) => name !== names[index - 1])).toEqual(['live', 'retrying', 'lost', 'live'])
    await store.close()
    expect(store.state.name).toBe('closed')
    await expect(store.write(message('after'))).rejects.toMatchObject({ code: 'unavailable' })
    await server.stop()
  })
})

test('a store whose server is not there opens, says so, and is closed', async () => {
  const store = openMongoStore('mongodb://alice:hunter2@127.0.0.1:1/db?authSource=admin', { waitMs: 200, backOffMs: { first: 20, most: 50 } })
  await expect(store.count('task')).rejects.toMatchObject({ code: 'unavailable' })
  await until(() => store.state.name === 'retrying' && store.state.attempt > 1)
  expect(JSON.stringify([store.name, store.state])).not.toContain('hunter2')
  expect(store.name).toBe('mongodb://alice:***@127.0.0.1:1/db')
  await store.close()
})

test('a URI that is none is refused without its password', () => {
  expect(() => new MongoConnection('mongodb://alice:hunter2@')).toThrow(/mongodb:\/\/alice:\*\*\*@ is no MongoDB URI/)
  expect(withoutPassword('connecting to mongodb+srv://a:b@c/d failed')).toBe('connecting to mongodb+srv://a:***@c/d failed')
})

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 30_000
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('what was waited for did not come')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}
