/** `provscope db` and `provscope transfer`, from their arguments to what they print and what is on disk. */
import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, CommanderError } from 'commander'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { parseJson, type JsonObject } from '#contract/json'
import { Refusal } from '#contract/reply'
import { openLmdbStore } from '#engine/stores/lmdbStore'
import { bundleModule } from '../testing/bundleModule.ts'
import { mongoFlavours, startMongo, testWithoutMongo, type MongoServer } from '../testing/servers/mongo.ts'
import { addDbCommands } from './dbCommandLine.ts'
import { runDbCommands } from './dbCommands.ts'
import { WrongUse } from './wrongUse.ts'

const fixtures = join(import.meta.dirname, '../testing/fixtures')
let folder: string
let mixed: string
const environment = { ...process.env }
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'db-command-'))
  mixed = fixture('mixed')
  process.env['PROVSCOPE_CONFIG_DIR'] = join(folder, 'config')
  process.env['FLOWCEPT_USE_DEFAULT'] = 'true'
})
afterAll(() => {
  process.env = environment
  rmSync(folder, { recursive: true })
})

let copies = 0
function fixture(name: string): string {
  const path = join(folder, `${name}-${copies++}`)
  cpSync(join(fixtures, 'lmdb', name), path, { recursive: true })
  return path
}

type Ran = { out: string; err: string; missing: boolean; error: unknown }
async function run(args: readonly string[], signal: AbortSignal = new AbortController().signal, onSay: (text: string) => void = () => undefined): Promise<Ran> {
  const ran: Ran = { out: '', err: '', missing: false, error: null }
  const say = (text: string): void => {
    ran.err += text
    onSay(text)
  }
  const output = { write: async (text: string) => void (ran.out += text), closed: new AbortController().signal }
  const program = new Command('provscope').version('1').enablePositionalOptions().exitOverride().configureOutput({ writeErr: say, writeOut: (text) => void (ran.out += text) })
  addDbCommands(program, runDbCommands({ output, say, signal, onMissing: () => (ran.missing = true) }))
  await program.parseAsync(args, { from: 'user' }).catch((error: unknown) => (ran.error = error))
  return ran
}
const json = (text: string): JsonObject[] => text.trimEnd().split('\n').map((line) => parseJson(line) as JsonObject)

describe('db', () => {
  test('prints documents as they are stored: columns, sort, offset, limit', async () => {
    const all = json((await run(['db', 'tasks', '--lmdb', mixed, '--format', 'jsonl'])).out)
    expect(all).toHaveLength(86)
    const expected = all.filter(({ ended_at }) => typeof ended_at === 'number').toSorted((a, b) => Number(b.ended_at) - Number(a.ended_at)).slice(1, 4).map(({ task_id }) => task_id)
    const { error, out } = await run(['db', 'tasks', '--lmdb', mixed, '--filter', '{"ended_at": {"$gt": 0}}', '--columns', 'activity_id', '--sort', 'ended_at:desc', '--offset', '1', '--limit', '3', '--format', 'json'])
    const found = JSON.parse(out) as JsonObject[]
    expect([error, found.map(({ task_id }) => task_id)]).toEqual([null, expected])
    expect(Object.keys(found[0] ?? {}).toSorted()).toEqual(['activity_id', 'task_id'])
  })

  test('a table shows what fits, and says what there is beside', async () => {
    const { err, out } = await run(['db', 'workflows', '--lmdb', mixed, '--columns', 'name,campaign_id', '--limit', '2'])
    expect(out.split('\n')[0]).toMatch(/^name +campaign_id$/)
    expect(out.trimEnd().split('\n')).toHaveLength(4)
    expect(err).toContain('The first 2 records')
    expect((await run(['db', 'tasks', '--lmdb', mixed, '--filter', '{"status": "NONE"}'])).err).toBe('No task matches.\n')
  })

  test('counts and aggregates', async () => {
    expect((await run(['db', 'tasks', '--lmdb', mixed, '--filter', '{"status": "ERROR"}', '--count'])).out).toBe('8\n')
    const rows = json((await run(['db', 'tasks', '--lmdb', mixed, '--aggregate', 'count:task_id', '--aggregate', 'max:ended_at', '--group', 'status', '--sort', 'count_task_id:desc', '--format', 'jsonl'])).out)
    expect(rows.map(({ count_task_id, status }) => [status, count_task_id])).toEqual([['FINISHED', 78], ['ERROR', 8]])
  })

  test('NaN is null, and said to be', async () => {
    const { err, out } = await run(['db', 'tasks', '--lmdb', fixture('odd'), '--format', 'jsonl'])
    expect(json(out)).toHaveLength(78)
    expect(out).not.toMatch(/\bNaN\b(?!["\\])/)
    expect(err).toMatch(/values that JSON cannot hold/)
  })

  test('one record by its id', async () => {
    const id = String(json((await run(['db', 'agents', '--lmdb', mixed, '--format', 'jsonl'])).out)[0]?.agent_id)
    expect(json((await run(['db', 'get', 'agent', id, '--lmdb', mixed])).out)).toMatchObject([{ agent_id: id }])
    expect((await run(['db', 'get', 'agents', 'none', '--lmdb', mixed])).error).toMatchObject({ code: 'not-found' })
    expect((await run(['db', 'get', 'nothing', id, '--lmdb', mixed])).error).toBeInstanceOf(CommanderError)
  })

  test.each([
    [['db', 'tasks', '--lmdb', 'a', '--mongodb', 'mongodb://b'], CommanderError],
    [['db', 'tasks', '--group', 'a'], WrongUse],
    [['db', 'tasks', '--aggregate', 'avg'], WrongUse],
    [['db', 'tasks', '--aggregate', 'avg:x', '--columns', 'y'], WrongUse],
    [['db', 'tasks', '--filter', '{"a": {"$gtt": 1}}'], Refusal],
    [['db', 'tasks', '--filter', '{'], WrongUse],
    [['db', 'download', 'o'], CommanderError]
  ])('%j is wrong use', async (args, type) => {
    const { error, out } = await run(args)
    expect(error).toBeInstanceOf(type)
    expect(out).toBe('')
  })

  test("without a name it asks what Flowcept's settings enable", async () => {
    const settings = join(folder, 'settings.yaml')
    process.env['FLOWCEPT_USE_DEFAULT'] = 'false'
    process.env['FLOWCEPT_SETTINGS_PATH'] = settings
    writeFileSync(settings, `databases:\n  lmdb:\n    enabled: true\n    path: ${mixed}\n  mongodb:\n    enabled: false\n`)
    const found = await run(['db', 'tasks', '--count'])
    expect(found).toMatchObject({ out: '86\n', error: null })
    expect(found.err).toContain(`LMDB at ${mixed}`)
    writeFileSync(settings, 'databases:\n  lmdb:\n    enabled: false\n  mongodb:\n    enabled: false\n')
    expect((await run(['db', 'tasks', '--count'])).error).toMatchObject({ code: 'unavailable', message: expect.stringMatching(/Neither/) as string })
    process.env['FLOWCEPT_USE_DEFAULT'] = 'true'
  })
})

describe('transfer', () => {
  let target: string
  beforeEach(() => (target = join(folder, `target-${copies++}`)))

  test('is counted without a trace, done, and the same again changes nothing', async () => {
    const forecast = await run(['transfer', mixed, target, '--dry-run', '--json'])
    expect([JSON.parse(forecast.out), existsSync(target)]).toMatchObject([{ from: mixed, to: target, dryRun: true, counts: { task: { read: 86, created: 86 } } }, false])
    const done = await run(['transfer', mixed, target])
    expect(done).toMatchObject({ error: null, missing: false })
    expect(done.out).toMatch(/tasks +86 +86 +0 +0 +0\n/)
    expect(JSON.parse((await run(['transfer', mixed, target, '--json'])).out)).toMatchObject({ counts: { task: { created: 0, equal: 86 }, workflow: { equal: 14 } }, different: [] })
  })

  test('any way round by way of a buffer gives the same records', async () => {
    const buffer = `${target}.jsonl`
    const back = `${target}-back`
    expect(await run(['transfer', mixed, buffer])).toMatchObject({ error: null, missing: false })
    expect(await run(['transfer', buffer, back])).toMatchObject({ error: null, missing: false })
    expect(readFileSync(buffer, 'utf8').trimEnd().split('\n')).toHaveLength(102)
    expect(JSON.parse((await run(['transfer', buffer, back, '--dry-run', '--json'])).out)).toMatchObject({ counts: { task: { created: 0, changed: 0, equal: 86 } } })
  })

  test('interrupted, it says how to go on, and goes on there', async () => {
    const stop = new AbortController()
    const from = fixture('big')
    const first = await run(['transfer', from, target], AbortSignal.any([stop.signal, afterRecords(target, stop)]))
    expect(first.error).toMatchObject({ code: 'cancelled' })
    expect(first.err).toMatch(/records were copied and stay; the same command again goes on from there/)
    const second = await run(['transfer', from, target, '--json'])
    expect(second.err).toContain('Going on where the last transfer')
    const result = JSON.parse(second.out) as { resumed: boolean; counts: { task: { read: number } } }
    expect(result.resumed).toBe(true)
    expect(result.counts.task.read).toBeLessThan(2500)
    expect((await run(['db', 'tasks', '--lmdb', target, '--count'])).out).toBe('2500\n')
    expect(readdirSync(join(folder, 'config', 'transfers'))).toEqual([])
  })

  test('killed at any moment, it goes on and loses nothing', async () => {
    const module = await bundleModule(join(import.meta.dirname, '../testing/transferRun.ts'), 'transferRun')
    const from = fixture('big')
    let ended = false
    let killed = 0
    for (let round = 0; !ended; round++) {
      const child = spawn(process.execPath, [module, from, target], { stdio: 'ignore', env: process.env })
      const exit = new Promise<number | null>((resolve) => child.once('exit', resolve))
      const present = await countIn(target)
      // The first rounds are killed once some more has been written; the last is left to end.
      while (round < 4 && child.exitCode === null && (await countIn(target)) <= present) await new Promise((resolve) => setTimeout(resolve, 5))
      if (round < 4) child.kill('SIGKILL')
      ended = (await exit) === 0
      killed += ended ? 0 : 1
    }
    expect(killed).toBeGreaterThan(0)
    expect(await countIn(target)).toBe(2500)
    expect(JSON.parse((await run(['transfer', from, target, '--dry-run', '--json'])).out)).toMatchObject({ counts: { task: { created: 0, changed: 0, equal: 2500 }, workflow: { equal: 2 } } })
  })

  test('what could not be read is missing', async () => {
    const buffer = `${target}.jsonl`
    writeFileSync(buffer, '{"task_id":"a"}\nno json\n')
    const ran = await run(['transfer', buffer, target])
    expect(ran).toMatchObject({ error: null, missing: true })
    expect(ran.err).toContain(`Line 2 of ${buffer} could not be read`)
    expect((await run(['db', 'tasks', '--lmdb', target, '--count'])).out).toBe('1\n')
  })

  test.each([
    ['redis://localhost', 'x', WrongUse],
    ['a.jsonl.gz', 'x', WrongUse],
    ['nowhere', 'x', Refusal]
  ])('from %s is refused', async (from, to, type) => {
    const { error, out } = await run(['transfer', from, to])
    expect(error).toBeInstanceOf(type)
    expect([out, existsSync(to)]).toEqual(['', false])
  })

  test('into itself is refused', async () => {
    expect((await run(['transfer', mixed, mixed])).error).toBeInstanceOf(WrongUse)
  })

  /** Aborts `stop` once the target holds something. */
  function afterRecords(path: string, stop: AbortController): AbortSignal {
    const look = async (): Promise<void> => {
      if ((await countIn(path)) > 0) stop.abort()
      else setTimeout(() => void look(), 1)
    }
    void look()
    return stop.signal
  }

  async function countIn(path: string): Promise<number> {
    if (!existsSync(join(path, 'data.mdb'))) return 0
    try {
      const store = openLmdbStore(path, { readOnly: true })
      const count = await store.count('task')
      await store.close()
      return count
    } catch {
      // It is just being made.
      return 0
    }
  }
})

const [flavour] = mongoFlavours()
if (flavour === undefined) testWithoutMongo()
describe.skipIf(flavour === undefined)(`with MongoDB (${flavour})`, () => {
  let server: MongoServer
  let client: MongoClient
  beforeAll(async () => {
    server = await startMongo(flavour ?? 'mongod')
    client = new MongoClient(server.uri)
  }, 900_000)
  afterAll(async () => {
    await client.close()
    await server.stop()
  })

  test('there and back, queried on both with the same answers', async () => {
    const uri = `${server.uri}there`
    expect(await run(['transfer', mixed, uri])).toMatchObject({ error: null, missing: false })
    const asked = ['--filter', '{"status": {"$in": ["ERROR", "FINISHED"]}}', '--columns', 'activity_id,status,started_at', '--sort', 'started_at', '--limit', '20', '--format', 'jsonl']
    const [here, there] = [await run(['db', 'tasks', '--lmdb', mixed, ...asked]), await run(['db', 'tasks', '--mongodb', uri, ...asked])]
    expect(json(there.out)).toEqual(json(here.out))
    expect(json(here.out)).toHaveLength(20)
    const back = join(folder, 'back')
    expect(await run(['transfer', uri, back])).toMatchObject({ error: null, missing: false })
    expect(JSON.parse((await run(['transfer', mixed, back, '--dry-run', '--json'])).out)).toMatchObject({ counts: { task: { created: 0, changed: 0, equal: 86 } } })
  })

  test('any version of an object is downloaded', async () => {
    await client.db('objects').collection('objects').insertOne({ object_id: 'm', version: 1, data: Buffer.from('second') })
    await client.db('objects').collection('object_history').insertOne({ object_id: 'm', version: 0, data: Buffer.from('first') })
    const uri = `${server.uri}objects`
    const to = join(folder, 'm.bin')
    expect(await run(['db', 'download', 'm', '--mongodb', uri, '--to', to])).toMatchObject({ error: null, err: expect.stringContaining('6 bytes written') as string })
    expect(readFileSync(to, 'utf8')).toBe('second')
    expect((await run(['db', 'download', 'm', '--version', '0', '--mongodb', uri, '--to', to])).error).toBeNull()
    expect(readFileSync(to, 'utf8')).toBe('first')
    expect((await run(['db', 'download', 'm', '--version', '7', '--mongodb', uri, '--to', to])).error).toMatchObject({ code: 'not-found' })
    expect(readFileSync(to, 'utf8')).toBe('first')
  })

  test('a server that is not there is said, without its password', async () => {
    const ran = await run(['transfer', mixed, 'mongodb://bob:hunter2@127.0.0.1:1/x'])
    expect(ran.error).toMatchObject({ code: 'unavailable' })
    expect(`${String(ran.error)}${ran.err}`).not.toContain('hunter2')
    mkdirSync(join(folder, 'unused'))
  }, 30_000)
})
