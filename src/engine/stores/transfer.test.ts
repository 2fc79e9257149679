/** Transfers between all kinds of store, any way round, of what Flowcept wrote. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringifyJson, type JsonObject, type JsonValue } from '#contract/json'
import type { RecordKind } from '#engine/records/classify'
import { mongoFlavours, startMongo, testWithoutMongo, type MongoServer } from '../../testing/servers/mongo.ts'
import { openJsonlStore } from './jsonlStore.ts'
import { openLmdbStore } from './lmdbStore.ts'
import { mergeInto } from './mergeInto.ts'
import { openMongoStore } from './mongoStore.ts'
import { recordKinds, type Store } from './store.ts'
import { transfer } from './transfer.ts'

const fixtures = join(import.meta.dirname, '../../testing/fixtures')
const folder = mkdtempSync(join(tmpdir(), 'transfer-'))
const [flavour] = mongoFlavours()
if (flavour === undefined) testWithoutMongo()
let server: MongoServer | null = null
beforeAll(async () => {
  if (flavour) server = await startMongo(flavour)
}, 900_000)
afterAll(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

let stores = 0
const empty: Record<'lmdb' | 'mongodb' | 'jsonl', () => Promise<Store>> = {
  lmdb: async () => openLmdbStore(join(folder, `lmdb-${stores++}`)),
  jsonl: async () => await openJsonlStore(join(folder, `${stores++}.jsonl`)),
  mongodb: async () => openMongoStore((server as MongoServer).uri, { database: `transfer_${stores++}` })
}
const types = flavour ? (['lmdb', 'mongodb', 'jsonl'] as const) : (['lmdb', 'jsonl'] as const)
const pairs = types.flatMap((from) => types.map((to) => ({ from, to })))

async function fixture(name: string): Promise<Store> {
  const path = join(folder, `fixture-${stores++}`)
  cpSync(join(fixtures, 'lmdb', name), path, { recursive: true })
  return openLmdbStore(path, { readOnly: true })
}

describe.each(pairs)('$from to $to', ({ from, to }) => {
  test.each(['mixed', 'updates', 'odd', 'bytes'])('%s: counted, copied, read back, and the same again', async (name) => {
    const original = await fixture(name)
    const source = await empty[from]()
    expect((await transfer(original, source)).different).toEqual([])
    const target = await empty[to]()
    const forecast = await transfer(source, target, { dryRun: true })
    expect(await target.count('task')).toBe(0)
    const done = await transfer(source, target)
    expect(done.counts).toEqual(forecast.counts)
    expect(done.different).toEqual([])
    for (const kind of recordKinds) {
      expect(done.counts[kind].created).toBe(await original.count(kind))
      expect(done.counts[kind]).toMatchObject({ read: done.counts[kind].created, changed: 0, equal: 0, different: 0 })
      await expectSame(target, original, kind, [source, target])
    }
    const again = await transfer(source, target)
    for (const kind of recordKinds) expect(again.counts[kind]).toMatchObject({ created: 0, changed: 0, equal: again.counts[kind].read, different: 0 })
    for (const store of [original, source, target]) await store.close()
  })
})

test('what is there already is merged with, and told apart', async () => {
  const [source, target] = [await empty.lmdb(), await empty.lmdb()]
  await source.write([{ kind: 'task', message: { task_id: 'both', used: { a: 1 }, status: 'RUNNING' } }, { kind: 'task', message: { task_id: 'same' } }, { kind: 'task', message: { task_id: 'new' } }])
  await target.write([{ kind: 'task', message: { task_id: 'both', used: { b: 2 }, status: 'FINISHED' } }, { kind: 'task', message: { task_id: 'same', tags: ['more'] } }, { kind: 'task', message: { task_id: 'own' } }])
  const expected = { read: 3, created: 1, changed: 1, equal: 1, different: 0 }
  expect((await transfer(source, target, { dryRun: true })).counts.task).toEqual(expected)
  expect((await transfer(source, target)).counts.task).toEqual(expected)
  expect(await target.get('task', 'both')).toEqual({ task_id: 'both', used: { b: 2, a: 1 }, status: 'FINISHED', finished: true, running: true })
  expect(await target.count('task')).toBe(4)
})

test('one that was interrupted goes on where it was', async () => {
  const source = await fixture('big')
  const target = await empty.lmdb()
  const checkpointPath = join(folder, 'checkpoint.json')
  const stop = new AbortController()
  const first = transfer(source, target, { checkpointPath, batchSize: 400, signal: stop.signal, onProgress: ({ counts }) => counts.task.read >= 1200 && stop.abort() })
  await expect(first).rejects.toMatchObject({ code: 'cancelled' })
  expect(await target.count('task')).toBe(1200)
  const seen: number[] = []
  const second = await transfer(source, target, { checkpointPath, batchSize: 400, onProgress: ({ counts, total }) => void seen.push(counts.task.read / total.task) })
  expect(second.resumedAfter?.kind).toBe('task')
  expect(second.counts.task).toEqual({ read: 1300, created: 1300, changed: 0, equal: 0, different: 0 })
  expect(second.counts.workflow.created).toBe(2)
  expect(seen.length).toBeGreaterThan(3)
  expect(existsSync(checkpointPath)).toBe(false)
  expect((await transfer(source, target, { dryRun: true })).counts.task).toMatchObject({ created: 0, changed: 0, equal: 2500 })
})

test('what the target cannot keep is told in the dry run already', async () => {
  const [source, target] = [await empty.lmdb(), await empty.jsonl()]
  await source.write([{ kind: 'task', message: { task_id: 't', used: { nan: NaN, list: [1, -Infinity] } } }])
  for (const dryRun of [true, false]) {
    const result = await transfer(source, target, { dryRun })
    expect(result.problems.map(({ id, field, effect }) => ({ id, field, effect }))).toEqual([{ id: 't', field: 'used.nan', effect: 'changed' }, { id: 't', field: 'used.list.1', effect: 'changed' }])
    expect(result.different).toEqual([])
  }
})

describe('a JSON Lines file', () => {
  test('is a buffer that Flowcept can read: messages by type, later ones after earlier ones', async () => {
    const path = join(folder, 'buffer.jsonl')
    writeFileSync(path, '{"type":"task","task_id":"a","status":"RUNNING"}\n{"type":"flowcept_control"}\nnot json\n{"type":"workflow","workflow_id":"w"}\n{"type":"task","task_id":"trunc')
    const unreadable: number[] = []
    const store = await openJsonlStore(path, { onUnreadable: (line) => void unreadable.push(line) })
    expect(unreadable).toEqual([3, 5])
    expect(await store.write([{ kind: 'task', message: { task_id: 'a', status: 'FINISHED' } }, { kind: 'agent', message: { agent_id: 'x' } }, { kind: 'workflow', message: { workflow_id: 'w' } }])).toMatchObject({ created: 1, changed: 1, equal: 1 })
    await store.close()
    const lines = readFileSync(path, 'utf8').split('\n')
    expect(lines.slice(4)).toEqual(['{"type":"task","task_id":"trunc', '{"type":"task","task_id":"a","status":"FINISHED","running":true,"finished":true}', '{"type":"agent","agent_id":"x"}', ''])
    const again = await openJsonlStore(path, { readOnly: true })
    expect(await again.get('task', 'a')).toEqual({ task_id: 'a', status: 'FINISHED', running: true, finished: true })
    await expect(again.write([])).rejects.toThrow(/reading only/)
    await again.close()
  })

  test('that is not there is said', async () => {
    await expect(openJsonlStore(join(folder, 'nothing.jsonl'), { readOnly: true })).rejects.toMatchObject({ code: 'not-found' })
  })
})

/** The normal forms of what was there, as the stores that it went through can keep them. */
async function expectSame(target: Store, original: Store, kind: RecordKind, through: readonly Store[]): Promise<void> {
  for await (const { id, document } of original.iterate(kind)) {
    const kept = through.reduce((inner, store) => store.storable(kind, inner).document, document)
    const expected = canonical(mergeInto(undefined, { kind, id, messages: [kept] }, {}).document)
    const found = canonical((await target.get(kind, id)) ?? {})
    if (found === expected) continue
    // Documents are long: only where they begin to differ.
    let at = 0
    while (expected[at] === found[at]) at++
    expect({ id, at, found: found.slice(Math.max(0, at - 60), at + 100) }).toEqual({ id, at, found: expected.slice(Math.max(0, at - 60), at + 100) })
  }
}

/** Sorted keys; a JSON Lines file names the type of each record, other stores those that came with one. */
function canonical(document: JsonObject): string {
  const sorted = (item: JsonValue): JsonValue => {
    if (Array.isArray(item)) return item.map(sorted)
    if (item === null || typeof item !== 'object') return item
    return Object.fromEntries(Object.keys(item).toSorted().map((key) => [key, sorted(item[key] as JsonValue)]))
  }
  const { type: _type, ...rest } = document
  return stringifyJson(sorted(rest))
}
