import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseFilter } from '#contract/filter'
import type { JsonObject } from '#contract/json'
import { openMemory } from '../../../testing/memoryTable.ts'
import { compileFilter } from './filterSql.ts'
import type { NamedColumn } from '../table/sourceTable.ts'

let memory: Awaited<ReturnType<typeof openMemory>>
beforeAll(async () => {
  memory = await openMemory()
})
afterAll(() => memory.close())

/** Indexes of the records that the filter leaves. */
async function matches(records: readonly JsonObject[], filter: unknown): Promise<number[]> {
  const table = await memory.table(records)
  const where = compileFilter(table, 'tasks', parseFilter(filter))
  const rows = await table.query({ text: `SELECT r.line FROM ${table.rows} r WHERE ${where.text} ORDER BY r.line`, values: where.values })
  return rows.map(([line]) => Number(line))
}

describe('values of one kind', () => {
  const records = [{ lr: 0.1, status: 'ERROR' }, { lr: 5, status: 'FINISHED' }, { lr: null }, {}] as JsonObject[]
  test.each([
    [{}, [0, 1, 2, 3]],
    [{ status: 'ERROR' }, [0]],
    [{ lr: { $gte: 0.1, $lt: 5 } }, [0]],
    [{ lr: null }, [2, 3]],
    [{ lr: { $exists: true } }, [0, 1, 2]],
    [{ lr: { $exists: false } }, [3]],
    [{ lr: { $ne: 5 } }, [0, 2, 3]],
    [{ lr: { $gte: null } }, [2]],
    [{ status: { $regex: '^err', $options: 'i' } }, [0]],
    [{ $nor: [{ status: 'ERROR' }, { lr: 5 }] }, [2, 3]],
    [{ status: { $not: { $in: ['ERROR', null] } } }, [1]],
    [{ 'lr.x': null }, [0, 1, 2, 3]],
    [{ unknown: 1 }, []]
  ])('%j leaves %j', async (filter, expected) => {
    expect(await matches(records, filter)).toEqual(expected)
  })
})

describe('lists and dicts', () => {
  const records = [
    { a: [{ x: 1 }, { x: [2, 3] }] },
    { a: { x: 1 } },
    { a: [1, 'b', null] },
    { a: {} },
    { a: { x: 1, y: { z: [1, { q: null }] } } },
    { a: 'b' },
    {}
  ] as JsonObject[]
  test.each([
    [{ 'a.x': 1 }, [0, 1, 4]],
    [{ 'a.x': { $gt: 2 } }, [0]],
    [{ 'a.x': { $exists: true } }, [0, 1, 4]],
    [{ 'a.1.x.0': 2 }, [0]],
    [{ 'a.0': 1 }, [2]],
    [{ a: { x: 1 } }, [0, 1]],
    [{ a: {} }, [3]],
    [{ a: { y: { z: [1, { q: null }] }, x: 1 } }, [4]],
    [{ a: 'b' }, [2, 5]],
    [{ a: null }, [2, 6]],
    [{ a: [1, 'b', null] }, [2]],
    [{ 'a.x': null }, [3, 5, 6]],
    [{ 'a.y.z.q': null }, [1, 3, 4, 5, 6]]
  ])('%j leaves %j', async (filter, expected) => {
    expect(await matches(records, filter)).toEqual(expected)
  })
})

test('a path is found in thousands of shapes', async () => {
  const records = Array.from({ length: 5000 }, (_, index): JsonObject => ({ [`k${index}`]: {}, ...(index % 2 === 0 ? { a: null } : index % 3 === 0 ? { a: { x: index } } : {}) }))
  const table = await memory.table(records)
  expect(table.shapes.length).toBeGreaterThan(4000)
  const find = async (filter: unknown): Promise<number> => {
    const where = compileFilter(table, 'tasks', parseFilter(filter))
    const [row] = await table.query({ text: `SELECT count(*) FILTER (WHERE ${where.text}) FROM ${table.rows} r`, values: where.values })
    return Number(row?.[0])
  }
  const dicts = records.filter((record) => record['a'] && typeof record['a'] === 'object').length
  expect(await find({ a: { $exists: true } })).toBe(2500 + dicts)
  expect(await find({ a: { $exists: false } })).toBe(2500 - dicts)
  expect(await find({ a: null })).toBe(5000 - dicts)
  expect(await find({ a: { $gte: null } })).toBe(2500)
  expect(await find({ a: { x: 3 } })).toBe(1)
  expect(await find({ $or: [{ a: { x: 3 } }, { a: { $ne: null } }] })).toBe(dicts)
})

test('a computed column is missing where it is null', async () => {
  const derived = (column: (name: string) => string): NamedColumn[] => [
    { name: 'duration', prefix: '', type: 'number', unit: 's', derived: true, filled: 1, storage: 'DOUBLE', sql: `(${column('e')} - ${column('s')})`, physical: null },
    { name: 'summary.cpu', prefix: 'summary.', type: 'number', unit: null, derived: true, filled: 1, storage: 'DOUBLE', sql: `(${column('e')} * 1.0)`, physical: null }
  ]
  const table = await memory.table([{ s: 1, e: 3 }, { s: 1 }, { s: 0, e: 9 }], { derived })
  const find = async (filter: unknown): Promise<number[]> => {
    const where = compileFilter(table, 'tasks', parseFilter(filter))
    const rows = await table.query({ text: `SELECT r.line FROM ${table.rows} r WHERE ${where.text} ORDER BY 1`, values: where.values })
    return rows.map(([line]) => Number(line))
  }
  expect(await find({ duration: { $gt: 2 } })).toEqual([2])
  expect(await find({ duration: { $exists: false } })).toEqual([1])
  expect(await find({ duration: null })).toEqual([1])
  expect(await find({ duration: { $gte: null } })).toEqual([])
  expect(await find({ summary: { $exists: true } })).toEqual([0, 2])
  expect(await find({ 'summary.cpu': { $ne: 3 } })).toEqual([1, 2])
})

test('text that no UTF-8 can hold harms no filter', async () => {
  const records = [{ a: '\ud800' }, { a: 'x' }, { a: ['\ud800', 1] }, { a: 1 }, {}] as JsonObject[]
  expect(await matches(records, { a: 'x' })).toEqual([1])
  expect(await matches(records, { a: '\ud800' })).toEqual([0])
  expect(await matches(records, { a: null })).toEqual([4])
  expect(await matches(records, { 'a.x': { $exists: true } })).toEqual([])
  expect(await matches(records, { a: { $not: { $gt: 0 } } })).toEqual([0, 1, 2, 4])
})

test('the kind of a value is that of its record, not of its column', async () => {
  const records = [{ a: 5 }, { a: '5' }, { a: true }, { a: 'true' }, { a: 5.5 }, { a: 12345678901234567890n }, { a: null }, { a: { b: 5 } }, { a: [] }] as JsonObject[]
  expect(await matches(records, { a: 5 })).toEqual([0])
  expect(await matches(records, { a: '5' })).toEqual([1])
  expect(await matches(records, { a: { $gt: 4 } })).toEqual([0, 4, 5])
  expect(await matches(records, { a: { $gte: 'a' } })).toEqual([3])
  expect(await matches(records, { a: { $lte: true } })).toEqual([2])
  expect(await matches(records, { a: { $in: [true, 'true', 12345678901234567890n] } })).toEqual([2, 3, 5])
  expect(await matches(records, { a: [] })).toEqual([8])
})

test('nothing of a filter becomes SQL', async () => {
  const nasty = `'; DROP TABLE x; -- " \\ $1 ? )`
  const records = [{ [nasty]: nasty }, { a: [{ [nasty]: nasty }] }] as JsonObject[]
  expect(await matches(records, { [nasty]: nasty })).toEqual([0])
  expect(await matches(records, { [`a.${nasty.replace('?', '')}`]: nasty })).toEqual([])
  expect(await matches(records, { [`a.${nasty}`]: { $regex: 'DROP' } })).toEqual([1])
})

test('large filters', async () => {
  const records = [{ a: 1, b: 'x' }, { a: 2 }, { a: 'x' }] as JsonObject[]
  const many = Array.from({ length: 3000 }, (_, index) => index + 2)
  expect(await matches(records, { a: { $in: [...many, 'y'] } })).toEqual([1])
  expect(await matches(records, { $or: many.map((value) => ({ a: value })) })).toEqual([1])
  expect(await matches(records, { $and: many.map((value) => ({ a: { $ne: value } })) })).toEqual([0, 2])
  let deep: unknown = { a: 1 }
  for (let level = 0; level < 30; level++) deep = { $nor: [deep] }
  expect(await matches(records, deep)).toEqual([0])
})
