import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTempFolder } from './tempFolder.ts'

let parent: string
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'provscope-test-'))
})
afterEach(() => rmSync(parent, { recursive: true, force: true }))

test('a folder of our own, gone when removed, with no listener left behind', async () => {
  const signals = ['exit', 'SIGINT', 'SIGTERM', 'SIGHUP']
  const before = signals.map((name) => process.listenerCount(name))
  const temp = await createTempFolder(join(parent, 'new'))
  writeFileSync(join(temp.path, 'x'), 'x')
  expect(signals.map((name) => process.listenerCount(name))).not.toEqual(before)
  await temp.remove()
  expect(existsSync(temp.path)).toBe(false)
  expect(signals.map((name) => process.listenerCount(name))).toEqual(before)
})

test('folders of processes that are no more go at the next start; those of living ones, and anybody else’s, stay', async () => {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  const alive = await createTempFolder(parent)
  const dead = basename(alive.path).replace(`-${process.pid}-`, `-${child.pid}-`)
  for (const name of [dead, 'provscope-notes', 'other', dead.replace(/^provscope-[0-9a-f]+/, 'provscope-00000000')]) mkdirSync(join(parent, name))
  const next = await createTempFolder(parent)
  expect(readdirSync(parent).sort()).toEqual([basename(alive.path), basename(next.path), 'other', 'provscope-notes', dead.replace(/^provscope-[0-9a-f]+/, 'provscope-00000000')].sort())
  await alive.remove()
  await next.remove()
})

test.each([
  ['an exit', 'process.exit(3)', 3, null],
  ['an error nobody caught', 'throw new Error("x")', 1, null],
  ['SIGTERM', 'process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000)', null, 'SIGTERM'],
  ['SIGINT', 'process.kill(process.pid, "SIGINT"); setInterval(() => {}, 1000)', null, 'SIGINT'],
  ['a signal that the host answers itself', 'process.on("SIGTERM", () => process.exit(7)); process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000)', 7, null]
])('%s ends the process as ever and takes the folder along', async (_name, ending, code, signal) => {
  const { transformWithOxc } = await import('vite')
  const { readFileSync } = await import('node:fs')
  const module = await transformWithOxc(readFileSync(join(import.meta.dirname, 'tempFolder.ts'), 'utf8'), 'tempFolder.ts')
  writeFileSync(join(parent, 'tempFolder.mjs'), module.code)
  const temps = join(parent, 'temps')
  writeFileSync(join(parent, 'main.mjs'), `import { createTempFolder } from './tempFolder.mjs'\nconst temp = await createTempFolder(${JSON.stringify(temps)})\nconsole.error(temp.path)\n${ending}\n`)
  const child = spawn(process.execPath, [join(parent, 'main.mjs')], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (text) => (said += String(text)))
  expect(await once(child, 'exit')).toEqual([code, signal])
  expect(said).toContain(temps)
  expect(readdirSync(temps)).toEqual([])
})
