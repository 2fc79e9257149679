/** Sources as they were known at moments, kept for as long as somebody is likely to ask again. */
import { join } from 'node:path'
import { readMomentId } from '#contract/momentId'
import { Refusal } from '#contract/reply'
import type { Database } from '../table/database.ts'
import { OpenSource } from '../load/openSource.ts'
import type { OpenReader } from '../load/openReader.ts'
import type { OpenEntry } from '../openEntry.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { MomentTable } from './momentTable.ts'

export type MomentsOptions = { readonly database: Database; readonly openReader: OpenReader; readonly tempDir: string; readonly restMs?: number }
type Kept = { readonly base: SourceTable; readonly revision: number; readonly table: Promise<MomentTable>; holders: number; isDue: boolean }
/** What is held stays as it is until it is released, once. */
export type Held = { readonly table: SourceTable; release(): void }

const mostKept = 4
const usualRestMs = 10_000

export class Moments {
  private readonly kept = new Map<string, Kept>()
  private readonly retired = new Map<Kept, NodeJS.Timeout>()
  private made = 0

  constructor(private readonly options: MomentsOptions) {}

  /** @param id as momentId.ts makes it */
  async table(id: string, entryOf: (sourceId: string) => OpenEntry): Promise<SourceTable> {
    const moment = readMomentId(id)
    if (moment === null) throw new Refusal('not-found', 'This source is no longer open.')
    const entry = entryOf(moment.sourceId)
    const base = await entry.table()
    if (!(base instanceof OpenSource)) throw new Error('A moment is of a source that is open.')
    const known = this.kept.get(id)
    this.kept.delete(id)
    // The past stays what it was, but what stands for it may not: records are merged anew as more becomes known.
    const isCurrent = known !== undefined && known.base === base && known.revision === base.revision
    const kept = isCurrent ? known : { base, revision: base.revision, table: this.open(id, base, moment.at, entry), holders: 0, isDue: false }
    this.kept.set(id, kept)
    if (known !== undefined && !isCurrent) this.retire(known)
    for (const [oldest, one] of this.kept) {
      if (this.kept.size <= mostKept) break
      this.kept.delete(oldest)
      this.retire(one)
    }
    try {
      return await kept.table
    } catch (error) {
      if (this.kept.get(id) === kept) this.kept.delete(id)
      throw error
    }
  }

  /** As `table`, for who reads it for long; only closing the source takes it away. */
  async hold(id: string, entryOf: (sourceId: string) => OpenEntry): Promise<Held> {
    const table = await this.table(id, entryOf)
    for (const one of [...this.kept.values(), ...this.retired.keys()]) {
      if ((await one.table.catch(() => null)) !== table) continue
      one.holders++
      return { table, release: () => this.letGo(one) }
    }
    throw new Refusal('unavailable', 'This moment was built anew meanwhile. Ask again.')
  }

  /** Before the source itself is closed. */
  async forget(sourceId: string): Promise<void> {
    for (const [id, one] of this.kept) {
      if (readMomentId(id)?.sourceId !== sourceId) continue
      this.kept.delete(id)
      await this.end(one)
    }
    for (const one of this.retired.keys()) if (one.base.sourceId === sourceId) await this.end(one)
  }

  /** Whoever is reading it still may go on for a while. */
  private retire(one: Kept): void {
    const timer = setTimeout(() => {
      one.isDue = true
      if (one.holders === 0) void this.end(one)
    }, this.options.restMs ?? usualRestMs)
    timer.unref()
    this.retired.set(one, timer)
  }

  private letGo(one: Kept): void {
    one.holders--
    if (one.holders === 0 && one.isDue && this.retired.has(one)) void this.end(one)
  }

  private async end(one: Kept): Promise<void> {
    clearTimeout(this.retired.get(one))
    this.retired.delete(one)
    const opened = await one.table.catch(() => null)
    await opened?.close()
  }

  private open(id: string, base: OpenSource, at: number, { arrivals = null }: OpenEntry): Promise<MomentTable> {
    const { database, openReader, tempDir } = this.options
    const schema = `${id} ${++this.made}`
    return MomentTable.open({ base, at, arrivals, database, openReader, folder: join(tempDir, `moment-${this.made}`), schema })
  }
}
