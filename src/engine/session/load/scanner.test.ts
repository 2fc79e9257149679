import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { JsonSyntaxError, isJsonObject, parseJson } from '#contract/json'
import { kindBit, lineFlag, Scanner, type ScanResult } from './scanner.ts'

const scanner = new Scanner()
function scan(text: string): ScanResult {
  const bytes = Buffer.from(`${text}\n`)
  return scanner.scan(bytes, 0, bytes.length - 1)
}
const kinds = (): number[] => [...scanner.kinds.subarray(0, scanner.leafCount)]
const hash = (text: string): number => {
  expect(scan(text)).toBe('object')
  return scanner.hash
}

/** What parseJson says of the same text: the scanner must take and refuse the same. */
function verdict(text: string): 'object' | 'other' | 'no json' {
  try {
    return isJsonObject(parseJson(text)) ? 'object' : 'other'
  } catch (error) {
    if (error instanceof JsonSyntaxError) return 'no json'
    throw error
  }
}
function agrees(text: string): void {
  const result = scan(text)
  const expected = verdict(text)
  expect(result === 'object' ? 'object' : result === 'not-an-object' ? 'other' : 'no json', text).toBe(expected)
}

const awkward = [
  '{}', '{ }', '  {"a":1}  ', '{"a":1,}', '{,}', '{"a"}', '{"a":}', '{"a":1 "b":2}', '{"a":01}', '{"a":-}', '{"a":1.}', '{"a":.5}', '{"a":1e}', '{"a":1e+}', '{"a":+1}', '{"a":1.5e-300}',
  '{"a":tru}', '{"a":nul', '{"a":NaN}', '{"a":-NaN}', '{"a":-Infinity}', '{"a":Infinit}', '{"a":"\\x"}', '{"a":"\\u12"}', '{"a":"\\u12g4"}', '{"a":"\t"}', '{"a":"\\ud800"}', '{"a":"\\ud83d\\ude00"}',
  '{"a":[1,[2,{"b":[]}],3]}', '{"a":[1,]}', '{"a":[1}', '{"a":{"b":1]}', '[1]', 'null', '5', '"x"', 'NaN', '{"a":1}{"b":2}', '{"a":1} x', '{"a":1}]', '', '{', '{"', '{"a', "{'a':1}", '{"a":1,"a":2}', '{"":{}}',
  '{"\\u0061":1}', '{"a":[[[[]]]],"b":{"c":{"d":{}}}}', '\ufeff{"a":1}', '{"a":"\u2028\u0000"}', '{"a":1}\u0000', '{"a": -0}', '{"a":-01}', '{"a":"x"', '{"a":[', '{"a":{}'
]

describe('the scanner and parseJson', () => {
  test.each(awkward)('say the same of %j', agrees)

  test('say the same of any JSON, and of JSON with a character changed', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.nat(), fc.constantFrom('', ' ', '"', '\\', '{', '}', '[', ']', ',', ':', '0', '-', '.', 'e', 'n', '\t', '\u0001', 'é'), (json, at, char) => {
        const text = `{"k":${json}}`
        agrees(text)
        const place = at % (text.length + 1)
        agrees(text.slice(0, place) + char + text.slice(place + 1))
        agrees(text.slice(0, place) + char + text.slice(place))
      }),
      { numRuns: 1500 }
    )
  })
})

test('kinds of leaves, in the order of the line', () => {
  scan('{"a":null,"b":{"c":true,"d":{}},"e":[1,{"f":2}],"g":"x","h":[]}')
  expect(kinds()).toEqual([kindBit.null, kindBit.boolean, kindBit.dict, kindBit.list, kindBit.text, kindBit.list])
  const { integer, long, number, wide } = kindBit
  for (const [token, kind] of [
    ['0', integer], ['-7', integer], ['9007199254740992', integer], ['-9007199254740992', integer], ['9007199254740993', long], ['9223372036854775807', long], ['-9223372036854775808', long],
    ['9223372036854775808', wide], ['18446744073709551615', wide], ['1000000000000000000000000000000', wide], ['1.0', number], ['1e5', number], ['-0', number], ['-0.0', number], ['NaN', number], ['-Infinity', number]
  ] as const) {
    expect(scan(`{"a":${token}}`)).toBe('object')
    expect(kinds(), token).toEqual([kind])
  }
})

test('a line that ends too early is told from one that is wrong', () => {
  for (const text of ['{"a":1', '{"a":"x', '{"a"', '{', '{"a":[1,2', '{"a":{"b":tr', '{"a":-', '{"a":1.', '{"a":"\\', '{"a":"\\u00']) expect(scan(text), text).toBe('truncated')
  for (const text of ['{"a":x}', '{"a" 1}', '{]', '{"a":trx', '{"a":"\\x']) expect(scan(text), text).toBe('not-json')
  expect(scan('{"a":1}{"b":2}')).toBe('two-objects')
  expect(scan(`${'{"a":'.repeat(300)}1${'}'.repeat(300)}`)).toBe('deep')
})

test('lines of the same keys have the same hash, others have not', () => {
  const same = hash('{"a":1,"b":{"c":"x","d":null}}')
  expect(hash('{ "a" : "other",\t"b":{"c":[1,2,{"z":1}],"d":0.5}}')).toBe(same)
  for (const other of ['{"b":{"c":"x","d":null},"a":1}', '{"a":1,"b":{"c":"x"},"d":null}', '{"a":1,"b":{"c":"x","d":{}}}', '{"a":1,"b":{"c":"x","d":{"e":1}}}', '{"a":1,"b":"x"}', '{"a":1}', '{}', '{"a":1,"b":{"c":"x","D":null}}']) {
    expect(hash(other), other).not.toBe(same)
  }
})

test('the kind of a message is part of the hash: its type, and which ids are texts', () => {
  expect(hash('{"type":"task","x":1}')).not.toBe(hash('{"type":"workflow","x":1}'))
  expect(hash('{"type":null,"x":1}')).not.toBe(hash('{"type":"task","x":1}'))
  expect(hash('{"type":"what","x":1}')).toBe(hash('{"type":"ever","x":1}'))
  expect(hash('{"task_id":"a"}')).toBe(hash('{"task_id":"b"}'))
  expect(hash('{"x":{"type":"task"}}')).toBe(hash('{"x":{"type":"workflow"}}'))
})

test('distinct key sets get distinct hashes', () => {
  const seen = new Set<number>()
  for (let i = 0; i < 20_000; i++) seen.add(hash(`{"used":{"k${i}":1}}`))
  expect(seen.size).toBe(20_000)
})

test('flags of what DuckDB must not see, or people should know', () => {
  const flagsOf = (text: string): number => {
    scan(text)
    return scanner.flags
  }
  expect(flagsOf('{"a":NaN}')).toBe(lineFlag.nanToken)
  expect(flagsOf('{"a":[-0]}')).toBe(lineFlag.minusZero)
  expect(flagsOf('{"a":-0.0}')).toBe(0)
  expect(flagsOf('{"a":"\\udc00"}')).toBe(lineFlag.loneSurrogate)
  expect(flagsOf('{"\\ud800":1}')).toBe(lineFlag.loneSurrogate)
  expect(flagsOf('{"a":"\\ud83d\\ude00"}')).toBe(0)
  expect(flagsOf('{"status":"RUNNING"}')).toBe(0)
  expect(flagsOf('{"status":"running"}')).toBe(lineFlag.oddStatus)
  expect(flagsOf('{"a":{"status":"running"}}')).toBe(0)
})
