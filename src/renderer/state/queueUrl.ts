/** The address of a queue as fields of a form, and back: `redis://user@host:6379/0/channel`. */

export type Broker = 'redis' | 'rabbitmq' | 'kafka'
export type QueueFields = {
  broker: Broker
  tls: boolean
  host: string
  port: string
  user: string
  /** Redis: the database's number; RabbitMQ: the virtual host; Kafka has none. */
  database: string
  /** Channel, exchange or topic. */
  channel: string
}

export const defaultPorts: Record<Broker, string> = { redis: '6379', rabbitmq: '5672', kafka: '9092' }
export const defaultDatabases: Record<Broker, string> = { redis: '0', rabbitmq: '/', kafka: '' }
export const defaultFields: QueueFields = { broker: 'redis', tls: false, host: 'localhost', port: '6379', user: '', database: '0', channel: 'interception' }

const schemes: Record<string, { broker: Broker; tls: boolean; port: string }> = {
  redis: { broker: 'redis', tls: false, port: '6379' },
  rediss: { broker: 'redis', tls: true, port: '6379' },
  amqp: { broker: 'rabbitmq', tls: false, port: '5672' },
  amqps: { broker: 'rabbitmq', tls: true, port: '5671' },
  kafka: { broker: 'kafka', tls: false, port: '9092' }
}

export function urlOf({ broker, tls, host, port, user, database, channel }: QueueFields): string {
  const scheme = { redis: tls ? 'rediss' : 'redis', rabbitmq: tls ? 'amqps' : 'amqp', kafka: 'kafka' }[broker]
  const place = broker === 'kafka' ? '' : `${encodeURIComponent(database || defaultDatabases[broker])}/`
  return `${scheme}://${user === '' ? '' : `${encodeURIComponent(user)}@`}${bracketed(host.trim())}:${port}/${place}${writtenChannel(channel)}`
}

/** A mistake is a sentence. A password in the URL is given back apart. The engine reads addresses by the same rules, more strictly. */
export function readUrl(text: string): { fields: QueueFields; password: string | null } | { mistake: string } {
  const [, name = '', authority = '', path = ''] = /^([a-z]+):\/\/([^/]*)(.*)$/is.exec(text.trim()) ?? []
  if (name === '') return { mistake: 'The address of a queue begins with redis://, rediss://, amqp://, amqps:// or kafka://.' }
  const scheme = schemes[name.toLowerCase()]
  if (!scheme) return { mistake: `${name}:// is no queue that can be read; redis, rediss, amqp, amqps and kafka are.` }
  const at = authority.lastIndexOf('@')
  const login = authority.slice(0, Math.max(0, at))
  const colon = login.indexOf(':')
  const user = decoded(colon < 0 ? login : login.slice(0, colon))
  const password = decoded(colon < 0 ? '' : login.slice(colon + 1))
  const [, brackets, plain, port] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(.*))?$/.exec(authority.slice(at + 1)) ?? []
  const place = placeIn(scheme.broker, path.slice(1))
  if (user === null || password === null || place === null) return { mistake: 'A % in it stands alone: write %25.' }
  const fields = { broker: scheme.broker, tls: scheme.tls, host: brackets ?? plain ?? '', port: port ?? scheme.port, user, ...place }
  const mistake = mistakeIn(fields)
  return mistake ? { mistake: mistake.text } : { fields, password: password === '' ? null : password }
}

/** The first field that cannot be, with a sentence; null if all can. */
export function mistakeIn({ broker, host, port, database, channel }: QueueFields): { field: keyof QueueFields; text: string } | null {
  if (host.trim() === '') return { field: 'host', text: 'A queue has a host.' }
  if (!/^[\w.-]+$|:/.test(host.trim())) return { field: 'host', text: 'A name or an address of a machine, nothing else.' }
  if (!/^\d+$/.test(port) || Number(port) < 1 || Number(port) > 65_535) return { field: 'port', text: 'A port is a number from 1 to 65,535.' }
  if (broker === 'redis' && !/^\d*$/.test(database)) return { field: 'database', text: 'Redis numbers its databases from 0.' }
  if (channel.trim() === '') return { field: 'channel', text: `${{ redis: 'A channel', rabbitmq: 'An exchange', kafka: 'A topic' }[broker]} has a name.` }
  return null
}

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host)
/** Readable: only what would not come back as it is gets escaped. */
const writtenChannel = (channel: string): string => channel.replaceAll(/[%#@\s\p{C}]/gu, encodeURIComponent).replaceAll(/\?(?=\w+=)/g, '%3F')

/** A Redis path of one part is a database if it is a number, else a channel; one of RabbitMQ is a virtual host. */
function placeIn(broker: Broker, path: string): Pick<QueueFields, 'database' | 'channel'> | null {
  const slash = path.indexOf('/')
  const [first, rest] = slash < 0 ? [path, ''] : [path.slice(0, slash), path.slice(slash + 1)]
  const isChannel = broker === 'kafka' || (broker === 'redis' && first !== '' && !/^\d+$/.test(first))
  const channel = decoded(isChannel ? path : rest)
  const database = isChannel || first === '' ? defaultDatabases[broker] : decoded(first)
  return channel === null || database === null ? null : { database, channel: channel || defaultFields.channel }
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch (error) {
    if (error instanceof URIError) return null
    throw error
  }
}
