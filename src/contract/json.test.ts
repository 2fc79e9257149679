/** Exact JSON: agrees with JSON.parse where that is exact, and keeps what that loses. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { field, isJsonObject, JsonSyntaxError, parseJson, setField, stringifyJson, type JsonObject, type JsonValue } from './json.ts'

/** Makes the slow parser read a text that the fast path would take: a wide integer beside it. */
function parseSlowly(text: string): JsonValue {
  const pair = parseJson(`[${text}\n,12345678901234567890]`)
  if (!Array.isArray(pair) || pair.length !== 2) throw new Error('the text was more than one value')
  return pair[0] as JsonValue
}

const key = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'constructor', 'toString', '1', '', 'a.b'))
const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(-0, 2 ** 53, -(2 ** 53), 1e17, 1e20, 1e21, 5e-324, NaN, Infinity, -Infinity))
const wide = fc.bigInt().filter((value) => value > 2n ** 53n || value < -(2n ** 53n))
const anyJson = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, false),
    number,
    wide,
    fc.string({ unit: 'binary' }),
    fc.array(tie('value')),
    fc.array(fc.tuple(key, tie('value'))).map((entries) => {
      const object: JsonObject = {}
      for (const [name, value] of entries) setField(object, name, value)
      return object
    })
  )
})).value

describe('parseJson', () => {
  test('what is written is read back equal, indented or not', () => {
    fc.assert(
      fc.property(anyJson, fc.integer({ min: 0, max: 3 }), (value, indent) => {
        // Not toStrictEqual, which takes a key `constructor` for the value's class.
        const back = parseJson(stringifyJson(value, indent))
        expect(back).toEqual(value)
        expect(stringifyJson(back)).toBe(stringifyJson(value))
      })
    )
  })

  test('agrees with JSON.parse on ordinary text, in the fast and in the slow way', () => {
    const ordinary = fc.json({ maxDepth: 4 })
    fc.assert(
      fc.property(ordinary, (text) => {
        const expected: unknown = JSON.parse(text)
        expect(parseSlowly(text)).toStrictEqual(/\d{16}/.test(text) ? parseJson(text) : expected)
      })
    )
  })

  test('keeps integers of any size: up to 2^53 as numbers, beyond as bigints', () => {
    expect(parseJson('[9007199254740991,9007199254740992,-9007199254740992]')).toStrictEqual([2 ** 53 - 1, 2 ** 53, -(2 ** 53)])
    expect(parseJson('[9007199254740993,-9007199254740993,18446744073709551615]')).toStrictEqual([9007199254740993n, -9007199254740993n, 18446744073709551615n])
    expect(parseJson('9007199254740993')).toBe(9007199254740993n)
    expect(parseJson('[-9007199254740993]')).toStrictEqual([-9007199254740993n])
    expect(parseJson('12345678901234567890e0')).toBe(12345678901234567000)
    expect(parseJson('{"id":"12345678901234567890","n":0.12345678901234568}')).toStrictEqual({ id: '12345678901234567890', n: 0.12345678901234568 })
  })

  test('reads the tokens of json.dumps and keeps −0', () => {
    expect(parseJson('[NaN, Infinity,-Infinity , -0, -0.0]')).toStrictEqual([NaN, Infinity, -Infinity, -0, -0])
    expect(parseJson('-0')).toBe(-0)
    expect(parseJson('"NaN"')).toBe('NaN')
  })

  test.each(['', ', 12345678901234567890'])('the last of equal keys wins and __proto__ is a key like any other%s', (tail) => {
    const [value] = parseJson(`[{"a":1,"__proto__":{"polluted":true},"a":2,"constructor":3}${tail}]`) as [JsonObject]
    expect(Object.keys(value)).toEqual(['a', '__proto__', 'constructor'])
    expect(field(value, 'a')).toBe(2)
    expect(field(value, '__proto__')).toEqual({ polluted: true })
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect('polluted' in value).toBe(false)
    expect(field({}, 'constructor')).toBeUndefined()
    expect(stringifyJson(value)).toBe('{"a":2,"__proto__":{"polluted":true},"constructor":3}')
  })

  test.each(['1', 'NaN', '12345678901234567890'])('reads and writes 100,000 nested lists and dicts around %s', (inner) => {
    const depth = 100_000
    for (const text of ['['.repeat(depth) + inner + ']'.repeat(depth), '{"a":'.repeat(depth) + inner + '}'.repeat(depth)]) {
      // A plain comparison: a failing expect would try to print it.
      expect(stringifyJson(parseJson(text)) === text).toBe(true)
    }
  })
})

describe('refuses what JSON.parse refuses', () => {
  const bad = [
    '', ' ', '[', '{', ']', '}', '[1', '[1,', '[1,]', '[,1]', '[1 2]', '{"a"}', '{"a":}', '{"a":1,}', '{,}', '{a:1}', "{'a':1}", '{"a":1 "b":2}',
    '{"a" 1}', '01', '-', '+1', '.5', '1.', '1.e3', '1e', '1e+', '-01', '0x1', '1_000', '--1', '- 1', '1,', '1 1', '"', '"a', '"\\"', '"\\x"',
    '"\\u12"', '"\\u12g4"', '"\t"', '"\n"', '"\u0000"', 'nul', 'nulll', 'True', 'undefined', 'nan', 'inf', '+Infinity', '-NaN', 'NaNN', '\uFEFF1',
    '\u00A01', '\u20281', '\v1', '\f1', '// 1', '1 /* */', "'a'", '`a`', '[1}', '{"a":1]', '{1:1}', '{null:1}', '[[[]', '{"a":{}', 'tru', 'falsey',
    '"a"b', '{}{}', '[][]', '-Infinity1', '9007199254740993x', '[12345678901234567890', '1e5.5', '0.', '-.5', '{"a":1,,"b":2}'
  ]
  test.each(bad)('%j', (text) => {
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError)
    expect(() => parseJson(text)).toThrow(JsonSyntaxError)
    expect(() => parseSlowly(text)).toThrow()
  })

  test('and nothing else, but for the three tokens', () => {
    const pieces = fc.constantFrom('', ',', '"', '0', '.', 'e', '-', ']', '}', '\\', ' ', '\u0001')
    const mangled = fc.tuple(fc.json(), fc.nat(), pieces).map(([text, place, piece]) => {
      const at = place % (text.length + 1)
      return text.slice(0, at) + piece + text.slice(at + 1)
    })
    fc.assert(
      fc.property(mangled, (text) => {
        const refuses = (parse: () => unknown): boolean => {
          try {
            parse()
            return false
          } catch (error) {
            expect(error).toBeInstanceOf(SyntaxError)
            return true
          }
        }
        const expected = refuses(() => JSON.parse(text))
        expect(refuses(() => parseJson(text))).toBe(expected)
        expect(refuses(() => parseJson(`${text}\n `.concat(' '.repeat(3))))).toBe(expected)
      }),
      { numRuns: 500 }
    )
  })

  test.each([
    ['{"a":1,"b":tru}', 11, 'a value', '"t"'],
    ['{"a":1', 6, `',' or '}'`, 'the end'],
    ['[1 2]', 3, `',' or ']'`, '"2"'],
    ['{"a":1,}', 7, 'a key', '"}"'],
    ['{x', 1, `a key or '}'`, '"x"'],
    ['{"a" 1}', 5, `':'`, '"1"'],
    ['"abc', 4, `'"'`, 'the end'],
    ['"a\\q"', 3, 'an escape (one of " \\ / b f n r t u)', '"q"'],
    ['"\\u12😀"', 5, 'a hexadecimal digit', '"😀"'],
    ['"a\nb"', 2, 'an escaped control character', '"\\n"'],
    ['1.x', 2, 'a digit', '"x"'],
    ['-x', 1, 'a digit', '"x"'],
    ['1 x', 2, 'the end', '"x"'],
    ['', 0, 'a value', 'the end']
  ])('%j says the place and what was expected', (text, position, expected, found) => {
    const message = `Expected ${expected} at position ${position}, found ${found}`
    expect(() => parseJson(text)).toThrow(expect.objectContaining({ position, expected, found, message }))
  })
})

describe('stringifyJson', () => {
  test('writes what JSON cannot hold so that Python and parseJson read it', () => {
    expect(stringifyJson([NaN, Infinity, -Infinity, -0, 2n ** 64n, 2 ** 53, 2 ** 53 + 2, 1e17, 1e21, 0.1, 5e-324])).toBe(
      '[NaN,Infinity,-Infinity,-0,18446744073709551616,9007199254740992,9007199254740994.0,100000000000000000.0,1e+21,0.1,5e-324]'
    )
  })

  test('lays ordinary values out exactly as JSON.stringify', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), fc.integer({ min: 0, max: 4 }), (value, indent) => {
        const plain = JSON.parse(JSON.stringify(value), (_, item: unknown) => (typeof item === 'number' && Math.abs(item) > 2 ** 53 ? 0 : item)) as JsonValue
        expect(stringifyJson(plain, indent)).toBe(JSON.stringify(plain, null, indent))
      })
    )
  })
})

test('isJsonObject tells dicts from lists, null and scalars', () => {
  expect([{}, [], null, 1, 'a', 1n, undefined].map((value) => isJsonObject(value))).toEqual([true, false, false, false, false, false, false])
})
