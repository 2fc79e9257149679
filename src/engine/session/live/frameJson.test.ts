import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { Packr } from 'msgpackr'
import { describe, expect, test } from 'vitest'
import { isJsonObject, type JsonObject, type JsonValue, parseJson, stringifyJson } from '#contract/json'
import { decodeFrame } from '#engine/sources/queue/decodeFrame'
import { keepable } from '#engine/stores/keepable'
import { fixtureFolder } from '../../../testing/openFixture.ts'
import { readRecording, recordingNames, type RecordingName } from '../../../testing/recordings.ts'
import { FrameJson, floatText } from './frameJson.ts'

/** What Python's orjson made of the same messages, without control messages and without `data`. */
const truth = JSON.parse(readFileSync(join(fixtureFolder, 'mq/lines.json'), 'utf8')) as Record<RecordingName, { messages: number; control: number; sha256: string }>

describe('recorded messages become the bytes that Flowcept’s own buffer would hold', () => {
  test.each(recordingNames)('%s', (name) => {
    const messages = new FrameJson()
    const hash = createHash('sha256')
    let control = 0
    let count = 0
    for (const { payload } of readRecording(name)) {
      if (messages.add(payload) === 'control') {
        control++
        messages.take()
      } else {
        count++
        hash.update(messages.take())
      }
    }
    expect({ messages: count, control, sha256: hash.digest('hex') }).toEqual(truth[name])
  })
})

const packr = new Packr({ useRecords: false, variableMapSize: true })
function lineOf(payload: Uint8Array): string {
  const json = new FrameJson()
  json.add(payload)
  return Buffer.from(json.take()).toString()
}

describe('values', () => {
  test('floats keep their point; beyond that they are as short as can be', () => {
    const written: Record<string, number> = { '1.0': 1, '-0.0': -0, '0.0': 0, '0.1': 0.1, '1e+16': 1e16, '1000000000000000.0': 1e15, '0.00001': 1e-5, '1e-6': 1e-6, '5e-324': 5e-324, '1.2345678901234568e+17': 1.2345678901234568e17, '1.5e+300': 1.5e300 }
    for (const [text, value] of Object.entries(written)) expect(floatText(value)).toBe(text)
  })

  test('integers keep their digits, whatever their width', () => {
    const payload = packr.pack({ a: [0, 127, 128, 255, 256, 65_535, 65_536, -1, -32, -33, -128, -129, -32_769, 4_294_967_296n, 9_007_199_254_740_993n, 18_446_744_073_709_551_615n, -9_223_372_036_854_775_808n] })
    expect(lineOf(payload)).toBe('{"a":[0,127,128,255,256,65535,65536,-1,-32,-33,-128,-129,-32769,4294967296,9007199254740993,18446744073709551615,-9223372036854775808]}\n')
  })

  test('text is escaped as JSON, and damaged text is said to be', () => {
    const text = '\u0000\u001f\b\t\n\f\r"\\/é😀\u2028\u007f'
    expect(lineOf(packr.pack({ [text]: text }))).toBe('{"\\u0000\\u001f\\b\\t\\n\\f\\r\\"\\\\/é😀\u2028\u007f":"\\u0000\\u001f\\b\\t\\n\\f\\r\\"\\\\/é😀\u2028\u007f"}\n')
    const json = new FrameJson()
    json.add(Buffer.from([0x81, 0xa1, 0x61, 0xa2, 0xff, 0x22]))
    expect(Buffer.from(json.take()).toString()).toBe('{"a":"\ufffd\\""}\n')
    expect(json.takeChanged()).toEqual({ nan: 0, bytes: 0, text: 1, data: 0 })
  })

  test('what JSON cannot hold is changed and counted; `data` is left out of the top level alone', () => {
    const json = new FrameJson()
    const used = new Map<unknown, unknown>([['n', NaN], ['i', -Infinity], ['data', 1], [7, null], [true, Buffer.from([1, 2])], [null, 0], [1.5, 0]])
    json.add(packr.pack({ data: { x: NaN, y: Buffer.from([1]) }, used, when: new Date(1_700_000_000_123) }))
    expect(Buffer.from(json.take()).toString()).toBe('{"used":{"n":null,"i":null,"data":1,"7":null,"True":{"$binary":{"base64":"AQI=","subType":"00"}},"None":0,"1.5":0},"when":{"$date":"2023-11-14T22:13:20.123Z"}}\n')
    expect(json.takeChanged()).toEqual({ nan: 2, bytes: 2, text: 0, data: 1 })
  })

  test('`__proto__` is a key like any other', () => {
    expect(lineOf(Buffer.concat([Buffer.from([0x81, 0xa9]), Buffer.from('__proto__'), Buffer.from([1])]))).toBe('{"__proto__":1}\n')
  })
})

test.each([
  ['nothing', Buffer.alloc(0)],
  ['a number', Buffer.from([5])],
  ['half a map', packr.pack({ a: 'long enough to be cut' }).subarray(0, 9)],
  ['two messages', Buffer.from([0x80, 0x80])],
  ['a byte that means nothing', Buffer.from([0x81, 0xa1, 0x61, 0xc1])],
  ['a list as a key', Buffer.from([0x81, 0x90, 1])],
  ['a text longer than the frame', Buffer.from([0x81, 0xa1, 0x61, 0xdb, 0xff, 0xff, 0xff, 0xff])],
  ['too deep', Buffer.concat([Buffer.from([0x81, 0xa1, 0x61]), Buffer.alloc(2000, 0x91), Buffer.from([1])])]
])('%s is refused, and nothing of it stays', (_, payload) => {
  const json = new FrameJson()
  json.add(Buffer.from([0x81, 0xa1, 0x61, 0xcb, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0]))
  const decoded = decodeFrame(payload)
  expect(() => json.add(payload)).toThrow(decoded.ok ? 'decoded' : decoded.problem)
  expect(Buffer.from(json.take()).toString()).toBe('{"a":null}\n')
  expect(json.takeChanged()).toEqual({ nan: 1, bytes: 0, text: 0, data: 0 })
})

test('what is read of a line is what is decoded of its frame', () => {
  const values = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, false),
      fc.string({ unit: 'binary' }),
      fc.double(),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
      fc.integer(),
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      fc.array(tie('value'), { maxLength: 20 }),
      fc.dictionary(fc.string({ unit: 'binary' }).filter((key) => key !== 'data'), tie('value'), { maxKeys: 20 })
    )
  })).value
  fc.assert(
    fc.property(fc.dictionary(fc.string().filter((key) => key !== 'data'), values), (message) => {
      const payload = packr.pack(message)
      const decoded = decodeFrame(payload)
      if (!decoded.ok) throw new Error(decoded.problem)
      const kept = keepable(decoded.message as JsonObject, { maxDepth: 500, maxDigits: 4300 }).document
      expect(parseJson(lineOf(payload).trimEnd())).toEqual(finite(parseJson(stringifyJson(kept))))
    }),
    { numRuns: 300 }
  )
})

test('keys of bytes are what Python writes of them', () => {
  const payload = Buffer.from([0x81, 0xc4, 2, 0x61, 0xff, 1])
  const decoded = decodeFrame(payload)
  expect(parseJson(lineOf(payload))).toEqual(decoded.ok && decoded.message)
})

function finite(value: JsonValue): JsonValue {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (Array.isArray(value)) return value.map(finite)
  return isJsonObject(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, finite(inner)])) : value
}
