/** `provscope record` as it is built, on a real Redis: what was published is what is stored, and the exit code says so. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type JsonObject, parseJson, stringifyJson } from '#contract/json'
import { classify } from '#engine/records/classify'
import { mergeBatch } from '#engine/records/mergeRecord'
import { decodeFrame } from '#engine/sources/queue/decodeFrame'
import { openLmdbStore } from '#engine/stores/lmdbStore'
import { encode } from './replayEncoding.ts'
import { buildCli, runCli } from '../testing/builtCli.ts'
import { readRecording, type RecordedFrame } from '../testing/recordings.ts'
import { freePort } from '../testing/servers/mongo.ts'
import { hasRedis, noRedis, startRedis, type RedisServer } from '../testing/servers/redis.ts'
import { talkTo, type TalkingCli } from '../testing/talkingCli.ts'

const here = describe.skipIf(!hasRedis())
let redis: RedisServer
let publisher: Redis
let folder: string
let env: Record<string, string | undefined>
const running: TalkingCli[] = []

beforeAll(async () => {
  buildCli()
  if (hasRedis()) redis = await startRedis()
})
afterAll(async () => await redis?.stop())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'provscope-record-'))
  env = { PROVSCOPE_CONFIG_DIR: join(folder, 'config'), FLOWCEPT_SETTINGS_PATH: join(folder, 'none.yaml'), TMPDIR: folder, PROVSCOPE_MQ_PASSWORD: undefined }
  publisher = new Redis(redis.port, '127.0.0.1')
  publisher.on('error', () => undefined)
})
afterEach(async () => {
  for (const cli of running.splice(0)) await cli.stop('SIGKILL')
  publisher.disconnect()
  rmSync(folder, { recursive: true, force: true })
})

async function recording(args: readonly string[], more: Record<string, string | undefined> = {}): Promise<TalkingCli> {
  const cli = talkTo(['record', ...args], { env: { ...env, ...more } })
  running.push(cli)
  await cli.hears('Sent to the queue')
  return cli
}

async function publish(frames: readonly Pick<RecordedFrame, 'channel' | 'payload'>[], channel?: string): Promise<void> {
  const pipeline = publisher.pipeline()
  for (const frame of frames) pipeline.publish(channel ?? frame.channel, frame.payload)
  await pipeline.exec()
}

/** What is in the last status that it told. */
function latest({ said }: TalkingCli): { received: number; stores: { messages: number; waiting: number }[]; link: { name: string }; gaps: unknown[] } {
  return JSON.parse(said.out.split('\n').findLast((line) => line.startsWith('{') && line.endsWith('}')) ?? '{"received":0,"stores":[],"gaps":[],"link":{}}') as ReturnType<typeof latest>
}

function tasksIn(frames: readonly RecordedFrame[]): Map<string, JsonObject> {
  const messages = frames.map(({ payload }) => decodeFrame(payload)).filter((decoded) => decoded.ok).map(({ message }) => message as JsonObject)
  let unnamed = 0
  return new Map(mergeBatch('task', messages.filter((message) => classify(message) === 'task'), { newId: () => `unnamed ${unnamed++}` }).map(({ id, document }) => [id, document]))
}

async function storedTasks(path: string): Promise<Map<string, JsonObject>> {
  const store = openLmdbStore(path)
  const found = new Map<string, JsonObject>()
  for await (const { id, document } of store.iterate('task')) found.set(id, document)
  await store.close()
  return found
}

here(hasRedis() ? 'record' : `record: ${noRedis}`, () => {
  test('stores everything that was published, in every store that is named, and says so', async () => {
    const [lmdb, jsonl] = [join(folder, 'lm'), join(folder, 'run.jsonl')]
    const frames = (['big', 'sweep', 'status_updates_across_batches', 'dask'] as const).flatMap(readRecording)
    const cli = await recording([`${redis.url}/interception`, '--lmdb', lmdb, '--jsonl', jsonl, '--json'])
    expect(cli.said.err).toMatch(/Recording redis:\/\/127.0.0.1:\d+\/0\/interception \(command line\)\n {2}role: record; answers no control messages\n/)
    expect(cli.said.err).toMatch(/Sent to the queue: .*SUBSCRIBE interception\n/)
    expect(cli.said.err).toContain(`writes lmdb ${lmdb} (command line)`)
    await publish(frames)
    await expect.poll(() => latest(cli).received).toBe(frames.length)
    const { code, out } = await cli.stop('SIGTERM')
    const ended = JSON.parse(out.trim().split('\n').at(-1) ?? '') as Record<string, unknown> & { stores: { type: string; waiting: number }[] }
    const control = frames.filter(({ payload }) => classify((decodeFrame(payload) as { message: JsonObject }).message) === 'control').length
    expect(ended).toMatchObject({ event: 'ended', received: frames.length, undecodable: 0, controlMessages: control, gaps: [], complete: true, queue: `${redis.url}/0/interception` })
    expect(ended.stores).toMatchObject([{ type: 'lmdb', waiting: 0, messages: frames.length - control, problems: 0 }, { type: 'jsonl', waiting: 0, problems: 0 }])
    expect(code).toBe(0)

    const expected = tasksIn(frames)
    const stored = await storedTasks(lmdb)
    expect([...stored.keys()].toSorted()).toEqual([...expected.keys()].toSorted())
    for (const [id, document] of expected) expect(JSON.parse(stringifyJson(stored.get(id) ?? null))).toMatchObject(JSON.parse(stringifyJson(document)) as object)
    // The same tables from the buffer of the same run.
    const query = await runCli(['query', jsonl, '--format', 'jsonl'], { env })
    const shown = new Map(query.out.trim().split('\n').map((line) => parseJson(line) as JsonObject).map((task) => [String(task['task_id']), task]))
    expect([...shown.keys()].toSorted()).toEqual([...expected.keys()].toSorted())
    for (const [id, task] of shown) expect([id, task['status'], task['used'], task['generated']]).toEqual([id, expected.get(id)?.['status'], expected.get(id)?.['used'], expected.get(id)?.['generated']])
  })

  test('without flags it writes where Flowcept’s settings say, and names them', async () => {
    writeFileSync(join(folder, 'settings.yaml'), `mq: {enabled: true, type: redis, host: 127.0.0.1, port: ${redis.port}, channel: fac}\nproject: {dump_buffer: {enabled: false}}\ndatabases: {lmdb: {enabled: true, path: ${join(folder, 'set')}}, mongodb: {enabled: false}}\n`)
    const settings = join(folder, 'settings.yaml')
    const cli = await recording([], { FLOWCEPT_SETTINGS_PATH: settings })
    expect(cli.said.err).toContain(`/0/fac (${settings})`)
    expect(cli.said.err).toContain(`writes lmdb ${join(folder, 'set')} (${settings})`)
    const frames = readRecording('errors')
    await publish(frames, 'fac')
    await cli.hears(/live · /)
    await expect.poll(async () => (await publisher.pubsub('NUMSUB', 'fac'))[1]).toBe(1)
    const { code, out } = await cli.stop('SIGINT')
    expect(out).toContain(`${frames.length} messages received`)
    expect(out).toContain('Nothing is missing.')
    expect(code).toBe(0)
    expect(new Set((await storedTasks(join(folder, 'set'))).keys())).toEqual(new Set(tasksIn(frames).keys()))
  })

  test('killed at any moment, the same command goes on: nothing is lost or doubled, and the gap is told', async () => {
    const lmdb = join(folder, 'lm')
    const args = [`${redis.url}/interception`, '--lmdb', lmdb, '--json']
    const frames = readRecording('big')
    const third = Math.ceil(frames.length / 3)
    for (const part of [0, 1]) {
      const cli = await recording(args)
      await publish(frames.slice(part * third, (part + 1) * third))
      // All of it has arrived; how much of it is stored when the process is killed is left to chance.
      await expect.poll(() => latest(cli).received).toBe(third)
      expect((await cli.stop('SIGKILL')).code).toBeNull()
    }
    const cli = await recording(args)
    await publish(frames.slice(2 * third))
    await expect.poll(() => latest(cli).received).toBe(frames.length - 2 * third)
    const { code, out } = await cli.stop('SIGINT')
    const ended = JSON.parse(out.trim().split('\n').at(-1) ?? '') as { gaps: { reason: string; to: number | null }[]; stores: { waiting: number }[] }
    expect(ended.gaps).toHaveLength(2)
    for (const gap of ended.gaps) expect(gap).toMatchObject({ reason: 'the recording process had been ended', messages: null })
    expect(ended.stores).toMatchObject([{ waiting: 0 }])
    expect(code).toBe(1)
    const expected = tasksIn(frames)
    const stored = await storedTasks(lmdb)
    expect(new Set(stored.keys())).toEqual(new Set(expected.keys()))
    for (const [id, document] of expected) expect(stored.get(id)).toMatchObject(document)
    // What has been told is not told again.
    const again = await recording(args)
    expect((await again.stop('SIGINT')).code).toBe(0)
  }, 180_000)

  test('a broker that goes away is a gap with an end, said and counted', async () => {
    const own = await startRedis()
    try {
      const cli = await recording([`${own.url}/interception`, '--jsonl', join(folder, 'a.jsonl'), '--json'])
      await own.restart()
      await cli.hears(/"link":\{"name":"retrying"/)
      await expect.poll(() => latest(cli).link.name).toBe('live')
      const { code, out } = await cli.stop('SIGINT')
      const ended = JSON.parse(out.trim().split('\n').at(-1) ?? '') as { gaps: { from: number; to: number }[] }
      expect(ended.gaps).toHaveLength(1)
      expect(ended.gaps[0]?.to).toBeGreaterThan(ended.gaps[0]?.from ?? Infinity)
      expect(code).toBe(1)
    } finally {
      await own.stop()
    }
  })

  test('a broker that is not there yet is waited for, which can be interrupted', async () => {
    const port = await freePort()
    const cli = talkTo(['record', `redis://127.0.0.1:${port}`, '--jsonl', join(folder, 'a.jsonl')], { env })
    running.push(cli)
    await cli.hears(/Nothing listens on 127\.0\.0\.1/)
    const { code, out } = await cli.stop('SIGINT')
    expect(out).toContain('the queue was never reached')
    expect(code).toBe(1)
  })

  test('what cannot be decoded is counted, and the rest is stored', async () => {
    const lmdb = join(folder, 'lm')
    const cli = await recording([`${redis.url}/interception`, '--lmdb', lmdb, '--json'])
    const frames = readRecording('errors')
    await publish([...frames, { channel: 'interception', payload: Buffer.from('no msgpack at all, whatever it is') }])
    await expect.poll(() => latest(cli).received).toBe(frames.length + 1)
    const { code, out } = await cli.stop('SIGINT')
    expect(JSON.parse(out.trim().split('\n').at(-1) ?? '')).toMatchObject({ undecodable: 1, complete: false })
    expect(code).toBe(1)
    expect((await storedTasks(lmdb)).size).toBe(tasksIn(frames).size)
  })

  test('as inserter it answers control messages, and ends with its bundle', async () => {
    const frames = readRecording('errors')
    const key = 'started_mq_thread_execution_b1'
    await publisher.sadd(key, 'i1')
    const cli = await recording([`${redis.url}/interception`, '--lmdb', join(folder, 'lm'), '--as-inserter', '--bundle', 'b1', '--json'])
    expect(cli.said.err).toMatch(/role: record as inserter; answers control messages of bundle b1 in redis:\/\/127\.0\.0\.1:\d+\/0 \(the same Redis as the queue\)/)
    await publish(frames.filter(({ payload }) => classify((decodeFrame(payload) as { message: JsonObject }).message) !== 'control'))
    const control = (info: string, more: object = {}): { channel: string; payload: Buffer } => ({ channel: 'interception', payload: Buffer.from(encode({ type: 'flowcept_control', info, exec_bundle_id: 'b1', ...more })) })
    await publish([control('mq_dao_thread_stopped', { interceptor_instance_id: 'i1' })])
    await expect.poll(async () => await publisher.exists(key)).toBe(0)
    await publish([control('stop_document_inserter')])
    const { code, err, out } = await cli.ended
    expect(err).toContain('The run asked its inserter to stop')
    expect(JSON.parse(out.trim().split('\n').at(-1) ?? '')).toMatchObject({ event: 'ended', missing: [], complete: true, stores: [{ waiting: 0 }] })
    expect(code).toBe(0)
  })

  test('interrupted twice it leaves at once and says what is not stored; what it has waits for the same command', async () => {
    const away = `mongodb://127.0.0.1:${await freePort()}/`
    const cli = await recording([`${redis.url}/interception`, '--mongodb', away, '--json'])
    const frames = readRecording('sweep')
    await publish(frames)
    await expect.poll(() => latest(cli).stores[0]?.waiting).toBeGreaterThan(0)
    cli.child.kill('SIGINT')
    await cli.hears('mongodb cannot be reached')
    // At once it counts as the same press.
    cli.child.kill('SIGINT')
    await new Promise((resolve) => setTimeout(resolve, 1100))
    expect(cli.child.exitCode).toBeNull()
    const { code, err } = await cli.stop('SIGINT')
    expect(code).toBe(130)
    expect(err).toMatch(/Left at once\. Missing:\n {2}mongodb mongodb:\/\/127\.0\.0\.1:\d+\S*: \d+ messages not stored yet; they are kept/)
    const [place] = readdirSync(join(folder, 'config', 'recordings'))
    expect(readdirSync(join(folder, 'config', 'recordings', place ?? '')).some((name) => name.endsWith('.frames'))).toBe(true)
  })

  test.each([
    [['redis://127.0.0.1:1', '--lmdb', ''], '--lmdb names nothing'],
    [['http://127.0.0.1', '--lmdb', 'x'], 'redis://'],
    [['--lmdb', 'x'], 'no queue is named'],
    [['redis://127.0.0.1:1', '--lmdb', 'x', '--spill-limit', 'much'], 'A size such as'],
    [['redis://127.0.0.1:1', '--lmdb', 'x', '--password-file', '/nowhere'], '/nowhere']
  ])('%j is wrong use', async (args, sentence) => {
    const { code, out, err } = await runCli(['record', ...args], { env, cwd: folder })
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(sentence)
  })

  test('a password may come from anywhere; from an argument it is hidden as soon as it is read', async () => {
    const own = await startRedis(['--requirepass', 's3cret word'])
    try {
      const jsonl = join(folder, 'a.jsonl')
      const url = `redis://127.0.0.1:${own.port}/interception`
      writeFileSync(join(folder, 'pw'), 's3cret word\n')
      for (const [args, more] of [[[url, '--password-file', join(folder, 'pw')], {}], [[url], { PROVSCOPE_MQ_PASSWORD: 's3cret word' }]] as const) {
        const cli = await recording([...args, '--jsonl', jsonl], more)
        const { code, out, err } = await cli.stop('SIGINT')
        expect([code, `${out}${err}`.includes('s3cret')]).toEqual([0, false])
      }
      const wrong = await runCli(['record', url, '--jsonl', jsonl], { env: { ...env, PROVSCOPE_MQ_PASSWORD: 'other' } })
      expect([wrong.code, wrong.err.includes('other')]).toEqual([1, false])
      const cli = await recording([`redis://:s3cret%20word@127.0.0.1:${own.port}/interception`, '--jsonl', jsonl])
      expect(cli.said.err).toContain('others on this machine could read it')
      if (process.platform === 'linux') expect(readFileSync(`/proc/${cli.child.pid}/cmdline`, 'utf8')).not.toMatch(/s3cret|redis/)
      const { code, out, err } = await cli.stop('SIGINT')
      expect([code, `${out}${err}`.includes('s3cret')]).toEqual([0, false])
    } finally {
      await own.stop()
    }
  })

  test('the same recording runs once', async () => {
    const args = [`${redis.url}/interception`, '--jsonl', join(folder, 'a.jsonl')]
    const first = await recording(args)
    const second = await runCli(['record', ...args], { env })
    expect([second.code, second.err.includes(`process ${first.child.pid}`)]).toEqual([1, true])
    const other = await recording([`${redis.url}/interception`, '--jsonl', join(folder, 'b.jsonl')])
    expect((await other.stop('SIGINT')).code).toBe(0)
    expect((await first.stop('SIGINT')).code).toBe(0)
  })

  test('a folder that is no LMDB of ours is refused before anything is received', async () => {
    writeFileSync(join(folder, 'file'), 'x')
    const { code, err } = await runCli(['record', `${redis.url}/interception`, '--lmdb', join(folder, 'file')], { env })
    expect(code).toBeGreaterThan(0)
    expect(err).toContain(join(folder, 'file'))
    expect((await publisher.pubsub('NUMSUB', 'interception'))[1]).toBe(0)
  })
})
