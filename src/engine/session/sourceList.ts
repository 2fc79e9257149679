/** The sources that are open, in the order in which they were opened, those that failed to open among them. */
import { randomBytes } from 'node:crypto'
import { isAbsolute, join, resolve } from 'node:path'
import { readMomentId } from '#contract/momentId'
import { Refusal } from '#contract/reply'
import type { Source } from '#contract/sources'
import { isGlob } from '#engine/sources/glob'
import type { Database } from './table/database.ts'
import type { OpenReader } from './load/openReader.ts'
import { type Held, Moments } from './moments/moments.ts'
import type { EntryChange, EntryRead, OpenEntry } from './openEntry.ts'
import type { ProblemSource } from './services/problems.ts'
import { SourceEntry } from './sourceEntry.ts'
import { StoreEntry } from './stores/storeEntry.ts'
import { isMongoUri, placeName, storePlace, type StorePlace } from './stores/storePlace.ts'
import type { SourceTable } from './table/sourceTable.ts'

export type SourceListOptions = {
  /** For what sources keep on disk while they are open. */
  readonly tempDir: string
  /** Relative names are seen from here. */
  readonly startFolder: string
  readonly database: Database
  readonly openReader: OpenReader
  readonly onChange: EntryChange
  readonly onRead: EntryRead
}

export class SourceList {
  readonly #options: SourceListOptions
  readonly #entries = new Map<string, OpenEntry>()
  readonly #moments: Moments
  #opened = 0

  constructor(options: SourceListOptions) {
    this.#options = options
    this.#moments = new Moments(options)
  }

  /**
   * Answers at once: what becomes of it is seen in the list. The same names again give the source that is open already.
   * @param options.sourceId the id it had in an earlier session
   */
  open(named: readonly string[], { follow, sourceId }: { follow: boolean; sourceId?: string }): string {
    const absolute = named.map((name) => (name === '-' || isMongoUri(name) ? name : anchored(name, this.#options.startFolder)))
    const stores = absolute.flatMap((name) => storePlace(name) ?? [])
    const [store] = stores
    if (store !== undefined && absolute.length > 1) throw new Refusal('bad-request', `${placeName(store)} is a store, which is opened by itself, not together with other sources.`)
    if (store !== undefined) return this.openStore(store, { follow, ...(sourceId !== undefined && { sourceId }) })
    const same = [...this.#entries.values()].find((entry) => !entry.failed && entry.named.length === absolute.length && entry.named.every((name, i) => name === absolute[i]))
    if (same !== undefined) return same.sourceId
    return this.add((place) => new SourceEntry({ ...this.#options, ...place, named: absolute, follow }), sourceId).sourceId
  }

  /** As `open`, for an LMDB folder or a MongoDB. */
  openStore(place: StorePlace, { follow, sourceId }: { follow: boolean; sourceId?: string }): string {
    const name = placeName(place)
    const same = [...this.#entries.values()].find((entry) => entry instanceof StoreEntry && !entry.failed && entry.named[0] === name)
    return same?.sourceId ?? this.add((own) => new StoreEntry({ ...this.#options, ...own, place, follow }), sourceId).sourceId
  }

  /** @param make given an id, and a private folder that it makes if it needs one, and removes when it is closed */
  add<E extends OpenEntry>(make: (place: { readonly sourceId: string; readonly folder: string }) => E, sourceId: string = this.#newId()): E {
    const entry = make({ sourceId, folder: join(this.#options.tempDir, sourceId) })
    this.#entries.set(sourceId, entry)
    this.#options.onChange(sourceId, 'source')
    return entry
  }

  /** Not guessable from another engine's ids: a page that outlived its engine must not act on the wrong source. */
  #newId(): string {
    const sourceId = `s${++this.#opened}-${randomBytes(3).toString('hex')}`
    return this.#entries.has(sourceId) ? this.#newId() : sourceId
  }

  entries(): OpenEntry[] {
    return [...this.#entries.values()]
  }

  list(): Source[] {
    return [...this.#entries.values()].map((entry) => entry.describe())
  }

  entry(sourceId: string): OpenEntry {
    const entry = this.#entries.get(sourceId)
    if (entry === undefined) throw new Refusal('not-found', 'This source is no longer open.')
    return entry
  }

  /**
   * @param sourceId of a source, or of a moment of one
   * @throws Refusal while the source has no rows at all yet, or failed
   */
  table(sourceId: string): Promise<SourceTable> {
    return readMomentId(sourceId) === null ? this.entry(sourceId).table() : this.#moments.table(sourceId, (id) => this.entry(id))
  }

  /** As `table`, for who reads it for long: a moment stays until it is released. */
  async hold(sourceId: string): Promise<Held> {
    if (readMomentId(sourceId) !== null) return await this.#moments.hold(sourceId, (id) => this.entry(id))
    return { table: await this.table(sourceId), release: () => undefined }
  }

  problemSources(): ProblemSource[] {
    return [...this.#entries.values()]
  }

  async close(sourceId: string): Promise<void> {
    const entry = this.entry(sourceId)
    this.#entries.delete(sourceId)
    await this.#moments.forget(sourceId)
    await entry.close()
    this.#options.onChange(sourceId, 'source')
  }

  async closeAll(): Promise<void> {
    const entries = [...this.#entries.values()]
    this.#entries.clear()
    await Promise.all(entries.map(async (entry) => {
      await this.#moments.forget(entry.sourceId)
      await entry.close()
    }))
  }
}

/** `resolve` would take `..` behind a wildcard out, which is another folder where links are about. */
function anchored(name: string, folder: string): string {
  return isGlob(name) ? (isAbsolute(name) ? name : join(folder, '/').concat(name)) : resolve(folder, name)
}
