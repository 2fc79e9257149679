/** Which databases are recorded to: as Flowcept's settings have it, both, either or neither, unless Provscope's own say otherwise. */
import type { SettingValues } from '#contract/settingList'
import type { FlowceptSettings } from '#engine/inserter/flowceptSettings'
import type { Prefs } from '../services/prefs.ts'

const keys = ['record.lmdb', 'record.lmdbPath', 'record.mongodb', 'record.mongodbUri'] as const
export type ChosenDatabases = Pick<SettingValues, (typeof keys)[number]>

export async function chosenDatabases(prefs: Prefs): Promise<ChosenDatabases> {
  const { settings } = await prefs.list()
  return Object.fromEntries(keys.map((key) => [key, settings.find((one) => one.key === key)?.value])) as ChosenDatabases
}

export function withDatabases(flowcept: FlowceptSettings, chosen: ChosenDatabases): FlowceptSettings {
  const { lmdb, mongodb } = flowcept
  const uri = chosen['record.mongodbUri']
  return {
    ...flowcept,
    lmdb: { enabled: isOn(chosen['record.lmdb'], lmdb.enabled), path: chosen['record.lmdbPath'] ?? lmdb.path },
    mongodb: { enabled: isOn(chosen['record.mongodb'], mongodb.enabled), uri: uri ?? mongodb.uri, shown: uri ?? mongodb.shown }
  }
}

const isOn = (said: 'flowcept' | 'on' | 'off', otherwise: boolean): boolean => (said === 'flowcept' ? otherwise : said === 'on')
