/** The records that an export takes as a transfer reads them: whole, secrets treated, a page at a time. */
import type { SecretTreatment } from '#contract/exports'
import { field, isJsonObject, parseJson, setField, type JsonObject } from '#contract/json'
import { Refusal } from '#contract/reply'
import { idField, type RecordKind } from '#engine/records/classify'
import { normalForm } from '#engine/records/mergeRecord'
import { recordId } from '#engine/records/recordId'
import type { StoreProblem } from '#engine/stores/store'
import type { TransferSource } from '#engine/stores/transfer'
import type { SourceTable } from '../table/sourceTable.ts'
import { treatSecrets } from './secrets.ts'
import type { StoreSelection } from './storeSelection.ts'

export type StoreRecordsOptions = {
  readonly table: SourceTable
  readonly selection: StoreSelection
  /** Of what a checkpoint is: the source as it is now, and what is taken of it. */
  readonly name: string
  readonly secrets: SecretTreatment
  /** Objects have bytes where they are, which do not come along. */
  readonly bytesStay: boolean
  readonly signal: AbortSignal
}
type Place = { readonly i: number; readonly id: string; readonly file: number; readonly byte: number; readonly size: number }
type Taken = { readonly id: string; readonly document: JsonObject; readonly at: string }

/** Texts in memory at once: as many as are written in one go. */
const recordsAtOnce = 500
const mostProblems = 100

export class StoreRecords implements TransferSource {
  /** Values that were treated as secrets so far. */
  treated = 0
  /** Of the texts that were read. */
  bytes = 0
  /** Objects whose bytes do not come along: how many, and the first of them. */
  problemCount = 0
  readonly problems: StoreProblem[] = []

  constructor(private readonly options: StoreRecordsOptions) {}

  get name(): string {
    return this.options.name
  }

  async count(kind: RecordKind): Promise<number> {
    return await Promise.resolve(this.options.selection.kinds[kind].total)
  }

  async *iterate(kind: RecordKind, after?: string): AsyncIterable<Taken> {
    const { total } = this.options.selection.kinds[kind]
    for (let next = after === undefined ? 0 : Number(after) + 1; next < total; next += recordsAtOnce) {
      const places = await this.page(kind, next)
      yield* await Promise.all(places.map(async (place) => await this.read(kind, place)))
    }
  }

  private async page(kind: RecordKind, from: number): Promise<Place[]> {
    const { selection, signal, table } = this.options
    const text = `SELECT i, record_id, file, byte, size FROM ${selection.kinds[kind].table} WHERE i >= ${from} AND i < ${from + recordsAtOnce} ORDER BY i`
    const rows = await table.query({ text, values: [] }, signal)
    return rows.map(([i, id, file, byte, size]) => ({ i: Number(i), id: String(id), file: Number(file), byte: Number(byte), size: Number(size) }))
  }

  private async read(kind: RecordKind, { i, id, ...place }: Place): Promise<Taken> {
    const message = parseJson(await this.options.table.text(place))
    // A file that was replaced has something else in this place, if anything.
    if (!isJsonObject(message) || (recordId(kind, message) ?? id) !== id) throw new Refusal('unavailable', 'The source was read anew while it was being exported. Export it again.')
    // What is merged is in its normal form already, and stays as it is.
    const whole = normalForm(kind, message, { newId: () => id })
    if (kind === 'object' && this.options.bytesStay) this.noteBytes(id, whole)
    const { count, document } = treatSecrets(whole, this.options.secrets)
    this.treated += count
    this.bytes += place.size
    // An id is never a secret: without it the record could not be found again.
    if (field(document, idField[kind]) !== id) setField(document, idField[kind], id)
    return { id, document, at: String(i) }
  }

  private noteBytes(id: string, object: JsonObject): void {
    if ((field(object, 'grid_fs_file_id') ?? field(object, 'object_size_bytes') ?? null) === null) return
    this.problemCount++
    if (this.problems.length < mostProblems) this.problems.push({ kind: 'object', id, field: 'data', reason: 'Its bytes stay where they are; what is known of them is written.', effect: 'left-out' })
  }
}
