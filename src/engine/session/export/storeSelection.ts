/**
 * Which records an export into a store takes: those that the scope leaves and, if asked for, what they belong to. Kept in DuckDB as a
 * table for each kind with the places of their texts, so that it stays what it was when it began, whatever comes to the source meanwhile.
 */
import type { Records, Scope } from '#contract/values'
import type { RecordKind } from '#engine/records/classify'
import { recordKinds } from '#engine/stores/store'
import { rowsIn } from '../table/rowsIn.ts'
import { kindNumber, type SourceTable, type Sql } from '../table/sourceTable.ts'

export type Selected = { readonly records: Records; readonly scope: Scope; readonly related: boolean }
/** A table `(i BIGINT, line BIGINT, record_id VARCHAR, file INTEGER, byte BIGINT, size INTEGER)`, `i` counting from 0 in the order of arrival. */
export type SelectedKind = { readonly table: string; readonly total: number }
export type StoreSelection = { readonly kinds: Readonly<Record<RecordKind, SelectedKind>>; close(): Promise<void> }

export const recordsOf = { task: 'tasks', workflow: 'workflows', agent: 'agents', object: 'objects' } as const satisfies Record<RecordKind, Records>
const nothing: Sql = { text: 'FALSE', values: [] }
let made = 0

/**
 * Belonging: the workflows of tasks, agents and objects, and the workflows above those; the agents that tasks and workflows name; the
 * objects of tasks, and those of workflows that are of no task.
 */
export async function selectForStore(table: SourceTable, selected: Selected, signal: AbortSignal): Promise<StoreSelection> {
  // Of this selection: others are made while this one is.
  const own = ++made
  const nameOf = (kind: RecordKind): string => table.rows.replace(/("(?:[^"]|"")*"|[^".]+)$/, `"taken_${own}_${kind}"`)
  const taken = new Map<RecordKind, SelectedKind>()
  const take = async (kind: RecordKind, conditions: readonly Sql[]): Promise<void> => {
    const some = conditions.filter(({ text }) => text !== nothing.text)
    const where = some.length === 0 ? nothing.text : some.map(({ text }) => `(${text})`).join(' OR ')
    const text = `CREATE TABLE ${nameOf(kind)} AS SELECT row_number() OVER (ORDER BY r.first_line) - 1 AS i, r.line, r.record_id, r.file, r.byte, r.size
      FROM ${table.rows} r WHERE ${table.recordsPredicate(recordsOf[kind])} AND (${where})`
    await table.query({ text, values: some.flatMap(({ values }) => values) }, signal)
    const [counted] = await table.query({ text: `SELECT count(*) FROM ${nameOf(kind)}`, values: [] }, signal)
    taken.set(kind, { table: nameOf(kind), total: Number(counted?.[0] ?? 0) })
  }
  const close = async (): Promise<void> => {
    // Fails when the source has been closed, which took the tables along.
    for (const kind of recordKinds) await table.query({ text: `DROP TABLE IF EXISTS ${nameOf(kind)}`, values: [] }).catch(() => undefined)
  }
  const direct = (kind: RecordKind): Sql => directly(table, kind, selected)
  const idsOf = (kind: RecordKind, column: string): string => namedBy(table, kind, column, nameOf(kind))
  try {
    for (const kind of ['task', 'agent', 'object'] as const) await take(kind, [direct(kind)])
    if (!selected.related) await take('workflow', [direct('workflow')])
    else {
      await take('workflow', [direct('workflow'), workflowsAbove(table, ['task', 'agent', 'object'].map((kind) => idsOf(kind as RecordKind, 'workflow_id')), direct('workflow'))])
      await again('agent', [direct('agent'), within('r.record_id', [idsOf('task', 'agent_id'), idsOf('task', 'source_agent_id'), idsOf('workflow', 'agent_id')])])
      await again('object', [direct('object'), ...objectsOf(table, nameOf('task'), nameOf('workflow'))])
    }
  } catch (error) {
    await close()
    throw error
  }
  return { kinds: Object.fromEntries(taken) as Record<RecordKind, SelectedKind>, close }

  async function again(kind: RecordKind, conditions: readonly Sql[]): Promise<void> {
    await table.query({ text: `DROP TABLE ${nameOf(kind)}`, values: [] }, signal)
    await take(kind, conditions)
  }
}

/** Of messages, the records that any of those came for. */
function directly(table: SourceTable, kind: RecordKind, { records, scope }: Selected): Sql {
  if (records !== 'messages' && records !== recordsOf[kind]) return nothing
  const { text, values } = rowsIn(table, records, scope)
  const [key, condition] = records === 'messages' ? ['record_id', ` AND r.kind = ${kindNumber[kind]}`] : ['line', '']
  return { text: `r.${key} IN (SELECT r.${key} ${text}${condition})`, values }
}

/** SELECT of the ids that the records taken have in a column; empty text if there is no such column. */
function namedBy(table: SourceTable, kind: RecordKind, column: string, taken: string): string {
  const sql = textSql(table, recordsOf[kind], column)
  return sql === null ? '' : `SELECT ${sql} AS id FROM ${table.rows} r WHERE r.line IN (SELECT line FROM ${taken})`
}

function textSql(table: SourceTable, records: Records, name: string): string | null {
  const column = table.column(records, name)
  if (column === undefined) return null
  return column.storage === 'JSON' ? `json_extract_string(${column.sql}, '$')` : `CAST(${column.sql} AS VARCHAR)`
}

function within(expression: string, ids: readonly string[]): Sql {
  const some = ids.filter((text) => text !== '')
  return some.length === 0 ? nothing : { text: `${expression} IN (SELECT id FROM (${some.join(' UNION ')}) WHERE id IS NOT NULL)`, values: [] }
}

function workflowsAbove(table: SourceTable, ids: readonly string[], direct: Sql): Sql {
  const isWorkflow = table.recordsPredicate('workflows')
  const some = [...ids.filter((text) => text !== ''), `SELECT r.record_id AS id FROM ${table.rows} r WHERE ${isWorkflow} AND ${direct.text}`]
  const parent = textSql(table, 'workflows', 'parent_workflow_id')
  const up = parent === null ? '' : `UNION SELECT ${parent} FROM ${table.rows} r JOIN above ON r.record_id = above.id WHERE ${isWorkflow} AND ${parent} IS NOT NULL`
  return { text: `r.record_id IN (WITH RECURSIVE above(id) AS (SELECT id FROM (${some.join(' UNION ')}) WHERE id IS NOT NULL ${up}) SELECT id FROM above)`, values: direct.values }
}

function objectsOf(table: SourceTable, tasks: string, workflows: string): Sql[] {
  const task = textSql(table, 'objects', 'task_id')
  const workflow = textSql(table, 'objects', 'workflow_id')
  const ofTask = task === null ? [] : [{ text: `${task} IN (SELECT record_id FROM ${tasks})`, values: [] }]
  const ofWorkflow = workflow === null ? [] : [{ text: `${task ?? 'NULL'} IS NULL AND ${workflow} IN (SELECT record_id FROM ${workflows})`, values: [] }]
  return [...ofTask, ...ofWorkflow]
}
