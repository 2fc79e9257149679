/** The address that a password belongs to: who at which server, and how it is spoken to, whatever channel is meant. */
import { Refusal } from '#contract/reply'
import type { ParsedQueueUrl } from '#engine/sources/queue/intakeState'
import { parseQueueUrl } from '#engine/sources/queue/queueAddress'

const isMongo = (url: string): boolean => /^mongodb(?:\+srv)?:\/\//i.test(url)
/** What stands before the last `@` of the authority, since people forget to escape those in their passwords. */
const mongoParts = /^(mongodb(?:\+srv)?):\/\/(?:([^/?#]*)@)?([^/?#@]*)(\/[^?#]*)?(?:\?([^#]*))?$/i
const mongoHost = /^(?:\[[0-9a-f:.%]+\]|[\w.-]+)(?::\d{1,5})?$/i

/**
 * Null for what is no address. MongoDB's database and options stay, in order: where the user is known, another proxy, or no TLS is another
 * address, so that a kept password never goes where it was not meant to go.
 */
export function secretAddress(url: string): string | null {
  if (isMongo(url)) return mongoAddress(url)
  const queue = parsedQueue(url)
  if (queue === null) return null
  const { broker, tls, user, host, port } = queue.address
  const scheme = { redis: tls ? 'rediss' : 'redis', rabbitmq: tls ? 'amqps' : 'amqp', kafka: 'kafka' }[broker]
  return `${scheme}://${userPart(user ?? '')}${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** A password that stands in an address, and the address without it. What is no address is left as it is. */
export function splitPassword(url: string): { url: string; password: string | null } {
  if (!isMongo(url)) {
    const queue = parsedQueue(url)
    return queue?.password == null ? { url, password: null } : { url: queue.address.url, password: queue.password }
  }
  const userInfo = mongoParts.exec(url)?.[2]
  const colon = userInfo?.indexOf(':') ?? -1
  if (userInfo === undefined || colon === -1) return { url, password: null }
  const password = decoded(userInfo.slice(colon + 1))
  return { url: url.replace(`${userInfo}@`, () => (colon === 0 ? '' : `${userInfo.slice(0, colon)}@`)), password: password === '' ? null : password }
}

function mongoAddress(url: string): string | null {
  const [, scheme = '', userInfo = '', hosts = '', path = '', query = ''] = mongoParts.exec(url) ?? []
  const named = hosts.split(',')
  if (scheme === '' || !named.every((one) => mongoHost.test(one))) return null
  const kind = scheme.toLowerCase()
  const places = named.map((one) => (kind === 'mongodb' && !/:\d+$/.test(one) ? `${one}:27017` : one).toLowerCase()).toSorted()
  const options = query.split('&').filter((option) => option !== '').toSorted()
  return `${kind}://${userPart(decoded(userInfo.split(':')[0] ?? ''))}${places.join(',')}${path.replace(/\/+$/, '')}${options.length > 0 ? `?${options.join('&')}` : ''}`
}

const userPart = (user: string): string => (user === '' ? '' : `${encodeURIComponent(user)}@`)

function parsedQueue(url: string): ParsedQueueUrl | null {
  try {
    return parseQueueUrl(url)
  } catch (error) {
    // The engine says what is wrong with it.
    if (error instanceof Refusal) return null
    throw error
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A lone percent sign stands for itself.
    return text
  }
}
