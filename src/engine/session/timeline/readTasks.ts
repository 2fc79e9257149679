/** The tasks of a scope read into columns: when they were, and which lanes they stand in. */
import type { Scope } from '#contract/values'
import { tasksIn } from '../overview/taskColumns.ts'
import { queryColumns } from '../table/queryColumns.ts'
import { RevisionCache } from '../table/revisionCache.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import type { LaneKind } from './laneKinds.ts'
import { type TaskTimes, type TimeColumns, timeColumns, timesFrom, timeSql } from './taskTimes.ts'

/** Of each task the number of its key; null is a key too. */
export type LaneKeys = { readonly codes: Int32Array; readonly values: readonly (string | null)[] }

const kept = new RevisionCache<TaskTimes>(2)

export function taskTimes(table: SourceTable, scope: Scope, signal: AbortSignal): Promise<TaskTimes> {
  return kept.get(table, JSON.stringify(scope), async () => (await read(table, scope, [], true, signal)).times as TaskTimes)
}

/** Times are kept apart, since lanes of every kind share them. If tasks came or went meanwhile, both are read anew, at once. */
export async function readTasks(table: SourceTable, scope: Scope, kinds: readonly LaneKind[], signal: AbortSignal): Promise<{ times: TaskTimes; keys: LaneKeys[] }> {
  const scopeKey = JSON.stringify(scope)
  if (kept.has(table, scopeKey)) {
    const [times, { keys, lines }] = await Promise.all([taskTimes(table, scope, signal), read(table, scope, kinds, false, signal)])
    if (lines.length === times.count && lines.every((line, at) => line === times.lines[at])) return { times, keys }
  }
  const whole = read(table, scope, kinds, true, signal)
  const times = kept.has(table, scopeKey) ? null : kept.get(table, scopeKey, async () => (await whole).times as TaskTimes)
  const { keys, times: own } = await whole
  return { times: (await times) ?? (own as TaskTimes), keys }
}

type Read = { readonly lines: Float64Array; readonly times: TaskTimes | null; readonly keys: LaneKeys[] }

/** One query, so that all of it is of one moment. Texts are few: each key stands once, with the first task that has it. */
async function read(table: SourceTable, scope: Scope, kinds: readonly LaneKind[], withTimes: boolean, signal: AbortSignal): Promise<Read> {
  const fields = Object.assign({ line: 'r.line' }, withTimes ? quoted(timeSql(table)) : {}, ...kinds.map((kind) => kind.fields)) as Record<string, string>
  const tasks = tasksIn(table, scope, fields)
  const numbers = withTimes ? Object.entries(timeColumns) : []
  const columns = [...numbers.map(([name, sql]) => `(${sql})::DOUBLE AS "${name}"`), ...kinds.map(({ key }, at) => `${key} AS key${at}`)]
  const text = `WITH t AS (${tasks.text}),
    j AS MATERIALIZED (SELECT ${['t.line AS line', ...columns].join(', ')} FROM t ${kinds.map(({ join }) => join).join(' ')})
    ${kinds.map((_, at) => `, k${at} AS (SELECT key${at} AS key, row_number() OVER () - 1 AS code, min(line) AS line FROM j GROUP BY key${at})`).join('')}
    SELECT ${['j.line::DOUBLE', ...numbers.map(([name]) => `j."${name}"`), ...kinds.map((_, at) => `k${at}.code::DOUBLE`), ...kinds.map((_, at) => `CASE WHEN k${at}.line = j.line THEN j.key${at} END`)].join(', ')}
    FROM j ${kinds.map((_, at) => `JOIN k${at} ON k${at}.key IS NOT DISTINCT FROM j.key${at}`).join(' ')} ORDER BY j.line`
  const isText = [false, ...numbers.map(() => false), ...kinds.map(() => false), ...kinds.map(() => true)]
  const [lines, ...others] = await queryColumns(table, { text, values: tasks.values }, isText, signal)
  const times = withTimes ? timesFrom(lines as Float64Array, Object.fromEntries(numbers.map(([name], at) => [name, others[at]])) as unknown as TimeColumns) : null
  const keys = kinds.map((_, at) => laneKeys(others[numbers.length + at] as Float64Array, others[numbers.length + kinds.length + at] as readonly (string | null)[]))
  return { lines: lines as Float64Array, times, keys }
}

const quoted = (fields: Readonly<Record<string, string>>): Record<string, string> => Object.fromEntries(Object.entries(fields).map(([name, sql]) => [`"${name}"`, sql]))

function laneKeys(numbers: Float64Array, texts: readonly (string | null)[]): LaneKeys {
  const codes = Int32Array.from(numbers)
  const values: (string | null)[] = Array.from({ length: codes.reduce((most, code) => Math.max(most, code + 1), 0) }, () => null)
  texts.forEach((text, task) => {
    if (text !== null) values[codes[task] as number] = text
  })
  return { codes, values }
}
