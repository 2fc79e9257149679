/** What a replay publishes, against msgpack's own reader and Flowcept's recorded payloads. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { Unpackr } from 'msgpackr'
import { expect, test } from 'vitest'
import { parseJson, stringifyJson } from '#contract/json'
import { encode, encodeFloat, encodeLine, Unpublishable } from './replayEncoding.ts'
import { messageTimes, rewritten } from './replayRewriting.ts'

const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true, int64AsType: 'bigint' })
const read = (bytes: Uint8Array): unknown => unpackr.unpack(bytes)
const fixtures = join(import.meta.dirname, '..', 'testing', 'fixtures')
const lines = (path: string): string[] => readFileSync(join(fixtures, path), 'utf8').split('\n').filter((line) => line !== '')
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

test.each([
  ['{"a":1}', '81a16101'],
  ['{"a":1.0}', '81a161cb3ff0000000000000'],
  ['{"a":-0.0}', '81a161cb8000000000000000'],
  ['{"a":-0}', '81a16100'],
  ['{"a":1e2}', '81a161cb4059000000000000'],
  ['{"a":"1.0"}', '81a161a3312e30'],
  ['{"a":18446744073709551615}', '81a161cfffffffffffffffff'],
  ['{"a":-9223372036854775808}', '81a161d38000000000000000'],
  ['{"a":[-1,-32,-33,-129,-32769,128,256,65536,4294967296]}', '81a16199ffe0d0dfd1ff7fd2ffff7fffcc80cd0100ce00010000cf0000000100000000'],
  ['{"a":[null,true,false]}', '81a16193c0c3c2']
])('%s as Python’s msgpack packs it', (text, bytes) => {
  expect(hex(encodeLine(text))).toBe(bytes)
})

test.each([
  ['{"a":18446744073709551616}', '64 bits'],
  ['[1]', 'no object'],
  ['{"a":"\\ud800"}', 'surrogate'],
  [`{"a":${'['.repeat(600)}${']'.repeat(600)}}`, 'levels']
])('%s cannot be published', (text, why) => {
  expect(() => encodeLine(text)).toThrow(Unpublishable)
  expect(() => encodeLine(text)).toThrow(why)
})

test('what is no JSON is told with the place it has in the line', () => {
  expect(() => encodeLine('{"a":1.5,"b":tru}')).toThrow(/position 13/)
})

test('any document comes back', () => {
  const json = fc.jsonValue({ noUnicodeString: false }).filter((value) => !/\\u[dD][89a-fA-F]/.test(JSON.stringify(value)))
  fc.assert(
    fc.property(fc.dictionary(fc.string(), json), (document) => {
      const text = JSON.stringify(document)
      // Its own keys only: __proto__ has a renamed one in what msgpackr gives back.
      fc.pre(!text.includes('__proto__') && !/\d{20}/.test(text))
      const back = read(encodeLine(text))
      expect(JSON.parse(JSON.stringify(back, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value)))).toEqual(JSON.parse(text))
    })
  )
})

test.each(['02_pipeline', '05_errors', '06_telemetry_full', '08_odd_values', '11_status_updates', '12_sweep'])('every line of %s comes back with every digit', (name) => {
  for (const line of lines(`jsonl/${name}.jsonl`)) {
    const expected = parseJson(line)
    const back = read(encodeLine(line)) as Record<string, unknown>
    const text = stringifyJson(expected)
    if (text.includes('__proto__')) continue
    const narrowed = JSON.stringify(back, (_, value: unknown) => (typeof value === 'bigint' ? `big ${value}` : value))
    expect(narrowed).toBe(JSON.stringify(JSON.parse(stringifyWithBigs(expected))))
  }
})

/** As msgpackr gives integers of eight bytes back. */
function stringifyWithBigs(value: ReturnType<typeof parseJson>): string {
  return JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' || (typeof item === 'number' && Number.isInteger(item) && Math.abs(item) > 0xffff_ffff && Math.abs(item) < 2 ** 64) ? `big ${BigInt(item)}` : item))
}

test('times move, ids get another run’s, everything else stays byte for byte', () => {
  const payload = encodeLine('{"task_id":"1.5","started_at":100.0,"ended_at":104,"used":{"workflow_id":"w","x":1.0,"started_at":7},"dependencies":["a",5],"campaign_id":"c","utc_timestamp":null,"status":"FINISHED"}')
  expect(messageTimes(payload)).toEqual({ first: 100, last: 104 })
  const changed = rewritten(payload, { time: (seconds) => 1000 + (seconds - 100) / 2, idSuffix: '·2' })
  const expected = encodeLine('{"task_id":"1.5·2","started_at":1000.0,"ended_at":1002.0,"used":{"workflow_id":"w·2","x":1.0,"started_at":7},"dependencies":["a·2","5·2"],"campaign_id":"c","utc_timestamp":null,"status":"FINISHED"}')
  expect(hex(changed)).toBe(hex(expected))
  expect(rewritten(payload, { time: null, idSuffix: '' })).toBe(payload)
})

test.each(['agents', 'bytes_and_bigints', 'dask', 'odd_values', 'small_pipeline_full_telemetry'])('recorded payloads of %s keep everything but their times', (name) => {
  for (const line of lines(`mq/${name}.jsonl`)) {
    const payload = Buffer.from((JSON.parse(line) as { payload_b64: string }).payload_b64, 'base64')
    const before = read(payload) as Record<string, unknown>
    const after = read(rewritten(payload, { time: (seconds) => seconds + 3600, idSuffix: '' })) as Record<string, unknown>
    const moved = Object.fromEntries(Object.entries(before).map(([key, value]) => [key, /^(submitted|started|ended|registered)_at$|^utc_timestamp$/.test(key) && typeof value === 'number' ? value + 3600 : value]))
    expect(after).toEqual(moved)
  }
})

test('what ends too early is no message', () => {
  const payload = encodeLine('{"started_at":1.5,"used":{"a":"text"}}')
  for (let length = 1; length < payload.length; length++) expect(() => messageTimes(payload.subarray(0, length)), String(length)).toThrow(RangeError)
  expect(messageTimes(encode(['no', 'map']))).toBeNull()
  expect(messageTimes(encodeFloat(1))).toBeNull()
})
