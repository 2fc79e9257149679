/** A client of MongoDB with a state to show: connecting, live, retrying with back-off, lost. It never gives up until it is closed. */
import { MongoClient, MongoError, MongoNetworkError, MongoNotConnectedError, MongoServerError, MongoServerSelectionError, MongoTopologyClosedError, type Db } from 'mongodb'
import { Refusal } from '#contract/reply'
import type { MongoAbilities } from './mongoDocuments.ts'
import type { StoreState } from './store.ts'

export type MongoConnectionOptions = {
  /** The database; `flowcept` unless told, or the one that the URI names. */
  readonly database?: string | undefined
  /** How long an operation waits for a server before it is refused as unavailable. */
  readonly waitMs?: number | undefined
  /** After so long without a server the state is `lost`. */
  readonly lostAfterMs?: number | undefined
  readonly backOffMs?: { readonly first: number; readonly most: number } | undefined
}

export class MongoConnection {
  readonly client: MongoClient
  readonly db: Db
  state: StoreState = { name: 'connecting' }
  private known: MongoAbilities | null = null
  private readonly listeners = new Set<(state: StoreState) => void>()
  private timer: NodeJS.Timeout | undefined
  private probing: Promise<void> | null = null
  private settling: Promise<MongoAbilities> | null = null
  private readonly underWay = new Set<Promise<unknown>>()
  private readonly limits: { lostAfterMs: number; first: number; most: number }

  /** Connects in the background. @throws Refusal for a URI that is none */
  constructor(
    uri: string,
    options: MongoConnectionOptions = {},
    private readonly onLive: (abilities: MongoAbilities) => Promise<void> = async () => {}
  ) {
    const { waitMs = 5000, lostAfterMs = 60_000, backOffMs = { first: 250, most: 15_000 } } = options
    this.limits = { lostAfterMs, ...backOffMs }
    try {
      this.client = new MongoClient(uri, { appName: 'provscope', serverSelectionTimeoutMS: waitMs, connectTimeoutMS: waitMs, socketTimeoutMS: 60_000, maxPoolSize: 8, useBigInt64: true, ignoreUndefined: false })
    } catch (error) {
      throw new Refusal('bad-request', `${withoutPassword(uri)} is no MongoDB URI: ${error instanceof Error ? withoutPassword(error.message) : 'unknown'}.`)
    }
    this.db = this.client.db(options.database ?? databaseOf(uri) ?? 'flowcept')
    this.client.on('serverHeartbeatFailed', ({ failure }) => this.away(failure))
    this.client.on('serverHeartbeatSucceeded', () => {
      if (this.state.name === 'retrying' || this.state.name === 'lost') this.probeSoon(0)
    })
    this.probeSoon(0)
  }

  onState(listener: (state: StoreState) => void): () => void {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  /** What the server can hold; asked once a connection. @throws Refusal `unavailable` */
  async abilities(): Promise<MongoAbilities> {
    return this.known ?? (await this.run(async () => await this.settle()))
  }

  /** Runs an operation; that the server is away becomes a state and a refusal. */
  async run<T>(operation: () => Promise<T>): Promise<T> {
    if (this.isClosed()) throw new Refusal('unavailable', 'The connection to MongoDB is closed.')
    const running = operation()
    this.underWay.add(running)
    try {
      return await running
    } catch (error) {
      // Closing takes an operation's pool, session or socket from it, whichever it is at.
      if (this.isClosed() && error instanceof MongoError && !(error instanceof MongoServerError)) throw new Refusal('unavailable', 'The connection to MongoDB was closed meanwhile.')
      if (!isAway(error)) throw error
      this.away(error)
      throw new Refusal('unavailable', `MongoDB cannot be reached: ${withoutPassword(error.message)}.`)
    } finally {
      this.underWay.delete(running)
    }
  }

  /** Resolves once nothing that was begun here is under way any more; operations that are, are refused as unavailable. */
  async close(): Promise<void> {
    if (this.isClosed()) return
    clearTimeout(this.timer)
    this.change({ name: 'closed' })
    await this.client.close()
    if (this.underWay.size === 0 && this.probing === null) return
    await Promise.allSettled([this.probing, ...this.underWay])
    // Whatever was still on its way to its first connection has made one since, which nobody else would close.
    await this.client.close()
  }

  private isClosed(): boolean {
    return this.state.name === 'closed'
  }

  private async settle(): Promise<MongoAbilities> {
    this.settling ??= (async () => {
      const abilities = await askAbilities(this.db)
      await this.onLive(abilities)
      this.known = abilities
      return abilities
    })().finally(() => {
      this.settling = null
    })
    return await this.settling
  }

  private away(error: Error): void {
    if (this.state.name === 'closed') return
    const now = Date.now()
    if (this.state.name !== 'retrying' && this.state.name !== 'lost') this.change({ name: 'retrying', attempt: 0, sinceMs: now, reason: withoutPassword(error.message) })
    if (this.timer === undefined && this.probing === null) this.probeSoon(this.limits.first)
  }

  private probeSoon(waitMs: number): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      this.timer = undefined
      if (this.isClosed()) return
      this.probing ??= this.probe().finally(() => {
        this.probing = null
      })
    }, waitMs)
    this.timer.unref()
  }

  private async probe(): Promise<void> {
    try {
      await this.client.connect()
      if (this.isClosed()) return
      // Another server may have come back in place of the one that went.
      this.known = null
      await this.settle()
      this.change({ name: 'live' })
    } catch (error) {
      this.retry(error instanceof Error ? error : new Error(String(error)))
    }
  }

  /** Also for a refused login: a password may be put right on the server. */
  private retry(error: Error): void {
    const before = this.state
    if (before.name === 'closed') return
    const wasAway = before.name === 'retrying' || before.name === 'lost'
    const sinceMs = wasAway ? before.sinceMs : Date.now()
    const attempt = wasAway ? before.attempt + 1 : 1
    const name = Date.now() - sinceMs >= this.limits.lostAfterMs ? 'lost' : 'retrying'
    this.change({ name, attempt, sinceMs, reason: withoutPassword(error.message) })
    this.probeSoon(Math.min(this.limits.most, this.limits.first * 2 ** Math.min(attempt, 20)) * (0.75 + Math.random() / 2))
  }

  private change(state: StoreState): void {
    if (this.state.name === 'closed' || (state.name === 'live' && this.state.name === 'live')) return
    this.state = state
    for (const listener of this.listeners) listener(state)
  }
}

/** A URI, or a message that quotes one, fit to be shown. */
export function withoutPassword(text: string): string {
  return text.replaceAll(/(mongodb(?:\+srv)?:\/\/[^:/@\s]*):[^@\s]*@/g, '$1:***@')
}

async function askAbilities(db: Db): Promise<MongoAbilities> {
  const info = await db.admin().command({ buildInfo: 1 })
  const [major = 0] = Array.isArray(info.versionArray) ? (info.versionArray as unknown[]).map(Number) : []
  const isFull = major >= 5 && info.ferretdbVersion === undefined && info.ferretdb === undefined
  // Only mongod itself tells what it was built with; of others it is not known whether they write −0 over 0.
  return { anyKeys: isFull, anyValues: isFull, equalNumbers: isFull && typeof info.gitVersion === 'string' && Array.isArray(info.storageEngines) }
}

function databaseOf(uri: string): string | undefined {
  const name = /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/.exec(uri)?.[1]
  return name === undefined || name === '' ? undefined : decodeURIComponent(name)
}

const awayErrors = [MongoNetworkError, MongoServerSelectionError, MongoNotConnectedError, MongoTopologyClosedError]

function isAway(error: unknown): error is Error {
  if (awayErrors.some((type) => error instanceof type)) return error instanceof Error
  // Shutting down, stepping down, no primary.
  if (error instanceof MongoServerError) return [89, 91, 189, 6, 7, 10107, 11600, 11602, 13435, 13436].includes(Number(error.code))
  if (!(error instanceof Error)) return false
  // A socket's own error can come through as it is: EPIPE, ECONNRESET.
  return error.name === 'MongoPoolClearedError' || /^E[A-Z]+$/.test(String((error as NodeJS.ErrnoException).code ?? ''))
}
