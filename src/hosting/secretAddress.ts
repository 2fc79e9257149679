/** The address that a password belongs to: who at which server, and how it is spoken to, whatever channel or database is meant. */

const defaultPorts: Record<string, number> = { redis: 6379, rediss: 6379, amqp: 5672, amqps: 5671, kafka: 9092, mongodb: 27_017, bolt: 7687, neo4j: 7687 }
const isDatabase = (scheme: string): boolean => scheme.startsWith('mongodb')

/** What stands before the last `@`, since people forget to escape those in their passwords. */
const parts = /^([a-z][a-z0-9+.-]*):\/\/(?:([^/?#]*)@)?([^/?#@]*)(\/[^?#]*)?(?:\?([^#]*))?/i
const host = /^(?:\[[0-9a-f:.%]+\]|[\w.-]+)(?::\d{1,5})?$/i

/**
 * Null for what is no address. Options stay, in order: another proxy, or no TLS, is another address, so that a kept password never goes
 * where it was not meant to go. MongoDB's database stays too, since it says where the user is known.
 */
export function secretAddress(url: string): string | null {
  const [, scheme = '', userInfo = '', hosts = '', path = '', query = ''] = parts.exec(url.trim()) ?? []
  const kind = scheme.toLowerCase()
  const named = hosts.split(',')
  if (kind === '' || !named.every((one) => host.test(one))) return null
  const user = decoded(userInfo.split(':')[0] ?? '')
  const port = defaultPorts[kind]
  const places = named.map((one) => (port === undefined || /:\d+$/.test(one) ? one : `${one}:${port}`).toLowerCase()).toSorted()
  const options = query.split('&').filter((option) => option !== '').toSorted()
  const database = isDatabase(kind) ? path.replace(/\/+$/, '') : ''
  return `${kind}://${user === '' ? '' : `${encodeURIComponent(user)}@`}${places.join(',')}${database}${options.length > 0 ? `?${options.join('&')}` : ''}`
}

/** A password that stands in an address, and the address without it. */
export function splitPassword(url: string): { url: string; password: string | null } {
  const userInfo = parts.exec(url)?.[2]
  const colon = userInfo?.indexOf(':') ?? -1
  if (userInfo === undefined || colon === -1) return { url, password: null }
  const user = userInfo.slice(0, colon)
  const password = decoded(userInfo.slice(colon + 1))
  return { url: url.replace(`${userInfo}@`, () => (user === '' ? '' : `${user}@`)), password: password === '' ? null : password }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A lone percent sign stands for itself.
    return text
  }
}
