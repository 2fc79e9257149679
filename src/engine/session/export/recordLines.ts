/**
 * Whole records in the form of Flowcept's buffer, one a line: first what the tasks belong to, then they themselves in their order.
 * Messages are their lines as they were read.
 */
import type { SecretTreatment } from '#contract/exports'
import { field, isJsonObject, type JsonObject, type JsonValue, parseJson, setField, stringifyJson } from '#contract/json'
import { Refusal } from '#contract/reply'
import type { Records } from '#contract/values'
import { idField, type RecordKind } from '#engine/records/classify'
import { documentFrom } from '../query/record.ts'
import type { RowOrder } from '../query/rowOrder.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { rowTexts } from './rowTexts.ts'
import { treatSecrets } from './secrets.ts'
import type { SelectedKind } from './storeSelection.ts'
import type { Progress, Sink } from './writing.ts'

export type RecordLinesParams = {
  readonly table: SourceTable
  readonly records: Records
  readonly order: RowOrder
  /** What goes before, by kind; nothing but for tasks. */
  readonly related: readonly { readonly kind: RecordKind; readonly selected: SelectedKind }[]
  readonly secrets: SecretTreatment
}
/** `treated` values that look like secrets, `notFinite` numbers that became null, `wide` integers beyond 64 bits; by `written` how many lines of each kind. */
export type RecordLinesFacts = { treated: number; notFinite: number; wide: number; readonly written: Record<string, number> }

const recordsAtOnce = 2000
export const kindOf = { tasks: 'task', workflows: 'workflow', agents: 'agent', objects: 'object' } as const satisfies Record<Exclude<Records, 'messages'>, RecordKind>
export const recordsOf = { task: 'tasks', workflow: 'workflows', agent: 'agents', object: 'objects' } as const satisfies Record<RecordKind, Records>

/** `rows` of the progress are those of the table asked for. */
export async function writeRecordLines(params: RecordLinesParams, sink: Sink, { onProgress, signal }: { signal: AbortSignal; onProgress?: (progress: Progress) => void }): Promise<Progress & RecordLinesFacts> {
  const { order, records, related, table } = params
  const facts: RecordLinesFacts = { treated: 0, notFinite: 0, wide: 0, written: {} }
  const progress = { rows: 0, bytes: 0 }
  const put = async (of: Records, places: string, total: number, counts: boolean): Promise<void> => {
    for (let at = 0; at < total; at += recordsAtOnce) {
      const to = Math.min(at + recordsAtOnce, total)
      const rows = await table.query({ text: places.replace('$range', `i >= ${at} AND i < ${to}`), values: [] }, signal)
      if (rows.length !== to - at) throw new Refusal('unavailable', 'The source was read anew while it was being exported. Export it again.')
      const found = rows.map(([id, file, byte, size]) => ({ recordId: String(id), file: Number(file), byte: Number(byte), size: Number(size) }))
      const texts = await rowTexts(table, found)
      const bytes = Buffer.from(texts.map((text, index) => `${lineOf(params, facts, of, found[index] as (typeof found)[number], text)}\n`).join(''))
      await sink(bytes)
      facts.written[of] = (facts.written[of] ?? 0) + rows.length
      progress.bytes += bytes.length
      if (counts) progress.rows += rows.length
      onProgress?.({ ...progress })
    }
  }
  for (const { kind, selected } of related) await put(recordsOf[kind], `SELECT record_id, file, byte, size FROM ${selected.table} WHERE $range ORDER BY i`, selected.total, false)
  await put(records, `SELECT r.record_id, r.file, r.byte, r.size FROM ${table.rows} r JOIN (SELECT * FROM ${order.table} WHERE $range) o ON r.line = o.line ORDER BY o.i`, order.total, true)
  return { ...progress, ...facts }
}

function lineOf({ secrets }: RecordLinesParams, facts: RecordLinesFacts, records: Records, row: { recordId: string; file: number }, text: string): string {
  const document = documentFrom(records, row, text)
  const isNotFinite = records !== 'messages' && mayBeNotFinite.test(document)
  if (/\d{19}/.test(document) || isNotFinite || secrets !== 'keep') return rewritten(document, { facts, records, recordId: row.recordId, secrets, nullNotFinite: isNotFinite })
  return records === 'messages' ? document : withType(document, records)
}

type Rewriting = { readonly facts: RecordLinesFacts; readonly records: Records; readonly recordId: string; readonly secrets: SecretTreatment; readonly nullNotFinite: boolean }

/** What has to be looked at value by value; written anew only if something changes. */
function rewritten(document: string, { facts, nullNotFinite, recordId, records, secrets }: Rewriting): string {
  const parsed = parseJson(document)
  const wide = countNumbers(parsed, (value) => typeof value === 'bigint' && (value > 18446744073709551615n || value < -9223372036854775808n))
  if (wide > 0) facts.wide += wide
  let { document: result, count } = treatSecrets(parsed, secrets)
  facts.treated += count
  if (count > 0 && records !== 'messages' && isJsonObject(result)) {
    // An id is never a secret: without it the record could not be found again.
    const id = idField[kindOf[records]]
    if (field(result, id) !== recordId && field(parsed as JsonObject, id) === recordId) setField(result, id, recordId)
  }
  if (nullNotFinite) {
    facts.notFinite += countNumbers(result, isNotFiniteNumber)
    result = withoutNotFinite(result)
    count++
  }
  const text = count > 0 ? stringifyJson(result) : document
  return records === 'messages' ? text : withType(text, records)
}

/** In the normal form of a task its type goes without saying; in a buffer it does not. */
function withType(document: string, records: Exclude<Records, 'messages'>): string {
  if (hasType(document)) return document
  const type = `"type":"${kindOf[records]}"`
  return document === '{}' ? `{${type}}` : `{${type},${document.slice(1)}`
}

function hasType(document: string): boolean {
  if (!document.includes('"type"')) return false
  const parsed = parseJson(document)
  return isJsonObject(parsed) && Object.hasOwn(parsed, 'type')
}

const mayBeNotFinite = /NaN|Infinity/
const isNotFiniteNumber = (value: JsonValue): boolean => typeof value === 'number' && !Number.isFinite(value)

function countNumbers(root: JsonValue, counts: (value: JsonValue) => boolean): number {
  let count = 0
  const open: JsonValue[] = [root]
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (counts(value)) count++
    if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) open.push(inner as JsonValue)
  }
  return count
}

/** A copy with null in the place of NaN and infinities, which Flowcept's reader refuses and its writer writes so. */
function withoutNotFinite(root: JsonValue): JsonValue {
  const copy = JSON.parse('[null]') as JsonValue[]
  const open: { value: JsonValue; holder: JsonValue; key: string | number }[] = [{ value: root, holder: copy, key: 0 }]
  for (let next = open.pop(); next; next = open.pop()) {
    const { holder, key, value } = next
    const made: JsonValue = isNotFiniteNumber(value) ? null : Array.isArray(value) ? value.map(() => null) : isJsonObject(value) ? {} : value
    if (Array.isArray(holder)) holder[key as number] = made
    else setField(holder as JsonObject, String(key), made)
    if (Array.isArray(value)) for (const [index, inner] of value.entries()) open.push({ value: inner, holder: made, key: index })
    else if (isJsonObject(value)) {
      // All keys first, so that they keep their order.
      for (const inner of Object.keys(value)) setField(made as JsonObject, inner, null)
      for (const inner of Object.keys(value)) open.push({ value: value[inner] as JsonValue, holder: made, key: inner })
    }
  }
  return copy[0] as JsonValue
}
