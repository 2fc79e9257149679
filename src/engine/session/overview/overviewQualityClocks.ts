/** Checks that times agree: ends after starts, children after parents, consumers after what they depend on. */
import type { Scope } from '#contract/values'
import { counted, type Finding, grouped, listed, mostNamed, tasksNamed, valuesBy } from './overviewQualityFinding.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { queryTasks, taskColumns } from './taskColumns.ts'

const reasons = [
  ['ended', 'ended before they started'],
  ['child', 'started before their parent'],
  ['consumer', 'started before what they depend on ended'],
  ['impossible', 'with times that cannot be']
] as const

/** Only order that the run recorded is held against it: parent_task_id, dependencies, dependents. */
export async function overviewQualityClocks(table: SourceTable, scope: Scope, signal: AbortSignal): Promise<Finding> {
  const columns = taskColumns(table)
  const edges = edgesOf(table)
  const rows = await queryTasks(
    table,
    scope,
    { id: columns.id, host: columns.host, starts: columns.start, backwards: `${columns.rawEnd} < ${columns.rawStart}`, impossible: columns.impossible, parent: columns.parent, ...edges.fields },
    `, every AS (SELECT ${columns.id} AS id, ${columns.host} AS host, ${columns.start} AS starts, ${columns.end} AS ends
       FROM ${table.rows} r WHERE ${table.recordsPredicate('tasks')}),
     early AS (
       SELECT 'child' AS why, t.id, t.host, e.host AS other FROM t JOIN every e ON e.id = t.parent WHERE t.starts < e.starts
       ${edges.parts.map((part) => `UNION ALL SELECT 'consumer', l.id, l.host, e.host FROM (${part}) d JOIN every e ON e.id = d.earlier JOIN every l ON l.id = d.later WHERE l.starts < coalesce(e.ends, e.starts) AND l.id <> e.id`).join(' ')}),
     bad AS MATERIALIZED (
       SELECT 'ended' AS why, id, host, NULL AS other FROM t WHERE backwards
       UNION ALL SELECT 'impossible', id, host, NULL FROM t WHERE impossible
       UNION ALL SELECT * FROM early),
     ids AS MATERIALIZED (SELECT DISTINCT id FROM bad),
     hosts AS MATERIALIZED (SELECT host FROM bad WHERE host IS NOT NULL UNION SELECT other FROM bad WHERE other IS NOT NULL)
     SELECT why, CAST(count(DISTINCT id) AS VARCHAR) FROM bad GROUP BY why
     UNION ALL SELECT 'tasks', CAST(count(*) AS VARCHAR) FROM ids
     UNION ALL SELECT 'hosts', CAST(count(*) AS VARCHAR) FROM hosts
     UNION ALL (SELECT 'host', host FROM hosts ORDER BY host LIMIT 4)
     UNION ALL (SELECT 'id', id FROM ids ORDER BY id LIMIT ${mostNamed + 1})`,
    { signal }
  )
  const by = valuesBy(rows)
  const hosts = Number(by('hosts')[0] ?? 0)
  const parts = reasons.flatMap(([why, words]) => (by(why)[0] === undefined ? [] : [`${grouped(Number(by(why)[0]))} ${words}`]))
  return {
    kind: 'clock-skew',
    level: 'warning',
    title: 'Times that contradict each other',
    detail: `${parts.join(', ')}; ${hosts === 0 ? 'no host named' : `${hosts > 1 ? `clocks of ${counted(hosts, 'host')}` : 'on'} ${listed(by('host'), { shown: 3, total: hosts })}`}`,
    count: Number(by('tasks')[0] ?? 0),
    records: 'tasks',
    filter: tasksNamed(by('id'))
  }
}

/** Queries over `t` for pairs `earlier`, `later` of ids, from the columns that the source has. */
function edgesOf(table: SourceTable): { fields: Record<string, string>; parts: string[] } {
  const fields: Record<string, string> = {}
  const parts: string[] = []
  for (const name of ['dependencies', 'dependents'] as const) {
    const column = table.column('tasks', name)
    if (column?.storage !== 'JSON') continue
    fields[name] = `CASE WHEN starts_with(${column.sql}, '[') THEN TRY(json_extract_string(${column.sql}, '$[*]')) END`
    const [earlier, later] = name === 'dependencies' ? [`unnest(${name})`, 'id'] : ['id', `unnest(${name})`]
    parts.push(`SELECT ${earlier} AS earlier, ${later} AS later FROM t WHERE ${name} IS NOT NULL`)
  }
  return { fields, parts }
}
