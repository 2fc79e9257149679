/** What a sweep knows of its runs: which columns there are, what each is made from, and how a run's value comes of its tasks'. */
import type { SweepColumn } from '#contract/compare'
import { growthOf, networkCounters, writeCounters } from '../overview/overviewActivities.ts'
import { numberOf, taskColumns } from '../overview/taskColumns.ts'
import type { NamedColumn, SourceTable, Storage } from '../table/sourceTable.ts'
import { canonical } from './comparable.ts'

export type SweepSource = Pick<SweepColumn, 'name' | 'role' | 'type' | 'unit'> & {
  readonly storage: Storage
  /** Over a task `r`, and over a workflow record `r`; null where there is no such column. */
  readonly task: string | null
  readonly workflow: string | null
  /** A run's value of its tasks' `v`; `ord` is larger for later tasks. */
  readonly aggregate: (v: string) => string
}

const agreed = (v: string): string => `CASE WHEN min(${v}) = max(${v}) THEN min(${v}) END`
const last = (v: string): string => `arg_max(${v}, ord)`
const sum = (v: string): string => `sum(${v})`
const most = (v: string): string => `max(${v})`

export function sweepSources(table: SourceTable, row: 'workflow' | 'campaign' | 'task'): SweepSource[] {
  const named = (prefix: string, records: 'tasks' | 'workflows'): readonly NamedColumn[] => table.columns(records).filter(({ name }) => name === prefix || name.startsWith(`${prefix}.`))
  const ofWorkflows = row === 'task' ? [] : named('used', 'workflows')
  const workflowNames = new Set(ofWorkflows.map(({ name }) => name))
  const parameters = [
    ...ofWorkflows.map((column) => merged(column, table.column('tasks', column.name))),
    ...named('used', 'tasks').flatMap((column) => (workflowNames.has(column.name) ? [] : [merged(undefined, column)]))
  ]
  const results = named('generated', 'tasks').map((column): SweepSource => ({ ...described(column), role: 'result', task: column.sql, workflow: null, aggregate: last }))
  return [...parameters, ...results, ...figures(table, row), ...telemetry(table)]
}

function merged(workflow: NamedColumn | undefined, task: NamedColumn | undefined): SweepSource {
  const only = workflow ?? (task as NamedColumn)
  const base = { ...described(only), role: 'parameter', aggregate: agreed } as const
  if (!workflow || !task || workflow.storage === task.storage) return { ...base, task: task?.sql ?? null, workflow: workflow?.sql ?? null }
  const isNumber = [workflow, task].every(({ storage }) => storage === 'BIGINT' || storage === 'DOUBLE')
  if (isNumber) return { ...base, type: 'number', storage: 'DOUBLE', task: `CAST(${task.sql} AS DOUBLE)`, workflow: `CAST(${workflow.sql} AS DOUBLE)` }
  return { ...base, type: 'mixed', storage: 'JSON', task: canonical(task), workflow: canonical(workflow) }
}

function described({ name, storage, type, unit }: NamedColumn): Pick<SweepSource, 'name' | 'storage' | 'type' | 'unit'> {
  const known: SweepColumn['type'] = type === 'time' ? 'time' : storage === 'VARCHAR' ? 'text' : storage === 'BOOLEAN' ? 'boolean' : storage === 'JSON' ? 'mixed' : 'number'
  return { name, storage, unit, type: known }
}

function figures(table: SourceTable, row: string): SweepSource[] {
  const { end, seconds, start, status } = taskColumns(table)
  const base = { role: 'figure', type: 'number', workflow: null } as const
  if (row === 'task') return [{ ...base, name: 'duration', unit: 's', storage: 'DOUBLE', task: seconds, aggregate: most }]
  return [
    { ...base, name: 'tasks', unit: null, storage: 'BIGINT', task: '1', aggregate: (v) => `CAST(sum(${v}) AS BIGINT)` },
    { ...base, name: 'errors', unit: null, storage: 'BIGINT', task: `CASE WHEN (${status}) = 'ERROR' THEN 1 ELSE 0 END`, aggregate: (v) => `CAST(sum(${v}) AS BIGINT)` },
    { ...base, name: 'duration', unit: 's', storage: 'DOUBLE', task: `{'s': ${start}, 'e': coalesce(${end}, ${start})}`, aggregate: (v) => `(max(${v}.e) - min(${v}.s))` },
    { ...base, name: 'busy', unit: 's', storage: 'DOUBLE', task: seconds, aggregate: sum }
  ]
}

/** Growth of counters is summed over the tasks of a run; of levels the highest at the end of a task is shown. */
function telemetry(table: SourceTable): SweepSource[] {
  const base = { role: 'telemetry', type: 'number', storage: 'DOUBLE', workflow: null } as const
  const has = (name: string): boolean => table.column('tasks', `telemetry_at_end.${name}`) !== undefined
  const grown = (name: string, unit: string, counters: readonly string[]): SweepSource[] => (counters.every(has) ? [{ ...base, name: `telemetry.${name}`, unit, task: growthOf(table, counters), aggregate: sum }] : [])
  const level = (name: string, unit: string, field: string): SweepSource[] => (has(field) ? [{ ...base, name: `telemetry.${name}`, unit, task: numberOf(table.column('tasks', `telemetry_at_end.${field}`)), aggregate: most }] : [])
  return [
    ...grown('cpu_user', 's', ['cpu.times_avg.user']),
    ...grown('cpu_system', 's', ['cpu.times_avg.system']),
    ...level('cpu_percent', '%', 'cpu.percent_all'),
    ...level('memory_used', 'bytes', 'memory.virtual.used'),
    ...level('process_memory', 'bytes', 'process.memory.rss'),
    ...grown('read', 'bytes', ['disk.io_sum.read_bytes']),
    ...grown('written', 'bytes', writeCounters),
    ...grown('network', 'bytes', networkCounters)
  ]
}
