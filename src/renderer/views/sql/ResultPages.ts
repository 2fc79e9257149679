/** The rows of a result that are in sight, fetched a page at a time. */
import type { Call } from '#contract/dispatch'
import type { Result } from '#contract/methods'
import type { SqlSort } from '#contract/sql'
import type { Cell } from '#contract/values'

const pageRows = 100
const maxPages = 60

type Of = Pick<Result<'sql.run'>, 'resultId' | 'total' | 'rows'> & { readonly sourceId: string }

export class ResultPages {
  /** Why rows are missing. */
  error: string | null = null
  /** Counts up with every change; for useSyncExternalStore. */
  version = 0
  private readonly pages = new Map<number, readonly Cell[][]>()
  private readonly asked = new Set<number>()
  private readonly listeners = new Set<() => void>()

  constructor(
    private readonly call: Call,
    readonly of: Of,
    readonly sort: SqlSort
  ) {
    // The first rows came with the answer.
    if (sort.length === 0) for (let page = 0; (page + 1) * pageRows <= of.rows.length || (page * pageRows < of.rows.length && of.rows.length === of.total); page++) this.pages.set(page, of.rows.slice(page * pageRows, (page + 1) * pageRows))
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Undefined while it is not here. */
  cell(row: number, column: number): Cell | undefined {
    return this.pages.get(Math.floor(row / pageRows))?.[row % pageRows]?.[column]
  }

  want(first: number, last: number): void {
    for (let page = Math.floor(first / pageRows); page * pageRows < Math.min(last, this.of.total); page++) {
      if (!this.pages.has(page) && !this.asked.has(page)) void this.load(page)
    }
  }

  private async load(page: number): Promise<void> {
    this.asked.add(page)
    const { resultId, sourceId } = this.of
    const reply = await this.call('sql.page', { sourceId, resultId, sort: [...this.sort], offset: page * pageRows, limit: pageRows })
    this.asked.delete(page)
    if (reply.ok) {
      this.error = null
      this.pages.set(page, reply.value.rows)
      for (const oldest of this.pages.keys()) if (this.pages.size > maxPages) this.pages.delete(oldest)
    } else this.error = reply.error.message
    this.version++
    for (const listener of this.listeners) listener()
  }
}
