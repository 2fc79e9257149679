/**
 * One connection to Redis that asks and hears: a socket, what goes out written down, what comes in parsed as it comes. Not ioredis, which
 * takes 9 µs for a message and falls behind a burst (docs/decisions/intake.md).
 */
import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { Refusal } from '#contract/reply'
import { Backlog } from './backlog.ts'
import { answerMs, connectionProblem, type BrokerSink, type Login } from './broker.ts'
import { RespError, RespParser, type RespReply } from './respParser.ts'

export const connectionName = 'provscope'

type Waiting = { resolve(reply: RespReply): void; reject(error: Error): void; readonly timer: NodeJS.Timeout }
/** What a connection tells: as of a broker, but also when it ends before anything is subscribed. */
export type ConnectionEvents = Pick<BrokerSink, 'message' | 'sent'> & { ended(ending: Ending): void }
/** `midway`: in the middle of a message; `recentBytes`: what had come in the last second or two. */
export type Ending = { readonly error: Error | null; readonly midway: boolean; readonly recentBytes: number }

export class RedisConnection {
  /** What Redis calls this connection; it counts from 1 when it starts. */
  clientId: number | null = null
  version: string | null = null
  lastHeardAt = performance.now()
  private readonly waiting: Waiting[] = []
  private readonly parser: RespParser
  private heardAt = 0
  private error: Error | null = null
  private isOver = false
  private recent = { since: performance.now(), bytes: 0, bytesBefore: 0 }

  private constructor(
    private readonly socket: Socket,
    private readonly backlog: Backlog,
    private readonly login: Login,
    private readonly events: ConnectionEvents
  ) {
    this.parser = new RespParser({
      message: (channel, payload) => events.message(channel, payload, this.heardAt),
      reply: (reply) => this.hear(reply)
    })
    socket.setNoDelay(true)
    socket.setKeepAlive(true, 15_000)
    socket.on('error', (error) => {
      this.error ??= error
    })
    // What has come is handed on before the end is told.
    socket.on('close', () => void this.backlog.empty().then(() => this.end()))
  }

  /** Connected, logged in and named. Rejects as `SubscribeTo` does. */
  static async open(login: Login, events: ConnectionEvents, signal: AbortSignal): Promise<RedisConnection> {
    let connection: RedisConnection | null = null
    const backlog = new Backlog({ chunk: (chunk, at) => connection?.receive(chunk, at), room: () => void socket.resume() })
    const socket = await connected(login, backlog, signal)
    connection = new RedisConnection(socket, backlog, login, events)
    return await connection.begun(signal)
  }

  private async begun(signal: AbortSignal): Promise<this> {
    const abort = (): void => {
      this.socket.destroy()
    }
    signal.addEventListener('abort', abort, { once: true })
    try {
      await this.logIn()
      return this
    } catch (error) {
      this.socket.destroy()
      throw error
    } finally {
      signal.removeEventListener('abort', abort)
    }
  }

  /** The answer, which may be an error of Redis; rejects if none comes. */
  async ask(args: readonly string[], shown: readonly string[] = args): Promise<RespReply> {
    if (!this.isOver) this.events.sent(shown.join(' '))
    return await new Promise((resolve, reject) => {
      // The answer may be far behind messages that are still coming: only silence counts.
      const timer = setInterval(() => {
        if (performance.now() - this.lastHeardAt < answerMs) return
        this.giveUp(new Error(`${this.login.address.host}:${this.login.address.port} accepts the connection, but does not answer.`))
      }, answerMs)
      this.waiting.push({ resolve, reject, timer })
      if (this.isOver) this.end()
      else this.socket.write(encoded(args))
    })
  }

  /** Ends it with what is known to be the reason. */
  giveUp(error: Error): void {
    this.error ??= error
    this.socket.destroy()
  }

  /** Settles when all that had come was handed on. */
  async destroy(): Promise<void> {
    this.socket.destroy()
    await this.backlog.empty()
  }

  private async logIn(): Promise<void> {
    const { password, address } = this.login
    const hasAccount = password !== null || address.user !== null
    const account = hasAccount ? ['AUTH', address.user ?? 'default', password ?? ''] : []
    const masked = hasAccount ? ['AUTH', address.user ?? 'default', '(password)'] : []
    const hello = await this.ask(['HELLO', '2', ...account, 'SETNAME', connectionName], ['HELLO', '2', ...masked, 'SETNAME', connectionName])
    // Before Redis 6, and for users who may not say hello.
    if (hello instanceof RespError && /^(ERR unknown|NOPERM)/i.test(hello.message)) await this.logInWithoutHello()
    else if (hello instanceof RespError) throw loginProblem(hello, this.login)
    else if (Array.isArray(hello)) this.readHello(hello)
    const database = address.database ?? '0'
    if (database === '0') return
    const selected = await this.ask(['SELECT', database])
    if (selected instanceof RespError && !selected.message.startsWith('NOPERM')) throw new Refusal('bad-request', `Redis has no database ${database} (${selected.message}).`)
  }

  private async logInWithoutHello(): Promise<void> {
    const { password, address } = this.login
    if (password !== null || address.user !== null) {
      const user = address.user === null ? [] : [address.user]
      const answer = await this.ask(['AUTH', ...user, password ?? ''], ['AUTH', ...user, '(password)'])
      if (answer instanceof RespError) throw loginProblem(answer, this.login)
    }
    const named = await this.ask(['CLIENT', 'SETNAME', connectionName])
    if (named instanceof RespError && named.message.startsWith('NOAUTH')) throw loginProblem(named, this.login)
  }

  private readHello(hello: readonly RespReply[]): void {
    for (let index = 0; index + 1 < hello.length; index += 2) {
      const value = hello[index + 1]
      if (hello[index] === 'id' && typeof value === 'number') this.clientId = value
      if (hello[index] === 'version' && typeof value === 'string') this.version = value
    }
  }

  private receive(chunk: Buffer, at: number): void {
    const now = performance.now()
    this.heardAt = at
    this.lastHeardAt = now
    if (now - this.recent.since > 1000) this.recent = { since: now, bytes: 0, bytesBefore: now - this.recent.since > 2000 ? 0 : this.recent.bytes }
    this.recent.bytes += chunk.length
    try {
      this.parser.push(chunk)
    } catch (error) {
      this.giveUp(error as Error)
    }
  }

  private hear(reply: RespReply): void {
    const waiting = this.waiting.shift()
    if (!waiting) return
    clearInterval(waiting.timer)
    waiting.resolve(reply)
  }

  private end(): void {
    const { host, port } = this.login.address
    const { error } = this
    const problem = error && 'code' in error ? connectionProblem(error, this.login.address) : (error ?? new Error(`${host}:${port} closed the connection before it answered.`))
    for (const waiting of this.waiting.splice(0)) {
      clearInterval(waiting.timer)
      waiting.reject(problem)
    }
    if (this.isOver) return
    this.isOver = true
    this.events.ended({ error, midway: this.parser.isMidway, recentBytes: this.recent.bytes + this.recent.bytesBefore })
  }
}

async function connected({ address }: Login, backlog: Backlog, signal: AbortSignal): Promise<Socket> {
  const { host, port, tls } = address
  signal.throwIfAborted()
  const socket = tls ? tlsSocket(address, backlog) : plainSocket(address, backlog)
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${host}:${port} does not answer.`)), answerMs)
      const abort = (): void => reject(signal.reason as Error)
      const settle = (done: () => void): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', abort)
        done()
      }
      signal.addEventListener('abort', abort, { once: true })
      socket.once(tls ? 'secureConnect' : 'connect', () => settle(resolve))
      socket.once('error', (error) => settle(() => reject(connectionProblem(error, address))))
      socket.once('close', () => settle(() => reject(new Error(`${host}:${port} closed the connection before it answered.`))))
    })
    socket.removeAllListeners('close')
    return socket
  } catch (error) {
    // It may still fail while it is being ended; that is of no interest any more.
    socket.on('error', () => socket.destroy())
    socket.destroy()
    throw error
  }
}

/** Read straight into the backlog's memory, as much in one go as there is. */
function plainSocket({ host, port }: Login['address'], backlog: Backlog): Socket {
  const callback = (sizeBytes: number): boolean => {
    backlog.filled(sizeBytes)
    return !backlog.isFull
  }
  return connectPlain({ host, port, onread: { buffer: () => backlog.room(), callback } })
}

function tlsSocket({ host, port }: Login['address'], backlog: Backlog): Socket {
  const socket = connectTls({ host, port, ...(isIP(host) ? {} : { servername: host }) })
  socket.on('data', (chunk: Buffer) => {
    backlog.push(chunk)
    if (backlog.isFull) socket.pause()
  })
  return socket
}

function loginProblem(error: RespError, { address, password }: Login): Error {
  const code = error.message.split(' ', 1)[0]
  const who = address.user === null ? 'it' : `the user ${address.user}`
  if (code === 'NOAUTH' || (password === null && code === 'WRONGPASS')) return new Refusal('unavailable', `Redis wants a password${address.user === null ? '' : ` for ${who}`}.`)
  if (code === 'WRONGPASS' || /AUTH|password/i.test(error.message)) return new Refusal('unavailable', `Redis does not accept this password for ${who} (${error.message}).`)
  if (code === 'NOPERM') return new Refusal('unavailable', `Redis does not allow ${who} to do this (${error.message}).`)
  // LOADING, MASTERDOWN, max number of clients reached: it will pass.
  return new Error(`Redis answers: ${error.message}.`)
}

function encoded(args: readonly string[]): string {
  return `*${args.length}\r\n${args.map((arg) => `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`).join('')}`
}
