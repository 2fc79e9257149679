/** A store of which only some records are seen: what is to be copied from it. */
import type { FilterNode } from '#contract/filter'
import type { JsonObject } from '#contract/json'
import type { RecordKind } from '#engine/records/classify'
import { compareText } from '#engine/stores/compareValues'
import type { Store, StoredRecord, StoreProblem, StoreQuery, StoreState, WriteResult } from '#engine/stores/store'
import { Refusal } from '#contract/reply'

const recordsInOneGo = 500

export class OnlyRecords implements Store {
  readonly type: Store['type']
  readonly name: string
  private readonly ids: ReadonlyMap<RecordKind, readonly string[]>

  constructor(
    private readonly store: Store,
    ids: ReadonlyMap<RecordKind, ReadonlySet<string>>
  ) {
    this.type = store.type
    this.name = store.name
    this.ids = new Map([...ids].map(([kind, some]) => [kind, [...some].sort(compareText)]))
  }

  get state(): StoreState {
    return this.store.state
  }

  onState(listener: (state: StoreState) => void): () => void {
    return this.store.onState(listener)
  }

  write(): Promise<WriteResult> {
    return Promise.reject(new Refusal('bad-request', `${this.name} is read here.`))
  }

  storable(kind: RecordKind, document: JsonObject): { document: JsonObject; problems: readonly StoreProblem[] } {
    return this.store.storable(kind, document)
  }

  async get(kind: RecordKind, id: string): Promise<JsonObject | null> {
    return await this.store.get(kind, id)
  }

  async getMany(kind: RecordKind, ids: readonly string[]): Promise<Map<string, JsonObject>> {
    return await this.store.getMany(kind, ids)
  }

  query(kind: RecordKind, query: StoreQuery): AsyncIterable<JsonObject> {
    return this.store.query(kind, query)
  }

  async count(kind: RecordKind, filter?: FilterNode): Promise<number> {
    return filter ? await this.store.count(kind, filter) : (this.ids.get(kind)?.length ?? 0)
  }

  async *iterate(kind: RecordKind, after?: string): AsyncIterable<StoredRecord> {
    const ids = (this.ids.get(kind) ?? []).filter((id) => after === undefined || compareText(id, after) > 0)
    for (let at = 0; at < ids.length; at += recordsInOneGo) {
      const some = ids.slice(at, at + recordsInOneGo)
      const documents = await this.store.getMany(kind, some)
      for (const id of some) {
        const document = documents.get(id)
        if (document) yield { id, document }
      }
    }
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
