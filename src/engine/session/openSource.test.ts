import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSegments } from '#engine/sources/openSegments'
import { Database } from './database.ts'
import { OpenSource } from './openSource.ts'
import { LocalReader } from './readerPort.ts'

const fixtures = join(import.meta.dirname, '../../testing/fixtures')
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
