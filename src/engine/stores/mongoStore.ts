/** Records in MongoDB, in Flowcept's database, collections, indexes and shapes. Filters, sorts and pages are the server's work. */
import { MongoBulkWriteError, MongoNetworkError, type AnyBulkWriteOperation, type Collection, type Document, type Filter, type Sort } from 'mongodb'
import type { FilterNode } from '#contract/filter'
import type { JsonObject } from '#contract/json'
import { Refusal } from '#contract/reply'
import { idField, type RecordKind } from '#engine/records/classify'
import { keepable, type KeepableLimits } from './keepable.ts'
import { matcherOf } from './matchFilter.ts'
import { groupBatch, type RecordMessages } from './mergeInto.ts'
import { MongoConnection, withoutPassword, type MongoConnectionOptions } from './mongoConnection.ts'
import { besideField, fromMongo, isPlainName, isTimeField, type MongoAbilities } from './mongoDocuments.ts'
import { isNameable, pushDown } from './mongoFilter.ts'
import { ensureIndexes } from './mongoIndexes.ts'
import { stepOf, type Step, type WriteWork } from './mongoSteps.ts'
import { idOf, projectDocument, TopRows } from './shapeRecords.ts'
import type { Store, StoredRecord, StoreProblem, StoreQuery, StoreState, StoreWrite, WriteOptions, WriteResult } from './store.ts'
import { collectionOf } from './store.ts'

export type MongoOptions = MongoConnectionOptions & {
  /** Makes no indexes and refuses to write. */
  readonly readOnly?: boolean | undefined
  /** An index that could not be made, in a sentence. */
  readonly onWarning?: ((sentence: string) => void) | undefined
}

/** Bytes are BSON's own; these limits are those of what is kept beside as JSON, and of a stack. */
const limits: KeepableLimits = { maxDepth: 500, maxDigits: 100_000, keepsBytes: true }
const recordsInOneGo = 500
/** Rounds in which another writer came first each time. One that writes without a pause leaves a chance in ten or so. */
const maxRounds = 200
const longestPauseMs = 100
/** A server on its own would otherwise answer up to a tenth of a second before it is on disk. */
const durably = { ordered: false, writeConcern: { w: 'majority', journal: true } } as const

/** Opens at once, connected or not: see `state`. @throws Refusal for a URI that is none */
export function openMongoStore(uri: string, options: MongoOptions = {}): MongoStore {
  return new MongoStore(uri, options)
}

export class MongoStore implements Store {
  readonly type = 'mongodb'
  readonly name: string
  readonly connection: MongoConnection

  constructor(
    uri: string,
    private readonly options: MongoOptions
  ) {
    this.connection = new MongoConnection(uri, options, async () => {
      if (options.readOnly === true) return
      for (const sentence of await ensureIndexes(this.connection.db)) options.onWarning?.(sentence)
    })
    this.name = withoutPassword(uri).replace(/\?.*$/, '')
  }

  get state(): StoreState {
    return this.connection.state
  }

  onState(listener: (state: StoreState) => void): () => void {
    return this.connection.onState(listener)
  }

  /** Resolves once the server has answered and has its indexes. @throws Refusal `unavailable` after `waitMs` */
  async ready(): Promise<void> {
    await this.abilities()
  }

  async write(batch: readonly StoreWrite[], options: WriteOptions = {}): Promise<WriteResult> {
    if (this.options.readOnly === true) throw new Refusal('bad-request', `${this.name} is open for reading only.`)
    const abilities = await this.abilities()
    const problems: StoreProblem[] = []
    const counts = { created: 0, changed: 0, equal: 0 }
    const groups = groupBatch(batch, options, limits, problems)
    for (const kind of new Set(groups.map((group) => group.kind))) {
      const ofKind = groups.filter((group) => group.kind === kind)
      for (let at = 0; at < ofKind.length; at += recordsInOneGo) {
        await this.writeKind(kind, ofKind.slice(at, at + recordsInOneGo), { options, abilities, problems, counts })
      }
    }
    return { ...counts, problems }
  }

  storable(kind: RecordKind, document: JsonObject): { document: JsonObject; problems: StoreProblem[] } {
    const found = keepable(document, limits)
    return { document: found.document, problems: found.problems.map((problem) => ({ kind, id: idOf(document, idField[kind]), ...problem })) }
  }

  async get(kind: RecordKind, id: string): Promise<JsonObject | null> {
    return (await this.getMany(kind, [id])).get(id) ?? null
  }

  async getMany(kind: RecordKind, ids: readonly string[]): Promise<Map<string, JsonObject>> {
    const found = await this.read(kind, ids)
    return new Map([...found].map(([id, document]) => [id, fromMongo(document)]))
  }

  async *query(kind: RecordKind, query: StoreQuery): AsyncIterable<JsonObject> {
    const { sort = [], offset = 0, limit, projection } = query
    if (limit !== undefined && limit <= 0) return
    const { query: pushed, rest } = await this.pushed(kind, query.filter)
    const paths = projection && [...projection, idField[kind]]
    const shaped = (document: JsonObject): JsonObject => (paths ? projectDocument(document, paths) : document)
    const isSortable = sort.every(({ path }) => isNameable(path))
    if (rest || !isSortable) return yield* this.queryHere(kind, pushed, { ...query, filter: rest ?? undefined }, shaped)
    let cursor = this.collection(kind).find(pushed, { projection: this.fields(kind, paths), sort: mongoSort(kind, sort), allowDiskUse: sort.length > 0 })
    if (offset > 0) cursor = cursor.skip(offset)
    if (limit !== undefined) cursor = cursor.limit(limit)
    for await (const document of this.each(cursor)) yield shaped(fromMongo(document))
  }

  async count(kind: RecordKind, filter?: FilterNode): Promise<number> {
    const { query, rest } = await this.pushed(kind, filter)
    if (!rest) return await this.connection.run(async () => await this.collection(kind).countDocuments(query))
    const matches = matcherOf(rest)
    let count = 0
    for await (const document of this.each(this.collection(kind).find(query, { projection: this.fields(kind, undefined) }))) if (matches(fromMongo(document))) count++
    return count
  }

  async *iterate(kind: RecordKind, after?: string): AsyncIterable<StoredRecord> {
    const name = idField[kind]
    let last = after
    for (;;) {
      // Page by page, since a server forgets a cursor that rests for ten minutes.
      const query: Filter<Document> = last === undefined ? {} : { [name]: { $gt: last } }
      const page = await this.connection.run(async () => await this.collection(kind).find(query, { sort: { [name]: 1 }, limit: recordsInOneGo, projection: this.fields(kind, undefined) }).toArray())
      for (const found of page) {
        const document = fromMongo(found)
        yield { id: idOf(document, name), document }
      }
      const end = page.at(-1)
      if (!end || page.length < recordsInOneGo) return
      last = String(end[name])
    }
  }

  async close(): Promise<void> {
    await this.connection.close()
  }

  private async abilities(): Promise<MongoAbilities> {
    return await this.connection.abilities()
  }

  private collection(kind: RecordKind): Collection<Document> {
    return this.connection.db.collection(collectionOf[kind])
  }

  /** Of objects never the bytes, of which a page could hold gigabytes. */
  private fields(kind: RecordKind, paths: readonly string[] | undefined): Document {
    if (!paths) return kind === 'object' ? { _id: 0, data: 0 } : { _id: 0 }
    const names = new Set(paths.map((path) => path.split('.')[0] as string).filter((name) => isPlainName(name) && !(kind === 'object' && name === 'data')))
    return { ...Object.fromEntries([...names].map((name) => [name, 1])), [besideField]: 1, _id: 0 }
  }

  private async pushed(kind: RecordKind, filter: FilterNode | undefined): Promise<ReturnType<typeof pushDown>> {
    return filter ? pushDown(kind, filter, await this.abilities()) : { query: {}, rest: null }
  }

  /** Where the server cannot answer exactly, it sends what may match, and the rest is done here in bounded memory. */
  private async *queryHere(kind: RecordKind, pushed: Filter<Document>, query: StoreQuery, shaped: (document: JsonObject) => JsonObject): AsyncIterable<JsonObject> {
    const { sort = [], offset = 0, limit = Infinity, filter } = query
    const matches = filter ? matcherOf(filter) : () => true
    const cursor = this.collection(kind).find(pushed, { projection: this.fields(kind, undefined), sort: { [idField[kind]]: 1 } })
    const top = sort.length > 0 ? new TopRows<null>(sort, offset + limit) : null
    let passed = 0
    for await (const found of this.each(cursor)) {
      const document = fromMongo(found)
      if (!matches(document)) continue
      if (top) top.add(idOf(document, idField[kind]), document, null)
      else if (passed++ >= offset) yield shaped(document)
      if (!top && passed >= offset + limit) return
    }
    const ids = top?.sorted().slice(offset).map(({ id }) => id) ?? []
    for (let at = 0; at < ids.length; at += recordsInOneGo) {
      const some = ids.slice(at, at + recordsInOneGo)
      const documents = await this.getMany(kind, some)
      for (const id of some) {
        const document = documents.get(id)
        if (document) yield shaped(document)
      }
    }
  }

  private async *each(cursor: AsyncIterable<Document> & { next(): Promise<Document | null>; close(): Promise<void> }): AsyncIterable<Document> {
    try {
      for (;;) {
        const document = await this.connection.run(async () => await cursor.next())
        if (document === null) return
        yield document
      }
    } finally {
      await cursor.close()
    }
  }

  /** As they are in the database, by id. */
  private async read(kind: RecordKind, ids: readonly string[]): Promise<Map<string, Document>> {
    const name = idField[kind]
    const found = new Map<string, Document>()
    for (let at = 0; at < ids.length; at += recordsInOneGo) {
      const query = { [name]: { $in: ids.slice(at, at + recordsInOneGo) } }
      const projection = kind === 'object' ? { data: 0 } : {}
      for (const document of await this.connection.run(async () => await this.collection(kind).find(query, { projection }).toArray())) found.set(String(document[name]), document)
    }
    return found
  }

  /** Reads, merges and writes only what changed, if it is still as it was read; what another writer changed meanwhile is done again. */
  private async writeKind(kind: RecordKind, groups: readonly RecordMessages[], work: WriteWork): Promise<void> {
    const outcomes = new Map<string, 'created' | 'changed' | 'equal'>()
    let left = groups
    for (let round = 0; left.length > 0; round++) {
      if (round === maxRounds) throw new Refusal('unavailable', `${left.length} records of ${this.name} are changed by others faster than they can be merged.`)
      if (round > 0) await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(longestPauseMs, 5 * 2 ** round)))
      const there = await this.read(kind, left.map(({ id }) => id))
      const steps: Step[] = []
      for (const group of left) {
        const step = stepOf(group, there.get(group.id), work)
        // A record that was changed in one round and is found equal in the next has been changed.
        if (outcomes.get(group.id) === undefined || step.outcome !== 'equal') outcomes.set(group.id, step.outcome)
        if (step.operation) steps.push(step)
      }
      if (steps.length === 0) break
      const { refused, isDone } = await this.send(kind, steps)
      for (const [id, reason] of refused) {
        outcomes.delete(id)
        work.problems.push({ kind, id, field: '', reason, effect: 'left-out' })
      }
      left = isDone ? [] : steps.filter(({ group }) => !refused.has(group.id)).map(({ group }) => group)
    }
    for (const outcome of outcomes.values()) work.counts[outcome]++
  }

  /** Ids that the server refuses, with its reason; done if all others are written, and none was changed by others meanwhile. */
  private async send(kind: RecordKind, steps: readonly Step[]): Promise<{ refused: Map<string, string>; isDone: boolean }> {
    const operations = steps.map(({ operation }) => operation as AnyBulkWriteOperation<Document>)
    return await this.connection.run(async () => {
      const refused = new Map<string, string>()
      try {
        const result = await this.collection(kind).bulkWrite(operations, durably)
        return { refused, isDone: result.insertedCount + result.matchedCount === steps.length }
      } catch (error) {
        if (!(error instanceof MongoBulkWriteError)) throw error
        const errors = Array.isArray(error.writeErrors) ? error.writeErrors : [error.writeErrors]
        // The driver wraps a connection's error too, and then no server has said anything.
        if (errors.length === 0) throw error.code === undefined ? new MongoNetworkError(error.message, { cause: error }) : error
        for (const { index, code, errmsg } of errors) {
          const id = steps[index]?.group.id
          // 11000: another writer made the record first.
          if (id !== undefined && code !== 11000) refused.set(id, `MongoDB refuses it: ${errmsg ?? 'no reason given'}.`)
        }
        return { refused, isDone: false }
      }
    })
  }
}

function mongoSort(kind: RecordKind, sort: NonNullable<StoreQuery['sort']>): Sort {
  const by: [string, 1 | -1][] = []
  for (const { path, descending } of sort) {
    const direction = descending ? -1 : 1
    by.push([path, direction])
    if (kind === 'task' && isTimeField(path)) by.push([`${besideField}.times.${path}`, direction])
  }
  if (!by.some(([name]) => name === idField[kind])) by.push([idField[kind], 1])
  return by
}
