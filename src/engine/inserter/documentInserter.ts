/** Flowcept's main consumer for one store: buffers messages by size and time, fills in and enriches them, and has them merged into their records. */
import { hostname, userInfo } from 'node:os'
import { field, setField, type JsonObject, type JsonValue } from '#contract/json'
import { Refusal } from '#contract/reply'
import { classify, idField, type RecordKind } from '#engine/records/classify'
import { enrichTask, type Enrichment } from '#engine/records/enrichTask'
import { fill } from '#engine/records/normaliseTask'
import { recordId } from '#engine/records/recordId'
import { removeEmptyFields } from '#engine/records/removeEmptyFields'
import type { Store, StoreProblem, StoreWrite, WriteOptions } from '#engine/stores/store'
import type { InserterSettings } from './recordingState.ts'

/** One message as it came. `seq` is its number in its log, `at` when it arrived, in epoch seconds. */
export type Arrived = { readonly seq: number; readonly at: number; readonly message: JsonObject }
export type InserterProblem = StoreProblem | { readonly kind: 'unknown'; readonly id: null; readonly field: string; readonly reason: string; readonly effect: 'left-out' }
export type Flushed = { readonly messages: number; readonly records: readonly { readonly kind: RecordKind; readonly id: string }[]; readonly problems: readonly InserterProblem[] }

export type InserterOptions = {
  readonly settings: InserterSettings
  /** Names the record of a message that names none; the same name for the same `seq`, always. */
  readonly nameOf: (seq: number) => string
  /** The campaign that was the present one when that message came, for tasks that name none. */
  readonly campaignAt?: ((seq: number) => Promise<string | null>) | undefined
}

const slowMs = 5000

type Buffered = { readonly seq: number; readonly at: number; readonly kind: RecordKind; readonly id: string; readonly message: JsonObject }

export class DocumentInserter {
  private buffer: Buffered[] = []
  private unknown: InserterProblem[] = []
  private readonly enrichment: Enrichment | null

  constructor(
    readonly store: Store,
    private readonly options: InserterOptions
  ) {
    this.enrichment = options.settings.enrichMessages ? { host: hostFields(options.settings), tags: options.settings.tags } : null
  }

  get size(): number {
    return this.buffer.length
  }

  /** When the oldest message of the buffer arrived; null if there is none. */
  get oldestAt(): number | null {
    return this.buffer[0]?.at ?? null
  }

  get isFull(): boolean {
    return this.buffer.length >= this.options.settings.bufferSize
  }

  /** Which record each message of the buffer belongs to. */
  get records(): readonly { readonly seq: number; readonly at: number; readonly kind: RecordKind; readonly id: string }[] {
    return this.buffer
  }

  /** Control messages are no records: they are left to whoever answers them. What nobody can tell the kind of is a problem of the next flush. */
  add({ seq, at, message }: Arrived): 'record' | 'control' | 'unknown' {
    const kind = classify(message)
    if (kind === 'control') return 'control'
    if (kind === 'unknown') {
      const type = field(message, 'type')
      const reason = type === undefined || type === null ? `Message ${seq} has no type, and no field that tells one.` : `Message ${seq} is of the type ${String(type)}, which nobody knows.`
      this.unknown.push({ kind: 'unknown', id: null, field: '', reason, effect: 'left-out' })
      return 'unknown'
    }
    const said = this.options.settings.removeEmptyFields ? removeEmptyFields(message) : message
    const known = recordId(kind, said)
    const id = known ?? this.options.nameOf(seq)
    this.buffer.push({ seq, at, kind, id, message: known === null ? withId(said, kind, id) : said })
    return 'record'
  }

  /**
   * Writes everything that is buffered. If the store refuses, the buffer stays as it is, and the flush may be done again.
   * @throws Refusal `unavailable`
   */
  async flush(): Promise<Flushed> {
    const batch = this.buffer
    const problems: InserterProblem[] = [...this.unknown]
    if (batch.length > 0) {
      const campaigns = await this.campaigns(batch)
      const options: WriteOptions = {
        select: (kind, existing, messages) => (kind === 'object' ? newerVersions(this.store.type, existing, messages) : messages),
        complete: (kind, document) => (kind === 'task' ? this.complete(document, campaigns) : document)
      }
      await this.write(batch, options, problems)
    }
    this.buffer = []
    this.unknown = []
    const refused = new Set(problems.filter((problem) => problem.field === '' && problem.id !== null).map(({ kind, id }) => `${kind} ${id}`))
    const records = batch.filter(({ kind, id }) => !refused.has(`${kind} ${id}`)).map(({ kind, id }) => ({ kind, id }))
    return { messages: records.length, records, problems }
  }

  /** Empties the buffer without writing it, for a store that is to get these records in another way. */
  discard(): void {
    this.buffer = []
  }

  /**
   * A message that breaks a write is found by halving, so that it costs the others nothing. But where nothing at all can be written it
   * is the store that is at fault, and nothing is left out.
   */
  private async write(batch: readonly Buffered[], options: WriteOptions, problems: InserterProblem[]): Promise<void> {
    const broken: { message: Buffered; error: Error }[] = []
    const visit = async (part: readonly Buffered[]): Promise<boolean> => {
      const begunMs = Date.now()
      try {
        const writes: StoreWrite[] = part.map(({ kind, message }) => ({ kind, message }))
        problems.push(...(await this.store.write(writes, options)).problems)
        return true
      } catch (error) {
        if (!(error instanceof Error) || error instanceof Refusal) throw error
        // Refusing a message takes no time; a store that does not answer would take as long for each half.
        if (Date.now() - begunMs > slowMs) throw new Refusal('unavailable', `${this.store.name} does not answer: ${error.message}.`)
        if (part.length === 1) {
          broken.push({ message: part[0] as Buffered, error })
          return false
        }
        const middle = part.length >> 1
        const first = await visit(part.slice(0, middle))
        return (await visit(part.slice(middle))) || first
      }
    }
    const isAnyWritten = await visit(batch)
    const [first] = broken
    if (first && !isAnyWritten) throw new Refusal('unavailable', `${this.store.name} takes nothing: ${first.error.message}.`)
    for (const { message, error } of broken) problems.push({ kind: message.kind, id: message.id, field: '', reason: `${this.store.name} refuses it: ${error.message}.`, effect: 'left-out' })
  }

  private async campaigns(batch: readonly Buffered[]): Promise<Map<string, string>> {
    const campaigns = new Map<string, string>()
    if (!this.options.campaignAt) return campaigns
    for (const { seq, kind, id, message } of batch) {
      if (kind !== 'task' || campaigns.has(id) || (field(message, 'campaign_id') ?? null) !== null) continue
      const campaign = await this.options.campaignAt(seq)
      if (campaign !== null) campaigns.set(id, campaign)
    }
    return campaigns
  }

  /** Of the whole record: a default must not replace what another message of it said, and its two snapshots may come in two messages. */
  private complete(task: JsonObject, campaigns: ReadonlyMap<string, string>): JsonObject {
    const campaign = campaigns.get(String(field(task, 'task_id') ?? ''))
    let completed = task
    if (campaign !== undefined) {
      completed = { ...task }
      fill(completed, 'campaign_id', campaign)
    }
    return this.enrichment ? enrichTask(completed, this.enrichment) : completed
  }
}

function withId(message: JsonObject, kind: RecordKind, id: string): JsonObject {
  const copy = { ...message }
  setField(copy, idField[kind], id)
  return copy
}

/**
 * Flowcept writes objects into MongoDB itself, bytes and metadata as one, and announces them afterwards: what is there is as new or newer,
 * and is left as it is. Stores that hold metadata only keep the newest version's.
 */
function newerVersions(type: Store['type'], existing: JsonObject | undefined, messages: readonly JsonObject[]): readonly JsonObject[] {
  const ordered = messages.toSorted((left, right) => versionOf(left) - versionOf(right))
  if (!existing) return ordered
  const there = versionOf(existing)
  return ordered.filter((message) => (type === 'mongodb' ? versionOf(message) > there : versionOf(message) >= there))
}

function versionOf(document: JsonObject): number {
  const version: JsonValue | undefined = field(document, 'version')
  return typeof version === 'number' || typeof version === 'bigint' ? Number(version) : -1
}

function hostFields({ host = {} }: InserterSettings): JsonObject {
  return {
    node_name: host.node_name ?? hostname(),
    login_name: host.login_name ?? userName(),
    public_ip: host.public_ip ?? null,
    private_ip: host.private_ip ?? null,
    hostname: hostname()
  }
}

/** A container may run under a number that has no name. */
function userName(): string | null {
  try {
    return userInfo().username
  } catch (error) {
    if (error instanceof Error) return null
    throw error
  }
}
