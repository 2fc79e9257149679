/** The intake from a real Redis: what is sent, what arrives, how it says that something is wrong, and that it comes back by itself. */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readRecording } from '../../../testing/recordings.ts'
import { freePort } from '../../../testing/servers/mongo.ts'
import { startPublisher } from '../../../testing/startPublisher.ts'
import { hasRedis, noRedis, type RedisServer, startRedis } from '../../../testing/servers/redis.ts'
import { openFrameLogReader } from './frameLog.ts'
import type { Frame, LinkEvent, LogEntry } from './frames.ts'
import type { Intake } from './intakeState.ts'
import { parseQueueUrl } from './queueAddress.ts'
import { startIntake } from './startIntake.ts'

const endings: (() => Promise<unknown>)[] = []
let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'intake-'))
})
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
  await rm(folder, { recursive: true, force: true })
})

async function server(...args: string[]): Promise<RedisServer> {
  const started = await startRedis(args)
  endings.push(async () => await started.stop())
  return started
}

const user = (rules: string): string[] => ['--user', ...rules.split(' ')]

async function attach(url: string): Promise<Intake> {
  const { address, password } = parseQueueUrl(url)
  const intake = await startIntake({ address, password, folder, limitBytes: 1 << 30 })
  endings.push(async () => await intake.stop())
  return intake
}

function client(port: number): Redis {
  const redis = new Redis({ port, host: '127.0.0.1', retryStrategy: () => 50 })
  redis.on('error', () => undefined)
  endings.push(async () => redis.disconnect())
  return redis
}

async function entries(): Promise<LogEntry[]> {
  const reader = await openFrameLogReader(folder, 'test')
  const found: LogEntry[] = []
  for (let some = await reader.rest(1 << 20); some.length > 0; some = await reader.rest(1 << 20)) found.push(...some)
  await reader.close()
  return found
}
const frames = async (): Promise<Frame[]> => (await entries()).filter((entry) => entry.kind === 'frame')
const events = async (): Promise<LinkEvent[]> => (await entries()).filter((entry) => entry.kind === 'event')

describe.skipIf(!hasRedis())(hasRedis() ? 'a queue on Redis' : `a queue on Redis (skipped: ${noRedis})`, () => {
  test('what is published is kept as it is, and only these commands are sent', async () => {
    const redis = await server()
    const intake = await attach(`${redis.url}/interception`)
    await intake.ready
    expect(intake.state).toMatchObject({ link: { name: 'live', reason: null, attempt: 0, retryAt: null }, sent: ['HELLO 2 SETNAME provscope', 'SUBSCRIBE interception'] })
    const publisher = client(redis.port)
    const sent = readRecording('small_pipeline_full_telemetry')
    for (const { payload } of sent) await publisher.publish('interception', payload)
    await publisher.publish('elsewhere', 'not ours')
    expect(String(await publisher.client('LIST'))).toMatch(/name=provscope .* sub=1 /)
    await intake.stop()
    const found = await frames()
    expect(found.map(({ payload }) => Buffer.from(payload).toString('base64'))).toEqual(sent.map(({ payload }) => payload.toString('base64')))
    expect(found.every(({ channel }) => channel === 'interception')).toBe(true)
    expect((await events()).map(({ event }) => event)).toEqual(['attached', 'detached'])
    expect(intake.state).toMatchObject({ link: { name: 'detached' }, received: sent.length, receivedBytes: sent.reduce((sum, { payload }) => sum + payload.length, 0) })
    expect(intake.state.sent).toEqual(['HELLO 2 SETNAME provscope', 'SUBSCRIBE interception', 'UNSUBSCRIBE interception'])
  })

  test('a pattern, a database, a user with a password; the password is nowhere to be seen', async () => {
    const redis = await server(...user('ann on >s:cr@t resetchannels &facility_* +@all'), ...user('default off'))
    const intake = await attach(`redis://ann:s%3Acr%40t@127.0.0.1:${redis.port}/3/facility_*`)
    await intake.ready
    expect(intake.state.sent).toEqual(['HELLO 2 AUTH ann (password) SETNAME provscope', 'SELECT 3', 'PSUBSCRIBE facility_*'])
    const publisher = new Redis({ port: redis.port, host: '127.0.0.1', username: 'ann', password: 's:cr@t' })
    await publisher.publish('facility_a', 'one')
    await publisher.publish('facility_ü', 'two')
    publisher.disconnect()
    await intake.stop()
    expect((await frames()).map(({ channel, payload }) => `${channel} ${Buffer.from(payload).toString()}`)).toEqual(['facility_a one', 'facility_ü two'])
    expect(JSON.stringify([intake.state, await entries()])).not.toContain('cr@t')
  })

  test('large, empty and many small messages, in order', async () => {
    const redis = await server()
    const intake = await attach(redis.url)
    await intake.ready
    const publisher = client(redis.port)
    const sizes = [0, 1, 5_000_000, 65_536, 65_535, ...Array.from({ length: 5000 }, (_, index) => index % 300), 20_000_000, 3]
    const pipeline = publisher.pipeline()
    for (const [index, size] of sizes.entries()) pipeline.publish('interception', Buffer.alloc(size, index % 251))
    await pipeline.exec()
    await expect.poll(() => intake.state.received).toBe(sizes.length)
    await intake.stop()
    const found = await frames()
    expect(found.map(({ payload }) => payload.length)).toEqual(sizes)
    expect(found.every(({ payload }, index) => Buffer.alloc(payload.length, index % 251).equals(payload))).toBe(true)
  })

  test.each([
    ['redis://127.0.0.1:PORT', 'Redis wants a password.', ['--requirepass', 'right']],
    ['redis://:wrong@127.0.0.1:PORT', 'Redis does not accept this password for it (WRONGPASS', ['--requirepass', 'right']],
    ['redis://bob:right@127.0.0.1:PORT', 'Redis does not accept this password for the user bob', ['--requirepass', 'right']],
    ['redis://eve:right@127.0.0.1:PORT', 'Redis does not allow the user eve to subscribe to interception', user('eve on >right resetchannels &other +@all')],
    ['redis://127.0.0.1:PORT/99', 'Redis has no database 99', []]
  ])('%s is refused: %s', async (url, sentence, args) => {
    const redis = await server(...args)
    const intake = await attach(url.replace('PORT', String(redis.port)))
    await expect(intake.ready).rejects.toMatchObject({ name: 'Refusal', message: expect.stringContaining(sentence) })
    expect(intake.state.link).toMatchObject({ name: 'lost', reason: expect.stringContaining(sentence), retryAt: null })
    await intake.stop()
    expect(JSON.stringify([intake.state, await entries()])).not.toContain('wrong@')
    expect(await entries()).toEqual([])
  })

  test('a Redis that does not know hello yet is logged in to in the old way', async () => {
    const redis = await server('--rename-command', 'HELLO', '', ...user('ann on >secret allchannels +@all'))
    const intake = await attach(`redis://ann:secret@127.0.0.1:${redis.port}`)
    await intake.ready
    expect(intake.state.sent).toEqual(['HELLO 2 AUTH ann (password) SETNAME provscope', 'AUTH ann (password)', 'CLIENT SETNAME provscope', 'SUBSCRIBE interception'])
  })

  test('a broker that is not there yet is tried until it is', async () => {
    const redis = await server()
    await redis.kill()
    const intake = await attach(redis.url)
    const seen: string[] = []
    intake.onState(({ link }) => seen.push(`${link.name} ${link.attempt} ${link.retryAt === null ? 'now' : 'later'}`))
    await expect.poll(() => intake.state.link.attempt).toBeGreaterThan(2)
    expect(intake.state.link.reason).toBe(`Nothing listens on 127.0.0.1:${redis.port}: the broker is not running, or the tunnel to it is gone.`)
    await redis.start()
    await intake.ready
    expect(intake.state.link.name).toBe('live')
    expect(seen).toEqual(expect.arrayContaining(['retrying 2 later', 'retrying 2 now', 'retrying 3 later', 'live 0 now']))
    expect(await events()).toEqual([expect.objectContaining({ event: 'attached', reason: expect.stringMatching(/at attempt \d+\.$/) })])
  })

  test('a restart is noticed, dated and told; what is sent afterwards arrives', async () => {
    const redis = await server()
    const intake = await attach(redis.url)
    await intake.ready
    const publisher = client(redis.port)
    await publisher.publish('interception', 'before')
    await redis.restart()
    await expect.poll(async () => await publisher.publish('interception', 'after')).toBe(1)
    await expect.poll(() => intake.state.received).toBe(2)
    await intake.stop()
    expect((await entries()).map((entry) => (entry.kind === 'frame' ? Buffer.from(entry.payload).toString() : entry.event))).toEqual(['attached', 'before', 'disconnected', 'reconnected', 'after', 'detached'])
    const [, lost, again] = await events()
    expect(lost).toMatchObject({ lost: null, reason: expect.stringContaining('it was shut down, or it ended this connection') })
    expect(again?.reason).toMatch(/^Subscribed to interception again after [\d.]+ s, at attempt \d+\. Meanwhile: /)
    expect((again?.at ?? 0) >= (lost?.at ?? Infinity)).toBe(true)
  })

  test('a subscriber that is killed comes back, and does not say that Redis was restarted', async () => {
    const redis = await server()
    const intake = await attach(redis.url)
    await intake.ready
    const publisher = client(redis.port)
    for (let round = 1; round <= 3; round++) {
      await publisher.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
      await expect.poll(async () => (await events()).filter(({ event }) => event === 'reconnected').length).toBe(round)
    }
    await publisher.publish('interception', 'still here')
    await intake.stop()
    expect(await frames()).toHaveLength(1)
    for (const { reason } of (await events()).filter(({ event }) => event === 'reconnected')) expect(reason).not.toContain('restarted')
  })

  test('one that Redis throws out for falling behind says so', async () => {
    const redis = await server('--client-output-buffer-limit', 'pubsub', '200kb', '100kb', '1')
    const intake = await attach(redis.url)
    await intake.ready
    const publisher = client(redis.port)
    const burst = await startPublisher({ port: redis.port, connections: 1, messages: 20_000, sizeBytes: 2000 })
    // Nothing is read meanwhile: the system's buffers fill, then Redis's.
    burst.go()
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500)
    await burst.done
    await expect.poll(async () => (await events()).map(({ event }) => event)).toContain('reconnected')
    await publisher.publish('interception', 'the last')
    await expect.poll(async () => Buffer.from((await frames()).at(-1)?.payload ?? []).toString()).toBe('the last')
    await intake.stop()
    const found = await frames()
    expect(found.length).toBeLessThan(20_001)
    // What has arrived is whole.
    expect(found.slice(0, -1).every(({ payload }) => payload.length === 2000)).toBe(true)
    expect((await events())[1]).toMatchObject({ event: 'disconnected', reason: expect.stringContaining('most likely more were waiting than it keeps for a subscriber') })
  })

  test('an answer that never comes is given up, whoever accepts the connection', async () => {
    const port = await freePort()
    const mute = createServer((socket) => socket.resume())
    await new Promise<void>((resolve) => mute.listen(port, '127.0.0.1', resolve))
    endings.push(async () => mute.close())
    const intake = await attach(`redis://127.0.0.1:${port}`)
    await expect.poll(() => intake.state.link.reason).toBe(`127.0.0.1:${port} accepts the connection, but does not answer.`)
    await intake.stop()
  })

  test('a server that is no Redis is told apart', async () => {
    const port = await freePort()
    const other = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve))
    endings.push(async () => other.close())
    const intake = await attach(`redis://127.0.0.1:${port}`)
    await expect.poll(() => intake.state.link.reason).toBe('What answers is not Redis.')
  })

  test('a Redis that does not answer any more is noticed', async () => {
    const redis = await server()
    const intake = await attach(redis.url)
    await intake.ready
    redis.freeze()
    await expect.poll(async () => (await events()).map(({ event }) => event)).toContain('disconnected')
    redis.thaw()
    await expect.poll(async () => (await events()).map(({ event }) => event)).toContain('reconnected')
    expect((await events())[1]?.reason).toBe('Redis does not answer any more: the network or the tunnel to it is gone.')
  })

  test('an intake that was stopped goes on in the same folder', async () => {
    const redis = await server()
    const publisher = client(redis.port)
    for (const text of ['one', 'two']) {
      const intake = await attach(redis.url)
      await intake.ready
      await publisher.publish('interception', text)
      await intake.stop()
    }
    expect((await entries()).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6])
    expect((await frames()).map(({ payload }) => Buffer.from(payload).toString())).toEqual(['one', 'two'])
  })
})
