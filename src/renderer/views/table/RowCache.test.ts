import { expect, test } from 'vitest'
import type { Call } from '#contract/dispatch'
import { RowCache, type RowsView } from './RowCache.ts'

/** An engine with rows of the given ids; a cell is its column's name and its row's id. */
function rowsOf(ids: string[]) {
  const asked: number[] = []
  const call = (async (_method: string, { columns, offset, limit }: { columns: string[]; offset: number; limit: number }) => {
    asked.push(offset)
    const rows = ids.slice(offset, offset + limit).map((id) => ({ id, status: null, cells: columns.map((name) => `${name} of ${id}`) }))
    return { ok: true, value: { revision: 1, total: ids.length, unfiltered: ids.length, rows, queryMs: 0 } }
  }) as Call
  return { call, asked }
}

const ids = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, index) => `t${from + index}`)
const view = (columns: string[]): RowsView => ({ sourceId: 's', records: 'tasks', scope: { filter: {}, search: '' }, sort: [], columns })

async function loaded(all: string[], columns = ['a', 'b'], first = 0, last = 30): Promise<RowCache> {
  const cache = new RowCache(rowsOf(all).call, view(columns))
  cache.want(first, last, columns.map((_, index) => index))
  await cache.settled()
  return cache
}

test('settles when everything in sight is here', async () => {
  const cache = await loaded(ids(0, 500), ['a', 'b'], 90, 130)
  expect([cache.total, cache.head(90)?.id, cache.cell(129, 1)]).toEqual([500, 't90', 'b of t129'])
  expect(cache.cell(300, 0)).toBeUndefined()
})

test('what has replaced another shows that one’s rows until its own are here, moved as they have moved', async () => {
  const before = await loaded(ids(0, 50))
  const next = new RowCache(rowsOf(ids(-10, 50)).call, view(['a', 'b']))
  next.replace(before, 10)
  expect([next.head(12)?.id, next.cell(12, 1)]).toEqual(['t2', 'b of t2'])
  next.want(0, 30, [0, 1])
  await next.settled()
  expect([next.head(0)?.id, next.head(12)?.id, next.cell(0, 0)]).toEqual(['t-10', 't2', 'a of t-10'])
})

test('other columns are looked up by their name in what was there before', async () => {
  const before = await loaded(ids(0, 50), ['a', 'b'])
  const next = new RowCache(rowsOf(ids(0, 50)).call, view(['new', 'b', 'a']))
  next.replace(before, 0)
  expect([next.cell(3, 0), next.cell(3, 1), next.cell(3, 2)]).toEqual([undefined, 'b of t3', 'a of t3'])
})

test('tells where a record stands among the rows that are here', async () => {
  const cache = await loaded(ids(0, 500), ['a'], 90, 130)
  expect([cache.place('t95', 0), cache.place('t199', 0), cache.place('t400', 0)]).toEqual([95, 199, null])
})

test('who waits for one that is closed is let go', async () => {
  const cache = new RowCache((() => new Promise(() => undefined)) as Call, view(['a']))
  cache.want(0, 30, [0])
  const waiting = cache.settled()
  cache.close()
  await expect(waiting).resolves.toBeUndefined()
})
