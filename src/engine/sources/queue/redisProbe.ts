/** What a Redis says about itself to those who only ask. What its rights forbid to ask is null. */
import type { Probe } from './broker.ts'
import { RedisConnection } from './redisConnection.ts'
import { RespError, type RespReply } from './respParser.ts'

const pings = 5

export const probeRedis: Probe = async (login, signal) => {
  const connection = await RedisConnection.open(login, { message: () => undefined, sent: () => undefined, ended: () => undefined }, signal)
  const abort = (): void => void connection.destroy()
  signal.addEventListener('abort', abort, { once: true })
  try {
    const roundTripMs = await medianOfPings(connection)
    const info = text(await connection.ask(['INFO', 'server']))
    const exact = await connection.ask(['PUBSUB', 'NUMSUB', login.address.channel])
    const patterns = await connection.ask(['PUBSUB', 'NUMPAT'])
    const limits = await connection.ask(['CONFIG', 'GET', 'client-output-buffer-limit'])
    const version = /^redis_version:(\S+)/m.exec(info ?? '')?.[1] ?? connection.version
    return {
      server: version === null ? null : `${/^server_name:valkey/m.test(info ?? '') ? 'Valkey' : 'Redis'} ${version}`,
      roundTripMs,
      // A pattern counts once, however many have subscribed to it, and whether or not this channel is meant.
      subscribers: Array.isArray(exact) && typeof exact[1] === 'number' && typeof patterns === 'number' ? exact[1] + patterns : null,
      bufferLimitBytes: Array.isArray(limits) ? pubsubLimit(text(limits[1] ?? null)) : null
    }
  } finally {
    signal.removeEventListener('abort', abort)
    await connection.destroy()
  }
}

async function medianOfPings(connection: RedisConnection): Promise<number | null> {
  const tookMs: number[] = []
  while (tookMs.length < pings) {
    const began = performance.now()
    if ((await connection.ask(['PING'])) instanceof RespError) return null
    tookMs.push(performance.now() - began)
  }
  return tookMs.toSorted((a, b) => a - b)[Math.floor(pings / 2)] ?? null
}

function text(reply: RespReply): string | null {
  return typeof reply === 'string' ? reply : null
}

/** `normal 0 0 0 slave … pubsub 33554432 8388608 60`; null where there is no limit. */
function pubsubLimit(setting: string | null): number | null {
  const bytes = Number(/\bpubsub (\d+)/.exec(setting ?? '')?.[1] ?? 0)
  return bytes === 0 ? null : bytes
}
