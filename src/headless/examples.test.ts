/** Every example, run by the built command line on real servers. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { auth, driver } from 'neo4j-driver'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { isJsonObject, type JsonObject, type JsonValue, parseJson, stringifyJson } from '#contract/json'
import { classify, type RecordKind } from '#engine/records/classify'
import { mergeBatch } from '#engine/records/mergeRecord'
import { decodeFrame } from '#engine/sources/queue/decodeFrame'
import { buildCli, root } from '../testing/builtCli.ts'
import { readRecording, type RecordedFrame } from '../testing/recordings.ts'
import { hasNeo4j, noNeo4j, startNeo4j } from '../testing/servers/neo4j.ts'
import { hasPostgres, noPostgres, startPostgres } from '../testing/servers/postgres.ts'
import { hasRedis, noRedis, startRedis, type RedisServer } from '../testing/servers/redis.ts'
import { talkTo, type TalkingCli } from '../testing/talkingCli.ts'

const example = (name: string): string => join(root, 'examples', name)
let redis: RedisServer
let publisher: Redis
let folder: string
const running: TalkingCli[] = []

beforeAll(async () => {
  buildCli()
  if (hasRedis()) redis = await startRedis()
})
afterAll(async () => await redis?.stop())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'provscope-examples-'))
  publisher = new Redis(redis.port, '127.0.0.1')
})
afterEach(async () => {
  for (const cli of running.splice(0)) await cli.stop('SIGKILL')
  publisher.disconnect()
  rmSync(folder, { recursive: true, force: true })
})

async function consuming(name: string, env: Record<string, string> = {}): Promise<TalkingCli> {
  // Not the folder of the package: a consumer of somebody's own does not lie there either.
  const cli = talkTo(['consume', example(name), `${redis.url}/interception`], { cwd: folder, env: { FLOWCEPT_SETTINGS_PATH: join(folder, 'none.yaml'), TMPDIR: folder, ...env } })
  running.push(cli)
  await cli.hears('listens.')
  return cli
}

async function publish(frames: readonly RecordedFrame[]): Promise<void> {
  const pipeline = publisher.pipeline()
  for (const { payload } of frames) pipeline.publish('interception', payload)
  await pipeline.exec()
}

/** Merged records that have an id of their own; those without get a new one in each store. */
function expected(frames: readonly RecordedFrame[], kind: RecordKind): Map<string, JsonObject> {
  const messages = frames.map(({ payload }) => decodeFrame(payload)).filter((decoded) => decoded.ok).map(({ message }) => message as JsonObject)
  return new Map(mergeBatch(kind, messages.filter((message) => classify(message) === kind), { newId: () => 'unnamed' }).filter(({ id }) => id !== 'unnamed').map(({ id, document }) => [id, document]))
}

/** What a store without NaN, NUL and half surrogate pairs keeps; keys in order. */
function comparable(value: JsonValue | undefined): JsonValue {
  if (value === undefined || value instanceof Uint8Array || (typeof value === 'number' && !Number.isFinite(value))) return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : null
  if (typeof value === 'string') return value.replace(/\0|\p{Cs}/gu, '\ufffd')
  if (typeof value === 'number') return value === 0 ? 0 : value
  // A float of that size comes back with all its zeros.
  if (typeof value === 'bigint') return BigInt.asIntN(65, value) === value ? value : Number(value)
  if (Array.isArray(value)) return value.map(comparable)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.keys(value).toSorted().map((key) => [key.replace(/\0|\p{Cs}/gu, '\ufffd'), comparable(value[key])]))
}

const same = (document: JsonValue | undefined): string => stringifyJson(comparable(document))
/** Agents, campaigns, errors, several messages of a task, odd values, and a sweep. */
const recorded = ['agents', 'campaign_nested', 'errors', 'odd_values', 'status_updates_across_batches', 'sweep'] as const

describe.skipIf(!hasRedis())(hasRedis() ? 'with Redis' : noRedis, () => {
  test('the printing consumer prints every task', async () => {
    const frames = readRecording('errors')
    const cli = await consuming('printMessages.ts')
    await publish(frames)
    const tasks = frames.map(({ payload }) => (decodeFrame(payload) as { message: JsonObject }).message).filter((message) => classify(message) === 'task')
    await expect.poll(() => cli.said.out.split('\n').length - 1).toBe(tasks.length)
    expect(cli.said.out.split('\n').slice(0, -1)).toEqual(tasks.map((task) => `${String(task['activity_id'] ?? 'task')} ${String(task['status'] ?? '')} ${String(task['task_id'] ?? '')}`))
    expect((await cli.stop('SIGINT')).code).toBe(0)
  })

  test('ping and pong answer each other five times, and end', async () => {
    const pong = await consuming('pong.ts')
    const ping = await consuming('ping.ts')
    expect(await ping.ended).toMatchObject({ code: 0, out: [1, 2, 3, 4, 5].map((round) => `pong ${round}\n`).join('') })
    expect(await pong.ended).toMatchObject({ code: 0, out: [1, 2, 3, 4, 5].map((round) => `ping ${round}\n`).join('') })
  })

  test.skipIf(!hasPostgres())(`PostgreSQL has every record as Provscope merges it${hasPostgres() ? '' : `: ${noPostgres}`}`, async () => {
    const server = await startPostgres()
    const client = new pg.Client(server.url)
    try {
      await client.connect()
      const { hostname, port, username, pathname } = new URL(server.url)
      const env = { PGHOST: hostname, PGPORT: port, PGUSER: username, PGDATABASE: pathname.slice(1) }
      const frames = recorded.flatMap(readRecording)
      // Two at once write the same records, from the same messages.
      const consumers = [await consuming('postgresConsumer.ts', env), await consuming('postgresConsumer.ts', env)]
      await publish(frames)
      for (const [kind, table] of [['task', 'tasks'], ['workflow', 'workflows'], ['agent', 'agents'], ['object', 'objects']] as const) {
        const records = expected(frames, kind)
        const stored = async (): Promise<Map<string, string>> => {
          const { rows } = await client.query<{ id: string; document: string }>(`SELECT ${kind}_id AS id, document::text AS document FROM ${table} WHERE ${kind}_id = ANY ($1)`, [[...records.keys()]])
          return new Map(rows.map(({ id, document }) => [id, same(parseJson(document))]))
        }
        await expect.poll(stored, { timeout: 60_000 }).toEqual(new Map([...records].map(([id, document]) => [id, same(document)])))
      }
      for (const consumer of consumers) expect(await consumer.stop('SIGTERM')).toMatchObject({ code: 0, out: '' })
      // Columns and indexes are there to be asked.
      const failed = await client.query<{ task_id: string }>(`SELECT task_id FROM tasks WHERE status = 'ERROR' AND task_id = ANY ($1)`, [[...expected(frames, 'task').keys()]])
      expect(new Set(failed.rows.map(({ task_id }) => task_id))).toEqual(new Set([...expected(frames, 'task')].filter(([, task]) => task['status'] === 'ERROR').map(([id]) => id)))
      const times = await client.query<{ seconds: number; recorded: number }>(`SELECT extract(epoch FROM started_at)::float8 AS seconds, (document ->> 'started_at')::float8 AS recorded FROM tasks WHERE jsonb_typeof(document -> 'started_at') = 'number' AND (document ->> 'started_at')::numeric BETWEEN 0 AND 4e9`)
      expect(times.rows.length).toBeGreaterThan(50)
      for (const { seconds, recorded: said } of times.rows) expect(seconds).toBeCloseTo(said, 5)
      const plan = await client.query<{ 'QUERY PLAN': string }>(`SET enable_seqscan = off; EXPLAIN SELECT * FROM tasks WHERE used @> '{"x": 1}'`).then((results) => (results as unknown as { rows: { 'QUERY PLAN': string }[] }[])[1]?.rows ?? [])
      expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('tasks_used')
    } finally {
      await client.end()
      for (const cli of running.splice(0)) await cli.stop('SIGKILL')
      await server.stop()
    }
  }, 300_000)

  test.skipIf(!hasNeo4j())(`a graph has every record, and what ties them${hasNeo4j() ? '' : `: ${noNeo4j}`}`, async () => {
    const server = await startNeo4j()
    const graph = driver(server.url, auth.basic('', ''), { disableLosslessIntegers: true })
    try {
      const frames = (['agents', 'campaign_nested', 'status_updates_across_batches', 'sweep'] as const).flatMap(readRecording)
      const cli = await consuming('neo4jConsumer.ts', { NEO4J_URL: server.url })
      await publish(frames)
      for (const [kind, label] of [['task', 'Task'], ['workflow', 'Workflow'], ['agent', 'Agent']] as const) {
        const records = expected(frames, kind)
        const stored = async (): Promise<Map<string, string>> => {
          const { records: rows } = await graph.executeQuery(`MATCH (n:${label}) WHERE n.document IS NOT NULL AND n.${kind}_id IN $ids RETURN n.${kind}_id AS id, n.document AS document`, { ids: [...records.keys()] })
          return new Map(rows.map((row) => [row.get('id') as string, same(parseJson(row.get('document') as string))]))
        }
        // Its first queries are slow: they are compiled.
        await expect.poll(stored, { timeout: 120_000 }).toEqual(new Map([...records].map(([id, document]) => [id, same(document)])))
      }
      expect((await cli.stop('SIGINT')).code).toBe(0)
      const tasks = expected(frames, 'task')
      for (const [edge, label, key] of [['OF', 'Workflow', 'workflow_id'], ['IN', 'Task', 'parent_task_id'], ['BY', 'Agent', 'agent_id']] as const) {
        const { records: rows } = await graph.executeQuery(`MATCH (a:Task)-[:${edge}]->(b:${label}) WHERE a.task_id IN $ids RETURN a.task_id AS a, b.${label.toLowerCase()}_id AS b`, { ids: [...tasks.keys()] })
        const wanted = [...tasks].filter(([, task]) => typeof task[key] === 'string').map(([id, task]) => `${id} → ${String(task[key])}`)
        expect(rows.map((row) => `${String(row.get('a'))} → ${String(row.get('b'))}`).toSorted()).toEqual(wanted.toSorted())
        expect(wanted.length, edge).toBeGreaterThan(0)
      }
    } finally {
      await graph.close()
      for (const cli of running.splice(0)) await cli.stop('SIGKILL')
      await server.stop()
    }
  }, 600_000)
})
