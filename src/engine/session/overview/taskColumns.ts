/**
 * What the overview reads of a task, as SQL over the row alias `r`, whether or not the source has such columns, and the
 * one rule for times that cannot be: every time, span, duration and rate of the overview comes through here.
 */
import type { Scope } from '#contract/values'
import { whereOf } from '../filter/filterSql.ts'
import type { NamedColumn, SourceTable, Sql, SqlResult, SqlValue } from '../table/sourceTable.ts'

/**
 * A number is taken for a time if it is finite and lies in [2000-01-01, 2100-01-01) UTC. That leaves out negative times,
 * 1970 (a clock that was never set, a duration in the wrong field) and milliseconds or nanoseconds taken for seconds.
 */
export const earliestTime = 946_684_800
export const latestTime = 4_102_444_800
/** Beyond this an end before its start is no clock skew: one of the two is wrong, which cannot be told, so neither is used. */
export const skewSeconds = 86_400

/** Statuses of tasks of which more is to come. */
export const openStatuses = ['SUBMITTED', 'WAITING', 'RUNNING'] as const
export const openStatusList = openStatuses.map((status) => `'${status}'`).join(', ')

/** SQL expressions over `r`; null where the source has no such column or the value is of another kind. */
export type TaskColumns = {
  readonly id: string
  readonly activity: string
  readonly workflow: string
  readonly campaign: string
  readonly status: string
  readonly host: string
  readonly parent: string
  /** Epoch seconds that can be, each checked alone. */
  readonly rawStart: string
  readonly rawEnd: string
  /** Trusted: `start` null if it and the end contradict each other by more than skew, `end` null if it lies before the start. */
  readonly start: string
  readonly end: string
  /** `end − start`, never negative. */
  readonly seconds: string
  /** Whether a field that should be a time holds something that cannot be one. */
  readonly impossible: string
}

export function taskColumns(table: SourceTable): TaskColumns {
  const text = (name: string): string => textOf(table.column('tasks', name))
  const rawStart = timeOf(table.column('tasks', 'started_at'))
  const rawEnd = timeOf(table.column('tasks', 'ended_at'))
  return {
    id: 'r.record_id',
    activity: text('activity_id'),
    workflow: text('workflow_id'),
    campaign: text('campaign_id'),
    status: text('status'),
    host: text('hostname'),
    parent: text('parent_task_id'),
    rawStart,
    rawEnd,
    start: `CASE WHEN ${rawEnd} < ${rawStart} - ${skewSeconds} THEN NULL ELSE ${rawStart} END`,
    end: `CASE WHEN ${rawEnd} < ${rawStart} THEN NULL ELSE ${rawEnd} END`,
    seconds: `CASE WHEN ${rawEnd} >= ${rawStart} THEN ${rawEnd} - ${rawStart} END`,
    impossible: ['submitted_at', 'started_at', 'ended_at'].map((name) => impossibleOf(table.column('tasks', name))).join(' OR ')
  }
}

/** The column's value where it is a finite number, as DOUBLE. Mixed columns never throw: what is no number is null. */
export function numberOf(column: Pick<NamedColumn, 'storage' | 'sql'> | undefined): string {
  switch (column?.storage) {
    case 'DOUBLE':
      // NaN would sort above everything and poison means.
      return `CASE WHEN isfinite(${column.sql}) THEN ${column.sql} END`
    case 'BIGINT':
      return `CAST(${column.sql} AS DOUBLE)`
    case 'JSON':
      // JSON text: a number stands bare, text stands in quotes and so does not cast.
      return `CASE WHEN isfinite(TRY_CAST(${column.sql} AS DOUBLE)) THEN TRY_CAST(${column.sql} AS DOUBLE) END`
    default:
      return 'NULL::DOUBLE'
  }
}

/** The column's value as text; numbers and lists as they would be written in JSON. */
export function textOf(column: NamedColumn | undefined): string {
  if (column === undefined) return 'NULL::VARCHAR'
  switch (column.storage) {
    case 'VARCHAR':
      return column.sql
    case 'JSON':
      return `CASE WHEN starts_with(${column.sql}, '"') THEN json_extract_string(${column.sql}, '$') ELSE CAST(${column.sql} AS VARCHAR) END`
    default:
      return `CAST(${column.sql} AS VARCHAR)`
  }
}

/** SQL condition: the column holds a value that is not null. */
export function isFilled(column: NamedColumn | undefined): string {
  return column === undefined ? 'FALSE' : `${column.sql} IS NOT NULL`
}

function timeOf(column: NamedColumn | undefined): string {
  const number = numberOf(column)
  return column === undefined ? number : `(CASE WHEN ${number} >= ${earliestTime} AND ${number} < ${latestTime} THEN ${number} END)`
}

function impossibleOf(column: NamedColumn | undefined): string {
  return column === undefined ? 'FALSE' : `(${column.sql} IS NOT NULL AND ${timeOf(column)} IS NULL)`
}

/** Whether a scope leaves all tasks. */
export function isWhole(scope: Scope): boolean {
  return Object.keys(scope.filter).length === 0 && scope.search === ''
}

/** SQL condition on `r`: it is a task in scope. */
export function taskCondition(table: SourceTable, scope: Scope): Sql {
  const where = whereOf(table, 'tasks', scope)
  return { text: `${table.recordsPredicate('tasks')} AND (${where.text})`, values: where.values }
}

/** `SELECT <expression> AS <name>, … FROM rows r WHERE` the tasks in scope; to be put in a WITH or in brackets. */
export function tasksIn(table: SourceTable, scope: Scope, fields: Readonly<Record<string, string>>): Sql {
  const condition = taskCondition(table, scope)
  const list = Object.entries(fields).map(([name, expression]) => `${expression} AS ${name}`)
  return { text: `SELECT ${list.join(', ')} FROM ${table.rows} r WHERE ${condition.text}`, values: condition.values }
}

/** A query over tasks in scope, which it knows as `t`. Parameters of `rest` come after those of the scope. */
export async function queryTasks(
  table: SourceTable,
  scope: Scope,
  fields: Readonly<Record<string, string>>,
  rest: string,
  { values = [], signal }: { values?: readonly SqlValue[]; signal: AbortSignal }
): Promise<SqlResult[]> {
  const tasks = tasksIn(table, scope, fields)
  return table.query({ text: `WITH t AS (${tasks.text}) ${rest}`, values: [...tasks.values, ...values] }, signal)
}

/** A number out of a result, whatever of DuckDB's numeric types it came as; null for null. */
export function numberIn(value: SqlResult[number] | undefined): number | null {
  return value === null || value === undefined ? null : Number(value)
}

/** A count out of a result. */
export function countIn(value: SqlResult[number] | undefined): number {
  return numberIn(value) ?? 0
}

export function textIn(value: SqlResult[number] | undefined): string | null {
  return value === null || value === undefined ? null : String(value)
}
