/**
 * Records of a MongoDB in the order of the Table, answered by the server: page by page, where a record stands, and which match is next.
 * The Table's order is not Mongo's: by kind of value first (numbers, NaN, texts, booleans), nulls last in either direction, then ids. So
 * the records fall into stretches, by the kind of value of the first column, which the server sorts one after the other.
 */
import { setMaxListeners } from 'node:events'
import type { Document, Filter, Sort } from 'mongodb'
import type { FilterNode } from '#contract/filter'
import { idField, type RecordKind } from '#engine/records/classify'
import type { MongoConnection } from './mongoConnection.ts'
import { besideField, isTimeField } from './mongoDocuments.ts'
import { isNameable, pushDown } from './mongoFilter.ts'
import { collectionOf, type StoreSort } from './store.ts'

export type OrderWanted = { readonly kind: RecordKind; readonly filter: FilterNode; readonly sort: readonly StoreSort[] }

type Kind = 'date' | 'number' | 'nan' | 'text' | 'boolean' | 'none'
/** Records of which the first column has one kind of value. */
type Stretch = { readonly query: Filter<Document>; readonly keys: readonly Key[] }
/** What a stretch is sorted by; a missing value comes before all others, after them if descending. */
type Key = { readonly path: string; readonly descending: boolean }

const order: readonly Kind[] = ['date', 'number', 'nan', 'text', 'boolean', 'none']
const typesOfKind = { date: ['date'], number: ['double', 'int', 'long'], text: ['string'], boolean: ['bool'] } as const
/** At the same time, of one request. */
const mostQuestions = 200
/** Kinds of BSON that a record shows as something else. */
const foreignTypes = ['binData', 'objectId', 'regex', 'timestamp', 'decimal'] as const

/** Asks the server what values the sorted columns have; those answers are good until `forget`. */
export class MongoOrders {
  private readonly kinds = new Map<string, Promise<readonly Kind[] | null>>()

  constructor(private readonly connection: MongoConnection) {}

  forget(): void {
    this.kinds.clear()
  }

  /** Null for what the server cannot answer just as the Table's own engine does. @throws Refusal `unavailable` */
  async view({ filter, kind, sort }: OrderWanted, signal: AbortSignal): Promise<MongoOrder | null> {
    setMaxListeners(mostQuestions, signal)
    const { query, rest } = pushDown(kind, filter, await this.connection.abilities())
    if (rest !== null || !sort.every(({ path }) => isNameable(path))) return null
    const kinds = await Promise.all(sort.map(async ({ path }) => await this.kindsOf(kind, path)))
    const [first = ['none'], ...others] = kinds
    // Of equal values of the first column only the server sees the next one's: it has to sort that as it is.
    if (first === null || others.some((some) => some === null || some.length > 1)) return null
    const later = others.map((some) => some?.[0] ?? 'none')
    const stretches = first.map((one): Stretch => {
      const parts = [query, ...(first.length > 1 ? [ofKind(sort[0]?.path ?? '', one)] : [])].filter((part) => Object.keys(part).length > 0)
      return { query: parts.length > 1 ? { $and: parts } : (parts[0] ?? {}), keys: keysOf(kind, sort, [one, ...later]) }
    })
    return new MongoOrder(this.connection, kind, stretches)
  }

  private async kindsOf(kind: RecordKind, path: string): Promise<readonly Kind[] | null> {
    const key = `${kind} ${path}`
    let found = this.kinds.get(key)
    if (!found) {
      found = this.askKinds(kind, path)
      this.kinds.set(key, found)
      // What failed is asked again.
      found.catch(() => this.kinds.delete(key))
    }
    return await found
  }

  /** Null where there are lists on the way, kinds that have no place here, or dates among numbers. */
  private async askKinds(kind: RecordKind, path: string): Promise<readonly Kind[] | null> {
    const has = async (query: Filter<Document>): Promise<boolean> =>
      await this.connection.run(async () => (await this.connection.db.collection(collectionOf[kind]).findOne(query, { projection: { _id: 1 } })) !== null)
    const prefixes = path.split('.').map((_, index, keys) => keys.slice(0, index + 1).join('.'))
    const mayBeDate = kind === 'task' && isTimeField(path)
    const foreign = [...prefixes.map((prefix) => ({ [prefix]: { $type: 'array' } })), ...foreignTypes.map((type) => ({ [path]: { $type: type } })), ...(mayBeDate ? [] : [{ [path]: { $type: 'date' } }])]
    if (await has({ $or: foreign })) return null
    const asked = order.filter((one) => one !== 'date' || mayBeDate)
    const there = await Promise.all(asked.map(async (one) => await has(ofKind(path, one))))
    const kinds = asked.filter((_, index) => there[index])
    return kinds.includes('date') && (kinds.includes('number') || kinds.includes('nan')) ? null : kinds
  }
}

export class MongoOrder {
  constructor(
    private readonly connection: MongoConnection,
    private readonly kind: RecordKind,
    private readonly stretches: readonly Stretch[]
  ) {}

  async count(signal: AbortSignal): Promise<number> {
    const counts = await Promise.all(this.stretches.map(async ({ query }) => await this.countOf(query, signal)))
    return counts.reduce((sum, count) => sum + count, 0)
  }

  /** @param names fields to fetch, at the top level; all if left out */
  async page(offset: number, limit: number, names: readonly string[] | undefined, signal: AbortSignal): Promise<Document[]> {
    const found: Document[] = []
    let skip = offset
    for (const [index, { keys, query }] of this.stretches.entries()) {
      const isLast = index === this.stretches.length - 1
      const there = skip > 0 && !isLast ? await this.countOf(query, signal) : Infinity
      if (skip >= there) {
        skip -= there
        continue
      }
      found.push(...(await this.find(query, { sort: this.sortOf(keys, false), skip, limit: limit - found.length, names, signal })))
      skip = 0
      if (found.length >= limit) break
    }
    return found
  }

  /** How many stand before the record; null if it is not among them. */
  async indexOf(id: string, signal: AbortSignal): Promise<number | null> {
    const name = idField[this.kind]
    for (const [index, { query }] of this.stretches.entries()) {
      const [document] = await this.find({ $and: [query, { [name]: { $eq: id } }] }, { sort: { [name]: 1 }, skip: 0, limit: 1, names: undefined, signal })
      if (!document) continue
      const earlier = await Promise.all(this.stretches.slice(0, index).map(async (stretch) => await this.countOf(stretch.query, signal)))
      const before = await this.countOf({ $and: [query, this.beyond(index, document, 'before')] }, signal)
      return earlier.reduce((sum, count) => sum + count, before)
    }
    return null
  }

  /** The nearest that matches behind, or before, the record at `from`; −1 stands before the first. */
  async next(match: Filter<Document>, from: number, direction: 'next' | 'previous', signal: AbortSignal): Promise<string | null> {
    const isForward = direction === 'next'
    if (from < 0 && !isForward) return null
    const [start] = from < 0 ? [null] : await this.page(from, 1, undefined, signal)
    // Beyond the end: backwards everything is before it.
    if (start === undefined && isForward) return null
    const at = start ? await this.stretchOf(start, signal) : -1
    const indexes = [...this.stretches.keys()].filter((index) => at < 0 || (isForward ? index >= at : index <= at))
    for (const index of isForward ? indexes : indexes.toReversed()) {
      const { keys, query } = this.stretches[index] as Stretch
      const bounds = start && index === at ? [this.beyond(index, start, isForward ? 'after' : 'before')] : []
      const [found] = await this.find({ $and: [query, match, ...bounds] }, { sort: this.sortOf(keys, !isForward), skip: 0, limit: 1, names: [idField[this.kind]], signal })
      if (found) return String(found[idField[this.kind]])
    }
    return null
  }

  private async stretchOf(document: Document, signal: AbortSignal): Promise<number> {
    if (this.stretches.length === 1) return 0
    const counts = await Promise.all(this.stretches.map(async ({ query }) => await this.countOf({ $and: [query, { _id: document._id }] }, signal)))
    return counts.findIndex((count) => count > 0)
  }

  /** Of one stretch, what stands before or behind a document of it. */
  private beyond(index: number, document: Document, side: 'before' | 'after'): Filter<Document> {
    const name = idField[this.kind]
    const keys = [...(this.stretches[index]?.keys ?? []), { path: name, descending: false }]
    const same: Document[] = []
    const either: Document[] = []
    for (const { descending, path } of keys) {
      const value = valueAt(document, path)
      const isLess = (side === 'before') !== descending
      const differs = value === undefined ? (isLess ? null : { [path]: { $exists: true } }) : isLess ? { $or: [{ [path]: { $lt: value } }, { [path]: { $exists: false } }] } : { [path]: { $gt: value } }
      if (differs) either.push(same.length === 0 ? differs : { $and: [...same, differs] })
      same.push(value === undefined ? { [path]: { $exists: false } } : { [path]: { $eq: value } })
    }
    return { $or: either }
  }

  private async countOf(query: Filter<Document>, signal: AbortSignal): Promise<number> {
    return await this.connection.run(async () => await this.collection().countDocuments(query, { signal }))
  }

  private async find(query: Filter<Document>, { limit, names, signal, skip, sort }: { sort: Sort; skip: number; limit: number; names: readonly string[] | undefined; signal: AbortSignal }): Promise<Document[]> {
    const projection = names ? Object.fromEntries([...names, besideField].map((name) => [name, 1])) : this.kind === 'object' ? { data: 0 } : {}
    return await this.connection.run(async () => await this.collection().find(query, { projection, sort, skip, limit, allowDiskUse: true, signal }).toArray())
  }

  private collection() {
    return this.connection.db.collection(collectionOf[this.kind])
  }

  private sortOf(keys: readonly Key[], isReversed: boolean): Sort {
    const by = new Map<string, 1 | -1>()
    for (const { descending, path } of [...keys, { path: idField[this.kind], descending: false }]) if (!by.has(path)) by.set(path, descending === isReversed ? 1 : -1)
    return [...by]
  }
}

function ofKind(path: string, kind: Kind): Filter<Document> {
  if (kind === 'nan') return { [path]: { $eq: Number.NaN } }
  if (kind === 'none') return { $nor: Object.values(typesOfKind).flat().map((type) => ({ [path]: { $type: type } })) }
  const some = typesOfKind[kind].map((type) => ({ [path]: { $type: type } }))
  const typed: Filter<Document> = some.length === 1 ? (some[0] as Document) : { $or: some }
  return kind === 'number' ? { $and: [typed, { [path]: { $ne: Number.NaN } }] } : typed
}

/** Dates have milliseconds; what lies within one is sorted by the exact time beside. */
function keysOf(kind: RecordKind, sort: readonly StoreSort[], kinds: readonly Kind[]): Key[] {
  return sort.flatMap(({ descending = false, path }, index) => {
    const valueKind = kinds[index]
    if (valueKind === 'none' || valueKind === 'nan') return []
    const isDated = kind === 'task' && valueKind === 'date'
    return [{ path, descending }, ...(isDated ? [{ path: `${besideField}.times.${path}`, descending }] : [])]
  })
}

function valueAt(document: Document, path: string): unknown {
  let value: unknown = document
  for (const key of path.split('.')) value = typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined
  return value
}
