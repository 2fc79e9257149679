import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { type JsonObject, type JsonValue, parseJson } from '#contract/json'
import type { Cell, Sort } from '#contract/values'
import { tinyTable } from '../../../testing/tinyTable.ts'
import { cellOf } from '../table/cells.ts'
import { findRow, pageRows, rowMarks } from './pages.ts'
import { isOrderKept } from './rowOrder.ts'
import type { SourceTable } from '../table/sourceTable.ts'

const signal = new AbortController().signal
const closers: (() => void)[] = []
afterAll(() => closers.forEach((close) => close()))

async function tableOf(records: (JsonObject | string)[]): Promise<SourceTable & { touch(): void }> {
  const table = await tinyTable(records)
  closers.push(table.close)
  return table
}

type Asked = { sort?: Sort; columns?: string[]; offset?: number; limit?: number; filter?: Record<string, unknown>; search?: string; cellLength?: number }
function page(table: SourceTable, { sort = [], columns = [], offset = 0, limit = 100, filter = {}, search = '', cellLength = 0 }: Asked) {
  return pageRows(table, { sourceId: 'tiny', records: 'tasks', scope: { filter, search }, sort, columns, offset, limit, cellLength }, signal)
}

const ascending = (column: string) => ({ column, descending: false })
const descending = (column: string) => ({ column, descending: true })

describe('rows.page', () => {
  const values: JsonValue[] = ['b', 10, null, 2.5, 'a', true, [2, 1], 9007199254740993n, 9007199254740992, '10', false, NaN, -Infinity, [1], 18446744073709551617n, 18446744073709551616n]
  const tasks = values.map((v, index) => ({ task_id: `t${index}`, v, n: index % 3, status: index === 3 ? 'ERROR' : 'FINISHED' }))

  test('a mixed column is ordered by kind, then by value, nulls last', async () => {
    const table = await tableOf(tasks)
    const { rows } = await page(table, { sort: [ascending('v')], columns: ['v'] })
    expect(rows.map((row) => row.cells[0])).toEqual([
      { float: '-Infinity' }, 2.5, 10, 9007199254740992, { int: '9007199254740993' }, { int: '18446744073709551616' }, { int: '18446744073709551617' }, { float: 'NaN' },
      '10', 'a', 'b', false, true, { json: '[1]' }, { json: '[2,1]' }, null
    ])
  })

  test('descending turns the values round, not the kinds', async () => {
    const table = await tableOf(tasks)
    const { rows } = await page(table, { sort: [descending('v')], columns: ['v'] })
    expect(rows.map((row) => row.cells[0])).toEqual([
      { int: '18446744073709551617' }, { int: '18446744073709551616' }, { int: '9007199254740993' }, 9007199254740992, 10, 2.5, { float: '-Infinity' }, { float: 'NaN' },
      'b', 'a', '10', true, false, { json: '[2,1]' }, { json: '[1]' }, null
    ])
  })

  test('counts, ids and statuses; a column that is not there is null; beyond the end there is nothing', async () => {
    const table = await tableOf(tasks)
    const some = await page(table, { filter: { n: 0 }, columns: ['n', 'nowhere', 'task_id'], offset: 1, limit: 2 })
    expect(some).toMatchObject({ revision: 1, total: 6, unfiltered: 16 })
    expect(some.rows).toEqual([{ id: 't3', status: 'ERROR', cells: [0, null, 't3'] }, { id: 't6', status: 'FINISHED', cells: [0, null, 't6'] }])
    expect((await page(table, { offset: 16 })).rows).toEqual([])
    expect((await page(table, { sort: [ascending('nowhere')], limit: 2 })).rows.map((row) => row.id)).toEqual(['t0', 't1'])
  })

  test('NaN stays behind the numbers in both directions', async () => {
    const table = await tableOf([1.5, NaN, null, -0, Infinity].map((v) => ({ v })))
    const of = async (sort: Sort) => (await page(table, { sort, columns: ['v'] })).rows.map((row) => row.cells[0])
    expect(await of([ascending('v')])).toEqual([{ float: '-0' }, 1.5, { float: 'Infinity' }, { float: 'NaN' }, null])
    expect(await of([descending('v')])).toEqual([{ float: 'Infinity' }, 1.5, { float: '-0' }, { float: 'NaN' }, null])
  })

  test('long texts and lists are cut by UTF-16 units, never through a pair, and say their length', async () => {
    const list = JSON.stringify(Array.from({ length: 50 }, (_, index) => index))
    const table = await tableOf([{ t: 'x'.repeat(300), m: list.slice(1) }, { t: 'short', m: JSON.parse(list) as number[] }, { t: '😀'.repeat(20), m: '"😀"'.repeat(20) }, { t: 'é'.repeat(7), m: 123456789012345678901234567890n }])
    const { rows } = await page(table, { columns: ['t', 'm'], cellLength: 11 })
    expect(rows.map((row) => row.cells)).toEqual([
      [{ text: 'x'.repeat(11), length: 300 }, { text: list.slice(1, 12), length: list.length - 1 }],
      ['short', { json: list.slice(0, 11), length: list.length }],
      [{ text: '😀'.repeat(5), length: 40 }, { text: '"😀""😀""😀"'.slice(0, 11), length: 80 }],
      ['é'.repeat(7), { int: '123456789012345678901234567890' }]
    ])
    expect((await page(table, { columns: ['t', 'm'], cellLength: 0 })).rows[2]?.cells).toEqual(['😀'.repeat(20), '"😀"'.repeat(20)])
  })

  test('a page of a kept order is the page of an order made for it', async () => {
    const table = await tableOf(Array.from({ length: 2500 }, (_, index) => ({ task_id: `t${index}`, v: (index * 7919) % 1000 })))
    const asked = { sort: [descending('v')], limit: 50, columns: ['v'] }
    const before = await page(table, { ...asked, offset: 100 })
    const view = { records: 'tasks' as const, scope: { filter: {}, search: '' }, sort: asked.sort }
    expect(isOrderKept(table, view)).toBe(false)
    const deep = await page(table, { ...asked, offset: 2470 })
    expect(isOrderKept(table, view)).toBe(true)
    const oracle = Array.from({ length: 2500 }, (_, index) => (index * 7919) % 1000).sort((a, b) => b - a)
    expect(deep.rows.map((row) => row.cells[0])).toEqual(oracle.slice(2470))
    expect((await page(table, { ...asked, offset: 100 })).rows).toEqual(before.rows)
    table.touch()
    expect(isOrderKept(table, view)).toBe(false)
    expect((await page(table, { ...asked, offset: 2470 })).rows).toEqual(deep.rows)
  })
})

describe('order against an oracle', () => {
  const isText = (text: string): boolean => !/\p{Surrogate}/u.test(text)
  const scalar: fc.Arbitrary<JsonValue> = fc.oneof(
    fc.constant(null), fc.boolean(), fc.integer({ min: -5, max: 5 }), fc.double(), fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), fc.string({ unit: 'binary', maxLength: 4 }).filter(isText)
  )
  const column: fc.Arbitrary<fc.Arbitrary<JsonValue>> = fc.constantFrom(
    scalar, fc.option(fc.integer()), fc.option(fc.double()), fc.option(fc.boolean()), fc.option(fc.string({ maxLength: 3 }).filter(isText)), fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))
  )
  const records = column.chain((a) => column.chain((b) => fc.array(fc.record({ a, b }), { minLength: 1, maxLength: 12 })))

  test('any two columns, any directions', async () => {
    await fc.assert(
      fc.asyncProperty(records, fc.tuple(fc.boolean(), fc.boolean()), async (tasks, [first, second]) => {
        const table = await tinyTable(tasks.map((task, index) => ({ task_id: String(index), ...task })))
        const sort = [{ column: 'a', descending: first }, { column: 'b', descending: second }]
        const { rows } = await page(table, { sort })
        const expected = tasks.map((task, index) => ({ task, index }))
        expected.sort((x, y) => compare(x.task.a, y.task.a, first) || compare(x.task.b, y.task.b, second) || x.index - y.index)
        table.close()
        expect(rows.map((row) => row.id)).toEqual(expected.map(({ index }) => String(index)))
      }),
      { numRuns: 60 }
    )
  })

  function compare(x: JsonValue, y: JsonValue, isDescending: boolean): number {
    const ranks = rank(x) - rank(y)
    if (ranks !== 0 || x === null || y === null) return ranks
    const order = typeof x === 'string' ? Buffer.compare(Buffer.from(x), Buffer.from(y as string)) : x === y ? 0 : x < y ? -1 : x > y ? 1 : 0
    return isDescending ? -order : order
  }

  function rank(value: JsonValue): number {
    if (value === null) return 5
    if (typeof value === 'number' || typeof value === 'bigint') return Number.isNaN(value) ? 1 : 0
    return typeof value === 'string' ? 2 : typeof value === 'boolean' ? 3 : 4
  }
})

describe('rows.find and rows.marks', () => {
  const tasks = Array.from({ length: 40 }, (_, index) => ({ task_id: `t${index}`, v: (index * 17) % 40, status: index % 10 === 0 ? 'ERROR' : 'FINISHED' }))
  const sort = [ascending('v')]
  const view = { sourceId: 'tiny', records: 'tasks' as const, scope: { filter: {}, search: '' }, sort }

  test('the place of a record in the order, or none', async () => {
    const table = await tableOf(tasks)
    const find = (id: string, filter = {}) => findRow(table, { ...view, scope: { filter, search: '' }, id, from: -1, direction: 'next' }, signal)
    expect(await find('t3')).toEqual({ index: 51 % 40, id: 't3' })
    expect(await find('t3', { v: { $gt: 10 } })).toEqual({ index: 0, id: 't3' })
    expect(await find('t3', { v: 1 })).toEqual({ index: null, id: null })
    expect(await find('nobody')).toEqual({ index: null, id: null })
    expect(await findRow(table, { ...view, records: 'messages', id: '7', from: -1, direction: 'next' }, signal)).toEqual({ index: (7 * 17) % 40, id: '7' })
  })

  test('the next and the previous match', async () => {
    const table = await tableOf(tasks)
    const find = (from: number, direction: 'next' | 'previous') => findRow(table, { ...view, match: { status: 'ERROR' }, from, direction }, signal)
    expect([await find(-1, 'next'), await find(0, 'next'), await find(30, 'next')]).toEqual([{ index: 0, id: 't0' }, { index: 10, id: 't10' }, { index: null, id: null }])
    expect([await find(30, 'previous'), await find(0, 'previous')]).toEqual([{ index: 20, id: 't20' }, { index: null, id: null }])
  })

  test('marks say in which stretches the matches lie', async () => {
    const table = await tableOf(tasks)
    const marks = await rowMarks(table, { ...view, match: { status: 'ERROR' }, buckets: 8 }, signal)
    expect(marks).toEqual({ total: 4, buckets: [1, 0, 1, 0, 1, 0, 1, 0] })
    expect(await rowMarks(table, { ...view, scope: { filter: { v: 99 }, search: '' }, match: {}, buckets: 2 }, signal)).toEqual({ total: 0, buckets: [0, 0] })
  })
})

test('cells are exact and JSON-safe', () => {
  const cells: [string, Cell][] = [
    ['9007199254740992', 9007199254740992], ['-9007199254740993', { int: '-9007199254740993' }], ['1.0', 1], ['-0.0', { float: '-0' }], ['1e400', { float: 'Infinity' }],
    ['NaN', { float: 'NaN' }], ['"\\u0000\\ud83d\\ude00"', '\u0000😀'], ['true', true], ['null', null], ['[1, NaN]', { json: '[1, NaN]' }], ['{"a":1}', { json: '{"a":1}' }]
  ]
  for (const [text, cell] of cells) expect(cellOf(text, 'JSON')).toEqual(cell)
  expect(cellOf(2n ** 63n - 1n, 'BIGINT')).toEqual({ int: '9223372036854775807' })
  expect(JSON.parse(JSON.stringify(cells))).toEqual(cells)
  expect(parseJson('NaN')).toBeNaN()
})
