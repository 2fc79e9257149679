/** Fields that number the tasks of an activity, so that a missing iteration shifts none behind it. */
import { countIn, taskColumns } from '../overview/taskColumns.ts'
import type { NamedColumn, SourceTable, SqlResult } from '../table/sourceTable.ts'
import { type RunSide, sideSql } from './runSide.ts'

/** By `act` (see runSide.ts) the name of the field. */
export type IndexFields = ReadonlyMap<string, string>

/** Of more whole-numbered fields in `used` the first are looked at. */
const mostCandidates = 40

/**
 * The rule: a field of `used` numbers an activity's tasks if every one of them has it, as a whole number, no two of a workflow (and of a parent,
 * with `byParent`) the same, in both runs, and if at least half of the numbers of the smaller run occur in the other. Where several do, it is
 * the one with the most numbers in common, then the first. Activities with one task in each run need none.
 */
export async function indexFields(a: RunSide, b: RunSide, byParent: boolean, signal: AbortSignal): Promise<IndexFields> {
  const names = a.table.columns('tasks').flatMap(({ name }) => (integerSql(a.table, name) !== null && integerSql(b.table, name) !== null ? [name] : [])).slice(0, mostCandidates)
  if (names.length === 0) return new Map()
  const [ofA, ofB] = await Promise.all([a, b].map((side) => uniqueIn(side, names, byParent, signal)))
  const wanted = [...(ofA ?? [])].flatMap(([act, { tasks, unique }]) => {
    const other = ofB?.get(act)
    const both = other && tasks + other.tasks > 2 ? unique.filter((at) => other.unique.includes(at)) : []
    return both.map((at) => ({ act, at, least: Math.min(tasks, other?.tasks ?? 0) }))
  })
  if (wanted.length === 0) return new Map()
  const found = new Map<string, { name: string; common: number }>()
  for (const at of [...new Set(wanted.map((one) => one.at))].toSorted((one, other) => one - other)) {
    const name = names[at] as string
    const common = new Map((await commonNumbers(a, b, name, signal)).map((row) => [String(row[0]), [countIn(row[1]), countIn(row[2])] as const]))
    for (const { act } of wanted.filter((one) => one.at === at)) {
      const [shared, least] = common.get(act) ?? [0, 0]
      if (shared * 2 >= least && shared > (found.get(act)?.common ?? 0)) found.set(act, { name, common: shared })
    }
  }
  return new Map([...found].map(([act, { name }]) => [act, name]))
}

/** SQL of a whole number over `r`, null where the value is none; null if the column never holds one. */
export function integerSql(table: SourceTable, name: string): string | null {
  const column: NamedColumn | undefined = name.startsWith('used.') ? table.column('tasks', name) : undefined
  if (column?.storage === 'BIGINT') return column.sql
  if (column?.storage === 'DOUBLE') return `CASE WHEN ${column.sql} = trunc(${column.sql}) AND abs(${column.sql}) < 9e15 THEN CAST(${column.sql} AS BIGINT) END`
  if (column?.storage === 'JSON') return `CASE WHEN regexp_full_match(${column.sql}, '-?[0-9]{1,18}') THEN CAST(${column.sql} AS BIGINT) END`
  return null
}

async function uniqueIn(side: RunSide, names: readonly string[], byParent: boolean, signal: AbortSignal): Promise<Map<string, { tasks: number; unique: number[] }>> {
  const parent = byParent ? taskColumns(side.table).parent : 'NULL::VARCHAR'
  const t = sideSql(side, { parent, ...Object.fromEntries(names.map((name, at) => [`f${at}`, integerSql(side.table, name) ?? 'NULL'])) })
  // What stands in every task is cheap to tell; only that is counted apart.
  const full = await side.table.query({ text: `SELECT act, count(*)${names.map((_, at) => `, count(f${at}), min(f${at}) = max(f${at})`).join('')} FROM (${t.text}) GROUP BY act`, values: t.values }, signal)
  const tasksOf = new Map(full.map((row) => [String(row[0]), countIn(row[1])]))
  const candidates = names.flatMap((_, at) => (full.some((row) => isFull(row, at)) ? [at] : []))
  const distinct = candidates.length === 0 ? [] : await side.table.query({ text: `SELECT act${candidates.map((at) => `, count(DISTINCT (slot, parent, f${at}))`).join('')} FROM (${t.text}) GROUP BY act`, values: t.values }, signal)
  const fullOf = new Map(full.map((row) => [String(row[0]), row]))
  return new Map(
    distinct.map((row) => {
      const act = String(row[0])
      const tasks = tasksOf.get(act) ?? 0
      return [act, { tasks, unique: candidates.filter((at, index) => isFull(fullOf.get(act) ?? [], at) && countIn(row[index + 1]) === tasks) }]
    })
  )
}

/** Every task has it; and not all the same, unless there is just one. */
function isFull(row: SqlResult, at: number): boolean {
  const tasks = countIn(row[1])
  return countIn(row[2 + at * 2]) === tasks && (tasks === 1 || row[3 + at * 2] === false)
}

/** By activity: numbers in common, and those of the side that has fewer. */
async function commonNumbers(a: RunSide, b: RunSide, name: string, signal: AbortSignal): Promise<SqlResult[]> {
  const [one, other] = [a, b].map((side) => sideSql(side, { f: integerSql(side.table, name) ?? 'NULL' })) as [ReturnType<typeof sideSql>, ReturnType<typeof sideSql>]
  return await a.table.query(
    {
      text: `WITH a AS (SELECT DISTINCT slot, act, f FROM (${one.text}) WHERE f IS NOT NULL), b AS (SELECT DISTINCT slot, act, f FROM (${other.text}) WHERE f IS NOT NULL)
        SELECT act, count(*) FILTER (a.f IS NOT NULL AND b.f IS NOT NULL), least(count(a.f), count(b.f)) FROM a FULL JOIN b USING (slot, act, f) GROUP BY act`,
      values: [...one.values, ...other.values]
    },
    signal
  )
}
