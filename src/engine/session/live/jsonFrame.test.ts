import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fixtureFolder } from '../../../testing/openFixture.ts'
import { FrameJson } from './frameJson.ts'
import { jsonFrame } from './jsonFrame.ts'

function again(text: string): string {
  const json = new FrameJson()
  json.add(jsonFrame(text))
  return Buffer.from(json.take()).toString().trimEnd()
}

test.each(['02_pipeline', '03_loop', '06_telemetry_full', '07_agents', '08_odd_values', '10_dask', '11_status_updates'])('%s comes back byte for byte', (name) => {
  for (const line of readFileSync(join(fixtureFolder, 'jsonl', `${name}.jsonl`), 'utf8').split('\n')) {
    if (line !== '') expect(again(line)).toBe(line)
  }
})

test('any JSON object comes back as it was', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'binary' }).filter((key) => key !== 'data'), fc.jsonValue({ maxDepth: 5 })), (value) => {
      // JavaScript writes floats up to 1e21 as integers, of which msgpack has no such large ones.
      fc.pre(!/\d{19}/.test(JSON.stringify(value)))
      expect(JSON.parse(again(JSON.stringify(value, null, 1)))).toEqual(JSON.parse(JSON.stringify(value)))
    })
  )
})

test('long lists and dicts, wide integers, floats that are whole', () => {
  const long = { list: Array.from({ length: 70_000 }, (_, i) => i - 300), dict: Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`k${i}`, `${i}`.repeat(i)])) }
  expect(again(JSON.stringify(long))).toBe(JSON.stringify(long))
  expect(again('{"a":18446744073709551615,"b":-9223372036854775808,"c":1.0,"d":-0.0,"e":9007199254740993}')).toBe('{"a":18446744073709551615,"b":-9223372036854775808,"c":1.0,"d":-0.0,"e":9007199254740993}')
  expect(again('{"a":NaN,"b":-Infinity}')).toBe('{"a":null,"b":null}')
  expect(() => jsonFrame('{"a":18446744073709551616}')).toThrow(RangeError)
  expect(() => jsonFrame('{"a":-9223372036854775809}')).toThrow(RangeError)
})
