/** What a page can have done to buffer files: what the engine found in a granted folder, and nothing else. */
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AskedEngine, askEngine } from '../../../testing/askEngine.ts'
import { fixtureFolder } from '../../../testing/openFixture.ts'

let engine: AskedEngine
beforeAll(async () => {
  engine = await askEngine()
})
afterAll(async () => await engine.close())

test('runs of a granted folder are found, joined, and deleted as confirmed; the result opens', async () => {
  const folder = join(engine.folder, 'runs')
  cpSync(join(fixtureFolder, 'split'), folder, { recursive: true })
  const { handle } = await engine.ask('paths.grant', { path: folder, use: 'read' })
  const found = await engine.ask('buffers.find', { handle })
  expect(found.runs.map(({ files }) => files.length).sort()).toEqual([1, 1, 5])
  const { files = [], plan = '' } = found.runs.find((run) => run.files.length === 5) ?? {}
  const dry = await engine.ask('buffers.consolidate', { plan, dryRun: true, deleting: files.map(({ name }) => name) })
  expect(readdirSync(folder)).toHaveLength(7)
  writeFileSync(join(folder, 'other.txt'), '')
  const done = await engine.ask('buffers.consolidate', { plan, deleting: [...files.slice(1).map(({ name }) => name), 'other.txt', '../config'] })
  expect([done.lines, done.sum]).toEqual([dry.lines, dry.sum])
  expect(done.files.filter(({ deleted }) => deleted)).toHaveLength(4)
  expect(readdirSync(folder)).toHaveLength(7 - 4 + 2)
  const { sourceId } = await engine.ask('sources.open', { handles: [done.handle] })
  const source = await engine.until(async () => (await engine.ask('sources.list', {})).sources.find((one) => one.sourceId === sourceId && one.state !== 'reading'))
  expect(source).toMatchObject({ state: 'ready', counts: { messages: done.lines } })
  await engine.ask('sources.close', { sourceId })
})

test('without a folder that was granted, a name that leaves it, or a plan of its own, nothing', async () => {
  const folder = join(engine.folder, 'safe')
  mkdirSync(folder)
  const { handle } = await engine.ask('paths.grant', { path: folder, use: 'read' })
  await expect(engine.ask('buffers.find', { handle: 'made-up' })).rejects.toThrow('not chosen')
  await expect(engine.ask('buffers.find', { handle, name: '../x.jsonl' })).rejects.toThrow('slashes')
  await expect(engine.ask('buffers.consolidate', { plan: folder })).rejects.toThrow('not looked for')
  expect((await engine.ask('buffers.find', { handle })).runs).toEqual([])
})
