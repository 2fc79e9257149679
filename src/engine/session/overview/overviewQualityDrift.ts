/** Finds fields that hold values of different kinds within one activity. */
import type { Scope } from '#contract/values'
import { counted, type Finding, grouped } from './overviewQualityFinding.ts'
import type { Shape } from '../table/shape.ts'
import type { NamedColumn, SourceTable } from '../table/sourceTable.ts'
import { countIn, queryTasks, taskColumns, textIn } from './taskColumns.ts'

const kinds = ['number', 'text', 'boolean', 'list', 'dict'] as const
type Kind = (typeof kinds)[number]
type Drift = { activity: string | null; name: string; kinds: { kind: Kind; tasks: number }[] }
type Tally = Map<string | null, Map<string, Map<Kind, number>>>

/** Columns in one query: five counts each. */
const columnsAtOnce = 50

/**
 * Null is of no kind. A field is a dict where a record has fields within it: which records have, their shapes say. Only
 * columns of mixed storage can hold more than one of the other kinds, so only they and the dicts' namesakes are looked at.
 */
export async function overviewQualityDrift(table: SourceTable, scope: Scope, signal: AbortSignal): Promise<Finding> {
  const byName = new Map(table.columns('tasks').filter(({ derived }) => !derived).map((column) => [column.name, column]))
  const tally: Tally = new Map()
  const inner = await countDicts(table, scope, { tally, byName }, signal)
  const suspects = [...byName.values()].filter(({ name, storage }) => storage === 'JSON' || inner.has(name))
  for (let start = 0; start < suspects.length; start += columnsAtOnce) await countKinds(table, scope, { tally, columns: suspects.slice(start, start + columnsAtOnce) }, signal)
  const found = driftIn(tally)
  const shown = found.slice(0, 2).map((drift) => `${drift.name} in ${drift.activity ?? 'tasks without activity'} (${drift.kinds.map(({ kind, tasks }) => `${grouped(tasks)} ${kind}`).join(', ')})`)
  return {
    kind: 'schema-drift',
    level: 'note',
    title: 'Fields of mixed kinds',
    detail: `${shown.join('; ')}${found.length > shown.length ? `; ${counted(found.length - shown.length, 'more', 'more')}` : ''}`,
    count: new Set(found.map(({ name }) => name)).size,
    records: 'tasks',
    filter: null
  }
}

/** @returns names that are a column here and a dict there */
async function countDicts(table: SourceTable, scope: Scope, { tally, byName }: { tally: Tally; byName: ReadonlyMap<string, NamedColumn> }, signal: AbortSignal): Promise<Set<string>> {
  const rows = await queryTasks(table, scope, { activity: taskColumns(table).activity, shape: 'r.shape' }, 'SELECT activity, shape, count(*) FROM t GROUP BY activity, shape', { signal })
  const shapes = new Map(table.shapes.map((shape) => [shape.id, shape]))
  const known = new Map<number, string[]>()
  const names = new Set<string>()
  for (const row of rows) {
    const id = countIn(row[1])
    const dicts = known.get(id) ?? dictsOf(shapes.get(id)).filter((name) => byName.has(name))
    known.set(id, dicts)
    for (const name of dicts) {
      names.add(name)
      add(tally, { activity: textIn(row[0]), name, kind: 'dict', tasks: countIn(row[2]) })
    }
  }
  return names
}

function dictsOf(shape: Shape | undefined): string[] {
  const names = new Set<string>()
  for (const { path, name, kind } of shape?.leaves ?? []) {
    for (let depth = 1; depth < path.length; depth++) names.add(path.slice(0, depth).join('.'))
    if (kind === 'dict') names.add(name)
  }
  return [...names]
}

async function countKinds(table: SourceTable, scope: Scope, { tally, columns }: { tally: Tally; columns: readonly NamedColumn[] }, signal: AbortSignal): Promise<void> {
  const fields = Object.fromEntries(columns.map((column, index) => [`k${index}`, kindOf(column)]))
  const counts = columns.flatMap((_, index) => kinds.map((kind) => `count(*) FILTER (k${index} = '${kind}')`))
  const rows = await queryTasks(table, scope, { activity: taskColumns(table).activity, ...fields }, `SELECT activity, ${counts.join(', ')} FROM t GROUP BY activity`, { signal })
  for (const row of rows) {
    columns.forEach(({ name }, index) => {
      kinds.forEach((kind, offset) => add(tally, { activity: textIn(row[0]), name, kind, tasks: countIn(row[1 + index * kinds.length + offset]) }))
    })
  }
}

/** The kind of a value in a column; in mixed ones the first character of its JSON tells. */
function kindOf({ storage, sql }: NamedColumn): string {
  if (storage !== 'JSON') return `CASE WHEN ${sql} IS NOT NULL THEN '${storage === 'VARCHAR' ? 'text' : storage === 'BOOLEAN' ? 'boolean' : 'number'}' END`
  return `CASE left(${sql}, 1) WHEN '"' THEN 'text' WHEN '[' THEN 'list' WHEN '{' THEN 'dict' WHEN 't' THEN 'boolean' WHEN 'f' THEN 'boolean' ELSE CASE WHEN ${sql} <> 'null' THEN 'number' END END`
}

function add(tally: Tally, { activity, name, kind, tasks }: { activity: string | null; name: string; kind: Kind; tasks: number }): void {
  if (tasks === 0) return
  const names = tally.get(activity) ?? new Map<string, Map<Kind, number>>()
  const counts = names.get(name) ?? new Map<Kind, number>()
  tally.set(activity, names.set(name, counts.set(kind, (counts.get(kind) ?? 0) + tasks)))
}

/** Those in which most tasks differ from the rest come first. */
function driftIn(tally: Tally): Drift[] {
  const found = [...tally].flatMap(([activity, names]) =>
    [...names].flatMap(([name, counts]) => (counts.size < 2 ? [] : [{ activity, name, kinds: [...counts].map(([kind, tasks]) => ({ kind, tasks })).toSorted((a, b) => b.tasks - a.tasks) }]))
  )
  const minority = (drift: Drift): number => drift.kinds.slice(1).reduce((sum, { tasks }) => sum + tasks, 0)
  return found.toSorted((a, b) => minority(b) - minority(a) || a.name.localeCompare(b.name))
}
