/** Methods about settings: those of the workbench, which it validates, and Flowcept's, which are read and never written. */
import { z } from 'zod'
import { settingOrigin, settingValue } from './live.ts'
import { method } from './method.ts'
import { type SettingKey, settingKeys } from './settingList.ts'

const settingKey = z.enum(settingKeys as [SettingKey, ...SettingKey[]])

export const settingState = z.strictObject({
  key: settingKey,
  /** What holds now, or, for what needs a restart, from the next start on. */
  value: z.unknown(),
  origin: z.enum(['default', 'file', 'environment']),
  /** The variable's name or the file's path; empty for a default. */
  where: z.string(),
  /** What the environment won over; null if the file says nothing. */
  over: z.unknown(),
  /** A value that cannot be, and what is allowed; what is weaker holds. */
  problem: z.string().nullable(),
  /** Something else was in force when Provscope started. */
  waits: z.boolean()
})
export type SettingState = z.infer<typeof settingState>

export const settingsList = z.strictObject({
  /** Of the file, for people. */
  path: z.string(),
  /** Why the file as a whole is not read; null if it is, or if there is none. */
  problem: z.string().nullable(),
  settings: z.array(settingState),
  /** Entries of the file that are no setting; they stay in it. */
  unknown: z.array(z.string())
})

export const flowceptSetting = settingValue.extend({ /** The variable that Flowcept reads for it, if any. */ variable: z.string().nullable() })
export const flowceptResult = z.strictObject({
  settings: z.array(flowceptSetting),
  files: z.array(z.strictObject({ path: z.string(), exists: z.boolean(), problem: z.string().nullable() })),
  problems: z.array(z.string()),
  /** The values as they hold, to set elsewhere; passwords are left out and said to be. */
  environment: z.string(),
  yaml: z.string()
})
export type FlowceptSettingsShown = z.infer<typeof flowceptResult>
export { settingOrigin }

export const settingsMethods = {
  'settings.list': method(z.strictObject({}), settingsList),
  /** `handle` in place of a value for folders: what a dialog gave. Refused, with a sentence, for a value that cannot be. */
  'settings.set': method(z.strictObject({ key: settingKey, value: z.unknown().optional(), handle: z.string().optional() }), settingState),
  /** Back to the default: one, or, without a key, all of them. */
  'settings.reset': method(z.strictObject({ key: settingKey.optional() }), z.strictObject({})),
  'settings.flowcept': method(z.strictObject({}), flowceptResult)
} as const
