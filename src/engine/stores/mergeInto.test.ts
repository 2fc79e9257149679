/** Equality of values, as merging and reading back go by. */
import { describe, expect, test } from 'vitest'
import { parseJson, type JsonValue } from '#contract/json'
import { sameValue } from './mergeInto.ts'

describe('values are the same', () => {
  test.each<[string, JsonValue | undefined, JsonValue | undefined, boolean]>([
    ['text', 'a', 'a', true],
    ['text and number', '1', 1, false],
    ['zero and minus zero', 0, -0, false],
    ['NaN', NaN, NaN, true],
    ['a small integer of either kind', 1n, 1, true],
    ['a large integer and the float of its size', 2n ** 60n, 2 ** 60, false],
    ['true and 1', true, 1, false],
    ['null and missing', null, undefined, false],
    ['null and an empty dict', null, {}, false],
    ['an empty list and an empty dict', [], {}, false],
    ['a dict in another order', { a: 1, b: [1, { c: 2n }] }, { b: [1, { c: 2 }], a: 1 }, true],
    ['a null and no key', { a: null }, { b: null }, false],
    ['one key more', { a: 1 }, { a: 1, b: null }, false],
    ['a list of another length', [1], [1, 1], false],
    ['keys that every object has', parseJson('{"__proto__":1}') , parseJson('{"toString":1}'), false],
    ['keys of an odd name', parseJson('{"__proto__":{"a":1}}'), parseJson('{"__proto__":{"a":1}}'), true]
  ])('%s', (_name, left, right, expected) => {
    expect(sameValue(left, right)).toBe(expected)
    expect(sameValue(right, left)).toBe(expected)
  })

  test('at any depth', () => {
    const deep = (inner: JsonValue): JsonValue => Array.from({ length: 800 }).reduce<JsonValue>((value) => [{ a: value, b: 1 }], inner)
    expect(sameValue(deep(1), deep(1n))).toBe(true)
    expect(sameValue(deep(1), deep(2))).toBe(false)
  })
})
