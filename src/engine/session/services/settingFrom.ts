/** One setting as it holds: from the environment, else from the file, else its default; what cannot be is told and passed over. */
import { type SettingKey, settingMistake, settingOf } from '#contract/settingList'
import type { SettingState } from '#contract/settings'

type From = { path: string; env: Readonly<Record<string, string | undefined>> }

export function settingFrom(key: SettingKey, file: ReadonlyMap<string, unknown>, { path, env }: From): SettingState {
  const { fallback, variable } = settingOf(key)
  const text = variable === undefined ? undefined : env[variable]
  const given = text === undefined || text === '' || variable === undefined ? null : readVariable(key, text)
  const mistake = given === null ? null : settingMistake(key, given.value)
  const inFile = file.has(key)
  const fileMistake = inFile ? settingMistake(key, file.get(key)) : null
  const problem = mistake !== null ? `${variable} cannot be used: ${mistake}` : fileMistake
  const base = { key, problem, waits: false }
  if (given !== null && mistake === null) return { ...base, value: given.value, origin: 'environment', where: variable ?? '', over: inFile && fileMistake === null ? file.get(key) : null }
  if (inFile && fileMistake === null) return { ...base, value: file.get(key), origin: 'file', where: path, over: null }
  return { ...base, value: fallback, origin: 'default', where: '', over: null }
}

/** A variable is a text; what the setting is made of says how it is meant. */
function readVariable(key: SettingKey, text: string): { value: unknown } {
  return { value: valueOfText(key, text) }
}

/** What a person typed for a setting, as its value; texts that mean nothing else stay texts, for the schema to refuse. */
export function valueOfText(key: SettingKey, text: string): unknown {
  const { control } = settingOf(key)
  if (control.kind === 'switch') return /^(true|on|yes|1)$/i.test(text) ? true : /^(false|off|no|0)$/i.test(text) ? false : text
  if (control.kind === 'number') return /^-?\d{1,15}$/.test(text) ? Number(text) : text === 'null' ? null : text
  if (control.kind === 'keys') return jsonOr(text)
  return text === 'null' && control.kind !== 'choice' ? null : text
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return text
    throw error
  }
}
