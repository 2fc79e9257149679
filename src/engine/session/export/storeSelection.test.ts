/** What an export into a store takes: each selection is its own, however many are made at once. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SourceTable } from '../table/sourceTable.ts'
import { tinyTable } from '../../../testing/tinyTable.ts'
import { selectForStore } from './storeSelection.ts'

let table: SourceTable & { close: () => void }
beforeAll(async () => {
  table = await tinyTable(Array.from({ length: 40 }, (_, n) => ({ type: 'task', task_id: `t${n}`, workflow_id: 'w', n })))
})
afterAll(() => table.close())

test('several at once are told apart, and leave nothing behind', async () => {
  const { signal } = new AbortController()
  const totals = [10, 20, 30, 40]
  const selections = await Promise.all(totals.map((most) => selectForStore(table, { records: 'tasks', scope: { filter: { n: { $lt: most } }, search: '' }, related: true }, signal)))
  expect(selections.map(({ kinds }) => kinds.task.total)).toEqual(totals)
  expect(new Set(selections.map(({ kinds }) => kinds.task.table)).size).toBe(totals.length)
  for (const [index, { kinds }] of selections.entries()) {
    const [counted] = await table.query({ text: `SELECT count(*) FROM ${kinds.task.table}`, values: [] }, signal)
    expect(Number(counted?.[0])).toBe(totals[index])
  }
  await Promise.all(selections.map(async ({ close }) => await close()))
  await expect(table.query({ text: `SELECT count(*) FROM ${selections[0]?.kinds.task.table ?? ''}`, values: [] }, signal)).rejects.toThrow('does not exist')
})
