import { afterAll, beforeAll, expect, test } from 'vitest'
import type { JsonObject } from '#contract/json'
import { Refusal } from '#contract/reply'
import { openMemory } from '../../../testing/memoryTable.ts'
import { filterCheck, filterCounts } from './filterQueries.ts'
import { whereOf } from './filterSql.ts'
import type { SourceTable } from '../table/sourceTable.ts'

let memory: Awaited<ReturnType<typeof openMemory>>
let table: SourceTable
beforeAll(async () => {
  memory = await openMemory()
  table = await memory.table([{ status: 'ERROR', used: { lr: 0.1 } }, { status: 'FINISHED', used: { lr: 5 }, tags: [{ name: 'x' }] }, { status: 'ERROR' }] as JsonObject[])
})
afterAll(() => memory.close())

const signal = new AbortController().signal
const at = { sourceId: 'memory', records: 'tasks' } as const

test('a filter is counted, and the columns nobody has are named', async () => {
  const filter = { $or: [{ status: 'ERROR' }, { 'used.lrr': 1 }], nothing: null, used: { $exists: true }, 'tags.name': { $ne: 'y' } }
  expect(await filterCheck(table, { ...at, filter }, signal)).toEqual({ count: 1, unknownColumns: ['used.lrr', 'nothing'] })
  expect(await filterCheck(table, { ...at, filter: {} }, signal)).toEqual({ count: 3, unknownColumns: [] })
})

test('what is no filter is refused', async () => {
  await expect(filterCheck(table, { ...at, filter: { status: { $equals: 1 } } }, signal)).rejects.toThrow(Refusal)
  await expect(filterCheck(table, { ...at, filter: 'ERROR' }, signal)).rejects.toThrow('A filter is an object')
})

test('several scopes are counted at once', async () => {
  const scopes = [
    { filter: {}, search: '' },
    { filter: { status: 'ERROR' }, search: '' },
    { filter: { status: 'ERROR' }, search: '0.1' },
    { filter: { used: { $exists: false } }, search: 'error' },
    { filter: {}, search: 'unheard of' }
  ]
  expect(await filterCounts(table, { ...at, scopes }, signal)).toEqual({ counts: [3, 2, 1, 1, 0] })
  expect(await filterCounts(table, { ...at, records: 'workflows', scopes: scopes.slice(0, 2) }, signal)).toEqual({ counts: [0, 0] })
})

test('an or in the kind of record stays within it', () => {
  const either: SourceTable = Object.create(table, { recordsPredicate: { value: () => 'r.kind = 0 OR r.kind = 1' } }) as SourceTable
  expect(whereOf(either, 'tasks', { filter: { status: 'ERROR' }, search: '' }).text).toMatch(/^\(\(r\.kind = 0 OR r\.kind = 1\) AND /)
})
