/**
 * What a task hangs together with: its workflow, its parent and children, and where its values come from and go to.
 *
 * Upstream and downstream, captured evidence comes first: a task id in `dependencies` or `dependents` of either side, or as a
 * value in `used` (as Dask records it). Then come matches: a value of one task's `used` that equals a value of another's
 * `generated` in the same workflow or campaign. Trivial values are left out (linkValues.ts says which), and a value that more
 * than 20 tasks produced is ambiguous: counted, not listed. Whatever is left is exact; every list says how many there are.
 */
import { isJsonObject, parseJson, type JsonObject } from '#contract/json'
import type { Params, Result } from '#contract/methods'
import { columnsOf, placesSql, valuesSql } from './linkSql.ts'
import { idsIn, linkValues, mostProducers, type LinkValue } from './linkValues.ts'
import { readDocument } from './record.ts'
import type { SourceTable, Sql, SqlResult } from '../table/sourceTable.ts'
import { joinSql, param, raw, sql } from '../table/sql.ts'
import { numberIn, taskColumns, textIn, textOf } from '../overview/taskColumns.ts'

type Links = Result<'records.links'>
type Link = Links['upstream']['links'][number]
type Task = { id: string; line: bigint; workflow: string | null; campaign: string | null; parent: string | null; start: number | null; end: number | null; document: JsonObject }
type Ask = {
  readonly table: SourceTable
  readonly task: Task
  /** Condition for the tasks of the same workflow or campaign. */
  readonly near: Sql
  readonly limit: number
  readonly signal: AbortSignal
}


/** So many of the fields that tie two tasks are named; the others are counted. */
const mostFields = 3

export async function recordLinks(table: SourceTable, { taskId, limit }: Params<'records.links'>, signal: AbortSignal): Promise<Links> {
  const task = await readTask(table, taskId, signal)
  const ask = { table, task, near: await nearSql(table, task, signal), limit, signal }
  const [workflow, parent, children, upstream, downstream] = await Promise.all([readWorkflow(ask), readParent(ask), readChildren(ask), readUpstream(ask), readDownstream(ask)])
  return { workflow, parent, children, upstream: upstream.list, downstream: downstream.list, ambiguous: upstream.ambiguous + downstream.ambiguous }
}

async function readTask(table: SourceTable, id: string, signal: AbortSignal): Promise<Task> {
  const { document: text, row: place } = await readDocument(table, 'tasks', id, signal)
  const { campaign, end, parent, start, workflow } = taskColumns(table)
  const [row] = await table.query({ text: `SELECT ${[workflow, campaign, parent, start, end].join(', ')} FROM ${table.rows} r WHERE r.line = ?`, values: [place.line] }, signal)
  const document = parseJson(text)
  return {
    id,
    line: place.line,
    workflow: textIn(row?.[0]),
    campaign: textIn(row?.[1]),
    parent: textIn(row?.[2]),
    start: numberIn(row?.[3]),
    end: numberIn(row?.[4]),
    document: isJsonObject(document) ? document : {}
  }
}

/** With the lines between which they lie: many fields are looked through, and each time the rest of a large table is passed over. */
async function nearSql(table: SourceTable, { campaign, workflow }: Task, signal: AbortSignal): Promise<Sql> {
  const columns = taskColumns(table)
  const near = sql`${raw(table.recordsPredicate('tasks'))} AND (${raw(columns.workflow)} = ${param(workflow)} OR ${raw(columns.campaign)} = ${param(campaign)})`
  const [row] = await table.query(sql`SELECT min(r.line), max(r.line) FROM ${raw(table.rows)} r WHERE ${near}`, signal)
  return sql`r.line BETWEEN ${raw(String(row?.[0] ?? 0))} AND ${raw(String(row?.[1] ?? -1))} AND ${near}`
}

async function readWorkflow({ signal, table, task }: Ask): Promise<Links['workflow']> {
  const { campaign, workflow } = task
  if (workflow === null) return null
  const of = (name: string): string => textOf(table.column('workflows', name))
  const [row] = await table.query({ text: `SELECT ${of('name')}, ${of('campaign_id')} FROM ${table.rows} r WHERE ${table.recordsPredicate('workflows')} AND r.record_id = ? LIMIT 1`, values: [workflow] }, signal)
  return { id: workflow, name: textIn(row?.[0]), campaign: textIn(row?.[1]) ?? campaign }
}

async function readParent({ signal, table, task }: Ask): Promise<Links['parent']> {
  if (task.parent === null) return null
  const [row] = await table.query({ text: `SELECT ${taskColumns(table).activity} FROM ${table.rows} r WHERE ${table.recordsPredicate('tasks')} AND r.record_id = ? LIMIT 1`, values: [task.parent] }, signal)
  return { taskId: task.parent, activity: textIn(row?.[0]), missing: row === undefined }
}

async function readChildren({ limit, signal, table, task }: Ask): Promise<Links['children']> {
  const { activity, parent, status } = taskColumns(table)
  const rows = await table.query(
    {
      text: `SELECT r.record_id, ${activity}, ${status}, count(*) OVER () FROM ${table.rows} r WHERE ${table.recordsPredicate('tasks')} AND ${parent} = ? AND r.line <> ? ORDER BY r.first_line, r.line LIMIT ${limit}`,
      values: [task.id, task.line]
    },
    signal
  )
  const links = rows.map((row): Link => ({ ...ends(row), evidence: 'captured', via: 'parent_task_id', value: task.id, producers: null, earlySeconds: null }))
  return { total: Number(rows[0]?.[3] ?? 0), links }
}

function ends(row: SqlResult): Pick<Link, 'taskId' | 'activity' | 'status'> {
  return { taskId: String(row[0]), activity: textIn(row[1]), status: textIn(row[2]) }
}

type Side = { list: Links['upstream']; ambiguous: number }
type Named = { id: string; via: string }

async function readUpstream(ask: Ask): Promise<Side> {
  const { document } = ask.task
  const values = linkValues('used', document['used'])
  const named = [...idsIn(document, 'dependencies').map((id) => ({ id, via: 'dependencies' })), ...values.flatMap(({ path, text }) => (text === null ? [] : [{ id: text, via: path }]))]
  return readSide(ask, { values, valueIn: 'used', otherIn: 'generated', named, naming: ['dependents'], certain: named.filter(({ via }) => via === 'dependencies') })
}

async function readDownstream(ask: Ask): Promise<Side> {
  const { document } = ask.task
  const named = idsIn(document, 'dependents').map((id) => ({ id, via: 'dependents' }))
  return readSide(ask, { values: linkValues('generated', document['generated']), valueIn: 'generated', otherIn: 'used', named, naming: ['dependencies', 'used'], certain: named })
}

type SideQuestion = {
  /** Of this task. */
  readonly values: readonly LinkValue[]
  readonly valueIn: 'used' | 'generated'
  readonly otherIn: 'used' | 'generated'
  /** Tasks that this one names, if they are tasks. */
  readonly named: readonly Named[]
  /** Fields of other tasks in which they name this one. */
  readonly naming: readonly string[]
  /** Of these, those that are sure to be tasks, here or not. */
  readonly certain: readonly Named[]
}

async function readSide(ask: Ask, question: SideQuestion): Promise<Side> {
  const { limit, signal, table, task } = ask
  const rows = await table.query(sideSql(ask, question), signal)
  const [ambiguous, total] = [Number(rows[0]?.[0] ?? 0), Number(rows[0]?.[1] ?? 0)]
  const found = rows.filter((row) => row[2] !== null).map((row) => ({ link: linkOf(task, question, row.slice(2)), isCaptured: Number(row[5]) === 0 }))
  const missing = await missingIds(ask, question.certain)
  const absent = missing.map(({ id, via }): Link => ({ taskId: id, activity: null, status: null, evidence: 'captured', via, value: id, producers: null, earlySeconds: null }))
  const links = [...found.filter((one) => one.isCaptured).map((one) => one.link), ...absent, ...found.filter((one) => !one.isCaptured).map((one) => one.link)]
  return { list: { total: total + missing.length, links: links.slice(0, limit) }, ambiguous }
}

async function missingIds({ signal, table }: Ask, named: readonly Named[]): Promise<Named[]> {
  if (named.length === 0) return []
  const rows = await table.query(
    { text: `SELECT id FROM (SELECT unnest(from_json(?, '["VARCHAR"]')) AS id) WHERE id NOT IN (SELECT r.record_id FROM ${table.rows} r WHERE ${table.recordsPredicate('tasks')})`, values: [JSON.stringify(named.map(({ id }) => id))] },
    signal
  )
  const missing = new Set(rows.map((row) => row[0]))
  return named.filter(({ id }) => missing.has(id))
}

/** Columns: ambiguous, total, then of each link: task, activity, status, rank (0 captured), fields, value's number, producers, further fields, start, end. */
function sideSql({ limit, near, table, task }: Ask, { named, naming, otherIn, valueIn, values }: SideQuestion): Sql {
  const columns = taskColumns(table)
  const isTask = raw(table.recordsPredicate('tasks'))
  const list = (items: readonly string[]): Sql => sql`unnest(from_json(${param(JSON.stringify(items))}, '["VARCHAR"]'))`
  const produced = valueIn === 'generated' ? 'own' : 'other'
  const parts = [
    valuesSql('v', values),
    valuesSql('me', [{ text: task.id, integer: null, number: null, json: JSON.stringify(task.id) }]),
    placesSql(table, { name: 'other', values: 'v', columns: values.length === 0 ? [] : columnsOf(table, [otherIn]), where: near }),
    placesSql(table, { name: 'own', values: 'v', columns: values.length === 0 || produced === 'other' ? [] : columnsOf(table, ['generated']), where: near }),
    placesSql(table, { name: 'naming', values: 'me', columns: columnsOf(table, naming).filter(({ storage }) => storage === 'VARCHAR' || storage === 'JSON'), where: isTask, only: task.id }),
    sql`named AS (SELECT r.line, n.via FROM ${raw(table.rows)} r JOIN (SELECT ${list(named.map(({ id }) => id))} AS id, ${list(named.map(({ via }) => via))} AS via) n ON r.record_id = n.id WHERE ${isTask})`,
    sql`producers AS MATERIALIZED (SELECT i, count(DISTINCT line) AS n FROM ${raw(produced)} ${raw(produced === 'other' ? `WHERE line <> ${task.line}` : '')} GROUP BY i)`,
    sql`k AS (SELECT line, 0 AS rank, via, NULL AS i, NULL AS n FROM (SELECT line, via FROM named UNION SELECT line, via FROM naming) WHERE line <> ${raw(String(task.line))}
      UNION ALL SELECT line, 1, via, i, n FROM other JOIN producers USING (i) WHERE n <= ${raw(String(mostProducers))} AND line <> ${raw(String(task.line))})`,
    sql`g AS MATERIALIZED (SELECT line, min(rank) AS rank, min(n) FILTER (rank = 1) AS n FROM k GROUP BY line)`,
    sql`p AS (SELECT line, rank, n FROM g ORDER BY rank, n, line LIMIT ${raw(String(limit))})`,
    sql`f AS (SELECT k.line, count(DISTINCT k.via) AS fields, to_json(list_slice(list({'via': k.via, 'i': k.i} ORDER BY k.n, k.i, k.via), 1, ${raw(String(mostFields))})) AS places FROM k JOIN p USING (line, rank) GROUP BY k.line)`
  ]
  return sql`WITH ${joinSql(parts, ',\n')}
    SELECT (SELECT count(*) FROM producers WHERE n > ${raw(String(mostProducers))}), (SELECT count(*) FROM g), x.* FROM (SELECT 1) LEFT JOIN (
      SELECT r.record_id, ${raw(columns.activity)} AS activity, ${raw(columns.status)} AS status, p.rank, CAST(f.places AS VARCHAR) AS places, f.fields, p.n, ${raw(columns.start)} AS start, ${raw(columns.end)} AS ending, r.first_line
      FROM p JOIN ${raw(table.rows)} r ON r.line = p.line JOIN f ON f.line = p.line) x ON TRUE ORDER BY x.rank, x.n, x.first_line`
}

function linkOf(task: Task, { named, otherIn, valueIn, values }: SideQuestion, row: SqlResult): Link {
  const isCaptured = Number(row[3]) === 0
  const places = JSON.parse(String(row[4])) as { via: string; i: number | null }[]
  const fields = places.map(({ i, via }) => {
    const own = i === null ? undefined : values[i]?.path
    return own === undefined ? via : valueIn === 'used' ? `${own} = ${via}` : `${via} = ${own}`
  })
  const further = Number(row[5]) - new Set(places.map(({ via }) => via)).size
  const first = places[0]?.i ?? null
  const isNamed = named.some(({ id, via }) => id === row[0] && via === places[0]?.via)
  const [start, end] = [numberIn(row[7]), numberIn(row[8])]
  return {
    taskId: String(row[0]),
    activity: textIn(row[1]),
    status: textIn(row[2]),
    evidence: isCaptured ? 'captured' : 'matched',
    via: [...new Set(fields)].join(', ') + (further > 0 ? `, ${further} more` : ''),
    value: isCaptured ? (isNamed ? String(row[0]) : task.id) : (values[first ?? -1]?.cell ?? null),
    producers: isCaptured ? null : numberIn(row[6]),
    earlySeconds: otherIn === 'generated' ? early(task.start, end) : early(start, task.end)
  }
}

function early(readAt: number | null, producedAt: number | null): number | null {
  return readAt !== null && producedAt !== null && readAt < producedAt ? producedAt - readAt : null
}
