/** What the messages of one record merge into, and where that is deliberately not what Flowcept does. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import { field, parseJson, stringifyJson, type JsonObject } from '#contract/json'
import { classify, type RecordKind } from './classify.ts'
import { mergeBatch, mergeRecord, type MergeOptions } from './mergeRecord.ts'

const options: MergeOptions = { newId: () => 'new' }
const merge = (...messages: JsonObject[]): JsonObject => mergeRecord('task', messages.map((message) => ({ task_id: 'a', ...message })), options).document
const json = (text: string): JsonObject => parseJson(text) as JsonObject

describe('status', () => {
  test.each([
    [['SUBMITTED', 'RUNNING', 'FINISHED'], 'FINISHED'],
    [['FINISHED', 'RUNNING', 'SUBMITTED'], 'FINISHED'],
    [['RUNNING', 'WAITING', 'SUBMITTED'], 'RUNNING'],
    [['WAITING', 'SUBMITTED'], 'WAITING'],
    [['ERROR', 'FINISHED'], 'FINISHED'],
    [['FINISHED', 'ERROR'], 'ERROR'],
    [['FINISHED', 'ERROR', 'RUNNING'], 'ERROR'],
    [['SUBMITTED', 'UNKNOWN'], 'SUBMITTED'],
    [['UNKNOWN', 'SUBMITTED'], 'SUBMITTED'],
    [['RUNNING', 'CANCELLED', 'RUNNING'], 'CANCELLED'],
    [['FINISHED', 'CANCELLED'], 'FINISHED']
  ])('%j ends as %s, and every status leaves its flag', (statuses, expected) => {
    const document = merge(...statuses.map((status) => ({ status })))
    expect(document.status).toBe(expected)
    for (const status of statuses) expect(document[status.toLowerCase()]).toBe(true)
  })

  test('a null or missing status changes nothing', () => {
    expect(merge({ status: 'RUNNING' }, { status: null }, {})).toEqual({ task_id: 'a', status: 'RUNNING', running: true })
    expect(merge({ status: null })).toEqual({ task_id: 'a', status: null })
  })

  test('finished: true makes FINISHED, but not of an ERROR (Flowcept: of that too)', () => {
    expect(merge({ finished: true, status: 'RUNNING' })).toEqual({ task_id: 'a', finished: true, status: 'FINISHED' })
    expect(merge({ finished: true, status: 'ERROR' })).toEqual({ task_id: 'a', finished: true, status: 'ERROR', error: true })
    expect(merge({ finished: false, status: 'RUNNING' })).toEqual({ task_id: 'a', finished: false, status: 'RUNNING', running: true })
  })

  test('a flag takes no field away', () => {
    expect(merge({ status: 'ERROR', error: 'no space' }).error).toBe('no space')
    expect(merge({ error: 'no space' }, { status: 'ERROR' }).error).toBe('no space')
    expect(merge({ status: 'Used', used: { x: 1 } }).used).toEqual({ x: 1 })
    expect(merge({ status: 'USED' })).toEqual({ task_id: 'a', status: 'USED' })
    expect(merge({ status: 'RUNNING' }, { running: false }).running).toBe(true)
  })

  test('a status that is no text is kept and gives way to one that is', () => {
    expect(merge({ status: 3 })).toEqual({ task_id: 'a', status: 3 })
    expect(merge({ status: 'UNKNOWN' }, { status: 3 }).status).toBe('UNKNOWN')
  })
})

describe('fields', () => {
  test('an explicit null erases nothing, neither a field nor a value in a dict, and stays where nothing is known', () => {
    expect(merge({ started_at: 1, used: { x: 1, y: null } }, { started_at: null, ended_at: null, used: { x: null, z: null } })).toEqual({
      task_id: 'a', started_at: 1, used: { x: 1, y: null, z: null }, ended_at: null
    })
  })

  test('fields and the keys of dicts keep the order in which they were first seen', () => {
    const document = merge({ used: { b: 1 }, status: 'RUNNING' }, { status: 'FINISHED', generated: { y: 1 }, used: { a: 2, b: 3 } })
    expect(stringifyJson(document)).toBe('{"task_id":"a","used":{"b":3,"a":2},"status":"FINISHED","running":true,"generated":{"y":1},"finished":true}')
  })

  test('values with keys that every object inherits stay what they are, and nothing is polluted', () => {
    const text = '{"task_id":"a","__proto__":{"polluted":1},"used":{"__proto__":{"polluted":2},"constructor":3,"toString":{}},"status":"__proto__"}'
    const document = merge(json(text), json('{"used":{"__proto__":{"polluted":4},"hasOwnProperty":5}}'), { status: 'constructor' })
    const used = '{"__proto__":{"polluted":4},"constructor":3,"hasOwnProperty":5}'
    expect(stringifyJson(document)).toBe(`{"task_id":"a","__proto__":{"polluted":1},"used":${used},"status":"constructor","constructor":true}`)
    expect(Object.getPrototypeOf(document)).toBe(Object.prototype)
    expect('polluted' in {}).toBe(false)
  })

  test('a workflow_id that was captured stays, and so does the input of that name (Flowcept moves the input over it)', () => {
    expect(merge({ workflow_id: 'outer', used: { workflow_id: 'inner' } })).toEqual({ task_id: 'a', workflow_id: 'outer', used: { workflow_id: 'inner' } })
    expect(merge({ workflow_id: null, used: { workflow_id: 'inner' } })).toEqual({ task_id: 'a', workflow_id: 'inner', used: { workflow_id: 'inner' } })
    expect(merge({ used: { workflow_id: '' } })).toEqual({ task_id: 'a', used: { workflow_id: '' } })
  })

  test('a default campaign fills in only where no message names one', () => {
    const withDefault = { ...options, campaignId: 'default' }
    expect(mergeRecord('task', [{ task_id: 'a', campaign_id: 'c' }, { task_id: 'a' }], withDefault).document.campaign_id).toBe('c')
    expect(mergeRecord('task', [{ task_id: 'a' }, { task_id: 'a', campaign_id: null }], withDefault).document.campaign_id).toBe('default')
    expect(mergeRecord('workflow', [{ workflow_id: 'w' }], withDefault).document).toEqual({ workflow_id: 'w' })
  })

  test('records of any depth are merged without recursion', () => {
    const deep = '{"k":'.repeat(100_000) + '1' + '}'.repeat(100_000)
    const document = merge(json(`{"used":${deep},"status":"RUNNING"}`), json(`{"used":{"l":${deep}},"generated":[${deep}]}`))
    expect(stringifyJson(document).length).toBe(deep.length * 3 + '{"task_id":"a","used":,"l":,"status":"RUNNING","running":true,"generated":{"arg0":}}'.length)
  })

  test('messages are not changed', () => {
    const texts = ['{"task_id":"a","used":{"x":1,"e":{}},"generated":[1],"status":"running","type":"task"}', '{"task_id":"a","used":{"y":1},"generated":{}}']
    const messages = texts.map(json)
    mergeRecord('task', messages, options)
    expect(messages.map((message) => stringifyJson(message))).toEqual(texts)
  })
})

describe('ids', () => {
  test.each<[string, RecordKind, JsonObject, string]>([
    ['the task_id', 'task', { task_id: 't' }, 't'],
    ['a number as text', 'task', { task_id: 5 }, '5'],
    ['a wide number as text', 'task', { task_id: 2n ** 64n }, '18446744073709551616'],
    ['group and number of an iteration', 'task', { group_id: '14', used: { i: 7 } }, '147'],
    ['a new one for a member of a group without a number', 'task', { group_id: '14', used: {} }, 'new'],
    ['a new one for a member of a group of another subtype', 'task', { group_id: '14', subtype: 'x', used: { i: 7 } }, 'new'],
    ['a new one for a null', 'task', { task_id: null }, 'new'],
    ['the workflow_id', 'workflow', { workflow_id: 'w' }, 'w'],
    ['a new one for a workflow', 'workflow', { name: 'n' }, 'new'],
    ['the agent_id', 'agent', { agent_id: 'g', workflow_id: 'w' }, 'g'],
    ['the object_id', 'object', { object_id: 'o', task_id: 't' }, 'o']
  ])('%s', (_, kind, message, id) => {
    const record = mergeRecord(kind, [message], options)
    expect(record.id).toBe(id)
    if (!Object.values(message).includes(5) && typeof message.task_id !== 'bigint') expect(record.document[`${kind}_id`]).toBe(id)
  })
})

describe('workflows, agents and objects', () => {
  test('a workflow: interceptor_ids add up, machine_info is merged key by key, the status only goes forward, type stays, no flags', () => {
    const common = { workflow_id: 'w', type: 'workflow' }
    const first = { ...common, interceptor_ids: ['1'], machine_info: { a: { cpu: 1 }, b: 2 }, status: 'FINISHED', ended_at: 5 }
    const second = { ...common, interceptor_ids: ['2', '1'], machine_info: { a: { disk: 1 }, c: 3 }, status: 'RUNNING', ended_at: null }
    expect(mergeRecord('workflow', [first, second], options)).toEqual({
      id: 'w',
      document: { ...common, interceptor_ids: ['1', '2'], machine_info: { a: { disk: 1 }, b: 2, c: 3 }, status: 'FINISHED', ended_at: 5 }
    })
    expect(first.machine_info).toEqual({ a: { cpu: 1 }, b: 2 })
  })

  test('agents and objects: later values win, dicts are updated', () => {
    const agent = [{ agent_id: 'g', name: 'x', extra_metadata: { a: 1 } }, { agent_id: 'g', name: 'y', extra_metadata: { b: 1 } }]
    expect(mergeRecord('agent', agent, options).document).toEqual({ agent_id: 'g', name: 'y', extra_metadata: { a: 1, b: 1 } })
    const object = [{ object_id: 'o', version: 1, tags: ['a'] }, { object_id: 'o', version: 2, tags: ['b'] }]
    expect(mergeRecord('object', object, options).document).toEqual({ object_id: 'o', version: 2, tags: ['b'] })
  })
})

describe('real buffers', () => {
  const lines = (name: string): string[] => readFileSync(join(import.meta.dirname, `../../testing/fixtures/jsonl/${name}.jsonl`), 'utf8').trim().split('\n')
  const read = (name: string): JsonObject[] => lines(name).map(json)

  test.each(['02_pipeline', '03_loop', '05_errors', '07_agents', '11_status_updates'])('%s is read exactly, in the fast way and in the slow one', (name) => {
    for (const line of lines(name)) {
      const expected: unknown = JSON.parse(line)
      expect(parseJson(line)).toStrictEqual(expected)
      expect(parseJson(`[${line},12345678901234567890]`)).toStrictEqual([expected, 12345678901234567890n])
      expect(parseJson(stringifyJson(parseJson(line)))).toStrictEqual(expected)
    }
  })

  test('status updates of one task, late and partial ones too', () => {
    const tasks = mergeBatch('task', read('11_status_updates').filter((message) => classify(message) === 'task'), options)
    expect(tasks.map(({ id }) => id)).toEqual(Array.from({ length: 16 }, (_, index) => `job-${index}`))
    const status = Object.fromEntries(tasks.map(({ id, document }) => [id, document.status]))
    expect(status).toMatchObject({ 'job-0': 'FINISHED', 'job-1': 'FINISHED', 'job-3': 'FINISHED', 'job-8': 'RUNNING', 'job-9': 'SUBMITTED' })
    expect(status).toMatchObject({ 'job-10': 'WAITING', 'job-11': 'UNKNOWN' })
    const late = { used: { mesh: 1, threads: 4 }, generated: { residual: 0.1, iters: 3, late: true }, submitted: true, running: true, finished: true }
    expect(tasks[1]?.document).toMatchObject(late)
    expect(tasks[2]?.document.generated).toEqual({ residual: 0.5, iters: 6, extra: { note: 'second generated' } })
    expect(tasks[3]?.document).toMatchObject({ error: true, finished: true, started_at: 1784500023, ended_at: 1784500043 })
  })

  test('a workflow of two messages is one record', () => {
    const workflows = mergeBatch('workflow', read('12_sweep').filter((message) => classify(message) === 'workflow'), options)
    expect(workflows).toHaveLength(8)
    for (const { document } of workflows) expect(document).toMatchObject({ status: 'FINISHED', type: 'workflow', interceptor_ids: [expect.any(String)] })
  })

  test('odd values keep their exact value', () => {
    for (const message of read('08_odd_values').filter((item) => classify(item) === 'task')) {
      const { document } = mergeRecord('task', [message], options)
      for (const [name, value] of Object.entries(message)) {
        if (name === 'type' || ['used', 'generated', 'custom_metadata'].includes(name)) continue
        expect(isDeepStrictEqual(field(document, name), value)).toBe(true)
      }
      expect(parseJson(stringifyJson(document))).toStrictEqual(document)
    }
  })
})
