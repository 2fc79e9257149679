/** Records in an LMDB environment, in the format that Flowcept's Python reads and writes, also while it has it open. */
import { statfsSync } from 'node:fs'
import type { Database, RootDatabase } from 'lmdb'
import type { FilterNode } from '#contract/filter'
import { JsonSyntaxError, isJsonObject, parseJson, stringifyJson, type JsonObject } from '#contract/json'
import { Refusal } from '#contract/reply'
import type { RecordKind } from '#engine/records/classify'
import { idField } from '#engine/records/classify'
import { keepable, type KeepableLimits } from './keepable.ts'
import { openEnvironment } from './lmdbEnvironments.ts'
import { readLmdbFormat } from './lmdbFormat.ts'
import { matcherOf } from './matchFilter.ts'
import { groupBatch, mergeInto, type RecordMessages } from './mergeInto.ts'
import { projectDocument, TopRows } from './shapeRecords.ts'
import { collectionOf, recordKinds, type Store, type StoredRecord, type StoreProblem, type StoreQuery, type StoreState, type StoreWrite, type WriteOptions, type WriteResult } from './store.ts'

export type LmdbOptions = {
  readonly readOnly?: boolean | undefined
  /** As Flowcept's; only address space, not disk. */
  readonly mapSizeBytes?: number | undefined
  /** A stored value that is no JSON object: it is passed over, and reported here. */
  readonly onUnreadable?: ((kind: RecordKind, id: string, reason: string, text: string) => void) | undefined
}

type Table = Database<string, Buffer>

/** Python's json reads no integer of more digits, and by default nests no deeper than its stack allows. */
export const lmdbLimits: KeepableLimits = { maxDepth: 500, maxDigits: 4300 }

/** LMDB as Python's package builds it takes no longer keys, though the library here would. */
const maxKeyBytes = 511
/** Rows read in one go; between two goes other work gets its turn, and what others wrote meanwhile is seen. */
const rowsInOneGo = 500
/** Records that one write transaction takes, so that other processes get theirs. */
const recordsInOneTransaction = 2000

/**
 * Opens the environment in a directory, or creates it.
 * @throws Refusal for what is no environment of data format v1
 */
export function openLmdbStore(path: string, options: LmdbOptions = {}): LmdbStore {
  const { readOnly = false, mapSizeBytes } = options
  const format = readLmdbFormat(path)
  if (readOnly && format.state === 'none') throw new Refusal('not-found', `${path} holds no data.mdb, so there is no LMDB environment to read.`)
  try {
    const environment = openEnvironment({ path, format, readOnly, mapSizeBytes })
    return new LmdbStore(environment, path, options)
  } catch (error) {
    throw refusalOf(error, path)
  }
}

export class LmdbStore implements Store {
  readonly type = 'lmdb'
  readonly name: string
  state: StoreState = { name: 'live' }
  private readonly tables = new Map<RecordKind, Table>()
  private readonly listeners = new Set<(state: StoreState) => void>()

  constructor(
    private readonly environment: RootDatabase,
    readonly path: string,
    private readonly options: LmdbOptions
  ) {
    this.name = path
    // Flowcept's own four are made as it makes them, and `objects`, which it does not look at, when first asked for.
    if (options.readOnly !== true) {
      for (const kind of ['task', 'workflow', 'agent'] as const) this.table(kind)
      environment.openDB<string, Buffer>({ name: 'dashboards', ...tableOptions })
    }
  }

  onState(listener: (state: StoreState) => void): () => void {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  async write(batch: readonly StoreWrite[], options: WriteOptions = {}): Promise<WriteResult> {
    if (this.options.readOnly === true) throw new Refusal('bad-request', `${this.path} is open for reading only.`)
    const problems: StoreProblem[] = []
    const counts = { created: 0, changed: 0, equal: 0 }
    const groups = groupBatch(batch, options, lmdbLimits, problems).filter((group) => this.hasKey(group, problems))
    for (let at = 0; at < groups.length; at += recordsInOneTransaction) {
      if (at > 0) await turn()
      this.writeGroups(groups.slice(at, at + recordsInOneTransaction), options, counts)
    }
    return { ...counts, problems }
  }

  storable(kind: RecordKind, document: JsonObject): { document: JsonObject; problems: StoreProblem[] } {
    const found = keepable(document, lmdbLimits)
    const id = String(document[idField[kind]] ?? '')
    const problems: StoreProblem[] = found.problems.map((problem) => ({ kind, id, ...problem }))
    // A document without an id gets one when it is written.
    const isKeyed = document[idField[kind]] === undefined || this.hasKey({ kind, id }, problems)
    return { document: isKeyed ? found.document : {}, problems }
  }

  async get(kind: RecordKind, id: string): Promise<JsonObject | null> {
    return this.read(kind, id) ?? null
  }

  async getMany(kind: RecordKind, ids: readonly string[]): Promise<Map<string, JsonObject>> {
    const found = new Map<string, JsonObject>()
    for (const id of ids) {
      const document = this.read(kind, id)
      if (document) found.set(id, document)
    }
    return found
  }

  async *query(kind: RecordKind, query: StoreQuery): AsyncIterable<JsonObject> {
    const { projection, sort = [], offset = 0, limit = Infinity } = query
    const matches = query.filter ? matcherOf(query.filter) : () => true
    const paths = projection && [...projection, idField[kind]]
    const shaped = (document: JsonObject): JsonObject => (paths ? projectDocument(document, paths) : document)
    if (limit <= 0) return
    if (sort.length === 0) {
      let passed = 0
      for await (const { document } of this.iterate(kind)) {
        if (!matches(document) || passed++ < offset) continue
        yield shaped(document)
        if (passed >= offset + limit) return
      }
      return
    }
    // Only the ids and what they are sorted by are held; documents are read again as they are asked for.
    const top = new TopRows<null>(sort, offset + limit)
    for await (const { id, document } of this.iterate(kind)) if (matches(document)) top.add(id, document, null)
    for (const { id } of top.sorted().slice(offset)) {
      const document = this.read(kind, id)
      if (document) yield shaped(document)
    }
  }

  async count(kind: RecordKind, filter?: FilterNode): Promise<number> {
    const table = this.table(kind)
    if (!table) return 0
    if (!filter || (filter.op === 'and' && filter.nodes.length === 0)) return (table.getStats() as { entryCount: number }).entryCount
    const matches = matcherOf(filter)
    let count = 0
    for await (const { document } of this.iterate(kind)) if (matches(document)) count++
    return count
  }

  async *iterate(kind: RecordKind, after?: string): AsyncIterable<StoredRecord> {
    const table = this.table(kind)
    if (!table) return
    // The least key that comes after another is that key and a zero byte.
    let start = after === undefined ? undefined : Buffer.concat([Buffer.from(after), zeroByte])
    for (;;) {
      const rows = this.rows(table, start)
      for (const { key, value } of rows) {
        const id = key.toString('utf8')
        const document = this.parse(kind, id, value)
        if (document) yield { id, document }
      }
      const last = rows.at(-1)
      if (!last || rows.length < rowsInOneGo) return
      start = Buffer.concat([last.key, zeroByte])
      await turn()
    }
  }

  async close(): Promise<void> {
    if (this.state.name === 'closed') return
    this.state = { name: 'closed' }
    // Others of this thread may use the environment, and it is kept for those that come.
    for (const listener of this.listeners) listener(this.state)
  }

  private writeGroups(groups: readonly RecordMessages[], options: WriteOptions, counts: { created: number; changed: number; equal: number }): void {
    const outcomes = { created: 0, changed: 0, equal: 0 }
    try {
      for (const kind of recordKinds) if (groups.some((group) => group.kind === kind)) this.table(kind)
      this.environment.transactionSync(() => {
        for (const group of groups) {
          const merged = mergeInto(this.read(group.kind, group.id), group, options)
          outcomes[merged.outcome]++
          if (merged.outcome !== 'equal') this.table(group.kind)?.putSync(Buffer.from(group.id), stringifyJson(merged.document))
        }
      })
    } catch (error) {
      throw refusalOf(error, this.path)
    }
    counts.created += outcomes.created
    counts.changed += outcomes.changed
    counts.equal += outcomes.equal
  }

  private hasKey({ kind, id }: Pick<RecordMessages, 'kind' | 'id'>, problems: StoreProblem[]): boolean {
    const length = Buffer.byteLength(id)
    if (length > 0 && length <= maxKeyBytes) return true
    const reason = length === 0 ? 'Its id is empty, which LMDB takes for no key.' : `Its id is ${length.toLocaleString('en')} bytes long; LMDB keys have ${maxKeyBytes} at most.`
    problems.push({ kind, id, field: '', reason, effect: 'left-out' })
    return false
  }

  private rows(table: Table, start: Buffer | undefined): { key: Buffer; value: string }[] {
    // Keys are views of LMDB's pages, which later writes reuse.
    return [...table.getRange({ ...(start && { start }), limit: rowsInOneGo })].map(({ key, value }) => ({ key: Buffer.from(key), value }))
  }

  private read(kind: RecordKind, id: string): JsonObject | undefined {
    const length = Buffer.byteLength(id)
    const text = length === 0 || length > maxKeyBytes ? undefined : this.table(kind)?.get(Buffer.from(id))
    return text === undefined ? undefined : this.parse(kind, id, text)
  }

  private parse(kind: RecordKind, id: string, text: string): JsonObject | undefined {
    try {
      const value = parseJson(text)
      if (isJsonObject(value)) return value
      this.options.onUnreadable?.(kind, id, 'It is no JSON object.', text)
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error
      this.options.onUnreadable?.(kind, id, `${error.message}.`, text)
    }
    return undefined
  }

  /** Undefined where a read-only environment has none yet; another process may make it later. */
  private table(kind: RecordKind): Table | undefined {
    if (this.state.name === 'closed') throw new Refusal('unavailable', `${this.path} is closed.`)
    const known = this.tables.get(kind)
    if (known) return known
    const table = this.environment.openDB<string, Buffer>({ name: collectionOf[kind], ...tableOptions }) as Table | undefined
    if (table) this.tables.set(kind, table)
    return table
  }
}

const zeroByte = Buffer.from([0])
const tableOptions = { keyEncoding: 'binary', encoding: 'string' } as const

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** LMDB's own error codes, and the system's. */
function refusalOf(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || error instanceof Refusal) return error
  const { code, message } = error as Error & { code?: number | string }
  if (code === -30792) return new Refusal('unavailable', `${path} is full: its map size is used up. What was written before is kept.`)
  if (code === 28 || /no space left/i.test(message) || (isInputOutputError(error) && isDiskFull(path))) return new Refusal('unavailable', `The disk of ${path} is full. What was written before is kept.`)
  if (code === 13 || code === 30 || /permission denied|read-only file system/i.test(message)) return new Refusal('unavailable', `${path} cannot be written: ${message}.`)
  return error
}

/** LMDB takes a write of which only a part found room for an error of the device. */
function isInputOutputError(error: Error & { code?: number | string }): boolean {
  return error.code === 5 || error.message === 'Input/output error'
}

function isDiskFull(path: string): boolean {
  const { bavail, bsize } = statfsSync(path)
  return bavail * bsize < 1 << 20
}
