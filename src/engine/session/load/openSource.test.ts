import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { field, isJsonObject, parseJson, type JsonObject, type JsonValue } from '#contract/json'
import type { Records } from '#contract/values'
import { classify } from '#engine/records/classify'
import { mergeRecord } from '#engine/records/mergeRecord'
import { recordId } from '#engine/records/recordId'
import { openSegments } from '#engine/sources/openSegments'
import { Database } from '../table/database.ts'
import { OpenSource } from './openSource.ts'
import { LocalReader } from './readerPort.ts'
import type { NamedColumn, SqlResult } from '../table/sourceTable.ts'

const fixtures = join(import.meta.dirname, '../../../testing/fixtures')
const names = ['01_start_here', '02_pipeline', '03_loop', '04_campaign', '05_errors', '06_telemetry_full', '07_agents', '08_odd_values', '08b_aborted_dump', '10_dask', '11_status_updates', '12_sweep']

let database: Database
let folder: string
beforeAll(async () => {
  database = await Database.create()
  folder = await mkdtemp(join(tmpdir(), 'open-source-test-'))
})
afterAll(async () => {
  await database.close()
  await rm(folder, { recursive: true })
})

let opened = 0
async function open(...paths: string[]): Promise<OpenSource> {
  opened++
  const spec = { paths, folder: join(folder, `spec${opened}`) }
  return await OpenSource.open({ sourceId: `s${opened}`, database, segments: await openSegments(spec), reader: new LocalReader(await openSegments(spec), database.folder, `s${opened}`) })
}

type Truth = { messages: number; columns: string[]; non_null: Record<string, number>; distinct_task_ids: number }
const truthOf = (name: string): Truth => JSON.parse(readFileSync(join(fixtures, 'truth/df', `${name}.json`), 'utf8')) as Truth

describe.each(names)('%s', (name) => {
  let source: OpenSource
  beforeAll(async () => {
    source = await open(join(fixtures, 'jsonl', `${name}.jsonl`))
    await source.done
  })
  afterAll(async () => await source.close())

  test('is read whole', () => {
    expect(source.state()).toMatchObject({ state: 'ready', error: null, stage: 'tasks' })
    expect(source.problems.list.filter((problem) => problem.kind !== 'missing-id')).toEqual([])
    expect(source.state().counts.messages).toBe(truthOf(name).messages)
  })

  test('has the columns of pandas in their order, filled as often', async () => {
    const truth = truthOf(name)
    const columns = source.columns('messages')
    expect(columns.map((column) => column.name)).toEqual(truth.columns)
    const [counts] = await source.query({ text: `SELECT ${columns.map((column) => `count(${column.sql})`).join()} FROM ${source.rows} r WHERE ${source.recordsPredicate('messages')}`, values: [] })
    const filled = Object.fromEntries(columns.map((column, index) => [column.name, Number(counts?.[index])]))
    expect(filled).toEqual(truth.non_null)
    expect(Object.fromEntries(columns.map((column) => [column.name, column.filled]))).toEqual(truth.non_null)
  })
})

/** The flattening of json_normalize(sep="."), in its simplest form: names to values, lists whole, empty dicts gone. */
function flat(document: JsonObject): Map<string, JsonValue> {
  const cells = new Map<string, JsonValue>()
  const walk = (value: JsonValue, name: string): void => {
    if (!isJsonObject(value)) cells.set(name, value)
    else for (const key of Object.keys(value)) walk(field(value, key) as JsonValue, `${name}.${key}`)
  }
  for (const key of Object.keys(document)) if (!isJsonObject(field(document, key))) walk(field(document, key) as JsonValue, key)
  for (const key of Object.keys(document)) if (isJsonObject(field(document, key))) walk(field(document, key) as JsonValue, key)
  for (const [name, value] of cells) if (value === null) cells.delete(name)
  return cells
}

/** What a cell stands for: JSON columns hold JSON text, and numbers come in several types. */
function cellValue(value: SqlResult[number], column: NamedColumn): JsonValue {
  if (column.storage === 'JSON' && typeof value === 'string') return plain(parseJson(value))
  return typeof value === 'bigint' ? plain(value) : value
}
/** Integers as bigint beyond 2^53 only, as parseJson has them. */
function plain(value: JsonValue): JsonValue {
  return typeof value === 'bigint' && value >= -(2n ** 53n) && value <= 2n ** 53n ? Number(value) : value
}

async function cellsOf(source: OpenSource, records: Records): Promise<Map<string, Map<string, JsonValue>>> {
  const columns = source.columns(records)
  const sql = `SELECT r.record_id${columns.map((column) => `, ${column.sql}`).join('')} FROM ${source.rows} r WHERE ${source.recordsPredicate(records)} ORDER BY r.first_line`
  const rows = await source.query({ text: sql, values: [] })
  return new Map(
    rows.map(([id, ...values]) => [
      String(id),
      new Map(columns.flatMap((column, index) => (column.derived || values[index] === null ? [] : [[column.name, cellValue(values[index] as SqlResult[number], column)] as const])))
    ])
  )
}

describe.each([...names, '13_truncated_tail'])('the records of %s', (name) => {
  test('are the messages merged by engine/records, in the order of their first messages', async () => {
    const path = join(fixtures, 'jsonl', `${name}.jsonl`)
    const source = await open(path)
    await source.done
    const lines = readFileSync(path, 'utf8').split('\n')
    const messages = lines.flatMap((line, index) => (line === '' || source.problems.list.some((problem) => problem.level === 'error' && problem.line === index + 1) ? [] : [{ message: parseJson(line) as JsonObject, line: index + 1 }]))
    for (const [records, kind] of [['tasks', 'task'], ['workflows', 'workflow'], ['agents', 'agent'], ['objects', 'object']] as const) {
      const groups = new Map<string, JsonObject[]>()
      for (const { line, message } of messages) {
        if (classify(message) !== kind) continue
        const id = recordId(kind, message) ?? `${name}.jsonl:${line}`
        groups.set(id, [...(groups.get(id) ?? []), message])
      }
      const expected = [...groups].map(([id, group]) => [id, flat(mergeRecord(kind, group, { newId: () => id }).document)] as const)
      const found = await cellsOf(source, records)
      expect([...found.keys()], records).toEqual([...groups.keys()])
      // The id is a text, whatever it was in the messages.
      for (const [id, cells] of expected) expect(found.get(id), `${records} ${id}`).toEqual(cells.set(`${kind}_id`, id))
      expect(source.state().counts[records]).toBe(groups.size)
      for (const column of source.columns(records)) {
        if (!column.derived) expect(column.filled, column.name).toBe(expected.filter(([, cells]) => cells.has(column.name)).length)
      }
    }
    await source.close()
  })
})
