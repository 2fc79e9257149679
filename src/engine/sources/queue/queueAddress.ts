/** The address of a message queue as a person writes it: taken apart, completed, and written again without its password. */
import { isIPv6 } from 'node:net'
import { Refusal } from '#contract/reply'
import type { ParsedQueueUrl, QueueAddress } from './intakeState.ts'

/** Flowcept's, where nothing else is set. */
export const defaultChannel = 'interception'

type Scheme = { readonly broker: QueueAddress['broker']; readonly tls: boolean; readonly port: number }
const schemes: Readonly<Record<string, Scheme>> = {
  redis: { broker: 'redis', tls: false, port: 6379 },
  rediss: { broker: 'redis', tls: true, port: 6379 },
  amqp: { broker: 'rabbitmq', tls: false, port: 5672 },
  amqps: { broker: 'rabbitmq', tls: true, port: 5671 },
  kafka: { broker: 'kafka', tls: false, port: 9092 }
}

/**
 * `redis://[user[:password]@]host[:port][/database][/channel]`, `amqp://…[/virtual host][/exchange]`, `kafka://…[/topic]`; `rediss` and `amqps` with TLS.
 * A Redis path of one part is a database if it is a number, else a channel; one of RabbitMQ is a virtual host, as everywhere.
 * @throws Refusal `bad-request` that does not repeat a password
 */
export function parseQueueUrl(url: string): ParsedQueueUrl {
  const [, name = '', authority = '', path = ''] = /^([a-z]+):\/\/([^/]*)(.*)$/is.exec(url.trim()) ?? mistake('The address of a queue begins with redis://, rediss://, amqp://, amqps:// or kafka://, as in redis://localhost:6379/interception.')
  const scheme = schemes[name.toLowerCase()] ?? mistake(`${name}:// is no queue that can be read; redis://, rediss://, amqp://, amqps:// and kafka:// are.`)
  const at = authority.lastIndexOf('@')
  const { user, password } = credentials(authority.slice(0, Math.max(0, at)))
  const { host, port } = hostAndPort(authority.slice(at + 1))
  const place = placeOf(scheme.broker, path)
  const parts = { broker: scheme.broker, host, port: port ?? scheme.port, tls: scheme.tls, user, ...place }
  return { address: { ...parts, url: queueUrl(parts) }, password }
}

/** The normal form of an address, without a password. */
export function queueUrl(address: Omit<QueueAddress, 'url'>): string {
  const { broker, tls, user, host, port, database, channel } = address
  const name = { redis: tls ? 'rediss' : 'redis', rabbitmq: tls ? 'amqps' : 'amqp', kafka: 'kafka' }[broker]
  const place = database === null ? '' : `/${encodeURIComponent(database)}`
  return `${name}://${user === null ? '' : `${encodeURIComponent(user)}@`}${bracketed(host)}:${port}${place}/${writtenChannel(channel)}`
}

/** For texts that may hold an address which cannot be parsed: what stands before an @ goes. */
export function maskPasswords(text: string): string {
  return text.replaceAll(/([a-z]+:\/\/)([^\s/@:]*):[^\s]*@/gi, '$1$2:…@')
}

/** Redis matches it against names of channels. */
export function isChannelPattern(channel: string): boolean {
  return /[*?[\\]/.test(channel)
}

/**
 * What makes a queue reachable that only a login node reaches; it is then at the same port of this machine.
 * @param loginHost `[user@]host[:port]`
 */
export function tunnelCommand(address: QueueAddress, loginHost: string): string {
  const { host, port } = address
  const [, login = '', loginPort] = /^(.*?)(?::(\d+))?$/.exec(loginHost.trim()) ?? []
  if (login === '' || login.startsWith('-') || /\s/.test(login)) mistake('The login node is written as user@host.')
  return `ssh -N -L ${port}:${bracketed(host)}:${port} ${loginPort === undefined ? '' : `-p ${loginPort} `}${quoted(login)}`
}

/** The same queue through that tunnel. */
export function throughTunnel(address: QueueAddress): QueueAddress {
  const here = { ...address, host: 'localhost' }
  return { ...here, url: queueUrl(here) }
}

function credentials(text: string): { user: string | null; password: string | null } {
  const colon = text.indexOf(':')
  const user = decoded(colon < 0 ? text : text.slice(0, colon), 'user name')
  const password = decoded(colon < 0 ? '' : text.slice(colon + 1), 'password')
  return { user: user === '' ? null : user, password: password === '' ? null : password }
}

function hostAndPort(text: string): { host: string; port: number | null } {
  const [, brackets, plain, portText] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::([^:]*))?$/.exec(text) ?? mistake('An IPv6 address stands in brackets: redis://[::1]:6379.')
  const host = (brackets ?? plain ?? '').toLowerCase()
  if (host === '') mistake('The address names no host; a host is written as redis://host:6379.')
  if (brackets === undefined ? !/^[\w.-]+$/.test(host) : !isIPv6(host)) {
    mistake('The address has no host that could be one. If the password has a / in it, write %2F for that.')
  }
  if (portText === undefined) return { host, port: null }
  const port = Number(portText)
  if (!/^\d+$/.test(portText) || port < 1 || port > 65_535) mistake('The port is a number from 1 to 65535. If the password has a / in it, write %2F for that.')
  return { host, port }
}

function placeOf(broker: QueueAddress['broker'], path: string): { database: string | null; channel: string } {
  const option = /\?(\w+)=/.exec(path)?.[1]
  if (option !== undefined) mistake(`Options such as ${option}= are not part of the address of a queue here.`)
  if (path.includes('@')) mistake('An @ behind the host is written %40 in a channel; a / in a password is written %2F.')
  const [first = '', ...others] = path.slice(1).split('/')
  const rest = others.join('/')
  if (broker === 'kafka') return { database: null, channel: channelOf([first, ...others].join('/')) }
  if (broker === 'rabbitmq') return { database: first === '' ? '/' : decoded(first, 'virtual host'), channel: channelOf(rest) }
  if (first === '' || /^\d+$/.test(first)) return { database: String(Number(first)), channel: channelOf(rest) }
  return { database: '0', channel: channelOf([first, ...others].join('/')) }
}

function channelOf(text: string): string {
  return text === '' ? defaultChannel : decoded(text, 'channel')
}

function decoded(text: string, what: string): string {
  try {
    return decodeURIComponent(text)
  } catch (error) {
    if (!(error instanceof URIError)) throw error
    return mistake(`The ${what} has a % that is no escape; % itself is written %25.`)
  }
}

/** Readable: only what would not come back as it is gets escaped. */
function writtenChannel(channel: string): string {
  return channel.replaceAll(/[%#@\s\p{C}]/gu, encodeURIComponent).replaceAll(/\?(?=\w+=)/g, '%3F')
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

function quoted(text: string): string {
  return /^[\w@.:-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}

function mistake(sentence: string): never {
  throw new Refusal('bad-request', sentence)
}
