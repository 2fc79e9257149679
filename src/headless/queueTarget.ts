/** The queue that a command names, and its password from where nobody else on the machine can read it. */
import { readFileSync } from 'node:fs'
import { isAddress } from '#hosting/namedSources'
import { splitPassword } from '#hosting/secretAddress'
import { parseQueueUrl } from '#engine/sources/queue/queueAddress'
import type { QueueAddress } from '#engine/sources/queue/intakeState'
import { WrongUse } from './wrongUse.ts'

export type QueueTarget = { readonly address: QueueAddress; readonly password: string | null }
export type PasswordFlags = { passwordFile?: string | undefined }

/**
 * The password of a queue: from `--password-file`, from the variable, or from the address, where others could read it, which is said.
 * @throws Refusal for an address that is none, WrongUse for a file that cannot be read
 */
export function queueTarget(url: string, { passwordFile }: PasswordFlags, { env, note }: { env: NodeJS.ProcessEnv; note: (text: string) => void }): QueueTarget {
  const { address, password } = parseQueueUrl(url)
  if (password !== null) warnOfArguments(note, 'PROVSCOPE_MQ_PASSWORD or --password-file keeps')
  return { address, password: (passwordFile === undefined ? null : passwordIn(passwordFile)) ?? password ?? env['PROVSCOPE_MQ_PASSWORD'] ?? null }
}

/** A MongoDB URI with its password, which may come from elsewhere too. */
export function mongoUri(uri: string, { passwordFile }: PasswordFlags, { env, note }: { env: NodeJS.ProcessEnv; note: (text: string) => void }): string {
  const { password } = splitPassword(uri)
  if (password !== null) warnOfArguments(note, 'PROVSCOPE_MONGODB_PASSWORD or --mongodb-password-file keeps')
  const given = (passwordFile === undefined ? null : passwordIn(passwordFile)) ?? password ?? env['PROVSCOPE_MONGODB_PASSWORD'] ?? null
  return given === null ? uri : withPassword(splitPassword(uri).url, given)
}

/** The address with a password in it, for what takes them together; a user-less address of Redis has none before the colon. */
export function withPassword(url: string, password: string): string {
  const [, scheme = '', user = '', rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/)(?:([^@/?#]*)@)?(.*)$/is.exec(url) ?? []
  return `${scheme}${user}:${encodeURIComponent(password)}@${rest}`
}

/** Addresses to hand on to another process: their passwords go into its environment instead of its arguments. */
export function withoutArguments(names: readonly string[], { env, note }: { env: NodeJS.ProcessEnv; note: (text: string) => void }): { names: string[]; env: NodeJS.ProcessEnv } {
  const handed = { ...env }
  const shown = names.map((name) => {
    const { url, password } = isAddress(name) ? splitPassword(name) : { url: name, password: null }
    const variable = /^mongodb/i.test(name) ? 'PROVSCOPE_MONGODB_PASSWORD' : 'PROVSCOPE_MQ_PASSWORD'
    if (password === null) return name
    warnOfArguments(note, `${variable} keeps`)
    handed[variable] = password
    return url
  })
  return { names: shown, env: handed }
}

/** For people: the address as it is, but for its password. */
export function withoutPassword(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)([^:@/]*):.*@/is, (_, scheme: string, user: string) => (user === '' ? scheme : `${scheme}${user}@`))
}

let isHidden = false

/** From now on the list of processes shows the command without its arguments. */
export function warnOfArguments(note: (text: string) => void, instead: string): void {
  if (!isHidden) process.title = 'provscope'
  isHidden = true
  note(`A password stood in the command line, where others on this machine could read it until now: ${instead} it out.`)
}

function passwordIn(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    throw new WrongUse(`the password file ${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`)
  }
}
