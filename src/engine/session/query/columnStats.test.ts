import { afterAll, describe, expect, test } from 'vitest'
import type { JsonObject, JsonValue } from '#contract/json'
import type { Scope } from '#contract/values'
import { tinyTable } from '../../../testing/tinyTable.ts'
import { columnStats, columnValues, columnsList } from './columnStats.ts'
import type { SourceTable } from '../table/sourceTable.ts'

const signal = new AbortController().signal
const closers: (() => void)[] = []
afterAll(() => closers.forEach((close) => close()))

async function tableOf(records: JsonObject[]): Promise<SourceTable & { touch(): void }> {
  const table = await tinyTable(records)
  closers.push(table.close)
  return table
}

const everything: Scope = { filter: {}, search: '' }
async function statsOf(table: SourceTable, columns: string[], { scope = everything, bins = 4 } = {}) {
  return (await columnStats(table, { sourceId: 'tiny', records: 'tasks', scope, columns, bins }, signal)).stats
}
async function statsOfValues(values: JsonValue[], bins = 4) {
  const [stats] = await statsOf(await tableOf(values.map((v) => ({ v, other: 1 }))), ['v'], { bins })
  return stats
}

describe('columns.stats', () => {
  test('numbers: bins of equal width, without NaN, infinities and nulls', async () => {
    const values = [0, 1, 2, 2.5, 4.9, 5, 7.5, 10, NaN, Infinity, -Infinity, null, 3, 4, 6, 8, 9]
    expect(await statsOfValues(values)).toEqual({ name: 'v', rows: 17, nulls: 1, distinct: 16, min: 0, max: 10, bins: [3, 4, 2, 4], top: null })
  })

  test('integers: few different ones are shown with their counts too', async () => {
    expect(await statsOfValues([1, 2, 2, 5, null], 2)).toEqual({ name: 'v', rows: 5, nulls: 1, distinct: 3, min: 1, max: 5, bins: [3, 1], top: [{ value: 2, count: 2 }, { value: 1, count: 1 }, { value: 5, count: 1 }] })
    expect((await statsOfValues([2n ** 62n, 2n ** 62n + 1n]))?.max).toEqual({ int: String(2n ** 62n + 1n) })
  })

  test('all equal, a single value, no value', async () => {
    expect(await statsOfValues([7, 7, 7])).toMatchObject({ distinct: 1, min: 7, max: 7, bins: [3, 0, 0, 0] })
    expect(await statsOfValues([0.5])).toMatchObject({ distinct: 1, min: 0.5, max: 0.5, bins: [1, 0, 0, 0] })
    expect(await statsOfValues([NaN, null])).toMatchObject({ nulls: 1, distinct: 1, min: { float: 'NaN' }, bins: null, top: [{ value: { float: 'NaN' }, count: 1 }] })
    expect(await statsOfValues([null, null])).toEqual({ name: 'v', rows: 2, nulls: 2, distinct: 0, min: null, max: null, bins: null, top: null })
    expect(await statsOf(await tableOf([{ v: 1 }]), ['nowhere'])).toEqual([{ name: 'nowhere', rows: 1, nulls: 1, distinct: 0, min: null, max: null, bins: null, top: null }])
  })

  test('a range beyond the largest number', async () => {
    expect(await statsOfValues([-1.7e308, 1.7e308, 0.1])).toMatchObject({ min: -1.7e308, max: 1.7e308, bins: [1, 0, 1, 1] })
  })

  test('text and booleans: the commonest first, ties by value', async () => {
    expect(await statsOfValues(['b', 'a', 'c', 'c', null])).toEqual({ name: 'v', rows: 5, nulls: 1, distinct: 3, min: 'a', max: 'c', bins: null, top: [{ value: 'c', count: 2 }, { value: 'a', count: 1 }, { value: 'b', count: 1 }] })
    expect(await statsOfValues([true, false, true])).toMatchObject({ min: false, max: true, top: [{ value: true, count: 2 }, { value: false, count: 1 }] })
    const many = await statsOfValues(Array.from({ length: 100 }, (_, index) => `task_${String(index).padStart(3, '0')}`))
    expect(many).toMatchObject({ distinct: 100, min: 'task_000', max: 'task_099' })
    expect(many?.top?.at(-1)).toEqual({ value: 'task_011', count: 1 })
  })

  test('mixed: equal values count once however written, bounds are of the numbers', async () => {
    const table = await tinyTable(['{"v":1}', '{"v":1.0}', '{"v":"a\\u00e9"}', '{"v":"aé"}', '{"v":[1, 2]}', '{"v":[1,2.0]}', '{"v":-3}', '{"v":true}'])
    closers.push(table.close)
    expect((await statsOf(table, ['v']))[0]).toMatchObject({ rows: 8, nulls: 0, distinct: 5, min: -3, max: 1, bins: null })
    expect(await statsOfValues(['x', [1]])).toMatchObject({ min: 'x', max: 'x' })
    expect(await statsOfValues([[2], [1]])).toMatchObject({ distinct: 2, min: null, max: null })
  })

  test('several columns at once, in a scope, and anew after a change', async () => {
    const table = await tableOf(Array.from({ length: 30 }, (_, n) => ({ n, half: n / 2, name: n % 3 === 0 ? 'fizz' : 'no', status: n % 2 ? 'ERROR' : 'FINISHED' })))
    const scope = { filter: { status: 'ERROR' }, search: '' }
    const stats = await statsOf(table, ['name', 'n', 'half', 'n'], { scope })
    expect(stats.map((column) => [column.name, column.rows, column.min, column.max])).toEqual([['name', 15, 'fizz', 'no'], ['n', 15, 1, 29], ['half', 15, 0.5, 14.5], ['n', 15, 1, 29]])
    await table.query({ text: `DELETE FROM ${table.rows} WHERE line = 29`, values: [] })
    expect((await statsOf(table, ['n'], { scope }))[0]?.max).toBe(29)
    table.touch()
    expect((await statsOf(table, ['n'], { scope }))[0]?.max).toBe(27)
  })

  test('what one caller gives up another still gets', async () => {
    const table = await tableOf([{ v: 1 }])
    const gone = new AbortController()
    const first = columnStats(table, { sourceId: 'tiny', records: 'tasks', scope: { filter: { v: 1 }, search: '' }, columns: ['v'], bins: 2 }, gone.signal)
    const second = statsOf(table, ['v'], { scope: { filter: { v: 1 }, search: '' }, bins: 2 })
    gone.abort()
    await expect(first).rejects.toThrow()
    expect((await second)[0]).toMatchObject({ rows: 1, min: 1 })
  })
})

test('columns are found by any part of their name and paged', async () => {
  const table = await tableOf([{ used: { Rate: 1, x: null }, task_id: 'a' }])
  const list = async (search: string, offset = 0) => (await columnsList(table, { records: 'tasks', sourceId: 'tiny', search, offset, limit: 1 }))
  expect(await list('rate')).toEqual({ total: 1, revision: 1, columns: [{ name: 'used.Rate', prefix: 'used.', type: 'integer', unit: null, derived: false, filled: 1 }] })
  expect((await list('', 2)).columns.map((column) => column.name)).toEqual(['task_id'])
  expect((await list('', 2)).total).toBe(3)
})

test('values complete what is typed: commonest first, whatever their case', async () => {
  const table = await tableOf(['Alpha', 'beta', 'ALPINE', 'Alpha', null, 'x'].map((host, n) => ({ host, n, m: n % 2 ? 'a%b' : n })))
  const complete = (column: string, text: string, limit = 5) => columnValues(table, { sourceId: 'tiny', records: 'tasks', scope: everything, column, text, limit }, signal)
  expect(await complete('host', 'alp')).toEqual({ distinct: 2, values: [{ value: 'Alpha', count: 2 }, { value: 'ALPINE', count: 1 }] })
  expect(await complete('host', '', 1)).toEqual({ distinct: 4, values: [{ value: 'Alpha', count: 2 }] })
  expect(await complete('n', '4')).toEqual({ distinct: 1, values: [{ value: 4, count: 1 }] })
  expect(await complete('m', '%')).toEqual({ distinct: 1, values: [{ value: 'a%b', count: 3 }] })
  expect(await complete('host', 'zz')).toEqual({ distinct: 0, values: [] })
  expect(await complete('nowhere', '')).toEqual({ distinct: 0, values: [] })
})
