/** The figures at the top of the overview: how many tasks, in what state, where and for how long. */
import type { Params, Result } from '#contract/methods'
import type { Scope } from '#contract/values'
import type { SourceTable, SqlResult } from '../table/sourceTable.ts'
import { countIn, numberIn, numberOf, queryTasks, taskColumns, textIn, textOf } from './taskColumns.ts'

/**
 * Wall time runs from the first start to the last time seen, and is null until a task has ended. Tasks per second counts
 * the tasks that say when they started. A task without a status counts as UNKNOWN.
 */
export async function overviewSummary(table: SourceTable, params: Params<'overview.summary'>, signal: AbortSignal): Promise<Result<'overview.summary'>> {
  const { scope } = params
  const [figures, statuses, workflows] = await Promise.all([
    queryFigures(table, scope, signal),
    queryStatuses(table, scope, signal),
    queryWorkflows(table, scope, signal)
  ])
  const firstStart = numberIn(figures[6])
  const lastEnd = numberIn(figures[7])
  const lastStart = numberIn(figures[8])
  const wallSeconds = firstStart === null || lastEnd === null ? null : Math.max(lastEnd, lastStart ?? lastEnd) - firstStart
  const started = countIn(figures[10])
  const workflowCount = countIn(figures[1])
  const one = workflowCount === 1 && countIn(figures[11]) === 0 ? textIn(figures[12]) : null
  return {
    tasks: countIn(figures[0]),
    statuses,
    workflows: workflowCount,
    campaigns: workflows.campaigns,
    activities: countIn(figures[2]),
    agents: countIn(figures[3]),
    hosts: countIn(figures[4]),
    users: workflows.users,
    flowceptVersions: workflows.versions,
    firstStart,
    lastEnd,
    wallSeconds: wallSeconds !== null && wallSeconds >= 0 ? wallSeconds : null,
    busySeconds: numberIn(figures[9]),
    tasksPerSecond: wallSeconds !== null && wallSeconds > 0 ? started / wallSeconds : null,
    llmTokens: numberIn(figures[5]),
    workflow: one === null ? null : await oneWorkflow(table, one, textIn(figures[13]), signal)
  }
}

async function queryFigures(table: SourceTable, scope: Scope, signal: AbortSignal): Promise<SqlResult> {
  const columns = taskColumns(table)
  const rows = await queryTasks(
    table,
    scope,
    {
      activity: columns.activity,
      workflow: columns.workflow,
      campaign: columns.campaign,
      host: columns.host,
      agent: textOf(table.column('tasks', 'agent_id')),
      starts: columns.start,
      ends: columns.end,
      seconds: columns.seconds,
      tokens: tokensOf(table)
    },
    `SELECT count(*), count(DISTINCT workflow), count(DISTINCT activity), count(DISTINCT agent), count(DISTINCT host), sum(tokens),
       min(starts), max(ends), max(starts), sum(seconds), count(starts), count(*) - count(workflow), min(workflow), min(campaign)
     FROM t`,
    { signal }
  )
  return rows[0] ?? []
}

/** Tokens as the provider or Flowcept counted them: the total, or input and output. */
function tokensOf(table: SourceTable): string {
  const of = (name: string): string => numberOf(table.column('tasks', `custom_metadata.${name}`))
  const sums = ['llm_usage', 'usage_metadata'].flatMap((group) => [of(`${group}.total_tokens`), `(${of(`${group}.input_tokens`)} + ${of(`${group}.output_tokens`)})`])
  return `coalesce(${sums.join(', ')})`
}

async function queryStatuses(table: SourceTable, scope: Scope, signal: AbortSignal): Promise<Record<string, number>> {
  const rows = await queryTasks(
    table,
    scope,
    { status: taskColumns(table).status },
    `SELECT coalesce(status, 'UNKNOWN') AS name, count(*) FROM t GROUP BY name ORDER BY count(*) DESC, name`,
    { signal }
  )
  return Object.fromEntries(rows.map((row) => [String(row[0]), countIn(row[1])]))
}

/** Campaigns, users and versions named by the tasks in scope or by their workflows: loop iterations name none themselves. */
async function queryWorkflows(table: SourceTable, scope: Scope, signal: AbortSignal): Promise<{ campaigns: number; users: string[]; versions: string[] }> {
  const columns = taskColumns(table)
  const of = (name: string): string => textOf(table.column('workflows', name))
  const rows = await queryTasks(
    table,
    scope,
    { workflow: columns.workflow, campaign: columns.campaign, person: textOf(table.column('tasks', 'user')) },
    `, g AS MATERIALIZED (SELECT DISTINCT workflow, campaign, person FROM t),
     w AS MATERIALIZED (
       SELECT ${of('campaign_id')} AS campaign, ${of('user')} AS person, ${of('flowcept_version')} AS version FROM ${table.rows} r
       WHERE ${table.recordsPredicate('workflows')} AND r.record_id IN (SELECT workflow FROM g WHERE workflow IS NOT NULL))
     SELECT * FROM (
       SELECT 'campaigns' AS what, CAST(count(*) AS VARCHAR) AS value FROM (SELECT campaign FROM g UNION SELECT campaign FROM w) WHERE campaign IS NOT NULL
       UNION ALL SELECT 'user', person FROM (SELECT person FROM g UNION SELECT person FROM w) WHERE person IS NOT NULL
       UNION ALL SELECT 'version', version FROM (SELECT DISTINCT version FROM w) WHERE version IS NOT NULL)
     ORDER BY what, value`,
    { signal }
  )
  const values = (what: string): string[] => rows.filter((row) => row[0] === what).map((row) => String(row[1]))
  return { campaigns: Number(values('campaigns')[0] ?? 0), users: values('user'), versions: values('version') }
}

async function oneWorkflow(table: SourceTable, id: string, campaignOfTasks: string | null, signal: AbortSignal): Promise<Result<'overview.summary'>['workflow']> {
  const of = (name: string): string => textOf(table.column('workflows', name))
  const rows = await table.query(
    {
      text: `SELECT ${of('name')}, ${of('campaign_id')}, ${of('workflow_description')} FROM ${table.rows} r WHERE ${table.recordsPredicate('workflows')} AND r.record_id = ? LIMIT 1`,
      values: [id]
    },
    signal
  )
  const row = rows[0]
  return { id, name: textIn(row?.[0]), campaign: textIn(row?.[1]) ?? campaignOfTasks, description: textIn(row?.[2]) }
}
