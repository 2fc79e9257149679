/** Keeps account of what a recording missed: reads the events of its frame log, and remembers them until they have been told. */
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FrameLogReader, LogEntry } from '#engine/sources/queue/frames'
import { openFrameLogReader } from '#engine/sources/queue/frameLog'
import type { RecordGap } from './recordStatus.ts'

type Opened = { readonly from: number; readonly reason: string }
export type Ledger = {
  /** The last entry that is in it. */
  readonly seq: number
  readonly lastAt: number | null
  /** Subscribed, and not stopped by anybody. */
  readonly isAttached: boolean
  readonly disconnected: Opened | null
  readonly overflow: Opened | null
  /** Ended, and not told yet. */
  readonly gaps: readonly RecordGap[]
}
export const emptyLedger: Ledger = { seq: 0, lastAt: null, isAttached: false, disconnected: null, overflow: null, gaps: [] }

/** An `attached` while attached: the process that was, was ended before it could say so. */
export function withEntry(ledger: Ledger, entry: LogEntry): Ledger {
  if (entry.seq <= ledger.seq) return ledger
  const next = { ...ledger, seq: entry.seq, lastAt: entry.at }
  if (entry.kind === 'frame') return next
  const { at, event, reason, lost } = entry
  const add = (gap: RecordGap): readonly RecordGap[] => [...ledger.gaps, gap]
  switch (event) {
    case 'attached': {
      const gaps = ledger.isAttached ? add({ from: ledger.disconnected?.from ?? ledger.lastAt ?? at, to: at, messages: null, reason: 'the recording process had been ended' }) : ledger.gaps
      return { ...next, isAttached: true, disconnected: null, overflow: null, gaps }
    }
    case 'disconnected':
      return { ...next, disconnected: ledger.disconnected ?? { from: at, reason } }
    case 'reconnected':
      return ledger.disconnected === null ? next : { ...next, disconnected: null, gaps: add({ ...ledger.disconnected, to: at, messages: lost }) }
    case 'overflow':
      return { ...next, overflow: { from: at, reason } }
    case 'overflow-ended':
      return { ...next, overflow: null, gaps: add({ from: ledger.overflow?.from ?? at, to: at, messages: lost, reason: ledger.overflow?.reason ?? reason }) }
    case 'detached': {
      const gaps = ledger.disconnected === null ? ledger.gaps : add({ ...ledger.disconnected, to: at, messages: null })
      return { ...next, isAttached: false, disconnected: null, gaps }
    }
  }
}

/** Those that last included. */
export function gapsOf({ gaps, disconnected, overflow }: Ledger): RecordGap[] {
  const lasting = [disconnected, overflow].filter((opened) => opened !== null).map((opened) => ({ ...opened, to: null, messages: null }))
  return [...gaps, ...lasting]
}

export type FollowedLedger = {
  readonly gaps: readonly RecordGap[]
  /** Keeps what is in `gaps`, for the next one to tell. */
  close(): Promise<void>
  /** Forgets what is in `gaps`: it has been told. */
  told(): void
  /** Reads everything that is in the log by now. */
  catchUp(): Promise<void>
}

const readBytes = 4 * 1024 * 1024
const keepEveryMs = 1000

/** @param onProblem told once if the log can no longer be read */
export async function followLedger(folder: string, onProblem: (error: unknown) => void): Promise<FollowedLedger> {
  const path = join(folder, 'gaps.json')
  let ledger = await kept(path)
  const reader: FrameLogReader = await openFrameLogReader(folder, 'gaps')
  let keptAt = 0
  const keep = async (): Promise<void> => {
    await writeFile(`${path}.new`, JSON.stringify(ledger))
    await rename(`${path}.new`, path)
    await reader.commit(reader.seq)
    keptAt = Date.now()
  }
  const take = async (entries: readonly LogEntry[]): Promise<void> => {
    for (const entry of entries) ledger = withEntry(ledger, entry)
    if (Date.now() - keptAt > keepEveryMs) await keep()
  }
  const stop = new AbortController()
  const following = (async () => {
    while (!stop.signal.aborted) await take(await reader.next(readBytes, stop.signal))
  })().catch((error: unknown) => {
    if (!stop.signal.aborted) onProblem(error)
  })
  const catchUp = async (): Promise<void> => {
    stop.abort()
    await following
    for (let entries = await reader.rest(readBytes); entries.length > 0; entries = await reader.rest(readBytes)) await take(entries)
  }
  return {
    get gaps() {
      return gapsOf(ledger)
    },
    catchUp,
    told() {
      ledger = { ...ledger, gaps: [] }
    },
    async close() {
      await catchUp()
      await keep()
      await reader.close()
    }
  }
}

async function kept(path: string): Promise<Ledger> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Ledger
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return emptyLedger
    throw error
  }
}
