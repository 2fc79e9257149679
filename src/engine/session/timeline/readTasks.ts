/** The tasks of a scope read into columns: when they were, and which lanes they stand in. */
import type { Scope } from '#contract/values'
import { tasksIn } from '../overview/taskColumns.ts'
import { type Coded, readCoded } from '../table/readCoded.ts'
import { RevisionCache } from '../table/revisionCache.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import type { LaneKind } from './laneKinds.ts'
import { type TaskTimes, type TimeColumns, timeColumns, timesFrom, timeSql } from './taskTimes.ts'

const kept = new RevisionCache<TaskTimes>(2)

export function taskTimes(table: SourceTable, scope: Scope, signal: AbortSignal): Promise<TaskTimes> {
  return kept.get(table, JSON.stringify(scope), async () => (await read(table, scope, [], true, signal)).times as TaskTimes)
}

/** Times are kept apart, since lanes of every kind share them. If tasks came or went meanwhile, both are read anew, at once. */
export async function readTasks(table: SourceTable, scope: Scope, kinds: readonly LaneKind[], signal: AbortSignal): Promise<{ times: TaskTimes; keys: readonly Coded[] }> {
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

type Read = { readonly lines: Float64Array; readonly times: TaskTimes | null; readonly keys: readonly Coded[] }

async function read(table: SourceTable, scope: Scope, kinds: readonly LaneKind[], withTimes: boolean, signal: AbortSignal): Promise<Read> {
  const fields = Object.assign({ line: 'r.line' }, withTimes ? quoted(timeSql(table)) : {}, ...kinds.map((kind) => kind.fields)) as Record<string, string>
  const rows = tasksIn(table, scope, fields)
  const join = kinds.map((kind) => kind.join).join(' ')
  const { lines, numbers, texts } = await readCoded<string>(table, { rows, join, numbers: withTimes ? timeColumns : {}, texts: kinds.map(({ key }) => key) }, signal)
  return { lines, times: withTimes ? timesFrom(lines, numbers as TimeColumns) : null, keys: texts }
}

const quoted = (fields: Readonly<Record<string, string>>): Record<string, string> => Object.fromEntries(Object.entries(fields).map(([name, sql]) => [`"${name}"`, sql]))
