/** `provscope settings`: listing, setting and resetting, on a folder of its own. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { recordPlan } from './recordPlan.ts'
import { ownPrefs, runSettingsCommands } from './settingsCommands.ts'
import { chosenDatabases } from '#engine/session/settings/databases'
import { WrongUse } from './wrongUse.ts'

let folder: string
let written: string
let notes: string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'provscope-test-'))
  vi.stubEnv('PROVSCOPE_CONFIG_DIR', folder)
  vi.stubEnv('FLOWCEPT_SETTINGS_PATH', join(folder, 'settings.yaml'))
  written = ''
  notes = []
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

const note = (text: string): void => void notes.push(text)
const commands = () =>
  runSettingsCommands({ note, output: { write: async (text: string | Uint8Array) => void (written += String(text)) } as never })
const file = (): unknown => JSON.parse(readFileSync(join(folder, 'preferences.json'), 'utf8'))

test('lists each setting with its value, its origin and what it may be', async () => {
  vi.stubEnv('PROVSCOPE_MEMORY_MB', '900')
  await commands().settingsSet('zone', 'local')
  await commands().settingsList({})
  expect(written).toMatch(/^zone +local +file +one of utc, local$/m)
  expect(written).toMatch(/^theme +system +default +one of/m)
  expect(written).toMatch(/^memory\.limitMb +900 +PROVSCOPE_MEMORY_MB/m)
  expect(written).toContain(join(folder, 'preferences.json'))
  written = ''
  await commands().settingsList({ json: true })
  expect(JSON.parse(written)).toMatchObject({ path: join(folder, 'preferences.json'), problem: null, unknown: [] })
})

test('sets and resets; what cannot be is refused', async () => {
  await commands().settingsSet('table.cellLength', '64')
  await commands().settingsSet('record.lmdbPath', 'here')
  expect(file()).toEqual({ 'table.cellLength': 64, 'record.lmdbPath': join(process.cwd(), 'here') })
  await expect(commands().settingsSet('table.cellLength', 'long')).rejects.toThrow('may be a whole number from 16 to 4096')
  await expect(commands().settingsSet('colour', 'red')).rejects.toThrow(WrongUse)
  await commands().settingsReset('table.cellLength', {})
  expect(file()).toEqual({ 'record.lmdbPath': join(process.cwd(), 'here') })
  await expect(commands().settingsReset(undefined, {})).rejects.toThrow(WrongUse)
  await commands().settingsReset(undefined, { all: true })
  expect(file()).toEqual({})
})

test('says what is wrong with the file, once', async () => {
  writeFileSync(join(folder, 'preferences.json'), '{"theme": "pink"}')
  await commands().settingsList({})
  expect(notes).toEqual([expect.stringContaining('theme may be one of system, light, dark')])
})

test('Flowcept’s settings have their origins, and no password', async () => {
  writeFileSync(join(folder, 'settings.yaml'), 'mq: {enabled: true, host: login1, password: hunter2}\n')
  vi.stubEnv('MQ_HOST', 'login2')
  await commands().settingsList({ flowcept: true })
  expect(written).toMatch(/^mq\.host +login2 +MQ_HOST +login1 of /m)
  expect(written).toMatch(/^mq\.password +set /m)
  await commands().settingsList({ flowcept: true, json: true })
  expect(written).not.toContain('hunter2')
})

test.each([
  ['on', 'on', ['lmdb', 'mongodb']],
  ['off', 'on', ['mongodb']],
  ['on', 'off', ['lmdb']],
  ['flowcept', 'flowcept', ['lmdb']]
])('recording with LMDB %s and MongoDB %s goes to %j', async (lmdb, mongodb, stores) => {
  writeFileSync(join(folder, 'settings.yaml'), 'project: {dump_buffer: {enabled: false}}\nmq: {enabled: true}\ndatabases: {lmdb: {enabled: true, path: /theirs}, mongodb: {enabled: false}}\n')
  await commands().settingsSet('record.lmdb', lmdb)
  await commands().settingsSet('record.mongodb', mongodb)
  await commands().settingsSet('record.mongodbUri', 'mongodb://db9/own')
  const prefs = ownPrefs(note)
  const plan = recordPlan('redis://h', {}, { env: process.env, note, own: { databases: await chosenDatabases(prefs), path: prefs.path } })
  expect(plan.stores.map(({ type }) => type)).toEqual(stores)
  if (mongodb === 'on') expect(plan.stores.at(-1)).toEqual({ type: 'mongodb', name: 'mongodb://db9/own', origin: prefs.path })
})

test('with neither database there is nothing to write to, unless one is named', async () => {
  writeFileSync(join(folder, 'settings.yaml'), 'project: {dump_buffer: {enabled: false}}\nmq: {enabled: true}\ndatabases: {lmdb: {enabled: true}, mongodb: {enabled: true}}\n')
  await commands().settingsSet('record.lmdb', 'off')
  await commands().settingsSet('record.mongodb', 'off')
  const prefs = ownPrefs(note)
  const own = { databases: await chosenDatabases(prefs), path: prefs.path }
  expect(() => recordPlan('redis://h', {}, { env: process.env, note, own })).toThrow(WrongUse)
  expect(recordPlan('redis://h', { lmdb: '/x' }, { env: process.env, note, own }).stores).toMatchObject([{ type: 'lmdb', name: '/x', origin: 'command line' }])
})
