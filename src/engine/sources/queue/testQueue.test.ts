/** Testing a queue: what a real Redis tells, what its rights forbid, and how it says that it cannot be reached. */
import { Redis } from 'ioredis'
import { afterEach, describe, expect, test } from 'vitest'
import { hasRedis, noRedis, startRedis } from '../../../testing/servers/redis.ts'
import type { QueueTest } from './intakeState.ts'
import { parseQueueUrl } from './queueAddress.ts'
import { testQueue } from './testQueue.ts'

const endings: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

async function tried(url: string, signal?: AbortSignal): Promise<QueueTest> {
  const { address, password } = parseQueueUrl(url)
  return await testQueue(address, password, signal)
}

function client(port: number): Redis {
  const redis = new Redis({ port, host: '127.0.0.1' })
  endings.push(async () => redis.disconnect())
  return redis
}

describe.skipIf(!hasRedis())(hasRedis() ? 'Redis' : `Redis (skipped: ${noRedis})`, () => {
  test('says what it is, who else listens, and how much comes', async () => {
    const redis = await startRedis()
    endings.push(async () => await redis.stop())
    await client(redis.port).psubscribe('interception')
    await client(redis.port).subscribe('interception')
    const publisher = client(redis.port)
    const timer = setInterval(() => void publisher.publish('interception', Buffer.alloc(1000)), 20)
    const found = await tried(redis.url)
    clearInterval(timer)
    expect(found).toMatchObject({ error: null, server: expect.stringMatching(/^Redis \d+\.\d+/), subscribers: 2, bufferLimitBytes: 33_554_432, meanBytes: 1000 })
    expect(found.roundTripMs).toBeGreaterThan(0)
    expect(found.listenedS).toBeGreaterThan(2)
    expect(found.messagesPerSecond).toBeGreaterThan(0)
    // It has left nothing behind.
    expect(await publisher.call('PUBSUB', 'NUMSUB', 'interception')).toEqual(['interception', 1])
    expect(await publisher.dbsize()).toBe(0)
  })

  test('leaves out what may not be asked', async () => {
    const redis = await startRedis('--user ann on >pw &* -@all +subscribe +unsubscribe +hello --user default off'.split(' '))
    endings.push(async () => await redis.stop())
    expect(await tried(`redis://ann:pw@127.0.0.1:${redis.port}`)).toMatchObject({
      error: null,
      server: expect.stringMatching(/^Redis \d/),
      roundTripMs: null,
      subscribers: null,
      bufferLimitBytes: null,
      messagesPerSecond: 0,
      meanBytes: null
    })
  })

  test('is told apart from one that is not there, or wants another password', async () => {
    const redis = await startRedis(['--requirepass', 'right'])
    endings.push(async () => await redis.stop())
    expect(await tried(redis.url)).toMatchObject({ error: 'Redis wants a password.', server: null, listenedS: 0, messagesPerSecond: null })
    await redis.kill()
    expect((await tried(redis.url)).error).toContain(`Nothing listens on 127.0.0.1:${redis.port}`)
    expect((await tried('redis://no-such-host.invalid')).error).toMatch(/^There is no host named no-such-host\.invalid\.|^The name no-such-host\.invalid cannot be looked up/)
  })

  test('ends when it is cancelled', async () => {
    const redis = await startRedis()
    endings.push(async () => await redis.stop())
    const abort = new AbortController()
    const waiting = tried(redis.url, abort.signal)
    setTimeout(() => abort.abort(new Error('enough')), 200)
    await expect(waiting).rejects.toThrow('enough')
  })
})
