/**
 * What a task hangs together with: its workflow, its parent and children, and where its values come from and go to.
 *
 * Upstream and downstream, captured evidence comes first: a task id in `dependencies` or `dependents` of either side, or as a
 * value in `used` (as Dask records it). Then come matches, by the same rule as in the graph of all tasks (lineage/valueTies.ts). Whatever is
 * left is exact; every list says how many there are.
 */
import { isJsonObject, parseJson, type JsonObject } from '#contract/json'
import type { Params, Result } from '#contract/methods'
import { type Match, linkMatches } from './linkMatches.ts'
import { columnsOf, placesSql, valuesSql } from './linkSql.ts'
import { idsIn, linkValues } from './linkValues.ts'
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
  readonly limit: number
  readonly signal: AbortSignal
}


/** So many of the fields that tie two tasks are named; the others are counted. */
const mostFields = 3

export async function recordLinks(table: SourceTable, { taskId, limit }: Params<'records.links'>, signal: AbortSignal): Promise<Links> {
  const task = await readTask(table, taskId, signal)
  const ask = { table, task, limit, signal }
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
  const ids = linkValues('used', document['used']).flatMap(({ path, text }) => (text === null ? [] : [{ id: text, via: path }]))
  const named = [...idsIn(document, 'dependencies').map((id) => ({ id, via: 'dependencies' })), ...ids]
  return await readSide(ask, { own: 'used', named, naming: ['dependents'], certain: named.filter(({ via }) => via === 'dependencies') })
}

async function readDownstream(ask: Ask): Promise<Side> {
  const named = idsIn(ask.task.document, 'dependents').map((id) => ({ id, via: 'dependents' }))
  return await readSide(ask, { own: 'generated', named, naming: ['dependencies', 'used'], certain: named })
}

type SideQuestion = {
  /** Which values of this task tie it to that side. */
  readonly own: 'used' | 'generated'
  /** Tasks that this one names, if they are tasks. */
  readonly named: readonly Named[]
  /** Fields of other tasks in which they name this one. */
  readonly naming: readonly string[]
  /** Of these, those that are sure to be tasks, here or not. */
  readonly certain: readonly Named[]
}
/** Another task, and how it is known: the fields, captured ones in the order of the records, and what they hold in common. */
type Tied = { readonly line: number; readonly vias: string[]; readonly match: Match | null }

async function readSide(ask: Ask, question: SideQuestion): Promise<Side> {
  const { limit, signal, table, task } = ask
  const [captured, { ambiguous, matches }, missing] = await Promise.all([readCaptured(ask, question), linkMatches(table, task, question.own, signal), missingIds(ask, question.certain)])
  const matched = new Map<number, Tied>()
  for (const match of matches) {
    if (captured.has(match.line)) continue
    const known = matched.get(match.line) ?? { line: match.line, vias: [], match }
    if (!known.vias.includes(match.via)) known.vias.push(match.via)
    matched.set(match.line, known)
  }
  const details = await readTied(ask, [...captured.keys(), ...matched.keys()])
  const inOrder = (tied: Iterable<Tied>): Link[] =>
    [...tied]
      .flatMap((one) => details.get(one.line) ?? [])
      .map((detail) => ({ detail, tied: captured.get(detail.line) ?? (matched.get(detail.line) as Tied) }))
      .toSorted((a, b) => (a.tied.match?.producers ?? 0) - (b.tied.match?.producers ?? 0) || a.detail.first - b.detail.first)
      .slice(0, limit)
      .map(({ detail, tied }) => linkOf(task, question, tied, detail))
  const absent = missing.map(({ id, via }): Link => ({ taskId: id, activity: null, status: null, evidence: 'captured', via, value: id, producers: null, earlySeconds: null }))
  const links = [...inOrder(captured.values()), ...absent, ...inOrder(matched.values())]
  return { list: { total: captured.size + matched.size + missing.length, links: links.slice(0, limit) }, ambiguous }
}

/** Tasks that this one names, and those that name it, by their lines. */
async function readCaptured({ signal, table, task }: Ask, { named, naming }: SideQuestion): Promise<Map<number, Tied>> {
  const isTask = raw(table.recordsPredicate('tasks'))
  const list = (items: readonly string[]): Sql => sql`unnest(from_json(${param(JSON.stringify(items))}, '["VARCHAR"]'))`
  const parts = [
    valuesSql('me', [{ text: task.id, integer: null, number: null, json: JSON.stringify(task.id) }]),
    placesSql(table, { name: 'naming', values: 'me', columns: columnsOf(table, naming).filter(({ storage }) => storage === 'VARCHAR' || storage === 'JSON'), where: isTask, only: task.id }),
    sql`named AS (SELECT r.line, n.via FROM ${raw(table.rows)} r JOIN (SELECT ${list(named.map(({ id }) => id))} AS id, ${list(named.map(({ via }) => via))} AS via) n ON r.record_id = n.id WHERE ${isTask})`
  ]
  const rows = await table.query(sql`WITH ${joinSql(parts, ',\n')} SELECT line, via FROM (SELECT line, via FROM named UNION SELECT line, via FROM naming) WHERE line <> ${raw(String(task.line))} ORDER BY line, via`, signal)
  const found = new Map<number, Tied>()
  for (const [line, via] of rows) {
    const known = found.get(Number(line)) ?? { line: Number(line), vias: [], match: null }
    known.vias.push(String(via))
    found.set(known.line, known)
  }
  return found
}

type Detail = { readonly line: number; readonly first: number; readonly id: string; readonly activity: string | null; readonly status: string | null; readonly start: number | null; readonly end: number | null }

async function readTied({ signal, table }: Ask, lines: readonly number[]): Promise<Map<number, Detail>> {
  if (lines.length === 0) return new Map()
  const { activity, end, start, status } = taskColumns(table)
  const rows = await table.query(
    { text: `SELECT r.line, r.first_line, r.record_id, ${activity}, ${status}, ${start}, ${end} FROM ${table.rows} r WHERE r.line IN (SELECT unnest(from_json(?, '["BIGINT"]')))`, values: [JSON.stringify(lines)] },
    signal
  )
  return new Map(rows.map(([line, first, id, of, state, from, to]) => [Number(line), { line: Number(line), first: Number(first), id: String(id), activity: textIn(of), status: textIn(state), start: numberIn(from), end: numberIn(to) }]))
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

function linkOf(task: Task, { named, own }: SideQuestion, { match, vias }: Tied, { activity, end, id, start, status }: Detail): Link {
  const further = vias.length - mostFields
  const isNamed = named.some((one) => one.id === id && one.via === vias[0])
  return {
    taskId: id,
    activity,
    status,
    evidence: match === null ? 'captured' : 'matched',
    via: vias.slice(0, mostFields).join(', ') + (further > 0 ? `, ${further} more` : ''),
    value: match === null ? (isNamed ? id : task.id) : match.value,
    producers: match?.producers ?? null,
    earlySeconds: own === 'used' ? early(task.start, end) : early(start, task.end)
  }
}

function early(readAt: number | null, producedAt: number | null): number | null {
  return readAt !== null && producedAt !== null && readAt < producedAt ? producedAt - readAt : null
}
