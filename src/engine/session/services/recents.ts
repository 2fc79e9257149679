/** Sources opened lately, in a file of the config folder, and how they stand today. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Params, Result } from '#contract/methods'
import { expandSources } from '#engine/sources/expand'
import type { Grants } from './grants.ts'
import { JsonFile, type SettingsNote } from './jsonFile.ts'

const maxRecents = 50

const recentSchema = z.object({
  /** Absolute paths and globs as they were named, or the address of a queue or database, without a password. */
  named: z.array(z.string()).min(1),
  name: z.string(),
  path: z.string(),
  kind: z.enum(['file', 'files', 'folder', 'queue', 'lmdb', 'mongodb']),
  tasks: z.number().int(),
  errors: z.number().int(),
  sizeBytes: z.number(),
  openedAt: z.number()
})
export type Recent = z.infer<typeof recentSchema>
const fileSchema = z.object({ recents: z.array(recentSchema) })

export class Recents {
  readonly #file: JsonFile<z.infer<typeof fileSchema>>
  readonly #grants: Grants
  readonly #onChange: () => void

  constructor({ folder, grants, onNote, onChange }: { folder: string; grants: Grants; onNote: (note: SettingsNote) => void; onChange: () => void }) {
    this.#grants = grants
    this.#onChange = onChange
    const parse = (json: unknown) => fileSchema.safeParse(json).data ?? null
    this.#file = new JsonFile({ path: join(folder, 'recents.json'), parse, empty: () => ({ recents: [] }), onNote })
  }

  /** Puts it first; the same paths named again take the place of the earlier entry. */
  async remember(recent: Recent): Promise<void> {
    await this.#file.update(({ recents }) => ({ recents: [recent, ...recents.filter((other) => !same(other.named, recent.named))].slice(0, maxRecents) }))
    this.#onChange()
  }

  /** What has become of a source that is among them; its place in the list stays. */
  async amend(recent: Recent): Promise<void> {
    await this.#file.update(({ recents }) => ({ recents: recents.map((other) => (same(other.named, recent.named) ? recent : other)) }))
    this.#onChange()
  }

  /** Waits until everything is on disk. */
  async idle(): Promise<void> {
    await this.#file.read()
  }

  async list({ offset, limit }: Params<'recents.list'>): Promise<Result<'recents.list'>> {
    const { recents } = await this.#file.read()
    const page = recents.slice(offset, offset + limit)
    return { total: recents.length, recents: await Promise.all(page.map((recent) => this.#asOfNow(recent))) }
  }

  async forget(handle: string): Promise<void> {
    const named = this.#grants.paths(handle, 'read')
    await this.#file.update(({ recents }) => {
      const left = recents.filter((recent) => !same(recent.named, named))
      return left.length === recents.length ? null : { recents: left }
    })
    this.#onChange()
  }

  async #asOfNow(recent: Recent): Promise<Result<'recents.list'>['recents'][number]> {
    const { named, sizeBytes, name, path, kind, tasks, errors, openedAt } = recent
    const nowBytes = await sizeNow(recent)
    const grewBytes = nowBytes === null ? 0 : Math.max(0, nowBytes - sizeBytes)
    const state = nowBytes === null ? 'missing' : grewBytes > 0 ? 'grew' : 'ready'
    return { handle: this.#grants.grantAll(named, 'read'), name, path, kind, tasks, errors, openedAt, state, grewBytes }
  }
}

/** Null if it is gone. Whether a server answers is not asked: that would be a connection to somewhere for each entry of a list. */
async function sizeNow({ kind, named, sizeBytes }: Recent): Promise<number | null> {
  if (kind === 'queue' || kind === 'mongodb') return sizeBytes
  if (kind === 'lmdb') return (await stat(join(named[0] ?? '', 'data.mdb')).catch(() => null)) && sizeBytes
  // Nothing relative is remembered, so the folder does not matter.
  const found = await expandSources(named, '/').catch(() => null)
  return found && found.files.reduce((sum, file) => sum + file.sizeBytes, 0)
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((path, i) => path === b[i])
}
