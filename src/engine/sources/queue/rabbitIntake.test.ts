/** The intake from a real RabbitMQ: Flowcept's exchange, what is said when it goes away, and what is refused. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ChannelModel, connect } from 'amqplib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readRecording } from '../../../testing/recordings.ts'
import { hasRabbit, noRabbit, type RabbitServer, startRabbit } from '../../../testing/servers/rabbitmq.ts'
import { openFrameLogReader } from './frameLog.ts'
import type { LogEntry } from './frames.ts'
import type { Intake } from './intakeState.ts'
import { parseQueueUrl } from './queueAddress.ts'
import { startIntake } from './startIntake.ts'
import { testQueue } from './testQueue.ts'

describe.skipIf(!hasRabbit())(hasRabbit() ? 'a queue on RabbitMQ' : `a queue on RabbitMQ (skipped: ${noRabbit})`, () => {
  let server: RabbitServer
  let folder = ''
  let intake: Intake | null = null
  const publishers: ChannelModel[] = []
  beforeAll(async () => {
    server = await startRabbit()
  })
  afterAll(async () => await server.stop())
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'intake-'))
  })
  afterEach(async () => {
    await intake?.stop()
    intake = null
    for (const publisher of publishers.splice(0)) await publisher.close()
    await rm(folder, { recursive: true, force: true })
  })

  async function attach(url: string): Promise<Intake> {
    const { address, password } = parseQueueUrl(url)
    intake = await startIntake({ address, password, folder, limitBytes: 1 << 30 })
    return intake
  }

  /** As Flowcept's producer does. */
  async function publish(exchange: string, payloads: readonly Buffer[]): Promise<void> {
    const connection = await connect(server.url)
    publishers.push(connection)
    const channel = await connection.createConfirmChannel()
    await channel.assertExchange(exchange, 'fanout', { durable: true })
    for (const payload of payloads) channel.publish(exchange, '', payload)
    await channel.waitForConfirms()
  }

  async function entries(): Promise<LogEntry[]> {
    const reader = await openFrameLogReader(folder, 'test')
    const found: LogEntry[] = []
    for (let some = await reader.rest(1 << 20); some.length > 0; some = await reader.rest(1 << 20)) found.push(...some)
    await reader.close()
    return found
  }
  const told = (found: readonly LogEntry[]): string[] => found.map((entry) => (entry.kind === 'frame' ? Buffer.from(entry.payload).toString() : entry.event))

  test('makes the exchange if it is not there, keeps all that is published, and says what it sent', async () => {
    const attached = await attach(server.url)
    await attached.ready
    expect(attached.state.sent).toEqual([
      'connection.start-ok guest (password)',
      'connection.open /',
      'exchange.declare interception (passive)',
      'exchange.declare interception (fanout, durable)',
      'queue.declare (exclusive, auto-delete)',
      'queue.bind interception',
      'basic.consume (no-ack)'
    ])
    const sent = readRecording('big').map(({ payload }) => payload)
    await publish('interception', sent)
    await expect.poll(() => attached.state.received).toBe(sent.length)
    await attached.stop()
    const found = (await entries()).filter((entry) => entry.kind === 'frame')
    expect(found.every(({ payload }, index) => sent[index]?.equals(payload))).toBe(true)
    expect(found.every(({ channel }) => channel === 'interception')).toBe(true)
    expect(told((await entries()).filter((entry) => entry.kind === 'event'))).toEqual(['attached', 'detached'])
  })

  test('an exchange that is there is only looked at, and a password is said nowhere', async () => {
    await publish('facility_a', [])
    const attached = await attach(`amqp://guest:guest@127.0.0.1:${server.port}/%2F/facility_a`)
    await attached.ready
    expect(attached.state.sent).toContain('exchange.declare facility_a (passive)')
    expect(attached.state.sent.join()).not.toMatch(/fanout|guest guest/)
    await publish('facility_a', [Buffer.from('one')])
    await expect.poll(() => attached.state.received).toBe(1)
  })

  test.each([
    ['amqp://guest:wrong@127.0.0.1:PORT', 'RabbitMQ does not accept this user and password (guest).'],
    ['amqp://nobody:secret@127.0.0.1:PORT', 'RabbitMQ does not accept this user and password (nobody).'],
    ['amqp://127.0.0.1:PORT/no_such_host', 'RabbitMQ has no virtual host no_such_host, or']
  ])('%s is refused', async (url, sentence) => {
    const attached = await attach(url.replace('PORT', String(server.port)))
    await expect(attached.ready).rejects.toMatchObject({ name: 'Refusal', message: expect.stringContaining(sentence) })
    await attached.stop()
    expect(JSON.stringify([attached.state, await entries()])).not.toMatch(/wrong|secret/)
  })

  test('a shutdown is told as RabbitMQ tells it; it comes back by itself', async () => {
    const attached = await attach(server.url)
    await attached.ready
    await publish('interception', [Buffer.from('before')])
    for (const publisher of publishers.splice(0)) await publisher.close()
    await server.restart()
    await expect.poll(async () => told(await entries())).toContain('reconnected')
    await publish('interception', [Buffer.from('after')])
    await expect.poll(() => attached.state.received).toBe(2)
    await attached.stop()
    const found = await entries()
    expect(told(found)).toEqual(['attached', 'before', 'disconnected', 'reconnected', 'after', 'detached'])
    expect(found.find((entry) => entry.kind === 'event' && entry.event === 'disconnected')).toMatchObject({ reason: expect.stringMatching(/RabbitMQ closed the connection: .*shutdown|broke/) })
  })

  test('one that is killed is noticed', async () => {
    const attached = await attach(server.url)
    await attached.ready
    await server.kill()
    await expect.poll(() => attached.state.link.name).toBe('retrying')
    await expect.poll(() => attached.state.link.reason).toContain(`Nothing listens on 127.0.0.1:${server.port}`)
    await server.start()
    await expect.poll(() => attached.state.link.name, { timeout: 60_000 }).toBe('live')
  })

  test('can be tried without making anything', async () => {
    const { address } = parseQueueUrl(`${server.url}/%2F/interception`)
    expect(await testQueue(address, null)).toMatchObject({ error: null, server: expect.stringMatching(/^RabbitMQ \d/), subscribers: null, messagesPerSecond: 0 })
    const { address: other } = parseQueueUrl(`${server.url}/%2F/not_there_yet`)
    expect((await testQueue(other, null)).error).toContain('RabbitMQ has no exchange not_there_yet yet.')
    expect((await testQueue(other, null)).error).not.toBeNull()
  })
})
