/** `provscope export` into a store: what it prints, what it notes, and whether all is there. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLmdbStore } from '#engine/stores/lmdbStore'
import { askEngine, type AskedEngine } from '../testing/askEngine.ts'
import { exportToStore, isStoreTarget, type StoreExport } from './exportStore.ts'
import type { Session } from './openSession.ts'

let asked: AskedEngine
beforeAll(async () => (asked = await askEngine()))
afterAll(async () => await asked.close())

const selection: StoreExport['selection'] = { records: 'tasks', scope: { filter: {}, search: '' }, columns: null, sort: [] }

async function sessionOf(name: string, records: readonly object[]): Promise<Session> {
  const path = join(asked.folder, `${name}.jsonl`)
  writeFileSync(path, records.map((record) => `${JSON.stringify(record)}\n`).join(''))
  return { ask: asked.ask, source: await asked.open(path) }
}

async function run(session: Session, params: Partial<StoreExport> & { to: string }): Promise<{ isAll: boolean; printed: string; notes: string[] }> {
  let printed = ''
  const notes: string[] = []
  const output = { write: async (text: string) => await Promise.resolve(void (printed += text)) }
  const isAll = await exportToStore(session, { selection, dryRun: false, related: true, secrets: 'keep', manifest: false, json: false, output, note: (text) => void notes.push(text), onProgress: () => undefined, ...params })
  return { isAll, printed, notes }
}

test('a dry run counts by field and makes nothing; then it is written, and the same again changes nothing', async () => {
  const to = join(asked.folder, 'store')
  const early = await sessionOf('early', [{ type: 'workflow', workflow_id: 'w', name: 'w' }, { type: 'task', task_id: 'a', workflow_id: 'w', status: 'RUNNING' }, { type: 'task', task_id: 'b', status: 'RUNNING' }])
  const forecast = await run(early, { to, dryRun: true })
  expect(existsSync(to)).toBe(false)
  expect(forecast).toEqual({
    isAll: true,
    notes: [],
    printed: ['           records  would be new  would change  equal already', '─────────  ───────  ────────────  ────────────  ─────────────', 'tasks            2             2             0              0', 'workflows        1             1             0              0', 'agents           0             0             0              0', 'objects          0             0             0              0', ''].join('\n')
  })
  expect(await run(early, { to })).toMatchObject({ isAll: true, printed: expect.stringMatching(/^tasks +2 +2 +0 +0 +0$/m) as string })
  const late = await sessionOf('late', [{ type: 'task', task_id: 'a', status: 'ERROR', stderr: 'line\none\u001b[2J' }, { type: 'task', task_id: 'b', status: 'FINISHED' }])
  const { printed } = await run(late, { to, dryRun: true })
  expect(printed).toMatch(/^would change +records +there +after$/m)
  expect(printed).toMatch(/^status +2 +RUNNING +ERROR$/m)
  expect(printed).toMatch(/^stderr +1 +null +line\\none\\u001b\[2J$/m)
  expect((await run(late, { to })).isAll).toBe(true)
  const again = JSON.parse((await run(late, { to, json: true })).printed) as unknown
  expect(again).toMatchObject({ to, dryRun: false, state: 'done', error: null, changed: { task: 0 }, equal: { task: 2 }, fields: [] })
  const store = openLmdbStore(to, { readOnly: true })
  expect(await store.get('task', 'a')).toMatchObject({ status: 'ERROR', workflow_id: 'w' })
  await store.close()
})

test('what cannot be kept is told, and not all is there', async () => {
  const session = await sessionOf('odd', [{ type: 'task', task_id: 'k'.repeat(600) }, { type: 'task', task_id: 'fine' }])
  const { isAll, notes } = await run(session, { to: join(asked.folder, 'odd store') })
  expect(isAll).toBe(false)
  expect(notes).toEqual([expect.stringMatching(/^task k+: Its id is 600 bytes long; LMDB keys have 511 at most\.$/)])
})

test('what makes no sense is said', async () => {
  const session = await sessionOf('some', [{ type: 'task', task_id: 't' }])
  const to = join(asked.folder, 'elsewhere')
  await expect(run(session, { to, selection: { ...selection, columns: ['task_id'] } })).rejects.toThrow(/whole records/)
  await expect(run(session, { to, selection: { ...selection, sort: [{ column: 'task_id', descending: false }] } })).rejects.toThrow(/whole records/)
  await expect(run(session, { to: 'postgres://host/db' })).rejects.toThrow(/postgres:\/\/ is no store/)
  mkdirSync(to)
  writeFileSync(join(to, 'notes.txt'), '')
  await expect(run(session, { to })).rejects.toThrow(/holds other files and no LMDB/)
})

test('stores are told from files by what they are', () => {
  expect(isStoreTarget('mongodb+srv://host/db')).toBe(true)
  expect(isStoreTarget(join(asked.folder, 'store'))).toBe(true)
  expect(isStoreTarget(join(asked.folder, 'not there'))).toBe(false)
  expect(isStoreTarget(join(asked.folder, 'not there'), 'lmdb')).toBe(true)
  expect(isStoreTarget('tasks.csv')).toBe(false)
  expect(isStoreTarget(join(asked.folder, 'store'), 'csv')).toBe(false)
  expect(() => isStoreTarget('folder', 'mongodb')).toThrow(/no address of a MongoDB/)
  expect(() => isStoreTarget('mongodb://host', 'lmdb')).toThrow(/names a MongoDB, not a folder/)
})
