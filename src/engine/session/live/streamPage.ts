/** The stream of a source: its messages in order of arrival, the newest first, each as one line for people. */
import { isJsonObject, parseJson, stringifyJson, type JsonValue } from '#contract/json'
import type { Params, Result } from '#contract/methods'
import { latestTimeSql } from '../moments/knownAt.ts'
import { textOf } from '../overview/taskColumns.ts'
import { countRows, rowsIn } from '../table/rowsIn.ts'
import { kindNumber, type SourceTable } from '../table/sourceTable.ts'

type Message = Result<'stream.page'>['messages'][number]

const kinds = Object.keys(kindNumber) as Message['kind'][]
/** So much of `used` and `generated` is shown; so much of a message is looked at for it. */
const shownLength = 300
const lookedAtBytes = 1 << 20

export async function streamPage(table: SourceTable, { after, before, limit, scope }: Params<'stream.page'>, signal: AbortSignal): Promise<Result<'stream.page'>> {
  const { revision } = table
  const rows = rowsIn(table, 'messages', scope)
  const bounds = [...(after === undefined ? [] : [`r.line > ${after}`]), ...(before === undefined ? [] : [`r.line < ${before}`])].map((bound) => ` AND ${bound}`).join('')
  const text = (name: string): string => textOf(table.column('messages', name))
  const selected = ['r.line', 'r.kind', 'CASE WHEN r.kind < 4 THEN r.record_id END', 'r.size', 'r.file', 'r.byte', text('activity_id'), text('status'), text('workflow_id'), text('hostname'), latestTimeSql(table), text('name'), text('info')]
  const [total, newer, found] = await Promise.all([
    countRows(table, 'messages', scope, signal),
    after === undefined ? null : table.query({ text: `SELECT count(*) ${rows.text} AND r.line > ${after}`, values: rows.values }, signal),
    table.query({ text: `SELECT ${selected.join(', ')} ${rows.text}${bounds} ORDER BY r.line DESC LIMIT ${limit}`, values: rows.values }, signal)
  ])
  const messages = await Promise.all(
    found.map(async ([line, kind, id, size, file, byte, activity, status, workflowId, hostname, time, name, info]): Promise<Message> => {
      const texts = await usedAndGenerated(table, { file: Number(file), byte: Number(byte), size: Number(size) })
      return {
        line: Number(line),
        kind: kinds[Number(kind)] ?? 'unknown',
        id: textOrNull(id),
        activity: textOrNull(activity ?? name ?? info),
        status: textOrNull(status),
        workflowId: textOrNull(workflowId),
        hostname: textOrNull(hostname),
        time: time === null || time === undefined ? null : Number(time),
        ...texts,
        bytes: Number(size)
      }
    })
  )
  return { total, newer: newer === null ? total : Number(newer[0]?.[0] ?? 0), revision, messages }
}

async function usedAndGenerated(table: SourceTable, { byte, file, size }: { file: number; byte: number; size: number }): Promise<{ used: string; generated: string }> {
  const text = await table.text({ file, byte, size: Math.min(size, lookedAtBytes) })
  if (size > lookedAtBytes) return { used: behindKey(text, 'used'), generated: behindKey(text, 'generated') }
  const message = parseJson(text)
  if (!isJsonObject(message)) return { used: '', generated: '' }
  return { used: shown(message['used']), generated: shown(message['generated']) }
}

/** Of a message too long to be read for one line of a stream. */
function behindKey(text: string, key: string): string {
  const at = text.indexOf(`"${key}":`)
  return at < 0 ? '' : text.slice(at + key.length + 3, at + key.length + 3 + shownLength).trimStart()
}

/** `station: ALB, hours: 24`: without the outer braces. */
function shown(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return ''
  if (!isJsonObject(value)) return cut(stringifyJson(value))
  let text = ''
  for (const [key, inner] of Object.entries(value)) {
    text += `${text === '' ? '' : ', '}${key}: ${typeof inner === 'string' ? inner : stringifyJson(inner)}`
    if (text.length > shownLength) break
  }
  return cut(text)
}

/** Never in the middle of a pair of surrogates. */
function cut(text: string): string {
  if (text.length <= shownLength) return text
  const last = text.charCodeAt(shownLength - 1)
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? shownLength - 1 : shownLength)
}

function textOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value)
}
