/** Counts values that look like secrets in tasks and in their workflows (settings, machine_info, environment). Never returns one. */
import type { Records, Scope } from '#contract/values'
import { type Finding, listed } from './overviewQualityFinding.ts'
import { anySecretForm, isSecretPath, isSecretValue, uriSecretForm } from './secrets.ts'
import type { NamedColumn, SourceTable, Sql } from '../table/sourceTable.ts'
import { countIn, isWhole, taskColumns, taskCondition, tasksIn, textOf } from './taskColumns.ts'

type Hit = { records: Records; column: string; count: number; filter: unknown }
/** Distinct values looked at one by one under a secret name; the rarer ones beyond count as what their name says. */
const mostValues = 10_000
/** Columns in one query: enough that few are needed, few enough to plan quickly. */
const columnsAtOnce = 250

export async function overviewQualitySecrets(table: SourceTable, scope: Scope, signal: AbortSignal): Promise<Finding> {
  const hits = (await Promise.all([searchIn(table, 'tasks', scope, signal), searchIn(table, 'workflows', scope, signal)])).flat()
  const kinds = new Set(hits.map(({ records }) => records))
  const names = [...new Set(hits.toSorted((a, b) => b.count - a.count).map(({ column }) => column.split('.').at(-1) ?? column))]
  const exact = kinds.size === 1 && hits.every(({ filter }) => filter !== null) && hits.length <= 50
  return {
    kind: 'secrets',
    level: 'warning',
    title: 'Values that look like secrets',
    detail: `in ${listed(names)} of ${[...kinds].join(' and ')}; anyone with the file can read them`,
    count: hits.reduce((sum, { count }) => sum + count, 0),
    records: kinds.has('tasks') || kinds.size === 0 ? 'tasks' : 'workflows',
    filter: exact ? { $or: hits.map(({ column, filter }) => ({ [column]: filter })) } : null
  }
}

async function searchIn(table: SourceTable, records: 'tasks' | 'workflows', scope: Scope, signal: AbortSignal): Promise<Hit[]> {
  const from = rowsOf(table, records, scope)
  const readable = table.columns(records).filter(({ storage, derived }) => (storage === 'VARCHAR' || storage === 'JSON') && !derived)
  const named = readable.filter(({ name }) => isSecretPath(name))
  const others = readable.filter((column) => !named.includes(column) && (records === 'workflows' || holdsFreeText(column)))
  const byName = await Promise.all(named.map((column) => searchNamed(table, { records, column, from }, signal)))
  const byForm = await searchForms(table, { records, columns: others, from }, signal)
  return [...byName, ...byForm].filter(({ count }) => count > 0)
}

/** Workflows are those of the tasks in scope; without a scope, all. */
function rowsOf(table: SourceTable, records: 'tasks' | 'workflows', scope: Scope): Sql {
  const condition = taskCondition(table, scope)
  if (records === 'tasks') return { text: `FROM ${table.rows} r WHERE ${condition.text}`, values: condition.values }
  const from = `FROM ${table.rows} r WHERE ${table.recordsPredicate('workflows')}`
  if (isWhole(scope)) return { text: from, values: [] }
  const tasks = tasksIn(table, scope, { workflow: taskColumns(table).workflow })
  return { text: `${from} AND r.record_id IN (${tasks.text})`, values: tasks.values }
}

async function searchNamed(table: SourceTable, { records, column, from }: { records: Records; column: NamedColumn; from: Sql }, signal: AbortSignal): Promise<Hit> {
  const rows = await table.query(
    {
      text: `WITH v AS (SELECT left(${textOf(column)}, 500) AS value ${from.text}), g AS (SELECT value, count(*) AS n FROM v WHERE value IS NOT NULL GROUP BY value)
       SELECT value, n, sum(n) OVER () FROM g ORDER BY n DESC LIMIT ${mostValues}`,
      values: from.values
    },
    signal
  )
  const all = countIn(rows[0]?.[2])
  const looked = rows.reduce((sum, row) => sum + countIn(row[1]), 0)
  const secret = rows.reduce((sum, row) => sum + (isSecretValue(column.name, String(row[0])) ? countIn(row[1]) : 0), 0) + all - looked
  return { records, column: column.name, count: secret, filter: secret === all ? { $ne: null } : null }
}

async function searchForms(table: SourceTable, { records, columns, from }: { records: Records; columns: readonly NamedColumn[]; from: Sql }, signal: AbortSignal): Promise<Hit[]> {
  const hits: Hit[] = []
  const form = records === 'tasks' ? uriSecretForm : anySecretForm
  for (let start = 0; start < columns.length; start += columnsAtOnce) {
    const some = columns.slice(start, start + columnsAtOnce)
    const matches = (sql: string): string => `regexp_matches(${sql}, '${form.replaceAll("'", "''")}')`
    // Tasks are many: a plain substring search leaves little to the regular expression. CASE, unlike AND, keeps that order.
    const counts = some.map(({ sql }) => `count(*) FILTER (${records === 'tasks' ? `CASE WHEN contains(${sql}, '://') THEN ${matches(sql)} ELSE FALSE END` : matches(sql)})`)
    const rows = await table.query({ text: `SELECT ${counts.join(', ')} ${from.text}`, values: from.values }, signal)
    some.forEach((column, index) => {
      hits.push({ records, column: column.name, count: countIn(rows[0]?.[index]), filter: column.storage === 'VARCHAR' ? { $regex: form } : null })
    })
  }
  return hits
}

/** Ids, statuses and telemetry are written by Flowcept and hold no free text. */
function holdsFreeText({ name, type }: NamedColumn): boolean {
  return type !== 'id' && type !== 'status' && type !== 'time' && !/^telemetry_at_(start|end)\.|_id$/.test(name)
}
