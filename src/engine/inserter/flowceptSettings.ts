/** Flowcept's configuration as Flowcept itself would find it: environment, settings file, defaults; each value with where it comes from. */
import { join } from 'node:path'
import { isJsonObject, stringifyJson, type JsonObject, type JsonValue } from '#contract/json'
import { Refusal } from '#contract/reply'
import { parseQueueUrl } from '#engine/sources/queue/queueAddress'
import type { InserterSettings } from './recordingState.ts'
import { defaultSections, settingKeys, type SettingKey } from './settingKeys.ts'
import { at, parseSettingsFile } from './settingsFile.ts'

export type SettingOrigin = 'environment' | 'settings file' | 'default'
/** As contract/live.ts has it. */
export type SettingValue = {
  readonly key: string
  readonly value: string | null
  readonly isSecret: boolean
  readonly isSet: boolean
  readonly origin: SettingOrigin
  readonly where: string
  readonly over: { readonly origin: SettingOrigin; readonly where: string; readonly value: string | null } | null
}
export type SettingsFileState = { readonly path: string; readonly exists: boolean; readonly problem: string | null }

/** Where messages come from: `url` has no password in it. */
export type QueueSetting = { readonly enabled: boolean; readonly broker: 'redis' | 'rabbitmq' | 'kafka'; readonly url: string; readonly password: string | null }
export type FlowceptSettings = {
  readonly settings: readonly SettingValue[]
  /** Looked for, the strongest first. Flowcept reads one file only: that of FLOWCEPT_SETTINGS_PATH takes the place of the other, there or not. */
  readonly files: readonly SettingsFileState[]
  /** Values that Flowcept would stumble over, as sentences; the next weaker one holds here. */
  readonly problems: readonly string[]
  /** Null for a broker that nobody here speaks (mofka). */
  readonly queue: QueueSetting | null
  /** With its password, for `asInserter`. */
  readonly kv: { readonly enabled: boolean; readonly url: string }
  readonly lmdb: { readonly enabled: boolean; readonly path: string }
  /** `uri` with its password and its database; `shown` without the password. */
  readonly mongodb: { readonly enabled: boolean; readonly uri: string; readonly shown: string }
  readonly dumpBuffer: { readonly enabled: boolean; readonly path: string; readonly appendWorkflowId: boolean; readonly appendId: boolean; readonly deletePrevious: boolean }
  readonly flushMode: 'online' | 'offline'
  readonly inserter: InserterSettings
}

export type SettingsSurroundings = {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly homeFolder: string
  /** Undefined where there is no such file. */
  readonly readFile: (path: string) => string | undefined
}

/** Never throws: what cannot be read is a problem, and what is weaker holds. */
export function readFlowceptSettings({ env, homeFolder, readFile }: SettingsSurroundings): FlowceptSettings {
  const isDefaultOnly = isTrue(env.FLOWCEPT_USE_DEFAULT ?? 'False')
  const found = isDefaultOnly ? { files: [], used: null } : readFiles(env, homeFolder, readFile)
  const reader = new SettingsReader(isDefaultOnly ? {} : env, found.used)
  return { ...reader.result(), files: found.files }
}

type UsedFile = { readonly path: string; readonly values: JsonObject }

function readFiles(env: SettingsSurroundings['env'], homeFolder: string, readFile: SettingsSurroundings['readFile']): { files: SettingsFileState[]; used: UsedFile | null } {
  const own = join(homeFolder, '.flowcept', 'settings.yaml')
  const named = env.FLOWCEPT_SETTINGS_PATH
  const files: SettingsFileState[] = []
  let used: UsedFile | null = null
  for (const path of named === undefined ? [own] : [named, own]) {
    const isNamed = files.length === 0
    const text = readText(path, readFile)
    if (typeof text !== 'string') {
      const missing = isNamed && named !== undefined ? 'FLOWCEPT_SETTINGS_PATH names it, so Flowcept takes its defaults.' : null
      files.push({ path, exists: text !== undefined, problem: text === undefined ? missing : text.problem })
    } else if (!isNamed) {
      files.push({ path, exists: true, problem: 'Flowcept does not read it while FLOWCEPT_SETTINGS_PATH names another.' })
    } else {
      const { values, problems } = parseSettingsFile(text, env)
      files.push({ path, exists: true, problem: problems.length === 0 ? null : problems.join(' ') })
      used = { path, values }
    }
  }
  return { files, used }
}

function readText(path: string, readFile: SettingsSurroundings['readFile']): string | undefined | { problem: string } {
  try {
    return readFile(path)
  } catch (error) {
    return { problem: `It cannot be read: ${error instanceof Error ? error.message : String(error)}.` }
  }
}

type Key = (typeof settingKeys)[number]['key']
type Candidate = { readonly origin: SettingOrigin; readonly where: string; readonly value: JsonValue }

class SettingsReader {
  private readonly problems: string[] = []
  private readonly chosen = new Map<string, Candidate>()
  private readonly settings: SettingValue[] = []

  constructor(
    private readonly env: SettingsSurroundings['env'],
    private readonly file: UsedFile | null
  ) {
    for (const definition of settingKeys as readonly SettingKey[]) this.choose(definition)
  }

  result(): Omit<FlowceptSettings, 'files'> {
    const mongodb = this.mongodb()
    const seconds = this.number('db_buffer.insertion_buffer_time_secs')
    return {
      settings: this.settings,
      problems: this.problems,
      queue: this.queue(),
      kv: { enabled: this.is('kv_db.enabled'), url: this.redisUrl('kv_db', true) },
      lmdb: { enabled: this.is('databases.lmdb.enabled'), path: this.text('databases.lmdb.path') ?? 'flowcept_lmdb' },
      mongodb: { enabled: this.is('databases.mongodb.enabled'), uri: mongodb, shown: withoutUrlPassword(mongodb) },
      dumpBuffer: {
        enabled: this.is('project.dump_buffer.enabled'),
        path: this.text('project.dump_buffer.path') ?? 'flowcept_buffer.jsonl',
        appendWorkflowId: this.is('project.dump_buffer.append_workflow_id_to_path'),
        appendId: this.is('project.dump_buffer.append_id_to_path'),
        deletePrevious: this.is('project.dump_buffer.delete_previous_file')
      },
      flushMode: this.text('project.db_flush_mode') === 'online' ? 'online' : 'offline',
      inserter: {
        // Flowcept without this key waits for a full buffer, and a run's last tasks with it; this is what its sample settings have.
        bufferTimeSeconds: seconds === null || seconds <= 0 ? defaultInserterSettings.bufferTimeSeconds : seconds,
        bufferSize: Math.max(1, this.number('db_buffer.buffer_size') ?? defaultInserterSettings.bufferSize),
        removeEmptyFields: this.is('db_buffer.remove_empty_fields'),
        enrichMessages: this.is('project.enrich_messages'),
        stopMaxTrials: Math.max(0, this.number('db_buffer.stop_max_trials') ?? 0),
        stopTrialsSleepSeconds: Math.max(0, this.number('db_buffer.stop_trials_sleep') ?? 0),
        host: { node_name: this.text('sys_metadata.node_name'), login_name: this.text('sys_metadata.login_name'), public_ip: this.text('sys_metadata.public_ip'), private_ip: this.text('sys_metadata.private_ip') }
      }
    }
  }

  private choose(definition: SettingKey): void {
    const { key, isSecret = false } = definition
    const candidates = this.candidates(definition)
    const [first, ...weaker] = candidates as [Candidate, ...Candidate[]]
    const over = weaker.find(({ value }) => value !== null) ?? null
    const show = (value: JsonValue): string | null => (isSecret || value === null ? null : withoutUrlPassword(typeof value === 'string' ? value : stringifyJson(value)))
    this.chosen.set(key, first)
    this.settings.push({
      key,
      value: show(first.value),
      isSecret,
      isSet: isSecret && first.value !== null,
      origin: first.origin,
      where: first.where,
      over: over && { origin: over.origin, where: over.where, value: show(over.value) }
    })
  }

  /** The strongest first; the last is the default. */
  private candidates(definition: SettingKey): Candidate[] {
    const { key, variable, needs } = definition
    const candidates: Candidate[] = []
    const add = (origin: SettingOrigin, where: string, raw: JsonValue | undefined): void => {
      if (raw === undefined) return
      const value = convert(definition, raw)
      if (value === undefined) this.problems.push(`${key} is ${show(definition, raw)} in ${where}, which is no ${definition.kind}.`)
      else candidates.push({ origin, where, value })
    }
    const isLookedAt = needs === undefined || hasKeys(this.section(needs).value)
    const given = variable === null || !isLookedAt ? undefined : this.env[variable]
    // An empty variable says no for a switch, and nothing for all else.
    if (given !== undefined && variable !== null && (given !== '' || definition.kind === 'boolean')) add('environment', variable, given)
    const { value: there, isFile } = this.section(key)
    if (isFile) {
      if (there !== null) add('settings file', this.file?.path ?? '', there)
    }
    candidates.push({ origin: 'default', where: 'Flowcept’s default', value: isFile || there === undefined || there === null ? this.fallback(definition) : there })
    return candidates
  }

  /** A section that the file lacks is Flowcept's default one as a whole; `isFile` if the file has the value. */
  private section(dotted: string): { value: JsonValue | undefined; isFile: boolean } {
    const [top = ''] = dotted.split('.')
    const hasTop = this.file !== null && Object.hasOwn(this.file.values, top)
    const value = at(hasTop && this.file ? this.file.values : defaultSections, dotted)
    return { value, isFile: hasTop && value !== undefined }
  }

  private fallback({ key, fallback }: SettingKey): JsonValue {
    return key === 'project.dump_buffer.enabled' ? this.text('project.db_flush_mode') === 'offline' : fallback
  }

  private queue(): QueueSetting | null {
    const queue = this.queueAsWritten()
    if (!queue) return null
    try {
      return { ...queue, url: parseQueueUrl(queue.url).address.url }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      this.problems.push(`The queue of these settings has no address: ${error.message}`)
      return null
    }
  }

  private queueAsWritten(): QueueSetting | null {
    const type = this.text('mq.type')
    const enabled = this.is('mq.enabled')
    const channel = encodeURIComponent(this.text('mq.channel') ?? 'interception')
    const password = this.text('mq.password')
    const place = `${hostOf(this.text('mq.host'))}:${this.number('mq.port') ?? 6379}`
    if (type === 'redis') {
      const url = new URL(this.redisUrl(this.is('mq.same_as_kvdb') ? 'kv_db' : 'mq', true))
      const found = url.password === '' ? null : decodeURIComponent(url.password)
      url.password = ''
      url.search = ''
      url.pathname = `${url.pathname === '/' || url.pathname === '' ? '/0' : url.pathname}/${channel}`
      return { enabled, broker: 'redis', url: url.href, password: found }
    }
    if (type === 'rabbitmq') {
      const vhost = encodeURIComponent(this.text('mq.vhost') ?? '/')
      return { enabled, broker: 'rabbitmq', url: `amqp://${encodeURIComponent(this.text('mq.username') ?? 'guest')}@${place}/${vhost}/${channel}`, password: password ?? 'guest' }
    }
    if (type === 'kafka') return { enabled, broker: 'kafka', url: `kafka://${place}/${channel}`, password: null }
    this.problems.push(`mq.type is ${type ?? 'nothing'}; Redis, RabbitMQ and Kafka can be attached to.`)
    return null
  }

  /** What its parts say holds over host, port and password, as in redis-py. */
  private redisUrl(section: 'mq' | 'kv_db', withPassword: boolean): string {
    const uri = this.text(`${section}.uri`)
    const plain = `redis://${hostOf(this.text(`${section}.host`))}:${this.number(`${section}.port`) ?? 6379}/0`
    let url = new URL(plain)
    if (uri !== null) {
      if (/^rediss?:\/\//.test(uri) && URL.canParse(uri)) url = new URL(uri)
      else this.problems.push(`${section}.uri is no Redis address; ${section}.host holds.`)
    }
    if (url.port === '') url.port = '6379'
    const password = this.text(`${section}.password`)
    if (url.password === '' && password !== null) url.password = encodeURIComponent(password)
    if (!withPassword) url.password = ''
    return url.href
  }

  private mongodb(): string {
    const database = encodeURIComponent(this.text('databases.mongodb.db') ?? 'flowcept')
    const uri = this.text('databases.mongodb.uri') ?? `mongodb://${hostOf(this.text('databases.mongodb.host'))}:${this.number('databases.mongodb.port') ?? 27017}/`
    // The database is that of the settings, whatever the URI names: there it is where the login is looked up.
    const parts = /^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/([^?]*))?(\?.*)?$/.exec(uri)
    if (!parts) return uri
    const [, head = '', named = '', query = ''] = parts
    const isLogin = named !== '' && named !== database && head.includes('@') && !query.includes('authSource=')
    return `${head}/${database}${query}${isLogin ? `${query === '' ? '?' : '&'}authSource=${named}` : ''}`
  }

  private text(key: Key): string | null {
    const value = this.chosen.get(key)?.value ?? null
    return value === null || value === '' ? null : String(value)
  }

  private number(key: Key): number | null {
    const value = this.chosen.get(key)?.value ?? null
    return value === null ? null : Number(value)
  }

  private is(key: Key): boolean {
    return this.chosen.get(key)?.value === true
  }
}

/** Flowcept's defaults where there are no settings at all, but for the interval, of which it has none. */
export const defaultInserterSettings: InserterSettings = {
  bufferTimeSeconds: 5,
  bufferSize: 50,
  removeEmptyFields: false,
  enrichMessages: false,
  stopMaxTrials: 240,
  stopTrialsSleepSeconds: 0.01
}

/** A URL fit to be shown. */
function withoutUrlPassword(text: string): string {
  return text.replaceAll(/^([a-z][a-z0-9+.-]*:\/\/[^:/@\s]*):[^@\s]*@/gi, '$1@')
}

function show({ isSecret }: SettingKey, raw: JsonValue): string {
  return isSecret === true ? 'set' : withoutUrlPassword(typeof raw === 'string' ? `“${raw}”` : stringifyJson(raw))
}

/** Undefined for what Python's `int` and `float` refuse; switches are whatever Python holds for true. */
function convert({ kind, variable }: SettingKey, raw: JsonValue): JsonValue | undefined {
  if (kind === 'boolean') return variable === null ? isTruthy(raw) : isTrue(raw)
  if (raw === null) return null
  if (kind === 'text') return typeof raw === 'object' ? undefined : String(raw)
  const number = typeof raw === 'string' && raw.trim() === '' ? Number.NaN : Number(raw)
  if (typeof raw === 'object' || typeof raw === 'boolean' || !Number.isFinite(number)) return undefined
  if (kind === 'integer') return typeof raw === 'string' && !/^\s*[+-]?\d+\s*$/.test(raw) ? undefined : Math.trunc(number)
  return number
}

function isTrue(value: JsonValue): boolean {
  return ['1', 'true', 'yes', 'y', 't'].includes(String(value).trim().toLowerCase())
}

function isTruthy(value: JsonValue): boolean {
  return !(value === null || value === false || value === '' || value === 0 || (Array.isArray(value) && value.length === 0) || (isJsonObject(value) && !hasKeys(value)))
}

function hasKeys(value: JsonValue | undefined): boolean {
  return isJsonObject(value) && Object.keys(value).length > 0
}

/** IPv6 addresses need brackets in a URL. */
function hostOf(host: string | null): string {
  return host === null ? 'localhost' : host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
}
