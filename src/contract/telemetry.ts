/** Shapes of the telemetry view: any captured number over time, by host and activity, outliers, critical-task rules. */
import { z } from 'zod'
import { method } from './method.ts'
import { scoped } from './overview.ts'

/**
 * A number that tasks have. `telemetry.<path>` stands for telemetry_at_start.<path> and telemetry_at_end.<path> together, with list
 * elements as `…percent_per_cpu[0]` and `…times_per_cpu[1].user`, and sums of two counters as `…netio_sum.bytes_*`; others by their
 * column: `used.lr`, `generated.loss`, `duration`.
 */
export const metric = z.strictObject({
  id: z.string(),
  /** `cpu.`, `memory.`, `used.`, …; empty for `duration`. */
  prefix: z.string(),
  /** The rest of the name. */
  name: z.string(),
  telemetry: z.boolean(),
  /** Only ever grows: its level is a rate, growth between the snapshots over the task's duration. */
  counter: z.boolean(),
  /** Of the captured value; the level of a counter is in this per second. */
  unit: z.string().nullable(),
})
export type Metric = z.infer<typeof metric>
export const metricStats = z.strictObject({
  id: z.string(),
  /** Tasks in scope that have it, at the end for telemetry; and of those, the ones with both snapshots. */
  tasks: z.number().int(),
  both: z.number().int(),
  /** Of the values as captured. */
  min: z.number().nullable(),
  max: z.number().nullable(),
  /** It is the same in all tasks in scope, at both snapshots. */
  constant: z.boolean()
})
export type MetricStats = z.infer<typeof metricStats>

/** `level`: the value at the end; of counters, the rate. `difference`: end − start; a counter that fell was reset and counts for nothing. */
export const metricForm = z.enum(['level', 'difference'])
export type MetricForm = z.infer<typeof metricForm>
export const chosenMetric = z.strictObject({ metric: z.string(), form: metricForm.default('level') })
export type ChosenMetric = z.input<typeof chosenMetric>
export const groupBy = z.enum(['host', 'activity'])
export type GroupBy = z.infer<typeof groupBy>

const paged = { offset: z.number().int().min(0).default(0), limit: z.number().int().min(1).max(1000).default(100) }

export const metricsParams = scoped.extend({ search: z.string().max(200).default(''), ...paged, limit: z.number().int().min(1).max(10_000).default(500) })
export const metricsResult = z.strictObject({
  revision: z.number().int(),
  tasks: z.number().int(),
  /** Tasks with any snapshot at the end, and with both. */
  measured: z.number().int(),
  both: z.number().int(),
  /** Numbers that match the search, and all. */
  total: z.number().int(),
  all: z.number().int(),
  /** All groups with how many numbers match in each; a telemetry section that nobody captured is there with none. */
  prefixes: z.array(z.strictObject({ prefix: z.string(), telemetry: z.boolean(), metrics: z.number().int() })),
  metrics: z.array(metric),
  /** What the workflows' settings say of each section: `telemetry_capture.gpu: null`. */
  capture: z.array(z.strictObject({ prefix: z.string(), setting: z.string(), value: z.string(), workflows: z.number().int() }))
})

/** In the order asked for. */
export const metricStatsParams = scoped.extend({ metrics: z.array(z.string()).max(400) })
export const metricStatsResult = z.strictObject({ revision: z.number().int(), metrics: z.array(metricStats) })

/** Hosts or activities, most tasks first, and the time that the tasks in scope take up. */
export const groupsParams = scoped.extend({ by: groupBy, ...paged, limit: z.number().int().min(1).max(64).default(4) })
export const groupsResult = z.strictObject({
  tasks: z.number().int(),
  total: z.number().int(),
  /** Tasks that name none. */
  unnamed: z.number().int(),
  from: z.number().nullable(),
  to: z.number().nullable(),
  groups: z.array(z.strictObject({ name: z.string(), tasks: z.number().int() }))
})

/**
 * A value stands at the moment it was captured: the task's end, or its start where no end is recorded. The mean of a counter's rates is
 * all growth over all the time it took; quantiles are of the tasks' own rates.
 */
export const seriesParams = scoped.extend({ ...chosenMetric.shape, by: groupBy, groups: z.array(z.string()).max(64), from: z.number(), to: z.number(), points: z.number().int().min(2).max(1000).default(100) })
export const seriesResult = z.strictObject({
  revision: z.number().int(),
  from: z.number(),
  binSeconds: z.number(),
  unit: z.string().nullable(),
  /** Tasks in scope that measured it, whenever and wherever; their mean. */
  tasks: z.number().int(),
  mean: z.number().nullable(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  /** A point where no task measured it is null. */
  groups: z.array(
    z.strictObject({ name: z.string(), tasks: z.number().int(), mean: z.number().nullable(), means: z.array(z.number().nullable()), p10: z.array(z.number().nullable()), p90: z.array(z.number().nullable()), counts: z.array(z.number().int()) })
  )
})

const quantiles = z.strictObject({ min: z.number(), p5: z.number(), p25: z.number(), p50: z.number(), p75: z.number(), p95: z.number(), max: z.number() })
export const distributionParams = scoped.extend({ ...chosenMetric.shape, by: groupBy.default('activity'), ...paged })
/** Highest median first; those without a value last, with `quantiles` null. */
export const distributionResult = z.strictObject({
  total: z.number().int(),
  /** Of those, without a value. */
  empty: z.number().int(),
  tasks: z.number().int(),
  unit: z.string().nullable(),
  /** The least value, the least above 0, and the greatest, over all. */
  min: z.number().nullable(),
  minPositive: z.number().nullable(),
  max: z.number().nullable(),
  groups: z.array(z.strictObject({ name: z.string().nullable(), tasks: z.number().int(), measured: z.number().int(), quantiles: quantiles.nullable() }))
})

export const metricHistogramParams = scoped.extend({ ...chosenMetric.shape, bins: z.number().int().min(2).max(400).default(60), log: z.boolean().default(false) })
export const metricHistogramResult = z.strictObject({
  tasks: z.number().int(),
  unit: z.string().nullable(),
  /** Of the bins; they are equally wide, or with `log` equally wide by their logarithm. */
  from: z.number().nullable(),
  to: z.number().nullable(),
  counts: z.array(z.number().int()),
  /** Zero or less, which a logarithm has no place for. */
  leftOut: z.number().int(),
  mean: z.number().nullable(),
  p50: z.number().nullable()
})

export const outliersParams = scoped.extend({
  metrics: z.array(chosenMetric).max(16),
  /** A host stands out if its mean lies beyond the median of the other hosts' means ± this × their median absolute deviation … */
  deviations: z.number().min(0).max(100).default(3),
  /** … and by more than this share of that median; unless more than a quarter of the hosts do. */
  share: z.number().min(0).max(10).default(0.2),
  /** A straggler takes more than this × the median of its activity. */
  factor: z.number().min(1).max(10_000).default(4),
  ...paged
})
export const outliersResult = z.strictObject({
  /** Hosts that could be compared; fewer than three cannot. */
  hosts: z.number().int(),
  outliers: z.array(
    z.strictObject({
      host: z.string(),
      /** Null: the share of its tasks that are stragglers. */
      metric: z.string().nullable(),
      form: metricForm,
      unit: z.string().nullable(),
      value: z.number(),
      /** The other hosts' least and greatest, and their median. */
      low: z.number(),
      high: z.number(),
      median: z.number(),
      tasks: z.number().int(),
      filter: z.record(z.string(), z.unknown())
    })
  ),
  /** Of tasks with both times, in activities with at least five of them. */
  judged: z.number().int(),
  stragglers: z.number().int(),
  /** Leaves the stragglers; null if it would be too long. */
  filter: z.record(z.string(), z.unknown()).nullable(),
  byHost: z.array(z.strictObject({ host: z.string().nullable(), stragglers: z.number().int(), judged: z.number().int() })),
  /** The most extreme first. */
  tasks: z.array(z.strictObject({ taskId: z.string(), activity: z.string().nullable(), host: z.string().nullable(), status: z.string().nullable(), seconds: z.number(), times: z.number() }))
})

const window = z.strictObject({ fromX: z.number(), toX: z.number(), fromY: z.number(), toY: z.number() })
/** An axis of the scatter: a metric, or the task's start. */
const axis = z.union([chosenMetric, z.literal('start')])
export const pointsParams = scoped.extend({
  x: axis,
  y: axis,
  logX: z.boolean().default(false),
  logY: z.boolean().default(false),
  /** More tasks than this are counted in cells. */
  marks: z.number().int().min(1).max(20_000).default(3000),
  columns: z.number().int().min(1).max(500).default(120),
  rows: z.number().int().min(1).max(500).default(60),
  window: window.nullable().default(null)
})
export const pointsResult = z.strictObject({
  revision: z.number().int(),
  /** Tasks in scope that have both numbers; of those, in the window. */
  tasks: z.number().int(),
  inWindow: z.number().int(),
  /** Zero or less on an axis that is a logarithm. */
  leftOut: z.number().int(),
  unitX: z.string().nullable(),
  unitY: z.string().nullable(),
  /** What is shown: the window, or all. */
  shown: window.nullable(),
  /** Every task, or null where there are too many. */
  points: z.array(z.strictObject({ taskId: z.string(), x: z.number(), y: z.number(), activity: z.string().nullable(), status: z.string().nullable() })).nullable(),
  /** Cells that hold any: column, row, tasks, errors. */
  cells: z.array(z.tuple([z.number().int(), z.number().int(), z.number().int(), z.number().int()])).nullable()
})

export const ruleTag = z.enum(['high_cpu', 'high_mem', 'high_disk', 'long_duration', 'low_output', 'high_output'])
export type RuleTag = z.infer<typeof ruleTag>
export const ruleRow = z.strictObject({
  tag: ruleTag,
  /** What is compared, as people read it: `|Δ percent_all|`. */
  expression: z.string(),
  below: z.boolean(),
  unit: z.string().nullable(),
  threshold: z.number(),
  /** Flowcept's. */
  standard: z.number(),
  on: z.boolean(),
  /** Tasks in scope that have the value, and those beyond the threshold. */
  judged: z.number().int(),
  marked: z.number().int(),
  /** Leaves the tasks marked. */
  filter: z.record(z.string(), z.unknown())
})
export type RuleRow = z.infer<typeof ruleRow>
export const rulesResult = z.strictObject({
  tasks: z.number().int(),
  /** Tasks marked by any rule that is on, and the filter that leaves them; null if every rule is off. */
  marked: z.number().int(),
  filter: z.record(z.string(), z.unknown()).nullable(),
  rules: z.array(ruleRow)
})
/** Kept for the person; a threshold of null is Flowcept's again. */
export const setRuleParams = z.strictObject({ tag: ruleTag, threshold: z.number().nullable().optional(), on: z.boolean().optional() })

export const telemetryMethods = {
  'telemetry.metrics': method(metricsParams, metricsResult),
  'telemetry.stats': method(metricStatsParams, metricStatsResult),
  'telemetry.groups': method(groupsParams, groupsResult),
  'telemetry.series': method(seriesParams, seriesResult),
  'telemetry.distribution': method(distributionParams, distributionResult),
  'telemetry.histogram': method(metricHistogramParams, metricHistogramResult),
  'telemetry.outliers': method(outliersParams, outliersResult),
  'telemetry.points': method(pointsParams, pointsResult),
  'telemetry.rules': method(scoped, rulesResult),
  'telemetry.setRule': method(setRuleParams, z.strictObject({})),
  'telemetry.resetRules': method(z.strictObject({}), z.strictObject({}))
} as const
