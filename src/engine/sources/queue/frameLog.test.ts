/** The frame log: order, cursors, removal, the limit, and what a crash at any byte leaves. */
import { appendFile, cp, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openFrameLogReader, openFrameLogWriter } from './frameLog.ts'
import type { FrameLogReader, LogEntry } from './frames.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'frame-log-'))
})
afterEach(async () => await rm(folder, { recursive: true, force: true }))

const limitBytes = 1 << 30
const payload = (number: number, sizeBytes = 20): Buffer => Buffer.alloc(sizeBytes, `${number},`)
const segments = async (): Promise<string[]> => (await readdir(folder)).filter((name) => name.endsWith('.frames')).toSorted()

async function all(reader: FrameLogReader, maxBytes = 1 << 20): Promise<LogEntry[]> {
  const found: LogEntry[] = []
  for (;;) {
    const some = await reader.rest(maxBytes)
    if (some.length === 0) return found
    found.push(...some)
  }
}

/** The writer removes what was read meanwhile: then once more. */
async function copied(from: string, to: string): Promise<void> {
  for (;;) {
    try {
      return await cp(from, to, { recursive: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      await rm(to, { recursive: true })
    }
  }
}

async function allIn(place: string): Promise<LogEntry[]> {
  const reader = await openFrameLogReader(place, 'all')
  const found = await all(reader)
  await reader.release()
  return found
}

test('entries come out as they went in, in order, numbered from 1', async () => {
  const writer = await openFrameLogWriter({ folder, limitBytes })
  expect(writer.append(1.5, 'interception', Buffer.from([1, 2, 3]))).toBe(true)
  writer.event({ at: 2.5, event: 'disconnected', reason: 'It went away.', lost: null })
  expect(writer.append(3.5, 'übung', new Uint8Array())).toBe(true)
  await writer.flush()
  expect(writer.lastSeq).toBe(3)
  expect(await allIn(folder)).toEqual([
    { kind: 'frame', seq: 1, at: 1.5, channel: 'interception', payload: Buffer.from([1, 2, 3]) },
    { kind: 'event', seq: 2, at: 2.5, event: 'disconnected', reason: 'It went away.', lost: null },
    { kind: 'frame', seq: 3, at: 3.5, channel: 'übung', payload: Buffer.alloc(0) }
  ])
  await writer.close()
})

test('numbers go on after the log was closed, and where all that cursors had passed is gone', async () => {
  const first = await openFrameLogWriter({ folder, limitBytes })
  first.append(1, 'c', payload(1))
  await first.close()
  const second = await openFrameLogWriter({ folder, limitBytes })
  expect(second.lastSeq).toBe(1)
  second.append(2, 'c', payload(2))
  await second.close()
  const reader = await openFrameLogReader(folder, 'view')
  expect((await all(reader)).map((entry) => entry.seq)).toEqual([1, 2])
  await reader.commit(2)
  await reader.close()
  for (const name of await segments()) await rm(join(folder, name))
  const third = await openFrameLogWriter({ folder, limitBytes })
  expect(third.lastSeq).toBe(2)
  await third.close()
})

test('a reader goes on behind what it committed; cursors do not know of each other', async () => {
  const writer = await openFrameLogWriter({ folder, limitBytes, segmentBytes: 200 })
  for (let number = 1; number <= 50; number++) {
    writer.append(number, 'c', payload(number))
    await writer.flush()
  }
  const view = await openFrameLogReader(folder, 'view')
  expect((await view.next(1)).map((entry) => entry.seq)).toEqual([1])
  expect((await view.next(45)).map((entry) => entry.seq)).toEqual([2, 3])
  await view.commit(2)
  await view.close()
  const again = await openFrameLogReader(folder, 'view')
  expect(again.seq).toBe(2)
  expect((await all(again)).map((entry) => entry.seq)).toEqual(Array.from({ length: 48 }, (_, index) => index + 3))
  const other = await openFrameLogReader(folder, 'lmdb')
  expect(await all(other)).toHaveLength(50)
  await Promise.all([again.close(), other.close(), writer.close()])
})

test('a file is removed when every cursor has passed it, or was released', async () => {
  const writer = await openFrameLogWriter({ folder, limitBytes, segmentBytes: 100 })
  for (let number = 1; number <= 10; number++) {
    writer.append(number, 'c', payload(number, 100))
    await writer.flush()
  }
  expect(await segments()).toHaveLength(10)
  const view = await openFrameLogReader(folder, 'view')
  const store = await openFrameLogReader(folder, 'lmdb')
  await all(view)
  await view.commit(10)
  expect(await segments()).toHaveLength(10)
  for (const seq of [1, 2, 3, 4]) expect((await store.next(400)).map((entry) => entry.seq)).toEqual([seq])
  await store.commit(4)
  expect((await segments())[0]).toBe('0000000000000005.frames')
  await store.release()
  expect(await segments()).toEqual(['0000000000000010.frames'])
  // A cursor that is new begins at the first entry kept.
  expect((await allIn(folder)).map((entry) => entry.seq)).toEqual([10])
  await Promise.all([view.close(), writer.close()])
})

test('waiting for entries wakes on what another writes, and ends when it is aborted', async () => {
  const writer = await openFrameLogWriter({ folder, limitBytes })
  const reader = await openFrameLogReader(folder, 'view')
  const waiting = reader.next(1000)
  writer.append(1, 'c', payload(1))
  expect((await waiting).map((entry) => entry.seq)).toEqual([1])
  const abort = new AbortController()
  const aborted = reader.next(1000, abort.signal)
  abort.abort(new Error('enough'))
  await expect(aborted).rejects.toThrow('enough')
  writer.append(2, 'c', payload(2))
  expect((await reader.next(1000)).map((entry) => entry.seq)).toEqual([2])
  await Promise.all([reader.close(), writer.close()])
})

test('entries far larger than a reading are read whole', async () => {
  const writer = await openFrameLogWriter({ folder, limitBytes })
  const sizes = [10, 9_000_000, 300_000, 0, 5_000_000]
  for (const [index, sizeBytes] of sizes.entries()) writer.append(index, 'c', payload(index, sizeBytes))
  await writer.close()
  const reader = await openFrameLogReader(folder, 'view')
  const found = await all(reader, 1000)
  expect(found.map((entry) => (entry.kind === 'frame' && payload(entry.at, sizes[entry.at]).equals(entry.payload) ? entry.payload.length : null))).toEqual(sizes)
  await reader.close()
})

test('beyond its limit frames are refused, counted and dated; reading makes room again', async () => {
  const writer = await openFrameLogWriter({ folder, limitBytes: 10_000, segmentBytes: 1000 })
  const kept: number[] = []
  const offer = async (from: number, to: number): Promise<void> => {
    for (let number = from; number <= to; number++) {
      if (writer.append(number, 'c', payload(number, 500))) kept.push(number)
      await writer.flush()
    }
  }
  const view = await openFrameLogReader(folder, 'view')
  await offer(1, 40)
  expect(kept.length).toBeGreaterThan(15)
  expect(kept.length).toBeLessThan(20)
  expect(writer.problem).toBe(`The 0.0 MB for messages that are still to be read are used up. ${40 - kept.length} messages were not kept.`)
  const lostFirst = 40 - kept.length
  const before = await all(view)
  await view.commit(before.at(-1)?.seq ?? 0)
  await expect.poll(() => writer.bytes).toBeLessThan(2000)
  await offer(41, 50)
  expect(writer.problem).toBeNull()
  const entries = [...before, ...(await all(view))]
  expect(entries.filter((entry) => entry.kind === 'frame').map((entry) => entry.at)).toEqual(kept)
  expect(kept).toContain(50)
  expect(entries.filter((entry) => entry.kind === 'event')).toEqual([
    expect.objectContaining({ event: 'overflow', at: kept.length - 9, lost: null }),
    expect.objectContaining({ event: 'overflow-ended', at: 41, lost: lostFirst, reason: `There is room again; ${lostFirst} messages were not kept.` })
  ])
  await Promise.all([view.close(), writer.close()])
})

test('two writers on one folder: the second is refused, one that was killed does not count', async () => {
  const writer = await openFrameLogWriter({ folder, limitBytes })
  await expect(openFrameLogWriter({ folder, limitBytes })).rejects.toMatchObject({ code: 'unavailable' })
  await writer.close()
  await writeFile(join(folder, 'writer.json'), JSON.stringify({ pid: process.pid, started: 'another time' }))
  await (await openFrameLogWriter({ folder, limitBytes })).close()
})

test('what cannot be read back from disk is told and counted', async () => {
  const writer = await openFrameLogWriter({ folder, limitBytes, segmentBytes: 300 })
  for (let number = 1; number <= 10; number++) {
    writer.append(number, 'c', payload(number, 100))
    await writer.flush()
  }
  await writer.close()
  const second = (await segments())[1] ?? ''
  const bytes = await readFile(join(folder, second))
  bytes[40] = (bytes[40] ?? 0) ^ 1
  await writeFile(join(folder, second), bytes)
  const found = await allIn(folder)
  const lost = Number((await segments())[2]?.slice(0, 16)) - Number(second.slice(0, 16))
  expect(found.filter((entry) => entry.kind === 'event')).toEqual([expect.objectContaining({ event: 'overflow-ended', lost })])
  expect(found.filter((entry) => entry.kind === 'frame')).toHaveLength(10 - lost)
})

test('a crash at any byte leaves all that was flushed, and nothing torn', async () => {
  const steps = fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.record({ do: fc.constant('append' as const), sizeBytes: fc.integer({ min: 0, max: 300 }) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('flush' as const) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('read' as const), commits: fc.boolean() }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), keep: fc.double({ min: 0, max: 1, noNaN: true }), garbage: fc.uint8Array({ maxLength: 60 }) }) }
    ),
    { minLength: 5, maxLength: 60 }
  )
  await fc.assert(
    fc.asyncProperty(steps, fc.integer({ min: 1, max: 2000 }), async (todo, segmentBytes) => {
      let place = await mkdtemp(join(tmpdir(), 'frame-log-crash-'))
      let writer = await openFrameLogWriter({ folder: place, limitBytes, segmentBytes })
      let reader = await openFrameLogReader(place, 'store')
      /** Entry n has n−1 before it. */
      let written: string[] = []
      const handedOut = new Map<number, string>()
      let committed = 0
      let flushed = { seq: 0, name: '', sizeBytes: 0 }
      const lastFile = async (): Promise<{ name: string; sizeBytes: number }> => {
        const name = (await readdir(place)).filter((file) => file.endsWith('.frames')).toSorted().at(-1) ?? ''
        return { name, sizeBytes: name === '' ? 0 : (await stat(join(place, name))).size }
      }
      for (const [index, step] of todo.entries()) {
        if (step.do === 'append') {
          writer.append(index, 'c', payload(index, step.sizeBytes))
          written.push(`${index}:${step.sizeBytes}`)
        } else if (step.do === 'flush') {
          await writer.flush()
          flushed = { seq: writer.lastSeq, ...(await lastFile()) }
        } else if (step.do === 'read') {
          for (const entry of await all(reader, 500)) {
            const text = entry.kind === 'frame' ? `${entry.at}:${entry.payload.length}` : entry.event
            expect(written[entry.seq - 1]).toBe(text)
            handedOut.set(entry.seq, text)
          }
          expect(handedOut.size).toBe(reader.seq)
          if (step.commits) {
            await reader.commit(reader.seq)
            committed = reader.seq
          }
        } else {
          // What a killed process leaves: the folder as it is, the last file ending anywhere behind what was flushed, or in garbage.
          await writer.flush()
          await reader.close()
          const copy = await mkdtemp(join(tmpdir(), 'frame-log-crash-'))
          await copied(place, copy)
          await writer.close()
          await rm(place, { recursive: true })
          await rm(join(copy, 'writer.json'))
          place = copy
          const { name, sizeBytes } = await lastFile()
          const least = name === flushed.name ? flushed.sizeBytes : 0
          if (name !== '') {
            await truncate(join(place, name), Math.floor(least + (sizeBytes - least) * step.keep))
            await appendFile(join(place, name), step.garbage)
          }
          writer = await openFrameLogWriter({ folder: place, limitBytes, segmentBytes })
          reader = await openFrameLogReader(place, 'store')
          expect(reader.seq).toBe(committed)
          expect(writer.lastSeq).toBeGreaterThanOrEqual(Math.max(flushed.seq, committed))
          expect(writer.lastSeq).toBeLessThanOrEqual(written.length)
          // What a reader had beyond that was cut, as only a power cut can; the number is used for another.
          written = written.slice(0, writer.lastSeq)
          for (const seq of handedOut.keys()) if (seq > committed) handedOut.delete(seq)
          flushed = { seq: writer.lastSeq, ...(await lastFile()) }
          if (reader.seq > 0 && writer.lastSeq === committed && (await all(reader)).length > 0) expect.fail('entries were handed out again')
        }
      }
      await writer.close()
      const rest = (await all(reader, 500)).filter((entry) => entry.kind === 'frame')
      expect(rest.map((entry) => `${entry.at}:${entry.payload.length}`)).toEqual(written.slice(written.length - rest.length))
      for (const entry of rest) {
        handedOut.set(entry.seq, `${entry.at}:${entry.payload.length}`)
        expect(payload(entry.at, entry.payload.length).equals(entry.payload)).toBe(true)
      }
      expect(handedOut.size).toBe(written.length)
      await reader.close()
      await rm(place, { recursive: true })
    }),
    { numRuns: 60 }
  )
})
