/** Tasks that other tasks name: in `dependencies`, `dependents` and `parent_task_id`. */
import { taskColumns } from '../overview/taskColumns.ts'
import type { NamedColumn, SourceTable, Sql } from '../table/sourceTable.ts'
import { joinSql, raw, sql } from '../table/sql.ts'
import { eachBlock, Int32List, Interned } from './blocks.ts'
import type { TaskRows } from './readTasks.ts'

export const namingFields = ['dependencies', 'dependents', 'parent_task_id'] as const

export type NamedTasks = {
  /** Who names, whom (−1: a task that is not here), and in which of `namingFields`. */
  readonly by: Int32Array
  readonly named: Int32Array
  readonly field: Int32Array
  /** Index into `missingIds` of those that are not here; else −1. */
  readonly missing: Int32Array
  readonly missingIds: readonly string[]
}

export async function readNamed(table: SourceTable, tasks: Pick<TaskRows, 'numberAt'>, signal: AbortSignal): Promise<NamedTasks> {
  const [by, named, field, missing, missingIds] = [new Int32List(), new Int32List(), new Int32List(), new Int32List(), new Interned()]
  const branches = namingFields.flatMap((name, index) => namesIn(table, name, index))
  if (branches.length > 0) {
    const isTask = raw(table.recordsPredicate('tasks'))
    const rows = sql`SELECT x.line AS naming, o.line AS named, x.f AS field, CASE WHEN o.line IS NULL THEN x.id END AS id
      FROM (SELECT DISTINCT line, f, id FROM (${joinSql(branches, ' UNION ALL ')}) WHERE id <> '') x
      LEFT JOIN (SELECT r.line, r.record_id FROM ${raw(table.rows)} r WHERE ${isTask}) o ON o.record_id = x.id`
    await eachBlock(table, { rows, columns: ['naming', 'named', 'field', 'id'], block: 'naming // 65536' }, signal, (block, length) => {
      const [naming, other, fields, id] = block as [number[], (number | null)[], number[], (string | null)[]]
      for (let at = 0; at < length; at++) {
        by.push(tasks.numberAt(naming[at] as number))
        named.push(other[at] === null ? -1 : tasks.numberAt(other[at] as number))
        field.push(fields[at] as number)
        missing.push(missingIds.of(id[at] ?? null))
      }
    })
  }
  return { by: by.toArray(), named: named.toArray(), field: field.toArray(), missing: missing.toArray(), missingIds: missingIds.texts }
}

function namesIn(table: SourceTable, name: (typeof namingFields)[number], index: number): Sql[] {
  const column = table.column('tasks', name)
  if (column === undefined || (name !== 'parent_task_id' && column.storage !== 'JSON' && column.storage !== 'VARCHAR')) return []
  const isTask = table.recordsPredicate('tasks')
  const [expression, isFilled] = name === 'parent_task_id' ? [taskColumns(table).parent, column.sql] : [idsOf(column), column.sql]
  return [raw(`SELECT r.line AS line, ${index} AS f, ${expression} AS id FROM ${table.rows} r WHERE ${isTask} AND ${isFilled} IS NOT NULL`)]
}

/** Texts alone name tasks: a list of them, or one. */
function idsOf({ sql: column, storage }: NamedColumn): string {
  if (storage === 'VARCHAR') return column
  const texts = `list_filter(list_append(CAST(json_extract(${column}, '$[*]') AS VARCHAR[]), CAST(json_extract(${column}, '$') AS VARCHAR)), lambda e: starts_with(e, '"'))`
  return `json_extract_string(unnest(${texts}), '$')`
}
