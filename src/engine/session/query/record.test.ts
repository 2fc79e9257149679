import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { field, isJsonObject, type JsonObject, parseJson } from '#contract/json'
import type { Params } from '#contract/methods'
import { fixtureFolder, openFixture } from '../../../testing/openFixture.ts'
import type { OpenSource } from '../load/openSource.ts'
import { getRecord } from './record.ts'

const signal = new AbortController().signal
type Opened = { source: OpenSource; close(): Promise<void> }

function get({ source }: Opened, records: Params<'records.get'>['records'], id: string, more: Partial<Params<'records.get'>> = {}) {
  return getRecord(source, { sourceId: 's', records, id, messagesOffset: 0, messagesLimit: 50, ...more }, signal)
}

const linesOf = (name: string): string[] => readFileSync(join(fixtureFolder, 'jsonl', name), 'utf8').trimEnd().split('\n')

describe('records.get', () => {
  let updates: Opened
  let odd: Opened
  let telemetry: Opened
  beforeAll(async () => {
    updates = await openFixture('jsonl/11_status_updates.jsonl')
    odd = await openFixture('jsonl/08_odd_values.jsonl')
    telemetry = await openFixture('jsonl/06_telemetry_full.jsonl')
  })
  afterAll(async () => await Promise.all([updates.close(), odd.close(), telemetry.close()]))

  test('a task of several messages: merged, with each message where it stands', async () => {
    const lines = linesOf('11_status_updates.jsonl')
    const expected = lines.flatMap((text, index) => {
      const byte = Buffer.byteLength(lines.slice(0, index).map((line) => `${line}\n`).join(''))
      return (parseJson(text) as JsonObject).task_id === 'job-0' ? [{ id: String(index), file: '11_status_updates.jsonl', line: index + 1, byte, text }] : []
    })
    const record = await get(updates, 'tasks', 'job-0')
    expect(expected.length).toBeGreaterThan(2)
    expect(record.messages.map((message) => ({ ...message, id: '' }))).toEqual(expected.map((message) => ({ ...message, id: '' })))
    expect(record.messagesTotal).toBe(expected.length)
    expect(parseJson(record.document)).toMatchObject({ task_id: 'job-0', status: 'FINISHED', used: { mesh: 0, threads: 4 }, submitted_at: 1784500000, running: true, finished: true })
    expect((await get(updates, 'tasks', 'job-0', { messagesOffset: 1, messagesLimit: 1 })).messages).toEqual([record.messages[1]])
  })

  test('a task of one message is its normal form, to the last digit', async () => {
    for (const text of linesOf('08_odd_values.jsonl')) {
      const message = parseJson(text) as JsonObject
      const id = message.task_id
      if (typeof id !== 'string' || message.type !== 'task') continue
      const record = await get(odd, 'tasks', id)
      expect(record.messages.map((one) => one.text)).toContain(text)
      const document = parseJson(record.document) as JsonObject
      expect(document.type).toBeUndefined()
      const used = field(message, 'used')
      if (record.messagesTotal === 1 && isJsonObject(used) && used.value !== undefined && typeof used.value !== 'object') expect((document.used as JsonObject).value).toEqual(used.value)
    }
  })

  test('telemetry and duration among the tasks of its activity', async () => {
    const { source } = telemetry
    const tasks = linesOf('06_telemetry_full.jsonl').map((line) => parseJson(line) as JsonObject).filter((message) => message.task_id !== undefined)
    const durations = (activity: unknown): number[] => tasks.filter((task) => task.activity_id === activity && typeof task.ended_at === 'number').map((task) => (task.ended_at as number) - (task.started_at as number))
    const task = tasks.find((one) => isJsonObject(one.telemetry_at_start) && isJsonObject(one.telemetry_at_end) && typeof one.ended_at === 'number') as JsonObject
    const record = await get(telemetry, 'tasks', task.task_id as string)
    const all = durations(task.activity_id)
    const own = (task.ended_at as number) - (task.started_at as number)
    expect(record.duration).toMatchObject({ tasks: all.length, percentile: all.filter((seconds) => seconds <= own).length / all.length })
    expect(record.duration?.quantiles).toEqual([...(record.duration?.quantiles ?? [])].sort((a, b) => a - b))
    expect(JSON.parse(record.telemetrySummary ?? 'null')).toMatchObject({ duration_sec: own, cpu: { user_time_diff: expect.any(Number) as number } })
    const [total] = await source.query({ text: `SELECT count(*) FROM ${source.rows} r WHERE ${source.recordsPredicate('tasks')}`, values: [] })
    expect(Number(total?.[0])).toBeGreaterThan(all.length)
  })

  test('messages and workflows have documents too, and nothing is made up for them', async () => {
    const [first] = linesOf('06_telemetry_full.jsonl')
    const message = await get(telemetry, 'messages', '0')
    expect(message).toMatchObject({ id: '0', records: 'messages', document: first, telemetrySummary: null, duration: null, messagesTotal: 1 })
    expect(message.messages).toEqual([{ id: '0', file: '06_telemetry_full.jsonl', line: 1, byte: 0, text: first }])
    const { workflow_id: id } = parseJson(first as string) as { workflow_id: string }
    const workflow = await get(telemetry, 'workflows', id)
    expect(workflow).toMatchObject({ id, telemetrySummary: null, duration: null, messagesTotal: 2 })
    expect(parseJson(workflow.document)).toMatchObject({ workflow_id: id, status: 'FINISHED' })
  })

  test('what is not there is refused', async () => {
    await expect(get(updates, 'tasks', 'nobody')).rejects.toMatchObject({ code: 'not-found', message: 'There is no task "nobody" in this source.' })
    await expect(get(updates, 'messages', 'job-0')).rejects.toMatchObject({ code: 'not-found' })
  })
})
