/** Adds kept passwords to calls on their way to the engine, and keeps those that a person asked to keep once they have worked. */
import type { HostHandlers } from '#contract/dispatch'
import { type Method, methods, type Params } from '#contract/methods'
import type { Source } from '#contract/sources'
import type { StoreRef } from '#contract/stores'
import type { Answer } from './answer.ts'
import { secretAddress, splitPassword } from './secretAddress.ts'
import type { Secrets } from './secrets.ts'

/** So long an attach waits for its password to be kept; it is kept after that all the same. */
const answerMs = 1000
const lookEveryMs = 250
const never = new AbortController().signal

/** Where a call names an address, and the password that goes with it. */
type Place = { url: string; password: string | undefined; set: (password: string) => void }

/** @param onProblem told when a password could not be kept; never told the password */
export function withSecrets(secrets: Secrets, engine: Answer, onProblem: (what: string) => void): Answer {
  return async (method, params, signal) => {
    const known = read(method, params)
    if (known === null) return await engine(method, params, signal)
    const typed: { address: string; password: string }[] = []
    for (const { url, password, set } of known.places) {
      const address = secretAddress(url)
      const given = password ?? splitPassword(url).password
      if (address === null) continue
      if (given !== null) {
        if (given !== '') typed.push({ address, password: given })
        continue
      }
      const kept = await secrets.get(address)
      if (kept !== null) set(kept)
    }
    const reply = await engine(method, known.params, signal)
    if (!reply.ok || !known.keep || typed.length === 0) return reply
    // A queue that has not answered yet is attached to all the same: whether the password is right is seen later.
    const proven = method === 'live.attach' ? isLive(engine, (reply.value as { sourceId: string }).sourceId) : Promise.resolve(true)
    const kept = proven.then(async (isProven) => (isProven ? await keepAll(secrets, typed, onProblem) : undefined))
    await Promise.race([kept, new Promise((resolve) => setTimeout(resolve, answerMs).unref())])
    return reply
  }
}

/** What a page may ask about kept passwords; it never gets one. */
export function secretHandlers(secrets: Secrets): HostHandlers {
  return {
    'secrets.state': async ({ address }) => {
      const why = await secrets.refusal()
      const canonical = secretAddress(address)
      return { canKeep: why === null, why, kept: canonical !== null && (await secrets.has(canonical)) }
    },
    'secrets.forget': async ({ address }) => {
      const canonical = secretAddress(address)
      if (canonical !== null) await secrets.forget(canonical)
      return {}
    }
  }
}

/** True as soon as the queue has let us in; false if it refuses, or is given up. */
async function isLive(engine: Answer, sourceId: string): Promise<boolean> {
  for (;;) {
    const reply = await engine('sources.list', {}, never)
    const source = reply.ok ? (reply.value as { sources: Source[] }).sources.find((one) => one.sourceId === sourceId) : undefined
    if (source?.live?.link.name === 'live') return true
    if (!source?.live || source.state === 'failed' || source.live.link.name === 'detached') return false
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs).unref())
  }
}

async function keepAll(secrets: Secrets, typed: readonly { address: string; password: string }[], onProblem: (what: string) => void): Promise<void> {
  for (const { address, password } of typed) {
    try {
      await secrets.keep(address, password)
    } catch (error) {
      onProblem(`The password for ${address} was not kept: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
}

type Known = { params: object; places: Place[]; keep: boolean }

const placesIn: { [M in Method]?: (params: Params<M>) => Place[] } = {
  'live.test': (params) => [queue(params)],
  'live.attach': (params) => [queue(params), ...recorded(params.role)],
  'live.attachPaths': (params) => [queue(params)],
  'live.target': (params) => (params.type === 'mongodb' && params.uri !== undefined ? [{ url: params.uri, password: params.password, set: (password) => { params.password = password } }] : []),
  'stores.open': ({ store: ref }) => store(ref),
  'transfers.start': ({ from, to }) => [...store(from), ...store(to)]
}

/** Null for calls without passwords, and for those that the engine will refuse. */
function read(method: string, params: unknown): Known | null {
  if (!Object.hasOwn(placesIn, method)) return null
  const parsed = methods[method as Method].params.safeParse(params)
  if (!parsed.success) return null
  // Parsing made it: it is ours to change.
  const own = parsed.data as object
  const places = (placesIn as Partial<Record<string, (params: object) => Place[]>>)[method]?.(own) ?? []
  return { params: own, places, keep: 'keepPassword' in own && own.keepPassword === true }
}

function queue(params: { url: string; password?: string | undefined }): Place {
  return { url: params.url, password: params.password, set: (password) => { params.password = password } }
}

function recorded(role: Params<'live.attach'>['role']): Place[] {
  if (role.kind !== 'record' || role.mongodb === null) return []
  return [{ url: role.mongodb, password: role.mongodbPassword, set: (password) => { role.mongodbPassword = password } }]
}

function store(ref: StoreRef): Place[] {
  if (ref.type !== 'mongodb') return []
  return [{ url: ref.uri, password: ref.password, set: (password) => { ref.password = password } }]
}
