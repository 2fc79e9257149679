import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isJsonObject, type JsonObject, parseJson } from '#contract/json'
import { momentId } from '#contract/momentId'
import { type AskedEngine, askEngine } from '../../../testing/askEngine.ts'
import { fixtureFolder } from '../../../testing/openFixture.ts'
import { Publisher } from '../../../testing/publish.ts'
import { hasRedis, noRedis, type RedisServer, startRedis } from '../../../testing/servers/redis.ts'

let engine: AskedEngine
beforeAll(async () => {
  engine = await askEngine()
})
afterAll(() => engine.close())

const kinds = ['tasks', 'workflows', 'agents', 'objects', 'messages'] as const

/** The latest time in a message that can be one, as anybody would look for it. */
function latest(message: JsonObject): number | null {
  const times = ['ended_at', 'started_at', 'submitted_at', 'registered_at', 'utc_timestamp'].map((name) => message[name]).filter((time): time is number => typeof time === 'number' && time >= 946_684_800 && time < 4_102_444_800)
  return times.length === 0 ? null : Math.max(...times)
}

async function everything(sourceId: string): Promise<Record<string, unknown>> {
  const all: Record<string, unknown> = {}
  for (const records of kinds) {
    const { documents } = await engine.ask('rows.documents', { sourceId, records, limit: 10_000 })
    all[records] = documents.map((document) => parseJson(document))
    const names = (await engine.ask('columns.list', { sourceId, records })).columns.map(({ name }) => name).filter((name) => !/\d{6}/.test(name))
    const columns = names.slice(0, 500)
    const page = await engine.ask('rows.page', { sourceId, records, columns, limit: 10_000, cellLength: 0 })
    // Of another source the columns may be others: compared is what the rows hold.
    all[`${records} rows`] = page.rows.map(({ cells, status }) => ({ status, ...Object.fromEntries(columns.map((name, index) => [name, cells[index] ?? null] as const).filter(([, cell]) => cell !== null)) }))
  }
  return { ...all, counts: await engine.ask('moments.counts', { sourceId }), views: await views(sourceId) }
}

/** What every view of tasks begins with. Keys and numbers of a source's own are left out. */
async function views(sourceId: string): Promise<unknown> {
  const { ask } = engine
  const { lanes, tasks, timed } = await ask('timeline.lanes', { sourceId })
  const tree = await ask('runtree.children', { sourceId })
  const critical = await ask('critical.path', { sourceId })
  const flow = await ask('dataflow.graph', { sourceId })
  const answers = {
    lanes: lanes.map(({ name, tasks: count, errors, running, levels }) => ({ name, count, errors, running, levels })),
    tasks,
    timed,
    tree: tree.nodes,
    critical: critical.path,
    flow: { nodes: flow.nodes.map(({ name, count, statuses }) => ({ name, count, statuses })), edges: flow.edges.length, total: flow.total, missing: flow.missing },
    summary: await ask('overview.summary', { sourceId }),
    agents: await ask('agents.summary', { sourceId })
  }
  return JSON.parse(JSON.stringify(answers, (key, value: unknown) => (key === 'revision' ? undefined : value)))
}

describe.each(['02_pipeline', '04_campaign', '05_errors', '07_agents', '10_dask', '11_status_updates', '12_sweep', '08_odd_values'])('%s', (name) => {
  test('at any moment is what a buffer of the messages known by then would be', async () => {
    const path = join(fixtureFolder, 'jsonl', `${name}.jsonl`)
    const lines = readFileSync(path, 'utf8').split('\n').filter((line) => line !== '')
    // Without a time it is known with the message before it.
    let before: number | null = null
    const messages = lines.map((line) => ({ line, time: (before = latest(parseJson(line) as JsonObject) ?? before) }))
    const times = [...new Set(messages.flatMap(({ time }) => time ?? []))].toSorted((a, b) => a - b)
    const whole = await engine.open(path)
    const steps = [0, 0.2, 0.45, 0.7, 0.95, 1].map((share) => times[Math.min(times.length - 1, Math.floor(share * times.length))] as number)
    for (const at of new Set([(times[0] as number) - 1, ...steps])) {
      const known = messages.filter(({ time }) => time === null || time <= at)
      if (known.length === 0) {
        expect((await engine.ask('moments.counts', { sourceId: momentId(whole.sourceId, at) })).messages).toBe(0)
        continue
      }
      // Records without an id are named by their place: what was not known yet leaves an empty line.
      const cut = join(mkdtempSync(join(engine.folder, 'at-')), `${name}.jsonl`)
      writeFileSync(cut, messages.map(({ line, time }) => (time === null || time <= at ? `${line}\n` : '\n')).join(''))
      const then = await engine.open(cut)
      expect(await everything(momentId(whole.sourceId, at)), `at ${at}`).toEqual(await everything(then.sourceId))
      await engine.ask('sources.close', { sourceId: then.sourceId })
    }
    await engine.ask('sources.close', { sourceId: whole.sourceId })
  })
})

test('a record known in part is found, filtered and opened as it was', async () => {
  const path = join(engine.folder, 'two.jsonl')
  const running = { type: 'task', task_id: 't1', activity_id: 'fit', status: 'RUNNING', started_at: 1_700_000_010, used: { n: 1, big: 12345678901234567890n } }
  const line = (message: object): string => `${JSON.stringify(message, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value))}\n`
  writeFileSync(path, line({ ...running, status: 'SUBMITTED', started_at: undefined, submitted_at: 1_700_000_000 }) + line(running) + line({ ...running, status: 'FINISHED', ended_at: 1_700_000_020, generated: { y: 2 } }))
  const { sourceId } = await engine.open(path)
  const at = momentId(sourceId, 1_700_000_015)
  expect((await engine.ask('filter.counts', { sourceId: at, scopes: [{ filter: { status: 'RUNNING' } }, { filter: { 'generated.y': { $exists: true } } }, { search: 'fit' }] })).counts).toEqual([1, 0, 1])
  const record = await engine.ask('records.get', { sourceId: at, records: 'tasks', id: 't1' })
  const document = parseJson(record.document)
  expect(isJsonObject(document) && document['status']).toBe('RUNNING')
  expect(record.messagesTotal).toBe(2)
  expect((await engine.ask('filter.counts', { sourceId, scopes: [{ filter: { status: 'FINISHED' } }] })).counts).toEqual([1])
  await engine.ask('sources.close', { sourceId })
  await expect(engine.ask('moments.counts', { sourceId: at })).rejects.toThrow('no longer open')
})

test('the range says when messages became known, and which do not say', async () => {
  const { sourceId } = await engine.open(join(fixtureFolder, 'jsonl', '11_status_updates.jsonl'))
  const { messages } = await engine.ask('moments.counts', { sourceId })
  const range = await engine.ask('moments.range', { sourceId, bins: 7 })
  expect(range.basis).toBe('times')
  expect(range.counts.reduce((sum, count) => sum + count, 0)).toBe(messages)
  expect(range.undated).toBe(10)
  await engine.ask('sources.close', { sourceId })
})

describe.skipIf(!hasRedis())(`a queue${hasRedis() ? '' : `: ${noRedis}`}`, () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis.stop())

  test('is known as it arrived, whatever its messages say of themselves', async () => {
    const publisher = new Publisher(redis.url)
    const { sourceId } = await engine.ask('live.attach', { url: redis.url })
    const task = async (): Promise<string | null> => (await engine.ask('rows.page', { sourceId, columns: ['status'], limit: 1 }).catch(() => null))?.rows[0]?.status ?? null
    await engine.until(async () => (await engine.ask('sources.list', {})).sources.find((one) => one.sourceId === sourceId)?.live?.link.name === 'live')
    // It ended long ago, and is told of only now.
    await publisher.message({ type: 'task', task_id: 'a', status: 'RUNNING', started_at: 1_600_000_000, used: { n: 1 } })
    await engine.until(async () => (await task()) === 'RUNNING')
    const between = Date.now() / 1000
    await new Promise((resolve) => setTimeout(resolve, 5))
    await publisher.message({ type: 'task', task_id: 'a', status: 'FINISHED', started_at: 1_600_000_000, ended_at: 1_600_000_001, generated: { y: 1 } })
    await engine.until(async () => (await task()) === 'FINISHED')
    const range = await engine.ask('moments.range', { sourceId, bins: 4 })
    expect(range).toMatchObject({ basis: 'arrival', undated: 0 })
    expect(range.counts.reduce((sum, count) => sum + count, 0)).toBe(2)
    const then = await engine.ask('rows.page', { sourceId: momentId(sourceId, between), columns: ['generated.y'] })
    expect(then.rows).toMatchObject([{ id: 'a', status: 'RUNNING', cells: [null] }])
    expect((await engine.ask('moments.counts', { sourceId: momentId(sourceId, (range.from as number) - 1) })).messages).toBe(0)
    await publisher.close()
    await engine.ask('sources.close', { sourceId })
  })
})
