/** Redis's channels: subscribed to and nothing else; what was published while nobody was connected is not sent again. */
import { Refusal } from '#contract/reply'
import { answerMs, type BrokerSink, type Subscription, type SubscribeTo } from './broker.ts'
import { isChannelPattern } from './queueAddress.ts'
import { RedisConnection, type Ending } from './redisConnection.ts'
import { RespError } from './respParser.ts'

/** After so much silence it is asked whether it is still there, and after as much again it is not. */
const silenceMs = 10_000
/** As much as this in a second or two means that messages were coming fast. */
const fastBytes = 8 << 20

export const subscribeToRedis: SubscribeTo = async (login, sink, signal, before) => {
  const { channel } = login.address
  const ending = new Ended(sink)
  const connection = await RedisConnection.open(login, { message: sink.message, sent: sink.sent, ended: (how) => ending.of(how) }, signal)
  // For a plain channel SUBSCRIBE is also allowed to those whose rights name the channel.
  const command = isChannelPattern(channel) ? 'PSUBSCRIBE' : 'SUBSCRIBE'
  const answer = await connection.ask([command, channel])
  if (answer instanceof RespError) {
    await connection.destroy()
    if (/^(NOPERM|NOAUTH)/.test(answer.message)) throw new Refusal('unavailable', `Redis does not allow ${login.address.user === null ? 'this' : `the user ${login.address.user}`} to subscribe to ${channel} (${answer.message}).`)
    throw new Error(`Redis does not subscribe: ${answer.message}.`)
  }
  ending.isSubscribed = true
  return new RedisSubscription(connection, ending, [`${command === 'SUBSCRIBE' ? '' : 'P'}UNSUBSCRIBE`, channel], before)
}

class Ended {
  isSubscribed = false
  isClosing = false

  constructor(private readonly sink: BrokerSink) {}

  of(how: Ending): void {
    if (this.isSubscribed && !this.isClosing) this.sink.ended(reasonOf(how))
  }
}

class RedisSubscription implements Subscription {
  readonly note: string | null
  readonly clientId: number | null
  private readonly timer: NodeJS.Timeout

  constructor(
    private readonly connection: RedisConnection,
    private readonly ending: Ended,
    private readonly unsubscribe: readonly string[],
    before: Subscription | null
  ) {
    this.clientId = connection.clientId
    const idBefore = before instanceof RedisSubscription ? before.clientId : null
    // Numbers only grow while Redis runs. A greater one says nothing: others may have been faster.
    this.note = idBefore !== null && this.clientId !== null && this.clientId <= idBefore ? 'Redis has been restarted meanwhile.' : null
    this.timer = setInterval(() => this.listen(), silenceMs / 4)
    this.timer.unref()
  }

  async close(): Promise<void> {
    this.ending.isClosing = true
    clearInterval(this.timer)
    // What comes before the answer had been published before.
    await Promise.race([this.connection.ask(this.unsubscribe).catch(ignoreEnd), new Promise((resolve) => setTimeout(resolve, answerMs / 5).unref())])
    await this.connection.destroy()
  }

  private listen(): void {
    if (performance.now() - this.connection.lastHeardAt < silenceMs) return
    // Rejects only with the end of the connection, which is told where all ends are.
    this.connection.ask(['PING']).catch(ignoreEnd)
  }
}

function ignoreEnd(): null {
  return null
}

function reasonOf({ error, midway, recentBytes }: Ending): string {
  const code = error && 'code' in error ? String(error.code) : null
  if (error && code === null) return error.message.includes('does not answer') ? 'Redis does not answer any more: the network or the tunnel to it is gone.' : error.message
  if (midway || recentBytes > fastBytes) {
    return 'Redis closed the connection while messages were coming fast: most likely more were waiting than it keeps for a subscriber (client-output-buffer-limit pubsub).'
  }
  if (code === 'ECONNRESET') return 'The connection to Redis was reset: it was killed, or the network or the tunnel to it is gone.'
  if (code !== null) return `The connection to Redis broke (${error?.message ?? code}).`
  return 'Redis closed the connection: it was shut down, or it ended this connection (CLIENT KILL, or client-output-buffer-limit pubsub), or the tunnel to it was closed.'
}
