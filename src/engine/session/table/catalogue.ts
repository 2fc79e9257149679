/** What the columns of one source are called, for each kind of record, and the SQL that reads them. */
import type { Column } from '#contract/tables'
import type { Records } from '#contract/values'
import { statuses } from '#contract/values'
import { durationSql, telemetrySummaryColumns, type NumberOf } from './derived.ts'
import { quoteText } from './fieldTree.ts'
import { kindBit } from '../load/scanner.ts'
import { exactTextBit, mostPhysicalColumns, storageOf, type ColumnState } from '../load/shapes.ts'
import { kindNumber, type NamedColumn, type Storage } from './sourceTable.ts'

/** Counts of values that are not null, for kinds of record of which they have been counted exactly: by the column's name. */
export type ExactFilled = Partial<Record<Records, ReadonlyMap<string, number>>>

type Draft = Pick<NamedColumn, 'name' | 'storage' | 'sql' | 'physical'> & Partial<Pick<NamedColumn, 'type' | 'unit' | 'derived'>> & { kinds: number; filled: number }

const kindOf = { tasks: kindNumber.task, workflows: kindNumber.workflow, agents: kindNumber.agent, objects: kindNumber.object } as const

export class Catalogue {
  private readonly byRecords = new Map<Records, { list: NamedColumn[]; byName: Map<string, NamedColumn> }>()

  constructor(
    private readonly physical: readonly ColumnState[],
    private readonly exactFilled: ExactFilled = {}
  ) {}

  columns(records: Records): readonly NamedColumn[] {
    return this.of(records).list
  }

  column(records: Records, name: string): NamedColumn | undefined {
    return this.of(records).byName.get(name)
  }

  /** With the flags of statuses of which it is not known whether any record has them. */
  allColumns(records: Records): readonly NamedColumn[] {
    return this.drafts(records).map((draft) => finished(draft, undefined))
  }

  private of(records: Records): { list: NamedColumn[]; byName: Map<string, NamedColumn> } {
    let known = this.byRecords.get(records)
    if (!known) {
      const exact = this.exactFilled[records]
      const list = this.drafts(records)
        .map((draft) => finished(draft, exact?.get(draft.name)))
        // A flag that no message holds is listed once it is known that some status makes it true.
        .filter((column) => records !== 'tasks' || !flagNames.has(column.name) || column.physical !== null || column.filled > 0)
      known = { list, byName: new Map([...list, ...(records === 'tasks' ? unlistedColumns(list) : [])].map((column) => [column.name, column])) }
      this.byRecords.set(records, known)
    }
    return known
  }

  private drafts(records: Records): Draft[] {
    if (records === 'messages') {
      return this.physical
        .filter((column) => column.messageOrder >= 0)
        .toSorted((a, b) => a.messageOrder - b.messageOrder)
        .map((column) => plain(column, sum(column.filledByKind)))
    }
    const kind = kindOf[records]
    const own = this.physical.filter((column) => column.kindsSeen[kind]).map((column) => plain(column, (column.filledByKind[kind] ?? 0) + (column.mergedByKind[kind] ?? 0)))
    return records === 'tasks' ? taskColumns(own) : withId(own, `${records.slice(0, -1)}_id`)
  }
}

/** What a filter may name though no table shows it, and Flowcept stores no such field: bytes read and written, which a rule of critical tasks is about. */
function unlistedColumns(list: readonly NamedColumn[]): NamedColumn[] {
  const [read, written] = ['read', 'write'].map((way) => list.find(({ name }) => name === `telemetry_summary.disk.${way}_bytes_diff`))
  return read && written ? [{ ...read, name: 'telemetry_summary.disk.bytes_diff', sql: `(${read.sql} + ${written.sql})` }] : []
}

function plain(column: ColumnState, filled: number): Draft {
  const { index, kinds, name, storage } = column
  return storage === null
    ? { name, storage: 'VARCHAR', sql: 'NULL::VARCHAR', physical: null, kinds, filled }
    : { name, storage, sql: index < mostPhysicalColumns ? `r.c${index}` : fromMore(column, storage), physical: index, kinds, filled }
}

function fromMore({ index, kinds }: ColumnState, storage: Storage): string {
  const json = `r.more['c${index}']`
  if (storage === 'VARCHAR') return `json_extract_string(${json}, '$')`
  if (storage !== 'JSON') return `${json}::${storage}`
  return (kinds & exactTextBit) === 0 ? json : `coalesce(json_extract_string(r.more['x${index}'], '$'), ${json})`
}

/** The record's id is a text, and there is always one. */
function withId(columns: readonly Draft[], name: string): Draft[] {
  const known = columns.find((column) => column.name === name)
  const id: Draft = { ...known, name, storage: 'VARCHAR', sql: 'r.record_id', physical: null, kinds: kindBit.text, filled: known?.filled ?? 0, type: 'id' }
  return [id, ...columns.filter((column) => column !== known)]
}

/** What mergeRecord.ts says of a task that came in one message, said in SQL; true of merged ones too. */
function taskColumns(own: readonly Draft[]): Draft[] {
  const byName = new Map(own.map((column) => [column.name, column]))
  byName.delete('type')
  const put = (draft: Draft): void => void byName.set(draft.name, draft)
  const status = statusColumn(byName)
  if (status) put(status)
  const workflow = workflowColumn(byName)
  if (workflow) put(workflow)
  const subtype = subtypeColumn(byName)
  if (subtype) put(subtype)
  if (status) for (const flag of flagColumns(byName, status)) put(flag)
  const numberOf: NumberOf = (name) => numberSql(byName.get(name))
  const duration = durationSql(numberOf)
  const derived = { storage: 'DOUBLE', physical: null, kinds: kindBit.number, filled: 0, derived: true } as const
  if (duration !== undefined) put({ ...derived, name: 'duration', unit: 's', sql: duration })
  for (const column of telemetrySummaryColumns(numberOf)) put({ ...derived, ...column })
  return withId([...byName.values()], 'task_id').toSorted((a, b) => rank(a.name) - rank(b.name))
}

function statusColumn(columns: ReadonlyMap<string, Draft>): Draft | undefined {
  const status = columns.get('status')
  const finishedFlag = columns.get('finished')
  if (!finishedFlag) return status
  const isFinished = finishedFlag.storage === 'BOOLEAN' ? finishedFlag.sql : finishedFlag.storage === 'JSON' ? `${finishedFlag.sql} = 'true'` : 'false'
  if (!status || status.storage === 'VARCHAR') {
    const sql = status ? `(CASE WHEN ${isFinished} AND ${status.sql} IS DISTINCT FROM 'ERROR' THEN 'FINISHED' ELSE ${status.sql} END)` : `(CASE WHEN ${isFinished} THEN 'FINISHED' END)`
    return { filled: finishedFlag.filled, ...status, name: 'status', storage: 'VARCHAR', kinds: (status?.kinds ?? 0) | kindBit.text, sql, physical: status?.physical ?? null }
  }
  return status.storage === 'JSON' ? { ...status, sql: `(CASE WHEN ${isFinished} AND ${status.sql} IS DISTINCT FROM '"ERROR"' THEN '"FINISHED"' ELSE ${status.sql} END)` } : status
}

function workflowColumn(columns: ReadonlyMap<string, Draft>): Draft | undefined {
  const used = columns.get('used.workflow_id')
  const own = columns.get('workflow_id')
  if (!used || (used.kinds & kindBit.text) === 0) return own
  const text = used.storage === 'JSON' ? `CASE WHEN ${used.sql} LIKE '"%' THEN ${used.sql}::JSON->>'$' END` : used.sql
  const filling = `nullif(${text}, '')`
  if (!own || own.storage === 'VARCHAR') {
    return { filled: used.filled, ...own, name: 'workflow_id', storage: 'VARCHAR', kinds: (own?.kinds ?? 0) | kindBit.text, sql: own ? `coalesce(${own.sql}, ${filling})` : filling, physical: own?.physical ?? null }
  }
  return { ...own, storage: 'JSON', kinds: own.kinds | kindBit.text, sql: `coalesce(${asJson(own)}, to_json(${filling})::VARCHAR)` }
}

function subtypeColumn(columns: ReadonlyMap<string, Draft>): Draft | undefined {
  const group = columns.get('group_id')
  const own = columns.get('subtype')
  if (!group || group.physical === null) return own
  const iteration = `CASE WHEN ${group.sql} IS NOT NULL THEN 'iteration' END`
  if (!own || own.storage === 'VARCHAR') {
    return { filled: group.filled, ...own, name: 'subtype', storage: 'VARCHAR', kinds: (own?.kinds ?? 0) | kindBit.text, sql: own ? `coalesce(${own.sql}, ${iteration})` : `(${iteration})`, physical: own?.physical ?? null }
  }
  return { ...own, storage: 'JSON', kinds: own.kinds | kindBit.text, sql: `coalesce(${asJson(own)}, to_json(${iteration})::VARCHAR)` }
}

/** `finished`, `running`, …: true once the status was seen. What stands in such a field and is no boolean stays. */
function flagColumns(columns: ReadonlyMap<string, Draft>, status: Draft): Draft[] {
  if ((status.kinds & kindBit.text) === 0) return []
  return statuses.map((name) => {
    const flag = columns.get(name.toLowerCase())
    const is = `${status.sql} = ${quoteText(status.storage === 'JSON' ? `"${name}"` : name)}`
    const base = { filled: 0, ...flag, name: name.toLowerCase(), physical: flag?.physical ?? null, kinds: (flag?.kinds ?? 0) | kindBit.boolean }
    if (!flag || flag.physical === null) return { ...base, storage: 'BOOLEAN', sql: `(CASE WHEN ${is} THEN true END)` }
    if (flag.storage === 'BOOLEAN') return { ...base, storage: 'BOOLEAN', sql: `(CASE WHEN ${is} THEN true ELSE ${flag.sql} END)` }
    const value = asJson(flag)
    return { ...base, storage: 'JSON', sql: `(CASE WHEN ${is} AND coalesce(${value}, 'false') = 'false' THEN 'true' ELSE ${value} END)` }
  })
}

function asJson({ sql, storage }: Draft): string {
  return storage === 'JSON' ? sql : `to_json(${sql})::VARCHAR`
}

function numberSql(column: Draft | undefined): string | undefined {
  if (!column || column.physical === null) return undefined
  if (column.storage === 'BIGINT') return `${column.sql}::DOUBLE`
  if (column.storage === 'DOUBLE') return column.sql
  return column.storage === 'JSON' ? `TRY_CAST(${column.sql} AS DOUBLE)` : undefined
}

const first = ['task_id', 'activity_id', 'status', 'started_at', 'ended_at', 'duration']
const flagNames: ReadonlySet<string> = new Set(statuses.map((name) => name.toLowerCase()))

/** What people look for first stands first; machine telemetry last. Within a rank, as first seen. */
function rank(name: string): number {
  const at = first.indexOf(name)
  if (at >= 0) return at
  if (name.startsWith('used.') || name === 'used') return 10
  if (name.startsWith('generated.') || name === 'generated') return 11
  if (flagNames.has(name)) return 13
  if (name.startsWith('telemetry_summary.')) return 14
  if (name.startsWith('telemetry_at_start.')) return 15
  return name.startsWith('telemetry_at_end.') ? 16 : 12
}

const times: ReadonlySet<string> = new Set(['started_at', 'ended_at', 'submitted_at', 'registered_at', 'utc_timestamp', 'created_at', 'updated_at'])
const ids: ReadonlySet<string> = new Set(['task_id', 'workflow_id', 'campaign_id', 'activity_id', 'agent_id', 'object_id', 'parent_task_id', 'parent_workflow_id', 'source_agent_id', 'group_id', 'environment_id'])

function finished(draft: Draft, exact: number | undefined): NamedColumn {
  const { kinds, name, physical, sql, storage } = draft
  const dot = name.indexOf('.')
  return {
    name,
    prefix: dot < 0 ? '' : name.slice(0, dot + 1),
    type: draft.type ?? typeOf(name, kinds, storage),
    unit: draft.unit ?? unitOf(name, storage),
    derived: draft.derived ?? false,
    filled: exact ?? draft.filled,
    storage,
    sql,
    physical
  }
}

function typeOf(name: string, kinds: number, storage: Storage): Column['type'] {
  if (storageOf(kinds) === null) return 'empty'
  if ((storage === 'DOUBLE' || storage === 'BIGINT') && times.has(name)) return 'time'
  if (storage === 'VARCHAR') return name === 'status' ? 'status' : ids.has(name) ? 'id' : 'text'
  if (storage === 'BOOLEAN') return 'boolean'
  if (storage === 'BIGINT') return 'integer'
  if (storage === 'DOUBLE') return 'number'
  return (kinds & ~(kindBit.null | kindBit.dict)) === kindBit.list ? 'list' : (kinds & ~(kindBit.null | kindBit.dict | kindBit.wide | kindBit.integer | kindBit.long)) === 0 ? 'integer' : 'mixed'
}

function unitOf(name: string, storage: Storage): string | null {
  if (storage !== 'BIGINT' && storage !== 'DOUBLE') return null
  const path = /^telemetry_at_(?:start|end)\.(.+)$/.exec(name)?.[1]
  if (path === undefined) return null
  const leaf = path.slice(path.lastIndexOf('.') + 1)
  if (leaf.includes('percent')) return '%'
  if (path.startsWith('cpu.times') || path.startsWith('process.cpu_times')) return 's'
  if (path === 'cpu.frequency') return 'MHz'
  if (leaf.includes('bytes') || path.startsWith('memory.virtual.') || path.startsWith('process.memory.') || path.startsWith('disk.disk_usage.')) return 'bytes'
  return path.startsWith('memory.swap.') ? 'bytes' : null
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
