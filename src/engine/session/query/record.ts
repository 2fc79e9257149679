/** One record, whole: its document, what its telemetry says, how long it took among its like, and the messages it came in. */
import { isJsonObject, parseJson, stringifyJson, type JsonObject } from '#contract/json'
import type { Params, Result } from '#contract/methods'
import { Refusal } from '#contract/reply'
import type { Records } from '#contract/values'
import type { RecordKind } from '#engine/records/classify'
import { normalForm } from '#engine/records/mergeRecord'
import { hasTelemetry, telemetrySummary } from '#engine/records/telemetrySummary'
import { rowWithId } from '../table/rowsIn.ts'
import { kindNumber, type SourceTable } from '../table/sourceTable.ts'
import { taskColumns } from '../overview/taskColumns.ts'

type Row = { line: bigint; kind: number; recordId: string; file: number; byte: number; size: number }
type Paged = Pick<Params<'records.get'>, 'messagesOffset' | 'messagesLimit'>

const kindOf = { tasks: 'task', workflows: 'workflow', agents: 'agent', objects: 'object' } as const satisfies Record<Exclude<Records, 'messages'>, RecordKind>
/** Negative: the session's own text, of a merged record. */
const isMerged = ({ file }: { file: number }): boolean => file < 0

export async function getRecord(table: SourceTable, params: Params<'records.get'>, signal: AbortSignal): Promise<Result<'records.get'>> {
  const { records, id } = params
  const row = await findRecord(table, records, id, signal)
  const isTask = row.kind === kindNumber.task
  const [document, duration, messages] = await Promise.all([
    documentOf(table, records, row),
    records === 'tasks' ? durationAmongLike(table, row, signal) : null,
    records === 'messages' ? { total: 1, messages: [await messageOf(table, row, signal)] } : messagesOf(table, row, params, signal)
  ])
  const parsed = isTask ? parseJson(document) : null
  return {
    id,
    records,
    document,
    telemetrySummary: isJsonObject(parsed ?? undefined) && hasTelemetry(parsed as JsonObject) ? stringifyJson(telemetrySummary(parsed as JsonObject)) : null,
    duration,
    messagesTotal: messages.total,
    messages: messages.messages
  }
}

/** The exact JSON text of a message as it stands in its file, or of a record in its normal form. */
export async function documentOf(table: SourceTable, records: Records, row: Pick<Row, 'recordId' | 'file' | 'byte' | 'size'>): Promise<string> {
  return documentFrom(records, row, await table.text(row))
}

/** As `documentOf`, for who has read the row's text already. */
export function documentFrom(records: Records, row: Pick<Row, 'recordId' | 'file'>, text: string): string {
  return records === 'messages' || isMerged(row) ? text : normalText(kindOf[records], text, row.recordId)
}

/** The record as JSON text, and where its row is. @throws Refusal `not-found` */
export async function readDocument(table: SourceTable, records: Records, id: string, signal: AbortSignal): Promise<{ row: Row; document: string }> {
  const row = await findRecord(table, records, id, signal)
  const text = await table.text(row)
  return { row, document: records === 'messages' || isMerged(row) ? text : normalText(kindOf[records], text, row.recordId) }
}

async function findRecord(table: SourceTable, records: Records, id: string, signal: AbortSignal): Promise<Row> {
  const wanted = rowWithId(records, id)
  const found = await table.query(
    { text: `SELECT r.line, r.kind, r.record_id, r.file, r.byte, r.size FROM ${table.rows} r WHERE ${table.recordsPredicate(records)} AND ${wanted.text} LIMIT 1`, values: wanted.values },
    signal
  )
  const row = found[0]
  if (!row) throw new Refusal('not-found', `There is no ${records.slice(0, -1)} ${JSON.stringify(id.slice(0, 200))} in this source.`)
  return { line: BigInt(row[0] as bigint), kind: Number(row[1]), recordId: String(row[2]), file: Number(row[3]), byte: Number(row[4]), size: Number(row[5]) }
}

/** A record that shares the row of its one message is that message in its normal form. */
function normalText(kind: RecordKind, text: string, id: string): string {
  const message = parseJson(text)
  return isJsonObject(message) ? stringifyJson(normalForm(kind, message, { newId: () => id })) : text
}

/** Among all tasks of the same activity that have both times, this one included. */
async function durationAmongLike(table: SourceTable, { line }: Row, signal: AbortSignal): Promise<Result<'records.get'>['duration']> {
  const { activity, seconds } = taskColumns(table)
  const quantiles = [0.05, 0.25, 0.5, 0.75, 0.95].map((share) => `quantile_cont(seconds, ${share})`)
  const [found] = await table.query(
    {
      text: `WITH mine AS (SELECT ${activity} AS activity, ${seconds} AS seconds FROM ${table.rows} r WHERE r.line = ?),
          t AS (SELECT ${seconds} AS seconds FROM ${table.rows} r WHERE ${table.recordsPredicate('tasks')} AND ${activity} IS NOT DISTINCT FROM (SELECT activity FROM mine))
        SELECT count(seconds), count(*) FILTER (seconds <= (SELECT seconds FROM mine)), (SELECT seconds FROM mine), ${quantiles.join(', ')} FROM t`,
      values: [line]
    },
    signal
  )
  const [tasks, notLonger, own, ...rest] = found ?? []
  if (own === null || own === undefined) return null
  return { percentile: Number(notLonger) / Number(tasks), quantiles: rest.map(Number), tasks: Number(tasks) }
}

async function messagesOf(table: SourceTable, { kind, recordId }: Row, { messagesOffset, messagesLimit }: Paged, signal: AbortSignal) {
  const from = `FROM ${table.rows} r WHERE r.is_message AND r.kind = ${kind} AND r.record_id = ?`
  const [counted, found] = await Promise.all([
    table.query({ text: `SELECT count(*) ${from}`, values: [recordId] }, signal),
    table.query({ text: `SELECT r.line, r.file, r.file_line, r.byte, r.size ${from} ORDER BY r.line LIMIT ${messagesLimit} OFFSET ${messagesOffset}`, values: [recordId] }, signal)
  ])
  return { total: Number(counted[0]?.[0] ?? 0), messages: await Promise.all(found.map((row) => readMessage(table, row))) }
}

async function messageOf(table: SourceTable, { line }: Row, signal: AbortSignal) {
  const [row] = await table.query({ text: `SELECT r.line, r.file, r.file_line, r.byte, r.size FROM ${table.rows} r WHERE r.line = ?`, values: [line] }, signal)
  return readMessage(table, row ?? [])
}

async function readMessage(table: SourceTable, row: readonly unknown[]): Promise<Result<'records.get'>['messages'][number]> {
  const [line, file, fileLine, byte, size] = row.map(Number) as [number, number, number, number, number]
  return { id: String(line), file: table.fileName(file), line: fileLine, byte, text: await table.text({ file, byte, size }) }
}
