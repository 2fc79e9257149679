/** `provscope replay` as it is built, on a real Redis: what arrives is what Flowcept would have published. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type JsonObject, parseJson, stringifyJson } from '#contract/json'
import { decodeFrame } from '#engine/sources/queue/decodeFrame'
import { buildCli, root, runCli, type Ran } from '../testing/builtCli.ts'
import { readRecording } from '../testing/recordings.ts'
import { hasRedis, noRedis, startRedis, type RedisServer } from '../testing/servers/redis.ts'
import { talkTo } from '../testing/talkingCli.ts'

const fixtures = join(root, 'src', 'testing', 'fixtures')
const buffer = (name: string): string => join(fixtures, 'jsonl', `${name}.jsonl`)
const lines = (path: string): string[] => readFileSync(path, 'utf8').split('\n').filter((line) => line !== '')

let redis: RedisServer
let subscriber: Redis
let heard: { channel: string; payload: Buffer }[]
let folder: string

beforeAll(async () => {
  buildCli()
  if (hasRedis()) redis = await startRedis()
})
afterAll(async () => await redis?.stop())
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'provscope-replay-'))
  heard = []
  subscriber = new Redis(redis.port, '127.0.0.1')
  subscriber.on('messageBuffer', (channel: Buffer, payload: Buffer) => heard.push({ channel: channel.toString(), payload }))
  await subscriber.subscribe('interception', 'other')
})
afterEach(() => {
  subscriber.disconnect()
  rmSync(folder, { recursive: true, force: true })
})

const replay = (...args: string[]): Promise<Ran> => runCli(['replay', ...args], { env: { TMPDIR: folder } })
const message = (payload: Uint8Array): JsonObject => (decodeFrame(payload) as { message: JsonObject }).message
/** As a decoder gives it: which integers are bigints depends on who wrote them. */
const plain = (value: JsonObject): string => stringifyJson(value)

describe.skipIf(!hasRedis())(hasRedis() ? 'replay' : noRedis, () => {
  test.each(['02_pipeline', '06_telemetry_full', '10_dask', '11_status_updates'])('the messages of the buffer %s arrive whole and in order', async (name) => {
    const { code, out, err } = await replay(buffer(name), `${redis.url}/interception`, '--burst')
    const expected = lines(buffer(name)).map((line) => parseJson(line) as JsonObject)
    await expect.poll(() => heard.length).toBe(expected.length)
    expect(heard.map(({ payload }) => plain(message(payload)))).toEqual(expected.map(plain))
    expect(out).toMatch(new RegExp(`^${expected.length} messages published in \\d+\\.\\d s\\n$`))
    expect(err).not.toContain('Nobody')
    expect(code).toBe(0)
  })

  test('a recording is published byte for byte, on the channel that is named', async () => {
    const frames = readRecording('mq_only_chunked_other_channel')
    const { code, err } = await replay(join(fixtures, 'mq', 'mq_only_chunked_other_channel.jsonl'), `${redis.url}/interception`, '--channel', 'other', '--burst')
    await expect.poll(() => heard.length).toBe(frames.length)
    expect(heard.map(({ channel, payload }) => [channel, payload.toString('base64')])).toEqual(frames.map(({ payload }) => ['other', payload.toString('base64')]))
    expect(err).toContain('recorded on facility_a, published on other')
    expect(code).toBe(0)
  })

  test('the sample, as if it ran now, again and again, each time as another run', async () => {
    const before = Date.now() / 1000
    const cli = talkTo(['replay', '--sample', `${redis.url}/interception`, '--now', '--loop', '--speed', '0.5'], { env: { TMPDIR: folder } })
    const sample = lines(join(root, 'resources', 'samples', 'weather_stations.jsonl')).map((line) => parseJson(line) as JsonObject)
    await expect.poll(() => heard.length).toBeGreaterThan(2 * sample.length)
    const { code, out } = await cli.stop('SIGINT')
    expect(code).toBe(0)
    expect(out).toMatch(/messages published in .* rounds?\n$/)
    const [first, second] = [0, 1].map((round) => heard.slice(round * sample.length, (round + 1) * sample.length).map(({ payload }) => message(payload)))
    const workflows = new Set<unknown>()
    for (const [round, messages] of [first, second].entries()) {
      for (const [at, one] of (messages ?? []).entries()) {
        const original = sample[at] ?? {}
        workflows.add(one['workflow_id'])
        expect(Number(one['started_at'])).toBeGreaterThanOrEqual(before)
        // Twice as slow: twice as long.
        if (original['ended_at'] !== undefined) expect(Number(one['ended_at']) - Number(one['started_at'])).toBeCloseTo(2 * (Number(original['ended_at']) - Number(original['started_at'])), 5)
        expect(one['task_id']).toBe(original['task_id'] === undefined ? undefined : `${String(original['task_id'])}${round === 0 ? '' : '_2'}`)
        expect([one['activity_id'], one['generated'], one['status'], one['campaign_id']]).toEqual([original['activity_id'], original['generated'], original['status'], original['campaign_id']])
      }
    }
    expect(workflows.size).toBe(2)
  })

  test('a burst of a run that ends now has the distances that it had', async () => {
    const before = Date.now() / 1000
    await replay(buffer('12_sweep'), `${redis.url}/interception`, '--burst', '--now')
    const original = lines(buffer('12_sweep')).map((line) => parseJson(line) as JsonObject)
    await expect.poll(() => heard.length).toBe(original.length)
    const shifts = heard.map(({ payload }, at) => Number(message(payload)['started_at']) - Number(original[at]?.['started_at'])).filter((shift) => !Number.isNaN(shift))
    for (const shift of shifts) expect(shift).toBeCloseTo(shifts[0] ?? 0, 3)
    const last = Math.max(...heard.map(({ payload }) => Number(message(payload)['ended_at'] ?? 0)))
    expect(last).toBeGreaterThanOrEqual(before - 1)
    expect(last).toBeLessThanOrEqual(Date.now() / 1000)
  })

  test('lines that are no messages are told with their place; the rest is published, and the exit code says that something is missing', async () => {
    const path = join(folder, 'a.jsonl')
    writeFileSync(path, '{"type":"task","task_id":"1"}\nnot json\n{"type":"task","task_id":"2","used":{"n":123456789012345678901234567890}}\n\n[]\n{"type":"task","task_id":"3"}')
    const { code, out, err } = await replay(path, `${redis.url}/interception`)
    await expect.poll(() => heard.map(({ payload }) => message(payload)['task_id'])).toEqual(['1', '3'])
    expect(out).toMatch(/^2 messages published/)
    expect(err).toMatch(/a\.jsonl:2: no JSON: .*\n(.*\n)*.*a\.jsonl:3: not published: an integer in it has more than 64 bits\n(.*\n)*.*a\.jsonl:5: not published: it is no object/)
    expect(err).toContain('3 lines could not be published.')
    expect(code).toBe(1)
  })

  test('that nobody listens is said', async () => {
    const { code, err } = await replay(buffer('01_start_here'), `${redis.url}/nobody`, '--burst')
    expect(err).toContain('Nobody had subscribed to nobody')
    expect(code).toBe(0)
  })

  test.each([
    [['--sample'], 2, 'name the queue'],
    [['redis://127.0.0.1:1'], 2, 'name a file'],
    [['a.jsonl', 'redis://127.0.0.1:1', '--sample'], 2, 'not both'],
    [['a.jsonl', 'redis://127.0.0.1:1/c*'], 2, 'pattern'],
    [['a.jsonl', 'redis://127.0.0.1:1', '--speed', '0'], 2, 'above 0'],
    [['a.jsonl', 'redis://127.0.0.1:1', '--speed', '2', '--burst'], 2, '--burst'],
    [['/nowhere/a.jsonl', 'redis://127.0.0.1:1'], 1, '/nowhere/a.jsonl'],
    [['--sample', 'redis://127.0.0.1:1'], 1, 'ECONNREFUSED']
  ])('%j ends with %i', async (args, expected, sentence) => {
    const { code, out, err } = await replay(...args)
    expect([code, out]).toEqual([expected, ''])
    expect(err).toContain(sentence)
  })
})
