/** Which tasks a subject has, and which workflows, agents and objects belong to them, as conditions in SQL. */
import type { DocumentSubject } from '#contract/exports'
import type { Params } from '#contract/methods'
import { Refusal } from '#contract/reply'
import type { Scope } from '#contract/values'
import { numberOf } from '../lineage/lineageGraph.ts'
import { lineageOf } from '../lineage/lineageOf.ts'
import { taskGraph } from '../lineage/taskGraph.ts'
import { isWhole, taskColumns, taskCondition, textIn, textOf } from '../overview/taskColumns.ts'
import { readDocument } from '../query/record.ts'
import type { SourceTable, Sql } from '../table/sourceTable.ts'
import { param, raw, sql } from '../table/sql.ts'
import { field, isJsonObject, parseJson } from '#contract/json'

export type Selection = {
  readonly subject: DocumentSubject
  /** What it is called, as the subject of a sentence: `Workflow train (6f1c…)`. */
  readonly title: string
  /** The name alone, for a heading. */
  readonly heading: string
  /** Condition on `r`: a task of the subject. */
  readonly tasks: Sql
  /** Leaves its tasks, for the figures of the overview; null where only ids could say it. */
  readonly scope: Scope | null
  /** Of a lineage: the numbers of the edges on its ways. */
  readonly edges: ReadonlySet<number> | null
}
type Asked = Pick<Params<'exports.document'>, 'subject' | 'scope' | 'inferred'>

/** A filter and a search say what is shown; every other subject is whole. @throws Refusal if there is no such task, workflow or campaign */
export async function selectionOf(table: SourceTable, { inferred, scope, subject }: Asked, signal: AbortSignal): Promise<Selection> {
  switch (subject.kind) {
    case 'shown':
      return { subject, title: isWhole(scope) ? 'This source' : 'What is shown', heading: isWhole(scope) ? 'All tasks' : 'What is shown', tasks: taskCondition(table, scope), scope, edges: null }
    case 'workflow':
      return await workflowSelection(table, subject, signal)
    case 'campaign':
      return await campaignSelection(table, subject, signal)
    case 'lineage':
      return await lineageSelection(table, subject, inferred, signal)
  }
}

async function workflowSelection(table: SourceTable, subject: Extract<DocumentSubject, { kind: 'workflow' }>, signal: AbortSignal): Promise<Selection> {
  const { workflow } = taskColumns(table)
  const isTask = raw(table.recordsPredicate('tasks'))
  const tasks = sql`${isTask} AND ${raw(workflow)} = ${param(subject.id)}`
  const name = await workflowName(table, subject.id, signal)
  const [known] = await table.query({ text: `SELECT 1 FROM ${table.rows} r WHERE ${tasks.text} LIMIT 1`, values: tasks.values }, signal)
  if (name === undefined && !known) throw new Refusal('not-found', `There is no workflow ${JSON.stringify(subject.id.slice(0, 200))} in this source.`)
  const heading = name ?? subject.id
  return { subject, title: name ? `Workflow ${name} (${subject.id})` : `Workflow ${subject.id}`, heading, tasks, scope: { filter: { workflow_id: subject.id }, search: '' }, edges: null }
}

/** Undefined if there is no record of it, null if that has no name. */
async function workflowName(table: SourceTable, id: string, signal: AbortSignal): Promise<string | null | undefined> {
  const [row] = await table.query({ text: `SELECT ${textOf(table.column('workflows', 'name'))} FROM ${table.rows} r WHERE ${table.recordsPredicate('workflows')} AND r.record_id = ? LIMIT 1`, values: [id] }, signal)
  return row === undefined ? undefined : textIn(row[0])
}

/** A task that names no campaign belongs to its workflow's. */
async function campaignSelection(table: SourceTable, subject: Extract<DocumentSubject, { kind: 'campaign' }>, signal: AbortSignal): Promise<Selection> {
  const { campaign, workflow } = taskColumns(table)
  const [isTask, rows, id] = [raw(table.recordsPredicate('tasks')), raw(table.rows), param(subject.id)]
  const member = sql`SELECT r.record_id AS w FROM ${rows} r WHERE ${raw(table.recordsPredicate('workflows'))} AND ${raw(textOf(table.column('workflows', 'campaign_id')))} = ${id}
    UNION SELECT ${raw(workflow)} FROM ${rows} r WHERE ${isTask} AND ${raw(campaign)} = ${id}`
  const silent = sql`SELECT DISTINCT ${raw(workflow)} FROM ${rows} r WHERE ${isTask} AND ${raw(campaign)} IS NULL AND ${raw(workflow)} IN (SELECT w FROM (${member}) WHERE w IS NOT NULL)`
  const workflows = (await table.query(silent, signal)).map(([one]) => String(one))
  const own = { campaign_id: subject.id }
  const scope: Scope = { filter: workflows.length === 0 ? own : { $or: [own, { campaign_id: null, workflow_id: { $in: workflows } }] }, search: '' }
  return { subject, title: `Campaign ${subject.id}`, heading: subject.id, tasks: taskCondition(table, scope), scope, edges: null }
}

async function lineageSelection(table: SourceTable, subject: Extract<DocumentSubject, { kind: 'lineage' }>, inferred: boolean, signal: AbortSignal): Promise<Selection> {
  const graph = await taskGraph(table, signal)
  const task = numberOf(graph, subject.taskId)
  const { edges, tasks } = lineageOf(graph, { task, column: null, direction: subject.direction, inferred })
  const lines = JSON.stringify(tasks.map((one) => graph.lines[one]))
  const condition = sql`${raw(table.recordsPredicate('tasks'))} AND r.line IN (SELECT unnest(from_json(${param(lines)}, '["BIGINT"]')))`
  const activity = activityIn((await readDocument(table, 'tasks', subject.taskId, signal)).document)
  const of = activity === null ? subject.taskId : `${activity} (${subject.taskId})`
  const heading = { up: 'What it came from', down: 'What was made of it', both: 'Lineage' }[subject.direction]
  return { subject, title: `The lineage of task ${of}`, heading: `${heading}: ${of}`, tasks: condition, scope: null, edges: new Set(edges) }
}

function activityIn(document: string): string | null {
  const parsed = parseJson(document)
  const activity = isJsonObject(parsed) ? field(parsed, 'activity_id') : null
  return typeof activity === 'string' ? activity : null
}

/** Condition on `r`: a workflow, agent or object that the tasks belong to or name. */
export function relatedTo(table: SourceTable, records: 'workflows' | 'agents' | 'objects', { scope, subject, tasks }: Selection): Sql {
  const isOne = raw(table.recordsPredicate(records))
  if (subject.kind === 'shown' && scope !== null && isWhole(scope)) return isOne
  const named = (field: string): Sql => sql`SELECT ${raw(textOf(table.column('tasks', field)))} FROM ${raw(table.rows)} r WHERE ${tasks}`
  const own = (field: string): Sql => raw(textOf(table.column(records, field)))
  if (records === 'agents') return sql`${isOne} AND (r.record_id IN (${named('agent_id')}) OR r.record_id IN (${named('source_agent_id')}))`
  if (records === 'workflows') {
    const member = subject.kind === 'workflow' ? sql`r.record_id = ${param(subject.id)}` : subject.kind === 'campaign' ? sql`${own('campaign_id')} = ${param(subject.id)}` : raw('FALSE')
    return sql`${isOne} AND (${member} OR r.record_id IN (${named('workflow_id')}))`
  }
  const ofTask = sql`${own('task_id')} IN (SELECT r.record_id FROM ${raw(table.rows)} r WHERE ${tasks})`
  // Objects saved by a workflow are the whole workflow's, not a selection's of its tasks.
  const ofWorkflow = subject.kind === 'workflow' || subject.kind === 'campaign' ? sql`(${own('task_id')} IS NULL AND ${own('workflow_id')} IN (${named('workflow_id')}))` : raw('FALSE')
  return sql`${isOne} AND (${ofTask} OR ${ofWorkflow})`
}
