/** Exports into stores, through the engine, as a page asks for them; read back by readers that are not ours. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ExportJob } from '#contract/exports'
import type { Given } from '#contract/methods'
import { parseJson, type JsonObject } from '#contract/json'
import type { RecordKind } from '#engine/records/classify'
import { idField } from '#engine/records/classify'
import { openLmdbStore } from '#engine/stores/lmdbStore'
import { openMongoStore } from '#engine/stores/mongoStore'
import { collectionOf, recordKinds, type Store } from '#engine/stores/store'
import { askEngine, type AskedEngine } from '../../../testing/askEngine.ts'
import { whyNoFlowcept } from '../../../testing/flowceptPython.ts'
import { fixtureFolder } from '../../../testing/openFixture.ts'
import { whyNoPython } from '../../../testing/python.ts'
import { mongoFlavours, startMongo, testWithoutMongo, type MongoServer } from '../../../testing/servers/mongo.ts'
import { compareFlowcept, comparePyLmdb, comparePymongo, type Differences, type Wanted } from '../../../testing/storeReaders.ts'
import { tcpGate } from '../../../testing/tcpGate.ts'

type Params = Omit<Given<'exports.store'>, 'to'>
type Target = { readonly type: 'lmdb' | 'mongodb'; readonly to: () => Promise<Given<'exports.store'>['to']>; readonly open: () => Store; readonly trace: () => Promise<string[]>; readonly database: string; readonly path: string }

const [flavour] = mongoFlavours()
if (flavour === undefined) testWithoutMongo()
const types = flavour ? (['mongodb', 'lmdb'] as const) : (['lmdb'] as const)
const none = { task: 0, workflow: 0, agent: 0, object: 0 }
const allRecords = { task: 'tasks', workflow: 'workflows', agent: 'agents', object: 'objects' } as const

let asked: AskedEngine
let server: MongoServer | null = null
let client: MongoClient | null = null
beforeAll(async () => {
  asked = await askEngine()
  if (flavour === undefined) return
  server = await startMongo(flavour)
  client = new MongoClient(server.uri)
}, 900_000)
afterAll(async () => {
  await client?.close()
  await server?.stop()
  await asked.close()
})

let made = 0
function target(type: 'lmdb' | 'mongodb'): Target {
  const database = `export_${made++}`
  const path = join(asked.folder, database)
  const uri = `${server?.uri ?? ''}${database}`
  if (type === 'lmdb') {
    const to = async () => ({ type, handle: (await asked.ask('paths.grant', { path, use: 'write' })).handle })
    return { type, to, open: () => openLmdbStore(path, { readOnly: true }), trace: async () => await Promise.resolve(existsSync(path) ? readdirSync(path) : []), database, path }
  }
  const trace = async (): Promise<string[]> => (await (client as MongoClient).db(database).listCollections().toArray()).map(({ name }) => name)
  return { type, to: async () => await Promise.resolve({ type, uri }), open: () => openMongoStore(uri, { readOnly: true }), trace, database, path: uri }
}

async function start(to: Target, params: Params): Promise<string> {
  return (await asked.ask('exports.store', { ...params, to: await to.to() })).exportId
}
const jobOf = async (exportId: string): Promise<ExportJob | undefined> => (await asked.ask('exports.list', {})).exports.find((job) => job.exportId === exportId)
async function ended(exportId: string): Promise<ExportJob> {
  return await asked.until(async () => {
    const job = await jobOf(exportId)
    return job?.state !== 'writing' && job
  })
}
const run = async (to: Target, params: Params): Promise<ExportJob> => await ended(await start(to, params))

async function openFixture(name: string): Promise<string> {
  return (await asked.open(join(fixtureFolder, 'jsonl', `${name}.jsonl`))).sourceId
}
async function openLines(records: readonly object[]): Promise<string> {
  const path = join(asked.folder, `lines-${made++}.jsonl`)
  writeFileSync(path, records.map((record) => `${JSON.stringify(record)}\n`).join(''))
  return (await asked.open(path)).sourceId
}

/** Every record of a kind as the source has it, as JSON texts. */
async function documentsOf(sourceId: string, kind: RecordKind): Promise<string[]> {
  const documents: string[] = []
  for (;;) {
    const page = await asked.ask('rows.documents', { sourceId, records: allRecords[kind], offset: documents.length, limit: 1000 })
    documents.push(...page.documents)
    if (documents.length >= page.total) return documents
  }
}
async function stored(to: Target, kind: RecordKind): Promise<Map<string, JsonObject>> {
  const store = to.open()
  const found = new Map<string, JsonObject>()
  for await (const { document, id } of store.iterate(kind)) found.set(id, document)
  await store.close()
  return found
}
const idOf = (kind: RecordKind, text: string): string => String((parseJson(text) as JsonObject)[idField[kind]])
const withoutType = ({ type: _type, ...document }: JsonObject): JsonObject => document

const fixtures = readdirSync(join(fixtureFolder, 'jsonl')).map((name) => name.replace('.jsonl', ''))
const pythonMissing = whyNoPython('pymongo', 'lmdb')
const flowceptMissing = whyNoFlowcept()
if (pythonMissing !== null) test.skip(`not read by pymongo and py-lmdb: ${pythonMissing}`)
if (flowceptMissing !== null) test.skip(`not read by Flowcept: ${flowceptMissing}`)

async function readByOthers(to: Target, wanted: readonly Wanted[], byFlowcept: boolean): Promise<Differences[]> {
  const uri = server?.uri ?? ''
  const found: Differences[] = []
  if (pythonMissing === null) found.push(to.type === 'lmdb' ? await comparePyLmdb(to.path, wanted) : await comparePymongo(uri, to.database, wanted))
  if (flowceptMissing === null && byFlowcept) {
    const known = wanted.filter(({ collection }) => collection !== 'objects')
    found.push(await compareFlowcept(to.type === 'lmdb' ? { lmdb: to.path } : { mongodb: uri, name: to.database }, known))
  }
  return found
}

describe.each(types)('into %s', (type) => {
  test.each(fixtures)('%s: counted without a trace, written, the same for readers that are not ours, and the same again', async (name) => {
    const to = target(type)
    const sourceId = await openFixture(name)
    const documents = { task: await documentsOf(sourceId, 'task'), workflow: await documentsOf(sourceId, 'workflow'), agent: await documentsOf(sourceId, 'agent'), object: await documentsOf(sourceId, 'object') }
    const forecast = await run(to, { sourceId, dryRun: true })
    expect(forecast).toMatchObject({ kind: type, state: 'done', dryRun: true, error: null, checks: [] })
    expect(await to.trace()).toEqual([])
    const job = await run(to, { sourceId })
    expect(job).toMatchObject({ state: 'done', dryRun: false, error: null, secondsLeft: null, download: false })
    expect(job.store?.created).toEqual(forecast.store?.created)
    expect(job.store).toMatchObject({ changed: none, equal: none, different: none, fields: [], resumed: false })
    expect(job.checks.length).toBeGreaterThan(0)
    expect(job.checks.every(({ expected, found, ok }) => ok && expected === found)).toBe(true)
    const files: Wanted[] = []
    const counts: Record<string, number> = {}
    for (const kind of recordKinds) {
      const found = await stored(to, kind)
      // Workflows that no task belongs to stay behind.
      const wanted = documents[kind].filter((text) => kind === 'task' || found.has(idOf(kind, text)))
      expect([found.size, wanted.length]).toEqual([job.store?.created[kind], job.store?.created[kind]])
      for (const text of wanted) expect(withoutType(found.get(idOf(kind, text)) ?? {})).toEqual(withoutType(parseJson(text) as JsonObject))
      if (wanted.length === 0) continue
      const path = join(asked.folder, `${name}-${type}-${kind}.jsonl`)
      writeFileSync(path, wanted.map((text) => `${text}\n`).join(''))
      counts[collectionOf[kind]] = wanted.length
      files.push({ collection: collectionOf[kind], id: idField[kind], path })
    }
    for (const read of await readByOthers(to, files, ['01_start_here', '07_agents', '08_odd_values'].includes(name))) {
      for (const [collection, found] of Object.entries(read)) expect({ collection, ...found }).toEqual({ collection, records: counts[collection], differences: [] })
    }
    const again = await run(to, { sourceId })
    expect(again.store).toMatchObject({ created: none, changed: none, equal: job.store?.created, different: none, fields: [], resumed: false })
    expect((await run(to, { sourceId, dryRun: true })).store).toMatchObject({ created: none, changed: none, equal: job.store?.created })
  }, 120_000)

  test.skipIf(pythonMissing !== null)('what differs would be seen by those readers', async () => {
    const to = target(type)
    await run(to, { sourceId: await openLines([{ type: 'task', task_id: 't', used: { n: 1 }, activity_id: 'a' }]) })
    const path = join(asked.folder, `other-${type}.jsonl`)
    writeFileSync(path, '{"task_id":"t","used":{"n":2}}\n{"task_id":"u"}\n')
    const [read] = await readByOthers(to, [{ collection: 'tasks', id: 'task_id', path }], false)
    expect(read?.['tasks']?.differences.toSorted()).toEqual(["t activity_id: 'a' is not None", "t used: {'n': 1} is not {'n': 2}", 'u is only wanted'])
  })

  test('a filter takes its tasks, and what they belong to', async () => {
    const sourceId = await openLines([
      { type: 'workflow', workflow_id: 'top', name: 'top' },
      { type: 'workflow', workflow_id: 'mine', name: 'mine', parent_workflow_id: 'top' },
      { type: 'workflow', workflow_id: 'other', name: 'other', agent_id: 'b' },
      { type: 'agent', agent_id: 'a', name: 'a', workflow_id: 'other' },
      { type: 'agent', agent_id: 'b', name: 'b' },
      { type: 'object', object_id: 'of task', task_id: 't1', workflow_id: 'mine' },
      { type: 'object', object_id: 'of workflow', workflow_id: 'mine' },
      { type: 'object', object_id: 'of another task', task_id: 't2', workflow_id: 'mine' },
      { type: 'task', task_id: 't1', workflow_id: 'mine', status: 'FINISHED', activity_id: 'x', agent_id: 'a', used: { n: 1 } },
      { type: 'task', task_id: 't2', used: { workflow_id: 'other', n: 2 }, status: 'ERROR', activity_id: 'y' },
      { type: 'task', task_id: 't3', activity_id: 'z' }
    ])
    const idsIn = async (params: Omit<Params, 'sourceId'>): Promise<Record<string, string[]>> => {
      const to = target(type)
      const job = await run(to, { sourceId, ...params })
      expect(job).toMatchObject({ state: 'done', error: null })
      const ids: Record<string, string[]> = {}
      for (const kind of recordKinds) ids[kind] = [...(await stored(to, kind)).keys()]
      expect(job.store?.created).toEqual(Object.fromEntries(recordKinds.map((kind) => [kind, ids[kind]?.length])))
      expect(job).toMatchObject({ rows: Object.values(ids).flat().length, totalRows: Object.values(ids).flat().length })
      return ids
    }
    const scope = { filter: { activity_id: 'x' }, search: '' }
    expect(await idsIn({ scope })).toEqual({ task: ['t1'], workflow: ['mine', 'top'], agent: ['a'], object: ['of task', 'of workflow'] })
    expect(await idsIn({ scope, related: false })).toEqual({ task: ['t1'], workflow: [], agent: [], object: [] })
    expect(await idsIn({ scope: { filter: { 'used.n': 2 }, search: '' } })).toEqual({ task: ['t2'], workflow: ['other'], agent: ['b'], object: ['of another task'] })
    expect(await idsIn({ scope: { filter: { activity_id: 'none' }, search: '' } })).toEqual({ task: [], workflow: [], agent: [], object: [] })
    expect(await idsIn({ records: 'workflows', scope: { filter: { name: 'mine' }, search: '' } })).toEqual({ task: [], workflow: ['mine', 'top'], agent: [], object: ['of workflow'] })
    expect(await idsIn({ records: 'agents', scope: { filter: { name: 'a' }, search: '' } })).toEqual({ task: [], workflow: ['other'], agent: ['a', 'b'], object: [] })
    expect(await idsIn({ records: 'objects', scope: { filter: { object_id: 'of task' }, search: '' } })).toMatchObject({ task: [], workflow: ['mine', 'top'], agent: [] })
    expect(await idsIn({ records: 'messages', scope: { filter: { activity_id: 'z' }, search: '' } })).toEqual({ task: ['t3'], workflow: [], agent: [], object: [] })
  })

  test('changes are counted by field before, and what the store knows more of stays', async () => {
    const to = target(type)
    const early = Array.from({ length: 31 }, (_, n) => ({ type: 'task', task_id: `t${n}`, status: 'RUNNING', started_at: 1_784_505_800 + n, used: { n, keep: 'me' } }))
    const late = early.map((task, n) => ({ type: 'task', task_id: task.task_id, status: n < 29 ? 'FINISHED' : 'ERROR', ended_at: 1_784_505_900.5 + n, ...(n < 29 && { generated: { loss: n / 10, model: 'm' } }) }))
    expect((await run(to, { sourceId: await openLines(early) })).store?.created).toEqual({ ...none, task: 31 })
    const lateId = await openLines([...late, { type: 'task', task_id: 'new' }])
    const forecast = await run(to, { sourceId: lateId, dryRun: true })
    expect(forecast.store).toMatchObject({ total: { ...none, task: 32 }, created: { ...none, task: 1 }, changed: { ...none, task: 31 }, equal: none })
    expect(forecast.store?.fields).toEqual([
      { field: 'ended_at', records: 31, there: 'null', after: '2026-07-20T00:05:00.500Z' },
      { field: 'status', records: 31, there: 'RUNNING', after: 'FINISHED 29, ERROR 2' },
      { field: 'finished', records: 29, there: 'null', after: 'true' },
      { field: 'generated.loss', records: 29, there: 'null', after: '0' },
      { field: 'generated.model', records: 29, there: 'null', after: 'm' },
      { field: 'error', records: 2, there: 'null', after: 'true' }
    ])
    expect((await stored(to, 'task')).get('t0')).toMatchObject({ status: 'RUNNING' })
    const written = await run(to, { sourceId: lateId })
    expect(written.store).toMatchObject({ created: forecast.store?.created, changed: forecast.store?.changed, fields: forecast.store?.fields, different: none })
    expect((await stored(to, 'task')).get('t3')).toEqual({ task_id: 't3', status: 'FINISHED', started_at: 1_784_505_803, ended_at: 1_784_505_903.5, used: { n: 3, keep: 'me' }, generated: { loss: 0.3, model: 'm' }, running: true, finished: true })
    // The same tasks as they were known earlier: nothing of them is newer than what is there.
    const earlier = await openLines(early)
    expect((await run(to, { sourceId: earlier })).store).toMatchObject({ changed: none, equal: { ...none, task: 31 } })
    expect((await stored(to, 'task')).get('t3')).toMatchObject({ status: 'FINISHED', generated: { loss: 0.3 } })
  })

  test('a manifest says what it was, and is laid beside or to be downloaded; without a password', async () => {
    const to = target(type)
    const sourceId = await openFixture('02_pipeline')
    const scope = { filter: { status: 'FINISHED' }, search: '' }
    const job = await run(to, { sourceId, scope })
    const manifest = JSON.parse(job.manifest ?? '') as JsonObject
    expect(manifest).toMatchObject({
      manifest: 'provscope-export/1',
      result: { format: type, address: to.path },
      selection: { records: 'tasks', filter: scope.filter, related: true, moment: null },
      rows: job.store?.total.task,
      related: { workflows: job.store?.total.workflow },
      secrets: { treatment: 'keep', values: 0 },
      verification: { done: true, ok: true, checks: job.checks }
    })
    const { path, name } = await asked.ask('exports.path', { exportId: job.exportId, part: 'manifest' })
    expect(readFileSync(path, 'utf8')).toBe(job.manifest)
    expect(name).toMatch(/\.manifest\.json$/)
    if (type === 'lmdb') expect(path).toBe(`${to.path}.manifest.json`)
    await expect(asked.ask('exports.path', { exportId: job.exportId })).rejects.toThrow(/in a store, and no file/)
    expect((await run(to, { sourceId, scope, manifest: false })).manifest).toBeNull()
    expect((await run(to, { sourceId, scope, dryRun: true })).manifest).toBeNull()
  })

  test('a moment takes what was known then', async () => {
    const to = target(type)
    const sourceId = await openLines([{ type: 'task', task_id: 'a', status: 'RUNNING', started_at: 1_784_500_000 }, { type: 'task', task_id: 'b', status: 'FINISHED', started_at: 1_784_500_010, ended_at: 1_784_500_011 }, { type: 'task', task_id: 'a', status: 'FINISHED', ended_at: 1_784_500_020 }])
    await run(to, { sourceId: `${sourceId}@1784500015` })
    expect([...(await stored(to, 'task')).values()].map(({ status, task_id: id }) => `${String(id)} ${String(status)}`)).toEqual(['a RUNNING', 'b FINISHED'])
    expect((await run(to, { sourceId })).store).toMatchObject({ changed: { ...none, task: 1 }, equal: { ...none, task: 1 } })
    expect((await stored(to, 'task')).get('a')).toMatchObject({ status: 'FINISHED', ended_at: 1_784_500_020 })
  })

  test('secrets are replaced or left out, never shown as examples, and never put in the place of what is known there', async () => {
    const task = { type: 'task', task_id: 't', used: { url: 'redis://me:hunter2secret@host:6379/0', password: 'correct horse 7', lr: 1 }, custom_metadata: { argv: ['--password', 'correct horse 7', '--n', '1'] } }
    const sourceId = await openLines([task])
    const bare = target(type)
    expect((await run(bare, { sourceId, secrets: 'replace' })).state).toBe('done')
    const replaced = (await stored(bare, 'task')).get('t')
    expect(JSON.stringify(replaced)).not.toMatch(/hunter2|correct horse/)
    expect(replaced).toMatchObject({ used: { lr: 1, password: '[redacted]' } })
    const leftOut = target(type)
    await run(leftOut, { sourceId, secrets: 'leave-out' })
    expect(JSON.stringify((await stored(leftOut, 'task')).get('t'))).not.toMatch(/hunter2|correct horse|redacted/)
    // What is kept: all of it; and it stays when it comes again without.
    const whole = target(type)
    await run(whole, { sourceId, secrets: 'keep' })
    const known = (await stored(whole, 'task')).get('t')
    expect(known).toMatchObject({ used: task.used, custom_metadata: task.custom_metadata })
    for (const secrets of ['replace', 'leave-out'] as const) {
      expect(await run(whole, { sourceId, secrets })).toMatchObject({ state: 'done', store: { changed: none, equal: { ...none, task: 1 }, different: none } })
      expect((await stored(whole, 'task')).get('t')).toEqual(known)
    }
    const forecast = await run(bare, { sourceId, secrets: 'keep', dryRun: true })
    expect(forecast.store?.changed.task).toBe(1)
    expect(JSON.stringify(forecast)).not.toMatch(/hunter2|correct horse/)
  })

  test('is not begun twice, and can be cancelled; then the same again brings the rest', async () => {
    const to = target(type)
    const sourceId = await openLines(Array.from({ length: 1700 }, (_, n) => ({ type: 'task', task_id: `t${n}`, used: { n, text: 'x'.repeat(100) } })))
    const exportId = await start(to, { sourceId })
    await expect(start(to, { sourceId })).rejects.toThrow(/under way already/)
    await asked.ask('exports.cancel', { exportId })
    expect(await jobOf(exportId)).toMatchObject({ state: 'cancelled', error: null })
    const there = (await to.trace()).length === 0 ? 0 : (await stored(to, 'task')).size
    expect(there).toBeLessThan(1700)
    expect(await run(to, { sourceId })).toMatchObject({ state: 'done', rows: 1700, totalRows: 1700, store: { different: none } })
    expect((await stored(to, 'task')).size).toBe(1700)
    expect(await run(to, { sourceId })).toMatchObject({ store: { resumed: false, equal: { ...none, task: 1700 } } })
  }, 60_000)
})

describe('an export into a store', () => {
  test('is refused where it makes no sense', async () => {
    const to = target('lmdb')
    const sourceId = await openLines([{ type: 'task', task_id: 't' }])
    await run(to, { sourceId })
    const opened = await asked.open(to.path)
    await expect(start(to, { sourceId: opened.sourceId })).rejects.toThrow(/of that store already/)
    const buffer = { type: 'jsonl', handle: (await asked.ask('paths.grant', { path: join(asked.folder, 'x.jsonl'), use: 'write' })).handle } as const
    await expect(asked.ask('exports.store', { sourceId, to: buffer })).rejects.toThrow(/JSON Lines/)
    await expect(asked.ask('exports.store', { sourceId: 'gone', to: await to.to() })).rejects.toMatchObject({ code: 'not-found' })
    const readable = { type: 'lmdb', handle: (await asked.ask('paths.grant', { path: to.path, use: 'read' })).handle } as const
    await expect(asked.ask('exports.store', { sourceId, to: readable })).rejects.toThrow(/chosen for reading/)
  })

  test('does not lay an LMDB among other files', async () => {
    const sourceId = await openLines([{ type: 'task', task_id: 't' }])
    const home = join(asked.folder, 'home')
    mkdirSync(home)
    writeFileSync(join(home, 'thesis.tex'), '')
    const grant = async (path: string) => ({ type: 'lmdb', handle: (await asked.ask('paths.grant', { path, use: 'write' })).handle }) as const
    for (const dryRun of [true, false]) {
      const { exportId } = await asked.ask('exports.store', { sourceId, dryRun, to: await grant(home) })
      expect(await ended(exportId)).toMatchObject({ state: 'failed', error: expect.stringMatching(/holds other files/) as string })
      const file = await asked.ask('exports.store', { sourceId, dryRun, to: await grant(join(home, 'thesis.tex')) })
      expect(await ended(file.exportId)).toMatchObject({ state: 'failed', error: expect.stringMatching(/is a file/) as string })
    }
    expect(readdirSync(home)).toEqual(['thesis.tex'])
  })

  test('tells what cannot be kept, before and after, and writes the rest', async () => {
    const to = target('lmdb')
    const sourceId = await openLines([{ type: 'task', task_id: 'k'.repeat(600) }, { type: 'task', task_id: 'fine' }])
    for (const dryRun of [true, false]) {
      const job = await run(to, { sourceId, dryRun })
      expect(job.checks).toEqual(dryRun ? [] : [{ what: 'tasks read back', expected: '1', found: '1', ok: true }])
      expect(job).toMatchObject({ state: 'done', store: { created: { ...none, task: 1 }, different: none, problemCount: 1, problems: [{ kind: 'task', field: '', reason: expect.stringMatching(/511 at most/) as string }] } })
    }
    expect([...(await stored(to, 'task')).keys()]).toEqual(['fine'])
  })
})

describe.skipIf(flavour === undefined)('MongoDB', () => {
  test('has the indexes that Flowcept makes, after writing and not before', async () => {
    const to = target('mongodb')
    const sourceId = await openFixture('01_start_here')
    await run(to, { sourceId, dryRun: true })
    const db = (client as MongoClient).db(to.database)
    expect(await db.listCollections().toArray()).toEqual([])
    await run(to, { sourceId })
    const indexes = await db.collection('tasks').indexes()
    expect(indexes.map(({ key, unique }) => [Object.keys(key as object)[0], unique === true])).toEqual([['_id', false], ['task_id', true], ['workflow_id', false], ['parent_task_id', false], ['campaign_id', false]])
  })

  test('that is cut off fails with a sentence, without the password, and is gone on with', async () => {
    const { port } = new URL((server as MongoServer).uri)
    const gate = await tcpGate(Number(port))
    try {
      const database = `export_${made++}`
      const to = { type: 'mongodb', uri: `mongodb://127.0.0.1:${gate.port}/${database}` } as const
      const sourceId = await openLines(Array.from({ length: 3000 }, (_, n) => ({ type: 'task', task_id: `t${n}`, used: { n, text: 'x'.repeat(500) } })))
      const { exportId } = await asked.ask('exports.store', { sourceId, to })
      await asked.until(async () => ((await jobOf(exportId))?.rows ?? 0) > 0)
      await gate.shut()
      const first = await ended(exportId)
      expect(first).toMatchObject({ state: 'failed', error: expect.stringMatching(/MongoDB cannot be reached.*records were written and stay; the same export again goes on/) as string })
      await gate.open()
      const second = await ended((await asked.ask('exports.store', { sourceId, to })).exportId)
      expect(second).toMatchObject({ state: 'done', rows: 3000, store: { resumed: true, different: none } })
      expect(await (client as MongoClient).db(database).collection('tasks').countDocuments()).toBe(3000)
    } finally {
      await gate.close()
    }
  }, 60_000)

  test('that is not there, and addresses with passwords', async () => {
    const sourceId = await openLines([{ type: 'task', task_id: 't' }])
    const { exportId } = await asked.ask('exports.store', { sourceId, to: { type: 'mongodb', uri: 'mongodb://me@127.0.0.1:1/runs', password: 'hunter2@secret' } })
    const job = await ended(exportId)
    expect(job).toMatchObject({ kind: 'mongodb', state: 'failed', name: 'runs on 127.0.0.1:1', path: null, error: expect.stringMatching(/cannot be reached/) as string })
    const { exportId: inAddress } = await asked.ask('exports.store', { sourceId, to: { type: 'mongodb', uri: 'mongodb://me:hunter2%40secret@127.0.0.1:1/runs?nonsense=1' } })
    await ended(inAddress)
    expect(JSON.stringify(await asked.ask('exports.list', {}))).not.toMatch(/hunter2/)
    await expect(asked.ask('exports.store', { sourceId, to: { type: 'mongodb', uri: 'http://host' } })).rejects.toThrow(/begins with mongodb/)
  })

  test('objects come without their bytes, which is said', async () => {
    const from = (client as MongoClient).db(`export_${made++}`)
    await from.collection('tasks').insertOne({ task_id: 't' })
    await from.collection('objects').insertOne({ object_id: 'model', task_id: 't', object_size_bytes: 3, data: Buffer.from('abc'), version: 0 })
    const { sourceId } = await asked.open(`${(server as MongoServer).uri}${from.databaseName}`)
    const to = target('lmdb')
    const job = await run(to, { sourceId })
    expect(job).toMatchObject({ state: 'done', store: { created: { ...none, task: 1, object: 1 }, problemCount: 1, problems: [{ kind: 'object', id: 'model', field: 'data' }] } })
    expect((await stored(to, 'object')).get('model')).toMatchObject({ object_size_bytes: 3 })
    expect(readFileSync(join(to.path, 'data.mdb')).includes('YWJj')).toBe(false)
  })
})
