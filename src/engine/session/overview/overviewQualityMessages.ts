/** Checks on the messages behind the tasks: ids that collide, statuses that went back, ids that were missing. */
import type { Scope } from '#contract/values'
import { type Finding, grouped, listed, mostNamed, tasksNamed, valuesBy } from './overviewQualityFinding.ts'
import { kindNumber, type SourceTable } from '../table/sourceTable.ts'
import { countIn, isFilled, isWhole, openStatusList, queryTasks, taskColumns, textOf } from './taskColumns.ts'

export async function overviewQualityMessages(table: SourceTable, scope: Scope, signal: AbortSignal): Promise<Finding[]> {
  const [updates, missing] = await Promise.all([checkUpdates(table, scope, signal), missingIds(table, scope, signal)])
  return [...updates, missing]
}

/** Several messages with one task_id are updates of its task, unless they disagree on what task that is. */
async function checkUpdates(table: SourceTable, scope: Scope, signal: AbortSignal): Promise<Finding[]> {
  const of = (name: string): string => textOf(table.column('messages', name))
  const lists = ['collided', 'late'].map(
    (what) => `SELECT '${what}', CAST(count(*) AS VARCHAR) FROM g WHERE ${what}
     UNION ALL (SELECT '${what}-id', id FROM g WHERE ${what} ORDER BY id LIMIT ${mostNamed + 1})`
  )
  const rows = await queryTasks(
    table,
    scope,
    { id: taskColumns(table).id, messages: 'r.messages' },
    // A message that is a record too is the only one of its task.
    `, m AS (SELECT r.record_id AS id, r.line, ${of('activity_id')} AS activity, ${of('workflow_id')} AS workflow, upper(${of('status')}) AS status
       FROM ${table.rows} r WHERE r.is_message AND NOT r.is_record AND r.kind = ${kindNumber.task} AND r.record_id IN (SELECT id FROM t WHERE messages > 1)),
     g AS MATERIALIZED (SELECT id, coalesce(min(activity) <> max(activity), FALSE) OR coalesce(min(workflow) <> max(workflow), FALSE) AS collided,
         coalesce(min(line) FILTER (status IN ('FINISHED', 'ERROR')) < max(line) FILTER (status IN (${openStatusList})), FALSE) AS late
       FROM m GROUP BY id)
     ${lists.join(' UNION ALL ')}`,
    { signal }
  )
  const by = valuesBy(rows)
  const count = (what: string): number => Number(by(what)[0] ?? 0)
  return [
    {
      kind: 'duplicates',
      level: 'warning',
      title: 'Ids that several tasks share',
      detail: `messages with one task_id name different activities or workflows: ${listed(by('collided-id'), { shown: 2, total: count('collided') })}`,
      count: count('collided'),
      records: 'tasks',
      filter: tasksNamed(by('collided-id'))
    },
    {
      kind: 'late-status',
      level: 'note',
      title: 'Statuses that came late',
      detail: 'Running or earlier after Finished or Error; the final status is kept',
      count: count('late'),
      records: 'tasks',
      filter: tasksNamed(by('late-id'))
    }
  ]
}

async function missingIds(table: SourceTable, scope: Scope, signal: AbortSignal): Promise<Finding> {
  const whole = isWhole(scope)
  const rows = await queryTasks(
    table,
    scope,
    { id: taskColumns(table).id },
    `SELECT count(*) FROM ${table.rows} r WHERE r.is_message AND r.kind = ${kindNumber.task} AND NOT (${isFilled(table.column('messages', 'task_id'))})
     ${whole ? '' : 'AND r.record_id IN (SELECT id FROM t)'}`,
    { signal }
  )
  const count = countIn(rows[0]?.[0])
  return {
    kind: 'missing-id',
    level: 'note',
    title: 'Messages without task_id',
    detail: `${grouped(count)} given an id: group_id and i for loop iterations, else one from file and line`,
    count,
    records: 'messages',
    // What a filter on messages leaves does not know of a scope on tasks.
    filter: whole ? { task_id: null, $or: [{ type: 'task' }, { type: null, activity_id: { $ne: null } }] } : null
  }
}
