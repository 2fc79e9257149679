/** The intake under load: a burst as fast as Redis takes it, in the thread it has when it is built, on Redis's default settings. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundleIntake } from '../../../testing/bundleIntake.ts'
import { hasRedis, noRedis, startRedis } from '../../../testing/servers/redis.ts'
import { startPublisher } from '../../../testing/startPublisher.ts'
import { openFrameLogReader } from './frameLog.ts'
import type { StartIntake } from './intakeState.ts'
import { parseQueueUrl } from './queueAddress.ts'
import { WorkerIntake } from './startIntake.ts'

describe.skipIf(!hasRedis())(hasRedis() ? 'a burst' : `a burst (skipped: ${noRedis})`, () => {
  let module = ''
  let startIntake: StartIntake
  beforeAll(async () => {
    module = await bundleIntake()
    startIntake = ((await import(pathToFileURL(module).href)) as { startIntake: StartIntake }).startIntake
  })
  afterAll(async () => await rm(dirname(module), { recursive: true, force: true }))

  // Redis waits for 32 MB, a tenth of a second here: where other programs want the processors it may overtake any reader. Three tries find a quiet moment.
  test.each([
    [1, 1000],
    [2, 500],
    [4, 100]
  ])('100,000 messages of 2 KB from %i connections with %i commands under way each arrive whole', { timeout: 240_000, retry: 2 }, async (connections, window) => {
    const folder = await mkdtemp(join(tmpdir(), 'intake-burst-'))
    const redis = await startRedis()
    const { address } = parseQueueUrl(redis.url)
    const intake = await startIntake({ address, password: null, folder, limitBytes: 1 << 30 })
    try {
      // In a thread of its own, or the test would not be about what is built.
      expect(intake.constructor.name).toBe(WorkerIntake.name)
      await intake.ready
      const messages = 100_000
      const publisher = await startPublisher({ port: redis.port, connections, messages, sizeBytes: 2048, window })
      publisher.go()
      await publisher.done
      await expect.poll(() => intake.state.received).toBe(messages)
      await intake.stop()
      const reader = await openFrameLogReader(folder, 'test')
      const next = Array.from({ length: connections }, () => 0)
      let whole = 0
      const events: string[] = []
      for (let entries = await reader.rest(8 << 20); entries.length > 0; entries = await reader.rest(8 << 20)) {
        for (const entry of entries) {
          if (entry.kind === 'event') events.push(entry.event)
          else {
            const [, connection = '', index = ''] = /^(\d+):(\d+),x*$/.exec(Buffer.from(entry.payload).toString('latin1')) ?? []
            // Each connection's messages are in their order, none is missing, none is there twice.
            if (entry.payload.length === 2048 && next[Number(connection)] === Number(index)) whole++
            next[Number(connection)] = Number(index) + 1
          }
        }
      }
      await reader.close()
      expect({ whole, events }).toEqual({ whole: messages, events: ['attached', 'detached'] })
      const asked = new Redis(redis.port, '127.0.0.1')
      expect(await asked.config('GET', 'client-output-buffer-limit')).toEqual(['client-output-buffer-limit', 'normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60'])
      asked.disconnect()
    } finally {
      await intake.stop()
      await redis.stop()
      await rm(folder, { recursive: true, force: true })
    }
  })
})
