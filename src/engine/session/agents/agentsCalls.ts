/** Calls at any place of their order, with what was asked and answered; and where a call, or the next failed one, stands. */
import type { AgentCall } from '#contract/agents'
import { field, isJsonObject, type JsonObject, type JsonValue, parseJson, stringifyJson } from '#contract/json'
import type { Params, Result } from '#contract/methods'
import { documentOf } from '../query/record.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { kindNumbers } from './callColumns.ts'
import { type CallIndex, vias } from './callIndex.ts'
import { secondsOf } from './figures.ts'
import { type Answered, findingsOf, toolBefore } from './findings.ts'
import { leftOf, scopedCalls } from './scopedCalls.ts'

const kindWords = (['model', 'tool', 'message', 'task'] as const).toSorted((a, b) => kindNumbers[a] - kindNumbers[b])
const readAtATime = 16

export async function agentsCalls(table: SourceTable, params: Params<'agents.calls'>, signal: AbortSignal): Promise<Result<'agents.calls'>> {
  const { revision } = table
  const scoped = await scopedCalls(table, params.scope, signal)
  const left = leftOf(scoped, params)
  const shown = [...left.subarray(params.offset, params.offset + params.limit)]
  const positions = shown.map((position) => scoped.at[position] as number)
  const before = positions.map((call) => toolBefore(scoped.index, call))
  const records = await readRecords(table, scoped.index, [...positions, ...before.filter((call) => call !== -1)], signal)
  const calls = positions.map((call, at) => callOf(scoped.index, call, { index: shown[at] as number, record: records.get(call) ?? {}, before: answeredAt(before[at] as number, records), textLength: params.textLength }))
  return { revision, total: left.length, offset: params.offset, calls }
}

export async function agentsFind(table: SourceTable, params: Params<'agents.find'>, signal: AbortSignal): Promise<Result<'agents.find'>> {
  const scoped = await scopedCalls(table, params.scope, signal)
  const left = leftOf(scoped, params)
  const { index, at } = scoped
  const found = (position: number): Result<'agents.find'> => (position === -1 ? { at: null, taskId: null } : { at: position, taskId: index.ids[at[left[position] as number] as number] ?? null })
  if (params.taskId !== undefined) {
    const call = index.numberOf(params.taskId)
    return found(call === undefined ? -1 : left.findIndex((position) => at[position] === call))
  }
  const failed = (position: number): boolean => index.failed[at[position] as number] === 1
  if (params.direction === 'next') return found(left.findIndex((position, here) => here > params.from && failed(position)))
  return found(left.findLastIndex((position, here) => here < params.from && failed(position)))
}

function answeredAt(call: number, records: ReadonlyMap<number, JsonObject>): Answered | null {
  return call === -1 ? null : { call, record: records.get(call) ?? {} }
}

async function readRecords(table: SourceTable, index: CallIndex, calls: readonly number[], signal: AbortSignal): Promise<Map<number, JsonObject>> {
  const wanted = [...new Set(calls)]
  if (wanted.length === 0) return new Map()
  const lines = new Map(wanted.map((call) => [index.lines[call] as number, call]))
  const rows = await table.query({ text: `SELECT r.line, r.record_id, r.file, r.byte, r.size FROM ${table.rows} r WHERE r.line IN (${[...lines.keys()].join(', ')})`, values: [] }, signal)
  const records = new Map<number, JsonObject>()
  for (let from = 0; from < rows.length; from += readAtATime) {
    signal.throwIfAborted()
    await Promise.all(
      rows.slice(from, from + readAtATime).map(async ([line, id, file, byte, size]) => {
        const record = parseJson(await documentOf(table, 'tasks', { recordId: String(id), file: Number(file), byte: Number(byte), size: Number(size) }))
        records.set(lines.get(Number(line)) as number, isJsonObject(record) ? record : {})
      })
    )
  }
  return records
}

type Context = { index: number; record: JsonObject; before: Answered | null; textLength: number }

function callOf(index: CallIndex, call: number, { index: position, record, before, textLength }: Context): AgentCall {
  const kind = kindWords[index.kind[call] as number] as AgentCall['kind']
  const from = index.from[call] as number
  const finite = (value: number | undefined): number | null => (value === undefined || Number.isNaN(value) ? null : value)
  const [asked, answered] = wordsOf(kind, record)
  return {
    index: position,
    taskId: index.ids[call] as string,
    kind,
    activity: textIn(record, 'activity_id'),
    subtype: textIn(record, 'subtype'),
    status: textIn(record, 'status'),
    start: finite(index.start[call]),
    seconds: secondsOf(index, call),
    from: from === -1 ? null : (index.parties[from]?.key ?? null),
    to: index.parties[index.to[call] as number]?.key ?? '',
    via: vias[index.via[call] as number] ?? null,
    model: index.models[call] ?? null,
    tokensIn: finite(index.tokensIn[call]),
    tokensOut: finite(index.tokensOut[call]),
    inEstimated: index.inEstimated[call] === 1,
    outEstimated: index.outEstimated[call] === 1,
    asked: cut(asked, textLength),
    answered: cut(answered, textLength),
    stderr: cut(plainText(field(record, 'stderr')), textLength),
    findings: findingsOf(index, call, { record, before })
  }
}

/** A prompt that is not plain text, or not all that was used, is shown as all that was used, as JSON. */
function wordsOf(kind: AgentCall['kind'], record: JsonObject): [string | null, string | null] {
  const [used, generated] = [field(record, 'used'), field(record, 'generated')]
  if (kind !== 'model') return [jsonText(used), jsonText(generated)]
  return [onlyText(used, 'prompt') ?? jsonText(used), onlyText(generated, 'response') ?? jsonText(generated)]
}

function onlyText(value: JsonValue | undefined, key: string): string | null {
  if (!isJsonObject(value) || Object.keys(value).length !== 1) return null
  const text = field(value, key)
  return typeof text === 'string' ? text : null
}

function jsonText(value: JsonValue | undefined): string | null {
  if (value === undefined || value === null || (isJsonObject(value) && Object.keys(value).length === 0)) return null
  return stringifyJson(value)
}

export function plainText(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : jsonText(value)
}

const textIn = (record: JsonObject, key: string): string | null => plainText(field(record, key))

function cut(text: string | null, length: number): AgentCall['asked'] {
  if (text === null) return null
  if (text.length <= length) return { text, length: text.length }
  // Half of a character beyond the basic plane is none.
  const splits = /[\uD800-\uDBFF]/.test(text[length - 1] ?? '')
  return { text: text.slice(0, splits ? length - 1 : length), length: text.length }
}
