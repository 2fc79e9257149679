/** Frames become messages: what Flowcept published, odd values, and frames that are none. */
import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { Packr } from 'msgpackr'
import { describe, expect, test } from 'vitest'
import { readRecording, type RecordingName, recordingNames } from '../../../testing/recordings.ts'
import { decodeFrame } from './decodeFrame.ts'

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')
const message = (payload: Uint8Array): Record<string, unknown> => {
  const decoded = decodeFrame(payload)
  if (!decoded.ok) throw new Error(decoded.problem)
  return decoded.message
}
/** Texts as msgpack has them. */
const text = (value: string): string => Buffer.concat([Buffer.from([0xa0 + Buffer.byteLength(value)]), Buffer.from(value)]).toString('hex')

describe('what Flowcept published', () => {
  test.each(recordingNames)('%s', (name) => {
    const messages = readRecording(name).map(({ payload }) => message(payload))
    for (const found of messages) {
      expect(Object.keys(found).length).toBeGreaterThan(0)
      expect(['task', 'workflow', 'agent', 'object', 'flowcept_control', undefined]).toContain(found['type'])
    }
  })

  test('bytes and integers beyond 2^53 are exact', () => {
    const values = (name: RecordingName): unknown[] =>
      readRecording(name).flatMap(({ payload }) => Object.values({ ...(message(payload)['used'] as object), ...(message(payload)['generated'] as object) }))
    const wide = values('odd_values').filter((value) => typeof value === 'bigint')
    expect(wide).toEqual(expect.arrayContaining([2n ** 53n + 1n, 2n ** 63n - 1n, 2n ** 64n - 1n]))
    expect(JSON.stringify(readRecording('bytes_and_bigints').map(({ payload }) => shown(message(payload))))).toContain('["b","')
  })

  test('NaN, infinities and keys that objects treat specially stay', () => {
    const found = readRecording('odd_values').map(({ payload }) => message(payload))
    expect(found[0]?.['used']).toMatchObject({ nan: Number.NaN, inf: Infinity })
    expect(JSON.stringify(found.map(shown))).toContain('["__proto__",')
  })

  const python = spawnSync('python3', ['-c', 'import msgpack']).status === 0
  test.skipIf(!python && process.env['CI'] !== 'true')(python ? 'the same as Python reads' : 'the same as Python reads (skipped: no msgpack for python3)', () => {
    // repr of everything, floats as their bits, in one line a message.
    const script = `
import msgpack, sys, struct, base64, json
def show(v):
    if isinstance(v, dict): return ['d'] + sorted([str(k), show(x)] for k, x in v.items())
    if isinstance(v, list): return ['l'] + [show(x) for x in v]
    if isinstance(v, bool) or v is None or isinstance(v, str): return v
    if isinstance(v, bytes): return ['b', v.hex()]
    if isinstance(v, float) and v == v and abs(v) != float('inf') and v == int(v) and abs(v) <= 2**53: return ['n', str(int(v))]
    if isinstance(v, float): return ['f', struct.pack('>d', v).hex()]
    return ['n', str(v)]
for line in sys.stdin: print(json.dumps(show(msgpack.loads(base64.b64decode(line), strict_map_key=False))))
`
    const frames = recordingNames.flatMap((name) => readRecording(name))
    const result = spawnSync('python3', ['-c', script], { input: frames.map(({ payload }) => payload.toString('base64')).join('\n'), encoding: 'utf8', maxBuffer: 1 << 28 })
    expect(result.stderr).toBe('')
    const expected = result.stdout.trim().split('\n').map((line) => JSON.parse(line) as unknown)
    expect(expected).toHaveLength(frames.length)
    for (const [index, { payload }] of frames.entries()) expect(shown(message(payload))).toEqual(expected[index])
  })
})

function shown(value: unknown): unknown {
  if (Array.isArray(value)) return ['l', ...value.map(shown)]
  if (Buffer.isBuffer(value)) return ['b', value.toString('hex')]
  if (typeof value === 'bigint') return ['n', String(value)]
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= 2 ** 53) return ['n', String(value)]
  if (typeof value === 'number') {
    const bits = Buffer.alloc(8)
    bits.writeDoubleBE(value)
    return ['f', bits.toString('hex')]
  }
  if (typeof value === 'object' && value !== null) return ['d', ...sortedEntries(value).map(([key, inner]) => [key, shown(inner)])]
  return value
}

/** By code points, as Python sorts; the order of keys that are numbers is lost in objects. */
function sortedEntries(value: object): [string, unknown][] {
  return Object.entries(value).toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
}

test('times are dates, and keys that are no text become it', () => {
  expect(message(hex(`81 ${text('at')} d6ff 5a4af6a5`))).toEqual({ at: new Date('2018-01-02T03:04:05Z') })
  expect(message(hex(`85 01 c0 c3 c0 c0 c0 c403 61ff27 c0 cb3ff8000000000000 c0`))).toEqual({ '1': null, True: null, None: null, [String.raw`b'a\xff\x27'`]: null, '1.5': null })
  const found = message(hex(`81 ${text('used')} 82 ${text('__proto__')} 01 ${text('b')} 93 01 02 81 02 03`))
  expect(Object.getPrototypeOf(found['used'])).toBe(Object.prototype)
  expect(JSON.stringify(found)).toBe('{"used":{"__proto__":1,"b":[1,2,{"2":3}]}}')
})

test.each([
  ['', 'The frame is empty.', 0],
  ['93 010203', 'The frame is a list, not a map of msgpack.', 0],
  ['c0', 'The frame is nothing (nil), not a map of msgpack.', 0],
  [Buffer.from('{"a": 1}').toString('hex'), 'The frame is a whole number, not a map of msgpack.', 0],
  [`81 ${text('used')} 81 ${text('lr')} cb3f`, 'The frame ends too early, in used.lr (byte 10).', 10],
  [`81 ${text('used')} 82 ${text('lr')} 01`, 'The frame ends too early, in used (byte 11).', 11],
  [`81 ${text('a')} 01 02 03`, '2 bytes follow the end of the map (byte 4).', 4],
  [`82 ${text('a')} 01 ${text('b')} d4 72 01`, 'A value of extension type 114, which is not known, in b (byte 6).', 6],
  [`81 ${text('a')} c1`, 'A byte 0xc1, which msgpack does not have, in a (byte 3).', 3],
  [`81 91 01 02`, 'A key is a list, at the top (byte 1).', 1],
  [`81 ${text('a')} ${'91'.repeat(2000)} 01`, 'More than 1024 lists and maps in each other, in a (byte 1026).', 1026],
  [`81 ${text('a')} df ffffffff`, 'The frame ends too early, in a (byte 8).', 8]
])('%.40s is undecodable: %s', (bytes, problem, byte) => {
  expect(decodeFrame(hex(bytes))).toEqual({ ok: false, problem, byte })
})

test('a frame that is cut or changed anywhere is decoded or refused, and does not change what follows', () => {
  const frames = readRecording('odd_values').map(({ payload }) => payload)
  const sound = frames[2] ?? Buffer.alloc(0)
  const before = JSON.stringify(shown(message(sound)))
  fc.assert(
    fc.property(fc.constantFrom(...frames), fc.nat(), fc.nat(), fc.integer({ min: 0, max: 255 }), (frame, at, cut, byte) => {
      const changed = Buffer.from(frame)
      changed[at % frame.length] = byte
      for (const bytes of [changed, frame.subarray(0, cut % frame.length)]) {
        const decoded = decodeFrame(bytes)
        expect(decoded.ok ? typeof decoded.message : decoded.problem.endsWith('.')).toBe(decoded.ok ? 'object' : true)
      }
      expect(decodeFrame(frame.subarray(0, cut % frame.length)).ok).toBe(false)
      expect(JSON.stringify(shown(message(sound)))).toBe(before)
    }),
    { numRuns: 500 }
  )
})

test('what is packed comes out again', () => {
  const packr = new Packr({ useRecords: false })
  const json = fc.letrec((tie) => ({
    value: fc.oneof({ depthSize: 'small' }, fc.string({ unit: 'grapheme', maxLength: 70 }), fc.double(), fc.maxSafeInteger(), fc.boolean(), fc.constant(null), tie('list'), tie('map')),
    list: fc.array(tie('value'), { maxLength: 20 }),
    map: fc.dictionary(fc.string({ maxLength: 40 }).filter((key) => key !== '__proto__'), tie('value'), { maxKeys: 20, noNullPrototype: true })
  }))
  fc.assert(
    fc.property(json.map, (value) => {
      expect(message(packr.pack(value))).toEqual(value)
    })
  )
})
