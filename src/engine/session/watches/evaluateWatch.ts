/** What a watch says of a source now: one query, and a sentence. */
import type { DraftWatch, WatchCondition, WatchState } from '#contract/watches'
import { whereOf } from '../filter/filterSql.ts'
import type { Arrivals } from '../moments/arrivals.ts'
import { countIn, numberIn, numberOf } from '../overview/taskColumns.ts'
import type { SourceTable, Sql, SqlResult } from '../table/sourceTable.ts'
import { allOf, joinSql, param, raw, sql } from '../table/sql.ts'
import { lengthWords, numberWords, tasksWords } from './watchWords.ts'

export type Verdict = Omit<WatchState, 'sourceId' | 'acknowledged'> & { /** When it will fire if nothing happens; null if that is not known. */ readonly dueAt: number | null }

/** What is known of the source beside its rows. */
export type Watching = {
  readonly isReading: boolean
  /** Null for what is no queue. `stopped`: why nothing can arrive, as the end of a sentence. */
  readonly live: { readonly attachedAt: number; readonly arrivals: Pick<Arrivals, 'timeOf'>; readonly stopped: string | null } | null
  readonly now: number
}

const mostIds = 5

/** @throws Refusal if a filter is none */
export async function evaluateWatch(table: SourceTable, watch: Pick<DraftWatch, 'within' | 'match' | 'condition'>, watching: Watching, signal: AbortSignal): Promise<Verdict> {
  const { condition } = watch
  const hindrance = hindranceOf(table, condition, watching)
  const tasks = raw(table.recordsPredicate('tasks'))
  const within = allOf([tasks, whereOf(table, 'tasks', watch.within)])
  const match = allOf([within, whereOf(table, 'tasks', watch.match)])
  const found = await table.query(question(table, condition, within, match), signal)
  const row = found[0] ?? []
  const [inside, matching] = [countIn(row[0]), countIn(row[1])]
  const counts = { matching, tasks: inside }
  if (hindrance !== null) return { ...counts, state: 'not-applicable', since: null, why: hindrance, value: null, taskIds: [], dueAt: null }
  if (condition.kind === 'stalled') return stalled(await lastArrival(table, match, watching, signal), condition.seconds, counts, watching)
  const value = condition.kind === 'metric' ? numberIn(row[3]) : null
  const { fires, why } = judge(condition, { ...counts, value })
  return { ...counts, state: fires ? 'firing' : 'ok', since: fires ? watching.now : null, why, value, taskIds: fires ? idsIn(row[2]) : [], dueAt: null }
}

/** What is not there yet cannot be said to be too little, and a mean of a part is none of the whole. */
function hindranceOf(table: SourceTable, condition: WatchCondition, { isReading, live }: Watching): string | null {
  if (condition.kind === 'stalled') {
    if (live === null) return 'Only a live source can stall: of a file or a store it is not seen when anything arrives.'
    return live.stopped
  }
  if (condition.kind === 'metric' && table.column('tasks', condition.column) === undefined) return `No task has ${condition.column}.`
  const needsAll = condition.kind === 'share' || (condition.kind === 'count' && condition.than === 'below') || (condition.kind === 'metric' && (condition.of === 'mean' || condition.of === 'latest'))
  return isReading && live === null && needsAll ? 'The source is still being read.' : null
}

function question(table: SourceTable, condition: WatchCondition, within: Sql, match: Sql): Sql {
  const number = condition.kind === 'metric' ? numberOf(table.column('tasks', condition.column)) : 'NULL::DOUBLE'
  const culprit = condition.kind === 'metric' ? sql`(x > 0 AND v ${raw(condition.than === 'above' ? '>' : '<')} ${param(condition.value)}::DOUBLE)` : raw('x > 0')
  const of = { latest: 'arg_max(v, n) FILTER (x > 0 AND v IS NOT NULL)', mean: 'avg(v) FILTER (x > 0)', max: 'max(v) FILTER (x > 0)', min: 'min(v) FILTER (x > 0)' }
  return sql`SELECT count(*), count(*) FILTER (x > 0), array_to_string(arg_min(id, n, ${raw(String(mostIds))}) FILTER (${culprit}), chr(31)), ${raw(condition.kind === 'metric' ? of[condition.of] : 'NULL')}
    FROM (SELECT r.record_id AS id, r.first_line AS n, CAST(coalesce(${match}, FALSE) AS INTEGER) AS x, ${raw(number)} AS v FROM ${raw(table.rows)} r WHERE ${within})`
}

const idsIn = (value: SqlResult[number] | undefined): string[] => (typeof value === 'string' && value !== '' ? value.split('\u001f') : [])

function judge(condition: Exclude<WatchCondition, { kind: 'stalled' }>, { matching, tasks, value }: { matching: number; tasks: number; value: number | null }): { fires: boolean; why: string } {
  switch (condition.kind) {
    case 'any':
      return { fires: matching > 0, why: matching > 0 ? `${tasksWords(matching, tasks)} ${matching === 1 ? 'matches' : 'match'}.` : `None of ${tasksWords(tasks)} matches.` }
    case 'count': {
      const fires = condition.than === 'above' ? matching > condition.tasks : matching < condition.tasks
      return { fires, why: `${tasksWords(matching, tasks)} match${matching === 1 ? 'es' : ''}; it fires ${condition.than} ${numberWords(condition.tasks)}.` }
    }
    case 'share': {
      const share = tasks === 0 ? 0 : matching / tasks
      return { fires: tasks > 0 && share > condition.above, why: `${numberWords(share * 100)} % of ${tasksWords(tasks)} match; it fires above ${numberWords(condition.above * 100)} %.` }
    }
    case 'metric': {
      const { column, of, than, value: limit } = condition
      if (value === null) return { fires: false, why: `No task that matches has a number in ${column}.` }
      const word = { latest: 'The latest', mean: 'The mean of', max: 'The greatest', min: 'The least' }[of]
      return { fires: than === 'above' ? value > limit : value < limit, why: `${word} ${column} is ${numberWords(value)}; it fires ${than} ${numberWords(limit)}.` }
    }
  }
}

/** When the newest message of any task that matches arrived. */
async function lastArrival(table: SourceTable, match: Sql, { live }: Watching, signal: AbortSignal): Promise<number | null> {
  const text = sql`SELECT m.file, m.file_line FROM ${raw(table.rows)} m WHERE m.is_message AND m.kind = 0
    AND m.record_id IN (SELECT r.record_id FROM ${raw(table.rows)} r WHERE ${joinSql([match], '')}) ORDER BY m.line DESC LIMIT 1`
  const [row] = await table.query(text, signal)
  return row === undefined ? null : (live?.arrivals.timeOf(Number(row[0]), Number(row[1])) ?? null)
}

function stalled(arrivedAt: number | null, seconds: number, counts: { matching: number; tasks: number }, { live, now }: Watching): Verdict {
  const since = arrivedAt ?? live?.attachedAt ?? now
  const dueAt = since + seconds
  const fires = now >= dueAt
  const what = arrivedAt === null ? 'Since it was attached nothing that matches has arrived' : 'Nothing more that matches has arrived'
  const why = fires ? `${what} for ${lengthWords(seconds)}.` : arrivedAt === null ? `${what}; it fires after ${lengthWords(seconds)}.` : `Something that matches has arrived within ${lengthWords(seconds)}.`
  return { ...counts, state: fires ? 'firing' : 'ok', since: fires ? dueAt : null, why, value: null, taskIds: [], dueAt: fires ? null : dueAt }
}
