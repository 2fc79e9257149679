/** What a document is about, for all of them: its tasks one after the other, and the workflows, agents and objects that they belong to. */
import type { SecretTreatment } from '#contract/exports'
import { isJsonObject, type JsonObject, parseJson } from '#contract/json'
import type { Params } from '#contract/methods'
import { Refusal } from '#contract/reply'
import type { Records } from '#contract/values'
import { normalForm } from '#engine/records/mergeRecord'
import { kindOf } from '../export/recordLines.ts'
import { rowTexts } from '../export/rowTexts.ts'
import { treatSecrets } from '../export/secrets.ts'
import { countIn } from '../overview/taskColumns.ts'
import { queryColumns } from '../table/queryColumns.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { raw, sql } from '../table/sql.ts'
import { relatedTo, type Selection, selectionOf } from './subjectSelection.ts'

export type SubjectKind = Exclude<Records, 'messages'>
export type SubjectRecord = { readonly line: number; readonly id: string; readonly document: JsonObject }

export type SubjectRecords = Selection & {
  readonly table: SourceTable
  /** Rows of its tasks, in the order of their first messages. */
  readonly lines: Float64Array
  readonly counts: Readonly<Record<SubjectKind, number>>
  /** Values that were treated as secrets in what has been read so far. */
  treated(): number
  /** Each record once, in order of arrival, its secrets treated; a few at a time in memory. */
  each(records: SubjectKind, signal: AbortSignal): AsyncGenerator<SubjectRecord>
}

/** Records whose places are looked up at once, and how much of their texts is in memory at once. */
const [recordsAtOnce, bytesAtOnce] = [1000, 8e6]

/** @throws Refusal if there is no such subject, or it has no tasks */
export async function subjectRecords(table: SourceTable, params: Pick<Params<'exports.document'>, 'subject' | 'scope' | 'inferred' | 'secrets'>, signal: AbortSignal): Promise<SubjectRecords> {
  const selection = await selectionOf(table, params, signal)
  const lines = await linesOf(table, 'tasks', selection, signal)
  if (lines.length === 0) throw new Refusal('bad-request', `${selection.title} has no tasks, so there is nothing to make a document of.`)
  // Makers may read the same records several times.
  const treated: Record<SubjectKind, number> = { tasks: 0, workflows: 0, agents: 0, objects: 0 }
  const related = { workflows: await linesOf(table, 'workflows', selection, signal), agents: await linesOf(table, 'agents', selection, signal), objects: await linesOf(table, 'objects', selection, signal) }
  return {
    ...selection,
    table,
    lines,
    counts: { tasks: lines.length, workflows: related.workflows.length, agents: related.agents.length, objects: related.objects.length },
    treated: () => Object.values(treated).reduce((sum, count) => sum + count, 0),
    each: (records, readSignal) =>
      readLines(table, { records, lines: records === 'tasks' ? lines : related[records], secrets: params.secrets, onTreated: (count) => (treated[records] = Math.max(treated[records], count)) }, readSignal)
  }
}

async function linesOf(table: SourceTable, records: SubjectKind, selection: Selection, signal: AbortSignal): Promise<Float64Array> {
  const condition = records === 'tasks' ? selection.tasks : relatedTo(table, records, selection)
  const query = sql`SELECT r.line::DOUBLE AS line FROM ${raw(table.rows)} r WHERE ${condition} ORDER BY r.first_line, r.line`
  const [lines] = (await queryColumns(table, query, [false], signal)) as [Float64Array]
  return lines
}

type Reading = { readonly records: SubjectKind; readonly lines: Float64Array; readonly secrets: SecretTreatment; /** How many values so far. */ readonly onTreated: (count: number) => void }
type Place = { readonly line: number; readonly recordId: string; readonly file: number; readonly byte: number; readonly size: number }

async function* readLines(table: SourceTable, { lines, onTreated, records, secrets }: Reading, signal: AbortSignal): AsyncGenerator<SubjectRecord> {
  let treated = 0
  for (let at = 0; at < lines.length; at += recordsAtOnce) {
    for (const places of batches(await placesOf(table, lines.subarray(at, at + recordsAtOnce), signal))) {
      signal.throwIfAborted()
      const texts = await rowTexts(table, places)
      for (const [index, place] of places.entries()) {
        const { count, document } = treatSecrets(recordIn(records, place, texts[index] as string), secrets)
        treated += count
        onTreated(treated)
        yield { line: place.line, id: place.recordId, document }
      }
    }
  }
}

/** As `documentFrom` has it, without writing it as text in between. */
function recordIn(records: SubjectKind, { file, recordId }: Place, text: string): JsonObject {
  const parsed = parseJson(text)
  if (!isJsonObject(parsed)) return {}
  // The session's own texts are merged records already.
  return file < 0 ? parsed : normalForm(kindOf[records], parsed, { newId: () => recordId })
}

async function placesOf(table: SourceTable, lines: Float64Array, signal: AbortSignal): Promise<Place[]> {
  const [least, most] = [lines.reduce((a, b) => Math.min(a, b)), lines.reduce((a, b) => Math.max(a, b))]
  const rows = await table.query(
    { text: `SELECT r.line, r.record_id, r.file, r.byte, r.size FROM ${table.rows} r WHERE r.line BETWEEN ${least} AND ${most} AND r.line IN (${[...lines].join(', ')})`, values: [] },
    signal
  )
  const found = new Map(rows.map(([line, id, file, byte, size]): [number, Place] => [countIn(line), { line: countIn(line), recordId: String(id), file: countIn(file), byte: countIn(byte), size: countIn(size) }]))
  return Array.from(lines, (line) => {
    const place = found.get(line)
    if (place === undefined) throw new Refusal('unavailable', 'The source was read anew while the document was being made. Make it again.')
    return place
  })
}

/** So many together as are held in memory without harm. */
function batches(places: readonly Place[]): Place[][] {
  const all: Place[][] = []
  let bytes = Infinity
  for (const place of places) {
    if (bytes + place.size > bytesAtOnce) {
      all.push([])
      bytes = 0
    }
    all.at(-1)?.push(place)
    bytes += place.size
  }
  return all
}
