import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import type { JsonObject, JsonValue } from '#contract/json'
import type { Params } from '#contract/methods'
import { tinyTable } from '../../../testing/tinyTable.ts'
import { groupPage } from './groups.ts'
import { countRows } from '../table/rowsIn.ts'
import type { SourceTable } from '../table/sourceTable.ts'

const signal = new AbortController().signal
const closers: (() => void)[] = []
afterAll(() => closers.forEach((close) => close()))

async function tableOf(records: (JsonObject | string)[]): Promise<SourceTable> {
  const table = await tinyTable(records)
  closers.push(table.close)
  return table
}

function groups(table: SourceTable, by: string, more: Partial<Params<'groups.page'>> = {}) {
  return groupPage(table, { sourceId: 'tiny', records: 'tasks', scope: { filter: {}, search: '' }, by, aggregates: [], sort: { by: 'count', descending: true }, offset: 0, limit: 100, ...more }, signal)
}

describe('groups.page', () => {
  const tasks = [
    { host: 'b', v: 1, f: 0.5, status: 'FINISHED', t: 'x' },
    { host: 'a', v: 2, f: NaN, status: 'ERROR', t: 'y' },
    { host: 'b', v: 9007199254740993n, f: 1.5, status: 'ERROR', t: 'x' },
    { host: null, v: null, f: Infinity, status: 'FINISHED', t: null },
    { host: 'b', v: 3, f: 2.5, status: null, t: 'z' }
  ]

  test('counts, errors and aggregates', async () => {
    const table = await tableOf(tasks)
    const aggregates = (['sum', 'mean', 'min', 'max', 'p50', 'p95', 'distinct', 'filled'] as const).map((fn) => ({ column: 'f', fn }))
    const page = await groups(table, 'host', { aggregates: [...aggregates, { column: 'v', fn: 'sum' }, { column: 't', fn: 'max' }, { column: 'nowhere', fn: 'min' }, { column: 'nowhere', fn: 'filled' }] })
    expect(page).toMatchObject({ total: 3, rows: 5, revision: 1 })
    expect(page.groups).toEqual([
      { value: 'b', filter: { host: 'b' }, count: 3, errors: 1, aggregates: [4.5, 1.5, 0.5, 2.5, 1.5, expect.closeTo(2.4), 3, 3, { int: '9007199254740997' }, 'z', null, 0] },
      { value: 'a', filter: { host: 'a' }, count: 1, errors: 1, aggregates: [null, null, null, null, null, null, 1, 1, 2, 'y', null, 0] },
      { value: null, filter: { host: null }, count: 1, errors: 0, aggregates: [null, null, null, null, null, null, 1, 1, null, null, null, 0] }
    ])
  })

  test('sorted by value, errors or an aggregate, paged, in a scope', async () => {
    const table = await tableOf(tasks)
    const values = async (by: string, descending: boolean, more = {}) => (await groups(table, 'host', { sort: { by, descending }, aggregates: [{ column: 'v', fn: 'max' }], ...more })).groups.map((group) => group.value)
    expect(await values('value', false)).toEqual(['a', 'b', null])
    expect(await values('value', true)).toEqual(['b', 'a', null])
    expect(await values('errors', false)).toEqual([null, 'a', 'b'])
    expect(await values('0', true)).toEqual(['b', 'a', null])
    expect(await values('value', false, { offset: 1, limit: 1 })).toEqual(['b'])
    expect(await groups(table, 'host', { offset: 7 })).toEqual({ revision: 1, total: 3, rows: 5, groups: [] })
    expect(await groups(table, 'host', { scope: { filter: { status: 'ERROR' }, search: '' } })).toMatchObject({ total: 2, rows: 2 })
    expect(await groups(table, 'host', { scope: { filter: { status: 'no' }, search: '' } })).toMatchObject({ total: 0, rows: 0, groups: [] })
    await expect(groups(table, 'host', { sort: { by: '1', descending: true } })).rejects.toMatchObject({ code: 'bad-request', path: ['sort', 'by'] })
  })

  test('a column that is not there makes one group', async () => {
    expect((await groups(await tableOf(tasks), 'nowhere')).groups).toMatchObject([{ value: null, count: 5 }])
  })

  test('a value and the lists that hold it are groups of their own', async () => {
    const table = await tableOf(['{"v":1}', '{"v":1.0}', '{"v":[1]}', '{"v":[1.0]}', '{"v":[[1]]}', '{"v":[[1],[1]]}', '{"v":"1"}', '{"v":[]}', '{"v":[null]}', '{"v":null}', '{"w":1}', '{"v":[[]]}', '{"v":true}'])
    const page = await groups(table, 'v', { sort: { by: 'value', descending: false } })
    expect(page.groups.map(({ value, count }) => [value, count])).toEqual([
      [1, 2], ['1', 1], [true, 1], [{ json: '[1.0]' }, 2], [{ json: '[[1],[1]]' }, 1], [{ json: '[[1]]' }, 1], [{ json: '[[]]' }, 1], [{ json: '[]' }, 1], [{ json: '[null]' }, 1], [null, 2]
    ])
    await expectFiltersToHold(table, 'v')
  })

  test('groups are complete and their filters exact, whatever the values', async () => {
    const scalar = fc.oneof(fc.constantFrom(null, true, false, 0, -0, 1, 1.5, 0.5, -0.5, NaN, Infinity, 2 ** 53, '', '1', 'a', '$x', 'a"b\\'), fc.bigInt({ min: 2n ** 53n - 1n, max: 2n ** 53n + 2n }), fc.constantFrom(2n ** 64n, 2n ** 64n + 1n))
    const list = fc.array(fc.oneof(scalar, fc.array(scalar, { maxLength: 2 })), { maxLength: 2 })
    const values: fc.Arbitrary<JsonValue[]> = fc.constantFrom<fc.Arbitrary<JsonValue>>(scalar, list, fc.oneof(scalar, list), fc.constantFrom(NaN, 0, -0, 1.5, null), fc.constantFrom(null, true)).chain((value) => fc.array(value, { minLength: 1, maxLength: 14 }))
    await fc.assert(
      fc.asyncProperty(values, async (all) => {
        const table = await tinyTable(all.map((v) => ({ v })))
        await expectFiltersToHold(table, 'v')
        table.close()
      }),
      { numRuns: 60 }
    )
  })
})

async function expectFiltersToHold(table: SourceTable, by: string): Promise<void> {
  const page = await groups(table, by)
  expect(page.groups.reduce((sum, group) => sum + group.count, 0)).toBe(page.rows)
  for (const { value, filter, count } of page.groups) {
    expect(JSON.parse(JSON.stringify(filter))).toEqual(filter)
    expect(await countRows(table, 'tasks', { filter, search: '' }, signal), `${JSON.stringify(value)} ${JSON.stringify(filter)}`).toBe(count)
  }
}
