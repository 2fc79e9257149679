/**
 * Kafka's topics, read from the earliest offset as Flowcept does, in a group of our own in which nothing is committed. Kafka keeps what is
 * published: after an interruption reading goes on where it stopped, and nothing is missing.
 */
import { randomUUID } from 'node:crypto'
import { type Consumer, type EachBatchPayload, Kafka, logLevel } from 'kafkajs'
import { Refusal } from '#contract/reply'
import { answerMs, type BrokerSink, connectionProblem, type Login, type Probe, type Subscription, type SubscribeTo } from './broker.ts'
import { connectionName } from './redisConnection.ts'

const joinMs = 30_000
const trips = 5

export const subscribeToKafka: SubscribeTo = async (login, sink, signal, before) => {
  const { channel: topic } = login.address
  signal.throwIfAborted()
  const consumer = kafka(login).consumer({ groupId: `${connectionName}-${randomUUID()}`, allowAutoTopicCreation: false, retry: { retries: 2, restartOnFailure: async () => await Promise.resolve(false) } })
  const offsets = before instanceof KafkaSubscription ? before.offsets : new Map<number, bigint>()
  const subscription = new KafkaSubscription(consumer, sink, offsets)
  try {
    sink.sent(`Metadata ${topic}`)
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    sink.sent(`JoinGroup ${connectionName}-… (of this connection alone; nothing is committed)`)
    const joined = joins(consumer, signal)
    await consumer.run({ autoCommit: false, eachBatch: async (batch) => await subscription.take(batch) })
    await joined
    for (const [partition, offset] of offsets) consumer.seek({ topic, partition, offset: String(offset) })
    sink.sent(`Fetch ${topic} from the earliest offset`)
    return subscription
  } catch (error) {
    await subscription.close()
    throw problemOf(error, login)
  }
}

export const probeKafka: Probe = async (login, signal) => {
  const admin = kafka(login).admin()
  try {
    signal.throwIfAborted()
    await admin.connect()
    const tookMs: number[] = []
    let brokers = 0
    while (tookMs.length < trips) {
      const began = performance.now()
      brokers = (await admin.describeCluster()).brokers.length
      tookMs.push(performance.now() - began)
    }
    return { server: `Kafka, ${brokers} ${brokers === 1 ? 'broker' : 'brokers'}`, roundTripMs: tookMs.toSorted((a, b) => a - b)[Math.floor(trips / 2)] ?? null, subscribers: null, bufferLimitBytes: null }
  } catch (error) {
    throw problemOf(error, login)
  } finally {
    await admin.disconnect()
  }
}

class KafkaSubscription implements Subscription {
  readonly note = 'Kafka has kept what was published meanwhile.'
  readonly losesNothing = true
  private isOver = false

  /** @param offsets by partition, what to read next */
  constructor(
    private readonly consumer: Consumer,
    private readonly sink: BrokerSink,
    readonly offsets: Map<number, bigint>
  ) {
    consumer.on(consumer.events.CRASH, ({ payload }) => this.end(`Reading from Kafka broke off (${rootOf(payload.error).message}).`))
    consumer.on(consumer.events.DISCONNECT, () => this.end('The connection to Kafka was closed.'))
  }

  async take({ batch, heartbeat, isRunning, isStale }: EachBatchPayload): Promise<void> {
    const at = Date.now() / 1000
    for (const { offset, value } of batch.messages) {
      if (this.isOver || !isRunning() || isStale()) return
      const number = BigInt(offset)
      // Before it was told where to go on, some may have come again.
      if (number < (this.offsets.get(batch.partition) ?? 0n)) continue
      if (value) this.sink.message(batch.topic, value, at)
      this.offsets.set(batch.partition, number + 1n)
    }
    await heartbeat()
  }

  async close(): Promise<void> {
    this.isOver = true
    await Promise.race([this.consumer.disconnect().catch(ignoreEnd), new Promise((resolve) => setTimeout(resolve, answerMs / 2).unref())])
  }

  private end(reason: string): void {
    if (this.isOver) return
    this.isOver = true
    this.sink.ended(reason)
  }
}

function kafka({ address, password }: Login): Kafka {
  const { host, port, user } = address
  return new Kafka({
    clientId: connectionName,
    brokers: [`${host.includes(':') ? `[${host}]` : host}:${port}`],
    connectionTimeout: answerMs,
    logLevel: logLevel.NOTHING,
    retry: { retries: 1, initialRetryTime: 100 },
    ...(user === null ? {} : { sasl: { mechanism: 'plain', username: user, password: password ?? '' } })
  })
}

async function joins(consumer: Consumer, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const stops = [consumer.on(consumer.events.GROUP_JOIN, () => settle(resolve)), consumer.on(consumer.events.CRASH, ({ payload }) => settle(() => reject(payload.error)))]
    const timer = setTimeout(() => settle(() => reject(new Error('Kafka does not let this reader in.'))), joinMs)
    const abort = (): void => settle(() => reject(signal.reason as Error))
    signal.addEventListener('abort', abort, { once: true })
    const settle = (done: () => void): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      for (const stop of stops) stop()
      done()
    }
  })
}

/** As `SubscribeTo` rejects. */
function problemOf(error: unknown, { address }: Login): Error {
  if (error instanceof Refusal) return error
  const root = rootOf(error)
  const type = 'type' in root ? root.type : null
  if (type === 'UNKNOWN_TOPIC_OR_PARTITION' || /does not host this topic/.test(root.message)) return new Error(`Kafka has no topic ${address.channel} yet.`)
  if (root.name === 'KafkaJSSASLAuthenticationError') return new Refusal('unavailable', `Kafka does not accept this user and password (${address.user ?? 'none'}).`)
  if (type === 'TOPIC_AUTHORIZATION_FAILED' || type === 'GROUP_AUTHORIZATION_FAILED') return new Refusal('unavailable', `Kafka does not allow this (${root.message}).`)
  const code = /\b(E[A-Z]{4,})\b/.exec(root.message)?.[1]
  if (code !== undefined) return connectionProblem(Object.assign(new Error(root.message), { code }), address)
  return /timeout/i.test(root.message) ? new Error(`${address.host}:${address.port} does not answer.`) : new Error(`Kafka cannot be read (${root.message}).`)
}

function rootOf(error: unknown): Error {
  let root = error instanceof Error ? error : new Error(String(error))
  for (let depth = 0; depth < 5 && root.cause instanceof Error; depth++) root = root.cause
  return root
}

function ignoreEnd(): void {
  // Told where connections end.
}
