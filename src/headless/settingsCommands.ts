/** `provscope settings`: the same settings as in the workbench, for the terminal and for scripts. */
import { resolve } from 'node:path'
import { isSettingKey, type SettingKey, settingOf } from '#contract/settingList'
import type { SettingState } from '#contract/settings'
import { flowceptSettings } from '#engine/session/live/liveSettings'
import { configDir } from '#engine/session/services/configDir'
import { Prefs } from '#engine/session/services/prefs'
import { valueOfText } from '#engine/session/services/settingFrom'
import { flowceptShown } from '#engine/session/settings/flowceptShown'
import type { Output } from './output.ts'
import type { SettingsCommands } from './settingsCommandLine.ts'
import { printable } from './terminalText.ts'
import { textTable } from './textTable.ts'
import { WrongUse } from './wrongUse.ts'

export type SettingsContext = { readonly output: Output; readonly note: (text: string) => void }

/** The settings of whoever runs this. What is wrong with their file is told. */
export function ownPrefs(note: (text: string) => void): Prefs {
  const told = new Set<string>()
  const tell = ({ message, did }: { message: string; did: string }): void => {
    if (told.has(message)) return
    told.add(message)
    note(printable(`${message} ${did}.`))
  }
  return new Prefs({ folder: configDir(), onNote: tell, onStanding: (notes) => notes.forEach(tell) })
}

export function runSettingsCommands({ output, note }: SettingsContext): SettingsCommands {
  return {
    settingsList: async ({ json, flowcept }) => {
      const text = flowcept ? flowceptText(json ?? false, note) : await ownText(json ?? false, note)
      await output.write(text)
    },
    settingsSet: async (name, text) => {
      const key = known(name)
      const prefs = ownPrefs(note)
      const value = valueOfText(key, text)
      await prefs.setSetting(key, settingOf(key).control.kind === 'folder' && typeof value === 'string' ? resolve(value) : value)
      const state = (await prefs.list()).settings.find((one) => one.key === key)
      if (state?.origin === 'environment') note(`${state.where} of the environment is stronger: it is ${shown(state.value)} as long as that is set.`)
      await output.write(`${key} ${shown(value)}\n`)
    },
    settingsReset: async (name, { all }) => {
      if ((name === undefined) !== (all === true)) throw new WrongUse('name a setting, or --all')
      await ownPrefs(note).reset(name === undefined ? null : known(name))
    }
  }
}

function known(key: string): SettingKey {
  if (!isSettingKey(key)) throw new WrongUse(`there is no setting ${printable(key)}; provscope settings lists them`)
  return key
}

async function ownText(json: boolean, note: (text: string) => void): Promise<string> {
  const listed = await ownPrefs(note).list()
  if (json) return `${JSON.stringify(listed, null, 2)}\n`
  const rows = listed.settings.map((state) => [state.key, shown(state.value), originOf(state), settingOf(state.key).allowed])
  return `${table(['setting', 'value', 'from', 'may be'], rows)}\n${printable(listed.path)}\n`
}

function flowceptText(json: boolean, note: (text: string) => void): string {
  const { settings, files, problems } = flowceptShown(flowceptSettings())
  if (json) return `${JSON.stringify({ settings, files, problems }, null, 2)}\n`
  for (const problem of problems) note(printable(problem))
  const rows = settings.map(({ key, value, isSecret, isSet, origin, where, over }) => [key, isSecret ? (isSet ? 'set' : 'not set') : (value ?? 'not set'), origin === 'default' ? 'default' : where, over === null || over.origin === 'default' ? '' : `${over.value ?? 'set'} of ${over.where}`])
  const looked = files.map(({ path, exists, problem }) => `${path}${exists ? '' : ' (not there)'}${problem === null ? '' : `: ${problem}`}`)
  return `${table(['setting', 'value', 'from', 'over'], rows)}\n${looked.map(printable).join('\n')}\n`
}

function table(titles: string[], rows: string[][]): string {
  return `${textTable(titles.map((title) => ({ title, align: 'left' })), rows.map((row) => row.map(printable)), null).lines.join('\n')}\n`
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
const originOf = ({ origin, where }: SettingState): string => (origin === 'environment' ? where : origin)
