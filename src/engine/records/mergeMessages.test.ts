/** Merging is the same whether it is done at once, batch by batch or message by message: what following a live run rests on. */
import fc from 'fast-check'
import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { setField, stringifyJson, type JsonObject, type JsonValue } from '#contract/json'
import type { RecordKind } from './classify.ts'
import { mergeRecord, normalForm } from './mergeRecord.ts'

const options = { newId: () => 'new' }
const known = ['SUBMITTED', 'WAITING', 'RUNNING', 'ERROR', 'FINISHED', 'UNKNOWN']
const statuses = fc.constantFrom<JsonValue>(...known, 'finished', 'Running', 'CANCELLED', 'PAUSED', 'USED', null, 4)
const scalar = fc.constantFrom<JsonValue>(null, true, false, 1, 'x', NaN, 2n ** 60n, '')
const list: fc.Arbitrary<JsonValue> = fc.array(scalar, { maxLength: 2 })
const inner = fc.oneof(scalar, fc.constantFrom<JsonValue>({}, { z: {} }, [1], 'w1'))
const dict: fc.Arbitrary<JsonValue> = objectOf(fc.constantFrom('x', 'y', '__proto__', 'workflow_id', 'i'), inner)
const anyValue = fc.oneof(scalar, dict, list)

/** A message of one record whose dict fields hold `value`s, in any order. */
function message(value: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonObject> {
  const fields: [string, fc.Arbitrary<JsonValue>][] = [
    ['status', statuses],
    ['type', fc.constant('task')],
    ['tags', list],
    ['interceptor_ids', fc.array(fc.constantFrom<JsonValue>('1', '2', 3))],
    ...['used', 'generated', 'custom_metadata', 'machine_info'].map((name): [string, fc.Arbitrary<JsonValue>] => [name, value]),
    ...['group_id', 'subtype', 'started_at', 'finished', 'running', 'error', 'cancelled', 'stderr', '__proto__'].map(
      (name): [string, fc.Arbitrary<JsonValue>] => [name, scalar]
    )
  ]
  const entry = fc.oneof(...fields.map(([name, arbitrary]) => fc.tuple(fc.constant(name), arbitrary)))
  return fc.array(entry, { maxLength: 8 }).map((entries) => ({ ...toObject(entries), task_id: 'a', workflow_id: 'a', agent_id: 'a', object_id: 'a' }))
}

function objectOf(keys: fc.Arbitrary<string>, values: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonObject> {
  return fc.array(fc.tuple(keys, values), { maxLength: 3 }).map(toObject)
}

function toObject(entries: readonly (readonly [string, JsonValue])[]): JsonObject {
  const object: JsonObject = {}
  for (const [key, value] of entries) setField(object, key, value)
  return object
}

const kinds = fc.constantFrom<RecordKind>('task', 'workflow', 'agent', 'object')
const merged = (kind: RecordKind, messages: JsonObject[]): JsonObject => mergeRecord(kind, messages, options).document
/** To the order of the fields. */
const same = (a: JsonObject, b: JsonObject): boolean => isDeepStrictEqual(a, b) && stringifyJson(a) === stringifyJson(b)

test('a document and the messages since give the same as all messages at once', () => {
  fc.assert(
    fc.property(kinds, fc.array(message(anyValue), { minLength: 1, maxLength: 6 }), fc.nat(), (kind, messages, cut) => {
      const at = (cut % messages.length) + 1
      expect(same(merged(kind, [merged(kind, messages.slice(0, at)), ...messages.slice(at)]), merged(kind, messages))).toBe(true)
    }),
    { numRuns: 1000 }
  )
})

test('batches merged apart and then together give the same too', () => {
  const batches = fc.array(fc.array(message(dict), { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(kinds, batches, (kind, apart) => {
      const together = merged(kind, apart.map((batch) => merged(kind, batch)))
      expect(same(together, merged(kind, apart.flat()))).toBe(true)
    }),
    { numRuns: 1000 }
  )
})

test('the normal form of a normal form, and of a document, is itself', () => {
  fc.assert(
    fc.property(kinds, fc.array(message(anyValue), { minLength: 1, maxLength: 3 }), (kind, messages) => {
      const document = merged(kind, messages)
      expect(same(normalForm(kind, document, options), document)).toBe(true)
    }),
    { numRuns: 500 }
  )
})

test('whatever the order of messages, no known value is lost, a final status stays final and every flag stays', () => {
  fc.assert(
    fc.property(fc.array(message(dict), { minLength: 1, maxLength: 5 }), (messages) => {
      const document = merged('task', messages)
      const normal = messages.map((item) => normalForm('task', item, options))
      const ends = normal.some((item) => item.status === 'FINISHED' || item.status === 'ERROR')
      expect(document.status === 'FINISHED' || document.status === 'ERROR').toBe(ends)
      for (const item of normal) {
        for (const [name, value] of Object.entries(item)) {
          if (value !== null) expect(Object.hasOwn(document, name) && document[name] !== null).toBe(true)
          if (value === true && known.includes(name.toUpperCase())) expect(document[name]).not.toBe(false)
        }
      }
    }),
    { numRuns: 500 }
  )
})
