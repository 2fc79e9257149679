import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TableFormat } from '#contract/exports'
import { type JsonObject, parseJson } from '#contract/json'
import type { Given, Result } from '#contract/methods'
import { momentId } from '#contract/momentId'
import { type AskedEngine, askEngine } from '../../../testing/askEngine.ts'
import { tinyTable } from '../../../testing/tinyTable.ts'
import { checkTableFile } from './checkTableFile.ts'
import { Exports } from './exports.ts'
import { withOutTable } from './outTable.ts'
import { selectWriting } from './selectWriting.ts'
import { writeTableFile } from './tableFile.ts'
import { writeWhole } from './writeWhole.ts'

const formats = ['csv', 'tsv', 'jsonl', 'parquet', 'arrow'] as const
const signal = new AbortController().signal
const secretText = 'hunter2-is-long'
const workflow = { type: 'workflow', workflow_id: 'w', name: 'flow', machine_info: { node: { environment: { MONGO_PASSWORD: secretText, PWD: '/home/ada' } } } }
const task = (n: number) => ({ type: 'task', task_id: `t${n}`, workflow_id: 'w', activity_id: 'fit', started_at: 1_790_000_000 + n, used: { n, api_key: n % 2 === 0 ? `key-${n}-abcdef` : null, url: 'redis://:pw123456@login02:6379/0', cmd: ['run', `--password=${secretText}`, `${n}`], tokens: n }, generated: { y: n / 4, nothing: NaN } })

let engine: AskedEngine
let folder: string
let sourceId: string
beforeAll(async () => {
  engine = await askEngine()
  folder = mkdtempSync(join(tmpdir(), 'table-writing-'))
  const path = join(folder, 'run.jsonl')
  writeFileSync(path, [workflow, ...Array.from({ length: 60 }, (_, n) => task(n))].map((record) => `${JSON.stringify(record).replace('"nothing":null', '"nothing":NaN')}\n`).join(''))
  sourceId = (await engine.open(path)).sourceId
})
afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

async function exported(asked: Partial<Given<'exports.start'>> & { format: TableFormat }): Promise<Result<'exports.list'>['exports'][number] & { file: string }> {
  const file = join(folder, `out.${asked.format}`)
  const { handle } = await engine.ask('paths.grant', { path: file, use: 'write' })
  const { exportId } = await engine.ask('exports.start', { sourceId, columns: [], handle, name: 'x', ...asked })
  const job = async () => (await engine.ask('exports.list', {})).exports.find((one) => one.exportId === exportId)
  await engine.until(async () => !['writing', 'checking'].includes((await job())?.state ?? 'writing'))
  return { ...((await job()) as Result<'exports.list'>['exports'][number]), file }
}

describe('secrets', () => {
  test('are pointed out by field, with what tasks belong to when whole records leave', async () => {
    const { fields, total, values } = await engine.ask('exports.secrets', { sourceId })
    expect(fields.map(({ field, records, values: found, why }) => [records, field, found, why]).toSorted()).toEqual([
      ['tasks', 'used.api_key', 30, 'name'],
      ['tasks', 'used.cmd', 60, 'option'],
      ['tasks', 'used.url', 60, 'password in URL'],
      ['workflows', 'machine_info.node.environment.MONGO_PASSWORD', 1, 'name']
    ])
    expect([total, values]).toEqual([4, 151])
    expect(JSON.stringify(fields)).not.toContain('hunter2-is')
    expect(JSON.stringify(fields)).not.toContain('pw123456')
    expect((await engine.ask('exports.secrets', { sourceId, columns: ['used.n', 'used.url'] })).fields.map(({ field }) => field)).toEqual(['used.url'])
    expect((await engine.ask('exports.secrets', { sourceId, columns: ['used.n', 'used.tokens', 'task_id'] })).total).toBe(0)
    expect((await engine.ask('exports.secrets', { sourceId, columns: ['used.api_key'], scope: { filter: { 'used.n': { $lt: 4 } } } })).values).toBe(2)
  })

  test.each(formats)('none of them is in %s when they are replaced or left out', async (format) => {
    for (const secrets of ['replace', 'leave-out'] as const) {
      const { checks, error, file, manifest, state } = await exported({ format, secrets })
      expect([state, error]).toEqual(['done', null])
      expect(checks.every(({ ok }) => ok) && checks.length > 2).toBe(true)
      const bytes = format === 'parquet' ? readFileSync(file).toString('latin1') : readFileSync(file, 'utf8')
      for (const secret of [secretText, 'pw123456', 'key-2-abcdef']) expect(bytes).not.toContain(secret)
      expect(manifest).not.toContain(secretText)
      expect(parseJson(manifest ?? '')).toMatchObject({ secrets: { treatment: secrets, values: format === 'jsonl' ? 151 : 150 } })
      if (format === 'tsv') expect(bytes.includes('redis://:***@login02')).toBe(secrets === 'replace')
      if (format === 'jsonl') expect(bytes).toContain('"PWD":"/home/ada"')
    }
  })

  test('kept, they are there', async () => {
    expect(readFileSync((await exported({ format: 'csv' })).file, 'utf8')).toContain(secretText)
  })
})

describe('the manifest', () => {
  test.each(formats)('of %s says of what it is and how it was chosen', async (format) => {
    const scope = { filter: { 'used.n': { $lt: 10 } }, search: 'fit' }
    const sort = [{ column: 'used.n', descending: true }]
    const { file, manifest } = await exported({ format, scope, sort, columns: ['task_id', 'used.n', 'used.cmd', 'used.api_key'] })
    const told = parseJson(readFileSync(`${file}.manifest.json`, 'utf8'))
    expect(parseJson(manifest ?? '')).toEqual(told)
    const bytes = readFileSync(file)
    const source = readFileSync(join(folder, 'run.jsonl'))
    expect(told).toMatchObject({
      manifest: 'provscope-export/1',
      result: { format, name: `out.${format}`, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') },
      selection: { records: 'tasks', ...scope, sort, columns: format === 'jsonl' ? null : ['task_id', 'used.n', 'used.cmd', 'used.api_key'], moment: null },
      rows: 10,
      source: { kind: 'file', messages: 61, tasks: 60, rejectedLines: 0, complete: true, files: [{ bytes: source.length, sha256: createHash('sha256').update(source).digest('hex') }] },
      verification: { done: true, ok: true }
    })
    if (format === 'jsonl') expect(told).toMatchObject({ related: { workflows: 1 }, notes: [expect.stringContaining('10 numbers that are NaN')] })
    else expect((told as JsonObject)['columns']).toMatchObject([{ name: 'task_id', type: 'id', nulls: 0 }, { name: 'used.n', type: 'integer', nulls: 0 }, { name: 'used.cmd', type: 'list' }, { name: 'used.api_key', nulls: 5 }])
  })

  test('is left out on request, and one of an earlier export goes', async () => {
    await exported({ format: 'csv' })
    const { file, manifest } = await exported({ format: 'csv', manifest: false, verify: false })
    expect(manifest).toBe(null)
    expect(readdirSync(folder)).not.toContain('out.csv.manifest.json')
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(62)
  })

  test('names the moment that is shown', async () => {
    const { manifest, rows } = await exported({ format: 'parquet', sourceId: momentId(sourceId, 1_790_000_009.5) })
    expect(rows).toBe(10)
    expect(parseJson(manifest ?? '')).toMatchObject({ rows: 10, selection: { moment: new Date(1_790_000_009_500).toISOString() } })
  })
})

describe('reading back', () => {
  const records = Array.from({ length: 40 }, (_, n) => ({ task_id: `t${n}`, n, x: n / 8, flag: n % 2 === 0, text: n === 3 ? null : `text "${n}",\n`, list: [n, 'a'], big: n === 5 ? 36893488147419103232n : n }))

  /** What is found wrong with a file after `spoil` has had it. */
  async function foundWrong(format: TableFormat, spoil: (path: string) => void): Promise<string[]> {
    const table = await tinyTable(records)
    const view = { records: 'tasks', scope: { filter: {}, search: '' }, sort: [], columns: [] } as const
    try {
      return await withOutTable(table, { ...view, sort: [] }, signal, async (out) => {
        const path = join(folder, `spoilt.${format}`)
        rmSync(path, { force: true })
        await writeWhole(path, signal, (sink, part) => writeTableFile(out, { format, guardFormulas: false }, sink, { signal, path: part, onProgress: () => undefined }), { isClosed: format === 'parquet' })
        spoil(path)
        const checks = await checkTableFile(out, { format, guardFormulas: false }, path, { signal, onProgress: () => undefined })
        return checks.filter(({ ok }) => !ok).map(({ what }) => what)
      })
    } finally {
      table.close()
    }
  }
  const replaced = (from: string, to: string) => (path: string) => writeFileSync(path, readFileSync(path, 'latin1').replace(from, to), 'latin1')

  test.each(formats)('%s as it was written is right', async (format) => {
    expect(await foundWrong(format, () => undefined)).toEqual([])
  })

  test.each<[TableFormat, string, string, string[]]>([
    ['csv', '1.125', '1.25', ['values']],
    ['csv', '\n""\n', '\n', []],
    ['csv', 't7,', 't8,', ['values']],
    ['csv', 'task_id,n,x', 'task_id,x,n', ['columns']],
    ['tsv', 'True', '', ['empty cells', 'values']],
    ['jsonl', '"x":1.125', '"x":1.25', ['values']],
    ['jsonl', '36893488147419103232', '36893488147419103233', ['values']],
    ['jsonl', '"flag":true', '"flag":null', ['empty cells', 'values']],
    ['arrow', 't11', 't99', ['values']]
  ])('%s with %j changed into %j is found', async (format, from, to, wrong) => {
    expect(await foundWrong(format, replaced(from, to))).toEqual(wrong)
  })

  test('rows that are missing or in another order are found', async () => {
    expect(await foundWrong('csv', (path) => writeFileSync(path, readFileSync(path, 'utf8').replace(/t39,[^]*$/, '')))).toContain('rows')
    expect(await foundWrong('jsonl', (path) => writeFileSync(path, readFileSync(path, 'utf8').split('\n').filter((line) => !line.includes('t20')).join('\n')))).toContain('values')
    expect(await foundWrong('jsonl', (path) => writeFileSync(path, `${readFileSync(path, 'utf8').trimEnd().split('\n').toReversed().join('\n')}\n`))).toEqual(['values'])
    await expect(foundWrong('parquet', (path) => truncateSync(path, 1000))).rejects.toThrow()
  })
})

describe('a query’s result', () => {
  test.each(formats)('as %s has its values, its order and names that are alike', async (format) => {
    const table = await tinyTable([{ task_id: 'a', n: 1 }, { task_id: 'b', n: 2 }, { task_id: 'c', n: 3 }])
    const exports = new Exports({ pathOf: () => join(folder, `query.${format}`), folder: join(folder, 'downloads') })
    const select = { text: `SELECT r.c0, sum(r.c1) OVER () AS s, [r.c1, NULL] AS l, {'a': r.c1} AS d, r.c1 = 2 AS flag, TIMESTAMP '2026-01-02 03:04:05.678901' AS t, 170141183460469231731687303715884105727::HUGEINT AS big, 1.50 AS dec, r.c1 AS c0, 'q"''' || chr(9) || chr(10) AS odd, CASE WHEN r.c1 = 1 THEN NULL ELSE 'nan'::DOUBLE END AS nan FROM ${table.rows} r WHERE r.c1 > ? ORDER BY r.c1 DESC`, values: [0n] }
    const columns = ['id', 'sum', 'list', 'dict', 'flag', 'time', 'big', 'dec', 'id', 'odd', 'nan']
    const { exportId } = exports.startWriting(selectWriting({ table, select, columns, format, name: 'q', handle: 'h' }))
    const job = () => exports.list({ offset: 0, limit: 1 }).exports[0]
    while (['writing', 'checking'].includes(job()?.state ?? '')) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(job()).toMatchObject({ exportId, state: 'done', error: null, rows: 3 })
    expect(job()?.checks.length).toBe(4)
    const file = readFileSync(join(folder, `query.${format}`))
    if (format === 'csv') expect(file.toString().split('\n').slice(0, 2)).toEqual(['id,sum,list,dict,flag,time,big,dec,id,odd,nan', 'c,6,"[3,null]","{""a"":3}",False,2026-01-02 03:04:05.678901,170141183460469231731687303715884105727,1.5,3,"q""\'\t'])
    if (format === 'jsonl') expect(parseJson(file.toString().split('\n')[2] ?? '')).toEqual({ id: 'a', sum: 6, list: [1, null], dict: { a: 1 }, flag: false, time: '2026-01-02 03:04:05.678901', big: 170141183460469231731687303715884105727n, dec: 1.5, id_1: 1, odd: `q"'\t\n`, nan: null })
    if (format === 'arrow') expect(tableFromIPC(file).schema.fields.map(({ name, type }) => `${name} ${String(type)}`)).toEqual(['id Utf8', 'sum Int64', 'list Utf8', 'dict Utf8', 'flag Bool', 'time Timestamp<MICROSECOND>', 'big Utf8', 'dec Float64', 'id_1 Int64', 'odd Utf8', 'nan Float64'])
    expect(await table.query({ text: `SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'export%'`, values: [] })).toEqual([[0n]])
    table.close()
  })
})
