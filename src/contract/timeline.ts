/** Shapes of the timeline: lanes, bars, concurrency, tasks that cannot be drawn; and of the critical path with each task's slack. */
import { z } from 'zod'
import { evidence } from './graph.ts'
import { method } from './method.ts'
import { scoped } from './overview.ts'
import { cellSchema } from './values.ts'

export const laneBy = z.enum(['activity', 'host', 'worker', 'agent', 'workflow', 'parent'])
export type LaneBy = z.infer<typeof laneBy>
/** `within` nests: lanes of that kind within each of the first. */
const laned = scoped.extend({ by: laneBy.default('activity'), within: laneBy.nullable().default(null) })

export const lanesParams = laned.extend({
  /** Key of the lane whose inner lanes are asked for. */
  parent: z.string().nullable().default(null),
  sort: z.enum(['start', 'tasks', 'busy', 'errors', 'name']).default('start'),
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(1000).default(200)
})
export const lane = z.strictObject({
  key: z.string(),
  /** Null for tasks that have none (no host, no parent). */
  name: z.string().nullable(),
  /** Leaves its tasks. Null where only the parents' ids could say it and there are too many. */
  filter: z.record(z.string(), z.unknown()).nullable(),
  tasks: z.number().int(),
  /** Of those, the ones that can be drawn. */
  timed: z.number().int(),
  errors: z.number().int(),
  running: z.number().int(),
  /** Median duration of tasks with both times. */
  p50: z.number().nullable(),
  busySeconds: z.number(),
  from: z.number().nullable(),
  to: z.number().nullable(),
  /** Sub-rows that its bars need so that none overlaps another: the most that ran at once. */
  levels: z.number().int(),
  hasLanes: z.boolean()
})
export type Lane = z.infer<typeof lane>
export const lanesResult = z.strictObject({
  revision: z.number().int(),
  /** First and last moment of any task in scope, `submitted_at` included; null where none has a time. */
  from: z.number().nullable(),
  to: z.number().nullable(),
  /** Until when open ends are drawn: the latest moment known of the source. For a live one the view moves it on with the clock. */
  knownTo: z.number().nullable(),
  tasks: z.number().int(),
  timed: z.number().int(),
  /** Listed by `timeline.unplaced`: without a time to draw them by; and with a time that cannot be, some of which are drawn by their others. */
  untimed: z.number().int(),
  impossible: z.number().int(),
  total: z.number().int(),
  lanes: z.array(lane)
})

/** What of some lanes can be seen between two moments, `pixels` wide. */
export const barsParams = laned.extend({
  lanes: z.array(z.strictObject({ key: z.string(), /** A histogram, not bars. */ folded: z.boolean().default(false) })).min(1).max(400),
  from: z.number(),
  to: z.number(),
  pixels: z.number().int().min(10).max(10_000),
  /** Until when open ends are drawn, if later than `knownTo`: of a live source, now. */
  openTo: z.number().nullable().default(null),
  /** A lane that needs more sub-rows than this is folded whatever was asked. */
  mostLevels: z.number().int().min(1).max(2000).default(100)
})
/**
 * Columns of equal length, ordered by level, then time. Bars of one level that are narrower than a pixel and begin within the same one
 * (counted from the epoch: panning changes none) are one entry: `count` tells how many tasks, `status` the worst of them, `id` is null.
 * Tasks that begin only after `to` and were submitted before it are seen too: one entry a level. Zoomed in, each is its own.
 */
export const bars = z.strictObject({
  id: z.array(z.string().nullable()),
  level: z.array(z.number().int()),
  /** Null where it was not recorded. `submitted` only if it lies before `start`. */
  submitted: z.array(z.number().nullable()),
  start: z.array(z.number()),
  /** Null: running, or its end was not seen (END_NOT_SEEN; or ERROR, which stays one). */
  end: z.array(z.number().nullable()),
  status: z.array(z.enum(['FINISHED', 'ERROR', 'RUNNING', 'WAITING', 'SUBMITTED', 'UNKNOWN', 'END_NOT_SEEN'])),
  count: z.array(z.number().int())
})
export const barsResult = z.strictObject({
  revision: z.number().int(),
  lanes: z.array(
    z.strictObject({
      key: z.string(),
      levels: z.number().int(),
      bars: bars.nullable(),
      /** Of folded lanes: the mean number of tasks that ran in each of equal bins, and errors that ended in it. */
      bins: z.strictObject({ from: z.number(), binSeconds: z.number(), running: z.array(z.number()), errors: z.array(z.number().int()), peak: z.number() }).nullable()
    })
  )
})

export const concurrencyParams = scoped.extend({ from: z.number(), to: z.number(), points: z.number().int().min(2).max(4000), openTo: z.number().nullable().default(null) })
/** Exact: mean and highest number of tasks that ran in each bin. */
export const concurrencyResult = z.strictObject({ binSeconds: z.number(), mean: z.array(z.number()), most: z.array(z.number().int()), peak: z.number().int() })

export const unplacedParams = scoped.extend({ offset: z.number().int().min(0).default(0), limit: z.number().int().min(1).max(1000).default(100) })
export const unplacedResult = z.strictObject({
  total: z.number().int(),
  tasks: z.array(z.strictObject({ taskId: z.string(), activity: z.string().nullable(), status: z.string().nullable(), why: z.string(), submitted: cellSchema, started: cellSchema, ended: cellSchema }))
})

export const placeParams = laned.extend({ taskId: z.string() })
/** Where a task stands; null if it is not in scope or cannot be drawn. `lanes`: keys, the outer first. */
export const placeResult = z.strictObject({ place: z.strictObject({ lanes: z.array(z.string()), /** In each of them. */ levels: z.array(z.number().int()), /** In the innermost. */ level: z.number().int(), start: z.number(), end: z.number().nullable() }).nullable() })

/**
 * The critical path: of all chains of tasks in which each needs the one before it (dependencies, ids in `used`, and, with `inferred`,
 * values that only the one before generated), the chain whose durations sum up to most. A task that is still running counts up to
 * the last moment known of its workflow, one whose end was not seen counts 0 seconds; tasks without a start, and those that wait to begin, take no part.
 * `parent_task_id` is no such edge: a parent contains its children. Of edges that form a circle those are left out that go back in time,
 * to a task that began before the one that it needs.
 */
export const criticalParams = scoped.extend({ inferred: z.boolean().default(true), offset: z.number().int().min(0).default(0), limit: z.number().int().min(1).max(1000).default(200) })
export const criticalStep = z.strictObject({
  taskId: z.string(),
  activity: z.string().nullable(),
  hostname: z.string().nullable(),
  status: z.string().nullable(),
  start: z.number(),
  end: z.number().nullable(),
  seconds: z.number(),
  /** From the end of the step before to its start; negative where it began before that ended; null for the first. */
  waitSeconds: z.number().nullable(),
  /** How the step before is known to be needed. */
  evidence: evidence.nullable(),
  via: z.string().nullable()
})
export const criticalResult = z.strictObject({
  revision: z.number().int(),
  /** Tasks that take part, and edges between them; `cycles`: edges left out because of a circle. */
  tasks: z.number().int(),
  captured: z.number().int(),
  inferred: z.number().int(),
  cycles: z.number().int(),
  /** Sum of the path's durations, and of the waits between: together from `from` to `to`. */
  seconds: z.number(),
  waitSeconds: z.number(),
  from: z.number().nullable(),
  to: z.number().nullable(),
  steps: z.number().int(),
  path: z.array(criticalStep),
  /** What the run waits for now: the running task at the end of the longest chain; `holdsUp`: what needs it and has not begun, and what usually follows its activity and is not there yet. */
  waitingFor: z.strictObject({ taskId: z.string(), activity: z.string().nullable(), hostname: z.string().nullable(), seconds: z.number(), medianSeconds: z.number().nullable(), holdsUp: z.array(z.strictObject({ activity: z.string().nullable(), tasks: z.number().int() })) }).nullable(),
  /** The twenty tasks off the path with the least slack, the least first. */
  next: z.array(z.strictObject({ taskId: z.string(), activity: z.string().nullable(), hostname: z.string().nullable(), seconds: z.number(), slackSeconds: z.number() }))
})
/** By how many seconds each could have taken longer without the longest chain becoming longer; null for tasks without times. */
export const slackParams = scoped.extend({ inferred: z.boolean().default(true), taskIds: z.array(z.string()).min(1).max(1000) })
export const slackResult = z.strictObject({ slack: z.array(z.number().nullable()) })

export const timelineMethods = {
  'timeline.lanes': method(lanesParams, lanesResult),
  'timeline.bars': method(barsParams, barsResult),
  'timeline.concurrency': method(concurrencyParams, concurrencyResult),
  'timeline.unplaced': method(unplacedParams, unplacedResult),
  'timeline.place': method(placeParams, placeResult),
  'critical.path': method(criticalParams, criticalResult),
  'critical.slack': method(slackParams, slackResult)
} as const
