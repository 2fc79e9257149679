import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { EngineThread } from './engineThread.ts'

/** Speaks the worker's side of the protocol: answers at once, on cancel, or by dying, as it is asked. */
const worker = `
import { parentPort } from 'node:worker_threads'
const waiting = new Set()
parentPort.on('message', ({ kind, id, method, params, audience }) => {
  if (kind === 'cancel' && waiting.delete(id)) parentPort.postMessage({ kind: 'reply', id, reply: { ok: false, error: { code: 'cancelled', message: 'Cancelled.' } } })
  if (kind === 'close' && !globalThis.deaf) { parentPort.postMessage({ kind: 'closed' }) }
  if (kind !== 'call') return
  if (method === 'wait') return void waiting.add(id)
  if (method === 'throw') throw new Error('a bug')
  if (method === 'exit') process.exit(3)
  if (method === 'deaf') globalThis.deaf = true
  parentPort.postMessage({ kind: 'reply', id, reply: { ok: true, value: { method, params, audience } } })
})
`
const never = new AbortController().signal

describe('the engine thread', () => {
  let folder: string
  let started: number
  let crashes: string[]
  let nowMs: number
  let thread: EngineThread

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'provscope-thread-'))
    await writeFile(join(folder, 'worker.mjs'), worker)
    started = 0
    crashes = []
    nowMs = 0
    thread = new EngineThread({
      start: () => {
        started += 1
        return new Worker(pathToFileURL(join(folder, 'worker.mjs')))
      },
      onCrash: (cause) => crashes.push(cause.message),
      now: () => nowMs,
      closeWithinMs: 300
    })
  })
  afterEach(async () => {
    await thread.close()
    await rm(folder, { recursive: true })
  })

  test('answers with the audience that was asked for, many at a time', async () => {
    const [page, host] = [thread.answer('page'), thread.answer('host')]
    expect(await Promise.all([page('a', 1, never), host('b', { c: 2n }, never)])).toEqual([
      { ok: true, value: { method: 'a', params: 1, audience: 'page' } },
      { ok: true, value: { method: 'b', params: { c: 2n }, audience: 'host' } }
    ])
  })

  test('cancels the one call that is meant', async () => {
    const [one, other] = [new AbortController(), new AbortController()]
    const answer = thread.answer('page')
    const replies = [answer('wait', {}, one.signal), answer('wait', {}, other.signal)] as const
    one.abort()
    expect(await replies[0]).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    other.abort()
    expect(await replies[1]).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    expect(await answer('a', {}, AbortSignal.abort())).toMatchObject({ ok: false, error: { code: 'cancelled' } })
  })

  test.each([
    ['throw', 'a bug'],
    ['exit', 'ended unexpectedly']
  ])('answers what waits when the engine dies (%s), and starts another', async (way, cause) => {
    const answer = thread.answer('page')
    const waiting = answer('wait', {}, never)
    expect(await answer(way, {}, never)).toMatchObject({ ok: false, error: { code: 'unavailable', message: expect.stringContaining(cause) } })
    expect(await waiting).toMatchObject({ ok: false, error: { code: 'unavailable' } })
    expect(crashes).toEqual([expect.stringContaining(cause)])
    expect(await answer('a', {}, never)).toMatchObject({ ok: true })
    expect(started).toBe(2)
  })

  test('gives up on an engine that dies again and again', async () => {
    const answer = thread.answer('page')
    for (let i = 0; i < 4; i++) await answer('throw', {}, never)
    expect(await answer('a', {}, never)).toMatchObject({ ok: false, error: { code: 'unavailable', message: expect.stringContaining('not running') } })
    expect(started).toBe(4)
  })

  test('deaths long ago do not count', async () => {
    const answer = thread.answer('page')
    for (let i = 0; i < 6; i++) {
      await answer('throw', {}, never)
      nowMs += 30_000
    }
    expect(await answer('a', {}, never)).toMatchObject({ ok: true })
  })

  test('closes the engine, and answers nothing afterwards', async () => {
    const answer = thread.answer('page')
    const waiting = answer('wait', {}, never)
    await thread.close()
    expect(await waiting).toMatchObject({ ok: false, error: { code: 'unavailable' } })
    expect(await answer('a', {}, never)).toMatchObject({ ok: false, error: { code: 'unavailable' } })
    expect(crashes).toEqual([])
    expect(started).toBe(1)
  })

  test('ends an engine that does not close by itself', async () => {
    const answer = thread.answer('page')
    await answer('deaf', {}, never)
    const waiting = answer('wait', {}, never)
    await thread.close()
    expect(await waiting).toMatchObject({ ok: false, error: { code: 'unavailable' } })
  })
})
