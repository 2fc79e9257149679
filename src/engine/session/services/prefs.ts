/** What the page remembers between sessions (columns, sizes, theme): values by key in one small file. */
import { join } from 'node:path'
import { Refusal } from '#contract/reply'
import { JsonFile, type SettingsNote } from './jsonFile.ts'

const maxBytes = 1_000_000

export class Prefs {
  readonly #file: JsonFile<Map<string, unknown> & { toJSON(): unknown }>

  constructor({ folder, onNote }: { folder: string; onNote: (note: SettingsNote) => void }) {
    this.#file = new JsonFile({ path: join(folder, 'preferences.json'), parse: parsePrefs, empty: () => new PrefMap(), onNote })
  }

  /** Null for a key that was never set. */
  async get(key: string): Promise<unknown> {
    return (await this.#file.read()).get(key) ?? null
  }

  /** Null or undefined forgets the key. */
  async set(key: string, value: unknown): Promise<void> {
    await this.#file.update((prefs) => {
      const next = new PrefMap(prefs)
      if (value === null || value === undefined) next.delete(key)
      else next.set(key, value)
      if (Buffer.byteLength(JSON.stringify(next)) > maxBytes) throw new Refusal('bad-request', 'Preferences may hold at most 1 MB.')
      return next
    })
  }
}

/** A map, so that no key (`__proto__`) means anything else; an object on disk, so that people can read it. */
class PrefMap extends Map<string, unknown> {
  toJSON(): unknown {
    return Object.fromEntries(this)
  }
}

function parsePrefs(json: unknown): PrefMap | null {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? new PrefMap(Object.entries(json)) : null
}
