/** The key-value store in which Flowcept's producers wait for their inserter: its two sets, and the present campaign. */
import { Redis } from 'ioredis'
import { Refusal } from '#contract/reply'

/** As Flowcept's MQDao names them; with a bundle, `_` and its id behind. */
const threadSet = 'started_mq_thread_execution'
const flushSet = 'pending_mq_flush_complete'
const campaignKey = 'current_campaign_id'

export class KeyValueStore {
  private readonly redis: Redis
  private connecting: Promise<void> | null = null

  /** Connects with the first command. @param url a Redis URL with its password */
  constructor(url: string) {
    this.redis = new Redis(url, {
      lazyConnect: true,
      connectionName: 'provscope-inserter',
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      connectTimeout: 5000,
      commandTimeout: 5000,
      // Asked again by whoever needs it, not by itself.
      retryStrategy: () => null
    })
    // Each failure also comes to the one who asked.
    this.redis.on('error', () => undefined)
  }

  /** `mq_dao_thread_stopped` */
  async registerThreadEnd(interceptorId: string, bundleId: string | null): Promise<void> {
    await this.run(async (redis) => await redis.srem(setName(threadSet, bundleId), interceptorId))
  }

  /** `mq_flush_complete` */
  async registerFlushComplete(interceptorId: string, bundleId: string | null): Promise<void> {
    await this.run(async (redis) => await redis.srem(setName(flushSet, bundleId), interceptorId))
  }

  /** Whether no producer of the bundle is still to be heard from. */
  async isSafeToStop(bundleId: string | null): Promise<boolean> {
    const waiting = await this.run(async (redis) => (await redis.scard(setName(threadSet, bundleId))) + (await redis.scard(setName(flushSet, bundleId))))
    return waiting === 0
  }

  async campaign(): Promise<string | null> {
    const campaign = await this.run(async (redis) => await redis.get(campaignKey))
    return campaign === '' ? null : campaign
  }

  close(): void {
    this.redis.disconnect()
  }

  /** @throws Refusal `unavailable` */
  private async run<T>(ask: (redis: Redis) => Promise<T>): Promise<T> {
    try {
      if (this.redis.status !== 'ready') {
        this.connecting ??= this.redis.connect().finally(() => {
          this.connecting = null
        })
        await this.connecting
      }
      return await ask(this.redis)
    } catch (error) {
      const { host, port } = this.redis.options
      throw new Refusal('unavailable', `The key-value store ${host ?? 'localhost'}:${port ?? 6379} does not answer: ${error instanceof Error ? error.message : String(error)}.`)
    }
  }
}

function setName(name: string, bundleId: string | null): string {
  return bundleId === null ? name : `${name}_${bundleId}`
}
