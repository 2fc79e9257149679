/** Publishes messages as Flowcept's producers do: msgpack, on Redis in pipelines, on RabbitMQ's durable fanout exchange. */
import { connect, type ChannelModel, type ConfirmChannel } from 'amqplib'
import { Redis } from 'ioredis'
import { Packr } from 'msgpackr'
import type { JsonObject, JsonValue } from '#contract/json'
import { Refusal } from '#contract/reply'
import type { QueueAddress } from '#engine/sources/queue/intakeState'
import { isChannelPattern, parseQueueUrl } from '#engine/sources/queue/queueAddress'

export type PublisherOptions = {
  readonly url: string
  readonly password?: string | null | undefined
  /** How the broker is to list the connection. */
  readonly connectionName?: string | undefined
}

export interface MessagePublisher {
  /** Settles when the broker has taken them all, in this order. @throws Refusal `unavailable` */
  publish(messages: readonly JsonObject[]): Promise<void>
  /** Payloads as they are. How many subscribers the last one reached; null where a broker does not say. */
  publishRaw(payloads: readonly Uint8Array[]): Promise<number | null>
  close(): Promise<void>
}

const connectMs = 10_000
const packr = new Packr({ useRecords: false, variableMapSize: true, largeBigIntToFloat: true })

/** Settles once it is connected. @throws Refusal if the broker cannot be reached, or is one that nothing can be published to */
export async function openMessagePublisher(options: string | PublisherOptions): Promise<MessagePublisher> {
  const { url, password: given, connectionName = 'provscope-publisher' } = typeof options === 'string' ? { url: options, password: undefined } : options
  const { address, password: inUrl } = parseQueueUrl(url)
  const password = given ?? inUrl
  if (isChannelPattern(address.channel)) throw new Refusal('bad-request', `Messages are published to one channel; ${address.channel} is a pattern.`)
  if (address.broker === 'redis') return await onRedis(address, password, connectionName)
  if (address.broker === 'rabbitmq') return await onRabbitMq(address, password, connectionName)
  throw new Refusal('bad-request', 'Messages can be published to Redis and RabbitMQ.')
}

/** Integers stay integers; Python writes none beyond 64 bits, which become floats here. */
export function packMessage(message: JsonObject): Uint8Array {
  return packr.pack(withWideIntegers(message))
}

/** msgpackr takes integers of more than 32 bits for floats, unless they are bigints. */
function withWideIntegers(value: JsonValue): JsonValue {
  if (typeof value === 'number') return Number.isSafeInteger(value) && Math.abs(value) > 0x7fffffff ? BigInt(value) : value
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  if (Array.isArray(value)) return value.map(withWideIntegers)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withWideIntegers(item)]))
}

async function onRedis(address: QueueAddress, password: string | null, connectionName: string): Promise<MessagePublisher> {
  const client = new Redis({
    host: address.host,
    port: address.port,
    db: Number(address.database ?? 0),
    ...(address.user === null ? {} : { username: address.user }),
    ...(password === null ? {} : { password }),
    ...(address.tls ? { tls: { servername: address.host } } : {}),
    connectionName,
    lazyConnect: true,
    connectTimeout: connectMs,
    // What was under way when the connection broke may have come through: it is told, not sent again.
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false
  })
  let broken: Error | null = null
  client.on('error', (error: Error) => {
    broken = error
  })
  const refusal = (error: Error): Refusal => unreachable(address, broken ?? error)
  try {
    await client.connect()
  } catch (error) {
    client.disconnect()
    throw refusal(error as Error)
  }
  return publisherOf(async (payloads) => {
    const pipeline = client.pipeline()
    for (const payload of payloads) pipeline.publish(address.channel, bufferOf(payload))
    const answers = await pipeline.exec().catch((error: Error) => {
      throw refusal(error)
    })
    for (const [error] of answers ?? []) if (error) throw refusal(error)
    return Number(answers?.at(-1)?.[1] ?? 0)
  }, async () => {
    if (client.status === 'ready') await client.quit()
    else client.disconnect()
  })
}

async function onRabbitMq(address: QueueAddress, password: string | null, connectionName: string): Promise<MessagePublisher> {
  let broken: Error | null = null
  const refusal = (error: Error): Refusal => unreachable(address, broken ?? error)
  let connection: ChannelModel
  let channel: ConfirmChannel
  try {
    connection = await connect(
      { protocol: address.tls ? 'amqps' : 'amqp', hostname: address.host, port: address.port, username: address.user ?? 'guest', password: password ?? 'guest', vhost: address.database ?? '/' },
      { timeout: connectMs, clientProperties: { connection_name: connectionName } }
    )
    connection.on('error', (error: Error) => {
      broken = error
    })
    channel = await connection.createConfirmChannel()
    channel.on('error', (error: Error) => {
      broken = error
    })
    await channel.assertExchange(address.channel, 'fanout', { durable: true })
  } catch (error) {
    throw refusal(error as Error)
  }
  return publisherOf(async (payloads) => {
    try {
      for (const payload of payloads) channel.publish(address.channel, '', bufferOf(payload))
      await channel.waitForConfirms()
    } catch (error) {
      throw refusal(error as Error)
    }
    return null
  }, async () => {
    if (broken === null) await connection.close()
  })
}

function publisherOf(publishRaw: MessagePublisher['publishRaw'], close: () => Promise<void>): MessagePublisher {
  return { publishRaw, close, publish: async (messages) => void (await publishRaw(messages.map(packMessage))) }
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function unreachable({ url }: QueueAddress, error: Error): Refusal {
  return new Refusal('unavailable', `${url} takes no messages: ${error.message || error.name}.`)
}
