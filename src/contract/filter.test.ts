import { describe, expect, test } from 'vitest'
import { FilterSyntaxError, jsonSafe, parseFilter, parseFilterText } from './filter.ts'
import { maxFilterNodes } from './filterOperand.ts'
import { parseJson } from './json.ts'
import { Refusal } from './reply.ts'

function refusal(parse: () => unknown): Refusal {
  try {
    parse()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  throw new Error('Nothing was refused')
}

test('a filter becomes a tree of few kinds of node', () => {
  expect(parseFilter({})).toEqual({ op: 'and', nodes: [] })
  expect(parseFilter({ status: 'ERROR' })).toEqual({ op: 'eq', path: 'status', value: 'ERROR' })
  expect(parseFilter({ a: { $gt: 1, $lt: 5 }, b: null })).toEqual({
    op: 'and',
    nodes: [
      { op: 'gt', path: 'a', value: 1 },
      { op: 'lt', path: 'a', value: 5 },
      { op: 'eq', path: 'b', value: null }
    ]
  })
  expect(parseFilter({ $nor: [{ a: { $nin: [1] } }] })).toEqual({ op: 'not', node: { op: 'or', nodes: [{ op: 'not', node: { op: 'in', path: 'a', values: [1] } }] } })
  expect(parseFilter({ a: { $not: { $exists: false } } })).toEqual({ op: 'not', node: { op: 'not', node: { op: 'exists', path: 'a' } } })
  expect(parseFilter({ a: { $regex: 'x', $options: 'i' } })).toEqual({ op: 'regex', path: 'a', pattern: '(?i)x' })
})

test('dicts to be equal to are maps, in which any key is only a key', () => {
  const filter = parseJson('{"a":{"__proto__":{"$x.y":[1]},"constructor":null}}')
  const expected = new Map<string, unknown>([
    ['__proto__', new Map([['$x.y', [1]]])],
    ['constructor', null]
  ])
  expect(parseFilter(filter)).toEqual({ op: 'eq', path: 'a', value: expected })
})

test('numbers that JSON cannot hold', () => {
  expect(parseFilter({ a: { $numberLong: '9007199254740993' } })).toEqual({ op: 'eq', path: 'a', value: 9007199254740993n })
  expect(parseFilter({ a: { $gt: { $numberLong: '5' } } })).toEqual({ op: 'gt', path: 'a', value: 5 })
  expect(parseFilter({ a: { $in: [{ $numberDouble: 'NaN' }, { $numberDouble: '-Infinity' }] } })).toEqual({ op: 'in', path: 'a', values: [NaN, -Infinity] })
  expect(refusal(() => parseFilter({ a: { $numberLong: 'many' } }))).toMatchObject({ message: '$numberLong needs a number in quotes, not "many".', path: ['a', '$numberLong'] })
})

test.each([
  [null, [], 'A filter is an object such as {"status": "ERROR"}, not null.'],
  [[{}], [], 'A filter is an object such as {"status": "ERROR"}, not a list.'],
  [{ a: { $gtt: 1 } }, ['a', '$gtt'], '$gtt is not an operator; did you mean $gt?'],
  [{ a: { $GTE: 1 } }, ['a', '$GTE'], '$GTE is not an operator; did you mean $gte?'],
  [{ $ro: [] }, ['$ro'], '$ro is not an operator; did you mean $or?'],
  [{ $and: [{ x: 1 }, { 'used.lr': { $elemMatch: {} } }] }, ['$and', 1, 'used.lr', '$elemMatch'], '$elemMatch is not an operator. There are $eq, $ne, $gt, $gte, $lt, $lte, $in, $nin, $exists, $regex, $options, $not.'],
  [{ $gt: 5 }, ['$gt'], '$gt stands inside a field, such as {"status": {"$gt": …}}.'],
  [{ $not: { a: 1 } }, ['$not'], '$not stands inside a field, such as {"status": {"$not": {"$eq": "ERROR"}}}; for a whole filter use $nor.'],
  [{ a: { $and: [] } }, ['a', '$and'], '$and joins whole filters; it stands at the top or in another $and, not inside a field.'],
  [{ a: { $gt: 1, x: 2 } }, ['a', 'x'], '"x" stands among operators; a field is either compared with a value or given operators.'],
  [{ a: { $in: 'x' } }, ['a', '$in'], '$in needs a list of values, not "x".'],
  [{ a: { $nin: { x: 1 } } }, ['a', '$nin'], '$nin needs a list of values, not an object.'],
  [{ a: { $exists: 'yes' } }, ['a', '$exists'], '$exists needs true or false, not "yes".'],
  [{ a: { $gt: [1] } }, ['a', '$gt'], '$gt compares with a number, text, true, false or null, not a list.'],
  [{ a: { $regex: 5 } }, ['a', '$regex'], '$regex needs a pattern in quotes, not 5.'],
  [{ a: { $regex: '(' } }, ['a', '$regex'], '$regex does not compile: /(/: Unterminated group.'],
  [{ a: { $regex: 'x', $options: 'ig' } }, ['a', '$options'], '$options knows i, m, s and x, not "g".'],
  [{ a: { $regex: 'x', $options: 1 } }, ['a', '$options'], '$options needs letters in quotes, such as "i", not 1.'],
  [{ a: { $options: 'i' } }, ['a', '$options'], '$options belongs to $regex, which is not here.'],
  [{ a: { $not: { $not: 'x' } } }, ['a', '$not', '$not'], '$not needs operators, such as {"$not": {"$gt": 5}}, not "x".'],
  [{ $and: [] }, ['$and'], '$and needs a list of one or more filters, not an empty list.'],
  [{ $or: { a: 1 } }, ['$or'], '$or needs a list of one or more filters, not an object.'],
  [{ $or: [{ a: 1 }, 5] }, ['$or', 1], '$or holds filters such as {"status": "ERROR"}, not 5.'],
  [{ a: new Date(0) }, ['a'], 'an empty object is not a value that a record can hold.'],
  [{ a: undefined }, ['a'], 'nothing is not a value that a record can hold.']
])('%j is refused at %j', (filter, path, message) => {
  expect(refusal(() => parseFilter(filter))).toMatchObject({ code: 'bad-request', message, path })
})

describe('bounds', () => {
  test('64 levels are enough', () => {
    let deep: unknown = 1
    for (let level = 0; level < 63; level++) deep = [deep]
    expect(parseFilter({ a: deep })).toBeDefined()
    expect(refusal(() => parseFilter({ a: [deep] })).message).toBe('The filter is nested deeper than 64 levels.')
    for (let level = 0; level < 100_000; level++) deep = [deep]
    expect(refusal(() => parseFilter({ a: deep })).message).toBe('The filter is nested deeper than 64 levels.')
  })

  test('10,000 parts are enough', () => {
    const values = Array.from({ length: maxFilterNodes - 3 }, (_, index) => index)
    expect(parseFilter({ a: { $in: values } })).toMatchObject({ op: 'in' })
    expect(refusal(() => parseFilter({ a: { $in: [...values, 1] } })).message).toBe('The filter has more than 10,000 parts.')
  })
})

describe('text', () => {
  test('is read exactly, and comes back such that JSON keeps it', () => {
    const { filter, node } = parseFilterText('{"a": 9007199254740993, "b": {"$gt": NaN}, "c": [1, -0.0]}')
    expect(node).toEqual({
      op: 'and',
      nodes: [
        { op: 'eq', path: 'a', value: 9007199254740993n },
        { op: 'gt', path: 'b', value: NaN },
        { op: 'eq', path: 'c', value: [1, -0] }
      ]
    })
    expect(filter).toEqual({ a: { $numberLong: '9007199254740993' }, b: { $gt: { $numberDouble: 'NaN' } }, c: [1, { $numberDouble: '-0.0' }] })
    expect(parseFilter(JSON.parse(JSON.stringify(filter)))).toEqual(node)
  })

  test('of nothing is the empty filter', () => {
    expect(parseFilterText('  \n')).toEqual({ filter: {}, node: { op: 'and', nodes: [] } })
  })

  test('that is no JSON says where', () => {
    const error = refusal(() => parseFilterText('{\n  "status": "ERROR",\n  "a": }'))
    expect(error).toBeInstanceOf(FilterSyntaxError)
    expect(error).toMatchObject({ line: 3, column: 8, code: 'bad-request' })
    expect(error.message).toMatch(/^Line 3, column 8: expected /)
  })

  test('that is JSON but no filter says where in the filter', () => {
    expect(refusal(() => parseFilterText('{"a": {"$in": 5}}'))).toMatchObject({ path: ['a', '$in'] })
  })
})

test('jsonSafe leaves what JSON holds as it is', () => {
  const value = { a: [1, 'x', null, true, { b: 0.5 }], ['__proto__']: 1 }
  expect(jsonSafe(value)).toEqual(value)
  expect(Object.keys(jsonSafe(value) as object)).toEqual(['a', '__proto__'])
})
