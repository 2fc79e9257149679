/** The intake from a real Kafka: what was published before, what is published while it is away, and what it says of that. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readRecording } from '../../../testing/recordings.ts'
import { hasKafka, type KafkaServer, noKafka, startKafka } from '../../../testing/servers/kafka.ts'
import { openFrameLogReader } from './frameLog.ts'
import type { LogEntry } from './frames.ts'
import type { Intake } from './intakeState.ts'
import { parseQueueUrl } from './queueAddress.ts'
import { startIntake } from './startIntake.ts'
import { testQueue } from './testQueue.ts'

describe.skipIf(!hasKafka())(hasKafka() ? 'a queue on Kafka' : `a queue on Kafka (skipped: ${noKafka})`, () => {
  let server: KafkaServer
  let folder = ''
  let intake: Intake | null = null
  beforeAll(async () => {
    server = await startKafka()
  }, 300_000)
  afterAll(async () => await server.stop())
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'intake-'))
  })
  afterEach(async () => {
    await intake?.stop()
    intake = null
    await rm(folder, { recursive: true, force: true })
  })

  async function attach(url: string): Promise<Intake> {
    const { address, password } = parseQueueUrl(url)
    intake = await startIntake({ address, password, folder, limitBytes: 1 << 30 })
    return intake
  }

  async function publish(topic: string, payloads: readonly Buffer[]): Promise<void> {
    const producer = new Kafka({ brokers: [`127.0.0.1:${server.port}`], logLevel: logLevel.NOTHING, retry: { retries: 20 } }).producer({ allowAutoTopicCreation: true })
    await producer.connect()
    await producer.send({ topic, messages: payloads.map((value) => ({ key: topic, value })) })
    await producer.disconnect()
  }

  async function entries(): Promise<LogEntry[]> {
    const reader = await openFrameLogReader(folder, 'test')
    const found: LogEntry[] = []
    for (let some = await reader.rest(1 << 20); some.length > 0; some = await reader.rest(1 << 20)) found.push(...some)
    await reader.close()
    return found
  }

  test('what was published before and after comes whole, through a broker that is killed, each once', { timeout: 240_000 }, async () => {
    const sent = readRecording('dask').map(({ payload }) => payload)
    await publish('interception', sent.slice(0, 20))
    const attached = await attach(server.url)
    await attached.ready
    await publish('interception', sent.slice(20, 40))
    await expect.poll(() => attached.state.received, { timeout: 60_000 }).toBe(40)
    await server.kill()
    await expect.poll(() => attached.state.link.name, { timeout: 60_000 }).toBe('retrying')
    await server.start()
    await publish('interception', sent.slice(40))
    await expect.poll(() => attached.state.received, { timeout: 120_000 }).toBe(sent.length)
    await attached.stop()
    const found = await entries()
    const frames = found.filter((entry) => entry.kind === 'frame')
    expect(frames.map(({ payload }) => Buffer.from(payload).toString('hex'))).toEqual(sent.map((payload) => payload.toString('hex')))
    expect(frames.every(({ channel }) => channel === 'interception')).toBe(true)
    const events = found.filter((entry) => entry.kind === 'event')
    // It may break off more than once while the broker puts itself in order.
    expect(events.map(({ event }) => event).join(' ')).toMatch(/^attached( disconnected reconnected)+ detached$/)
    for (const { event, lost, reason } of events) {
      if (event === 'reconnected') expect({ lost, reason }).toEqual({ lost: 0, reason: expect.stringContaining('Kafka has kept what was published meanwhile.') })
    }
    expect(attached.state.sent).toEqual(['Metadata interception', 'JoinGroup provscope-… (of this connection alone; nothing is committed)', 'Fetch interception from the earliest offset'])
  })

  test('a topic that is not there yet is waited for', { timeout: 120_000 }, async () => {
    const attached = await attach(`${server.url}/later`)
    await expect.poll(() => attached.state.link.reason).toBe('Kafka has no topic later yet.')
    await publish('later', [Buffer.from('one')])
    await expect.poll(() => attached.state.received, { timeout: 60_000 }).toBe(1)
  })

  test('can be tried', { timeout: 120_000 }, async () => {
    await publish('tried', [Buffer.from('one')])
    const { address } = parseQueueUrl(`${server.url}/tried`)
    expect(await testQueue(address, null)).toMatchObject({ error: null, server: 'Kafka, 1 broker', subscribers: null })
    const { address: nowhere } = parseQueueUrl('kafka://127.0.0.1:1/tried')
    expect((await testQueue(nowhere, null)).error).toContain('Nothing listens on 127.0.0.1:1')
  })
})
