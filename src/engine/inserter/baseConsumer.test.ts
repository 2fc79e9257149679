/** Consumers that somebody extends: on a real queue, in the background and in the foreground, slow ones, failing ones, and through outages. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Refusal } from '#contract/reply'
import { hasRabbit, noRabbit, startRabbit } from '../../testing/servers/rabbitmq.ts'
import { hasRedis, noRedis, type RedisServer, startRedis } from '../../testing/servers/redis.ts'
import { BaseConsumer, type ConsumerGap, type ConsumerOptions, type Message } from './baseConsumer.ts'
import { openMessagePublisher, type MessagePublisher } from './messagePublisher.ts'

class Collector extends BaseConsumer {
  readonly seen: unknown[] = []
  readonly gaps: ConsumerGap[] = []
  handle: (message: Message) => boolean | Promise<boolean> = () => true
  override async messageHandler(message: Message): Promise<boolean> {
    const goesOn = await this.handle(message)
    this.seen.push(message.n ?? message)
    return goesOn
  }
  override onGap(gap: ConsumerGap): void {
    this.gaps.push(gap)
  }
}

const numbered = (count: number, from = 0): Message[] => Array.from({ length: count }, (_, n) => ({ n: from + n }))
const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n)

describe.skipIf(!hasRedis())(hasRedis() ? 'a consumer' : `a consumer (skipped: ${noRedis})`, () => {
  let server: RedisServer
  let publisher: MessagePublisher
  let folder: string
  const started: BaseConsumer[] = []
  beforeEach(async () => {
    server = await startRedis()
    publisher = await openMessagePublisher(server.url)
    folder = mkdtempSync(join(tmpdir(), 'provscope-consumer-test-'))
  })
  afterEach(async () => {
    for (const consumer of started.splice(0)) await consumer.stop()
    await publisher.close()
    await server.stop()
    rmSync(folder, { recursive: true })
  })
  const collector = (options: Partial<ConsumerOptions> = {}): Collector => {
    const consumer = new Collector({ url: server.url, ...options })
    started.push(consumer)
    return consumer
  }

  test('in the background is subscribed once it has started, and sees each message once, in order, as it was sent', async () => {
    const consumer = await collector().start()
    expect(consumer.state?.link.name).toBe('live')
    await publisher.publish([...numbered(3), { text: 'ä', list: [1, null, { a: 0.5 }], wide: 2 ** 40, huge: 2n ** 62n, negative: -(2n ** 60n) }])
    await expect.poll(() => consumer.seen).toEqual([0, 1, 2, { text: 'ä', list: [1, null, { a: 0.5 }], wide: 2 ** 40, huge: 2n ** 62n, negative: -(2n ** 60n) }])
    await consumer.stop()
    await consumer.ended
  })

  test('in the foreground is there until its handler says no, and sees nothing after that', async () => {
    const consumer = collector()
    consumer.handle = (message) => message.n !== 4
    const ended = consumer.start({ background: false })
    await expect.poll(() => consumer.state?.link.name).toBe('live')
    await publisher.publish(numbered(10))
    expect(await ended).toBe(consumer)
    expect(consumer.seen).toEqual(numbers(5))
  })

  test('that is slow loses nothing of a burst, and handles one message at a time', async () => {
    const consumer = collector()
    let atOnce = 0
    let most = 0
    let release: () => void = () => undefined
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    consumer.handle = async () => {
      most = Math.max(most, ++atOnce)
      await gate
      await Promise.resolve()
      atOnce--
      return true
    }
    await consumer.start()
    const padding = 'x'.repeat(2000)
    for (let sent = 0; sent < 30_000; sent += 1000) await publisher.publish(numbered(1000, sent).map((message) => ({ ...message, padding })))
    // 60 MB, twice what Redis keeps for a subscriber that does not read.
    await expect.poll(() => consumer.state?.received).toBe(30_000)
    expect(consumer.seen).toEqual([])
    release()
    await expect.poll(() => consumer.seen.length).toBe(30_000)
    expect(consumer.seen).toEqual(numbers(30_000))
    expect({ most, gaps: consumer.gaps }).toEqual({ most: 1, gaps: [] })
  })

  test('whose handler fails ends with that error', async () => {
    const consumer = collector()
    consumer.handle = (message) => {
      if (message.n === 2) throw new TypeError('no such column')
      return true
    }
    await consumer.start()
    const ended = consumer.ended
    const caught = expect(ended).rejects.toThrow(new TypeError('no such column'))
    await publisher.publish(numbered(5))
    await caught
    expect(consumer.seen).toEqual([0, 1])
    await consumer.stop()
  })

  test('that overrides onError goes on, and knows which message it was', async () => {
    const failed: unknown[] = []
    class Patient extends Collector {
      override onError(error: Error, message: Message): void {
        failed.push([error.message, message.n])
      }
    }
    const consumer = new Patient(server.url)
    started.push(consumer)
    consumer.handle = (message) => (message.n === 2 ? Promise.reject(new Error('not this one')) : true)
    await consumer.start()
    await publisher.publish(numbered(5))
    await expect.poll(() => consumer.seen).toEqual([0, 1, 3, 4])
    expect(failed).toEqual([['not this one', 2]])
  })

  test('is told of what it could not see', async () => {
    const consumer = await collector().start()
    await publisher.publish(numbered(1))
    await publisher.publishRaw([Buffer.from([0xc1])])
    await expect.poll(() => consumer.seen).toEqual([0])
    await publisher.close()
    await server.restart()
    await expect.poll(() => consumer.state?.link.name).toBe('live')
    publisher = await openMessagePublisher(server.url)
    await publisher.publish(numbered(1, 1))
    await expect.poll(() => consumer.seen).toEqual([0, 1])
    expect(consumer.gaps).toMatchObject([{ kind: 'undecodable', messages: 1 }, { kind: 'disconnected', messages: null }])
    const [, outage] = consumer.gaps
    expect(outage?.to).toBeGreaterThanOrEqual(outage?.from ?? Infinity)
  })

  test('with a folder of its own goes on where it was; without one it leaves nothing behind', async () => {
    const first = collector({ folder })
    first.handle = (message) => message.n !== 2
    await first.start()
    await publisher.publish(numbered(6))
    await first.ended
    const second = await collector({ folder }).start()
    await expect.poll(() => second.seen).toEqual([3, 4, 5])
    await second.stop()
    const mine = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('provscope-consumer-') && !name.startsWith('provscope-consumer-test-'))
    const before = mine()
    const third = await collector().start()
    const made = mine().filter((name) => !before.includes(name))
    expect(made.length).toBeGreaterThanOrEqual(1)
    await third.stop()
    expect(made.filter((name) => existsSync(join(tmpdir(), name)))).toEqual([])
  })

  test('is refused where there is no queue of that name, or with a wrong password, and does not say the password', async () => {
    const locked = await startRedis(['--requirepass', 'right'])
    try {
      const wrong = collector({ url: locked.url, password: 'hush' })
      const error: unknown = await wrong.start().catch((caught: unknown) => caught)
      expect(error).toBeInstanceOf(Refusal)
      expect(String(error)).not.toContain('hush')
      await expect(openMessagePublisher({ url: locked.url, password: 'hush' })).rejects.toThrow(/takes no messages/)
      const right = await collector({ url: locked.url, password: 'right' }).start()
      expect(right.state?.link.name).toBe('live')
    } finally {
      for (const consumer of started.splice(0)) await consumer.stop()
      await locked.stop()
    }
    await expect(collector({ url: 'http://x' }).start()).rejects.toThrow(Refusal)
    await expect(openMessagePublisher('redis://localhost:6379/0/runs.*')).rejects.toThrow(/is a pattern/)
    await expect(openMessagePublisher('redis://127.0.0.1:1')).rejects.toThrow(Refusal)
  })

  test('two of them play ping-pong', async () => {
    const rally: string[] = []
    class Player extends BaseConsumer {
      private readonly answers = openMessagePublisher(server.url)
      constructor(
        private readonly hears: string,
        private readonly says: string
      ) {
        super(server.url)
      }
      override async messageHandler(message: Message): Promise<boolean> {
        if (message.type !== this.hears) return true
        rally.push(this.hears)
        await (await this.answers).publish([{ type: this.says }])
        if (rally.length < 10) return true
        await (await this.answers).close()
        return false
      }
      async leave(): Promise<void> {
        await this.stop()
        await (await this.answers).close().catch(() => undefined)
      }
    }
    const players = [await new Player('ping', 'pong').start(), await new Player('pong', 'ping').start()]
    await publisher.publish([{ type: 'ping' }])
    await expect.poll(() => rally.length).toBeGreaterThanOrEqual(10)
    for (const player of players) await player.leave()
    expect(rally.slice(0, 10)).toEqual(numbers(10).map((n) => (n % 2 === 0 ? 'ping' : 'pong')))
  })
})

test.skipIf(!hasRabbit())(`on RabbitMQ messages come from Flowcept's exchange, once and in order${hasRabbit() ? '' : ` (skipped: ${noRabbit})`}`, async () => {
  const server = await startRabbit()
  const consumer = new Collector(`${server.url}/%2F/runs`)
  try {
    await consumer.start()
    const publisher = await openMessagePublisher(`${server.url}/%2F/runs`)
    await publisher.publish(numbered(2000))
    await publisher.close()
    await expect.poll(() => consumer.seen.length).toBe(2000)
    expect(consumer.seen).toEqual(numbers(2000))
  } finally {
    await consumer.stop()
    await server.stop()
  }
})
