import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fixtureFolder, openFixture } from '../../../testing/openFixture.ts'
import { tinyTable } from '../../../testing/tinyTable.ts'
import { writeDelimited } from './delimited.ts'
import { withOutTable, type OutView } from './outTable.ts'
import type { OpenSource } from '../load/openSource.ts'
import type { SourceTable } from '../table/sourceTable.ts'

const signal = new AbortController().signal
const all: OutView = { records: 'messages', scope: { filter: {}, search: '' }, sort: [], columns: [] }

async function csvOf(table: SourceTable, { guardFormulas = false, separator = ',', ...view }: Partial<OutView> & { guardFormulas?: boolean; separator?: ',' | '\t' } = {}): Promise<string> {
  const chunks: Uint8Array[] = []
  await withOutTable(table, { ...all, ...view }, signal, (out) => writeDelimited(out, { guardFormulas, separator }, async (bytes) => void chunks.push(bytes), { signal }))
  return Buffer.concat(chunks).toString()
}

/** RFC 4180, as any reader has it. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g)) {
    row.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'))
    if (end === '\n') rows.push(row.splice(0))
  }
  return rows
}

const list = 'a list is JSON'
const wide = 'an integer beyond 2^53 keeps its digits'
/** How often a cell differs, by what docs/decisions/csv.md calls it. */
const fixtures: [string, Record<string, number>][] = [
  ['01_start_here', {}],
  ['02_pipeline', { [list]: 36 }],
  ['03_loop', { [list]: 6 }],
  ['04_campaign', { [list]: 15 }],
  ['05_errors', { [list]: 2 }],
  ['06_telemetry_full', { [list]: 128 }],
  ['07_agents', { [list]: 3 }],
  ['08_odd_values', { [list]: 12 }],
  ['08b_aborted_dump', { [list]: 1, [wide]: 1 }],
  ['10_dask', { [list]: 16 }],
  ['11_status_updates', { [list]: 4 }],
  ['12_sweep', { [list]: 16 }]
]

function differenceOf(ours: string, pandas: string): string | undefined {
  if (ours === pandas) return undefined
  if (/^[[{]/.test(ours) && pythonRepr(ours) === pandas) return list
  if (/^-?\d{16,}$/.test(ours) && String(Number(ours)) === String(Number(pandas))) return wide
  return `${pandas} ≠ ${ours}`
}

/** The text of a JSON list as Python's repr has the list; numbers are written alike. */
function pythonRepr(json: string): string {
  const words: Record<string, string> = { true: 'True', false: 'False', null: 'None', ',': ', ', ':': ': ' }
  return json.replaceAll(/"(?:[^"\\]|\\.)*"|true|false|null|[,:]/g, (token) => words[token] ?? pythonString(JSON.parse(token) as string))
}

function pythonString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  return quote + text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll(quote, `\\${quote}`) + quote
}

describe.each(fixtures)('%s as pandas writes it', (name, expected) => {
  let opened: { source: OpenSource; close(): Promise<void> }
  beforeAll(async () => (opened = await openFixture(`jsonl/${name}.jsonl`)))
  afterAll(async () => await opened.close())

  test('cell by cell, but for the differences that are named', async () => {
    const ours = parseCsv(await csvOf(opened.source))
    const pandas = parseCsv(readFileSync(join(fixtureFolder, 'csv', `${name}.csv`), 'utf8'))
    expect(ours[0]).toEqual(pandas[0])
    expect(ours.length).toBe(pandas.length)
    const differences: Record<string, number> = {}
    for (const [at, row] of pandas.entries()) {
      expect(ours[at]?.length, `line ${at}`).toBe(row.length)
      for (const [index, cell] of row.entries()) {
        const difference = differenceOf(ours[at]?.[index] ?? '', cell)
        if (difference !== undefined) differences[difference] = (differences[difference] ?? 0) + 1
      }
    }
    expect(differences).toEqual(expected)
  })
})

describe('cells', () => {
  const tables: (() => void)[] = []
  afterAll(() => tables.forEach((close) => close()))
  async function tableOf(records: Parameters<typeof tinyTable>[0]): Promise<SourceTable> {
    const table = await tinyTable(records)
    tables.push(table.close)
    return table
  }

  test('text is exact, quoted where it has to be, and empty text is not null', async () => {
    const texts = ['plain', 'a,b', 'say "hi"', 'two\nlines', 'cr\rhere', '', null, ' spaced ', 'ünï😀\u0000']
    const table = await tableOf(texts.map((t, n) => ({ t, n })))
    const text = await csvOf(table, { columns: ['t', 'n', 'no "such", column'] })
    expect(text).toBe('t,n,"no ""such"", column"\nplain,0,\n"a,b",1,\n"say ""hi""",2,\n"two\nlines",3,\n"cr\rhere",4,\n"",5,\n,6,\n spaced ,7,\nünï😀\u0000,8,\n')
  })

  test('numbers and booleans as pandas writes them', async () => {
    const floats = [0.1, 1, -0, 1e-5, 0.0001, 1e16, 123456789012345680, 5e-324, NaN, Infinity, -Infinity, null]
    expect(await csvOf(await tableOf(floats.map((f) => ({ f, b: true }))), { columns: ['f'] })).toBe('f\n0.1\n1.0\n-0.0\n1e-05\n0.0001\n1e+16\n1.2345678901234568e+17\n5e-324\nNaN\ninf\n-inf\n""\n')
    expect(await csvOf(await tableOf([{ i: 1 }, { i: 9007199254740993n }]), { columns: ['i'] })).toBe('i\n1\n9007199254740993\n')
    expect(await csvOf(await tableOf([{ i: 1, b: true }, { i: null, b: false }, { i: 9007199254740993n, b: null }]), { columns: ['i', 'b'] })).toBe('i,b\n1.0,True\n,False\n9007199254740993,\n')
  })

  test('a mixed column keeps each value in its own form', async () => {
    const table = await tableOf(['{"m":1,"k":0}', '{"m":1.0}', '{"m":1e20}', '{"m":"a,\\u00e9"}', '{"m":true}', '{"m":null}', '{"m":[1,"a"]}', '{"m":18446744073709551616}', '{"m":NaN}', '{"m":""}'])
    expect(await csvOf(table, { columns: ['m', 'k'] })).toBe('m,k\n1,0.0\n1.0,\n1e+20,\n"a,é",\nTrue,\n,\n"[1,""a""]",\n18446744073709551616,\nNaN,\n"",\n')
  })

  test('formulas are guarded on request, numbers never', async () => {
    const table = await tableOf([{ t: '=1+1', m: '@a', n: -5 }, { t: '-x', m: -5, n: 1 }, { t: '+"', m: [1], n: 2 }, { t: 'ok', m: 'x', n: 3 }])
    expect(await csvOf(table, { columns: ['t', 'm', 'n', '=c'], guardFormulas: true })).toBe(`t,m,n,'=c\n'=1+1,'@a,-5,\n'-x,-5,1,\n"'+""",[1],2,\nok,x,3,\n`)
    expect(await csvOf(table, { columns: ['t'] })).toBe('t\n=1+1\n-x\n"+"""\nok\n')
  })

  test('filter, sort and columns are those of the table, over many stretches', async () => {
    const table = await tableOf(Array.from({ length: 3500 }, (_, n) => ({ task_id: `t${n}`, v: (n * 7919) % 3500, keep: n % 7 !== 0 })))
    const text = await csvOf(table, { records: 'tasks', columns: ['v', 'task_id'], sort: [{ column: 'v', descending: true }], scope: { filter: { keep: true }, search: '' } })
    const expected = Array.from({ length: 3500 }, (_, n) => ({ n, v: (n * 7919) % 3500 })).filter(({ n }) => n % 7 !== 0).sort((a, b) => b.v - a.v)
    expect(text).toBe(`v,task_id\n${expected.map(({ n, v }) => `${v},t${n}\n`).join('')}`)
    expect(await csvOf(table, { columns: ['v'], scope: { filter: { v: -1 }, search: '' } })).toBe('v\n')
  })

  test('more columns than one expression takes', async () => {
    const table = await tableOf([Object.fromEntries(Array.from({ length: 230 }, (_, n) => [`c${n}`, n]))])
    const numbers = Array.from({ length: 230 }, (_, n) => n)
    expect(await csvOf(table)).toBe(`${numbers.map((n) => `c${n}`).join(',')}\n${numbers.join(',')}\n`)
  })

  test('with tabs between: quoted where a tab is, not where a comma is', async () => {
    const table = await tableOf([{ t: 'a,b', u: 'x\ty' }, { t: '', u: null }, { t: 'say "hi"', u: 'two\nlines' }])
    expect(await csvOf(table, { columns: ['t', 'u'], separator: '\t' })).toBe('t\tu\na,b\t"x\ty"\n""\t\n"say ""hi"""\t"two\nlines"\n')
  })

  test('what the sink says is the writing’s failure', async () => {
    const table = await tableOf(Array.from({ length: 50 }, (_, n) => ({ n })))
    const broken = async (): Promise<void> => Promise.reject(new Error('no space'))
    await expect(withOutTable(table, all, signal, (out) => writeDelimited(out, { guardFormulas: false, separator: ',' }, broken, { signal }))).rejects.toThrow('no space')
  })
})
