/** The file of settings: what it may hold, what is said of the rest, and that nothing in it is lost. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { settingKeys, settingMistake, settingOf, settings } from '#contract/settingList'
import type { SettingsNote } from './jsonFile.ts'
import { Prefs } from './prefs.ts'
import { valueOfText } from './settingFrom.ts'

let folder: string
let notes: SettingsNote[]
let standing: readonly SettingsNote[]
let env: Record<string, string>
let changes: number
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'provscope-test-'))
  notes = []
  standing = []
  env = {}
  changes = 0
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const path = (): string => join(folder, 'preferences.json')
const file = (): unknown => JSON.parse(readFileSync(path(), 'utf8'))
const write = (content: unknown): void => writeFileSync(path(), typeof content === 'string' ? content : JSON.stringify(content))
const open = (): Prefs => new Prefs({ folder, env, onNote: (note) => void notes.push(note), onStanding: (all) => (standing = all), onSettings: () => changes++ })
const stateOf = async (prefs: Prefs, key: string) => (await prefs.list()).settings.find((one) => one.key === key)

describe('the registry', () => {
  test.each(settingKeys)('%s may hold its default, and says what it may hold else', (key) => {
    const { allowed, control, fallback, title, what } = settingOf(key)
    expect(settingMistake(key, fallback)).toBeNull()
    expect(settingMistake(key, { not: ['this'] })).toContain(allowed)
    expect(title).toMatch(/^[A-Z]/)
    expect(what).toMatch(/\.$/)
    if (control.kind === 'choice') for (const { value } of control.options) expect(settingMistake(key, value)).toBeNull()
    if (control.kind === 'number') expect([control.min - 1, control.min, control.max, control.max + 1].map((value) => settingMistake(key, value) === null)).toEqual([false, true, true, false])
  })

  test('an address with a password is refused, and the password is not repeated', () => {
    expect(settingMistake('record.mongodbUri', 'mongodb://u@h/db')).toBeNull()
    const mistake = settingMistake('record.mongodbUri', 'mongodb://u:hunter2@h/db')
    expect(mistake).toContain('without a password')
    expect(mistake).not.toContain('hunter2')
  })

  test.each([
    ['Ctrl+Shift+K', true],
    ['/', true],
    ['+', true],
    ['Ctrl++', true],
    ['F12', true],
    [null, true],
    ['', false],
    ['Shift+Ctrl+K', false],
    ['ctrl+k', false],
    [7, false]
  ])('keys %j: %s', (keys, may) => {
    expect(settingMistake('keys.bindings', { filter: keys }) === null).toBe(may)
  })
})

describe('a setting', () => {
  test('has its default, then what was set, then its default again; the file holds no more than was set', async () => {
    expect(await stateOf(open(), 'zone')).toMatchObject({ value: 'utc', origin: 'default', where: '' })
    await open().setSetting('zone', 'local')
    expect(file()).toEqual({ zone: 'local' })
    expect(await stateOf(open(), 'zone')).toMatchObject({ value: 'local', origin: 'file', where: path() })
    expect(await open().get('zone')).toBe('local')
    await open().reset('zone')
    expect(file()).toEqual({})
    expect(changes).toBe(2)
  })

  test('that cannot be is refused and changes nothing, by either way of setting it', async () => {
    await open().setSetting('theme', 'dark')
    await expect(open().setSetting('theme', 'pink')).rejects.toMatchObject({ code: 'bad-request', message: 'theme may be one of system, light, dark, not "pink".' })
    await expect(open().set('theme', 'pink')).rejects.toMatchObject({ code: 'bad-request' })
    expect(file()).toEqual({ theme: 'dark' })
  })

  test('of the environment is stronger than the file, and a bad one is told and passed over', async () => {
    write({ 'memory.limitMb': 900 })
    env['PROVSCOPE_MEMORY_MB'] = '2000'
    expect(await stateOf(open(), 'memory.limitMb')).toMatchObject({ value: 2000, origin: 'environment', where: 'PROVSCOPE_MEMORY_MB', over: 900, problem: null })
    env['PROVSCOPE_MEMORY_MB'] = 'much'
    expect(await stateOf(open(), 'memory.limitMb')).toMatchObject({ value: 900, origin: 'file', problem: expect.stringContaining('PROVSCOPE_MEMORY_MB cannot be used') })
  })

  test('that needs a restart says that it waits for one until it is what it was', async () => {
    const prefs = open()
    await prefs.list()
    await prefs.setSetting('memory.limitMb', 900)
    expect(await stateOf(prefs, 'memory.limitMb')).toMatchObject({ value: 900, waits: true })
    await prefs.reset('memory.limitMb')
    expect(await stateOf(prefs, 'memory.limitMb')).toMatchObject({ value: null, waits: false })
  })
})

describe('a file that was edited', () => {
  test('an impossible value is told with what is allowed, the default holds, the rest is kept as it is', async () => {
    const content = { theme: 'pink', zone: 'local', 'table.cellLength': 3.5, thme: 'dark' }
    write(content)
    const { settings: states, unknown } = await open().list()
    expect(states.find(({ key }) => key === 'theme')).toMatchObject({ value: 'system', origin: 'default', problem: 'theme may be one of system, light, dark, not "pink".' })
    expect(states.find(({ key }) => key === 'zone')).toMatchObject({ value: 'local', problem: null })
    expect(unknown).toEqual(['thme'])
    expect(standing.map(({ message }) => message)).toEqual([expect.stringContaining('theme may be'), expect.stringContaining('table.cellLength may be a whole number from 16 to 4096'), 'There is no setting "thme".'])
    await open().setSetting('zone', 'utc')
    expect(file()).toEqual({ ...content, zone: 'utc' })
    write({ zone: 'utc' })
    await open().list()
    expect(standing, 'what is mended is no problem any more').toEqual([])
  })

  test('what is no JSON stays where it is, what was known holds, and is put aside only to make room', async () => {
    const prefs = open()
    await prefs.setSetting('zone', 'local')
    write('{"zone": "utc",\n "theme" "dark"}')
    expect(await prefs.get('zone')).toBe('local')
    expect((await prefs.list()).problem).toMatch(/line 2/)
    expect(standing).toMatchObject([{ message: expect.stringContaining(path()) }])
    expect(readFileSync(path(), 'utf8')).toContain('"theme" "dark"')
    await prefs.setSetting('theme', 'light')
    expect(file()).toEqual({ zone: 'local', theme: 'light' })
    expect(readFileSync(`${path()}.bad`, 'utf8')).toContain('"theme" "dark"')
    expect(notes).toMatchObject([{ did: expect.stringContaining('preferences.json.bad') }])
    expect((await prefs.list()).problem).toBeNull()
  })

  test('is noticed while Provscope runs', async () => {
    const prefs = open()
    await prefs.list()
    prefs.follow()
    write({ zone: 'local' })
    await vi.waitUntil(() => changes > 0, { timeout: 20_000 })
    expect(await prefs.get('zone')).toBe('local')
    prefs.close()
  })
})

describe('what lay in one file', () => {
  test('is parted: settings stay, what the page remembers moves, strangers stay and are told', async () => {
    const layout = { order: ['a'], widthsPx: { a: 90 } }
    const remembered = { 'table.tasks.{"a":1}': layout, 'navigator.width': 300, watches: [{ name: 'w' }], 'telemetry.rules': { high_cpu: 1 }, 'tree.sort': 'name' }
    write({ theme: 'dark', ...remembered, 'table.cellLength': 64, myNote: 1 })
    const prefs = open()
    for (const [key, value] of Object.entries(remembered)) expect(await prefs.get(key)).toEqual(value)
    expect(file()).toEqual({ theme: 'dark', 'table.cellLength': 64, myNote: 1 })
    expect(readdirSync(folder).toSorted()).toEqual(['preferences.json', 'state.json'])
    expect((await prefs.list()).unknown).toEqual(['myNote'])
  })

  test('what is remembered since is newer', async () => {
    await open().set('tree.sort', 'errors')
    write({ 'tree.sort': 'name' })
    expect(await open().get('tree.sort')).toBe('errors')
    expect(file()).toEqual({})
  })

  test('all settings go back to their defaults, strangers and what is remembered stay', async () => {
    const prefs = open()
    await prefs.set('tree.sort', 'name')
    write({ theme: 'dark', zone: 'local', myNote: 1 })
    await prefs.reset(null)
    expect(file()).toEqual({ myNote: 1 })
    expect(await prefs.get('tree.sort')).toBe('name')
  })
})

test.each([
  ['keys.single', 'off', false],
  ['keys.single', 'maybe', 'maybe'],
  ['table.cellLength', '64', 64],
  ['memory.limitMb', 'null', null],
  ['record.lmdbPath', '/data/lmdb', '/data/lmdb'],
  ['keys.bindings', '{"filter":"G"}', { filter: 'G' }],
  ['zone', 'null', 'null']
] as const)('%s typed as %j is %j', (key, text, value) => {
  expect(valueOfText(key, text)).toEqual(value)
  expect(Object.keys(settings)).toContain(key)
})
