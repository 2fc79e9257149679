/** Rows of one view, fetched in pages of rows × chunks of columns as they come into sight, newest wish first. */
import type { Call } from '#contract/dispatch'
import type { CallError } from '#contract/reply'
import type { Cell, Records, Scope, Sort } from '#contract/values'

export type RowsView = { sourceId: string; records: Records; scope: Scope; sort: Sort; columns: readonly string[]; /** Longer cells are cut. */ cellLength?: number }
export type RowHead = { id: string; status: string | null }
type Tile = { page: number; chunk: number }
type Loaded = { heads: RowHead[]; cells: Cell[][] }

const pageRows = 100
const chunkColumns = 24
const maxTiles = 600
const maxInFlight = 3

export class RowCache {
  /** Rows in scope and rows without it; null until the first answer. */
  total: number | null = null
  unfiltered: number | null = null
  queryMs: number | null = null
  error: CallError | null = null
  /** Counts up with every change; for useSyncExternalStore. */
  version = 0
  private readonly tiles = new Map<string, Loaded>()
  private readonly inFlight = new Map<string, AbortController>()
  private wishes: Tile[] = []
  private closed = false
  private readonly listeners = new Set<() => void>()

  private previous: { cache: RowCache; shift: number; columns: readonly number[] } | null = null

  constructor(
    private readonly call: Call,
    readonly view: RowsView
  ) {}

  /**
   * Takes the place of the same rows in the same order at an earlier revision or with other columns, which are shown until newer
   * ones are here.
   * @param shift rows by which they have moved down since
   */
  replace(cache: RowCache, shift: number): void {
    cache.close()
    cache.previous = null
    const places = new Map(cache.view.columns.map((name, index) => [name, index]))
    this.previous = { cache, shift, columns: this.view.columns.map((name) => places.get(name) ?? -1) }
  }

  /** Waits until everything that was wished for is here, or cannot be. */
  async settled(): Promise<void> {
    while ((this.inFlight.size > 0 || this.wishes.length > 0) && this.error === null && !this.closed) {
      await new Promise<void>((resolve) => {
        const end = this.subscribe(() => {
          end()
          resolve()
        })
      })
    }
  }

  /** Where a record stands among the rows that are here; the nearest to `near`. */
  place(id: string, near: number): number | null {
    let found: number | null = null
    for (const [key, { heads }] of this.tiles) {
      const first = Number(key.slice(0, key.indexOf(':'))) * pageRows
      for (const [index, head] of heads.entries()) {
        if (head.id === id && (found === null || Math.abs(first + index - near) < Math.abs(found - near))) found = first + index
      }
    }
    return found
  }

  /** As many rows as another view of them has, until it is known. */
  expect({ total, unfiltered }: RowCache): void {
    this.total = total
    this.unfiltered = unfiltered
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  head(index: number): RowHead | undefined {
    const page = Math.floor(index / pageRows)
    for (let chunk = 0; chunk < this.chunks; chunk++) {
      const loaded = this.tiles.get(`${page}:${chunk}`)
      if (loaded) return loaded.heads[index % pageRows]
    }
    return this.previous?.cache.head(index - this.previous.shift)
  }

  /** Undefined while it is not here. */
  cell(index: number, column: number): Cell | undefined {
    const loaded = this.tiles.get(`${Math.floor(index / pageRows)}:${Math.floor(column / chunkColumns)}`)
    return loaded ? loaded.cells[index % pageRows]?.[column % chunkColumns] : this.previous?.cache.cell(index - this.previous.shift, this.previous.columns[column] ?? -1)
  }

  /** Says what is in sight; replaces earlier wishes that were not begun. Columns may be scattered (pinned ones are). */
  want(first: number, last: number, columns: readonly number[]): void {
    const chunks = columns.length > 0 ? [...new Set(columns.map((column) => Math.floor(column / chunkColumns)))] : [0]
    this.wishes = []
    const lastPage = Math.floor(Math.max(first, last - 1) / pageRows)
    for (let page = Math.floor(first / pageRows); page <= lastPage; page++) {
      for (const chunk of chunks) {
        const key = `${page}:${chunk}`
        if (this.tiles.has(key) || this.inFlight.has(key)) continue
        if (this.total === null || page === 0 || page * pageRows < this.total) this.wishes.push({ page, chunk })
      }
    }
    this.next()
  }

  retry(): void {
    this.error = null
    this.changed()
  }

  close(): void {
    this.closed = true
    for (const controller of this.inFlight.values()) controller.abort()
    this.inFlight.clear()
    this.wishes = []
    this.changed()
  }

  private get chunks(): number {
    return Math.max(1, Math.ceil(this.view.columns.length / chunkColumns))
  }

  private next(): void {
    while (!this.closed && this.error === null && this.inFlight.size < maxInFlight) {
      const tile = this.wishes.shift()
      if (!tile) return
      void this.load(tile)
    }
  }

  private async load({ page, chunk }: Tile): Promise<void> {
    const key = `${page}:${chunk}`
    const controller = new AbortController()
    this.inFlight.set(key, controller)
    const { sourceId, records, scope, sort, columns, cellLength } = this.view
    const reply = await this.call(
      'rows.page',
      { sourceId, records, scope, sort, columns: columns.slice(chunk * chunkColumns, (chunk + 1) * chunkColumns), offset: page * pageRows, limit: pageRows, ...(cellLength !== undefined && { cellLength }) },
      { signal: controller.signal }
    )
    if (this.inFlight.get(key) !== controller) return
    this.inFlight.delete(key)
    if (reply.ok) {
      this.keep(key, { heads: reply.value.rows.map(({ id, status }) => ({ id, status })), cells: reply.value.rows.map(({ cells }) => cells) })
      this.total = reply.value.total
      this.unfiltered = reply.value.unfiltered
      this.queryMs = reply.value.queryMs
    } else if (reply.error.code !== 'cancelled') {
      this.error = reply.error
    }
    this.changed()
    this.next()
  }

  private keep(key: string, loaded: Loaded): void {
    this.tiles.set(key, loaded)
    for (const oldest of this.tiles.keys()) {
      if (this.tiles.size <= maxTiles) break
      this.tiles.delete(oldest)
    }
  }

  private changed(): void {
    this.version++
    for (const listener of this.listeners) listener()
  }
}
