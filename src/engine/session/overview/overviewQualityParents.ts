/** Checks on parent_task_id: does the parent exist, and does following parents come to an end. */
import type { Scope } from '#contract/values'
import { counted, type Finding, listed, mostNamed, tasksNamed, valuesBy } from './overviewQualityFinding.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { queryTasks, taskColumns } from './taskColumns.ts'

export async function overviewQualityParents(table: SourceTable, scope: Scope, signal: AbortSignal): Promise<Finding[]> {
  return Promise.all([orphans(table, scope, signal), cycles(table, scope, signal)])
}

/** Parents are looked for in the whole source, not only in scope. */
async function orphans(table: SourceTable, scope: Scope, signal: AbortSignal): Promise<Finding> {
  const rows = await queryTasks(
    table,
    scope,
    { parent: taskColumns(table).parent },
    `, d AS MATERIALIZED (SELECT parent, count(*) AS tasks FROM t WHERE parent IS NOT NULL GROUP BY parent),
     missing AS MATERIALIZED (SELECT parent, tasks FROM d WHERE parent NOT IN (
       SELECT r.record_id FROM ${table.rows} r WHERE ${table.recordsPredicate('tasks')} AND r.record_id IN (SELECT parent FROM d)))
     SELECT 'tasks', CAST(sum(tasks) AS VARCHAR) FROM missing HAVING count(*) > 0
     UNION ALL SELECT 'parents', CAST(count(*) AS VARCHAR) FROM missing
     UNION ALL (SELECT 'id', parent FROM missing ORDER BY tasks DESC, parent LIMIT ${mostNamed + 1})`,
    { signal }
  )
  const by = valuesBy(rows)
  const ids = by('id')
  const parents = Number(by('parents')[0] ?? 0)
  return {
    kind: 'orphan-parents',
    level: 'warning',
    title: 'Parents that are not here',
    detail: `${counted(parents, 'task')} named in parent_task_id but not in this source: ${listed(ids, { shown: 2, total: parents })}`,
    count: Number(by('tasks')[0] ?? 0),
    records: 'tasks',
    filter: ids.length === 0 || ids.length > mostNamed ? null : { parent_task_id: { $in: ids } }
  }
}

/** Counts the tasks that are their own ancestors; those that merely descend from such a task are not among them. */
async function cycles(table: SourceTable, scope: Scope, signal: AbortSignal): Promise<Finding> {
  const columns = taskColumns(table)
  const parent = table.column('tasks', 'parent_task_id') === undefined ? null : columns.parent
  const rows =
    parent === null
      ? []
      : await queryTasks(
          table,
          scope,
          { id: columns.id },
          // A task in a cycle has a child and a parent in it. Twice over, that leaves next to nothing of an ordinary run to fetch.
          `, e0 AS MATERIALIZED (SELECT r.record_id AS id, ${parent} AS parent FROM ${table.rows} r WHERE ${table.recordsPredicate('tasks')} AND ${parent} IS NOT NULL),
           e1 AS MATERIALIZED (SELECT * FROM e0 WHERE id IN (SELECT parent FROM e0) AND parent IN (SELECT id FROM e0)),
           e2 AS MATERIALIZED (SELECT * FROM e1 WHERE id IN (SELECT parent FROM e1) AND parent IN (SELECT id FROM e1))
           SELECT id, parent, id IN (SELECT id FROM t WHERE id IN (SELECT id FROM e2)) FROM e2`,
          { signal }
        )
  const inScope = new Set(rows.filter((row) => row[2] === true).map((row) => String(row[0])))
  const found = cyclesOf(new Map(rows.map((row) => [String(row[0]), String(row[1])]))).filter((cycle) => cycle.some((id) => inScope.has(id)))
  const ids = found.flat().filter((id) => inScope.has(id))
  const selves = found.filter((cycle) => cycle.length === 1).length
  return {
    kind: 'parent-cycles',
    level: 'warning',
    title: 'Tasks that are their own ancestors',
    detail: `${counted(found.length, 'cycle')} of parent_task_id${selves > 0 ? `, ${selves} of them a task that names itself` : ''}`,
    count: ids.length,
    records: 'tasks',
    filter: tasksNamed(ids)
  }
}

/** The cycles of a map from child to parent, each once, in linear time. */
export function cyclesOf(parents: ReadonlyMap<string, string>): string[][] {
  const walk = new Map<string, number>()
  const cycles: string[][] = []
  let number = 0
  for (const start of parents.keys()) {
    number++
    const path: string[] = []
    let at: string | undefined = start
    while (at !== undefined && !walk.has(at)) {
      walk.set(at, number)
      path.push(at)
      at = parents.get(at)
    }
    if (at !== undefined && walk.get(at) === number) cycles.push(path.slice(path.indexOf(at)))
  }
  return cycles
}
