/** `provscope buffer …`, as a shell runs it. */
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { buildCli, runCli } from '../testing/builtCli.ts'
import { fixtureFolder } from '../testing/openFixture.ts'

const run = '3f0c9a1e-6d1b-4a0e-9b39-5f4a27c0d001'
let folder: string
beforeAll(buildCli, 240_000)
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'buffer-cli-'))
  cpSync(join(fixtureFolder, 'split'), folder, { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true }))

test('list, dry run, consolidate, again', { timeout: 180_000 }, async () => {
  const listed = JSON.parse((await runCli(['buffer', 'list', folder, '--json'])).out) as { runs: { workflowId: string; files: unknown[] }[] }
  expect(Object.fromEntries(listed.runs.map(({ files, workflowId }) => [workflowId, files.length]))).toMatchObject({ [run]: 5, [`${run}0`]: 1 })
  const base = join(folder, 'flowcept_buffer.jsonl')
  const dry = await runCli(['buffer', 'consolidate', base, '--workflow-id', run, '--cleanup', '--dry-run'])
  expect(dry).toMatchObject({ code: 0 })
  expect(dry.out).toContain('would be deleted')
  expect(readdirSync(folder)).toHaveLength(7)
  const done = await runCli(['buffer', 'consolidate', base, '--workflow-id', run, '--cleanup'])
  expect(done).toMatchObject({ code: 0 })
  expect(done.out).toContain('written, read back, and the same')
  expect(readdirSync(folder)).toHaveLength(3)
  expect((await runCli(['buffer', 'consolidate', base, '--workflow-id', run, '--cleanup'])).out).toContain('nothing new')
  expect(await runCli(['buffer', 'consolidate', base, '--workflow-id', 'nobody'])).toMatchObject({ code: 1, err: expect.stringContaining('no buffer of workflow') as string })
})

test('a path of Flowcept’s settings stands where none is given; delete asks, and refuses what is no buffer', { timeout: 180_000 }, async () => {
  const path = join(folder, 'own.jsonl')
  writeFileSync(path, '{"task_id":"1"}\n')
  writeFileSync(join(folder, 'settings.yaml'), `project:\n  dump_buffer: {enabled: true, path: ${JSON.stringify(path)}}\n`)
  const env = { FLOWCEPT_SETTINGS_PATH: join(folder, 'settings.yaml') }
  expect(await runCli(['buffer', 'delete'], { env })).toMatchObject({ code: 2, out: expect.stringContaining(path) as string })
  expect(await runCli(['buffer', 'delete', '--dry-run'], { env })).toMatchObject({ code: 0 })
  expect(await runCli(['buffer', 'delete', '--yes', join(folder, 'settings.yaml')])).toMatchObject({ code: 2, err: expect.stringContaining('no buffer file') as string })
  expect(existsSync(path)).toBe(true)
  expect(await runCli(['buffer', 'delete', '--yes'], { env })).toMatchObject({ code: 0 })
  expect(existsSync(path)).toBe(false)
})
