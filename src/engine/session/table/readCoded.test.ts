import { expect, test } from 'vitest'
import { openFixture } from '../../../testing/openFixture.ts'
import { tinyTable } from '../../../testing/tinyTable.ts'
import { taskColumns, tasksIn } from '../overview/taskColumns.ts'
import { readCoded } from './readCoded.ts'
import { everything } from './rowsIn.ts'
import type { SourceTable } from './sourceTable.ts'

const signal = new AbortController().signal

/** The same by the plain way, a row at a time. */
async function isAsRows(table: SourceTable): Promise<void> {
  const of = taskColumns(table)
  const rows = tasksIn(table, everything, { line: 'r.line', start: of.start, activity: of.activity, status: of.status, id: of.id })
  const plain = await table.query({ text: `SELECT t.line::DOUBLE, t.start, t.activity, t.status, t.id FROM (${rows.text}) t ORDER BY t.line`, values: rows.values })
  const { lines, numbers, texts } = await readCoded(table, { rows, numbers: { start: 't.start', one: '1' }, texts: ['t.activity', 't.status', 't.id'] }, signal)
  expect(plain.length).toBeGreaterThan(0)
  expect([...lines]).toEqual(plain.map((row) => row[0]))
  expect([...numbers.start]).toEqual(plain.map((row) => row[1] ?? NaN))
  expect(new Set(numbers.one)).toEqual(new Set([1]))
  texts.forEach(({ codes, values }, at) => {
    expect(Array.from(codes, (code) => values[code])).toEqual(plain.map((row) => row[2 + at]))
    expect(new Set(values).size).toBe(values.length)
  })
}

test('columns are what rows are: streamed out of a source', async () => {
  for (const name of ['03_loop', '10_dask', '11_status_updates']) {
    const { source, close } = await openFixture(`jsonl/${name}.jsonl`)
    await isAsRows(source)
    await close()
  }
})

test('columns are what rows are: of a table that only has rows, and in which texts and numbers are missing', async () => {
  const task = (id: string, more: object): string => JSON.stringify({ type: 'task', task_id: id, ...more })
  const table = await tinyTable([task('a', { activity_id: 'load', started_at: 1_784_500_000.25 }), task('b', { status: 'ERROR' }), task('c', { activity_id: 'load', status: 'ERROR' }), task('d', { activity_id: '' })])
  await isAsRows(table)
  table.close()
})

test('no texts, and no rows', async () => {
  const table = await tinyTable([JSON.stringify({ type: 'workflow', workflow_id: 'w' })])
  const rows = tasksIn(table, everything, { line: 'r.line' })
  expect(await readCoded(table, { rows, numbers: { one: '1' }, texts: [] }, signal)).toEqual({ lines: new Float64Array(0), numbers: { one: new Float64Array(0) }, texts: [] })
  expect((await readCoded(table, { rows, numbers: {}, texts: ["'x'"] }, signal)).texts).toEqual([{ codes: new Int32Array(0), values: [] }])
  table.close()
})
