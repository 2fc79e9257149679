/** What a lane can be of: the SQL that says which lane a task stands in, what lanes are called, and the filter that leaves one. */
import type { LaneBy } from '#contract/timeline'
import type { Cell } from '#contract/values'
import { taskColumns, textIn, textOf } from '../overview/taskColumns.ts'
import { type Filter, oneOfFilter } from '../query/valueFilter.ts'
import { jsonCell } from '../table/cells.ts'
import { everything, rowsIn } from '../table/rowsIn.ts'
import type { SourceTable } from '../table/sourceTable.ts'

export type LaneKind = {
  /** Columns that the lane's key is made of, over the row alias `r`. */
  readonly fields: Readonly<Record<string, string>>
  /** Joins to `t`, which has those columns; '' if none is needed. */
  readonly join: string
  /** Over `t`: a text, null for tasks that have no such thing. */
  readonly key: string
  name(key: string): string
  /** Null where only ids could say it, and there are too many. */
  filter(key: string | null): Filter | null
}

/** Of a process that ran tasks, in the ids that Flowcept gives these: `<start>_<process id>_<thread id>`. */
const processId = String.raw`^\d+(?:\.\d+)?_(\d+)_\d+$`
/** Between what a key is made of. */
const between = '\u001f'
/** More ids make no filter that anybody could read. */
const mostIds = 500
/** Of a parent that has no activity, and of one that is not here. */
const noActivity = `${between}none`
const notHere = `${between}missing`

/** @param prefix of its columns, so that two kinds can stand together */
export async function laneKind(table: SourceTable, by: LaneBy, prefix: string, signal: AbortSignal): Promise<LaneKind> {
  switch (by) {
    case 'activity':
      return ofColumn(table, 'activity_id', prefix)
    case 'agent':
      return withNames(ofColumn(table, 'agent_id', prefix), await namesOf(table, 'agents', signal), (name) => name)
    case 'workflow':
      return withNames(ofColumn(table, 'workflow_id', prefix), await namesOf(table, 'workflows', signal), (name, id) => `${name} ${shortId(id)}`)
    case 'host':
      return hosts(table, prefix)
    case 'worker':
      return workers(table, prefix)
    case 'parent':
      return await parents(table, prefix, signal)
  }
}

function ofColumn(table: SourceTable, column: string, prefix: string): LaneKind {
  return {
    fields: { [`${prefix}value`]: textOf(table.column('tasks', column)) },
    join: '',
    key: `t.${prefix}value`,
    name: (key) => key,
    filter: (key) => valueFilter(table, column, key)
  }
}

function withNames(kind: LaneKind, names: ReadonlyMap<string, string>, written: (name: string, id: string) => string): LaneKind {
  return {
    ...kind,
    name: (key) => {
      const name = names.get(key)
      return name === undefined ? key : written(name, key)
    }
  }
}

/** The hostname, else the node's name. */
function hosts(table: SourceTable, prefix: string): LaneKind {
  return {
    fields: { [`${prefix}host`]: hostSql(table) },
    join: '',
    key: `t.${prefix}host`,
    name: (key) => key,
    filter: (key) => hostFilter(table, key)
  }
}

function hostSql(table: SourceTable): string {
  return `coalesce(${taskColumns(table).host}, ${textOf(table.column('tasks', 'node_name'))})`
}

function hostFilter(table: SourceTable, host: string | null): Filter {
  const own = valueFilter(table, 'hostname', host)
  if (table.column('tasks', 'node_name') === undefined) return own
  const node = valueFilter(table, 'node_name', host)
  if (host === null) return { ...own, ...node }
  return table.column('tasks', 'hostname') === undefined ? node : { $or: [own, { hostname: null, ...node }] }
}

/**
 * A worker is what `address` names (Dask's workers do); of tasks without one the process that ran them, by its host and the
 * process id within their ids. Tasks of which neither is known have none.
 */
function workers(table: SourceTable, prefix: string): LaneKind {
  const process = `nullif(regexp_extract(r.record_id, '${processId}', 1), '')`
  return {
    fields: { [`${prefix}worker`]: `coalesce(${textOf(table.column('tasks', 'address'))}, coalesce(${hostSql(table)}, '') || '${between}' || ${process})` },
    join: '',
    key: `t.${prefix}worker`,
    name: (key) => {
      const [host, process] = key.split(between)
      return process === undefined ? key : host === '' ? `process ${process}` : `${host} · process ${process}`
    },
    filter: (key) => {
      const noAddress = table.column('tasks', 'address') === undefined ? {} : { address: null }
      if (key === null) return { ...noAddress, task_id: { $not: { $regex: processId } } }
      const [host = '', process] = key.split(between)
      if (process === undefined) return valueFilter(table, 'address', key)
      return { $and: [hostFilter(table, host === '' ? null : host), { ...noAddress, task_id: { $regex: processId.replace(String.raw`(\d+)_`, `${process}_`) } }] }
    }
  }
}

/** The activity of the parent task. */
async function parents(table: SourceTable, prefix: string, signal: AbortSignal): Promise<LaneKind> {
  const columns = taskColumns(table)
  const alias = `${prefix}tasks`
  const field = `${prefix}parent`
  const kind = {
    fields: { [field]: columns.parent },
    join: `LEFT JOIN (SELECT r.record_id AS id, ${columns.activity} AS activity FROM ${table.rows} r WHERE ${table.recordsPredicate('tasks')}) ${alias} ON ${alias}.id = t.${field}`,
    key: `CASE WHEN t.${field} IS NULL THEN NULL WHEN ${alias}.id IS NULL THEN '${notHere}' ELSE coalesce(${alias}.activity, '${noActivity}') END`,
    name: (key: string) => (key === notHere ? 'Parent not here' : key === noActivity ? 'No activity' : key)
  }
  const ids = await parentIds(table, kind, field, signal)
  return {
    ...kind,
    filter: (key) => {
      if (key === null) return { parent_task_id: null }
      const parents = ids.get(key)
      return parents === undefined ? null : { parent_task_id: { $in: parents } }
    }
  }
}

/** By key, of those that have few. */
async function parentIds(table: SourceTable, { fields, join, key }: Pick<LaneKind, 'fields' | 'join' | 'key'>, field: string, signal: AbortSignal): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const rows = await table.query(
    {
      text: `WITH t AS (SELECT DISTINCT ${fields[field]} AS ${field} FROM ${table.rows} r WHERE ${table.recordsPredicate('tasks')} AND (${fields[field]}) IS NOT NULL)
        SELECT ${key} AS lane, to_json(list(t.${field} ORDER BY t.${field}))::VARCHAR FROM t ${join} GROUP BY lane HAVING count(*) <= ${mostIds}`,
      values: []
    },
    signal
  )
  return new Map(rows.map((row) => [String(row[0]), JSON.parse(String(row[1])) as unknown[]]))
}

/** As text stands for it: 5 and "5" are one lane. */
export function valueFilter(table: SourceTable, name: string, text: string | null): Filter {
  if (text === null) return { [name]: null }
  const storage = table.column('tasks', name)?.storage
  if (storage === undefined || storage === 'VARCHAR') return { [name]: text }
  const cells: Cell[] = [text]
  const written = jsonTextOf(text)
  if (written !== null) cells.push(written)
  return oneOfFilter(name, cells)
}

function jsonTextOf(text: string): Cell {
  try {
    JSON.parse(text)
    return jsonCell(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

async function namesOf(table: SourceTable, records: 'agents' | 'workflows', signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const { text, values } = rowsIn(table, records, everything)
  const rows = await table.query({ text: `SELECT r.record_id, ${textOf(table.column(records, 'name'))} ${text}`, values }, signal)
  return new Map(
    rows.flatMap((row) => {
      const name = textIn(row[1])
      return name === null || name === '' ? [] : [[String(row[0]), name]]
    })
  )
}

/** Enough of an id to tell it from others. */
const shortId = (id: string): string => (id.length <= 12 ? id : id.slice(0, 8))
