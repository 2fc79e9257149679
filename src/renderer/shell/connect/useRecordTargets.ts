/** Which stores a recording goes to: begun with what Flowcept's settings name, changed in the dialog. */
import { useState } from 'react'
import type { Settings } from '../../state/attach.ts'
import { settingNow } from '../../state/settings.ts'
import { noPlace, type Place } from '../../state/transfers.ts'

export type TargetType = Place['type']
export type Target = Place & { on: boolean }
export const targetTypes = ['lmdb', 'mongodb', 'jsonl'] as const
export const storeNames: Record<TargetType, string> = { lmdb: 'LMDB', mongodb: 'MongoDB', jsonl: 'JSONL' }

export function useRecordTargets(settings: Settings | null) {
  const [changes, setChanges] = useState<Partial<Record<TargetType, Partial<Target>>>>({})
  const targetOf = (type: TargetType): Target => ({ ...begin(type, settings), ...changes[type] })
  const targets = targetTypes.map(targetOf)
  return {
    targets,
    change: (type: TargetType, change: Partial<Target>): void => setChanges((before) => ({ ...before, [type]: { ...before[type], ...change } })),
    /** Those that are chosen and say where. */
    chosen: targets.filter((target) => target.on && (target.type === 'mongodb' ? target.uri.trim() !== '' : target.handle !== null)),
    /** Chosen without a place. */
    open: targets.filter((target) => target.on && (target.type === 'mongodb' ? target.uri.trim() === '' : target.handle === null))
  }
}
export type RecordTargets = ReturnType<typeof useRecordTargets>

function begin(type: TargetType, settings: Settings | null): Target {
  if (!settings) return { ...noPlace, type, on: type === 'lmdb' }
  if (type === 'mongodb') return { ...noPlace, type, uri: settings.mongodb.uri, on: settings.mongodb.enabled }
  const { handle, path, enabled } = settings[type]
  // A buffer that the settings name is the producer's own: nobody else writes to it unasked. Without a database, the one that needs no service.
  return { ...noPlace, type, handle, place: path, on: type === 'lmdb' && (enabled || (!settings.mongodb.enabled && settingNow('record.lmdb') !== 'off')) }
}
