/** What a command line or another instance asks to be opened. */
import { resolve } from 'node:path'

export type LaunchSources = { paths: string[]; sample: boolean }

/**
 * @param args what follows the executable and, in a checkout, the app's folder
 * @param folder relative paths are relative to it
 */
export function launchSources(args: readonly string[], folder: string): LaunchSources {
  const end = args.indexOf('--')
  const named = end === -1 ? args.filter((arg) => !arg.startsWith('-')) : [...args.slice(0, end).filter((arg) => !arg.startsWith('-')), ...args.slice(end + 1)]
  return { paths: named.filter((arg) => arg !== '').map((arg) => resolve(folder, arg)), sample: (end === -1 ? args : args.slice(0, end)).includes('--sample') }
}

/** What the other instance sent along, if it is one of ours. */
export function readLaunchSources(sent: unknown): LaunchSources {
  if (typeof sent !== 'object' || sent === null || !('paths' in sent) || !Array.isArray(sent.paths)) return { paths: [], sample: false }
  return { paths: sent.paths.filter((path) => typeof path === 'string'), sample: 'sample' in sent && sent.sample === true }
}
