/** Where passwords are kept by the address they belong to: in a file that the system's secret store enciphers, or in memory. */
import { join } from 'node:path'
import { JsonFile } from '#engine/session/services/jsonFile'

export interface Secrets {
  /** Why nothing can be kept beyond this process, as a sentence; null if it can. */
  refusal(): Promise<string | null>
  has(address: string): Promise<boolean>
  /** Null if there is none, or it cannot be read any more. */
  get(address: string): Promise<string | null>
  keep(address: string, password: string): Promise<void>
  forget(address: string): Promise<void>
}

/** What the system does with a key that only this user's session has. */
export interface Cipher {
  /** Why it must not be used, as a sentence; null if it may. */
  refusal(): Promise<string | null>
  encrypt(text: string): Promise<Uint8Array>
  /** `isStale`: the key has changed since, and what was read should be written anew. */
  decrypt(bytes: Uint8Array): Promise<{ text: string; isStale: boolean }>
}

/** For a host without a secret store: kept until its process ends. */
export class MemorySecrets implements Secrets {
  readonly #kept = new Map<string, string>()
  readonly #why: string

  constructor(why = 'This host has no secret store; a password is kept in memory only.') {
    this.#why = why
  }

  refusal = (): Promise<string> => Promise.resolve(this.#why)
  has = (address: string): Promise<boolean> => Promise.resolve(this.#kept.has(address))
  get = (address: string): Promise<string | null> => Promise.resolve(this.#kept.get(address) ?? null)

  keep(address: string, password: string): Promise<void> {
    this.#kept.set(address, password)
    return Promise.resolve()
  }

  forget(address: string): Promise<void> {
    this.#kept.delete(address)
    return Promise.resolve()
  }
}

type Kept = { readonly secrets: Readonly<Record<string, string>> }

/** Addresses in plain, passwords enciphered; readable for its owner alone. Where the cipher must not be used, memory takes its place. */
export class SecretFile implements Secrets {
  readonly #file: JsonFile<Kept>
  readonly #cipher: Cipher
  readonly #memory = new MemorySecrets()
  readonly #onProblem: (what: string) => void

  constructor({ folder, cipher, onProblem }: { folder: string; cipher: Cipher; onProblem: (what: string) => void }) {
    this.#cipher = cipher
    this.#onProblem = onProblem
    this.#file = new JsonFile({ path: join(folder, 'secrets.json'), parse, empty: () => ({ secrets: {} }), onNote: ({ message, did }) => onProblem(`${message} ${did}.`) })
  }

  refusal(): Promise<string | null> {
    return this.#cipher.refusal()
  }

  async has(address: string): Promise<boolean> {
    if ((await this.refusal()) !== null) return await this.#memory.has(address)
    return Object.hasOwn((await this.#file.read()).secrets, address)
  }

  async get(address: string): Promise<string | null> {
    if ((await this.refusal()) !== null) return await this.#memory.get(address)
    const { secrets } = await this.#file.read()
    const enciphered = Object.hasOwn(secrets, address) ? secrets[address] : undefined
    if (enciphered === undefined) return null
    try {
      const { text, isStale } = await this.#cipher.decrypt(Buffer.from(enciphered, 'base64'))
      if (isStale) await this.keep(address, text)
      return text
    } catch (error) {
      // The keyring was made anew, or the folder came from another machine: the person types it once more.
      this.#onProblem(`The password kept for ${address} cannot be read any more: ${error instanceof Error ? error.message : String(error)}`)
      return null
    }
  }

  async keep(address: string, password: string): Promise<void> {
    if ((await this.refusal()) !== null) return await this.#memory.keep(address, password)
    const enciphered = Buffer.from(await this.#cipher.encrypt(password)).toString('base64')
    await this.#file.update(({ secrets }) => ({ secrets: { ...secrets, [address]: enciphered } }))
  }

  async forget(address: string): Promise<void> {
    await this.#memory.forget(address)
    // Also where the cipher is refused today: what is forgotten is not to come back with it.
    await this.#file.update(({ secrets }) => (Object.hasOwn(secrets, address) ? { secrets: Object.fromEntries(Object.entries(secrets).filter(([kept]) => kept !== address)) } : null))
  }
}

function parse(json: unknown): Kept | null {
  if (typeof json !== 'object' || json === null || !('secrets' in json) || typeof json.secrets !== 'object' || json.secrets === null) return null
  const entries = Object.entries(json.secrets)
  return entries.every((entry): entry is [string, string] => typeof entry[1] === 'string') ? { secrets: Object.fromEntries(entries) } : null
}
