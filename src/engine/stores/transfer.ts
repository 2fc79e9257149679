/** Copies the records of one store into another, any way round: counted before, merged, never replaced, resumable, read back and compared. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import type { JsonObject } from '#contract/json'
import { Refusal } from '#contract/reply'
import type { RecordKind } from '#engine/records/classify'
import { mergeInto } from './mergeInto.ts'
import { recordKinds, type Store, type StoreProblem } from './store.ts'

/** Records: `created` are new in the target, `changed` gain something there, `equal` have nothing to add. */
export type TransferCounts = { read: number; created: number; changed: number; equal: number; different: number }

export type TransferProgress = { readonly kind: RecordKind; readonly counts: Readonly<Record<RecordKind, TransferCounts>>; readonly total: Readonly<Record<RecordKind, number>> }

export type TransferOptions = {
  /** Counts what would be done, and does nothing. */
  readonly dryRun?: boolean | undefined
  readonly kinds?: readonly RecordKind[] | undefined
  readonly batchSize?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: TransferProgress) => void) | undefined
  /** A file that remembers how far this transfer came; it goes on from there, and removes the file once it is complete. */
  readonly checkpointPath?: string | undefined
}

export type TransferResult = {
  readonly counts: Readonly<Record<RecordKind, TransferCounts>>
  /** The first thousand; `problemCount` counts all. */
  readonly problems: readonly StoreProblem[]
  readonly problemCount: number
  /** Records that, read back, lack something of the source: the first hundred; none if all is well. */
  readonly different: readonly { readonly kind: RecordKind; readonly id: string; readonly fields: readonly string[] }[]
  /** Where it went on from, if it did. */
  readonly resumedAfter: { readonly kind: RecordKind; readonly id: string } | null
}

type Checkpoint = { source: string; target: string; kind: RecordKind; after: string }

const maxProblems = 1000
const maxDifferent = 100

/**
 * Doing it again changes nothing. Objects are copied as metadata: their bytes stay in MongoDB (see mongoObjects.ts).
 * @throws Refusal `cancelled` by the signal, `unavailable` if a store goes away; with a checkpoint it can be gone on with
 */
export async function transfer(source: Store, target: Store, options: TransferOptions = {}): Promise<TransferResult> {
  const run = new Transfer(source, target, options)
  return await run.all()
}

class Transfer {
  private readonly counts: Record<RecordKind, TransferCounts>
  private readonly total: Record<RecordKind, number> = { task: 0, workflow: 0, agent: 0, object: 0 }
  private readonly problems: StoreProblem[] = []
  private problemCount = 0
  private readonly different: { kind: RecordKind; id: string; fields: readonly string[] }[] = []

  constructor(
    private readonly source: Store,
    private readonly target: Store,
    private readonly options: TransferOptions
  ) {
    const none = (): TransferCounts => ({ read: 0, created: 0, changed: 0, equal: 0, different: 0 })
    this.counts = { task: none(), workflow: none(), agent: none(), object: none() }
  }

  async all(): Promise<TransferResult> {
    const kinds = recordKinds.filter((kind) => this.options.kinds?.includes(kind) ?? true)
    const checkpoint = await this.readCheckpoint()
    for (const kind of kinds) this.total[kind] = await this.source.count(kind)
    const remaining = checkpoint ? kinds.slice(kinds.indexOf(checkpoint.kind)) : kinds
    for (const kind of remaining) await this.kind(kind, checkpoint?.kind === kind ? checkpoint.after : undefined)
    if (this.options.checkpointPath !== undefined && this.options.dryRun !== true) await rm(this.options.checkpointPath, { force: true })
    const resumedAfter = checkpoint && { kind: checkpoint.kind, id: checkpoint.after }
    return { counts: this.counts, problems: this.problems, problemCount: this.problemCount, different: this.different, resumedAfter }
  }

  private async kind(kind: RecordKind, after: string | undefined): Promise<void> {
    const { batchSize = 500 } = this.options
    let batch = new Map<string, JsonObject>()
    for await (const { id, document } of this.source.iterate(kind, after)) {
      batch.set(id, document)
      if (batch.size < batchSize) continue
      await this.batch(kind, batch)
      batch = new Map()
    }
    if (batch.size > 0) await this.batch(kind, batch)
  }

  private async batch(kind: RecordKind, batch: ReadonlyMap<string, JsonObject>): Promise<void> {
    if (this.options.signal?.aborted) throw new Refusal('cancelled', 'The transfer was cancelled; what was written stays.')
    const counts = this.counts[kind]
    if (this.options.dryRun === true) {
      const there = await this.target.getMany(kind, [...batch.keys()])
      for (const [id, document] of batch) {
        const { document: storable, problems } = this.target.storable(kind, document)
        this.note(problems)
        counts[mergeInto(there.get(id), { kind, id, messages: [storable] }, {}).outcome]++
      }
    } else {
      const written = await this.target.write([...batch.values()].map((message) => ({ kind, message })))
      this.note(written.problems)
      counts.created += written.created
      counts.changed += written.changed
      counts.equal += written.equal
      await this.verify(kind, batch)
    }
    counts.read += batch.size
    const last = [...batch.keys()].at(-1) as string
    await this.writeCheckpoint(kind, last)
    this.options.onProgress?.({ kind, counts: this.counts, total: this.total })
  }

  /** A record has arrived if the target's has nothing more to gain from it, but for what the target said that it cannot keep. */
  private async verify(kind: RecordKind, batch: ReadonlyMap<string, JsonObject>): Promise<void> {
    const there = await this.target.getMany(kind, [...batch.keys()])
    for (const [id, document] of batch) {
      const { document: storable } = this.target.storable(kind, document)
      const merged = mergeInto(there.get(id), { kind, id, messages: [storable] }, {})
      if (merged.outcome === 'equal') continue
      this.counts[kind].different++
      if (this.different.length < maxDifferent) this.different.push({ kind, id, fields: merged.changed })
    }
  }

  private note(problems: readonly StoreProblem[]): void {
    this.problemCount += problems.length
    this.problems.push(...problems.slice(0, maxProblems - this.problems.length))
  }

  private async readCheckpoint(): Promise<Checkpoint | null> {
    if (this.options.checkpointPath === undefined || this.options.dryRun === true) return null
    try {
      const found = JSON.parse(await readFile(this.options.checkpointPath, 'utf8')) as Checkpoint
      return found.source === this.source.name && found.target === this.target.name ? found : null
    } catch (error) {
      // None, or half of one: the transfer begins anew, which only costs time.
      if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw error
    }
  }

  private async writeCheckpoint(kind: RecordKind, after: string): Promise<void> {
    const { checkpointPath, dryRun } = this.options
    if (checkpointPath === undefined || dryRun === true) return
    const checkpoint: Checkpoint = { source: this.source.name, target: this.target.name, kind, after }
    await writeFile(`${checkpointPath}.new`, JSON.stringify(checkpoint))
    await rename(`${checkpointPath}.new`, checkpointPath)
  }
}
