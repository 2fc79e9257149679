/** Finds fields that hold values of different kinds within one activity, from the shapes of its tasks alone. */
import type { Scope } from '#contract/values'
import { counted, type Finding, grouped } from './overviewQualityFinding.ts'
import type { LeafKind, Shape } from './shape.ts'
import type { SourceTable } from './sourceTable.ts'
import { countIn, queryTasks, taskColumns, textIn } from './taskColumns.ts'

type Kind = 'number' | 'text' | 'boolean' | 'list' | 'dict'
const kinds: Record<LeafKind, Kind | null> = {
  null: null,
  boolean: 'boolean',
  integer: 'number',
  long: 'number',
  wide: 'number',
  number: 'number',
  text: 'text',
  list: 'list',
  dict: 'dict'
}
export type Drift = { activity: string | null; name: string; kinds: { kind: Kind; tasks: number }[] }

export async function overviewQualityDrift(table: SourceTable, scope: Scope, signal: AbortSignal): Promise<Finding> {
  const rows = await queryTasks(table, scope, { activity: taskColumns(table).activity, shape: 'r.shape' }, 'SELECT activity, shape, count(*) FROM t GROUP BY activity, shape', { signal })
  const found = driftOf(rows.map((row) => ({ activity: textIn(row[0]), shape: countIn(row[1]), tasks: countIn(row[2]) })), table.shapes)
  const names = new Set(found.map(({ name }) => name))
  const shown = found.slice(0, 2).map((drift) => `${drift.name} in ${drift.activity ?? 'tasks without activity'} (${drift.kinds.map(({ kind, tasks }) => `${grouped(tasks)} ${kind}`).join(', ')})`)
  return {
    kind: 'schema-drift',
    level: 'note',
    title: 'Fields of mixed kinds',
    detail: `${shown.join('; ')}${found.length > shown.length ? `; ${counted(found.length - shown.length, 'more', 'more')}` : ''}`,
    count: names.size,
    records: 'tasks',
    filter: null
  }
}

/** Null is of no kind. A field is a dict where a record has fields within it. Those of most tasks come first. */
export function driftOf(rows: readonly { activity: string | null; shape: number; tasks: number }[], shapes: readonly Shape[]): Drift[] {
  const byId = new Map(shapes.map((shape) => [shape.id, shape]))
  const described = new Map<number, Map<string, Kind>>()
  const activities = new Map<string | null, Map<string, Map<Kind, number>>>()
  for (const { activity, shape, tasks } of rows) {
    let fields = described.get(shape)
    if (fields === undefined) described.set(shape, (fields = kindsOf(byId.get(shape))))
    let names = activities.get(activity)
    if (names === undefined) activities.set(activity, (names = new Map()))
    for (const [name, kind] of fields) {
      const counts = names.get(name) ?? new Map<Kind, number>()
      names.set(name, counts.set(kind, (counts.get(kind) ?? 0) + tasks))
    }
  }
  const found = [...activities].flatMap(([activity, names]) =>
    [...names].flatMap(([name, counts]) => (counts.size < 2 ? [] : [{ activity, name, kinds: [...counts].map(([kind, tasks]) => ({ kind, tasks })).toSorted((a, b) => b.tasks - a.tasks) }]))
  )
  const minority = (drift: Drift): number => drift.kinds.slice(1).reduce((sum, { tasks }) => sum + tasks, 0)
  return found.toSorted((a, b) => minority(b) - minority(a) || a.name.localeCompare(b.name))
}

function kindsOf(shape: Shape | undefined): Map<string, Kind> {
  const fields = new Map<string, Kind>()
  for (const { path, name, kind } of shape?.leaves ?? []) {
    for (let depth = 1; depth < path.length; depth++) fields.set(path.slice(0, depth).join('.'), 'dict')
    const own = kinds[kind]
    if (own !== null) fields.set(name, own)
  }
  return fields
}
