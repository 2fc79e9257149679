/** One reading of a store, from its first record to its last: the tables it fills, and the stamp of what it read. */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { OpenSource } from '../load/openSource.ts'
import type { OpenReader } from '../load/openReader.ts'
import type { Database } from '../table/database.ts'
import { placeName, type StorePlace } from './storePlace.ts'
import { openStoreSegments, type StoreSegments, type StoreSpec } from './storeSegments.ts'
import type { StoreStamp } from './storeWatch.ts'

export type StoreReadingOptions = {
  readonly sourceId: string
  readonly place: StorePlace
  /** Private to this reading. */
  readonly folder: string
  readonly generation: number
  readonly database: Database
  readonly openReader: OpenReader
  /** Taken before anything was read, so that a change meanwhile is one since. */
  readonly stamp: StoreStamp
  readonly totalBytes: number
  readonly onChange: (reading: StoreReading, what: 'progress' | 'records' | 'problems') => void
}

export class StoreReading {
  #closed: Promise<void> | null = null

  private constructor(
    readonly table: OpenSource,
    readonly segments: StoreSegments,
    readonly stamp: StoreStamp,
    private readonly folder: string
  ) {}

  static async open(options: StoreReadingOptions): Promise<StoreReading> {
    const { database, folder, generation, openReader, place, sourceId, stamp, totalBytes } = options
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const store = place.type === 'lmdb' ? ({ type: 'lmdb', path: place.path } as const) : ({ type: 'mongodb', uri: place.uri } as const)
    const spec: StoreSpec = { store, name: placeName(place), folder: join(folder, 'lines'), totalBytes }
    const segments = await openStoreSegments(spec)
    const schema = `${sourceId}-${generation}`
    let reading: StoreReading | null = null
    try {
      const reader = await openReader(spec, folder, schema)
      const table = await OpenSource.open({ sourceId, schema, database, segments, reader, onChange: (what) => reading && options.onChange(reading, what) })
      reading = new StoreReading(table, segments, stamp, folder)
      return reading
    } catch (error) {
      await segments.close()
      throw error
    }
  }

  /** May be called more than once. */
  async close(): Promise<void> {
    this.#closed ??= this.table.close().then(async () => await rm(this.folder, { recursive: true, force: true, maxRetries: 3 }))
    await this.#closed
  }
}
