/** Sends messages to a queue as Flowcept's producers do: Redis PUBLISH in pipelines, or RabbitMQ's durable fanout exchange. */
import { connect } from 'amqplib'
import { Redis } from 'ioredis'
import { Refusal } from '#contract/reply'
import type { QueueAddress } from '#engine/sources/queue/intakeState'

export type Publisher = {
  /** Settles when the broker has taken them all. @returns how many subscribers the last one reached; null where a broker does not say. @throws Refusal `unavailable` */
  publish(payloads: readonly Uint8Array[]): Promise<number | null>
  close(): Promise<void>
}

export type PublisherSpec = { readonly address: QueueAddress; readonly password: string | null; readonly channel: string }
const connectMs = 10_000

/** @throws Refusal if the broker cannot be reached, or is one that nothing can be published to */
export async function openPublisher(spec: PublisherSpec): Promise<Publisher> {
  if (spec.address.broker === 'redis') return await toRedis(spec)
  if (spec.address.broker === 'rabbitmq') return await toRabbit(spec)
  throw new Refusal('bad-request', 'Messages can be published to Redis and RabbitMQ.')
}

async function toRedis({ address, password, channel }: PublisherSpec): Promise<Publisher> {
  const client = new Redis({
    host: address.host,
    port: address.port,
    connectionName: 'provscope-replay',
    lazyConnect: true,
    connectTimeout: connectMs,
    // A message sent twice would be another message: what was under way when the connection broke is told instead.
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    ...(address.user === null ? {} : { username: address.user }),
    ...(password === null ? {} : { password }),
    ...(address.database === null ? {} : { db: Number(address.database) }),
    ...(address.tls ? { tls: { servername: address.host } } : {})
  })
  let broken: Error | null = null
  client.on('error', (error: Error) => {
    broken = error
  })
  await client.connect().catch((error: Error) => {
    client.disconnect()
    throw unreachable(address, broken ?? error)
  })
  return {
    async publish(payloads) {
      const pipeline = client.pipeline()
      for (const payload of payloads) pipeline.publish(channel, viewOf(payload))
      const answers = await pipeline.exec().catch((error: Error) => {
        throw unreachable(address, broken ?? error)
      })
      for (const [error] of answers ?? []) if (error) throw unreachable(address, broken ?? error)
      return Number(answers?.at(-1)?.[1] ?? 0)
    },
    async close() {
      if (client.status === 'ready') await client.quit()
      else client.disconnect()
    }
  }
}

async function toRabbit({ address, password, channel }: PublisherSpec): Promise<Publisher> {
  const refuse = (error: Error): never => {
    throw unreachable(address, error)
  }
  const connection = await connect(
    {
      protocol: address.tls ? 'amqps' : 'amqp',
      hostname: address.host,
      port: address.port,
      username: address.user ?? 'guest',
      password: password ?? 'guest',
      vhost: address.database ?? '/'
    },
    { timeout: connectMs, clientProperties: { connection_name: 'provscope-replay' } }
  ).catch(refuse)
  let broken: Error | null = null
  const onError = (error: Error): void => {
    broken = error
  }
  connection.on('error', onError)
  const confirmed = await connection.createConfirmChannel().catch(refuse)
  confirmed.on('error', onError)
  await confirmed.assertExchange(channel, 'fanout', { durable: true }).catch(async (error: Error) => {
    await connection.close()
    return refuse(error)
  })
  return {
    async publish(payloads) {
      try {
        for (const payload of payloads) confirmed.publish(channel, '', viewOf(payload))
        await confirmed.waitForConfirms()
      } catch (error) {
        refuse(broken ?? (error as Error))
      }
      return null
    },
    async close() {
      if (broken === null) await connection.close()
    }
  }
}

const viewOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

function unreachable({ url }: QueueAddress, error: Error): Refusal {
  return new Refusal('unavailable', `${url} takes no messages: ${error.message || error.name}.`)
}
