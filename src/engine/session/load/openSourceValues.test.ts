/** Generated records, written to a file, loaded and read back: every value as it was. */
import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { field, isJsonObject, parseJson, stringifyJson, type JsonObject, type JsonValue } from '#contract/json'
import { openSegments } from '#engine/sources/openSegments'
import { Database } from '../table/database.ts'
import { OpenSource } from './openSource.ts'
import { LocalReader } from './readerPort.ts'

let database: Database
let folder: string
beforeAll(async () => {
  database = await Database.create()
  folder = await mkdtemp(join(tmpdir(), 'open-values-test-'))
})
afterAll(async () => {
  await database.close()
  await rm(folder, { recursive: true })
})

let opened = 0
async function open(text: string): Promise<OpenSource> {
  const sourceId = `v${++opened}`
  const path = join(folder, `${sourceId}.jsonl`)
  writeFileSync(path, text)
  const spec = { paths: [path], folder: join(folder, sourceId) }
  const source = await OpenSource.open({ sourceId, database, segments: await openSegments(spec), reader: new LocalReader(await openSegments(spec), database.folder, sourceId) })
  await source.done
  expect(source.state()).toMatchObject({ state: 'ready', error: null })
  return source
}

/** Cells of each message by name, as parseJson would have them; nulls left out. */
async function messagesOf(source: OpenSource): Promise<Map<string, JsonValue>[]> {
  const columns = source.columns('messages')
  const rows = await source.query({ text: `SELECT r.line${columns.map((column) => `, ${column.sql}`).join('')} FROM ${source.rows} r WHERE r.is_message ORDER BY r.line`, values: [] })
  return rows.map(([, ...cells]) => {
    const found = new Map<string, JsonValue>()
    for (const [index, column] of columns.entries()) {
      const cell = cells[index] as JsonValue
      if (cell === null) continue
      const value = column.storage === 'JSON' ? parseJson(cell as string) : cell
      found.set(column.name, typeof value === 'bigint' && value >= -(2n ** 53n) && value <= 2n ** 53n ? Number(value) : value)
    }
    return found
  })
}

/** json_normalize(sep="."): what is no dict first, then dicts depth first; the later of equal names wins; null as missing. */
function oracle(record: JsonObject): Map<string, JsonValue> {
  const cells = new Map<string, JsonValue>()
  const walk = (value: JsonValue, name: string): void => {
    if (!isJsonObject(value)) cells.set(name, value)
    else for (const key of Object.keys(value)) walk(field(value, key) as JsonValue, name === '' ? key : `${name}.${key}`)
  }
  const keys = Object.keys(record)
  for (const key of keys) if (!isJsonObject(field(record, key))) cells.set(key, field(record, key) as JsonValue)
  for (const key of keys) if (isJsonObject(field(record, key))) walk(field(record, key) as JsonValue, key)
  for (const [name, value] of cells) if (value === null) cells.delete(name)
  return cells
}

async function comeBack(lines: readonly string[]): Promise<OpenSource> {
  const source = await open(lines.map((line) => `${line}\n`).join(''))
  const found = await messagesOf(source)
  expect(found).toHaveLength(lines.length)
  for (const [index, line] of lines.entries()) expect(found[index], line.slice(0, 300)).toEqual(oracle(parseJson(line) as JsonObject))
  return source
}

const odd = ['NaN', 'Infinity', '-Infinity', '-0', '-0.0', '0', '1', '1.0', '0.1', '1e-7', '1e22', '5e-324', '1.7976931348623157e308', '9007199254740992', '9007199254740993', '9223372036854775807', '-9223372036854775808', '18446744073709551615', '1000000000000000000000000000000', 'true', 'false', 'null', '"text"', '""', '"null"', '"NaN"', '"5"', '"a\\u0000b"', '"\\u2028\\u2029"', '"\\ud83d"', '"\\ud83d\\ude00"', '"ключ"', '"$1"', '"\\"quoted\\""', '[]', '[1,2.5,"x",null]', '[-0,NaN,18446744073709551615]', '["\\udc00"]', '[{"a":1,"A":2,"a":3}]', '{}', '{"deep":{"er":1}}', '{"none":null}', '{"deep":{"none":null}}', '"1e5"', '1E5', '[1E5]', '123456789012345678901234567890.5', '"\'; DROP TABLE rows; --"']

describe('one column', () => {
  test.each(odd)('holds %s', async (token) => {
    await (await comeBack([`{"used":{"v":${token}}}`, '{"used":{"v":null}}', '{"used":{}}'])).close()
  })

  test('holds any two values, one after the other, in one batch', async () => {
    const pairs = odd.flatMap((first, index) => odd.slice(index + 1).map((second) => [first, second] as const))
    const lines = pairs.flatMap(([first, second], index) => [`{"p${index}":${first}}`, `{"p${index}":${second}}`])
    await (await comeBack(lines)).close()
  })
})

test('a column that gets other kinds of values later, batch after batch, keeps all of them', async () => {
  const filler = JSON.stringify('x'.repeat(300_000))
  const lines = odd.map((token, index) => `{"v":${token},"w":${odd[(index * 7 + 3) % odd.length]},"filler":${index % 3 === 0 ? filler : '""'}}`)
  await (await comeBack(lines)).close()
})

test('merged records keep them too, whatever their texts look like', async () => {
  const tokens = [...odd, '"3e4-4e8"', '-0.0123', '1e16', '12345678901234567.0', '-1e300', '[-0.0]', '{"x":-0.0}', '0.1234567890123456789']
  const lines = tokens.flatMap((token, index) => [`{"task_id":"t${index}","status":"RUNNING","used":{"v":${token}}}`, `{"task_id":"t${index}","status":"FINISHED","generated":{"w":${token}}}`])
  const source = await open(lines.map((line) => `${line}\n`).join(''))
  const columns = ['used.v', 'generated.w'].map((name) => source.column('tasks', name))
  const rows = await source.query({ text: `SELECT ${columns.map((column) => column?.sql).join(', ')} FROM ${source.rows} r WHERE ${source.recordsPredicate('tasks')} ORDER BY r.first_line`, values: [] })
  expect(rows).toHaveLength(tokens.length)
  for (const [index, token] of tokens.entries()) {
    const value = parseJson(token)
    const cell = isJsonObject(value) ? null : value
    expect(rows[index]?.map((text) => (text === null ? null : parseJson(String(text)))), token).toEqual([cell, cell])
  }
  await source.close()
})

describe('awkward keys', () => {
  test.each([
    ['dots', '{"a.b":1}', '{"a":{"b":2}}', '{"a":{"b":3},"a.b":4}', '{"a.b":5,"a":{"b":6}}'],
    ['case', '{"used":{"lr":1,"LR":2}}', '{"used":{"Lr":3}}', '{"Used":{"lr":4}}'],
    ['a dict here, a value there', '{"used":{"v":{"n":1}}}', '{"used":{"v":2}}', '{"used":3}', '{"used":[{"v":4}]}', '{"used":{"v":null}}'],
    ['prototypes', '{"__proto__":{"polluted":true},"constructor":"x"}', '{"used":{"__proto__":1,"toString":2,"hasOwnProperty":null}}'],
    ['numbers', '{"generated":{"10":"a","2":"b","x":"c"}}'],
    ['empty', '{"":1}', '{"":{"":2}}', '{"a":{"":{"b":3}}}', '{"":{"a":4}}'],
    ['quotes and control characters', '{"a\\"b":1,"a\'b":2,"a\\nb":3,"a\\u0000b":4,"a\\\\b":5,"%s":6,"$a":7,"a/b":8,"a~1b":9}'],
    ['half a surrogate pair', '{"\\ud800":1,"x":"\\ud800"}'],
    ['names of our own columns', '{"line":1,"file":2,"kind":"x","rowid":3,"c0":4,"n":5,"d":{"d":6},"more":7,"r":{"c1":8}}'],
    ['repeated', '{"a":1,"b":2,"a":{"c":3}}', '{"a":{"x":1},"a":4}', '{"u":{"a":1,"a":null}}']
  ])('%s', async (_, ...lines) => {
    await (await comeBack(lines)).close()
  })

  test('columns stand in the order of json_normalize, integer-like keys in the file\'s', async () => {
    const source = await open('{"n":{"10":1,"2":{"b":1,"a":2}},"s":1,"l":[]}\n{"z":null,"n":{"1":1}}\n')
    expect(source.columns('messages').map((column) => column.name)).toEqual(['s', 'l', 'n.10', 'n.2.b', 'n.2.a', 'z', 'n.1'])
    await source.close()
  })
})

test('a record of any depth', async () => {
  for (const depth of [39, 41, 199, 201, 2000]) {
    const source = await open(`{"a":1}\n${'{"a":'.repeat(depth)}"deep"${'}'.repeat(depth)}\n{"a":[${'['.repeat(depth)}${']'.repeat(depth)}]}\n`)
    const [first, deep, list] = await messagesOf(source)
    expect(first).toEqual(new Map([['a', 1]]))
    expect(deep).toEqual(new Map([[Array.from({ length: depth }, () => 'a').join('.'), 'deep']]))
    expect(stringifyJson(list?.get('a') ?? null)).toBe(`[${'['.repeat(depth)}${']'.repeat(depth)}]`)
    await source.close()
  }
})

test('long texts and long lines', async () => {
  const long = 'é"\\\u0000'.repeat(10_000)
  await (await comeBack([JSON.stringify({ used: { text: long } }), JSON.stringify({ used: { text: 'x'.repeat(5_000_000) } }), '{"used":{"text":""}}'])).close()
})

test('thousands of different keys', async () => {
  const lines = Array.from({ length: 2000 }, (_, row) => {
    const cells = Array.from({ length: 5 }, (__, at) => [`k${(row * 5 + at * 997) % 5000}`, odd[(row + at) % 16]])
    return `{"task_id":"t${row}","used":{${cells.map(([key, token]) => `"${key}":${token}`).join(',')}}}`
  })
  const source = await comeBack(lines)
  expect(source.columns('messages').length).toBeGreaterThan(4000)
  expect(source.state().counts.tasks).toBe(2000)
  await source.close()
})

test('any records at all', async () => {
  const key = fc.oneof(fc.constantFrom('a', 'b', 'A', 'a.b', '', 'used', 'type', '__proto__', '0'), fc.string({ maxLength: 4, unit: 'grapheme' }))
  const leaf = fc.oneof(fc.constantFrom(...odd).map((token) => token), fc.double().map((value) => (Number.isFinite(value) ? JSON.stringify(value) : '0.5')), fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String), fc.string({ unit: 'binary' }).map((value) => JSON.stringify(value)))
  const value = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`), fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map(object))
  })).value
  const record = fc.array(fc.tuple(key, value), { maxLength: 6 }).map(object)
  await fc.assert(
    fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 12 }), async (lines) => {
      await (await comeBack(lines)).close()
    }),
    { numRuns: 120 }
  )
}, 120_000)

/** Integer-like keys come first in a JavaScript object: the oracle cannot tell their order, so names are compared as a map. */
function object(entries: [string, string][]): string {
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`
}
