import { describe, expect, test } from 'vitest'
import { escapeRegex, phraseOf, splitFilter, wordsOf } from './filterWords.ts'
import { conditionOf, filterFor } from './filterValue.ts'

describe('splitting a filter into chips', () => {
  test.each([
    [{}, []],
    [{ status: 'ERROR' }, [{ status: 'ERROR' }]],
    [{ status: 'ERROR', 'used.lr': 1 }, [{ status: 'ERROR' }, { 'used.lr': 1 }]],
    [{ $and: [{ a: 1 }, { $and: [{ b: 2 }, { c: 3 }] }], d: 4 }, [{ a: 1 }, { b: 2 }, { c: 3 }, { d: 4 }]],
    [{ a: { $gt: 1, $lt: 5 } }, [{ a: { $gt: 1, $lt: 5 } }]],
    [{ a: { $gt: 1, $ne: 5 } }, [{ a: { $gt: 1 } }, { a: { $ne: 5 } }]],
    [{ a: { $regex: 'x', $options: 'i' } }, [{ a: { $regex: 'x', $options: 'i' } }]],
    [{ $or: [{ a: 1 }, { b: 2 }] }, [{ $or: [{ a: 1 }, { b: 2 }] }]],
    [{ a: { b: 1, c: 2 } }, [{ a: { b: 1, c: 2 } }]]
  ])('%j', (filter, parts) => {
    expect(splitFilter(filter)).toEqual(parts)
  })
})

test.each([
  [{ status: 'ERROR' }, 'status = ERROR'],
  [{ a: null }, 'a is null'],
  [{ a: { $ne: null } }, 'a has a value'],
  [{ a: { $lte: 0.1 } }, 'a ≤ 0.1'],
  [{ a: { $gte: 1, $lt: 5 } }, 'a 1 ≤ … < 5'],
  [{ a: { $in: [1, 'b', true, null] } }, 'a one of 1, b, true +1'],
  [{ a: { $regex: 'x\\.y' } }, 'a contains x.y'],
  [{ a: { $regex: '^x' } }, 'a matches ^x'],
  [{ a: { $numberLong: '9007199254740993' } }, 'a = 9007199254740993'],
  [{ a: { $exists: false } }, 'a is absent'],
  [{ $or: [{ a: 1 }] }, '{"$or":[{"a":1}]}'],
  [{ a: { $not: { $gt: 1 } } }, '{"a":{"$not":{"$gt":1}}}'],
  [{ a: { b: 1 } }, 'a = {"b":1}']
])('%j in words', (filter, phrase) => {
  expect(phraseOf(filter)).toBe(phrase)
})

test('a filter on one column names its column', () => {
  expect(wordsOf({ 'used.lr': { $gt: 1 } })).toEqual({ field: 'used.lr', operator: '>', value: '1' })
})

test.each(['a.b', '1+1', '(x)', 'C:\\dir', '[a]{2}', '^$|?*'])('text %s becomes a pattern that finds just it', (text) => {
  expect(new RegExp(`^${escapeRegex(text)}$`).test(text)).toBe(true)
  expect(conditionOf(filterFor('c', 'contains', [text]))).toEqual({ column: 'c', operator: 'contains', values: [text] })
})
