/** What makes up for a store that is away for long: another store that has the same messages, so that they need not wait in the log. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { RecordKind } from '#engine/records/classify'
import { listSegments } from '#engine/sources/queue/frameFolder'
import type { Store } from '#engine/stores/store'
import { transfer } from '#engine/stores/transfer'
import type { BehindLedger } from './behindLedger.ts'
import { OnlyRecords } from './onlyRecords.ts'

/** How full the log may be before a store that is away gives up its place in it. */
const letGoShare = 0.6

type Flow = { readonly store: Store; readonly durableSeq: number; readonly passedSeq: number; readonly behind: number; readonly isReachable: boolean; hurry(seq: number): void }
export type StandInSurroundings = {
  readonly folder: string
  readonly store: Store
  readonly logLimitBytes: number | undefined
  /** All flows of the recording. */
  readonly others: () => readonly Flow[]
}

export class StandIn {
  constructor(private readonly surroundings: StandInSurroundings) {}

  /** Whether the log's limit comes near, and there is a store to make up for this one. */
  async isNeeded(): Promise<boolean> {
    const { folder, logLimitBytes } = this.surroundings
    if (logLimitBytes === undefined || !this.source()) return false
    let bytes = 0
    for (const { path } of await listSegments(folder)) bytes += await sizeOf(path)
    return bytes >= letGoShare * logLimitBytes
  }

  hasAll(seq: number): boolean {
    const source = this.source()
    source?.hurry(seq)
    return source !== null && source.durableSeq >= seq
  }

  /** Merges what the other store has of these records into this one, and reads it back. @throws Refusal `unavailable` or `cancelled` */
  async bring(ledger: BehindLedger, signal: AbortSignal): Promise<{ records: { kind: RecordKind; id: string }[]; problems: number }> {
    const { store, folder } = this.surroundings
    const source = this.source()?.store
    if (!source) throw new Error(`There is no store from which ${store.name} could be brought up to date`)
    const ids = await ledger.recordIds()
    const result = await transfer(new OnlyRecords(source, ids), store, { checkpointPath: join(folder, `${store.type}.catch-up.json`), signal })
    const records = [...ids].flatMap(([kind, some]) => [...some].map((id) => ({ kind, id })))
    return { records, problems: result.problemCount + result.different.length }
  }

  /** Only what lies on this machine, and lacks nothing itself. */
  private source(): Flow | null {
    const candidates = this.surroundings.others().filter((flow) => flow.store !== this.surroundings.store && flow.store.type !== 'mongodb' && flow.isReachable && flow.behind === 0)
    return candidates.find(({ store }) => store.type === 'lmdb') ?? candidates[0] ?? null
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return 0
  }
}
