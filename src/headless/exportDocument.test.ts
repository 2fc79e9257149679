/** `provscope export` of documents: by the name of the target, about what was asked, whole or not at all. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { askEngine, type AskedEngine } from '../testing/askEngine.ts'
import { fixtureFolder } from '../testing/openFixture.ts'
import { planExport, exportTo } from './exportTarget.ts'
import type { ExportFlags } from './exportCommandLine.ts'
import type { Session } from './openSession.ts'
import { WrongUse } from './wrongUse.ts'

let asked: AskedEngine
let session: Session
beforeAll(async () => {
  asked = await askEngine()
  session = { ask: asked.ask, source: await asked.open(`${fixtureFolder}/jsonl/12_sweep.jsonl`) }
})
afterAll(async () => await asked.close())

const usual: Omit<ExportFlags, 'to'> = { secrets: 'keep', manifest: true, verify: true, related: true, direction: 'both' }

async function run(name: string, flags: Partial<ExportFlags> = {}): Promise<{ path: string; isAll: boolean; notes: string[] }> {
  const [path, notes] = [join(asked.folder, name), [] as string[]]
  const isAll = await exportTo(session, planExport({ ...usual, to: path, ...flags }), { output: { write: () => Promise.resolve() }, note: (text) => void notes.push(text), onProgress: () => undefined })
  return { path, isAll, notes }
}

test.each([
  ['a.prov.json', '{\n  "prefix"'],
  ['a.provn', 'document\n'],
  ['a.crate.zip', 'PK'],
  ['a.md', '# Campaign Workflow Card — Replicated Runs\n'],
  ['a.html', '<!doctype html>\n']
])('%s says by its name what it is to be', async (name, head) => {
  const { isAll, notes, path } = await run(name)
  expect(isAll).toBe(true)
  expect(notes).toContain(`${path} written`)
  expect(readFileSync(path, 'utf8').startsWith(head)).toBe(true)
  expect(JSON.parse(readFileSync(`${path}.manifest.json`, 'utf8'))).toMatchObject({ verification: { ok: true } })
})

test('is about a task, a workflow or a campaign', async () => {
  const { rows } = await session.ask('rows.page', { sourceId: session.source.sourceId, records: 'tasks', columns: ['workflow_id'], limit: 1, sort: [] })
  const [task, workflow] = [rows[0]?.id as string, String(rows[0]?.cells[0])]
  const tasksIn = (path: string): number => readFileSync(path, 'utf8').match(/^ {2}activity\(task:/gm)?.length ?? 0
  expect(tasksIn((await run('campaign.provn', { campaign: 'sweep-omega' })).path)).toBe(24)
  expect(tasksIn((await run('workflow.provn', { workflow })).path)).toBe(3)
  const { nodes } = await session.ask('lineage.page', { sourceId: session.source.sourceId, taskId: task, direction: 'down', inferred: false })
  expect(tasksIn((await run('task.provn', { task, direction: 'down', capturedOnly: true })).path)).toBe(nodes)
})

test('what is not there, has nothing to say or contradicts itself leaves nothing behind', async () => {
  await expect(run('b.provn', { workflow: 'nobody' })).rejects.toThrow('There is no workflow "nobody" in this source.')
  await expect(run('b.md', { filter: '{"activity_id": "nobody"}' })).rejects.toThrow('What is shown has no tasks')
  await expect(run('b.html', { campaign: 'sweep-omega', filter: '{"status": "ERROR"}' })).rejects.toThrow(WrongUse)
  await expect(run('b.html', { records: 'workflows' })).rejects.toThrow(WrongUse)
  for (const name of ['b.provn', 'b.md', 'b.html']) expect(existsSync(join(asked.folder, name))).toBe(false)
})
