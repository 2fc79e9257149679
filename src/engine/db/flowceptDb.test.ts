/** The database API: one database at a time, and the answers that Flowcept gives on what it stored itself. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { field, parseJson, type JsonObject } from '#contract/json'
import { openLmdbStore } from '#engine/stores/lmdbStore'
import { openMongoStore } from '#engine/stores/mongoStore'
import { transfer } from '#engine/stores/transfer'
import { mongoFlavours, startMongo, testWithoutMongo, type MongoServer } from '../../testing/servers/mongo.ts'
import { openFlowceptDb, type DbSettings, type FlowceptDb } from './flowceptDb.ts'

const fixtures = join(import.meta.dirname, '../../testing/fixtures')
const names = ['mixed', 'updates', 'odd', 'bytes', 'big'] as const
const off = { enabled: false, uri: 'mongodb://127.0.0.1:1/', path: '/nowhere' } as const

let folder: string
let server: MongoServer | null = null
const [flavour] = mongoFlavours()
if (flavour === undefined) testWithoutMongo()
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flowcept-db-'))
  for (const name of names) cpSync(join(fixtures, 'lmdb', name), join(folder, name), { recursive: true })
  if (flavour === undefined) return
  server = await startMongo(flavour)
  for (const name of names) {
    const [source, target] = [openLmdbStore(join(folder, name), { readOnly: true }), openMongoStore(`${server.uri}${name}`)]
    await transfer(source, target)
    await source.close()
    await target.close()
  }
}, 900_000)
afterAll(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true })
})

const types = flavour === undefined ? (['lmdb'] as const) : (['lmdb', 'mongodb'] as const)
const settings = (type: 'lmdb' | 'mongodb', name: string): DbSettings =>
  type === 'lmdb' ? { mongodb: off, lmdb: { enabled: true, path: join(folder, name) } } : { mongodb: { enabled: true, uri: `${server?.uri}${name}` }, lmdb: { enabled: true, path: '/nowhere' } }

async function using<T>(type: 'lmdb' | 'mongodb', name: string, use: (db: FlowceptDb) => Promise<T>): Promise<T> {
  const db = await openFlowceptDb(settings(type, name))
  try {
    return await use(db)
  } finally {
    await db.close()
  }
}

describe('which database', () => {
  test('LMDB where only it is enabled, MongoDB where it is', async () => {
    for (const type of types) expect(await using(type, 'mixed', async ({ store }) => store.type)).toBe(type)
  })

  test('neither is an error that says so', async () => {
    await expect(openFlowceptDb({ mongodb: off, lmdb: off })).rejects.toThrow(/Neither MongoDB nor LMDB is enabled/)
  })

  test('one that cannot be opened does not make way for the other', async () => {
    await expect(openFlowceptDb({ mongodb: { enabled: true, uri: 'mongodb://bob:hunter2@127.0.0.1:1/' }, lmdb: { enabled: true, path: join(folder, 'mixed') } })).rejects.toThrow(/^(?!.*hunter2).*cannot be reached/s)
    await expect(openFlowceptDb({ mongodb: off, lmdb: { enabled: true, path: '/nowhere' } })).rejects.toMatchObject({ code: 'not-found' })
  }, 30_000)
})

describe.each(types)('%s', (type) => {
  test.each(names)('%s: what Flowcept answers', async (name) => {
    const truth = parseJson(readFileSync(join(fixtures, `truth/lmdb/${name}.json`), 'utf8')) as unknown as {
      counts: { tasks: number; workflows: number; agents: number }
      queries: { filter: JsonObject; count: number; task_ids: string[] }[]
      workflows: JsonObject[]
    }
    await using(type, name, async (db) => {
      expect([await db.count('task'), await db.count('workflow'), await db.count('agent'), await db.count('object')]).toEqual([truth.counts.tasks, truth.counts.workflows, truth.counts.agents, 0])
      for (const { count, filter, task_ids: ids } of truth.queries) {
        if (JSON.stringify(filter).includes('$exists')) continue
        const found = await db.taskQuery({ filter, projection: ['task_id'] })
        expect({ filter, ids: found.map(({ task_id }) => task_id).slice(0, ids.length), count: found.length }).toEqual({ filter, ids, count })
        expect(await db.count('task', filter)).toBe(count)
      }
      expect((await db.workflowQuery()).map(({ workflow_id }) => workflow_id)).toEqual(truth.workflows.map(({ workflow_id }) => workflow_id))
    })
  })

  test('projection, sort, offset and limit, which Flowcept ignores in LMDB', async () => {
    await using(type, 'mixed', async (db) => {
      const all = (await db.taskQuery()).filter(({ started_at }) => typeof started_at === 'number')
      const latest = all.toSorted((a, b) => Number(b.started_at) - Number(a.started_at) || (String(a.task_id) < String(b.task_id) ? -1 : 1)).slice(2, 7)
      const found = await db.taskQuery({ filter: { started_at: { $gt: 0 } }, projection: ['activity_id'], sort: [{ path: 'started_at', descending: true }], offset: 2, limit: 5 })
      expect(found).toEqual(latest.map(({ activity_id, task_id }) => ({ ...(activity_id !== undefined && { activity_id }), task_id })))
      expect(await db.taskQuery({ limit: 0 })).toHaveLength(86)
    })
  })

  test('aggregation: functions and fields, grouped by one', async () => {
    await using(type, 'mixed', async (db) => {
      const tasks = await db.taskQuery()
      const groups = new Map<unknown, number[]>()
      for (const task of tasks) {
        const key = task.activity_id ?? null
        groups.set(key, [...(groups.get(key) ?? []), ...(typeof task.ended_at === 'number' ? [task.ended_at] : [])])
      }
      const rows = await db.taskQuery({ projection: ['activity_id'], aggregation: [['max', 'ended_at'], ['count', 'task_id']], sort: [{ path: 'count_task_id', descending: true }, { path: 'activity_id' }] })
      expect(rows).toHaveLength(groups.size)
      for (const row of rows) {
        const ended = groups.get(row.activity_id) ?? []
        expect(row.max_ended_at).toBe(ended.length === 0 ? null : Math.max(...ended))
      }
      expect(rows.map(({ count_task_id }) => count_task_id)).toEqual(rows.map((row) => tasks.filter((task) => (task.activity_id ?? null) === row.activity_id).length))
      expect(rows.map(({ count_task_id }) => Number(count_task_id))).toEqual(rows.map(({ count_task_id }) => Number(count_task_id)).toSorted((a, b) => b - a))
      expect(await db.taskQuery({ aggregation: [['count', 'task_id']] })).toEqual([{ count_task_id: 86 }])
      await expect(db.taskQuery({ aggregation: [['median', 'x']] })).rejects.toMatchObject({ code: 'bad-request' })
      await expect(db.taskQuery({ projection: ['a', 'b'], aggregation: [['avg', 'x']] })).rejects.toThrow(/one field/)
    })
  })

  test('get by id; a task that finished is finished', async () => {
    await using(type, 'updates', async (db) => {
      const late = (await db.taskQuery({ filter: { finished: true } })).filter((task) => field(task, 'status') !== 'ERROR')
      expect(new Set(late.map(({ status }) => status))).toEqual(new Set(['FINISHED']))
      const id = String(late[0]?.task_id)
      expect(await db.get('task', id)).toEqual(late[0])
      expect(await db.get('task', 'nothing')).toBeNull()
    })
  })

  test('a filter that is none is refused with its place', async () => {
    await using(type, 'bytes', async (db) => await expect(db.taskQuery({ filter: { a: { $gtt: 1 } } })).rejects.toMatchObject({ code: 'bad-request', path: ['a', '$gtt'] }))
  })

  test('objects have versions and bytes in MongoDB alone', async () => {
    await using(type, 'bytes', async (db) => {
      if (type === 'lmdb') await expect(db.objectVersions('o')).rejects.toThrow(/MongoDB/)
      else expect(await db.objectVersions('o')).toEqual([])
      await expect(db.objectBytes('o')).rejects.toMatchObject({ code: type === 'lmdb' ? 'bad-request' : 'not-found' })
    })
  })
})
