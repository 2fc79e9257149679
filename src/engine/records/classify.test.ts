/** Which kind of message is which, as Flowcept's inserter decides. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseJson, type JsonObject } from '#contract/json'
import { classify, type MessageKind } from './classify.ts'

describe('classify', () => {
  test.each<[string, MessageKind, JsonObject]>([
    ['type task', 'task', { type: 'task' }],
    ['type workflow, although there is a task_id', 'workflow', { type: 'workflow', task_id: 't' }],
    ['type agent, although there is an activity_id', 'agent', { type: 'agent', activity_id: 'a' }],
    ['type object, although there is a task_id', 'object', { type: 'object', object_id: 'o', task_id: 't' }],
    ['control', 'control', { type: 'flowcept_control', info: 'mq_flush_complete' }],
    ['a type nobody knows', 'unknown', { type: 'surprise', task_id: 'q' }],
    ['a type inherited by every object', 'unknown', { type: 'constructor', task_id: 'q' }],
    ['a type that is no text', 'unknown', { type: 5, task_id: 'q' }],
    ['no type but task_id', 'task', { task_id: 't', name: 'n' }],
    ['no type but activity_id and agent_id', 'task', { activity_id: 'x', agent_id: 'ag' }],
    ['no type but agent_id and name', 'agent', { agent_id: 'ag', name: 'n' }],
    ['no type but name', 'workflow', { name: 'n' }],
    ['no type but environment_id', 'workflow', { environment_id: 'e' }],
    ['null is no type', 'task', { type: null, activity_id: 'a' }],
    ['a field counts even where it is null', 'task', { task_id: null, name: 'n' }],
    ['an object without a type', 'unknown', { object_id: 'o' }],
    ['nothing', 'unknown', {}]
  ])('%s', (_, kind, message) => {
    expect(classify(message)).toBe(kind)
  })

  test('the real buffers have as many of each kind as their runs wrote', () => {
    const folder = join(import.meta.dirname, '../../testing/fixtures/jsonl')
    const counts: Record<string, Record<string, number>> = {}
    for (const name of readdirSync(folder)) {
      if (name.startsWith('13')) continue // its last line is cut
      const kinds: Record<string, number> = {}
      for (const line of readFileSync(join(folder, name), 'utf8').trim().split('\n')) {
        const kind = classify(parseJson(line) as JsonObject)
        kinds[kind] = (kinds[kind] ?? 0) + 1
      }
      counts[name.slice(0, name.indexOf('_'))] = kinds
    }
    expect(counts).toEqual({
      '01': { task: 2 },
      '02': { workflow: 2, task: 22 },
      '03': { workflow: 2, task: 256 },
      '04': { workflow: 6, task: 16, object: 1 },
      '05': { workflow: 2, task: 15 },
      '06': { workflow: 2, task: 22 },
      '07': { agent: 2, workflow: 2, task: 10 },
      '08': { workflow: 2, task: 78 },
      '08b': { workflow: 1, task: 2 },
      '10': { task: 52, workflow: 2 },
      '11': { workflow: 2, task: 37 },
      '12': { workflow: 16, task: 24 }
    })
  })
})
