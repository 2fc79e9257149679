/** RabbitMQ as Flowcept uses it: a durable fanout exchange, from which a queue of this connection alone gets all that is published. */
import { type Channel, type ChannelModel, connect } from 'amqplib'
import { isIP } from 'node:net'
import { Refusal } from '#contract/reply'
import { answerMs, type BrokerSink, connectionProblem, type Login, type Probe, type Subscription, type SubscribeTo } from './broker.ts'
import { connectionName } from './redisConnection.ts'

const heartbeatS = 10
const trips = 5

export const subscribeToRabbit: SubscribeTo = async (login, sink, signal) => {
  const { channel: exchange } = login.address
  const connection = await open(login, signal, (command) => sink.sent(command))
  try {
    const channel = await channelWith(connection, login, sink)
    const { queue } = await channel.assertQueue('', { exclusive: true, autoDelete: true })
    sink.sent('queue.declare (exclusive, auto-delete)')
    await channel.bindQueue(queue, exchange, '')
    sink.sent(`queue.bind ${exchange}`)
    const subscription = new RabbitSubscription(connection, channel, sink)
    // Without acknowledgements: what is in the queue goes with this connection anyway, and is kept here as soon as it has come.
    const { consumerTag } = await channel.consume(
      queue,
      (message) => {
        if (message) sink.message(message.fields.exchange, message.content, Date.now() / 1000)
        else subscription.end('RabbitMQ has cancelled the subscription: its queue was deleted.')
      },
      { noAck: true }
    )
    sink.sent('basic.consume (no-ack)')
    subscription.consumerTag = consumerTag
    return subscription
  } catch (error) {
    await connection.close().catch(ignoreEnd)
    throw problemOf(error, login)
  }
}

export const probeRabbit: Probe = async (login, signal) => {
  const connection = await open(login, signal, () => undefined)
  try {
    const tookMs: number[] = []
    while (tookMs.length < trips) {
      const began = performance.now()
      const channel = await connection.createChannel()
      tookMs.push(performance.now() - began)
      await channel.close()
    }
    const { product, version } = connection.connection.serverProperties
    return { server: `${product} ${version}`, roundTripMs: tookMs.toSorted((a, b) => a - b)[Math.floor(trips / 2)] ?? null, subscribers: null, bufferLimitBytes: null }
  } catch (error) {
    throw problemOf(error, login)
  } finally {
    await connection.close().catch(ignoreEnd)
  }
}

class RabbitSubscription implements Subscription {
  /** RabbitMQ says itself why it closes a connection. */
  readonly note = null
  consumerTag = ''
  private isOver = false

  constructor(
    private readonly connection: ChannelModel,
    private readonly channel: Channel,
    private readonly sink: BrokerSink
  ) {
    connection.on('close', (error?: Error) => this.end(endReason(error)))
    // Where the connection ends too, that comes in the same moment and says why.
    channel.on('close', () => setTimeout(() => this.end('RabbitMQ closed the channel of the subscription.'), 50))
  }

  end(reason: string): void {
    if (this.isOver) return
    this.isOver = true
    this.sink.ended(reason)
  }

  async close(): Promise<void> {
    const wasOver = this.isOver
    this.isOver = true
    if (!wasOver) {
      this.sink.sent('basic.cancel')
      // What comes before the answer had been published before.
      await within(this.channel.cancel(this.consumerTag)).catch(ignoreEnd)
    }
    await within(this.connection.close()).catch(ignoreEnd)
  }
}

async function open({ address, password }: Login, signal: AbortSignal, sent: (command: string) => void): Promise<ChannelModel> {
  const { host, port, tls, user, database } = address
  signal.throwIfAborted()
  sent(`connection.start-ok ${user ?? 'guest'} (password)`)
  sent(`connection.open ${database ?? '/'}`)
  const connecting = connect(
    { protocol: tls ? 'amqps' : 'amqp', hostname: host, port, username: user ?? 'guest', password: password ?? 'guest', vhost: encodeURIComponent(database ?? '/'), heartbeat: heartbeatS },
    { clientProperties: { connection_name: connectionName }, noDelay: true, timeout: answerMs, ...(tls && !isIP(host) ? { servername: host } : {}) }
  ).then((connection) => {
    // An error also closes it, which is where it is told.
    connection.on('error', ignoreEnd)
    return connection
  })
  const abort = abortOf(signal)
  try {
    return await Promise.race([connecting, abort.happened])
  } catch (error) {
    connecting.then(async (connection) => await connection.close()).catch(ignoreEnd)
    throw problemOf(error, { address, password })
  } finally {
    abort.forget()
  }
}

/** A channel on which the exchange is known to be there: looked for first, and only made if it is not. */
async function channelWith(connection: ChannelModel, { address, mayCreate = true }: Login, sink: BrokerSink): Promise<Channel> {
  const { channel: exchange } = address
  const first = await connection.createChannel()
  first.on('error', ignoreEnd)
  sink.sent(`exchange.declare ${exchange} (passive)`)
  try {
    await first.checkExchange(exchange)
    return first
  } catch (error) {
    if (codeOf(error) !== 404) throw error
  }
  if (!mayCreate) throw new Error(`RabbitMQ has no exchange ${exchange} yet. Flowcept makes it when it starts, and so does attaching.`)
  const second = await connection.createChannel()
  second.on('error', ignoreEnd)
  sink.sent(`exchange.declare ${exchange} (fanout, durable)`)
  await second.assertExchange(exchange, 'fanout', { durable: true })
  return second
}

/** As `SubscribeTo` rejects. */
function problemOf(error: unknown, { address }: Login): Error {
  if (error instanceof Refusal || !(error instanceof Error)) return error instanceof Error ? error : new Error(String(error))
  const said = /"([A-Z_]+ - [^"]*)"/.exec(error.message)?.[1] ?? error.message
  if (/ACCESS.REFUSED/.test(error.message)) {
    const isLogin = /handshake/i.test(error.message)
    return new Refusal('unavailable', isLogin ? `RabbitMQ does not accept this user and password (${address.user ?? 'guest'}).` : `RabbitMQ does not allow this: ${said}.`)
  }
  if (/Expected ConnectionOpenOk|NOT.ALLOWED/.test(error.message)) {
    return new Refusal('bad-request', `RabbitMQ has no virtual host ${address.database ?? '/'}, or does not let the user ${address.user ?? 'guest'} in there.`)
  }
  if ('code' in error && typeof error.code === 'string') return connectionProblem(error, address)
  if (/ETIMEDOUT|timeout/i.test(error.message)) return new Error(`${address.host}:${address.port} does not answer.`)
  return /socket closed|ended unexpectedly/i.test(error.message) ? new Error(`${address.host}:${address.port} closed the connection before it answered.`) : error
}

function endReason(error: Error | undefined): string {
  if (!error) return 'RabbitMQ closed the connection.'
  const said = /"([^"]*)"/.exec(error.message)?.[1]
  if (said !== undefined) return `RabbitMQ closed the connection: ${said}.`
  if (/heartbeat/i.test(error.message)) return 'RabbitMQ does not answer any more: the network or the tunnel to it is gone.'
  return `The connection to RabbitMQ broke (${error.message}).`
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : null
}

function abortOf(signal: AbortSignal): { readonly happened: Promise<never>; forget(): void } {
  let forget = ignoreEnd
  const happened = new Promise<never>((_, reject) => {
    const abort = (): void => reject(signal.reason as Error)
    signal.addEventListener('abort', abort, { once: true })
    forget = () => signal.removeEventListener('abort', abort)
  })
  return { happened, forget }
}

async function within(work: Promise<unknown>): Promise<void> {
  await Promise.race([work, new Promise((resolve) => setTimeout(resolve, answerMs / 5).unref())])
}

function ignoreEnd(): void {
  // Told where connections end.
}
