/** Tables that several questions are answered from: made once for what they were made of, dropped when newer ones take their place. */
import type { SourceTable, Sql } from '../table/sourceTable.ts'

type Entry = { readonly key: string; readonly sources: readonly { table: SourceTable; revision: number }[]; readonly name: string; readonly made: Promise<unknown>; users: number }
let numbered = 0

export class KeptTables {
  private readonly entries: Entry[] = []

  constructor(private readonly size: number) {}

  /**
   * Hands `use` the name of the table that `select` fills, which stays until it is done. The table stands beside the rows of the first source
   * and goes with them at the latest.
   */
  async with<T>(sources: readonly [SourceTable, ...SourceTable[]], key: string, select: () => Promise<Sql>, signal: AbortSignal, use: (name: string) => Promise<T>): Promise<T> {
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
      return await use(entry.name)
    } finally {
      entry.users--
      await this.dropOldest()
    }
  }

  private find(sources: readonly SourceTable[], key: string): Entry | undefined {
    const found = this.entries.find((entry) => entry.key === key && entry.sources.length === sources.length && entry.sources.every(({ revision, table }, at) => table === sources[at] && revision === table.revision))
    if (found) this.entries.push(...this.entries.splice(this.entries.indexOf(found), 1))
    return found
  }

  private add(sources: readonly [SourceTable, ...SourceTable[]], key: string, select: () => Promise<Sql>, signal: AbortSignal): Entry {
    const [first] = sources
    numbered++
    const name = `${first.rows.slice(0, first.rows.lastIndexOf('.'))}."compared ${numbered}"`
    const make = async (): Promise<void> => {
      const { text, values } = await select()
      await first.query({ text: `CREATE TABLE ${name} AS ${text}`, values }, signal)
    }
    const entry: Entry = { key, sources: sources.map((table) => ({ table, revision: table.revision })), name, made: make(), users: 0 }
    this.entries.push(entry)
    return entry
  }

  private forget(entry: Entry): void {
    const at = this.entries.indexOf(entry)
    if (at >= 0) this.entries.splice(at, 1)
  }

  private async dropOldest(): Promise<void> {
    for (let at = 0; at < this.entries.length && this.entries.length > this.size; ) {
      const entry = this.entries[at] as Entry
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
