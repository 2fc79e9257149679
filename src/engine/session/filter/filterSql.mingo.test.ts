/** The meaning of filters, measured against mingo on generated records. What differs on purpose stands in filterSql.differences.test.ts. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { Query } from 'mingo'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseFilter } from '#contract/filter'
import { type JsonObject, type JsonValue, stringifyJson } from '#contract/json'
import type { Records } from '#contract/values'
import { openSegments } from '#engine/sources/openSegments'
import { openMemory } from '../../../testing/memoryTable.ts'
import { Database } from '../table/database.ts'
import { compileFilter } from './filterSql.ts'
import { OpenSource } from '../load/openSource.ts'
import { LocalReader } from '../load/readerPort.ts'
import type { SourceTable } from '../table/sourceTable.ts'

type Plain = null | boolean | number | string | Plain[] | { [key: string]: Plain }
type PlainDict = { [key: string]: Plain }

const runs = { numRuns: 300 }
let memory: Awaited<ReturnType<typeof openMemory>>
let database: Database
let folder: string
let opened = 0
beforeAll(async () => {
  memory = await openMemory()
  database = await Database.create()
  folder = await mkdtemp(join(tmpdir(), 'filter-test-'))
})
afterAll(async () => {
  memory.close()
  await database.close()
  await rm(folder, { recursive: true })
})

const text = fc.constantFrom('', 'a', 'b', 'B', 'ab', 'é', 'É', '日本', '😀', '1', 'true', 'null', 'a\nb', '"\\', "it's", '{"x":1}', 'NaN')
const number = fc.constantFrom(0, -0, 1, -1, 2, 3, 0.5, -2.5, 1e-7, 1e300, 2 ** 53 - 1, 2 ** 53 + 2, -(2 ** 60), 2 ** 63, -(2 ** 63), 1e20, 2 ** 100, Infinity, -Infinity)
const scalar = fc.oneof({ weight: 3, arbitrary: number }, { weight: 3, arbitrary: text }, fc.boolean(), fc.constant(null), fc.integer({ min: -3, max: 3 }))
const scalarOrNan = fc.oneof({ weight: 5, arbitrary: scalar }, fc.constant(NaN))

const keys = fc.constantFrom('x', 'y', '0')
const dictOf = (value: fc.Arbitrary<Plain>): fc.Arbitrary<PlainDict> => fc.dictionary(keys, value, { maxKeys: 3, noNullPrototype: true }) as fc.Arbitrary<PlainDict>
const recordOf = (value: fc.Arbitrary<Plain>): fc.Arbitrary<PlainDict> => fc.dictionary(fc.constantFrom('a', 'b', 'c'), value, { minKeys: 1, maxKeys: 3, noNullPrototype: true }) as fc.Arbitrary<PlainDict>
const recordsOf = (value: fc.Arbitrary<Plain>): fc.Arbitrary<PlainDict[]> => fc.array(recordOf(value), { minLength: 4, maxLength: 16 })

/** Fields of any kind; lists of scalars and of dicts, which hold no further lists. */
const fieldOf = (leaf: Leaves): fc.Arbitrary<Plain> => {
  const dict = dictOf(fc.oneof({ weight: 3, arbitrary: leaf }, dictOf(leaf)))
  const list = fc.array(fc.oneof({ weight: 2, arbitrary: leaf }, dict), { maxLength: 3 })
  return fc.oneof({ weight: 3, arbitrary: leaf }, dict, list, dictOf(fc.oneof(leaf, list)))
}

const path = fc.constantFrom('a', 'a', 'b', 'b', 'c', 'a.x', 'a.x', 'b.x', 'b.y', 'a.x.y', 'b.y.x', 'a.0', 'b.1', 'a.0.x', 'd', 'd.x')
const pattern = fc.constantFrom('a', '^a', 'b$', '^$', '.', 'a.b', '[ab]+', '[^a]', '\\d', '\\W', 'é', '^(a|1)$', 'u{0,2}l', '\\bt', '"', '本')
const flags = fc.constantFrom('', 'i', 's', 'm', 'is')

type Operators = { values: fc.Arbitrary<Plain>; ordered: fc.Arbitrary<Plain>; names: readonly string[] }
const all = ['$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$in', '$nin', '$exists', '$regex', 'implicit'] as const

function conditionOf({ values, ordered, names }: Operators): fc.Arbitrary<Plain> {
  const known: Record<string, fc.Arbitrary<Plain>> = {
    implicit: values,
    $exists: fc.boolean().map((value) => ({ $exists: value })),
    $regex: fc.tuple(pattern, flags).map(([regex, options]) => (options === '' ? { $regex: regex } : { $regex: regex, $options: options }))
  }
  for (const name of ['$eq', '$ne']) known[name] = values.map((value) => ({ [name]: value }))
  for (const name of ['$gt', '$gte', '$lt', '$lte']) known[name] = ordered.map((value) => ({ [name]: value }))
  for (const name of ['$in', '$nin']) known[name] = fc.array(values, { maxLength: 4 }).map((value) => ({ [name]: value }))
  const one = fc.oneof(...names.map((name) => known[name] as fc.Arbitrary<Plain>))
  const operators = fc.oneof(...names.filter((name) => name !== 'implicit').map((name) => known[name] as fc.Arbitrary<PlainDict>))
  const several = fc.array(operators, { minLength: 2, maxLength: 3 }).map((found) => Object.assign({}, ...found.toReversed()) as PlainDict)
  const negated = fc.oneof(operators, several).map((found) => ({ $not: found }))
  return fc.oneof({ weight: 6, arbitrary: one }, several, negated).filter((found) => !hasOptionsAlone(found))
}

function hasOptionsAlone(condition: Plain): boolean {
  return typeof condition === 'object' && condition !== null && '$options' in condition && !('$regex' in condition)
}

function filterOf(operators: Operators, paths: fc.Arbitrary<string> = path): fc.Arbitrary<PlainDict> {
  const condition = fc.dictionary(paths, conditionOf(operators), { minKeys: 1, maxKeys: 2, noNullPrototype: true }) as fc.Arbitrary<PlainDict>
  return fc.letrec<{ filter: PlainDict }>((tie) => ({
    filter: fc.oneof(
      { weight: 4, arbitrary: condition },
      fc.tuple(fc.constantFrom('$and', '$or', '$nor'), fc.array(tie('filter'), { minLength: 1, maxLength: 3 })).map(([key, nodes]) => ({ [key]: nodes })),
      fc.tuple(condition, fc.array(tie('filter'), { minLength: 1, maxLength: 2 })).map(([fields, nodes]) => ({ ...fields, $or: nodes }))
    )
  })).filter
}

/** Numbers as parseJson gives them: integers that a double may not hold are bigints. */
function exact(value: Plain): JsonValue {
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) > 2 ** 53 && Math.abs(value) < 1e21 ? BigInt(value) : value
  if (Array.isArray(value)) return value.map(exact)
  return value !== null && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, exact(item)])) : value
}

async function agree(records: PlainDict[], filters: PlainDict[]): Promise<void> {
  const table = await memory.table(records.map((record) => exact(record) as JsonObject))
  await compare(table, 'tasks', records, filters)
  await table.query({ text: `DROP TABLE ${table.rows}`, values: [] })
}

/** The whole way: from a file through the scanner and DuckDB's reader. */
async function agreeLoaded(records: PlainDict[], filters: PlainDict[]): Promise<void> {
  const path = join(folder, 'buffer.jsonl')
  await writeFile(path, records.map((record) => `${stringifyJson(exact(record))}\n`).join(''))
  const spec = { paths: [path], folder: join(folder, 'spec') }
  const sourceId = `s${opened++}`
  const source = await OpenSource.open({ sourceId, database, segments: await openSegments(spec), reader: new LocalReader(await openSegments(spec), database.folder, sourceId) })
  await source.done
  await compare(source, 'messages', records, filters)
  await source.close()
}

async function compare(table: SourceTable, kind: Records, records: PlainDict[], filters: PlainDict[]): Promise<void> {
  for (const filter of filters) {
    const where = compileFilter(table, kind, parseFilter(exact(filter)))
    const rows = await table.query({ text: `SELECT r.line FROM ${table.rows} r WHERE ${table.recordsPredicate(kind)} AND ${where.text} ORDER BY r.line`, values: where.values })
    const query = new Query(filter)
    const expected = records.flatMap((record, index) => (query.test(record) ? [index] : []))
    expect({ filter, lines: rows.map(([line]) => Number(line)) }).toEqual({ filter, lines: expected })
  }
}

type Leaves = fc.Arbitrary<Plain>
type Model = (leaf: Leaves) => { records: fc.Arbitrary<PlainDict[]>; filter: fc.Arbitrary<PlainDict> }

/** Each run draws a few scalars, of which both the records and the filters are made: so that filters find something. */
async function check(leaves: Leaves, model: Model, agreement = agree): Promise<void> {
  const sample = fc.array(leaves, { minLength: 2, maxLength: 6 }).chain((pool) => {
    const { filter, records } = model(fc.constantFrom(...pool))
    return fc.tuple(records, fc.array(filter, { minLength: 3, maxLength: 6 }))
  })
  await fc.assert(fc.asyncProperty(sample, async ([records, filters]) => await agreement(records, filters)), runs)
}

test('all operators on scalars, dicts, lists, and lists of dicts', { timeout: 120_000 }, async () => {
  await check(scalar, (leaf) => ({
    records: recordsOf(fieldOf(leaf)),
    filter: filterOf({ values: fc.oneof({ weight: 5, arbitrary: leaf }, dictOf(fc.oneof(leaf, dictOf(leaf)))), ordered: leaf, names: all })
  }))
})

test('columns of one kind, where most filters are put', { timeout: 120_000 }, async () => {
  const record = fc.record({ a: number, b: text, c: fc.option(fc.boolean()), d: fc.integer({ min: -3, max: 3 }) }, { requiredKeys: [] }) as fc.Arbitrary<PlainDict>
  const records = fc.array(record, { minLength: 4, maxLength: 16 })
  await check(scalar, () => ({ records, filter: filterOf({ values: scalar, ordered: scalar, names: all }, fc.constantFrom('a', 'b', 'c', 'd')) }))
})

test('NaN is equal to NaN', { timeout: 120_000 }, async () => {
  const names = all.filter((name) => name !== '$gte' && name !== '$lte')
  await check(scalarOrNan, (leaf) => ({ records: recordsOf(fieldOf(leaf)), filter: filterOf({ values: leaf, ordered: leaf, names }) }))
})

test('lists as values, also in lists', { timeout: 120_000 }, async () => {
  const names = all.filter((name) => name !== '$regex' && name !== '$in' && name !== '$nin')
  await check(scalar, (leaf) => {
    const list = fc.array(fc.oneof({ weight: 3, arbitrary: leaf }, fc.array(leaf, { maxLength: 2 })), { maxLength: 3 })
    return { records: recordsOf(fc.oneof(leaf, list)), filter: filterOf({ values: fc.oneof(leaf, list), ordered: leaf, names }, fc.constantFrom('a', 'b', 'c', 'a.0', 'b.1')) }
  })
})

test('equality through lists in lists of dicts', { timeout: 120_000 }, async () => {
  const paths = fc.constantFrom('a', 'b', 'a.x', 'b.y', 'a.x.y', 'b.y.x')
  await check(scalar, (leaf) => {
    const inner = fc.array(dictOf(fc.oneof(leaf, fc.array(leaf, { maxLength: 2 }))), { maxLength: 2 })
    const outer = fc.array(fc.oneof(leaf, dictOf(fc.oneof(leaf, inner))), { maxLength: 3 })
    return { records: recordsOf(outer), filter: filterOf({ values: leaf, ordered: leaf, names: ['$eq', '$ne', 'implicit'] }, paths) }
  })
})

test('all operators on records read from a file', { timeout: 300_000 }, async () => {
  const model: Model = (leaf) => ({
    records: recordsOf(fieldOf(leaf)),
    filter: filterOf({ values: fc.oneof({ weight: 5, arbitrary: leaf }, dictOf(leaf)), ordered: leaf, names: all })
  })
  await check(scalar, model, agreeLoaded)
})
