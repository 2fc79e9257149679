import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { StandInUtilityProcess } from '../testing/electron/utilityProcess.ts'
import { EngineProcess } from './engineProcess.ts'

/** Speaks the engine's side of the protocol: answers at once, on cancel, or by dying, as it is asked. */
const engine = `
const port = process.parentPort
const waiting = new Set()
let deaf = false
port.on('message', ({ data: { kind, id, method, params, audience } }) => {
  if (kind === 'cancel' && waiting.delete(id)) port.postMessage({ kind: 'reply', id, reply: { ok: false, error: { code: 'cancelled', message: 'Cancelled.' } } })
  if (kind === 'close' && !deaf) port.postMessage({ kind: 'closed' })
  if (kind !== 'call') return
  if (method === 'wait') return void waiting.add(id)
  if (method === 'throw') throw new Error('a bug')
  if (method === 'exit') process.exit(3)
  if (method === 'abort') process.abort()
  if (method === 'deaf') deaf = true
  port.postMessage({ kind: 'reply', id, reply: { ok: true, value: { method, params, audience } } })
})
`
const never = new AbortController().signal

describe('the engine process', () => {
  let folder: string
  let started: StandInUtilityProcess[]
  let crashes: string[]
  let nowMs: number
  let engineProcess: EngineProcess

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'provscope-process-'))
    await writeFile(join(folder, 'engine.mjs'), engine)
    started = []
    crashes = []
    nowMs = 0
    engineProcess = new EngineProcess({
      start: () => {
        const child = new StandInUtilityProcess(join(folder, 'engine.mjs'), () => undefined)
        started.push(child)
        return child
      },
      onCrash: (what) => crashes.push(what),
      now: () => nowMs,
      closeWithinMs: 300
    })
  })
  afterEach(async () => {
    await engineProcess.close()
    await rm(folder, { recursive: true })
  })

  test('answers with the audience that was asked for, many at a time', async () => {
    const [page, host] = [engineProcess.answer('page'), engineProcess.answer('host')]
    expect(await Promise.all([page('a', 1, never), host('b', { c: 2n }, never)])).toEqual([
      { ok: true, value: { method: 'a', params: 1, audience: 'page' } },
      { ok: true, value: { method: 'b', params: { c: 2n }, audience: 'host' } }
    ])
  })

  test('cancels the one call that is meant', async () => {
    const [one, other] = [new AbortController(), new AbortController()]
    const answer = engineProcess.answer('page')
    const replies = [answer('wait', {}, one.signal), answer('wait', {}, other.signal)] as const
    one.abort()
    expect(await replies[0]).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    other.abort()
    expect(await replies[1]).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    expect(await answer('a', {}, AbortSignal.abort())).toMatchObject({ ok: false, error: { code: 'cancelled' } })
  })

  test.each(['throw', 'exit', 'abort'])('answers what waits when the engine dies (%s), and starts another', async (way) => {
    const answer = engineProcess.answer('page')
    const waiting = answer('wait', {}, never)
    expect(await answer(way, {}, never)).toMatchObject({ ok: false, error: { code: 'unavailable', message: expect.stringContaining('ended unexpectedly') } })
    expect(await waiting).toMatchObject({ ok: false, error: { code: 'unavailable' } })
    expect(crashes).toEqual([expect.stringContaining('ended unexpectedly')])
    expect(await answer('a', {}, never)).toMatchObject({ ok: true })
    expect(started).toHaveLength(2)
  })

  test('gives up on an engine that dies again and again', async () => {
    const answer = engineProcess.answer('page')
    for (let i = 0; i < 4; i++) await answer('exit', {}, never)
    expect(await answer('a', {}, never)).toMatchObject({ ok: false, error: { code: 'unavailable', message: expect.stringContaining('not running') } })
    expect(started).toHaveLength(4)
  })

  test('deaths long ago do not count', async () => {
    const answer = engineProcess.answer('page')
    for (let i = 0; i < 5; i++) {
      await answer('exit', {}, never)
      nowMs += 30_000
    }
    expect(await answer('a', {}, never)).toMatchObject({ ok: true })
  })

  test('closes the engine, and answers nothing afterwards', async () => {
    const answer = engineProcess.answer('page')
    const waiting = answer('wait', {}, never)
    await engineProcess.close()
    expect(await waiting).toMatchObject({ ok: false, error: { code: 'unavailable' } })
    expect(await answer('a', {}, never)).toMatchObject({ ok: false, error: { code: 'unavailable' } })
    expect(crashes).toEqual([])
    expect(started).toHaveLength(1)
  })

  test('ends an engine that does not close by itself', async () => {
    const answer = engineProcess.answer('page')
    await answer('deaf', {}, never)
    await engineProcess.close()
    await expect.poll(() => started[0]?.child.signalCode).toBe('SIGTERM')
  })

  test('gives an engine the time it is said to need, unless it is ended meanwhile', async () => {
    const answer = engineProcess.answer('page')
    await answer('deaf', {}, never)
    const closing = engineProcess.close(600_000)
    expect(await Promise.race([closing, new Promise((later) => setTimeout(() => later('waits'), 600))])).toBe('waits')
    engineProcess.end()
    await closing
    await expect.poll(() => started[0]?.child.signalCode).toBe('SIGTERM')
    engineProcess.end()
  })
})
