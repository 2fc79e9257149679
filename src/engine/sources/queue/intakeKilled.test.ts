/** An intake whose process is killed again and again while messages come, and one whose disk is full. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm, statfs, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundleIntake } from '../../../testing/bundleIntake.ts'
import { hasRedis, noRedis, startRedis } from '../../../testing/servers/redis.ts'
import { startPublisher } from '../../../testing/startPublisher.ts'
import { openFrameLogReader, openFrameLogWriter } from './frameLog.ts'
import type { LogEntry } from './frames.ts'

const sizeBytes = 1500
/** `connection:number,xxx…`, whole. */
const whole = /^(\d+):(\d+),x*$/

async function allIn(folder: string): Promise<LogEntry[]> {
  const reader = await openFrameLogReader(folder, 'all')
  const found: LogEntry[] = []
  for (let some = await reader.rest(8 << 20); some.length > 0; some = await reader.rest(8 << 20)) found.push(...some)
  await reader.release()
  return found
}

describe.skipIf(!hasRedis())(hasRedis() ? 'kill -9' : `kill -9 (skipped: ${noRedis})`, () => {
  let module = ''
  beforeAll(async () => {
    module = await bundleIntake('src/testing/intakeProcess.ts')
  })
  afterAll(async () => await rm(dirname(module), { recursive: true, force: true }))

  test('in a loop under load: every frame on disk is whole, in order, and nothing that was seen there is lost', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'intake-killed-'))
    const redis = await startRedis()
    const publisher = await startPublisher({ port: redis.port, connections: 2, messages: 1_000_000, sizeBytes, perSecond: 10_000 })
    void publisher.done.catch(() => undefined)
    publisher.go()
    let seen = 0
    const lives = 8
    try {
      for (let life = 0; life < lives; life++) {
        const child = spawn(process.execPath, [module, redis.url, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
        const told = await untilKilled(child, seen + 200 + life * 150)
        expect(told).toBeGreaterThan(seen)
        seen = told
      }
    } finally {
      publisher.stop()
      await redis.stop()
    }
    // What the last one left is cut where it is torn, by who opens it next.
    const writer = await openFrameLogWriter({ folder, limitBytes: 1 << 30 })
    expect(writer.lastSeq).toBeGreaterThanOrEqual(seen)
    await writer.close()
    const entries = await allIn(folder)
    expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: writer.lastSeq }, (_, index) => index + 1))
    expect(entries.filter((entry) => entry.kind === 'event').map(({ event }) => event)).toEqual(Array.from({ length: lives }, () => 'attached'))
    let next: (number | null)[] = []
    let gaps = 0
    for (const entry of entries) {
      if (entry.kind === 'event') {
        next = []
        continue
      }
      expect(entry.payload.length).toBe(sizeBytes)
      const [, connection = '', number = ''] = whole.exec(Buffer.from(entry.payload).toString('latin1')) ?? []
      expect(number).not.toBe('')
      const expected = next[Number(connection)] ?? Number(number)
      if (expected !== Number(number)) gaps++
      next[Number(connection)] = Number(number) + 1
    }
    // While a process lives it loses nothing.
    expect(gaps).toBe(0)
    await rm(folder, { recursive: true })
  })
})

/** Kills it once it has said that this entry is on disk; returns the last that it said. */
async function untilKilled(child: ChildProcess, atLeast: number): Promise<number> {
  return await new Promise((resolve, reject) => {
    let text = ''
    let told = 0
    child.stdout?.on('data', (data: Buffer) => {
      const lines = (text + data.toString()).split('\n')
      text = lines.pop() ?? ''
      for (const line of lines) if (line !== 'ready') told = Number(line)
      if (told >= atLeast) child.kill('SIGKILL')
    })
    child.once('close', (code) => (code === null ? resolve(told) : reject(new Error(`The intake ended with code ${code}`))))
  })
}

const isRoot = process.getuid?.() === 0
describe.skipIf(!isRoot || process.platform !== 'linux')(isRoot ? 'a full disk' : 'a full disk (skipped: only root can mount a small one)', () => {
  const withDisk = async (megabytes: number, work: (folder: string) => Promise<void>): Promise<void> => {
    const folder = await mkdtemp(join(tmpdir(), 'intake-disk-'))
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { encoding: 'utf8' })
    expect(mounted.stderr).toBe('')
    try {
      await work(folder)
    } finally {
      spawnSync('umount', ['-l', folder])
      await rm(folder, { recursive: true, force: true })
    }
  }
  const frame = (number: number): Buffer => Buffer.alloc(100_000, `0:${number},`)

  test('holds what comes in memory, then counts what it cannot keep, and goes on when there is room', async () => {
    await withDisk(8, async (folder) => {
      const log = join(folder, 'log')
      const writer = await openFrameLogWriter({ folder: log, limitBytes: 1 << 30, segmentBytes: 1 << 20 })
      const ballast = join(folder, 'ballast')
      await writeFile(ballast, Buffer.alloc(4_000_000))
      const kept: number[] = []
      let refused = 0
      for (let number = 1; number <= 400; number++) {
        if (writer.append(number, 'c', frame(number))) kept.push(number)
        else refused++
        await new Promise((resolve) => setImmediate(resolve))
      }
      await expect.poll(async () => (await statfs(folder)).bavail * (await statfs(folder)).bsize).toBeLessThan(200_000)
      for (let number = 401; number <= 500; number++) {
        if (writer.append(number, 'c', frame(number))) kept.push(number)
        else refused++
      }
      expect(refused).toBeGreaterThan(100)
      expect(writer.problem).toMatch(/The disk takes no more \(.*ENOSPC/)
      // Somebody makes room, and what is read is removed.
      await unlink(ballast)
      const reader = await openFrameLogReader(log, 'view')
      const found: LogEntry[] = []
      const readOn = async (): Promise<number> => {
        found.push(...(await reader.rest(1 << 20)))
        await reader.commit(reader.seq)
        return found.filter((entry) => entry.kind === 'frame').length
      }
      await expect.poll(readOn, { interval: 10 }).toBe(kept.length)
      expect(writer.append(501, 'c', frame(501))).toBe(true)
      kept.push(501)
      await writer.flush()
      await writer.close()
      await expect.poll(readOn, { interval: 10 }).toBe(kept.length)
      expect(found.filter((entry) => entry.kind === 'frame').map(({ at }) => at)).toEqual(kept)
      for (const entry of found) if (entry.kind === 'frame') expect(frame(entry.at).equals(entry.payload)).toBe(true)
      const overflows = found.filter((entry) => entry.kind === 'event')
      expect(overflows.map(({ event }) => event)).toEqual(['overflow', 'overflow-ended'])
      expect(overflows[1]).toMatchObject({ lost: refused })
      expect(kept.length + refused).toBe(501)
      await reader.close()
    })
  })

  test('closed while it is full: what waited is counted, in the room that was kept for it', async () => {
    await withDisk(2, async (folder) => {
      const log = join(folder, 'log')
      const writer = await openFrameLogWriter({ folder: log, limitBytes: 1 << 30 })
      let kept = 0
      for (let number = 1; number <= 60; number++) if (writer.append(number, 'c', frame(number))) kept++
      const flushed = writer.flush().catch((error: unknown) => (error instanceof Error ? error.message : error))
      await writer.close()
      expect(await flushed).toMatch(/messages could not be written: .*ENOSPC/)
      const found = await allIn(log)
      const frames = found.filter((entry) => entry.kind === 'frame')
      const last = found.at(-1)
      expect(frames.length).toBeGreaterThan(5)
      expect(last).toMatchObject({ kind: 'event', event: 'overflow-ended', lost: kept - frames.length })
    })
  })

  test('a full disk does not end the subscription', async () => {
    if (!hasRedis()) return
    await withDisk(4, async (folder) => {
      const redis = await startRedis()
      const { LocalIntake } = await import('./localIntake.ts')
      const { parseQueueUrl } = await import('./queueAddress.ts')
      const intake = await LocalIntake.start({ ...parseQueueUrl(redis.url), folder: join(folder, 'log'), limitBytes: 1 << 30 })
      await intake.ready
      const publisher = new Redis(redis.port, '127.0.0.1')
      for (let number = 0; number < 200; number++) await publisher.publish('interception', frame(number))
      await expect.poll(() => intake.state.received).toBe(200)
      await expect.poll(() => intake.state.link).toMatchObject({ name: 'live', reason: expect.stringMatching(/The disk takes no more .* messages were not kept\./) })
      publisher.disconnect()
      await intake.stop()
      const found = await allIn(join(folder, 'log'))
      const lost = found.reduce((sum, entry) => sum + (entry.kind === 'event' ? (entry.lost ?? 0) : 0), 0)
      expect(found.filter((entry) => entry.kind === 'frame').length + lost).toBe(200)
      await redis.stop()
    })
  })
})
