/** Copies the records of one store into another, any way round: counted before, merged, never replaced, resumable, read back and compared. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import type { JsonObject, JsonValue } from '#contract/json'
import { Refusal } from '#contract/reply'
import type { RecordKind } from '#engine/records/classify'
import { FieldChanges, type FieldChange } from './fieldChanges.ts'
import { mergeInto } from './mergeInto.ts'
import { recordKinds, type Store, type StoredChange, type StoredRecord, type StoreProblem, type WriteOptions } from './store.ts'

/** What a transfer reads: a store, or anything that gives records in an order that stays the same. */
export type TransferSource = {
  /** A checkpoint is of a source by name: another name begins anew. */
  readonly name: string
  count(kind: RecordKind): Promise<number>
  /** @param after the place of a record that was given before: its `at`, or its id where it has none */
  iterate(kind: RecordKind, after?: string): AsyncIterable<StoredRecord & { readonly at?: string }>
}

/** Records: `created` are new in the target, `changed` gain something there, `equal` have nothing to add. */
export type TransferCounts = { read: number; created: number; changed: number; equal: number; different: number }

type Counts = Readonly<Record<RecordKind, TransferCounts>>
/** `before` is what earlier tries counted, if it went on where one ended. */
export type TransferProgress = { readonly kind: RecordKind; readonly counts: Counts; readonly total: Readonly<Record<RecordKind, number>>; readonly before: Counts | null }

export type TransferOptions = {
  /** Counts what would be done, and does nothing. */
  readonly dryRun?: boolean | undefined
  readonly kinds?: readonly RecordKind[] | undefined
  readonly batchSize?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: TransferProgress) => void) | undefined
  /** A file that remembers how far this transfer came; it goes on from there, and removes the file once it is complete. */
  readonly checkpointPath?: string | undefined
  /** What of a record is to be merged, given what is there (see WriteOptions). */
  readonly select?: WriteOptions['select']
  /** Counts changes by field too; makes of a value what may be seen of it as an example. */
  readonly example?: ((value: JsonValue, field: string) => JsonValue) | undefined
}

export type TransferResult = {
  readonly counts: Counts
  /** What earlier tries counted, if it went on where one ended. */
  readonly before: Counts | null
  /** The first thousand; `problemCount` counts all. */
  readonly problems: readonly StoreProblem[]
  readonly problemCount: number
  /** Records that, read back, lack something of the source: the first hundred; none if all is well. */
  readonly different: readonly { readonly kind: RecordKind; readonly id: string; readonly fields: readonly string[] }[]
  /** Where it went on from, if it did. */
  readonly resumedAfter: { readonly kind: RecordKind; readonly id: string } | null
  /** Empty unless asked for. */
  readonly fields: readonly FieldChange[]
}

type Checkpoint = { source: string; target: string; kind: RecordKind; after: string; counts?: Counts }

const maxProblems = 1000
const maxDifferent = 100

/**
 * Doing it again changes nothing. Objects are copied as metadata: their bytes stay in MongoDB (see mongoObjects.ts).
 * @throws Refusal `cancelled` by the signal, `unavailable` if a store goes away; with a checkpoint it can be gone on with
 */
export async function transfer(source: TransferSource, target: Store, options: TransferOptions = {}): Promise<TransferResult> {
  const run = new Transfer(source, target, options)
  return await run.all()
}

class Transfer {
  private readonly counts: Record<RecordKind, TransferCounts>
  private readonly total: Record<RecordKind, number> = { task: 0, workflow: 0, agent: 0, object: 0 }
  private readonly problems: StoreProblem[] = []
  private problemCount = 0
  private readonly different: { kind: RecordKind; id: string; fields: readonly string[] }[] = []
  private readonly fields: FieldChanges
  private before: Counts | null = null

  constructor(
    private readonly source: TransferSource,
    private readonly target: Store,
    private readonly options: TransferOptions
  ) {
    this.fields = new FieldChanges(options.example)
    const none = (): TransferCounts => ({ read: 0, created: 0, changed: 0, equal: 0, different: 0 })
    this.counts = { task: none(), workflow: none(), agent: none(), object: none() }
  }

  async all(): Promise<TransferResult> {
    const kinds = recordKinds.filter((kind) => this.options.kinds?.includes(kind) ?? true)
    const checkpoint = await this.readCheckpoint()
    this.before = checkpoint?.counts ?? null
    for (const kind of kinds) this.total[kind] = await this.source.count(kind)
    const remaining = checkpoint ? kinds.slice(kinds.indexOf(checkpoint.kind)) : kinds
    for (const kind of remaining) await this.kind(kind, checkpoint?.kind === kind ? checkpoint.after : undefined)
    if (this.options.checkpointPath !== undefined && this.options.dryRun !== true) await rm(this.options.checkpointPath, { force: true })
    const resumedAfter = checkpoint && { kind: checkpoint.kind, id: checkpoint.after }
    return { counts: this.counts, before: this.before, problems: this.problems, problemCount: this.problemCount, different: this.different, resumedAfter, fields: this.fields.list() }
  }

  private async kind(kind: RecordKind, after: string | undefined): Promise<void> {
    const { batchSize = 500 } = this.options
    let batch = new Map<string, JsonObject>()
    let last = ''
    for await (const { at, document, id } of this.source.iterate(kind, after)) {
      batch.set(id, document)
      last = at ?? id
      if (batch.size < batchSize) continue
      await this.batch(kind, batch, last)
      batch = new Map()
    }
    if (batch.size > 0) await this.batch(kind, batch, last)
  }

  private async batch(kind: RecordKind, batch: ReadonlyMap<string, JsonObject>, last: string): Promise<void> {
    if (this.options.signal?.aborted) throw new Refusal('cancelled', 'The transfer was cancelled; what was written stays.')
    const counts = this.counts[kind]
    const changes = new Map<string, StoredChange>()
    // Where another writer came between, the first time is told: the next one may find only what is left to do.
    const onChanged = (change: StoredChange): void => void (changes.has(change.id) || changes.set(change.id, change))
    const merging: WriteOptions = { select: this.options.select, onChanged: this.options.example && onChanged }
    if (this.options.dryRun === true) {
      const there = await this.target.getMany(kind, [...batch.keys()])
      for (const [id, document] of batch) {
        const { document: storable, problems } = this.target.storable(kind, document)
        this.note(problems)
        // It would not be there at all.
        if (problems.some(({ effect, field }) => effect === 'left-out' && field === '')) continue
        counts[mergeInto(there.get(id), { kind, id, messages: [storable] }, merging).outcome]++
      }
    } else {
      const written = await this.target.write([...batch.values()].map((message) => ({ kind, message })), merging)
      this.note(written.problems)
      counts.created += written.created
      counts.changed += written.changed
      counts.equal += written.equal
      await this.verify(kind, batch, written.problems)
    }
    for (const { after, before, fields } of changes.values()) this.fields.add(before, after, fields)
    counts.read += batch.size
    await this.writeCheckpoint(kind, last)
    this.options.onProgress?.({ kind, counts: this.counts, total: this.total, before: this.before })
  }

  /** A record has arrived if the target's has nothing more to gain from it, but for what the target said that it cannot keep. */
  private async verify(kind: RecordKind, batch: ReadonlyMap<string, JsonObject>, told: readonly StoreProblem[]): Promise<void> {
    const leftOut = new Set(told.flatMap(({ effect, field, id }) => (effect === 'left-out' ? [`${id} ${field.split('.')[0]}`] : [])))
    const there = await this.target.getMany(kind, [...batch.keys()])
    for (const [id, document] of batch) {
      const { document: storable } = this.target.storable(kind, document)
      const merged = mergeInto(there.get(id), { kind, id, messages: [storable] }, { select: this.options.select })
      if (merged.outcome === 'equal' || leftOut.has(`${id} `) || (merged.outcome === 'changed' && merged.changed.every((name) => leftOut.has(`${id} ${name}`)))) continue
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
    const checkpoint: Checkpoint = { source: this.source.name, target: this.target.name, kind, after, counts: added(this.counts, this.before) }
    await writeFile(`${checkpointPath}.new`, JSON.stringify(checkpoint))
    await rename(`${checkpointPath}.new`, checkpointPath)
  }
}

/** All tries together. */
export function added(counts: Counts, before: Counts | null): Counts {
  if (before === null) return counts
  const sum = (kind: RecordKind): TransferCounts => {
    const [now, then] = [counts[kind], before[kind]]
    return { read: now.read + then.read, created: now.created + then.created, changed: now.changed + then.changed, equal: now.equal + then.equal, different: now.different + then.different }
  }
  return { task: sum('task'), workflow: sum('workflow'), agent: sum('agent'), object: sum('object') }
}
