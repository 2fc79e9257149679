/** The tasks that equal values tie to one task: the rule of lineage/valueTies.ts, asked for the values of that task alone. */
import type { Cell } from '#contract/values'
import { linkSpaces } from '../lineage/linkSpaces.ts'
import { type Places, type ValueTies, valueTies } from '../lineage/valueTies.ts'
import { taskColumns } from '../overview/taskColumns.ts'
import { queryColumns } from '../table/queryColumns.ts'
import { RevisionCache } from '../table/revisionCache.ts'
import type { SourceTable, Sql } from '../table/sourceTable.ts'
import { joinSql, param, raw, sql } from '../table/sql.ts'
import { cellOfKey, columnsOf, linkPlacesSql, placeHash, placeKey } from './linkSql.ts'

/** One value that another task shares: the fields on both sides, and how many generated it. */
export type Match = { readonly line: number; readonly via: string; readonly value: Cell; readonly producers: number }
export type Matches = { readonly matches: readonly Match[]; readonly ambiguous: number }
type Task = { readonly line: bigint; readonly workflow: string | null; readonly campaign: string | null }
type Side = 'used' | 'generated'

const nothing: Matches = { matches: [], ambiguous: 0 }
/** Of more values than this, a list of them costs more than it spares. */
const mostAmong = 300

/** @param own which of the task's values are looked for among the others': those that it used, or generated. First come the values that fewest generated. */
export async function linkMatches(table: SourceTable, task: Task, own: Side, signal: AbortSignal): Promise<Matches> {
  const columns = { used: columnsOf(table, ['used']), generated: columnsOf(table, ['generated']) }
  if (columns.used.length === 0 || columns.generated.length === 0) return nothing
  const isTask = raw(table.recordsPredicate('tasks'))
  const self = sql`${isTask} AND r.line = ${raw(String(task.line))}`
  const values = await table.query(sql`SELECT DISTINCT t, e FROM (${linkPlacesSql(table, columns[own], self)})`, signal)
  const near = values.length === 0 ? null : await nearSql(table, task, signal)
  if (near === null) return nothing
  const among = values.length > mostAmong ? undefined : { texts: values.filter(([isText]) => isText === true).map(([, text]) => String(text)), numbers: values.filter(([isText, text]) => isText !== true && !String(text).startsWith('[')).map(([, text]) => String(text)) }
  const select = (places: Sql): Sql => sql`SELECT line, v, ${raw(placeKey)} AS k, ${raw(placeHash)} AS h FROM (${places})`
  // What few rows hold is looked for first, and then whether these are near.
  const of = (side: Side, condition: Sql, where = isTask): Sql => sql`SELECT * FROM (${select(linkPlacesSql(table, columns[side], where, among))}) WHERE ${condition} AND line IN (SELECT line FROM near)`
  const parts = [
    sql`near AS MATERIALIZED (SELECT r.line AS line FROM ${raw(table.rows)} r WHERE ${near})`,
    sql`own AS MATERIALIZED (${select(linkPlacesSql(table, columns[own], self))})`,
    ...(own === 'used'
      ? [sql`u AS (SELECT * FROM own)`]
      : [
          sql`held AS MATERIALIZED (${of('used', raw('h IN (SELECT h FROM own)'))})`,
          // Whether somebody generated the whole list decides whether its elements count.
          sql`u AS MATERIALIZED (SELECT * FROM held UNION ${of('used', raw('(line, v + 1) IN (SELECT line, v FROM held)'), sql`${isTask} AND r.line IN (SELECT line FROM held WHERE v % 2 = 1)`)})`
        ]),
    sql`g AS MATERIALIZED (${of('generated', raw('h IN (SELECT h FROM u)'))})`
  ]
  const { end, start, workflow } = taskColumns(table)
  const text = sql`WITH ${joinSql(parts, ',\n')} SELECT p.side::DOUBLE, p.line::DOUBLE, p.v::DOUBLE, (${raw(start)})::DOUBLE, (${raw(end)})::DOUBLE, p.k, ${raw(workflow)}
    FROM (SELECT DISTINCT 0 AS side, line, v, k FROM u UNION ALL SELECT DISTINCT 1, line, v, k FROM g) p JOIN ${raw(table.rows)} r ON r.line = p.line`
  const found = await queryColumns(table, text, [false, false, false, false, false, true, true], signal)
  return matchesOf(found as Found, { self: Number(task.line), own, name: (side, place) => columns[side][place >> 1]?.name ?? '' })
}

type Found = [side: Float64Array, line: Float64Array, v: Float64Array, start: Float64Array, end: Float64Array, key: readonly string[], workflow: readonly (string | null)[]]
type Asked = { readonly self: number; readonly own: Side; readonly name: (side: Side, place: number) => string }

function matchesOf([sides, lines, places, starts, ends, keys, workflows]: Found, { name, own, self }: Asked): Matches {
  const taskLines = [...new Set(lines)].toSorted((a, b) => a - b)
  const texts = [...new Set(keys)].toSorted()
  const [taskAt, keyAt] = [numbered(taskLines), numbered(texts)]
  const workflowAt = numbered([...new Set(workflows)])
  const tasks = { workflow: new Int32Array(taskLines.length).fill(-1), space: new Int32Array(taskLines.length), start: new Float64Array(taskLines.length), end: new Float64Array(taskLines.length) }
  const rows = [...lines.keys()].map((at) => ({ side: sides[at] as number, task: taskAt.get(lines[at] as number) as number, column: places[at] as number, key: keyAt.get(keys[at] as string) as number, at }))
  for (const { at, task } of rows) {
    tasks.workflow[task] = workflows[at] === null ? -1 : (workflowAt.get(workflows[at] as string) as number)
    tasks.start[task] = starts[at] as number
    tasks.end[task] = ends[at] as number
  }
  const ordered = rows.toSorted((a, b) => a.key - b.key || a.task - b.task || a.column - b.column)
  const sideOf = (side: number): Places => {
    const own = ordered.filter((row) => row.side === side)
    return { task: Int32Array.from(own, (row) => row.task), column: Int32Array.from(own, (row) => row.column), key: Int32Array.from(own, (row) => row.key) }
  }
  const ties = valueTies(tasks, sideOf(0), sideOf(1))
  const focus = taskAt.get(self) ?? -1
  const wanted = ordering(ties, own).filter((at) => (own === 'used' ? ties.to[at] : ties.from[at]) === focus)
  return {
    matches: wanted.map((at) => ({
      line: taskLines[(own === 'used' ? ties.from[at] : ties.to[at]) as number] as number,
      via: `${name('used', ties.used[at] as number)} = ${name('generated', ties.generated[at] as number)}`,
      value: cellOfKey(texts[ties.key[at] as number] as string),
      producers: ties.producers[at] as number
    })),
    ambiguous: ties.ambiguous.filter(({ makers, users }) => (own === 'used' ? users : makers).includes(focus)).length
  }
}

/** Fewest producers first, then in the order of the task's own fields, whole values before elements of lists. */
function ordering(ties: ValueTies, own: Side): number[] {
  const [first, second] = own === 'used' ? [ties.used, ties.generated] : [ties.generated, ties.used]
  const by = (column: Int32Array, a: number, b: number): number => (column[a] as number) - (column[b] as number)
  return [...ties.key.keys()].toSorted((a, b) => by(ties.producers, a, b) || by(first, a, b) || by(second, a, b) || by(ties.key, a, b))
}

function numbered<T>(items: readonly T[]): Map<T, number> {
  return new Map(items.map((item, at) => [item, at]))
}

type Pair = { readonly workflow: string | null; readonly campaign: string | null }
const pairs = new RevisionCache<{ readonly pairs: readonly Pair[]; readonly space: Int32Array }>(1)

/** Condition for the tasks that may pass values to this one; null for a task that stands alone. */
async function nearSql(table: SourceTable, { campaign, workflow }: Task, signal: AbortSignal): Promise<Sql | null> {
  const columns = taskColumns(table)
  const isTask = raw(table.recordsPredicate('tasks'))
  const { pairs: all, space } = await pairs.get(table, '', async () => {
    const rows = await table.query(sql`SELECT DISTINCT ${raw(columns.workflow)}, ${raw(columns.campaign)} FROM ${raw(table.rows)} r WHERE ${isTask}`, signal)
    const found = rows.map(([of, within]): Pair => ({ workflow: of as string | null, campaign: within as string | null }))
    const codes = (key: keyof Pair): Int32Array => {
      const numbers = numbered([...new Set(found.map((pair) => pair[key]))].filter((id) => id !== null))
      return Int32Array.from(found, (pair) => (pair[key] === null ? -1 : (numbers.get(pair[key]) as number)))
    }
    return { pairs: found, space: linkSpaces(codes('workflow'), codes('campaign')).space }
  })
  const own = space[all.findIndex((pair) => pair.workflow === workflow && pair.campaign === campaign)] ?? -1
  if (own === -1) return null
  const among = all.filter((_, at) => space[at] === own)
  const oneOf = (column: string, key: keyof Pair): Sql => sql`${raw(column)} IN (SELECT unnest(from_json(${param(JSON.stringify([...new Set(among.map((pair) => pair[key]).filter((id) => id !== null))]))}, '["VARCHAR"]')))`
  return sql`${isTask} AND (${oneOf(columns.workflow, 'workflow')} OR ${oneOf(columns.campaign, 'campaign')})`
}
