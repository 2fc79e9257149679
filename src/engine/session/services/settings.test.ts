import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { configDir } from './configDir.ts'
import { Grants } from './grants.ts'
import type { SettingsNote } from './jsonFile.ts'
import { Prefs } from './prefs.ts'
import { type Recent, Recents } from './recents.ts'
import { SettingsProblems } from './settingsProblems.ts'

let folder: string
let notes: SettingsNote[]
let changed: number
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'provscope-test-'))
  notes = []
  changed = 0
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const onNote = (note: SettingsNote): void => void notes.push(note)
const config = (): string => join(folder, 'config/provscope')
const prefs = (): Prefs => new Prefs({ folder: config(), onNote })
const recents = (grants = new Grants()): Recents => new Recents({ folder: config(), grants, onNote, onChange: () => changed++ })

test('settings lie where each platform keeps them', () => {
  expect(configDir({ PROVSCOPE_CONFIG_DIR: '/x', XDG_CONFIG_HOME: '/y' }, 'linux')).toBe('/x')
  expect(configDir({ XDG_CONFIG_HOME: '/y' }, 'linux')).toBe('/y/provscope')
  expect(configDir({}, 'linux')).toBe(join(homedir(), '.config/provscope'))
  expect(configDir({}, 'darwin')).toContain('Application Support')
  expect(configDir({ APPDATA: 'C:/roaming' }, 'win32')).toContain('roaming')
})

describe('preferences', () => {
  test('a value comes back, in this process and the next; what was never set is null', async () => {
    expect(await prefs().get('a')).toBeNull()
    const value = { columns: ['x', 'ü'], __proto__: null, width: 1.5 }
    await prefs().set('a', value)
    await prefs().set('__proto__', 1)
    expect(await prefs().get('a')).toEqual({ columns: ['x', 'ü'], width: 1.5 })
    expect(await prefs().get('__proto__')).toBe(1)
    expect(await prefs().get('constructor')).toBeNull()
    await prefs().set('a', null)
    expect(await prefs().get('a')).toBeNull()
    expect(readdirSync(config()), 'nothing temporary is left').toEqual(['state.json'])
    expect(statSync(join(config(), 'state.json')).mode & 0o077, 'for the user alone').toBe(0)
  })

  test('many at once are all kept', async () => {
    const one = prefs()
    await Promise.all(Array.from({ length: 50 }, (_, i) => one.set(`k${i}`, i)))
    expect(await Promise.all(Array.from({ length: 50 }, (_, i) => prefs().get(`k${i}`)))).toEqual(Array.from({ length: 50 }, (_, i) => i))
  })

  test('more than 1 MB is refused and changes nothing', async () => {
    await prefs().set('a', 'small')
    await expect(prefs().set('b', 'x'.repeat(1_000_000))).rejects.toMatchObject({ code: 'bad-request' })
    expect([await prefs().get('a'), await prefs().get('b')]).toEqual(['small', null])
  })

  test.each(['{"a":', '[1]', '"text"', 'null', ''])('a file that holds %j is put aside and noted', async (content) => {
    await prefs().set('a', 1)
    writeFileSync(join(config(), 'state.json'), content)
    expect(await prefs().get('a')).toBeNull()
    expect(readFileSync(join(config(), 'state.json.bad'), 'utf8')).toBe(content)
    expect(notes).toMatchObject([{ file: 'state.json', did: expect.stringContaining('state.json.bad') }])
    await prefs().set('a', 2)
    expect(await prefs().get('a')).toBe(2)
  })

  test('where nothing can be written they live on in memory, noted once', async () => {
    writeFileSync(join(folder, 'config'), 'a file where the folder should be')
    const one = prefs()
    await one.set('a', 1)
    await one.set('b', 2)
    expect([await one.get('a'), await one.get('b')]).toEqual([1, 2])
    expect(notes, 'once for each of the two files').toMatchObject([{ file: 'preferences.json', did: 'Remembered until Provscope ends' }, { file: 'state.json' }])
  })
})

describe('recents', () => {
  const put = (name: string, content = '{}\n'): string => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  const recent = (path: string, more: Partial<Recent> = {}): Recent => ({ named: [path], name: 'n', path, kind: 'file', tasks: 3, errors: 1, sizeBytes: existsSync(path) ? statSync(path).size : 1, openedAt: 100, ...more })
  const page = { offset: 0, limit: 100 }

  test('the latest first, each path once, at most fifty', async () => {
    for (let i = 0; i < 60; i++) await recents().remember(recent(`/none/${i}`, { openedAt: i }))
    await recents().remember(recent('/none/30', { openedAt: 99, tasks: 7 }))
    const { recents: list, total } = await recents().list(page)
    expect(total).toBe(50)
    expect(list.slice(0, 3).map((one) => [one.path, one.tasks])).toEqual([['/none/30', 7], ['/none/59', 3], ['/none/58', 3]])
    expect(new Set(list.map((one) => one.path)).size).toBe(50)
    expect((await recents().list({ offset: 48, limit: 10 })).recents).toHaveLength(2)
    expect(changed).toBe(61)
  })

  test('how each stands today: ready, grown or missing', async () => {
    const [ready, grown, missing] = [put('a.jsonl'), put('b.jsonl'), put('c.jsonl')]
    for (const path of [ready, grown, missing]) await recents().remember(recent(path))
    writeFileSync(grown, '{}\n{"more":1}\n')
    rmSync(missing)
    const { recents: list } = await recents().list(page)
    expect(list.map((one) => [one.path, one.state, one.grewBytes])).toEqual([[missing, 'missing', 0], [grown, 'grew', 11], [ready, 'ready', 0]])
  })

  test('what has become of a source is amended in its place', async () => {
    for (const path of ['/none/1', '/none/2']) await recents().remember(recent(path))
    await recents().amend(recent('/none/1', { tasks: 9 }))
    await recents().amend(recent('/none/3'))
    expect((await recents().list(page)).recents.map((one) => [one.path, one.tasks])).toEqual([['/none/2', 3], ['/none/1', 9]])
  })

  test('a set of files has one handle that opens them all, and can be forgotten', async () => {
    const paths = [put('a.jsonl'), put('b.jsonl')]
    await recents().remember(recent('', { named: paths, kind: 'files', sizeBytes: 6 }))
    const grants = new Grants()
    const own = recents(grants)
    const handle = (await own.list(page)).recents[0]?.handle ?? ''
    expect(grants.paths(handle, 'read')).toEqual(paths)
    await own.forget(handle)
    expect((await own.list(page)).total).toBe(0)
    await expect(own.forget('never given')).rejects.toMatchObject({ code: 'bad-request' })
  })

  test('a damaged file is put aside, noted among the problems, and a new one begun', async () => {
    await recents().remember(recent('/none/1'))
    writeFileSync(join(config(), 'recents.json'), '{"recents":[{"path":1}]}')
    let told = 0
    const problems = new SettingsProblems(() => told++)
    const own = new Recents({ folder: config(), grants: new Grants(), onNote: (note) => problems.add(note), onChange: () => undefined })
    expect(await own.list(page)).toEqual({ total: 0, recents: [] })
    expect(existsSync(join(config(), 'recents.json.bad'))).toBe(true)
    expect(told).toBe(1)
    expect(problems.problems).toMatchObject([{ level: 'note', source: 'recents.json', line: null, byte: null }])
    await own.remember(recent('/none/2'))
    expect((await own.list(page)).total).toBe(1)
  })
})
