/** Each environment that Flowcept wrote, and what Flowcept itself answers about it: the same here, or a difference that is named. */
import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseFilter } from '#contract/filter'
import { field, isJsonObject, parseJson, type JsonObject, type JsonValue } from '#contract/json'
import { openLmdbStore, type LmdbStore } from './lmdbStore.ts'
import type { StoredRecord } from './store.ts'

const fixtures = join(import.meta.dirname, '../../testing/fixtures')

type Answer = { filter: JsonObject; count: number; task_ids: string[] }
type Trimmed = { count: number; first: string[]; last: string[]; sha256_of_ids_joined_by_newlines: string }
type Truth = {
  counts: { tasks: number; workflows: number; agents: number }
  task_ids_in_cursor_order: string[] | Trimmed
  tasks: JsonValue[][]
  tasks_columns: string[]
  sample_tasks: JsonObject[]
  workflows: JsonObject[]
  agents: JsonObject[]
  queries: Answer[]
}

/** Flowcept's LMDB knows no `$exists`: it finds nothing, here it finds what is there. */
const isDifferent = (answer: Answer): boolean => JSON.stringify(answer.filter) === '{"activity_id":{"$exists":true}}'

describe.each(['mixed', 'updates', 'odd', 'bytes', 'big'])('%s', (name) => {
  const truth = parseJson(readFileSync(join(fixtures, `truth/lmdb/${name}.json`), 'utf8')) as unknown as Truth
  let folder: string
  let store: LmdbStore
  let tasks: StoredRecord[]
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lmdb-parity-'))
    cpSync(join(fixtures, 'lmdb', name), folder, { recursive: true })
    store = openLmdbStore(folder, { readOnly: true, onUnreadable: (kind, id, reason) => expect.fail(`${kind} ${id}: ${reason}`) })
    tasks = await all(store.iterate('task'))
  })
  afterAll(async () => {
    await store.close()
    rmSync(folder, { recursive: true })
  })

  test('counts', async () => {
    const counts = { tasks: await store.count('task'), workflows: await store.count('workflow'), agents: await store.count('agent') }
    expect(counts).toEqual({ tasks: truth.counts.tasks, workflows: truth.counts.workflows, agents: truth.counts.agents })
    expect(await store.count('object')).toBe(0)
  })

  test('ids in the order of the cursor', () => {
    const ids = tasks.map(({ id }) => id)
    const expected = truth.task_ids_in_cursor_order
    if (Array.isArray(expected)) return expect(ids).toEqual(expected)
    expect({ count: ids.length, first: ids.slice(0, 20), last: ids.slice(-20) }).toEqual({ count: expected.count, first: expected.first, last: expected.last })
    expect(createHash('sha256').update(ids.join('\n')).digest('hex')).toBe(expected.sha256_of_ids_joined_by_newlines)
  })

  test('a row for each task', () => {
    const names = truth.tasks_columns.slice(0, -1)
    const rows = tasks.slice(0, truth.tasks.length).map(({ document }) => [...names.map((column) => field(document, column) ?? null), Object.keys(document).length])
    expect(rows).toEqual(truth.tasks.map((row) => row.map(decoded)))
  })

  test('documents', async () => {
    const documents = new Map(tasks.map(({ id, document }) => [id, document]))
    for (const sample of truth.sample_tasks) expectSame(documents.get(String(sample.task_id)), sample)
    const pairs = [
      { kind: 'workflow', expected: truth.workflows },
      { kind: 'agent', expected: truth.agents }
    ] as const
    for (const { kind, expected } of pairs) {
      const found = await all(store.iterate(kind))
      expect(found).toHaveLength(expected.length)
      for (const [index, document] of expected.entries()) expectSame(found[index]?.document, document)
    }
  })

  test('filters', async () => {
    for (const answer of truth.queries) {
      const node = parseFilter(decoded(answer.filter))
      const found = (await all(store.query('task', { filter: node }))).map((document) => document.task_id)
      expect({ filter: answer.filter, count: await store.count('task', node) }).toEqual({ filter: answer.filter, count: found.length })
      if (isDifferent(answer)) {
        expect(answer.count).toBe(0)
        expect(found).toEqual(tasks.filter(({ document }) => Object.hasOwn(document, 'activity_id')).map(({ id }) => id))
        continue
      }
      expect({ filter: answer.filter, count: found.length, ids: found.slice(0, answer.task_ids.length) }).toEqual({ filter: answer.filter, count: answer.count, ids: answer.task_ids })
    }
  })
})

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

/** The truth's notation for what JSON cannot hold. */
function decoded(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(decoded)
  if (!isJsonObject(value)) return value
  if (typeof value.$f === 'string') return value.$f === '-0' ? -0 : Number(value.$f)
  if (typeof value.$int === 'string') return parseJson(value.$int)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decoded(item)]))
}

/** Compares with a document of the truth, in which long texts are given by head, length and hash, and large dicts by their keys. */
function expectSame(found: JsonValue | undefined, expected: JsonValue): void {
  if (Array.isArray(expected)) {
    expect(Array.isArray(found) && found.length).toBe(expected.length)
    for (const [index, item] of expected.entries()) expectSame((found as JsonValue[])[index], item)
  } else if (!isJsonObject(expected) || typeof expected.$f === 'string' || typeof expected.$int === 'string') {
    expect(found).toStrictEqual(decoded(expected))
  } else if (typeof expected.$str === 'string') {
    expect([...(found as string)].length).toBe(expected.len)
    expect(createHash('sha256').update(found as string).digest('hex')).toBe(expected.sha256)
  } else if (Array.isArray(expected.$omitted)) {
    expect(Object.keys(found as JsonObject).toSorted()).toEqual(expected.$omitted.toSorted())
  } else {
    expect(Object.keys(found as JsonObject).toSorted()).toEqual(Object.keys(expected).toSorted())
    for (const [key, item] of Object.entries(expected)) expectSame(field(found as JsonObject, key), item)
  }
}
