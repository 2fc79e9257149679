/** The runs of a sweep as the view sees them: which pass the brush and the conditions, which is best, how columns read. */
import type { Condition, SweepColumn } from '#contract/compare'
import type { Result } from '#contract/methods'
import type { Cell } from '#contract/values'
import type { Objective } from '../../state/comparing.ts'
import { byteUnit, cellText, figureText, numberText, shortNumber, timeUnit } from './valueText.ts'

export type SweepRun = Result<'sweep.rows'>['rows'][number]
/** Rows with the names of their cells, which the engine gives in the order asked. */
export type SweepData = { columns: readonly string[]; rows: readonly SweepRun[] }

export const hasFailed = ({ status }: Pick<SweepRun, 'status'>): boolean => status === 'ERROR'

export function numberOf(cell: Cell | undefined): number | null {
  if (typeof cell === 'number') return cell
  if (typeof cell === 'boolean') return cell ? 1 : 0
  if (typeof cell !== 'object' || cell === null || !('int' in cell)) return null
  return Number(cell.int)
}

/** Reads a column of the rows. */
export function reader({ columns }: SweepData, column: string): (run: SweepRun) => Cell {
  const at = columns.indexOf(column)
  return (run) => (at === -1 ? null : (run.cells[at] ?? null))
}

/** Whether a value meets a condition; null meets none. */
export function meets(value: number | null, { op, value: bound, upTo }: Condition): boolean {
  if (value === null || Number.isNaN(value)) return false
  switch (op) {
    case '<':
      return value < bound
    case '<=':
      return value <= bound
    case '>':
      return value > bound
    case '>=':
      return value >= bound
    case '=':
      return value === bound
    case 'between':
      return value >= bound && value <= (upTo ?? bound)
  }
}

export function passing(data: SweepData, conditions: readonly Condition[]): (run: SweepRun) => boolean {
  const tests = conditions.map((condition) => ({ condition, read: reader(data, condition.column) }))
  return (run) => tests.every(({ condition, read }) => meets(numberOf(read(run)), condition))
}

/** The best of the runs that did not fail; the first of equals. */
export function bestOf(data: SweepData, runs: readonly SweepRun[], { column, goal }: Objective): SweepRun | null {
  const read = reader(data, column)
  let best: { run: SweepRun; value: number } | null = null
  for (const run of runs) {
    const value = numberOf(read(run))
    if (value === null || Number.isNaN(value) || hasFailed(run)) continue
    if (best === null || (goal === 'min' ? value < best.value : value > best.value)) best = { run, value }
  }
  return best?.run ?? null
}

const isVarying = ({ distinct, filled }: SweepColumn, runs: number): boolean => distinct > 1 || (distinct === 1 && filled < runs)

export type ColumnGroups = { varying: SweepColumn[]; constant: SweepColumn[]; empty: SweepColumn[] }

/** Constant and empty columns tell no run from another. */
export function groupColumns(columns: readonly SweepColumn[], runs: number): ColumnGroups {
  return {
    varying: columns.filter((column) => column.filled > 0 && isVarying(column, runs)),
    constant: columns.filter((column) => column.filled > 0 && !isVarying(column, runs)),
    empty: columns.filter((column) => column.filled === 0)
  }
}

const mostOf: Record<SweepColumn['role'], number> = { parameter: 4, result: 3, figure: 2, telemetry: 2 }
const roles = ['parameter', 'result', 'figure', 'telemetry'] as const

/** What is shown before anybody chose: what varies, some of each kind, the objective; of copies of a column only the first. */
export function defaultColumns(varying: readonly SweepColumn[], objective: string | null): string[] {
  const names: string[] = []
  const seen = new Set<string>()
  for (const role of roles) {
    let left = mostOf[role]
    for (const column of candidates(varying, role)) {
      const print = printOf(column)
      if (left === 0) break
      if (print !== null && seen.has(print)) continue
      if (print !== null) seen.add(print)
      names.push(column.name)
      left--
    }
  }
  return objective === null || names.includes(objective) ? names : [...names, objective]
}

/** Numbers first; of results those that vary most, of figures those that say how a run went. */
function candidates(varying: readonly SweepColumn[], role: SweepColumn['role']): SweepColumn[] {
  const own = varying.filter((column) => column.role === role && column.type !== 'mixed')
  const told = role === 'figure' ? own.filter(({ name }) => /duration|error/.test(name)) : own
  return (told.length > 0 ? told : own).toSorted((one, other) => Number(isNumeric(other)) - Number(isNumeric(one)) || (role === 'result' ? other.distinct - one.distinct : 0))
}

/** Numbers of as many values between the same ends are taken for copies: what one task generated and another used. */
const printOf = ({ type, filled, distinct, min, max }: SweepColumn): string | null => (type === 'number' ? [filled, distinct, min, max].join() : null)

export const isNumeric = ({ type }: Pick<SweepColumn, 'type'>): boolean => type === 'number'

/** The shortest duration, or whatever figure or result there is. */
export function defaultObjective(columns: readonly SweepColumn[]): Objective | null {
  const numeric = columns.filter((column) => isNumeric(column) && column.filled > 0)
  const found = numeric.find(({ name, role }) => role === 'figure' && /duration/.test(name)) ?? numeric.find(({ role }) => role === 'result') ?? numeric[0]
  return found ? { column: found.name, goal: 'min' } : null
}

/** For lists to choose a column from. */
export const columnOptions = (columns: readonly SweepColumn[]): { value: string; label: string; detail: string }[] => columns.map(({ name, role, unit }) => ({ value: name, label: name, detail: [role, unit].filter(Boolean).join(', ') }))

/** The unit that a column is shown in, and what a value in it is worth. */
export type Scale = { unit: string; factor: number }
export function scaleOf(column: Pick<SweepColumn, 'unit' | 'max' | 'min'> | undefined): Scale {
  const most = Math.max(Math.abs(column?.max ?? 0), Math.abs(column?.min ?? 0))
  if (column?.unit === 's' || column?.unit === 'seconds') {
    const { unit, perSecond } = timeUnit(most)
    return { unit, factor: perSecond }
  }
  if (column?.unit === 'B' || column?.unit === 'bytes') {
    const { unit, perByte } = byteUnit(most)
    return { unit, factor: perByte }
  }
  return { unit: column?.unit ?? '', factor: 1 }
}

/** A cell in the unit of its column; lengths of time and sizes to three digits, fractions to four, whole numbers in full. */
export function sweepText(cell: Cell, { factor }: Scale): string {
  const value = numberOf(cell)
  if (value === null || typeof cell === 'boolean') return cellText(cell)
  if (factor !== 1) return figureText(value * factor)
  return Number.isInteger(value) ? cellText(cell) : shortNumber(value)
}

/** `used.omega` → `used.` and `omega`; `duration` has no prefix. */
export function splitName(name: string): { prefix: string; leaf: string } {
  const prefix = /^(used|generated|telemetry_summary|telemetry)\./.exec(name)?.[0] ?? ''
  return { prefix, leaf: name.slice(prefix.length) }
}

const signs: Record<Condition['op'], string> = { '<': '<', '<=': '≤', '>': '>', '>=': '≥', '=': '=', between: 'in' }
export const signOf = (op: Condition['op']): string => signs[op]

/** `residual ≤ 1e−5`, in the unit of the column. */
export function conditionText({ op, value, upTo }: Condition, scale: Scale): string {
  const text = (bound: number): string => numberText(Number((bound * scale.factor).toPrecision(7)))
  const unit = scale.unit === '' ? '' : ` ${scale.unit}`
  return op === 'between' ? `${text(value)} – ${text(upTo ?? value)}${unit}` : `${signs[op]} ${text(value)}${unit}`
}
