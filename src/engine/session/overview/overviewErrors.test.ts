import { expect, test } from 'vitest'
import { methods } from '#contract/methods'
import { openFixture } from '../../../testing/openFixture.ts'
import { countBy, type Dict, messagesOf, openMessages, sum, tasksOf, timesOf, valueAt, whole } from '../../../testing/overviewOracle.ts'
import { overviewErrors } from './overviewErrors.ts'
import { overviewSummary } from './overviewSummary.ts'
import type { SourceTable } from '../table/sourceTable.ts'

const signal = new AbortController().signal
const params = { ...whole, offset: 0, limit: 100, bins: 5 }

/** The last line of the first of these that says anything. */
function messageOf(task: Dict): string | null {
  const said = [task.stderr, ...['exception', 'message', 'error', 'traceback'].map((key) => valueAt(task, `stderr.${key}`))]
  const texts = said.flatMap((value) => (typeof value === 'string' ? value : Array.isArray(value) ? value.filter((part) => typeof part === 'string' && part.trim() !== '').slice(-1) : []) as string | string[])
  const text = texts.find((candidate) => candidate.trim() !== '')
  return text === undefined ? null : (text.split('\n').filter((line) => line.trim() !== '').at(-1) ?? '').trim()
}

async function checkAgainst(table: SourceTable, tasks: readonly Dict[]): Promise<void> {
  const failed = tasks.filter((task) => task.status === 'ERROR')
  const answer = methods['overview.errors'].result.parse(await overviewErrors(table, params, signal))
  expect(answer.errors).toBe(failed.length)
  expect(Object.fromEntries(answer.messages.map(({ text, tasks: count }) => [String(text), count]))).toEqual(countBy(failed.map(messageOf)))
  expect(answer.totalMessages).toBe(answer.messages.length)
  const times = tasks.map(timesOf).flatMap(({ start, end }) => [start ?? [], end ?? []].flat())
  const [from, to] = [Math.min(...times), Math.max(...times)]
  for (const message of answer.messages) {
    const group = failed.filter((task) => messageOf(task) === message.text)
    const bins = group.flatMap((task) => timesOf(task).end ?? timesOf(task).start ?? []).map((time) => Math.min(4, Math.floor((time - from) / ((to - from) / 5))))
    expect(message.bins).toEqual([0, 1, 2, 3, 4].map((bin) => bins.filter((other) => other === bin).length))
    if (message.filter !== null) expect((await overviewSummary(table, { ...whole, scope: { filter: message.filter, search: '' } }, signal)).tasks, JSON.stringify(message.filter)).toBe(group.length)
  }
  const perActivity = countBy(failed.map((task) => task.activity_id))
  expect(Object.fromEntries(answer.activities.map((row) => [String(row.activity), row.tasks]))).toEqual(perActivity)
  for (const { activity, share, tasks: count } of answer.activities) expect(share).toBeCloseTo(count / tasks.filter((task) => task.activity_id === activity).length, 12)
  expect(answer.activities.map((row) => row.tasks)).toEqual(answer.activities.map((row) => row.tasks).toSorted((a, b) => b - a))
}

test.each(['03_loop', '05_errors', '07_agents', '10_dask', '11_status_updates'])('%s: errors group by what stderr says last', async (name) => {
  const { source, close } = await openFixture(`jsonl/${name}.jsonl`)
  await checkAgainst(source, tasksOf(messagesOf(name)))
  await close()
})

test('text, trace-backs, dicts, lists, blanks and characters with a meaning in patterns', async () => {
  const said: unknown[] = [
    'plain', 'plain', '  plain \n\n', 'Traceback:\n  File "a.py"\nplain', 'plain (really?) [1+1] $x ^.*|\\d {2}', 'first\nplain (really?) [1+1] $x ^.*|\\d {2}', 'notplain',
    { exception: 'Boom', traceback: 'File\nline' }, { exception: '', traceback: 'File\nlast line\n' }, { error: 'Boom' }, ['one\n', 'two: bad\n', ''], [], '', ' \n', undefined, null
  ]
  const messages = said.map((stderr, index): Dict => ({ type: 'task', task_id: `t${index}`, activity_id: `a${index % 3}`, status: 'ERROR', started_at: 1_784_500_000 + index, ...(stderr !== undefined && { stderr }) }))
  const { source, close } = await openMessages([...messages, { type: 'task', task_id: 'ok', activity_id: 'a0', status: 'FINISHED', stderr: 'plain', started_at: 1_784_500_050 }])
  const answer = await overviewErrors(source, params, signal)
  const counts = Object.fromEntries(answer.messages.map(({ text, tasks }) => [String(text), tasks]))
  expect(counts).toEqual({ plain: 4, 'plain (really?) [1+1] $x ^.*|\\d {2}': 2, notplain: 1, Boom: 2, 'last line': 1, 'two: bad': 1, '[]': 1, null: 4 })
  for (const { filter, tasks, text } of answer.messages) {
    if (filter !== null) expect((await overviewSummary(source, { ...whole, scope: { filter, search: '' } }, signal)).tasks, String(text)).toBe(tasks)
  }
  expect(answer.messages.filter(({ filter }) => filter === null).map(({ text }) => text).toSorted()).toEqual(['Boom', '[]', null, 'two: bad'].toSorted())
  await close()
})

test('messages come a page at a time; the total stays', async () => {
  const { source, close } = await openFixture('jsonl/05_errors.jsonl')
  const all = await overviewErrors(source, params, signal)
  const pages = await Promise.all([0, 2, 4].map((offset) => overviewErrors(source, { ...params, offset, limit: 2 }, signal)))
  expect(pages.flatMap(({ messages }) => messages)).toEqual(all.messages)
  expect(new Set(pages.map(({ totalMessages }) => totalMessages))).toEqual(new Set([all.totalMessages]))
  expect(sum(all.messages.map(({ tasks }) => tasks))).toBe(all.errors)
  await close()
})
