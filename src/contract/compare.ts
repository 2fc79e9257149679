/** Shapes of comparisons: of two runs, which may lie in different sources, and of the N runs of a sweep. */
import { z } from 'zod'
import { method } from './method.ts'
import { scoped } from './overview.ts'
import { cellSchema, sortSchema } from './values.ts'

/** A run: a workflow with its sub-workflows, a campaign, or all tasks of a source (`id` null). */
export const run = z.strictObject({ sourceId: z.string(), kind: z.enum(['workflow', 'campaign', 'all']), id: z.string().nullable() })
export type Run = z.infer<typeof run>
export const runFigure = z.strictObject({
  run,
  name: z.string(),
  /** Parameters of the workflow that tell it from its siblings: `nx 16, omega 0.8`; empty if none do. */
  label: z.string(),
  start: z.number().nullable(),
  seconds: z.number().nullable(),
  tasks: z.number().int(),
  errors: z.number().int(),
  hosts: z.array(z.string())
})
export type RunFigure = z.infer<typeof runFigure>
/** What can be compared in a source: campaigns and workflows that match `search`, by start. */
export const runsParams = z.strictObject({ sourceId: z.string(), search: z.string().default(''), offset: z.number().int().min(0).default(0), limit: z.number().int().min(1).max(1000).default(100) })
export const runsResult = z.strictObject({ total: z.number().int(), runs: z.array(runFigure) })

/** How a task of A finds its counterpart: the same activity and place in order of start; equal inputs; the same counterpart of its parent and place below it. */
export const pairing = z.enum(['order', 'inputs', 'parent'])
export const pair = z.strictObject({ a: run, b: run, match: pairing.default('order') })
const paged = { offset: z.number().int().min(0).default(0), limit: z.number().int().min(1).max(1000).default(200) }

const ofThem = z.strictObject({ differ: z.number().int(), of: z.number().int() })
export const compareSummary = z.strictObject({
  revision: z.number().int(),
  a: runFigure,
  b: runFigure,
  /** Fields of the workflows' `used`; fields of matched tasks' `used` and `generated`. */
  parameters: ofThem,
  inputs: ofThem,
  outputs: ofThem,
  matched: z.number().int(),
  onlyA: z.number().int(),
  onlyB: z.number().int(),
  statusChanged: z.number().int()
})

export const fieldsParams = pair.extend({ onlyDifferences: z.boolean().default(true), ...paged })
export const fieldRow = z.strictObject({
  /** Null for the workflow's own fields; empty for tasks without an activity. */
  activity: z.string().nullable(),
  part: z.enum(['parameter', 'input', 'output', 'status', 'stderr', 'other']),
  /** Dotted name. */
  field: z.string(),
  /** One pair's values; of several pairs the means if all are numbers, else null. */
  a: cellSchema,
  b: cellSchema,
  /** Pairs of tasks that hold the field, and of those the ones that differ. */
  pairs: z.number().int(),
  differ: z.number().int(),
  /** B − A, and as a share of A; null where that makes no sense. */
  difference: z.number().nullable(),
  percent: z.number().nullable(),
  /** The first pair that differs, or the first one. */
  taskA: z.string().nullable(),
  taskB: z.string().nullable(),
  /** An input whose value is an output of an earlier task that differs: `relax generated.omega`. */
  carriedFrom: z.string().nullable()
})
/** Ordered by section: the workflow's own, then activities by first start. With only differences, equal ones are counted in their section; what was only carried over is counted, not listed. */
export const fieldsResult = z.strictObject({
  total: z.number().int(),
  sections: z.array(z.strictObject({ activity: z.string().nullable(), rows: z.number().int(), equal: z.number().int(), carried: z.number().int(), carriedFrom: z.string().nullable() })),
  rows: z.array(fieldRow),
  /** Fields that are not compared, since they differ in any two runs or are compared by themselves, and how many: ids; times; hosts, users and addresses; telemetry; machine and settings. */
  leftOut: z.array(z.strictObject({ what: z.enum(['ids', 'times', 'places', 'telemetry', 'settings']), fields: z.number().int() }))
})

export const unmatchedParams = pair.extend({ which: z.enum(['onlyA', 'onlyB', 'status']), ...paged })
/** Tasks of one activity together. `detail`: what tells them apart (`i = 9 … 13`); of a changed status, both and the error. */
export const unmatchedResult = z.strictObject({
  total: z.number().int(),
  groups: z.array(z.strictObject({ activity: z.string().nullable(), count: z.number().int(), tasks: z.array(z.string()), counterparts: z.array(z.string()), filter: z.record(z.string(), z.unknown()).nullable(), detail: z.string(), why: z.string() }))
})

const side = z.strictObject({ tasks: z.number().int(), errors: z.number().int(), p50: z.number().nullable(), busySeconds: z.number() })
/** Seconds. Difference of the medians. */
export const compareActivitiesParams = pair.extend(paged)
export const compareActivities = z.strictObject({
  total: z.number().int(),
  activities: z.array(z.strictObject({ activity: z.string().nullable(), a: side.nullable(), b: side.nullable(), difference: z.number().nullable(), percent: z.number().nullable() }))
})

/** Means over the tasks that measured it: levels at the end, or end − start for counters. */
export const compareTelemetry = z.strictObject({
  rows: z.array(z.strictObject({ metric: z.string(), unit: z.string().nullable(), a: z.number().nullable(), b: z.number().nullable(), tasksA: z.number().int(), tasksB: z.number().int(), difference: z.number().nullable(), percent: z.number().nullable() }))
})

/** The two runs from their starts, seconds: one bar an activity and stretch, at most `bars` each; `links` pairs of bars of A and B. */
export const compareShapeParams = pair.extend({ bars: z.number().int().min(2).max(400).default(60) })
const shapeBar = z.strictObject({ activity: z.string().nullable(), from: z.number(), to: z.number(), tasks: z.number().int(), errors: z.number().int(), level: z.number().int() })
export const compareShape = z.strictObject({ a: z.array(shapeBar), b: z.array(shapeBar), links: z.array(z.tuple([z.number().int(), z.number().int()])) })

/** The first pair, in the order of the dataflow, whose generated value differs though none before it does; and the values of that field over all pairs. */
export const compareDivergence = z.strictObject({
  first: z
    .strictObject({ activity: z.string().nullable(), field: z.string(), a: cellSchema, b: cellSchema, taskA: z.string(), taskB: z.string(), /** The input that differs, if one does. */ from: z.string().nullable(), index: z.number().int() })
    .nullable(),
  series: z
    .strictObject({
      field: z.string(),
      /** What the horizontal axis is: a field that counts (`used.i`), or the order. */
      by: z.string(),
      a: z.array(z.tuple([z.number(), z.number()])),
      b: z.array(z.tuple([z.number(), z.number()])),
      /** Points there are; those above `a.length` are left out evenly. */
      total: z.number().int(),
      /** All positive over more than two decades. */
      log: z.boolean()
    })
    .nullable()
})

// --- N runs
export const sweepOf = scoped.extend({
  /** What a row is. */
  row: z.enum(['workflow', 'campaign', 'task']).default('workflow'),
  /** Ids of the runs; null: all that have tasks in scope. */
  runs: z.array(z.string()).max(10_000).nullable().default(null)
})
export const sweepColumn = z.strictObject({
  name: z.string(),
  /** `parameter`: used by the workflow, or by its tasks alike. `result`: generated by the last task that has it. `figure`: tasks, errors, duration. */
  role: z.enum(['parameter', 'result', 'figure', 'telemetry']),
  type: z.enum(['number', 'text', 'boolean', 'time', 'mixed']),
  unit: z.string().nullable(),
  filled: z.number().int(),
  distinct: z.number().int(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  /** All positive over more than two decades. */
  log: z.boolean()
})
export type SweepColumn = z.infer<typeof sweepColumn>
export const sweepColumns = z.strictObject({ revision: z.number().int(), runs: z.number().int(), columns: z.array(sweepColumn) })
/** A condition on a column of the sweep; a value that is null meets none. */
export const condition = z.strictObject({ column: z.string(), op: z.enum(['<', '<=', '>', '>=', '=', 'between']), value: z.number(), upTo: z.number().optional() })
export type Condition = z.infer<typeof condition>
export const sweepRowsParams = sweepOf.extend({ columns: z.array(z.string()).max(200), where: z.array(condition).max(50).default([]), sort: sortSchema.default([]), offset: z.number().int().min(0).default(0), limit: z.number().int().min(1).max(10_000).default(500) })
export const sweepRows = z.strictObject({
  revision: z.number().int(),
  /** Runs that meet `where`, and all. */
  total: z.number().int(),
  runs: z.number().int(),
  rows: z.array(z.strictObject({ id: z.string(), name: z.string(), label: z.string(), status: z.string().nullable(), cells: z.array(cellSchema) }))
})

export const compareMethods = {
  'compare.runs': method(runsParams, runsResult),
  'compare.summary': method(pair, compareSummary),
  'compare.fields': method(fieldsParams, fieldsResult),
  'compare.unmatched': method(unmatchedParams, unmatchedResult),
  'compare.activities': method(compareActivitiesParams, compareActivities),
  'compare.telemetry': method(pair, compareTelemetry),
  'compare.shape': method(compareShapeParams, compareShape),
  'compare.divergence': method(pair.extend({ points: z.number().int().min(2).max(2000).default(400) }), compareDivergence),
  'sweep.columns': method(sweepOf, sweepColumns),
  'sweep.rows': method(sweepRowsParams, sweepRows)
} as const
