/**
 * Queries as `Flowcept.db` has them, on one database at a time: MongoDB where it is enabled, LMDB where only that is. Nothing here writes.
 * Filters, projections, limits and sorts mean the same on both; Flowcept's own LMDB ignores all but the filter.
 */
import { parseFilter } from '#contract/filter'
import type { JsonObject } from '#contract/json'
import { Refusal } from '#contract/reply'
import type { RecordKind } from '#engine/records/classify'
import { aggregateRecords } from '#engine/stores/aggregateRecords'
import { listObjectVersions, openObject, type ObjectBytes, type ObjectVersion } from '#engine/stores/mongoObjects'
import { MongoStore } from '#engine/stores/mongoStore'
import { openStore, type OpenStoreOptions, type StoreAt } from '#engine/stores/openStore'
import { collectionOf, type Store, type StoreSort } from '#engine/stores/store'

/** As Flowcept's settings have it: `databases.mongodb` and `databases.lmdb`. Paths absolute, the URI with its password. */
export type DbSettings = {
  readonly mongodb: { readonly enabled: boolean; readonly uri: string }
  readonly lmdb: { readonly enabled: boolean; readonly path: string }
}

export type DbQuery = {
  /** Mongo's language, as JSON has it; everything if left out. */
  readonly filter?: unknown
  /** Fields to keep. With an aggregation, at most one: the field to group by. */
  readonly projection?: readonly string[] | undefined
  /** 0 or left out: all. */
  readonly limit?: number | undefined
  readonly offset?: number | undefined
  /** By fields; with an aggregation, by the names of its results, such as `avg_generated_loss`. */
  readonly sort?: readonly StoreSort[] | undefined
  /** Pairs such as `['avg', 'generated.loss']`. */
  readonly aggregation?: readonly (readonly [fn: string, field: string])[] | undefined
}

/** @throws Refusal where neither is enabled, and where the one that is cannot be opened */
export async function openFlowceptDb(settings: DbSettings, options: Omit<OpenStoreOptions, 'readOnly'> = {}): Promise<FlowceptDb> {
  return new FlowceptDb(await openStore(chosenStore(settings), { ...options, readOnly: true }))
}

/** @throws Refusal where neither is enabled */
export function chosenStore({ lmdb, mongodb }: DbSettings): StoreAt {
  if (mongodb.enabled) return { type: 'mongodb', uri: mongodb.uri }
  if (lmdb.enabled) return { type: 'lmdb', path: lmdb.path }
  throw new Refusal('unavailable', "Neither MongoDB nor LMDB is enabled in Flowcept's settings, so there is no database to query.")
}

export class FlowceptDb {
  constructor(readonly store: Store) {}

  async taskQuery(query: DbQuery = {}): Promise<JsonObject[]> {
    return await this.query('task', query)
  }

  async workflowQuery(query: DbQuery = {}): Promise<JsonObject[]> {
    return await this.query('workflow', query)
  }

  async agentQuery(query: DbQuery = {}): Promise<JsonObject[]> {
    return await this.query('agent', query)
  }

  /** What is known of objects, without their bytes. */
  async objectQuery(query: DbQuery = {}): Promise<JsonObject[]> {
    return await this.query('object', query)
  }

  /** @throws Refusal `bad-request` for a filter or an aggregation that is none */
  async query(kind: RecordKind, query: DbQuery = {}): Promise<JsonObject[]> {
    const found: JsonObject[] = []
    for await (const document of this.each(kind, query)) found.push(document)
    return found
  }

  /** As `query`, one after the other: not all are in memory at once, unless an aggregation makes them few. */
  async *each(kind: RecordKind, { aggregation, filter, limit = 0, offset = 0, projection, sort }: DbQuery = {}): AsyncGenerator<JsonObject> {
    const asked = { filter: filter === undefined ? undefined : parseFilter(filter), sort, limit: limit === 0 ? undefined : limit }
    if (aggregation !== undefined) {
      const rows = await aggregateRecords(this.store, kind, { ...asked, limit: asked.limit === undefined ? undefined : asked.limit + offset, projection, aggregation })
      yield* rows.slice(offset)
      return
    }
    for await (const document of this.store.query(kind, { ...asked, projection, offset })) yield kind === 'task' ? finished(document) : document
  }

  async get(kind: RecordKind, id: string): Promise<JsonObject | null> {
    const document = await this.store.get(kind, id)
    return document && kind === 'task' ? finished(document) : document
  }

  async count(kind: RecordKind, filter?: unknown): Promise<number> {
    return await this.store.count(kind, filter === undefined ? undefined : parseFilter(filter))
  }

  /** The latest first. @throws Refusal for LMDB, which keeps no versions */
  async objectVersions(objectId: string): Promise<ObjectVersion[]> {
    const { connection } = this.mongo()
    return await connection.run(async () => await listObjectVersions(connection.db, objectId))
  }

  /** The bytes of a version, the latest unless told; never unpickled. @throws Refusal `not-found`, or for LMDB, which keeps no bytes */
  async objectBytes(objectId: string, version?: number): Promise<ObjectBytes> {
    const { connection } = this.mongo()
    return await connection.run(async () => await openObject(connection.db, objectId, version))
  }

  async close(): Promise<void> {
    await this.store.close()
  }

  private mongo(): MongoStore {
    if (this.store instanceof MongoStore) return this.store
    throw new Refusal('bad-request', `${this.store.name} holds what is known of ${collectionOf.object}, not their bytes: those lie in MongoDB.`)
  }
}

/** A task that was finished once is finished, whatever message came last, unless it failed. */
function finished(task: JsonObject): JsonObject {
  return task.finished === true && task.status !== 'ERROR' && task.status !== 'FINISHED' ? { ...task, status: 'FINISHED' } : task
}
