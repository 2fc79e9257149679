/** Where records are kept. One interface for every store, one suite of tests (storeSuite.ts) for all that implement it. */
import type { FilterNode } from '#contract/filter'
import type { JsonObject } from '#contract/json'
import type { Curation } from '#engine/records/curateTask'
import type { RecordKind } from '#engine/records/classify'

/** One message, or a document of another store, to be merged into the record it belongs to. */
export type StoreWrite = { readonly kind: RecordKind; readonly message: JsonObject }

/**
 * A value that cannot be kept as it is. `left-out`: it is missing from the stored record; `changed`: something near it is stored instead.
 * The rest of its record, and of its batch, is stored. `field` is a dotted path, empty if the whole record could not be stored.
 */
export type StoreProblem = {
  readonly kind: RecordKind
  /** Null for a record whose id is not known. */
  readonly id: string | null
  readonly field: string
  /** A sentence for a person. */
  readonly reason: string
  readonly effect: 'left-out' | 'changed'
}

/** Records, not messages. What is reported here is durable. */
export type WriteResult = { readonly created: number; readonly changed: number; readonly equal: number; readonly problems: readonly StoreProblem[] }

export type WriteOptions = Pick<Curation, 'dropFields'> & {
  /** Names a message without an id; a random UUID unless told. */
  readonly newId?: (() => string) | undefined
  /** What of a record's messages to merge, given what is there: asked while the store reads, merges and writes it. All of them unless told. */
  readonly select?: ((kind: RecordKind, existing: JsonObject | undefined, messages: readonly JsonObject[]) => readonly JsonObject[]) | undefined
  /** Adds to a merged record what follows from the whole of it. Doing it again must add nothing. */
  readonly complete?: ((kind: RecordKind, document: JsonObject) => JsonObject) | undefined
  /** Told of each record that is there already and gains something; where another writer comes between, more than once. */
  readonly onChanged?: ((change: StoredChange) => void) | undefined
}

/** What was there, in its normal form, and what it becomes; `fields` are those of the top level that differ. */
export type StoredChange = { readonly kind: RecordKind; readonly id: string; readonly before: JsonObject; readonly after: JsonObject; readonly fields: readonly string[] }

export type StoreSort = { readonly path: string; readonly descending?: boolean | undefined }

/** Without `sort` records come in the order of their ids (bytes of UTF-8), which is also what decides between equals. */
export type StoreQuery = {
  readonly filter?: FilterNode | undefined
  /** Dotted paths to keep, as Mongo's inclusion does; everything if left out. The id is always there. */
  readonly projection?: readonly string[] | undefined
  readonly sort?: readonly StoreSort[] | undefined
  readonly offset?: number | undefined
  readonly limit?: number | undefined
}

export type StoredRecord = { readonly id: string; readonly document: JsonObject }

/** `lost` is a store that has been away so long that somebody should look; it is tried again all the same. */
export type StoreState =
  | { readonly name: 'connecting' }
  | { readonly name: 'live' }
  | { readonly name: 'retrying' | 'lost'; readonly attempt: number; readonly sinceMs: number; readonly reason: string }
  | { readonly name: 'closed' }

/** A store that cannot be reached or has no room refuses with `unavailable`; nothing written before is lost, and the batch may be written again. */
export type Store = {
  readonly type: 'lmdb' | 'mongodb' | 'jsonl'
  /** For people and logs; never a password. */
  readonly name: string
  readonly state: StoreState
  /** Calls back at each change of state; returns a function that ends this. */
  onState(listener: (state: StoreState) => void): () => void
  /** Merges each message into its record: read, merge, write, as one. Writing the same again changes nothing. */
  write(batch: readonly StoreWrite[], options?: WriteOptions): Promise<WriteResult>
  /** The document as this store would give it back, and what it cannot keep of it. */
  storable(kind: RecordKind, document: JsonObject): { readonly document: JsonObject; readonly problems: readonly StoreProblem[] }
  get(kind: RecordKind, id: string): Promise<JsonObject | null>
  /** Records that there are, by id. Ask for some hundreds at once. */
  getMany(kind: RecordKind, ids: readonly string[]): Promise<Map<string, JsonObject>>
  query(kind: RecordKind, query: StoreQuery): AsyncIterable<JsonObject>
  count(kind: RecordKind, filter?: FilterNode): Promise<number>
  /** Every record in the order of ids, from the one after `after`, in bounded memory, while others write. */
  iterate(kind: RecordKind, after?: string): AsyncIterable<StoredRecord>
  close(): Promise<void>
}

export const recordKinds = ['task', 'workflow', 'agent', 'object'] as const satisfies readonly RecordKind[]

/** Collections and named databases, as Flowcept names them. */
export const collectionOf = { task: 'tasks', workflow: 'workflows', agent: 'agents', object: 'objects' } as const satisfies Record<RecordKind, string>
