import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseFilter } from '#contract/filter'
import type { JsonObject } from '#contract/json'
import { openMemory } from '../../testing/memoryTable.ts'
import { compileFilter } from './filterSql.ts'

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
