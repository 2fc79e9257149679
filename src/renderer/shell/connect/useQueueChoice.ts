/** The address that the dialog is set to, each part with where it comes from: typed, a recent source, the environment, a settings file, a default. */
import { useState } from 'react'
import type { SettingValue, Settings } from '../../state/attach.ts'
import { type Broker, defaultDatabases, defaultFields, defaultPorts, mistakeIn, type QueueFields, readUrl, urlOf } from '../../state/queueUrl.ts'

export type FieldName = 'broker' | 'host' | 'port' | 'database' | 'channel' | 'user'
export type Origin =
  | { kind: 'typed'; over: string | null }
  | { kind: 'recent' }
  /** Follows from the broker that was typed. */
  | { kind: 'implied' }
  | { kind: 'setting'; setting: SettingValue }
  | { kind: 'unknown' }

const keys: Record<FieldName, string> = { broker: 'mq.type', host: 'host', port: 'port', database: 'mq.vhost', channel: 'mq.channel', user: 'mq.username' }
/** What an address as a whole settles. */
const inUri = new Set<FieldName>(['host', 'port', 'database', 'user'])
/** Flowcept looks at these for RabbitMQ only; with Redis they are parts of an address. */
const ofRabbit = new Set<FieldName>(['database', 'user'])

export function useQueueChoice(settings: Settings | null, recentUrl: string | null) {
  const [typed, setTyped] = useState<Partial<QueueFields>>({})
  const [implied, setImplied] = useState<ReadonlySet<FieldName>>(new Set())
  const [password, setPassword] = useState('')
  const base = fieldsOf(recentUrl ?? settings?.url ?? null)
  const fields = { ...base, ...typed }

  const set = (name: Exclude<FieldName, 'broker'>, value: string): void => {
    setTyped((before) => ({ ...before, [name]: value }))
    setImplied((before) => without(before, [name]))
  }
  const setBroker = (broker: Broker, tls: boolean): void => {
    const next: Partial<QueueFields> = { ...typed, broker, tls }
    const followers: FieldName[] = []
    if (broker !== fields.broker) {
      // A number that was nobody's choice goes with the broker that it belongs to.
      if (typed.port === undefined || implied.has('port')) followers.push('port')
      followers.push('database')
      next.database = defaultDatabases[broker]
      if (followers.includes('port')) next.port = defaultPorts[broker]
    }
    setTyped(next)
    setImplied(new Set([...implied, ...followers]))
  }
  /** Takes a whole address; a password in it goes to its own field. */
  const setUrl = (url: string): string | null => {
    const read = readUrl(url)
    if ('mistake' in read) return read.mistake
    setTyped(read.fields)
    setImplied(new Set())
    if (read.password !== null) setPassword(read.password)
    return null
  }
  const setHere = (host: string, port: string): void => {
    setTyped((before) => ({ ...before, host, port }))
    setImplied((before) => without(before, ['host', 'port']))
  }
  const originOf = (name: FieldName): Origin => {
    if (implied.has(name)) return { kind: 'implied' }
    const isTyped = name === 'broker' ? typed.broker !== undefined : typed[name] !== undefined && typed[name] !== base[name]
    if (isTyped) return { kind: 'typed', over: name === 'broker' || base[name] === '' ? null : base[name] }
    if (recentUrl !== null) return { kind: 'recent' }
    const setting = settingOf(name, fields.broker, settings?.settings ?? [])
    return setting ? { kind: 'setting', setting } : { kind: 'unknown' }
  }
  return { fields, url: urlOf(fields), mistake: mistakeIn(fields), password, setPassword, set, setBroker, setUrl, setHere, originOf, changed: Object.keys(typed).length > 0 }
}
export type QueueChoice = ReturnType<typeof useQueueChoice>

function settingOf(name: FieldName, broker: Broker, settings: SettingValue[]): SettingValue | undefined {
  const find = (key: string): SettingValue | undefined => settings.find((setting) => setting.key === key)
  const section = broker === 'redis' && find('mq.same_as_kvdb')?.value === 'true' ? 'kv_db' : 'mq'
  const uri = find(`${section}.uri`)
  if (uri?.value && broker === 'redis' && inUri.has(name)) return uri
  if (broker === 'redis' && ofRabbit.has(name)) return undefined
  return find(name === 'host' || name === 'port' ? `${section}.${keys[name]}` : keys[name])
}

function fieldsOf(url: string | null): QueueFields {
  const read = url === null ? null : readUrl(url)
  return read && 'fields' in read ? read.fields : defaultFields
}

const without = (names: ReadonlySet<FieldName>, gone: FieldName[]): ReadonlySet<FieldName> => new Set([...names].filter((name) => !gone.includes(name)))
