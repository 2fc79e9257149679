/** What a command line or another instance asks to be opened. */
import { resolve } from 'node:path'
import { isLink } from './linkScheme.ts'
import { isAddress } from '#hosting/namedSources'

/** `named`: absolute paths, and addresses of queues and databases; `links`: `provscope://…`, from whoever wrote them. */
export type LaunchSources = { named: string[]; links: string[]; sample: boolean }

/**
 * @param args what follows the executable and, in a checkout, the app's folder
 * @param folder relative paths are relative to it
 */
export function launchSources(args: readonly string[], folder: string): LaunchSources {
  const end = args.indexOf('--')
  const given = end === -1 ? args.filter((arg) => !arg.startsWith('-')) : [...args.slice(0, end).filter((arg) => !arg.startsWith('-')), ...args.slice(end + 1)]
  const links = given.filter(isLink)
  const named = given.filter((arg) => arg !== '' && !isLink(arg)).map((arg) => (isAddress(arg) ? arg : resolve(folder, arg)))
  return { named, links, sample: (end === -1 ? args : args.slice(0, end)).includes('--sample') }
}

/** What the other instance sent along, if it is one of ours. */
export function readLaunchSources(sent: unknown): LaunchSources {
  if (typeof sent !== 'object' || sent === null || !('named' in sent) || !Array.isArray(sent.named)) return { named: [], links: [], sample: false }
  const links = 'links' in sent && Array.isArray(sent.links) ? sent.links.filter((link) => typeof link === 'string') : []
  return { named: sent.named.filter((name) => typeof name === 'string'), links, sample: 'sample' in sent && sent.sample === true }
}
