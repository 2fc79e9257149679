import { describe, expect, test } from 'vitest'
import type { Call } from '#contract/dispatch'
import { type Message, StreamWindow, maxMessages } from './StreamWindow.ts'

const message = (line: number): Message => ({ line, kind: 'task', id: `t${line}`, activity: null, status: null, workflowId: null, hostname: null, time: null, used: '', generated: '', bytes: 1 })

/** An engine with messages of the given numbers. */
function source(lines: number[]) {
  const asked: { after?: number; before?: number; limit: number }[] = []
  const held = { lines, asked, hold: null as Promise<void> | null, fail: false }
  const call = (async (_method: string, params: { after?: number; before?: number; limit: number }) => {
    asked.push(params)
    await held.hold
    if (held.fail) return { ok: false, error: { code: 'internal', message: 'No.' } }
    const { after = -1, before = Infinity, limit } = params
    const newer = held.lines.filter((line) => line > after)
    const messages = newer.filter((line) => line < before).slice(-limit).reverse().map(message)
    return { ok: true, value: { total: held.lines.length, newer: params.after === undefined ? 0 : newer.length, revision: held.lines.length, messages } }
  }) as Call
  return { held, call }
}

const range = (from: number, to: number, step = 1): number[] => Array.from({ length: Math.floor((to - from) / step) }, (_, index) => from + index * step)
const linesOf = (stream: StreamWindow): number[] => stream.messages.map(({ line }) => line)
const rest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))
const everything = (stream: StreamWindow): number => stream.older + stream.messages.length + stream.newer

async function opened(lines: number[]) {
  const { held, call } = source(lines)
  const stream = new StreamWindow(call, { sourceId: 's', scope: { filter: {}, search: '' } })
  stream.refresh()
  await rest()
  return { held, stream }
}

describe('following', () => {
  test('begins with the newest and takes on what comes, in order', async () => {
    const { held, stream } = await opened(range(0, 500))
    expect(linesOf(stream)).toEqual(range(300, 500))
    expect([stream.older, stream.newer, stream.total]).toEqual([300, 0, 500])
    held.lines = range(0, 530)
    stream.refresh()
    await rest()
    expect(linesOf(stream)).toEqual(range(300, 530))
    expect(everything(stream)).toBe(530)
  })

  test('a burst of more than is answered at once leaves no hole: the stretch begins anew, the rest is older', async () => {
    const { held, stream } = await opened(range(0, 10))
    held.lines = range(0, 5000)
    stream.refresh()
    await rest()
    expect(linesOf(stream)).toEqual(range(4700, 5000))
    expect([stream.older, stream.newer]).toEqual([4700, 0])
  })

  test('keeps no more than so many, and counts those it let go', async () => {
    const { held, stream } = await opened(range(0, 200))
    for (let n = 450; n <= 9000; n += 250) {
      held.lines = range(0, n)
      stream.refresh()
      await rest()
    }
    expect(stream.messages.length).toBe(maxMessages)
    expect(stream.messages.at(-1)?.line).toBe(held.lines.length - 1)
    expect(everything(stream)).toBe(held.lines.length)
  })

  test('a source that was read anew is begun anew', async () => {
    const { held, stream } = await opened(range(0, 500))
    held.lines = range(0, 20)
    stream.refresh()
    await rest()
    expect(linesOf(stream)).toEqual(range(0, 20))
  })
})

describe('staying', () => {
  test('counts what comes and does not move; then jumps to the latest', async () => {
    const { held, stream } = await opened(range(0, 500))
    stream.stay()
    held.lines = range(0, 1704)
    stream.refresh()
    await rest()
    expect(linesOf(stream)).toEqual(range(300, 500))
    expect([stream.older, stream.newer]).toEqual([300, 1204])
    stream.latest()
    await rest()
    expect(stream.following).toBe(true)
    expect(stream.messages.at(-1)?.line).toBe(1703)
    expect([stream.newer, everything(stream)]).toEqual([0, 1704])
  })

  test('older ones are fetched without a hole, and those at the other end let go but counted', async () => {
    const { stream } = await opened(range(0, 9000))
    stream.stay()
    while (stream.older > 0) {
      stream.loadOlder()
      await rest()
      expect(everything(stream)).toBe(9000)
    }
    expect(linesOf(stream)).toEqual(range(0, maxMessages))
    expect(stream.newer).toBe(9000 - maxMessages)
  })

  test('back down again: newer ones follow the last, also over voids that a filter leaves', async () => {
    const { held, stream } = await opened([...range(0, 6000), ...range(900_000, 906_000, 3)])
    stream.stay()
    while (stream.older > 0) {
      stream.loadOlder()
      await rest()
    }
    while (stream.newer > 0) {
      stream.loadNewer()
      await rest()
      expect(everything(stream)).toBe(held.lines.length)
      const lines = linesOf(stream)
      const from = held.lines.indexOf(lines[0] ?? -1)
      expect(lines).toEqual(held.lines.slice(from, from + lines.length))
    }
    expect(stream.messages.at(-1)?.line).toBe(held.lines.at(-1))
  })

  test('to the first there is and on from there, over the void before it', async () => {
    const { held, stream } = await opened(range(70_000, 79_000))
    stream.oldest()
    await rest()
    expect(stream.following).toBe(false)
    const [first] = stream.messages
    expect([first?.line, stream.older, everything(stream)]).toEqual([70_000, 0, 9000])
    stream.loadNewer()
    await rest()
    expect(linesOf(stream)).toEqual(held.lines.slice(0, stream.messages.length))
  })

  test('what comes while older ones are under way is counted', async () => {
    const { held, stream } = await opened(range(0, 1000))
    stream.stay()
    held.lines = range(0, 1100)
    stream.loadOlder()
    await rest()
    expect(stream.newer).toBe(100)
    expect(everything(stream)).toBe(1100)
  })
})

test('a failure is told, keeps what there is, and can be tried again', async () => {
  const { held, stream } = await opened(range(0, 10))
  held.fail = true
  held.lines = range(0, 20)
  stream.refresh()
  await rest()
  expect(stream.error?.message).toBe('No.')
  expect(stream.messages.length).toBe(10)
  held.fail = false
  stream.retry()
  await rest()
  expect([stream.error, stream.messages.length]).toEqual([null, 20])
})

test('revisions while a question is under way lead to one more question, not to one each', async () => {
  const { held, stream } = await opened(range(0, 10))
  let release = (): void => undefined
  held.hold = new Promise((resolve) => (release = resolve))
  held.asked.length = 0
  for (let n = 11; n < 60; n++) {
    held.lines = range(0, n)
    stream.refresh()
  }
  release()
  await rest()
  expect(held.asked.length).toBe(2)
  expect(stream.messages.length).toBe(59)
})
