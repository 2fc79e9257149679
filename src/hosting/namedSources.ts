/** What a person named on a command line, sorted by what it is: files, message queues, databases. */
import type { Given } from '#contract/methods'
import { viewFileEnding } from '#contract/viewFile'
import { splitPassword } from './secretAddress.ts'

const queueScheme = /^(?:rediss?|amqps?|kafka):\/\//i
const databaseScheme = /^mongodb(?:\+srv)?:\/\//i

/** Whether it is an address, which is never the name of a file. */
export const isAddress = (name: string): boolean => queueScheme.test(name) || databaseScheme.test(name)

/** A file of a view, which is shown, not opened. */
export const isViewFile = (name: string): boolean => !isAddress(name) && name.toLowerCase().endsWith(viewFileEnding)

export type Opening = { [M in 'sources.openPaths' | 'live.attachPaths' | 'stores.open']: { method: M; params: Given<M> } }['sources.openPaths' | 'live.attachPaths' | 'stores.open']

/**
 * The calls that open them: the files together as one source, each address as one of its own. A password that an address does not have is
 * taken from PROVSCOPE_MQ_PASSWORD or PROVSCOPE_MONGODB_PASSWORD.
 */
export function openings(names: readonly string[], env: Readonly<Record<string, string | undefined>> = process.env): Opening[] {
  const paths = names.filter((name) => !isAddress(name))
  const addresses = names.filter(isAddress).map(splitPassword)
  return [
    ...(paths.length > 0 ? [{ method: 'sources.openPaths' as const, params: { paths } }] : []),
    ...addresses.map(({ url, password }): Opening => {
      const known = password ?? env[queueScheme.test(url) ? 'PROVSCOPE_MQ_PASSWORD' : 'PROVSCOPE_MONGODB_PASSWORD']
      const given = known === undefined ? {} : { password: known }
      return queueScheme.test(url) ? { method: 'live.attachPaths', params: { url, ...given } } : { method: 'stores.open', params: { store: { type: 'mongodb', uri: url, ...given } } }
    })
  ]
}
