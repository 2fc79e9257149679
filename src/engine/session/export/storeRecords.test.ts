/** The records of an export as a transfer reads them: in order, whole, from any place on. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openLmdbStore } from '#engine/stores/lmdbStore'
import { transfer, type TransferOptions } from '#engine/stores/transfer'
import { openFixture } from '../../../testing/openFixture.ts'
import { StoreRecords } from './storeRecords.ts'
import { selectForStore } from './storeSelection.ts'

const folder = mkdtempSync(join(tmpdir(), 'store-records-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const { signal } = new AbortController()

test('what was interrupted goes on where it was; a source that is another begins anew', async () => {
  const path = join(folder, 'tasks.jsonl')
  // Each in two messages, so that the record is one that was merged.
  const messages = Array.from({ length: 1700 }, (_, n) => [{ type: 'task', task_id: `t${n}`, status: 'RUNNING', used: { n } }, { type: 'task', task_id: `t${n}`, status: 'FINISHED', generated: { n } }]).flat()
  writeFileSync(path, messages.map((message) => `${JSON.stringify(message)}\n`).join(''))
  const { close, source } = await openFixture(path)
  const selection = await selectForStore(source, { records: 'tasks', scope: { filter: { 'used.n': { $gte: 100 } }, search: '' }, related: true }, signal)
  const target = openLmdbStore(join(folder, 'target'))
  const checkpointPath = join(folder, 'checkpoint.json')
  const records = (name: string): StoreRecords => new StoreRecords({ table: source, selection, name, secrets: 'keep', bytesStay: false, signal })
  const run = async (name: string, options: TransferOptions = {}) => await transfer(records(name), target, { checkpointPath, ...options })
  const stop = new AbortController()
  await expect(run('as it was', { signal: stop.signal, onProgress: ({ counts }) => counts.task.read >= 1000 && stop.abort() })).rejects.toMatchObject({ code: 'cancelled' })
  expect(await target.count('task')).toBe(1000)
  const rest = await run('as it was')
  expect(rest).toMatchObject({ counts: { task: { read: 600, created: 600 } }, before: { task: { read: 1000, created: 1000 } }, resumedAfter: { kind: 'task', id: '999' }, different: [] })
  expect(existsSync(checkpointPath)).toBe(false)
  expect(await target.get('task', 't100')).toEqual({ task_id: 't100', status: 'FINISHED', used: { n: 100 }, generated: { n: 100 }, running: true, finished: true })
  expect(await target.get('task', 't99')).toBeNull()
  const again = new AbortController()
  await expect(run('as it was', { signal: again.signal, onProgress: () => again.abort() })).rejects.toMatchObject({ code: 'cancelled' })
  expect(await run('grown since')).toMatchObject({ counts: { task: { read: 1600, equal: 1600 } }, before: null, resumedAfter: null })
  await selection.close()
  await target.close()
  await close()
})
