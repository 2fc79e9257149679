/** Everything that the parts of a sweep share: columns, rows, what passes, what is best; asked once, worked out once. */
import { useMemo, useRef } from 'react'
import type { Condition, SweepColumn } from '#contract/compare'
import type { Sort } from '#contract/values'
import type { Objective, SweepRow } from '../../state/comparing.ts'
import { useCall } from '../../state/query.ts'
import { useTaskScope } from '../../state/useScope.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import { bestOf, type ColumnGroups, defaultColumns, defaultObjective, groupColumns, passing, type SweepData, type SweepRun } from './sweepModel.ts'

/** Runs that are loaded at once; of more, the first in the order of the table are. */
export const mostRows = 10_000

/** Enough that one of them did not fail. */
const mostAtHead = 100

export type Sweep = {
  sourceId: string
  row: SweepRow
  /** Runs there are; `data.rows` are fewer where not all could be loaded. */
  runs: number
  groups: ColumnGroups
  column: (name: string) => SweepColumn | undefined
  shown: readonly SweepColumn[]
  data: SweepData
  objective: Objective | null
  where: readonly Condition[]
  brush: readonly Condition[]
  sort: Sort
  inBrush: (run: SweepRun) => boolean
  meetsAll: (run: SweepRun) => boolean
  /** In the brush: those that meet the conditions, and the others. */
  met: readonly SweepRun[]
  unmet: readonly SweepRun[]
  /** How many meet the conditions in the brush, and of all: also of those that are not loaded, if `isExact`. */
  metCount: number
  allMet: number
  isExact: boolean
  best: SweepRun | null
  bestOfAll: SweepRun | null
  chosen: SweepRun | null
  /** While rows for other columns or another order are on their way. */
  loading: boolean
}
export type SweepAnswer = { state: 'waiting' } | { state: 'failed'; message: string; retry: () => void } | { state: 'empty' } | { state: 'here'; sweep: Sweep }

export function useSweep(sourceId: string): SweepAnswer {
  const scope = useTaskScope()
  const compare = useWorkbench((s) => s.compare)
  const { row, runs, where, brush, x, y, marks } = compare
  const selected = useWorkbench((s) => s.selection?.id ?? null)
  const chosenId = row === 'task' ? selected : compare.chosen
  const base = { sourceId, scope, row, ...(runs !== null && { runs }) }
  const columns = useCall('sweep.columns', base)
  const known = columns.data?.columns ?? noColumns
  const total = columns.data?.runs ?? 0
  const plan = useMemo(() => planOf(known, total, compare), [known, total, compare])
  const needed = [...new Set([...plan.shown.map(({ name }) => name), ...(plan.objective ? [plan.objective.column] : []), ...[...where, ...brush].map(({ column }) => column), ...[x, y, marks].filter((name): name is string => name !== null && name !== '')])].slice(0, 200)
  const asked = columns.data === null ? null : { ...base, columns: needed, sort: plan.sort, limit: mostRows }
  const rows = useCall('sweep.rows', asked)
  // The answer before this one had other columns: it is kept with the names that it was asked with.
  const held = useRef<{ source: string; data: SweepData; runs: number } | null>(null)
  const heldKey = JSON.stringify([sourceId, row, runs, scope])
  if (rows.current && rows.data) held.current = held.current?.data.rows === rows.data.rows ? held.current : { source: heldKey, data: { columns: needed, rows: rows.data.rows }, runs: rows.data.runs }
  const here = held.current?.source === heldKey ? held.current : null
  const beyond = here !== null && here.runs > here.data.rows.length
  const sought = plan.objective && asked ? { ...asked, sort: [{ column: plan.objective.column, descending: plan.objective.goal === 'max' }], limit: mostAtHead } : null
  // Of more runs than are loaded, the engine finds the best.
  const head = useCall('sweep.rows', beyond && sought ? { ...sought, where: [...where, ...brush] } : null)
  const headOfAll = useCall('sweep.rows', beyond && sought && brush.length > 0 ? { ...sought, where } : null)
  const exact = beyond && head.current ? head.data : null
  const exactOfAll = brush.length === 0 ? exact : beyond && headOfAll.current ? headOfAll.data : null
  const sweep = useMemo((): Sweep | null => {
    if (!here) return null
    const data = exact ? withRows(here.data, exact.rows) : here.data
    const inBrush = passing(data, brush)
    const meetsAll = passing(data, where)
    const brushed = data.rows.filter(inBrush)
    const met = brushed.filter(meetsAll)
    const allMet = data.rows.filter(meetsAll)
    const names = new Map(known.map((column) => [column.name, column]))
    return {
      sourceId,
      row,
      runs: here.runs,
      column: (name) => names.get(name),
      ...plan,
      data,
      where,
      brush,
      inBrush,
      meetsAll,
      met,
      unmet: brushed.filter((run) => !meetsAll(run)),
      metCount: exact?.total ?? met.length,
      allMet: exactOfAll?.total ?? allMet.length,
      isExact: !beyond || exact !== null,
      best: plan.objective && bestOf(data, exact ? exact.rows.map((run) => data.rows.find(({ id }) => id === run.id) ?? run) : met, plan.objective),
      bestOfAll: plan.objective && bestOf(data, exactOfAll?.rows ?? allMet, plan.objective),
      chosen: data.rows.find(({ id }) => id === chosenId) ?? null,
      loading: rows.loading && !rows.current
    }
  }, [here, plan, known, where, brush, row, sourceId, chosenId, rows.loading, rows.current, exact, exactOfAll, beyond])
  const failed = columns.data === null ? columns : rows
  if (failed.error && !sweep) return { state: 'failed', message: failed.error.message, retry: failed.retry }
  if (columns.data?.runs === 0) return { state: 'empty' }
  return sweep ? { state: 'here', sweep } : { state: 'waiting' }
}

/** The rows, and those of others that are not among them. */
function withRows(data: SweepData, others: readonly SweepRun[]): SweepData {
  const known = new Set(data.rows.map(({ id }) => id))
  return { columns: data.columns, rows: [...data.rows, ...others.filter(({ id }) => !known.has(id))] }
}

const noColumns: SweepColumn[] = []

function planOf(known: readonly SweepColumn[], runs: number, compare: { objective: Objective | null; columns: string[] | null; sort: Sort | null }): { groups: ColumnGroups; objective: Objective | null; shown: SweepColumn[]; sort: Sort } {
  const groups = groupColumns(known, runs)
  const objective = compare.objective ?? defaultObjective(known)
  const names = compare.columns ?? defaultColumns(groups.varying, objective?.column ?? null)
  const shown = names.flatMap((name) => known.find((column) => column.name === name) ?? [])
  const sort = compare.sort ?? (objective ? [{ column: objective.column, descending: objective.goal === 'max' }] : [])
  return { groups, objective, shown, sort }
}

/** Chooses a run; a task is chosen in every view. */
export function chooseRun(row: SweepRow, id: string): void {
  const { setCompare, selectTask } = workbench.getState()
  if (row === 'task') selectTask(id)
  else setCompare({ chosen: id })
}

export const nounOf: Record<SweepRow, { one: string; many: string }> = { workflow: { one: 'run', many: 'runs' }, campaign: { one: 'campaign', many: 'campaigns' }, task: { one: 'task', many: 'tasks' } }
