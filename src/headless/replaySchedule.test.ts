/** When bursts go out, on a clock of the test's own. */
import { expect, test } from 'vitest'
import { encode } from './replayEncoding.ts'
import type { ReplayMessage } from './replayMessages.ts'
import { bursts, timed } from './replaySchedule.ts'

/** @returns when each burst was sent, and how many messages it had */
async function played(messages: ReplayMessage[], speed: number): Promise<[number, number][]> {
  let clock = 5000
  const pace = {
    speed,
    now: () => clock,
    wait: (ms: number) => {
      clock += ms
      return Promise.resolve()
    }
  }
  const sent: [number, number][] = []
  for await (const burst of bursts(timed(each(messages), speed, () => undefined), pace)) sent.push([Math.round((clock - 5000) * 10) / 10, burst.length])
  return sent
}

async function* each(messages: ReplayMessage[]): AsyncGenerator<ReplayMessage> {
  yield* messages
}

const payload = encode({})
const at = (first: number, last = first): ReplayMessage => ({ after: null, times: { first, last }, payload, channel: null })
const recorded = (after: number): ReplayMessage => ({ after, times: null, payload, channel: 'c' })
const timeless: ReplayMessage = { after: null, times: null, payload, channel: null }

test('a producer sends what it has every fifty messages, a second after the first of them, and at its end', async () => {
  expect(await played([at(100), at(100.5), at(103)], 1)).toEqual([
    [1000, 2],
    [3000, 1]
  ])
  expect(await played(Array.from({ length: 120 }, () => at(100)), 1)).toEqual([
    [0, 50],
    [0, 50],
    [0, 20]
  ])
})

test('speed scales the distances, not the producer’s interval', async () => {
  expect(await played([at(100), at(110), at(130)], 10)).toEqual([
    [1000, 2],
    [3000, 1]
  ])
  expect(await played([at(100), at(100.005), at(100.05)], 0.01)).toEqual([
    [1000, 2],
    [5000, 1]
  ])
})

test('a message is sent at its last time, never before the one that stands before it', async () => {
  expect(await played([at(100), at(100, 110), at(90), timeless, at(100, 120)], 1)).toEqual([
    [1000, 1],
    [11_000, 3],
    [20_000, 1]
  ])
})

test('a recording keeps its own bursts', async () => {
  expect(await played([recorded(0), recorded(0.0001), recorded(2), recorded(2)], 1)).toEqual([
    [0, 1],
    [0.1, 1],
    [2000, 2]
  ])
})

test('as a burst everything goes out at once, fifty at a time', async () => {
  expect(await played([...Array.from({ length: 60 }, (_, i) => at(i * 100)), recorded(1e6)], Infinity)).toEqual([
    [0, 50],
    [0, 11]
  ])
})
