/** Two runs side by side: a table of their tasks in pairs, made once and asked by every part of a comparison. */
import type { Params } from '#contract/methods'
import { taskColumns } from '../overview/taskColumns.ts'
import { everything, rowsIn } from '../table/rowsIn.ts'
import { quoteText } from '../table/fieldTree.ts'
import type { SourceTable, Sql } from '../table/sourceTable.ts'
import { type IndexFields, indexFields, integerSql } from './indexFields.ts'
import { inputsKey } from './inputsKey.ts'
import { KeptTables, type Select } from './keptTables.ts'
import type { Sides } from './pairCache.ts'
import { pairWorkflows } from './pairWorkflows.ts'
import { runForest, runMembers } from './runMembers.ts'
import { type RunSide, sideSql } from './runSide.ts'

export type Match = Params<'compare.summary'>['match']

/**
 * `pairs` is a table with a row a pair, or a task that has no counterpart, on either side: `pos` (order in which they generated, first is 0), `slot`,
 * `activity`, `idx` (the number that its index field holds) and, of both sides, `line_a` (null where there is none), `id_a`, `start_a` and `end_a` (seconds
 * from the run's first), `seconds_a`, `status_a`; `…_b` likewise.
 */
export type Alignment = Sides & { readonly pairs: string; readonly indexOf: (activity: string | null) => string | null; /** Workflows that are counterparts. */ readonly workflows: readonly (readonly [string, string])[] }

type Known = Pick<Alignment, 'indexOf' | 'workflows'>
const kept = new KeptTables<Known>(3)

export async function withAlignment<T>({ a, b }: Sides, match: Match, signal: AbortSignal, use: (alignment: Alignment) => Promise<T>): Promise<T> {
  const key = JSON.stringify([match, a.run.kind, a.run.id, b.run.kind, b.run.id])
  return await kept.with([a.table, b.table], key, () => align({ a, b }, match, signal), signal, (pairs, known) => use({ a, b, pairs, ...known }))
}

async function align({ a, b }: Sides, match: Match, signal: AbortSignal): Promise<Select<Known>> {
  const [membersA, membersB] = await Promise.all([a, b].map(async ({ run, table }) => runMembers(await runForest(table, signal), run)))
  const parameters = { a: await parametersOf(a.table, signal), b: await parametersOf(b.table, signal) }
  const slots = pairWorkflows(membersA ?? [], membersB ?? [], parameters)
  const sides = { a: { ...a, members: membersA ?? [], slots: slots.a }, b: { ...b, members: membersB ?? [], slots: slots.b } }
  const indexes: IndexFields = match === 'inputs' ? new Map() : await indexFields(sides.a, sides.b, match === 'parent', signal)
  return { sql: pairsSql(sides.a, sides.b, match, indexes), more: { indexOf: (activity) => indexes.get(activity === null ? '' : `=${activity}`) ?? null, workflows: counterparts(sides.a, sides.b) } }
}

function counterparts(a: RunSide, b: RunSide): [string, string][] {
  const ofSlot = new Map(b.slots.map((slot, at) => [slot, b.members[at]?.workflow ?? null]))
  return a.members.flatMap(({ workflow }, at): [string, string][] => {
    const other = ofSlot.get(a.slots[at] as number) ?? null
    return workflow === null || other === null ? [] : [[workflow, other]]
  })
}

async function parametersOf(table: SourceTable, signal: AbortSignal): Promise<(workflow: string) => string> {
  const { text, values } = rowsIn(table, 'workflows', everything)
  const rows = await table.query({ text: `SELECT r.record_id, ${inputsKey(table, 'workflows')} ${text}`, values }, signal)
  const known = new Map(rows.map((row) => [String(row[0]), String(row[1])]))
  return (workflow) => known.get(workflow) ?? ''
}

function pairsSql(a: RunSide, b: RunSide, match: Match, indexes: IndexFields): Sql {
  const [one, other] = [keyed(a, match, indexes, 'a'), keyed(b, match, indexes, 'b')]
  const columns = ['line', 'id', 'start', 'ends', 'seconds', 'status']
  const both = columns.map((name) => `ka.${name} AS ${name === 'ends' ? 'end' : name}_a, kb.${name} AS ${name === 'ends' ? 'end' : name}_b`)
  return {
    text: `WITH RECURSIVE ${one.text}, ${other.text},
      j AS (SELECT coalesce(ka.slot, kb.slot) AS slot, coalesce(ka.act, kb.act) AS act, coalesce(ka.idx, kb.idx) AS idx, ${both.join(', ')},
          coalesce(ka.ends, ka.start, kb.ends, kb.start) AS moment, coalesce(ka.start, kb.start) AS begun
        FROM ka FULL JOIN kb ON ka.slot = kb.slot AND ka.act = kb.act AND ka.k1 = kb.k1 AND ka.k2 = kb.k2)
      SELECT CAST(row_number() OVER (ORDER BY moment NULLS LAST, begun, coalesce(line_a, 9e15::BIGINT), line_b) - 1 AS BIGINT) AS pos, slot, nullif(act, '')[2:] AS activity, idx, ${columns.flatMap((name) => { const own = name === 'ends' ? 'end' : name; return [`${own}_a`, `${own}_b`] }).join(', ')} FROM j`,
    values: [...one.values, ...other.values]
  }
}

/** CTEs of one side, the last of them `ka` or `kb`: its tasks with `k1` and `k2`, by which they are matched within slot and activity. */
function keyed(side: RunSide, match: Match, indexes: IndexFields, name: 'a' | 'b'): Sql {
  const { table } = side
  const columns = taskColumns(table)
  const fields = [...new Set(indexes.values())]
  const whole = fields.map((field) => integerSql(table, field) ?? 'NULL::BIGINT')
  const tasks = sideSql(side, {
    id: columns.id, start: columns.start, ends: columns.end, seconds: columns.seconds, status: columns.status, parent: match === 'parent' ? columns.parent : 'NULL',
    inputs: match === 'inputs' ? inputsKey(table, 'tasks') : `''`,
    ...Object.fromEntries(whole.map((sql, at) => [`f${at}`, sql]))
  })
  const cases = [...indexes].map(([act, field]) => `WHEN ${quoteText(act)} THEN f${fields.indexOf(field)}`)
  const idx = cases.length === 0 ? 'NULL::BIGINT' : `CASE act ${cases.join(' ')} END`
  const order = 'ORDER BY start NULLS LAST, first, line'
  const ofSide = `t${name} AS MATERIALIZED (SELECT * REPLACE (start - min(start) OVER () AS start, ends - min(start) OVER () AS ends), ${idx} AS idx FROM (${tasks.text}))`
  const text = match === 'parent' ? `${ofSide}, ${byParent(name, order)}` : `${ofSide}, k${name} AS (SELECT *, inputs AS k1, coalesce(idx, row_number() OVER (PARTITION BY slot, act, inputs ${order})) AS k2 FROM t${name})`
  return { text, values: tasks.values }
}

/** `k1` is the way down to the task: of each task on it the workflow, the activity and the place among those of the same parent. */
function byParent(name: 'a' | 'b', order: string): string {
  const step = `slot || act || chr(31) || coalesce('i' || idx, 'n' || place)`
  return `n${name} AS MATERIALIZED (SELECT t.*, p.line AS above, row_number() OVER (PARTITION BY p.line, t.slot, t.act ${order.replaceAll(/\b(start|first|line)\b/g, 't.$1')}) AS place FROM t${name} t LEFT JOIN t${name} p ON p.id = t.parent AND p.id <> t.id),
    w${name} AS (SELECT line, md5(${step}) AS way FROM n${name} WHERE above IS NULL UNION ALL SELECT n.line, md5(w.way || ${step.replaceAll(/\b(slot|act|idx|place)\b/g, 'n.$1')}) FROM n${name} n JOIN w${name} w ON n.above = w.line),
    k${name} AS (SELECT n.*, coalesce(w.way, 'in a circle') AS k1, CASE WHEN w.way IS NULL THEN row_number() OVER (PARTITION BY n.slot, n.act, w.way ${order.replaceAll(/\b(start|first|line)\b/g, 'n.$1')}) ELSE 0 END AS k2 FROM n${name} n LEFT JOIN w${name} w ON w.line = n.line)`
}
