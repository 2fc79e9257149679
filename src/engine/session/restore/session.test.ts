import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Given, Method, Result } from '#contract/methods'
import type { SessionMode } from './session.ts'
import { createEngine, type Engine } from '../engine.ts'

let folder: string
const running: Engine[] = []
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'provscope-session-'))))
afterEach(async () => {
  for (const engine of running.splice(0)) await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

const sessions = (): string => join(folder, 'config', 'sessions')
const engineWith = async (session: SessionMode, host: 'desktop' | 'served' = 'served'): Promise<Engine> => {
  const engine = await createEngine({ host, version: '1', session, configDir: join(folder, 'config'), tempDir: join(folder, 'temp'), startFolder: folder })
  running.push(engine)
  return engine
}
const ask = async <M extends Method>(engine: Engine, method: M, params: Given<M>): Promise<Result<M>> => {
  const reply = await engine.call('host')(method, params)
  if (!reply.ok) throw new Error(reply.error.message)
  return reply.value
}
const buffer = (name: string): string => {
  const path = join(folder, name)
  writeFileSync(path, `${JSON.stringify({ type: 'task', task_id: name, status: 'FINISHED' })}\n`)
  return path
}
const open = async (engine: Engine, path: string): Promise<string> => {
  const { sourceId } = await ask(engine, 'sources.openPaths', { paths: [path] })
  await expect.poll(async () => (await ask(engine, 'sources.list', {})).sources.find((source) => source.sourceId === sourceId)?.state).not.toBe('reading')
  return sourceId
}
const openIds = async (engine: Engine): Promise<string[]> => (await ask(engine, 'sources.list', {})).sources.map(({ sourceId }) => sourceId)
/** The process goes without a word: what it kept stays as it was last written. */
const breakOff = async (engine: Engine): Promise<void> => {
  const [name] = readdirSync(sessions())
  const path = join(sessions(), name ?? '')
  copyFileSync(path, join(folder, 'kept'))
  await engine.close()
  copyFileSync(join(folder, 'kept'), path)
}
const kept = (): { sources: { settled: boolean; failures: number; named: string[] }[]; endedAt: number | null }[] => readdirSync(sessions()).map((name) => JSON.parse(readFileSync(join(sessions(), name), 'utf8')))

test('an engine in which nothing was ever open leaves no session', async () => {
  const engine = await engineWith('open')
  await engine.close()
  expect(existsSync(sessions())).toBe(false)
})

describe('the next start', () => {
  test('opens what was open, under the same ids, and knows what each page showed', async () => {
    const first = await engineWith('open')
    const ids = [await open(first, buffer('a.jsonl')), await open(first, buffer('b.jsonl'))]
    await ask(first, 'session.keep', { pageId: 'p1', address: `#/table?source=${ids[0]}` })
    await ask(first, 'session.keep', { pageId: 'p2', address: `#/tree?source=${ids[1]}` })
    await first.close()
    const next = await engineWith('open')
    expect(await openIds(next)).toEqual(ids)
    expect(await ask(next, 'session.left', { pageId: 'p1' })).toEqual({ address: `#/table?source=${ids[0]}`, brokeOff: false, restored: 2, sources: [] })
    expect((await ask(next, 'session.left', { pageId: 'unknown' })).address).toBe(`#/tree?source=${ids[1]}`)
    const further = await open(next, buffer('c.jsonl'))
    expect(ids).not.toContain(further)
  })

  test('does so after a crash too, and says that it broke off', async () => {
    const first = await engineWith('open', 'desktop')
    const id = await open(first, buffer('a.jsonl'))
    await breakOff(first)
    const next = await engineWith('open', 'desktop')
    expect(await openIds(next)).toEqual([id])
    expect(await ask(next, 'session.left', { pageId: '' })).toMatchObject({ brokeOff: true, restored: 1 })
  })

  test('does not open what was closed', async () => {
    const first = await engineWith('open')
    await ask(first, 'sources.close', { sourceId: await open(first, buffer('a.jsonl')) })
    await first.close()
    expect(await openIds(await engineWith('open'))).toEqual([])
  })

  test('only offers it where the setting is off, or something else was asked for; forgetting ends that', async () => {
    const first = await engineWith('open')
    await open(first, buffer('a.jsonl'))
    await ask(first, 'prefs.set', { key: 'session.restore', value: false })
    await first.close()
    const second = await engineWith('open')
    expect(await openIds(second)).toEqual([])
    const { sources, address } = await ask(second, 'session.left', { pageId: '' })
    expect([address, sources]).toMatchObject([null, [{ name: 'a.jsonl', why: 'setting' }]])
    await second.close()
    await ask(await engineWith('off'), 'prefs.set', { key: 'session.restore', value: null })
    const third = await engineWith('fresh')
    expect((await ask(third, 'session.left', { pageId: '' })).sources).toMatchObject([{ name: 'a.jsonl', why: 'other-start' }])
    const { sources: left } = await ask(third, 'session.left', { pageId: '' })
    await ask(third, 'sources.open', { handles: left.map(({ handle }) => handle) })
    expect((await ask(third, 'session.left', { pageId: '' })).sources).toEqual([])
    await ask(third, 'sources.close', { sourceId: (await openIds(third))[0] ?? '' })
    await ask(third, 'session.forget', { handle: left[0]?.handle ?? '' })
    expect((await ask(third, 'session.left', { pageId: '' })).sources).toEqual([])
  })

  test('opens again, whatever the setting, when only the engine had ended', async () => {
    const first = await engineWith('open', 'desktop')
    const id = await open(first, buffer('a.jsonl'))
    await ask(first, 'prefs.set', { key: 'session.restore', value: false })
    await breakOff(first)
    expect(await openIds(await engineWith('again', 'desktop'))).toEqual([id])
  })

  test('connects to nothing by itself', async () => {
    const first = await engineWith('open')
    await open(first, buffer('a.jsonl'))
    await first.close()
    const [name = ''] = readdirSync(sessions())
    const session = JSON.parse(readFileSync(join(sessions(), name), 'utf8')) as { sources: object[] }
    session.sources.push({ ...session.sources[0], sourceId: 's9-abcdef', kind: 'mongodb', named: ['mongodb://127.0.0.1:1/x'], name: 'x', path: 'mongodb://127.0.0.1:1/x' })
    writeFileSync(join(sessions(), name), JSON.stringify(session))
    const next = await engineWith('open')
    expect(await openIds(next)).toHaveLength(1)
    expect((await ask(next, 'session.left', { pageId: '' })).sources).toMatchObject([{ kind: 'mongodb', why: 'network' }])
  })

  test('says what is missing, and opens the rest', async () => {
    const first = await engineWith('open')
    const [gone, there] = [buffer('gone.jsonl'), buffer('there.jsonl')]
    await open(first, gone)
    await open(first, there)
    await first.close()
    rmSync(gone)
    const next = await engineWith('open')
    await expect.poll(async () => (await ask(next, 'sources.list', {})).sources.map(({ state }) => state)).toEqual(['failed', 'ready'])
  })
})

describe('a source at whose opening the engine ends', () => {
  const asIfReading = (failures: number): void => {
    mkdirSync(sessions(), { recursive: true })
    for (const name of readdirSync(sessions())) {
      const session = JSON.parse(readFileSync(join(sessions(), name), 'utf8')) as { sources: object[] }
      writeFileSync(join(sessions(), name), JSON.stringify({ ...session, endedAt: null, sources: session.sources.map((source) => ({ ...source, settled: false, failures })) }))
    }
  }

  test('is tried once more, and then offered instead', async () => {
    const first = await engineWith('open')
    await open(first, buffer('a.jsonl'))
    await first.close()
    asIfReading(0)
    const second = await engineWith('open')
    expect(await openIds(second)).toHaveLength(1)
    await second.close()
    asIfReading(1)
    const third = await engineWith('again')
    expect(await openIds(third)).toEqual([])
    expect((await ask(third, 'session.left', { pageId: '' })).sources).toMatchObject([{ name: 'a.jsonl', why: 'failed' }])
    await third.close()
    // Also in the start after that.
    const fourth = await engineWith('open')
    expect((await ask(fourth, 'session.left', { pageId: '' })).sources).toMatchObject([{ why: 'failed' }])
    expect(await openIds(fourth)).toEqual([])
  })

  test('is counted before it is opened, and no longer once it was read', async () => {
    const first = await engineWith('open')
    await open(first, buffer('a.jsonl'))
    expect(kept()).toMatchObject([{ endedAt: null, sources: [{ settled: true, failures: 0 }] }])
    await first.close()
    asIfReading(0)
    const second = await engineWith('open')
    await expect.poll(() => kept()[0]?.sources[0]).toMatchObject({ settled: true, failures: 0 })
    await second.close()
  })
})

describe('of other runs', () => {
  test('one that still runs is left alone; hosts do not mix', async () => {
    const served = await engineWith('open', 'served')
    await open(served, buffer('a.jsonl'))
    await served.close()
    const [name = ''] = readdirSync(sessions())
    const path = join(sessions(), name)
    const session = JSON.parse(readFileSync(path, 'utf8')) as object
    // The process that runs this process lives as long as the test.
    writeFileSync(path, JSON.stringify({ ...session, pid: process.ppid, endedAt: null }))
    expect(await openIds(await engineWith('open', 'served'))).toEqual([])
    expect(readdirSync(sessions())).toContain(name)
    const long = new Date(Date.now() - 3_600_000)
    utimesSync(path, long, long)
    expect(await openIds(await engineWith('open', 'desktop'))).toEqual([])
    expect(await openIds(await engineWith('open', 'served'))).toHaveLength(1)
  })

  test('a file that is no session is taken away, and a folder that cannot be had harms nothing', async () => {
    mkdirSync(sessions(), { recursive: true })
    writeFileSync(join(sessions(), 'session-served-1-x.json'), '{"version":1,"sources":[{"sourceId":"../../x"}]}')
    expect(await openIds(await engineWith('open'))).toEqual([])
    rmSync(sessions(), { recursive: true })
    writeFileSync(sessions(), '')
    const engine = await engineWith('open')
    await open(engine, buffer('a.jsonl'))
    expect((await ask(engine, 'problems.list', {})).problems.map(({ message }) => message).join()).toContain('session cannot be kept')
  })

  test('and a command line keeps none', async () => {
    await open(await engineWith('off'), buffer('a.jsonl'))
    expect(() => readdirSync(sessions())).toThrow('ENOENT')
  })
})
