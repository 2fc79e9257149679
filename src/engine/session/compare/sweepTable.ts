/** The runs of a sweep as a table: one row a run, `id`, `status`, and `v0`, `v1`, … as sweepSources.ts has them. */
import type { Params } from '#contract/methods'
import { openStatusList, taskColumns, tasksIn, textOf } from '../overview/taskColumns.ts'
import { RevisionCache } from '../table/revisionCache.ts'
import type { SourceTable, Sql } from '../table/sourceTable.ts'
import { KeptTables } from './keptTables.ts'
import { runForest } from './runMembers.ts'
import { type SweepSource, sweepSources } from './sweepSources.ts'

export type SweepOf = Pick<Params<'sweep.columns'>, 'row' | 'runs' | 'scope'>
export type SweepRows = { readonly sources: readonly SweepSource[]; /** What stands behind FROM. */ readonly from: Sql }

const kept = new KeptTables(3)
const sourcesKept = new RevisionCache<SweepSource[]>(3)

/** Tasks are a row each already; rows of workflows and campaigns are worked out once, then asked as often as the view likes. */
export async function withSweep<T>(table: SourceTable, sweep: SweepOf, signal: AbortSignal, use: (rows: SweepRows) => Promise<T>): Promise<T> {
  const sources = await sourcesKept.get(table, sweep.row, async () => sweepSources(table, sweep.row))
  if (sweep.row === 'task') return await use({ sources, from: taskRows(table, sweep, sources) })
  const key = JSON.stringify([sweep.row, sweep.runs, sweep.scope])
  return await kept.with([table], key, async () => ({ sql: await runRows(table, sweep, sources, signal), more: undefined }), signal, (name) => use({ sources, from: { text: `${name} s`, values: [] } }))
}

function taskRows(table: SourceTable, { runs, scope }: SweepOf, sources: readonly SweepSource[]): Sql {
  const { activity, id, status } = taskColumns(table)
  const values = Object.fromEntries(sources.map(({ task }, at) => [`v${at}`, task ?? 'NULL']))
  const tasks = tasksIn(table, scope, { id, activity, status, ...values })
  return { text: `(${tasks.text}${runs === null ? '' : ` AND ${id} IN (${listed})`}) s`, values: [...tasks.values, ...(runs === null ? [] : [JSON.stringify(runs)])] }
}

/** A parameter that the workflow does not have is its tasks', where those that have it agree. */
async function runRows(table: SourceTable, { row, runs, scope }: SweepOf, sources: readonly SweepSource[], signal: AbortSignal): Promise<Sql> {
  const columns = taskColumns(table)
  const campaigns = row === 'campaign' ? await campaignsOf(table, signal) : null
  const ofTasks = sources.flatMap((source, at) => (source.task === null ? [] : [{ ...source, at, task: source.task }]))
  const ofWorkflows = sources.flatMap(({ workflow }, at) => (workflow === null ? [] : [{ at, workflow }]))
  const tasks = tasksIn(table, scope, {
    line: 'r.line', first: 'r.first_line', workflow: columns.workflow, campaign: columns.campaign, status: columns.status, moment: `coalesce(${columns.end}, ${columns.start})`,
    ...Object.fromEntries(ofTasks.map(({ at, task }) => [`v${at}`, task]))
  })
  const memberOf = (workflow: string): string => (campaigns === null ? '' : `LEFT JOIN m ON m.workflow = ${workflow}`)
  const text = `WITH ${campaigns === null ? '' : `m AS (SELECT unnest(from_json(?, '[{"workflow":"VARCHAR","campaign":"VARCHAR"}]'), recursive := true)),`}
    q AS (${tasks.text}),
    t AS (SELECT ${row === 'workflow' ? 'q.workflow' : 'coalesce(q.campaign, m.campaign)'} AS run, row_number() OVER (ORDER BY moment NULLS FIRST, first, line) AS ord, q.* FROM q ${memberOf('q.workflow')}),
    x AS (SELECT run AS id, count(*) FILTER (status = 'ERROR') AS failed, count(*) FILTER (status IN (${openStatusList})) AS waiting${ofTasks.map(({ aggregate, at }) => `, ${aggregate(`v${at}`)} AS v${at}`).join('')}
      FROM t WHERE run IS NOT NULL ${runs === null ? '' : `AND run IN (${listed})`} GROUP BY run),
    p AS (SELECT r.record_id AS workflow, ${textOf(table.column('workflows', 'status'))} AS status${ofWorkflows.map(({ at, workflow }) => `, ${workflow} AS v${at}`).join('')} FROM ${table.rows} r WHERE ${table.recordsPredicate('workflows')}),
    w AS (SELECT ${row === 'workflow' ? 'p.workflow' : 'm.campaign'} AS id, CASE WHEN count(*) = 1 THEN min(p.status) END AS status${ofWorkflows.map(({ at }) => `, CASE WHEN min(v${at}) = max(v${at}) THEN min(v${at}) END AS v${at}`).join('')}
      FROM p ${memberOf('p.workflow')} GROUP BY 1)
    SELECT x.id AS id, CASE WHEN failed > 0 THEN 'ERROR' WHEN waiting > 0 THEN 'RUNNING' ELSE coalesce(w.status, 'FINISHED') END AS status${sources.map((source, at) => `, ${ofRun(source, at)} AS v${at}`).join('')}
    FROM x LEFT JOIN w ON w.id = x.id`
  return { text, values: [...(campaigns === null ? [] : [campaigns]), ...tasks.values, ...(runs === null ? [] : [JSON.stringify(runs)])] }
}

const listed = `SELECT unnest(from_json(?, '["VARCHAR"]'))`

function ofRun({ task, workflow }: SweepSource, at: number): string {
  return task === null ? `w.v${at}` : workflow === null ? `x.v${at}` : `coalesce(w.v${at}, x.v${at})`
}

/** The campaign that a workflow's tasks belong to which name none, as JSON. */
async function campaignsOf(table: SourceTable, signal: AbortSignal): Promise<string> {
  const forest = await runForest(table, signal)
  const workflows = new Set([...forest.flows.values()].flatMap(({ id }) => id ?? []))
  return JSON.stringify([...workflows].flatMap((workflow) => forest.campaignOf(workflow) === null ? [] : [{ workflow, campaign: forest.campaignOf(workflow) }]))
}
