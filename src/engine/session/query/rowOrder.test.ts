import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Sort } from '#contract/values'
import { tinyTable } from '../../../testing/tinyTable.ts'
import { isOrderKept, type OrderedView, withRowOrder } from './rowOrder.ts'
import type { SourceTable } from '../table/sourceTable.ts'

let tiny: Awaited<ReturnType<typeof tinyTable>>
let table: SourceTable
let built: string[]
beforeAll(async () => (tiny = await tinyTable(Array.from({ length: 20 }, (_, n) => ({ task_id: `t${n}`, v: -n })))))
afterAll(() => tiny.close())
beforeEach(() => {
  built = []
  table = new Proxy(tiny, {
    get: (target, name) =>
      name === 'query'
        ? async (...args: Parameters<SourceTable['query']>) => {
            if (args[0].text.startsWith('CREATE TABLE')) built.push(args[0].text)
            return await target.query(...args)
          }
        : Reflect.get(target, name, target)
  })
})

const viewOf = (sort: Sort, filter = {}): OrderedView => ({ records: 'tasks', scope: { filter, search: '' }, sort })
const byValue = viewOf([{ column: 'v', descending: false }])
const never = new AbortController().signal
const linesIn = async (order: { table: string }): Promise<number[]> => (await tiny.query({ text: `SELECT line FROM ${order.table} ORDER BY i`, values: [] })).map((row) => Number(row[0]))
const orders = async (): Promise<number> => Number((await tiny.query({ text: `SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'order_%'`, values: [] }))[0]?.[0])
async function settled(count: number): Promise<void> {
  while ((await orders()) !== count) await new Promise((resolve) => setTimeout(resolve, 2))
}

describe('kept orders', () => {
  test('callers at the same time share one build, later ones find it', async () => {
    const both = await Promise.all([withRowOrder(table, byValue, never, linesIn), withRowOrder(table, byValue, never, async (order) => order.total)])
    expect(both).toEqual([Array.from({ length: 20 }, (_, n) => 19 - n), 20])
    await withRowOrder(table, byValue, never, linesIn)
    expect(built.length).toBe(1)
    expect(isOrderKept(table, byValue)).toBe(true)
    tiny.touch()
  })

  test('one caller going away does not take it from another; the last one stops the build', async () => {
    const gone = new AbortController()
    const first = withRowOrder(table, byValue, gone.signal, linesIn)
    const second = withRowOrder(table, byValue, never, async (order) => order.total)
    gone.abort()
    await expect(first).rejects.toMatchObject({ code: 'cancelled' })
    expect(await second).toBe(20)
    tiny.touch()
    const alone = new AbortController()
    const only = withRowOrder(table, byValue, alone.signal, linesIn)
    alone.abort()
    await expect(only).rejects.toMatchObject({ code: 'cancelled' })
    expect(isOrderKept(table, byValue)).toBe(false)
    expect(await withRowOrder(table, byValue, never, async (order) => order.total)).toBe(20)
    await expect(withRowOrder(table, byValue, alone.signal, linesIn)).rejects.toMatchObject({ code: 'cancelled' })
  })

  test('a build that fails is told to all and tried anew', async () => {
    let fail = true
    const failing = new Proxy(table, {
      get: (target, name) => (name === 'query' ? async (...args: Parameters<SourceTable['query']>) => (fail ? Promise.reject(new Error('out of memory')) : await table.query(...args)) : Reflect.get(target, name, target))
    })
    const both = await Promise.allSettled([withRowOrder(failing, byValue, never, linesIn), withRowOrder(failing, byValue, never, linesIn)])
    expect(both.map((one) => one.status === 'rejected' && String(one.reason))).toEqual(['Error: out of memory', 'Error: out of memory'])
    fail = false
    expect(await withRowOrder(failing, byValue, never, async (order) => order.total)).toBe(20)
  })

  test('the least recently used go, and all when the source changes; none while it is used', async () => {
    tiny.touch()
    const own = table
    const before = await orders()
    for (let n = 0; n < 11; n++) await withRowOrder(own, viewOf([], { v: { $lte: -n } }), never, linesIn)
    await settled(before + 8)
    expect([0, 2, 3, 10].map((n) => isOrderKept(own, viewOf([], { v: { $lte: -n } })))).toEqual([false, false, true, true])
    const lines = await withRowOrder(own, viewOf([], { v: { $lte: -10 } }), never, async (order) => {
      tiny.touch()
      await withRowOrder(own, byValue, never, linesIn)
      return await linesIn(order)
    })
    expect(lines).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19])
    await settled(before + 1)
  })
})
