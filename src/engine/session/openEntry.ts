/** What the list of sources holds, whatever it was opened from: files, a message queue, a store. */
import type { Source } from '#contract/sources'
import type { Arrivals } from './moments/arrivals.ts'
import type { ProblemSource } from './services/problems.ts'
import type { Recent } from './services/recents.ts'
import type { SourceTable } from './table/sourceTable.ts'

export interface OpenEntry extends ProblemSource {
  readonly sourceId: string
  /** What it was opened by; the same again gives this one. */
  readonly named: readonly string[]
  readonly failed: boolean
  /** Lines that are no messages. */
  readonly rejectedLines: number
  /** The files it is read from; none of a queue or a store. */
  readonly files?: readonly { readonly name: string; readonly path: string }[]
  /** Waits for it to be open, not for it to be read. @throws Refusal while there is no table */
  table(): Promise<SourceTable>
  /** When its lines arrived, if that was seen. */
  readonly arrivals?: Arrivals | null
  describe(): Source
  /** What to remember of it; null for what cannot be opened again. */
  recent(): Recent | null
  /** Ends reading where it is; what has been read stays. */
  stop(): Promise<void>
  /** Goes on after a stop, or tries again what failed. */
  readOn(): void
  follow(on: boolean): void
  close(): Promise<void>
}

export type EntryChange = (sourceId: string, what: 'source' | 'records' | 'problems') => void
/** It has been read as far as it goes for the first time, or is being closed after it went further. */
export type EntryRead = (entry: OpenEntry, times: 'first' | 'again') => void
