/** Tables that several questions are answered from: made once for what they were made of, dropped when newer ones take their place. */
import type { SourceTable, Sql } from '../table/sourceTable.ts'

type Entry<M> = { readonly key: string; readonly sources: readonly { table: SourceTable; revision: number }[]; readonly name: string; readonly made: Promise<M>; users: number }
/** What fills a table, and what is known of it besides. */
export type Select<M> = { readonly sql: Sql; readonly more: M }
let numbered = 0

export class KeptTables<M = undefined> {
  private readonly entries: Entry<M>[] = []

  constructor(private readonly size: number) {}

  /**
   * Hands `use` the name of the table that `select` fills, and what it told besides. The table stays until `use` is done. It stands beside the
   * rows of the first source and goes with them at the latest.
   */
  async with<T>(sources: readonly [SourceTable, ...SourceTable[]], key: string, select: () => Promise<Select<M>>, signal: AbortSignal, use: (name: string, more: M) => Promise<T>): Promise<T> {
    const entry = this.find(sources, key) ?? this.add(sources, key, select, signal)
    entry.users++
    try {
      try {
        await entry.made
      } catch (error) {
        this.forget(entry)
        // Whoever asked first went away; this one is still here.
        if (signal.aborted || !isCancelled(error)) throw error
        return await this.with(sources, key, select, signal, use)
      }
      return await use(entry.name, await entry.made)
    } finally {
      entry.users--
      await this.dropOldest()
    }
  }

  private find(sources: readonly SourceTable[], key: string): Entry<M> | undefined {
    const found = this.entries.find((entry) => entry.key === key && entry.sources.length === sources.length && entry.sources.every(({ revision, table }, at) => table === sources[at] && revision === table.revision))
    if (found) this.entries.push(...this.entries.splice(this.entries.indexOf(found), 1))
    return found
  }

  private add(sources: readonly [SourceTable, ...SourceTable[]], key: string, select: () => Promise<Select<M>>, signal: AbortSignal): Entry<M> {
    const [first] = sources
    numbered++
    const name = `${first.rows.slice(0, first.rows.lastIndexOf('.'))}."compared ${numbered}"`
    const make = async (): Promise<M> => {
      const { more, sql } = await select()
      await first.query({ text: `CREATE TABLE ${name} AS ${sql.text}`, values: sql.values }, signal)
      return more
    }
    const entry: Entry<M> = { key, sources: sources.map((table) => ({ table, revision: table.revision })), name, made: make(), users: 0 }
    this.entries.push(entry)
    return entry
  }

  private forget(entry: Entry<M>): void {
    const at = this.entries.indexOf(entry)
    if (at >= 0) this.entries.splice(at, 1)
  }

  private async dropOldest(): Promise<void> {
    for (let at = 0; at < this.entries.length && this.entries.length > this.size; ) {
      const entry = this.entries[at] as Entry<M>
      if (entry.users > 0) {
        at++
        continue
      }
      this.entries.splice(at, 1)
      // It went with its source if that was closed.
      await entry.sources[0]?.table.query({ text: `DROP TABLE IF EXISTS ${entry.name}`, values: [] }).catch(() => undefined)
    }
  }
}

function isCancelled(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'cancelled'
}
