/** What `provscope record` is to do, from its flags and, where they are silent, from Flowcept's settings; each with where it comes from. */
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { type FlowceptSettings, readFlowceptSettings } from '#engine/inserter/flowceptSettings'
import type { RecordingSpec } from '#engine/inserter/recordingState'
import { type ChosenDatabases, withDatabases } from '#engine/session/settings/databases'
import { parseQueueUrl } from '#engine/sources/queue/queueAddress'
import { splitPassword } from '#hosting/secretAddress'
import { mongoUri, queueTarget, type QueueTarget, warnOfArguments, withoutPassword, withPassword } from './queueTarget.ts'
import { WrongUse } from './wrongUse.ts'

export type RecordFlags = {
  lmdb?: string
  mongodb?: string
  jsonl?: string
  asInserter?: true
  kv?: string
  bundle?: string
  passwordFile?: string
  mongodbPasswordFile?: string
}
export type PlannedStore = { readonly type: 'lmdb' | 'mongodb' | 'jsonl'; /** Without a password. */ readonly name: string; readonly origin: string }
export type RecordPlan = {
  readonly target: QueueTarget
  readonly targetOrigin: string
  readonly stores: readonly PlannedStore[]
  readonly recording: Omit<RecordingSpec, 'folder'>
  /** Where control messages are answered, without a password; null: nowhere. */
  readonly kv: { readonly url: string; readonly origin: string } | null
  /** What is wrong with Flowcept's settings, if they are used. */
  readonly problems: readonly string[]
}
/** `own`: what Provscope's settings say of databases, and in which file. */
type Surroundings = { env: NodeJS.ProcessEnv; note: (text: string) => void; own?: { databases: ChosenDatabases; path: string } }

/** @throws WrongUse where nothing names a queue or a store, Refusal for an address that is none */
export function recordPlan(url: string | undefined, flags: RecordFlags, { env, note, own }: Surroundings): RecordPlan {
  const flowcept = flowceptSettings(env)
  const settings = own ? withDatabases(flowcept, own.databases) : flowcept
  const target = queueOf(url, settings, flags, { env, note })
  const stores = storesOf(settings, flags, { env, note, ...(own && { own }) })
  const kv = flags.asInserter ? kvOf(settings, flags, target, note) : null
  if (!flags.asInserter && (flags.kv !== undefined || flags.bundle !== undefined)) throw new WrongUse('--kv and --bundle belong to --as-inserter')
  return {
    target,
    targetOrigin: url === undefined ? originOf(settings, 'mq.') : 'command line',
    stores: stores.planned,
    recording: { targets: stores.targets, asInserter: kv && { kvUrl: kv.full, bundleExecId: flags.bundle ?? null }, settings: settings.inserter },
    kv: kv && { url: withoutPassword(kv.full), origin: kv.origin },
    problems: settings.problems
  }
}

export function flowceptSettings(env: NodeJS.ProcessEnv): FlowceptSettings {
  return readFlowceptSettings({ env, homeFolder: homedir(), readFile: textOf })
}

/** The queue that is named, with the password of Flowcept's settings where they mean the same server; else the one of the settings. */
export function queueOf(url: string | undefined, settings: FlowceptSettings, flags: { passwordFile?: string }, surroundings: Surroundings): QueueTarget {
  const { queue } = settings
  if (url === undefined && (queue === null || !queue.enabled)) throw new WrongUse(`no queue is named, and Flowcept's settings enable none (${lookedAt(settings)})`)
  const target = queueTarget(url ?? queue?.url ?? '', flags, surroundings)
  if (target.password !== null || queue === null || queue.password === null) return target
  const known = parseQueueUrl(queue.url).address
  const isSame = known.broker === target.address.broker && known.host === target.address.host && known.port === target.address.port && (target.address.user ?? known.user) === known.user
  return isSame ? { ...target, password: queue.password } : target
}

type Stores = { planned: PlannedStore[]; targets: RecordingSpec['targets'] }

function storesOf(settings: FlowceptSettings, flags: RecordFlags, surroundings: Surroundings): Stores {
  const isNamed = flags.lmdb !== undefined || flags.mongodb !== undefined || flags.jsonl !== undefined
  const chosen = isNamed ? flags : enabledIn(settings)
  for (const [flag, value] of Object.entries({ lmdb: chosen.lmdb, mongodb: chosen.mongodb, jsonl: chosen.jsonl })) if (value === '') throw new WrongUse(`--${flag} names nothing`)
  const targets = {
    lmdb: chosen.lmdb === undefined ? null : resolve(chosen.lmdb),
    mongodb: chosen.mongodb === undefined ? null : mongoOf(chosen.mongodb, isNamed, flags, surroundings),
    jsonl: chosen.jsonl === undefined ? null : resolve(chosen.jsonl)
  }
  const origin = (section: string, isOwn = false): string => (isNamed ? 'command line' : isOwn ? (surroundings.own?.path ?? '') : originOf(settings, section))
  const chosenHere = surroundings.own?.databases
  const planned: PlannedStore[] = []
  if (targets.lmdb !== null) planned.push({ type: 'lmdb', name: targets.lmdb, origin: origin('databases.lmdb.', chosenHere !== undefined && (chosenHere['record.lmdb'] === 'on' || chosenHere['record.lmdbPath'] !== null)) })
  if (targets.mongodb !== null) planned.push({ type: 'mongodb', name: splitPassword(targets.mongodb).url, origin: origin('databases.mongodb.', chosenHere !== undefined && (chosenHere['record.mongodb'] === 'on' || chosenHere['record.mongodbUri'] !== null)) })
  if (targets.jsonl !== null) planned.push({ type: 'jsonl', name: targets.jsonl, origin: origin('project.dump_buffer.') })
  if (planned.length === 0) throw new WrongUse(`nothing to write to: name --lmdb, --mongodb or --jsonl; the settings enable none of them (${lookedAt(settings)})`)
  return { planned, targets }
}

function enabledIn({ lmdb, mongodb, dumpBuffer }: FlowceptSettings): Pick<RecordFlags, 'lmdb' | 'mongodb' | 'jsonl'> {
  return {
    ...(lmdb.enabled && { lmdb: lmdb.path }),
    ...(mongodb.enabled && { mongodb: mongodb.uri }),
    ...(dumpBuffer.enabled && { jsonl: dumpBuffer.path })
  }
}

/** A password in the settings file is where it should be; one in an argument is not. */
function mongoOf(uri: string, isArgument: boolean, { mongodbPasswordFile }: RecordFlags, surroundings: Surroundings): string {
  const quiet = isArgument ? surroundings : { ...surroundings, note: () => undefined }
  return mongoUri(uri, { passwordFile: mongodbPasswordFile }, quiet)
}

function kvOf(settings: FlowceptSettings, { kv }: RecordFlags, { address, password }: QueueTarget, note: Surroundings['note']): { full: string; origin: string } {
  if (kv !== undefined) {
    if (withoutPassword(kv) !== kv) warnOfArguments(note, 'kv_db.password in Flowcept’s settings keeps')
    return { full: kv, origin: 'command line' }
  }
  if (settings.kv.enabled) return { full: settings.kv.url, origin: originOf(settings, 'kv_db.') }
  if (address.broker !== 'redis') throw new WrongUse('--as-inserter needs a key-value store: name its Redis with --kv')
  const url = `${address.tls ? 'rediss' : 'redis'}://${address.user === null ? '' : `${encodeURIComponent(address.user)}@`}${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}/${address.database ?? 0}`
  return { full: password === null ? url : withPassword(url, password), origin: 'the same Redis as the queue' }
}

/** The strongest origin of a section's values, as a person would say it. */
function originOf({ settings }: FlowceptSettings, section: string): string {
  const values = settings.filter(({ key }) => key.startsWith(section))
  const strongest = values.find(({ origin }) => origin === 'environment') ?? values.find(({ origin }) => origin === 'settings file')
  return strongest?.where ?? 'Flowcept’s defaults'
}

function lookedAt({ files }: FlowceptSettings): string {
  return files.length === 0 ? 'FLOWCEPT_USE_DEFAULT is set' : files.map(({ path, exists, problem }) => `${path}${exists ? '' : ' is not there'}${problem === null ? '' : `: ${problem}`}`).join('; ')
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
