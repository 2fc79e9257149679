/** How two runs or a sweep are looked at, as the address carries it: what is not as it is by default, in short words. */
import type { Condition } from '#contract/compare'
import type { Sort } from '#contract/values'

export type Pairing = 'order' | 'inputs' | 'parent'
export type SweepRow = 'workflow' | 'campaign' | 'task'
export type Objective = { column: string; goal: 'min' | 'max' }
export type Comparing = {
  as: 'pair' | 'sweep'
  match: Pairing
  /** Every field of both runs, not just those that differ. */
  all: boolean
  row: SweepRow
  /** Ids of the runs of the sweep; null: all in scope. */
  runs: string[] | null
  /** Null: the shortest duration. */
  objective: Objective | null
  where: Condition[]
  /** Stretches of the axes, one an axis at most. */
  brush: Condition[]
  /** Columns of the table and axes of the chart; null: by default. */
  columns: string[] | null
  /** Null: by the objective, best first. */
  sort: Sort | null
  /** The run chosen among those of the sweep. */
  chosen: string | null
  /** Columns of the scatter: across, up, and the shape of its marks; '' is none. */
  x: string | null
  y: string | null
  marks: string | null
}

export const plainComparing: Comparing = {
  as: 'pair',
  match: 'order',
  all: false,
  row: 'workflow',
  runs: null,
  objective: null,
  where: [],
  brush: [],
  columns: null,
  sort: null,
  chosen: null,
  x: null,
  y: null,
  marks: null
}

/** JSON of what differs from the default; null if nothing does. */
export function comparingText(comparing: Comparing): string | null {
  const changed = Object.entries(comparing).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(plainComparing[key as keyof Comparing]))
  return changed.length === 0 ? null : JSON.stringify(Object.fromEntries(changed))
}

/** Anything may stand in an address; parts that no workbench wrote are as by default. */
export function readComparing(value: unknown): Comparing {
  if (!isObject(value)) return plainComparing
  const oneOf = <T extends string>(known: readonly T[], given: unknown, fallback: T): T => known.find((one) => one === given) ?? fallback
  return {
    as: oneOf(['pair', 'sweep'], value['as'], 'pair'),
    match: oneOf(['order', 'inputs', 'parent'], value['match'], 'order'),
    all: value['all'] === true,
    row: oneOf(['workflow', 'campaign', 'task'], value['row'], 'workflow'),
    runs: texts(value['runs']),
    objective: readObjective(value['objective']),
    where: conditions(value['where']),
    brush: conditions(value['brush']),
    columns: texts(value['columns']),
    sort: readSort(value['sort']),
    chosen: text(value['chosen']),
    x: text(value['x']),
    y: text(value['y']),
    marks: text(value['marks'])
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const texts = (value: unknown): string[] | null => (Array.isArray(value) && value.every((part) => typeof part === 'string') ? value : null)

function readObjective(value: unknown): Objective | null {
  if (!isObject(value) || typeof value['column'] !== 'string') return null
  return { column: value['column'], goal: value['goal'] === 'max' ? 'max' : 'min' }
}

const operators: readonly Condition['op'][] = ['<', '<=', '>', '>=', '=', 'between']
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

function conditions(value: unknown): Condition[] {
  if (!Array.isArray(value)) return []
  return value.filter(isObject).flatMap((part): Condition[] => {
    const op = operators.find((known) => known === part['op'])
    if (typeof part['column'] !== 'string' || op === undefined || !isNumber(part['value'])) return []
    if (op !== 'between') return [{ column: part['column'], op, value: part['value'] }]
    return isNumber(part['upTo']) ? [{ column: part['column'], op, value: part['value'], upTo: part['upTo'] }] : []
  })
}

function readSort(value: unknown): Sort | null {
  if (!Array.isArray(value)) return null
  const parts = value.filter(isObject).flatMap((part) => (typeof part['column'] === 'string' ? [{ column: part['column'], descending: part['descending'] === true }] : []))
  return parts.length === 0 ? null : parts.slice(0, 16)
}
