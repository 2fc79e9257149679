import fc from 'fast-check'
import '../../../testing/propertySeed.ts'
import { afterAll, expect, test } from 'vitest'
import { type JsonObject, type JsonValue, stringifyJson } from '#contract/json'
import { tinyTable } from '../../../testing/tinyTable.ts'
import { raw } from '../table/sql.ts'
import { cellOfKey, columnsOf, linkPlacesSql, placeKey } from './linkSql.ts'
import { linkValues } from './linkValues.ts'

const closers: (() => void)[] = []
afterAll(() => closers.forEach((close) => close()))

const digits = fc.integer({ min: -99_999, max: 99_999 })
const scalar: fc.Arbitrary<JsonValue> = fc.oneof(
  digits, digits.map((number) => number / 1000), digits.map((number) => number * 1e-9), fc.constantFrom<JsonValue>(null, true, 0, -0, 4000, 1e21, 1.5e300, 18446744073709551616n, 9007199254740993n),
  fc.constantFrom('', 'ab', 'abc', '😀a', '😀ab', 'say "hi"', '1234', '[1,2]', 'tab\t', 'ü', '漢字仮名', '…12:'), fc.double({ noNaN: true, noDefaultInfinity: true })
)
const list: fc.Arbitrary<JsonValue> = fc.array(fc.oneof(scalar, fc.array(scalar, { maxLength: 3 })), { maxLength: 4 })
const used = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.oneof(scalar, list, fc.dictionary(fc.constantFrom('x', 'y'), scalar, { minKeys: 1, maxKeys: 2 })), { minKeys: 1, maxKeys: 3 })

/** What makes two values the same in lists is how they are written, numbers apart. */
const sameText = (value: JsonValue): string => (Array.isArray(value) ? 'list' : typeof value === 'number' || typeof value === 'bigint' ? `number ${Number(value)}` : stringifyJson(value))

test('all values that can tie tasks are found in DuckDB, by the rule that is told in JavaScript', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(used, { minLength: 1, maxLength: 4 }), async (records) => {
      const table = await tinyTable(records.map((one, at): JsonObject => ({ type: 'task', task_id: `t${at}`, used: one })))
      closers.push(table.close)
      const columns = columnsOf(table, ['used'])
      const { text, values } = linkPlacesSql(table, columns, raw('TRUE'))
      const rows = await table.query({ text: `SELECT DISTINCT line, v, ${placeKey} FROM (${text})`, values })
      const found = rows.map(([line, v, key]) => {
        const cell = cellOfKey(String(key))
        const shown = cell !== null && typeof cell === 'object' ? ('json' in cell ? 'list' : 'int' in cell ? `number ${Number(cell.int)}` : 'text' in cell ? cell.text : cell.float) : sameText(cell)
        return `${line} ${columns[Number(v) >> 1]?.name} ${shown}`
      })
      const expected = records.flatMap((one, line) => columns.flatMap(({ name }) => linkValues(name, at(one, name)).map(({ value }) => `${line} ${name} ${sameText(value)}`)))
      expect([...new Set(found)].toSorted()).toEqual([...new Set(expected)].toSorted())
    }),
    { numRuns: 25 }
  )
}, 60_000)

function at(record: JsonObject, name: string): JsonValue {
  const found = name.split('.').slice(1).reduce<JsonValue>((value, key) => (value !== null && typeof value === 'object' && !Array.isArray(value) ? ((value as JsonObject)[key] ?? null) : null), record)
  return found !== null && typeof found === 'object' && !Array.isArray(found) ? null : found
}

test('keys as cells', () => {
  expect(['"text', '1234', '1.5e-07', '18446744073709551616', '[1,2]'].map(cellOfKey)).toEqual(['text', 1234, 1.5e-7, { int: '18446744073709551616' }, { json: '[1,2]' }])
  const md5 = '0'.repeat(32)
  expect(cellOfKey(`"${'x'.repeat(256)}…3000:${md5}`)).toEqual({ text: 'x'.repeat(256), length: 3000 })
  expect(cellOfKey(`[${'1'.repeat(255)}…4000:${md5}`)).toEqual({ json: `[${'1'.repeat(255)}`, length: 4000 })
  expect(cellOfKey(`"${'y'.repeat(300)}`)).toEqual({ text: 'y'.repeat(256), length: 300 })
})
