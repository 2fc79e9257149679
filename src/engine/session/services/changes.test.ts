import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { ChangeLog } from './changes.ts'

const never = new AbortController().signal
const now = { limit: 500, waitMs: 0 }

test('a reader gets each change once, and only the latest change of an id', async () => {
  const log = new ChangeLog()
  log.add('source', 'a')
  log.add('records', 'a')
  log.add('source', 'a')
  const first = await log.next({ cursor: '', ...now }, never)
  expect(first.changes).toEqual([{ kind: 'records', id: 'a' }, { kind: 'source', id: 'a' }])
  expect((await log.next({ cursor: first.cursor, ...now }, never)).changes).toEqual([])
  log.add('records', 'a')
  expect((await log.next({ cursor: first.cursor, ...now }, never)).changes).toEqual([{ kind: 'records', id: 'a' }])
})

test('pages: the limit cuts, the cursor goes on where it cut', async () => {
  const log = new ChangeLog()
  for (let i = 0; i < 25; i++) log.add('source', `s${i}`)
  const seen: string[] = []
  let cursor = ''
  for (let page = 0; page < 4; page++) {
    const answer = await log.next({ cursor, limit: 10, waitMs: 0 }, never)
    seen.push(...answer.changes.map((change) => change.id))
    cursor = answer.cursor
  }
  expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => `s${i}`))
})

test('a waiting reader is answered by the next change, and leaves nothing behind', async () => {
  const log = new ChangeLog()
  const controller = new AbortController()
  const answer = log.next({ cursor: '', limit: 10, waitMs: 30_000 }, controller.signal)
  await Promise.resolve()
  expect(log.waiting).toBe(1)
  log.add('export', 'e1')
  expect((await answer).changes).toEqual([{ kind: 'export', id: 'e1' }])
  expect(log.waiting).toBe(0)
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
})

test('a wait ends empty-handed after its time', async () => {
  const log = new ChangeLog()
  const { cursor } = await log.next({ cursor: '', ...now }, never)
  expect(await log.next({ cursor, limit: 10, waitMs: 5 }, never)).toEqual({ cursor, reset: false, changes: [] })
  expect(log.waiting).toBe(0)
})

test('an aborted wait is refused as cancelled and forgotten', async () => {
  const log = new ChangeLog()
  const controller = new AbortController()
  const answer = log.next({ cursor: '', limit: 10, waitMs: 30_000 }, controller.signal)
  controller.abort()
  await expect(answer).rejects.toMatchObject({ code: 'cancelled' })
  expect(log.waiting).toBe(0)
  await expect(log.next({ cursor: '', limit: 10, waitMs: 30_000 }, controller.signal)).rejects.toMatchObject({ code: 'cancelled' })
})

test('a reader of another engine, of the future or of nonsense is reset', async () => {
  const log = new ChangeLog()
  const { cursor } = await log.next({ cursor: '', ...now }, never)
  const epoch = cursor.split(':')[0]
  for (const bad of ['000000000000:0', `${epoch}:99`, `${epoch}:-1`, 'x', `${epoch}:`, `${epoch}:1e3`]) {
    expect(await log.next({ cursor: bad, limit: 10, waitMs: 30_000 }, never), bad).toMatchObject({ reset: true, changes: [], cursor })
  }
})

test('a reader that fell behind the bound is reset and goes on from the head', async () => {
  const log = new ChangeLog({ capacity: 10 })
  log.add('source', 'first')
  const { cursor } = await log.next({ cursor: '', ...now }, never)
  for (let i = 0; i < 11; i++) log.add('source', `s${i}`)
  const reset = await log.next({ cursor, ...now }, never)
  expect(reset).toMatchObject({ reset: true, changes: [] })
  expect(await log.next({ cursor: '', ...now }, never)).toMatchObject({ reset: true })
  log.add('source', 'after')
  expect(await log.next({ cursor: reset.cursor, ...now }, never)).toMatchObject({ reset: false, changes: [{ kind: 'source', id: 'after' }] })
})

test('a reader at the very edge of the bound misses nothing and is not reset', async () => {
  const log = new ChangeLog({ capacity: 10 })
  log.add('source', 'first')
  const { cursor } = await log.next({ cursor: '', ...now }, never)
  for (let i = 0; i < 10; i++) log.add('source', `s${i}`)
  const answer = await log.next({ cursor, ...now }, never)
  expect(answer.reset).toBe(false)
  expect(answer.changes).toHaveLength(10)
})

test('under load: slow readers are late, never wrong', async () => {
  const log = new ChangeLog({ capacity: 300 })
  let cursor = ''
  const known = new Map<string, number>()
  const truth = new Map<string, number>()
  let resets = 0
  for (let step = 0; step < 5000; step++) {
    const id = `s${(step * 7919) % (step % 1000 < 500 ? 200 : 450)}`
    truth.set(id, step)
    log.add('records', id)
    if (step % 37 === 0 || step % 1000 === 999) {
      const answer = await log.next({ cursor, limit: 25, waitMs: 0 }, never)
      cursor = answer.cursor
      if (answer.reset) {
        resets++
        for (const [key, value] of truth) known.set(key, value)
      }
      for (const change of answer.changes) known.set(change.id, truth.get(change.id) ?? -1)
    }
  }
  for (;;) {
    const answer = await log.next({ cursor, limit: 1000, waitMs: 0 }, never)
    cursor = answer.cursor
    if (answer.reset) for (const [key, value] of truth) known.set(key, value)
    if (answer.changes.length === 0 && !answer.reset) break
    for (const change of answer.changes) known.set(change.id, truth.get(change.id) ?? -1)
  }
  expect(known).toEqual(truth)
  expect(resets).toBeGreaterThan(0)
})

test('closing lets waiting readers go', async () => {
  const log = new ChangeLog()
  const answers = [1, 2, 3].map(() => log.next({ cursor: '', limit: 10, waitMs: 30_000 }, never))
  log.close()
  for (const answer of await Promise.all(answers)) expect(answer.changes).toEqual([])
  expect((await log.next({ cursor: '', limit: 10, waitMs: 30_000 }, never)).changes).toEqual([])
})
