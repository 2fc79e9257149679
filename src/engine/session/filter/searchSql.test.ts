import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { JsonObject } from '#contract/json'
import { openMemory } from '../../../testing/memoryTable.ts'
import { compileSearch, wordsOf } from './searchSql.ts'
import type { SourceTable } from '../table/sourceTable.ts'

const records = [
  { task: 'Train Model', lr: 0.5, n: 42, ok: true },
  { task: 'evaluate', note: 'a "quoted" word\nnext', n: 9007199254740993n },
  { task: 'É L A N', tags: ['Übergröße', { deep: 'NEEDLE' }], big: 123456789012345678901234567890n },
  { task: null, mixed: 1000, used: { path: '/data/42/model.bin' } },
  { mixed: '1e3', tags: ['50%_off'] }
] as JsonObject[]

let memory: Awaited<ReturnType<typeof openMemory>>
let table: SourceTable
beforeAll(async () => {
  memory = await openMemory()
  table = await memory.table(records)
})
afterAll(() => memory.close())

async function found(text: string): Promise<number[]> {
  const where = compileSearch(table, 'tasks', text)
  const rows = await table.query({ text: `SELECT r.line FROM ${table.rows} r WHERE ${where.text} ORDER BY r.line`, values: where.values })
  return rows.map(([line]) => Number(line))
}

test.each([
  ['', [0, 1, 2, 3, 4]],
  ['  "" ', [0, 1, 2, 3, 4]],
  ['model', [0, 3]],
  ['TRAIN model', [0]],
  ['model train', [0]],
  ['"model train"', []],
  ['"train model"', [0]],
  ['"train mod', [0]],
  ['élan', []],
  ['é', [2]],
  ['ÜBERGRÖSSE', []],
  ['übergröße needle', [2]],
  ['42', [0, 3]],
  ['42.0', [0]],
  ['5e-1', [0]],
  ['.5', [0]],
  ['9007199254740993', [1]],
  ['9007199254740992', []],
  ['123456789012345678901234567890', [2]],
  ['1e3', [4]],
  ['1000', [3]],
  ['true', []],
  ['null', []],
  ['record', [0, 1, 2, 3, 4]],
  ['50%_off', [4]],
  ['%', [4]],
  ["' OR TRUE --", []],
  ['nothing of the kind', []]
])('%j finds %j', async (text, lines) => {
  expect(await found(text)).toEqual(lines)
})

test('JSON in a cell is found however its letters are escaped', async () => {
  const escaped = await memory.table([{ list: ['say "hi"', 'back\\slash', '\u0000é'] }, { list: [] }])
  for (const text of ['say', 'back\\slash', 'É', '"say \\"hi\\""']) {
    const where = compileSearch(escaped, 'tasks', text)
    const rows = await escaped.query({ text: `SELECT r.line FROM ${escaped.rows} r WHERE ${where.text}`, values: where.values })
    expect(rows.map(([line]) => Number(line)), text).toEqual([0])
  }
})

describe('words', () => {
  test.each([
    ['a  b\tc', ['a', 'b', 'c']],
    ['"a b" c', ['a b', 'c']],
    ['x"a b"y', ['x', 'a b', 'y']],
    ['"open phrase', ['open phrase']],
    ['" "', []]
  ])('%j are %j', (text, words) => {
    expect(wordsOf(text)).toEqual(words)
  })
})
