/** What stores that cannot do it themselves do with records: keep some fields, and sort in bounded memory. */
import { field, isJsonObject, setField, type JsonObject, type JsonValue } from '#contract/json'
import { compareText, compareValues, sortKey } from './compareValues.ts'
import type { StoreSort } from './store.ts'

/** The fields at some paths, in the order of the document; through lists of dicts as Mongo does, whose other elements go. */
export function projectDocument(document: JsonObject, paths: readonly string[]): JsonObject {
  return project(document, paths.map((path) => path.split('.')))
}

function project(document: JsonObject, paths: readonly (readonly string[])[]): JsonObject {
  const kept: JsonObject = {}
  for (const [key, value] of Object.entries(document)) {
    const below = paths.filter((path) => path[0] === key).map((path) => path.slice(1))
    if (below.some((path) => path.length === 0)) setField(kept, key, value)
    else if (below.length > 0) {
      const inner = projectValue(value, below)
      if (inner !== undefined) setField(kept, key, inner)
    }
  }
  return kept
}

function projectValue(value: JsonValue, paths: readonly (readonly string[])[]): JsonValue | undefined {
  if (isJsonObject(value)) return project(value, paths)
  if (!Array.isArray(value)) return undefined
  return value.flatMap((item) => projectValue(item, paths) ?? [])
}

export type SortedRow<T> = { readonly id: string; readonly keys: readonly (JsonValue | undefined)[]; readonly row: T }

/** Keeps the first `size` rows of a sorted whole; what it holds never exceeds twice that. */
export class TopRows<T> {
  private rows: SortedRow<T>[] = []

  constructor(
    private readonly sort: readonly StoreSort[],
    private readonly size: number
  ) {}

  add(id: string, document: JsonObject, row: T): void {
    this.rows.push({ id, keys: this.sort.map((by) => sortKey(document, by)), row })
    if (this.rows.length >= 2 * this.size + 1024) this.rows = this.sorted()
  }

  sorted(): SortedRow<T>[] {
    return this.rows.sort((left, right) => this.compare(left, right)).slice(0, this.size)
  }

  private compare(left: SortedRow<T>, right: SortedRow<T>): number {
    for (const [index, { descending }] of this.sort.entries()) {
      const order = compareValues(left.keys[index], right.keys[index])
      if (order !== 0) return descending ? -order : order
    }
    return compareText(left.id, right.id)
  }
}

/** The id of a stored document; text, since that is what stores key it by. */
export function idOf(document: JsonObject, idField: string): string {
  const id = field(document, idField)
  return typeof id === 'string' ? id : String(id)
}
