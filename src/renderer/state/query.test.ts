import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Bridge } from '#contract/bridge'
import type { Source } from '#contract/sources'
import type { Reply } from '#contract/reply'
import { Query } from './query.ts'
import { engine } from './sources.ts'

type Asked = { method: string; callId: string; answer: (reply: Reply<unknown>) => Promise<void> }
let asked: Asked[]
let cancelled: string[]

beforeEach(() => {
  vi.useFakeTimers()
  asked = []
  cancelled = []
  const provscope: Bridge = {
    call: (method, _params, callId = '') =>
      new Promise((resolve) =>
        asked.push({
          method,
          callId,
          answer: async (reply) => {
            resolve(reply)
            await vi.advanceTimersByTimeAsync(0)
          }
        })
      ),
    cancel: (callId) => cancelled.push(callId)
  }
  vi.stubGlobal('window', { provscope })
  revise(1)
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const revise = (revision: number, state: Source['state'] = 'ready'): void => engine.setState({ sources: [{ sourceId: 's', revision, state } as Source] })
const rows = (): Query => new Query('rows.page', { sourceId: 's' })
const last = (): Asked => asked.at(-1) as Asked

test('is asked once for all who watch, and not again for who comes later', async () => {
  const query = rows()
  query.watch(() => undefined)
  query.watch(() => undefined)
  expect(asked).toHaveLength(1)
  await last().answer({ ok: true, value: 'a' })
  query.watch(() => undefined)
  expect(asked).toHaveLength(1)
  expect(query.snapshot).toMatchObject({ data: 'a', error: null, loading: false })
})

test('a new revision while the answer is on its way asks again after it, with a rest between', async () => {
  const query = rows()
  query.watch(() => undefined)
  revise(2)
  query.check()
  expect(asked).toHaveLength(1)
  await last().answer({ ok: true, value: 'old' })
  expect(query.snapshot.data).toBe('old')
  expect(asked).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(1000)
  expect(asked).toHaveLength(2)
  expect(query.snapshot).toMatchObject({ data: 'old', loading: true })
  await last().answer({ ok: true, value: 'new' })
  expect(query.snapshot).toMatchObject({ data: 'new', loading: false })
  await vi.advanceTimersByTimeAsync(5000)
  expect(asked).toHaveLength(2)
})

test('while the source is read, slow answers are asked for seldom; when the reading ends, soon', async () => {
  revise(1, 'reading')
  const query = rows()
  query.watch(() => undefined)
  await vi.advanceTimersByTimeAsync(1000)
  await last().answer({ ok: true, value: 'slow' })
  revise(2, 'reading')
  query.check()
  await vi.advanceTimersByTimeAsync(5000)
  expect(asked).toHaveLength(1)
  revise(3, 'ready')
  query.check()
  await vi.advanceTimersByTimeAsync(700)
  expect(asked).toHaveLength(2)
})

test('when nobody watches any more the call is cancelled, and its answer is not kept', async () => {
  const query = rows()
  const leave = query.watch(() => undefined)
  leave()
  expect(cancelled).toEqual([last().callId])
  await last().answer({ ok: true, value: 'late' })
  expect(query.snapshot.data).toBeNull()
  query.watch(() => undefined)
  expect(asked).toHaveLength(2)
})

test('an error keeps the answer before it, and a retry takes the error away', async () => {
  const query = rows()
  query.watch(() => undefined)
  await last().answer({ ok: true, value: 'a' })
  query.ask()
  await last().answer({ ok: false, error: { code: 'internal', message: 'No.' } })
  expect(query.snapshot).toMatchObject({ data: 'a', error: { message: 'No.' }, loading: false })
  query.ask()
  await last().answer({ ok: true, value: 'b' })
  expect(query.snapshot).toMatchObject({ data: 'b', error: null })
})

test('lists that are of no source follow their own kind of change', async () => {
  const query = new Query('problems.list', {})
  query.watch(() => undefined)
  await last().answer({ ok: true, value: 1 })
  revise(7)
  query.check()
  await vi.advanceTimersByTimeAsync(2000)
  expect(asked).toHaveLength(1)
  engine.setState((state) => ({ versions: { ...state.versions, problems: state.versions.problems + 1 } }))
  query.check()
  await vi.advanceTimersByTimeAsync(2000)
  expect(asked).toHaveLength(2)
})

test('who begins to watch is told of the asking afterwards, not while it subscribes', async () => {
  const query = rows()
  const end = query.watch(() => undefined)
  await last().answer({ ok: true, value: 'a' })
  end()
  await vi.advanceTimersByTimeAsync(60_000)
  const told = vi.fn()
  revise(2)
  query.watch(told)
  expect(told).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(5000)
  expect(told).toHaveBeenCalled()
})
