/** What a MongoDB answers of the Table, against what the engine's own tables answer of the same records: pages, counts, places. */
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { JsonObject } from '#contract/json'
import { openLmdbStore } from '#engine/stores/lmdbStore'
import { openMongoStore } from '#engine/stores/mongoStore'
import { openStore } from '#engine/stores/openStore'
import { transfer } from '#engine/stores/transfer'
import type { Given, Params, Result } from '#contract/methods'
import { askEngine, type AskedEngine } from '../../../testing/askEngine.ts'
import { mongoFlavours, startMongo, testWithoutMongo, type MongoServer } from '../../../testing/servers/mongo.ts'
import { Database } from '../table/database.ts'
import { filterCounts } from '../filter/filterQueries.ts'
import { findRow, pageRows } from '../query/pages.ts'
import { openReader } from '../load/openReader.ts'
import { PushedRows } from './pushedRows.ts'
import { mongoPlace } from './storePlace.ts'
import { StoreReading } from './storeReading.ts'

const fixtures = join(import.meta.dirname, '../../../testing/fixtures')
const signal = new AbortController().signal
const [flavour] = mongoFlavours()
if (flavour === undefined) testWithoutMongo()

describe.skipIf(flavour === undefined)(`MongoDB (${flavour}) and the engine's own tables`, () => {
  let server: MongoServer
  let asked: AskedEngine
  let database: Database
  beforeAll(async () => {
    server = await startMongo(flavour ?? 'mongod')
    asked = await askEngine()
    database = await Database.create()
  }, 900_000)
  afterAll(async () => {
    await database.close()
    await asked.close()
    await server.stop()
  })

  type Both = { pushed: PushedRows; table: StoreReading['table']; close(): Promise<void> }
  let opened = 0
  async function both(uri: string): Promise<Both> {
    const sourceId = `both${opened++}`
    const store = openMongoStore(uri, { readOnly: true })
    const reading = await StoreReading.open({ sourceId, place: mongoPlace(uri), folder: join(asked.folder, sourceId), generation: 1, database, openReader, stamp: { mark: '', sizeBytes: 0 }, totalBytes: 1000, onChange: () => undefined })
    await reading.table.done
    return {
      pushed: new PushedRows(store, reading.table),
      table: reading.table,
      async close() {
        await reading.close()
        await store.close()
      }
    }
  }

  async function fromLmdb(name: string): Promise<string> {
    const path = join(asked.folder, `lmdb-${name}`)
    cpSync(join(fixtures, 'lmdb', name), path, { recursive: true })
    const uri = `${server.uri}pushed_${name}`
    const [source, target] = [openLmdbStore(path, { readOnly: true }), openMongoStore(uri)]
    await transfer(source, target)
    await source.close()
    await target.close()
    return uri
  }

  async function fromBuffer(name: string): Promise<string> {
    const uri = `${server.uri}buffer_${name}`
    const [source, target] = [await openStore({ type: 'jsonl', path: join(fixtures, 'jsonl', `${name}.jsonl`) }, { readOnly: true }), openMongoStore(uri)]
    await transfer(source, target)
    await source.close()
    await target.close()
    return uri
  }

  type Page = Given<'rows.page'>
  const paged = ({ columns, limit = 1000, offset = 0, records = 'tasks', scope, sort = [] }: Omit<Page, 'sourceId'>): Params<'rows.page'> => ({
    sourceId: '', records, columns, offset, limit, cellLength: 40, scope: { filter: scope?.filter ?? {}, search: '' }, sort: sort.map(({ column, descending = false }) => ({ column, descending }))
  })
  const withoutTime = ({ queryMs: _queryMs, ...page }: Result<'rows.page'>) => page

  describe.each(['05_errors', '06_telemetry_full', '07_agents'])('%s', (name) => {
    let here: Both
    beforeAll(async () => (here = await both(await fromBuffer(name))))
    afterAll(async () => await here.close())

    test.each(['tasks', 'workflows', 'agents', 'objects'] as const)('the same page of %s with every column', async (records) => {
      const columns = here.table.columns(records).map((column) => column.name).slice(0, 500)
      const params = paged({ records, columns })
      const answer = await here.pushed.page(params, signal)
      expect(answer).not.toBeNull()
      expect(withoutTime(answer as Result<'rows.page'>)).toEqual(withoutTime(await pageRows(here.table, params, signal)))
    })

    test('the same order by any column that the server can sort by, and pages of it', async () => {
      let pushed = 0
      const names = here.table.columns('tasks').map((one) => one.name)
      for (const column of names.filter((_, index) => index % Math.ceil(names.length / 30) === 0)) {
        for (const descending of [false, true]) {
          const params = paged({ columns: [column], sort: [{ column, descending }], offset: 1, limit: 7 })
          const answer = await here.pushed.page(params, signal)
          if (answer === null) continue
          pushed++
          expect({ column, descending, ...withoutTime(answer) }).toEqual({ column, descending, ...withoutTime(await pageRows(here.table, params, signal)) })
        }
      }
      expect(pushed).toBeGreaterThan(10)
    }, 240_000)

    test('where a record stands, and the next and previous match, in orders of several columns', async () => {
      let found = 0
      const orders: Page['sort'][] = [[], [{ column: 'started_at', descending: true }], [{ column: 'activity_id' }, { column: 'ended_at', descending: true }], [{ column: 'status' }, { column: 'used.x' }]]
      for (const sort of orders) {
        const params = paged({ columns: ['task_id'], sort: sort ?? [] })
        const { rows } = await pageRows(here.table, params, signal)
        for (const { id } of rows.filter((_, index) => index % 5 === 0)) {
          const wanted = { ...params, id, from: -1, direction: 'next' as const }
          const answer = await here.pushed.find(wanted, signal)
          if (answer !== null) expect({ sort, ...answer }).toEqual({ sort, ...(await findRow(here.table, wanted, signal)) })
        }
        for (const match of [{ status: 'FINISHED' }, { activity_id: { $regex: 'a' } }, { nothing: 1 }]) {
          for (const from of [-1, 0, 3, rows.length - 1, rows.length + 5]) {
            for (const direction of ['next', 'previous'] as const) {
              const wanted = { ...params, match, from, direction }
              const answer = await here.pushed.find(wanted, signal)
              if (answer === null) continue
              found++
              expect({ sort, match, from, direction, ...answer }).toEqual({ sort, match, from, direction, ...(await findRow(here.table, wanted, signal)) })
            }
          }
        }
      }
      expect(found).toBeGreaterThan(50)
    }, 240_000)
  })

  describe.each(['mixed', 'updates', 'odd'])('what Flowcept stored: %s', (name) => {
    test('whatever the server answers, the tables answer too', async () => {
      const here = await both(await fromLmdb(name))
      for (const records of ['tasks', 'workflows', 'agents'] as const) {
        const columns = here.table.columns(records).map((column) => column.name).slice(0, 60)
        for (const filter of [{}, { status: 'FINISHED' }, { ended_at: { $gt: 1_795_406_572 } }, { workflow_id: { $exists: true } }, { finished: true }, { campaign_id: null }]) {
          const params = paged({ records, columns, scope: { filter } })
          const answer = await here.pushed.page(params, signal)
          if (answer !== null) expect({ records, filter, ...withoutTime(answer) }).toEqual({ records, filter, ...withoutTime(await pageRows(here.table, params, signal)) })
        }
      }
      await here.close()
    }, 240_000)
  })

  test('generated filters on generated records', async () => {
    const value = fc.oneof(fc.constantFrom<unknown>(null, true, false, 0, 1, -1, 2, 0.5, -2.5, 2 ** 40, '', 'a', 'b', 'ab', 'B', 'é', '1'), fc.integer({ min: -3, max: 3 }))
    // mongo-java-server matches a pattern with the text of a whole list or dict, so there texts alone are matched.
    const isJava = flavour === 'mongo-java-server'
    const patterns = fc.constantFrom('a', '^a', 'b$', '.', '[ab]+', 'ERR', 'D$').map((pattern) => ({ $regex: pattern }))
    const list = fc.array(value, { maxLength: 3 })
    const leaf = fc.oneof({ weight: 6, arbitrary: value }, { weight: 1, arbitrary: list }, { weight: 1, arbitrary: fc.dictionary(fc.constantFrom('x', 'y'), value, { maxKeys: 2, noNullPrototype: true }) })
    const record = fc.record({ used: fc.dictionary(fc.constantFrom('a', 'b', 'c'), leaf, { noNullPrototype: true }), status: fc.constantFrom('FINISHED', 'ERROR', 'RUNNING'), started_at: fc.double({ min: 1e9, max: 2e9, noNaN: true }), tags: fc.array(fc.constantFrom('p', 'q'), { maxLength: 2 }), n: value }, { requiredKeys: ['status'] })
    const path = fc.constantFrom('used.a', 'used.b', 'used.a.x', 'status', 'tags', 'n', 'started_at', 'nothing', 'used', 'used.c.y')
    const condition = fc.oneof(
      value,
      fc.tuple(fc.constantFrom('$eq', '$ne', '$gt', '$gte', '$lt', '$lte'), value).map(([key, operand]) => ({ [key]: operand })),
      fc.tuple(fc.constantFrom('$in', '$nin'), fc.array(value, { maxLength: 3 })).map(([key, operand]) => ({ [key]: operand })),
      fc.boolean().map((is) => ({ $exists: is })),
      ...(isJava ? [] : [patterns]),
      fc.tuple(fc.constantFrom('$gt', '$lte'), fc.double({ min: 1e9, max: 2e9, noNaN: true })).map(([key, operand]) => ({ [key]: operand }))
    )
    const one = fc.oneof({ weight: 6, arbitrary: fc.tuple(path, condition) }, { weight: 1, arbitrary: fc.tuple(fc.constant('status'), patterns) }).map(([name, wanted]) => ({ [name]: wanted }) as JsonObject)
    const filter = fc.oneof({ weight: 3, arbitrary: one }, fc.tuple(fc.constantFrom('$and', '$or', '$nor'), fc.array(one, { minLength: 1, maxLength: 3 })).map(([key, nodes]) => ({ [key]: nodes }) as JsonObject))
    let pushedCounts = 0
    let round = 0
    const property = fc.asyncProperty(fc.array(record, { minLength: 5, maxLength: 30 }), fc.array(filter, { minLength: 30, maxLength: 30 }), fc.array(fc.tuple(path, fc.boolean()), { minLength: 6, maxLength: 6 }), async (records, filters, sorts) => {
      const uri = `${server.uri}generated_${round++}`
      const target = openMongoStore(uri)
      await target.write(records.map((fields, index) => ({ kind: 'task' as const, message: { task_id: `t${String(index).padStart(3, '0')}`, ...fields } as JsonObject })))
      await target.close()
      const here = await both(uri)
      try {
        for (const scope of filters.map((wanted) => ({ filter: wanted, search: '' }))) {
          const params = { sourceId: '', records: 'tasks' as const, scopes: [scope] }
          const answer = await here.pushed.counts(params, signal)
          if (answer === null) continue
          pushedCounts++
          expect({ scope, ...answer }).toEqual({ scope, ...(await filterCounts(here.table, params, signal)) })
        }
        for (const [column, descending] of sorts) {
          const params = paged({ columns: ['task_id', column], sort: [{ column, descending }] })
          const answer = await here.pushed.page(params, signal)
          if (answer !== null) expect({ column, descending, ids: answer.rows.map(({ id }) => id) }).toEqual({ column, descending, ids: (await pageRows(here.table, params, signal)).rows.map(({ id }) => id) })
        }
      } finally {
        await here.close()
      }
    })
    await fc.assert(property, { numRuns: 5, endOnFailure: true })
    expect(pushedCounts).toBeGreaterThan(100)
  }, 300_000)

  test('the table is there at once, and of the server while the copy is not', async () => {
    const uri = await fromBuffer('12_sweep')
    const { sourceId } = await asked.ask('sources.openPaths', { paths: [uri] })
    const page = await asked.ask('rows.page', { sourceId, columns: ['task_id', 'status'], limit: 10 })
    expect(page).toMatchObject({ total: 24, unfiltered: 24 })
    expect(page.rows).toHaveLength(10)
    const id = page.rows[3]?.id ?? ''
    expect((await asked.ask('records.get', { sourceId, records: 'tasks', id })).document).toContain(id)
    // Written by somebody else: the next page is of what is there then.
    const writer = openMongoStore(uri)
    await writer.write([{ kind: 'task', message: { task_id: 'new', status: 'RUNNING' } }])
    await writer.close()
    expect((await asked.ask('rows.page', { sourceId, columns: ['task_id'] })).total).toBe(25)
    expect((await asked.ask('filter.counts', { sourceId, scopes: [{ filter: { status: 'RUNNING' }, search: '' }] })).counts).toEqual([1])
    expect(await asked.ask('filter.check', { sourceId, filter: { status: 'RUNNING', nowhere: null } })).toEqual({ count: 1, unknownColumns: ['nowhere'] })
    expect((await asked.ask('records.get', { sourceId, records: 'tasks', id: 'new' })).document).toContain('RUNNING')
    await expect(asked.ask('records.get', { sourceId, records: 'tasks', id: 'none' })).rejects.toMatchObject({ code: 'not-found' })
  })
})
