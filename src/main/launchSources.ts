/** What a command line or another instance asks to be opened. */
import { resolve } from 'node:path'
import { isAddress } from '#hosting/namedSources'

/** `named`: absolute paths, and addresses of queues and databases. */
export type LaunchSources = { named: string[]; sample: boolean }

/**
 * @param args what follows the executable and, in a checkout, the app's folder
 * @param folder relative paths are relative to it
 */
export function launchSources(args: readonly string[], folder: string): LaunchSources {
  const end = args.indexOf('--')
  const given = end === -1 ? args.filter((arg) => !arg.startsWith('-')) : [...args.slice(0, end).filter((arg) => !arg.startsWith('-')), ...args.slice(end + 1)]
  const named = given.filter((arg) => arg !== '').map((arg) => (isAddress(arg) ? arg : resolve(folder, arg)))
  return { named, sample: (end === -1 ? args : args.slice(0, end)).includes('--sample') }
}

/** What the other instance sent along, if it is one of ours. */
export function readLaunchSources(sent: unknown): LaunchSources {
  if (typeof sent !== 'object' || sent === null || !('named' in sent) || !Array.isArray(sent.named)) return { named: [], sample: false }
  return { named: sent.named.filter((name) => typeof name === 'string'), sample: 'sample' in sent && sent.sample === true }
}
