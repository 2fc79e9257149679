/** Shapes of the methods that describe a run as a whole: statuses, durations, errors, series, quality, problems. */
import { z } from 'zod'
import { statusCounts } from './tables.ts'
import { recordsSchema, scopeSchema } from './values.ts'

export const scoped = z.strictObject({ sourceId: z.string(), scope: scopeSchema.default({ filter: {}, search: '' }) })
const list = { offset: z.number().int().min(0).default(0), limit: z.number().int().min(1).max(1000).default(10) }
export const listParams = scoped.extend(list)

/** Figures of the tasks in scope. Seconds; null where no task has what it takes. */
export const summaryResult = z.strictObject({
  tasks: z.number().int(),
  statuses: statusCounts,
  workflows: z.number().int(),
  campaigns: z.number().int(),
  activities: z.number().int(),
  agents: z.number().int(),
  hosts: z.number().int(),
  users: z.array(z.string()),
  flowceptVersions: z.array(z.string()),
  firstStart: z.number().nullable(),
  lastEnd: z.number().nullable(),
  wallSeconds: z.number().nullable(),
  busySeconds: z.number().nullable(),
  tasksPerSecond: z.number().nullable(),
  llmTokens: z.number().nullable(),
  /** The one workflow in scope, if there is just one. */
  workflow: z.strictObject({ id: z.string(), name: z.string().nullable(), campaign: z.string().nullable(), description: z.string().nullable() }).nullable()
})

export const activitiesParams = scoped.extend({ ...list, sort: z.enum(['busy', 'tasks', 'errors', 'p50', 'p95', 'name']).default('busy') })
/** Durations over tasks with both times; cpu in seconds, write and net in bytes: means of end − start over tasks with both snapshots. */
export const activitiesResult = z.strictObject({
  total: z.number().int(),
  activities: z.array(
    z.strictObject({
      activity: z.string().nullable(),
      tasks: z.number().int(),
      errors: z.number().int(),
      timed: z.number().int(),
      quantiles: z.strictObject({ min: z.number(), p5: z.number(), p25: z.number(), p50: z.number(), p75: z.number(), p95: z.number(), max: z.number() }).nullable(),
      busySeconds: z.number(),
      busyShare: z.number(),
      cpuSeconds: z.number().nullable(),
      writeBytes: z.number().nullable(),
      netBytes: z.number().nullable()
    })
  )
})

export const slowestResult = z.strictObject({
  total: z.number().int(),
  tasks: z.array(
    z.strictObject({ taskId: z.string(), activity: z.string().nullable(), hostname: z.string().nullable(), status: z.string().nullable(), seconds: z.number(), timesMedian: z.number().nullable() })
  )
})

export const errorsParams = scoped.extend({ ...list, bins: z.number().int().min(2).max(100).default(24) })
export const errorsResult = z.strictObject({
  errors: z.number().int(),
  totalMessages: z.number().int(),
  /** By the last line of stderr (or what stands for it), commonest first, with a histogram over the scope's time span. */
  messages: z.array(z.strictObject({ text: z.string().nullable(), tasks: z.number().int(), bins: z.array(z.number().int()), filter: z.record(z.string(), z.unknown()).nullable() })),
  activities: z.array(z.strictObject({ activity: z.string().nullable(), tasks: z.number().int(), share: z.number() }))
})

export const seriesParams = scoped.extend({ points: z.number().int().min(2).max(2000).default(200), hosts: z.number().int().min(1).max(8).default(2) })
/** `times` are bin starts. A null point has no task that measured it. Series per host are means; concurrency is exact. */
export const seriesResult = z.strictObject({
  times: z.array(z.number()),
  binSeconds: z.number(),
  concurrency: z.strictObject({ mean: z.array(z.number()), peak: z.number(), errors: z.array(z.number().int()) }),
  metrics: z.array(
    z.strictObject({
      metric: z.enum(['cpu', 'memory', 'disk_write', 'network', 'gpu']),
      unit: z.string(),
      mean: z.number(),
      /** Tasks that measured it. */
      tasks: z.number().int(),
      hosts: z.array(z.strictObject({ hostname: z.string(), values: z.array(z.number().nullable()) }))
    })
  ),
  /** Hosts beyond those drawn: how many. */
  hostsLeftOut: z.number().int()
})

export const qualityResult = z.strictObject({
  tasks: z.number().int(),
  checks: z.array(
    z.strictObject({
      kind: z.enum(['rejected-lines', 'duplicates', 'orphan-parents', 'parent-cycles', 'never-ended', 'no-end-recorded', 'clock-skew', 'schema-drift', 'secrets', 'no-host', 'late-status', 'missing-id']),
      level: z.enum(['warning', 'note', 'ok']),
      title: z.string(),
      detail: z.string(),
      count: z.number().int(),
      /** Leaves the records concerned, if a filter can. */
      records: recordsSchema,
      filter: z.record(z.string(), z.unknown()).nullable()
    })
  )
})

/** Counts over time for the ribbon: tasks by started_at, and how many of them ended in ERROR. */
export const histogramParams = scoped.extend({ bins: z.number().int().min(2).max(2000).default(200), from: z.number().optional(), to: z.number().optional() })
export const histogramResult = z.strictObject({ from: z.number().nullable(), to: z.number().nullable(), counts: z.array(z.number().int()), errors: z.array(z.number().int()), untimed: z.number().int() })

export const problem = z.strictObject({
  problemId: z.string(),
  sourceId: z.string(),
  kind: z.string(),
  level: z.enum(['error', 'warning', 'note']),
  /** What is wrong, as a short title. */
  title: z.string(),
  /** File name. */
  source: z.string(),
  /** 1-based line and byte offset (in the decompressed text) of the first of `count`; null for problems of no line. */
  line: z.number().int().nullable(),
  byte: z.number().nullable(),
  count: z.number().int(),
  /** What was wrong, in words. */
  message: z.string(),
  sample: z.string(),
  /** What Provscope did about it. */
  did: z.string()
})
export type Problem = z.infer<typeof problem>
export const problemsParams = z.strictObject({ sourceId: z.string().optional(), offset: z.number().int().min(0).default(0), limit: z.number().int().min(1).max(1000).default(200) })
export const problemsResult = z.strictObject({ total: z.number().int(), errors: z.number().int(), warnings: z.number().int(), notes: z.number().int(), problems: z.array(problem) })
export const contextParams = z.strictObject({ problemId: z.string(), lines: z.number().int().min(0).max(20).default(1), lineLength: z.number().int().min(20).max(100_000).default(400) })
export const contextResult = z.strictObject({ lines: z.array(z.strictObject({ line: z.number().int(), byte: z.number(), text: z.string(), cut: z.boolean(), bad: z.boolean() })) })

