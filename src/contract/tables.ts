/** Shapes of the methods that show records as trees, columns, rows, groups and single records. */
import { z } from 'zod'
import { cellSchema, recordsSchema, scopeSchema, sortSchema } from './values.ts'

const at = { offset: z.number().int().min(0).default(0), limit: z.number().int().min(1).max(10_000).default(100) }
/** What a table is of: a source, a kind of record, and what the filter leaves. */
export const view = z.strictObject({ sourceId: z.string(), records: recordsSchema.default('tasks'), scope: scopeSchema.default({ filter: {}, search: '' }) })

// --- campaign → workflow → sub-workflow → activity
export const statusCounts = z.record(z.string(), z.number().int())
export const treeNode = z.strictObject({
  /** Unique in the tree; pass it as `parent` to get its children. */
  key: z.string(),
  kind: z.enum(['campaign', 'workflow', 'activity']),
  name: z.string(),
  /** campaign_id, workflow_id or activity_id; null for tasks that have none. */
  id: z.string().nullable(),
  /** The filter that leaves just this node's tasks (sub-workflows included). */
  filter: z.record(z.string(), z.unknown()),
  tasks: z.number().int(),
  statuses: statusCounts,
  hasChildren: z.boolean()
})
export const treeParams = z.strictObject({ sourceId: z.string(), parent: z.string().nullable().default(null), ...at })
export const treeResult = z.strictObject({ total: z.number().int(), workflows: z.number().int(), nodes: z.array(treeNode) })

// --- columns
export const column = z.strictObject({
  /** The dotted name, as pandas json_normalize(sep=".") has it. */
  name: z.string(),
  /** Up to and including the last dot of the first key: `used.`, `telemetry_at_end.`; empty for the record's own fields. */
  prefix: z.string(),
  /** `mixed`: values of several kinds; each cell keeps its own. `time`: epoch seconds. */
  type: z.enum(['boolean', 'integer', 'number', 'text', 'list', 'mixed', 'time', 'status', 'id', 'empty']),
  unit: z.string().nullable(),
  /** Computed by Provscope (`duration`, `telemetry_summary.*`), not a captured field. */
  derived: z.boolean(),
  /** Records of this kind that have a value that is not null. */
  filled: z.number().int()
})
export type Column = z.infer<typeof column>
export const columnsParams = z.strictObject({ sourceId: z.string(), records: recordsSchema, search: z.string().default(''), offset: z.number().int().min(0).default(0), limit: z.number().int().min(1).max(10_000).default(2000) })
export const columnsResult = z.strictObject({ total: z.number().int(), revision: z.number().int(), columns: z.array(column) })

export const columnStats = z.strictObject({
  name: z.string(),
  rows: z.number().int(),
  nulls: z.number().int(),
  /** Exact count of distinct values that are not null. */
  distinct: z.number().int(),
  min: cellSchema,
  max: cellSchema,
  /** Numbers and times: equal-width bins from min to max. */
  bins: z.array(z.number().int()).nullable(),
  /** Text, status, boolean, or few distinct values: the commonest values, most frequent first. */
  top: z.array(z.strictObject({ value: cellSchema, count: z.number().int() })).nullable()
})
export const statsParams = view.extend({ columns: z.array(z.string()).min(1).max(64), bins: z.number().int().min(2).max(200).default(24) })
export const statsResult = z.strictObject({ stats: z.array(columnStats) })

/** Values of a column for completion: those that contain `text`, commonest first. */
export const valuesParams = view.extend({ column: z.string(), text: z.string().default(''), limit: z.number().int().min(1).max(200).default(20) })
export const valuesResult = z.strictObject({ distinct: z.number().int(), values: z.array(z.strictObject({ value: cellSchema, count: z.number().int() })) })

// --- rows
export const row = z.strictObject({
  /** Identifies the record: task_id, workflow_id, agent_id, object_id; for messages the line's number in the session. */
  id: z.string(),
  status: z.string().nullable(),
  /** In the order of the columns asked for. */
  cells: z.array(cellSchema)
})
export type Row = z.infer<typeof row>
export const pageParams = view.extend({
  sort: sortSchema.default([]),
  columns: z.array(z.string()).max(500),
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(10_000).default(100),
  /** Cells longer than this are cut to it and say their length; 0 = never cut. */
  cellLength: z.number().int().min(0).default(256)
})
export const pageResult = z.strictObject({ revision: z.number().int(), total: z.number().int(), unfiltered: z.number().int(), rows: z.array(row), queryMs: z.number() })

/** The row that holds record `id`, or the next one from `from` (exclusive) for which `match` holds, in this order. */
export const findParams = view.extend({
  sort: sortSchema.default([]),
  id: z.string().optional(),
  match: z.record(z.string(), z.unknown()).optional(),
  from: z.number().int().min(-1).default(-1),
  direction: z.enum(['next', 'previous']).default('next')
})
export const findResult = z.strictObject({ index: z.number().int().nullable(), id: z.string().nullable() })

/** For ticks in the scrollbar: how many rows of each of `buckets` equal stretches of the table match. */
export const marksParams = view.extend({ sort: sortSchema.default([]), match: z.record(z.string(), z.unknown()), buckets: z.number().int().min(1).max(2000) })
export const marksResult = z.strictObject({ total: z.number().int(), buckets: z.array(z.number().int()) })

/** For a host that writes records to a stream of its own: each one's exact JSON text, which may hold NaN and infinities. */
export const documentsParams = view.extend({ sort: sortSchema.default([]), offset: z.number().int().min(0).default(0), limit: z.number().int().min(1).max(10_000).default(1000) })
export const documentsResult = z.strictObject({ total: z.number().int(), documents: z.array(z.string()) })
/** The same as lines of a CSV, without their line ends. */
export const csvRowsParams = documentsParams.extend({ columns: z.array(z.string()).min(1).max(100_000), guardFormulas: z.boolean().default(false) })
export const csvRowsResult = z.strictObject({ total: z.number().int(), header: z.string(), lines: z.array(z.string()) })

// --- groups
export const aggregate = z.strictObject({ column: z.string(), fn: z.enum(['sum', 'mean', 'min', 'max', 'p50', 'p95', 'distinct', 'filled']) })
export const groupsParams = view.extend({
  by: z.string(),
  aggregates: z.array(aggregate).max(32).default([]),
  /** By `value`, `count`, `errors`, or the index of an aggregate as text. */
  sort: z.strictObject({ by: z.string(), descending: z.boolean() }).default({ by: 'count', descending: true }),
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(10_000).default(200)
})
export const groupsResult = z.strictObject({
  revision: z.number().int(),
  total: z.number().int(),
  rows: z.number().int(),
  groups: z.array(
    z.strictObject({
      value: cellSchema,
      /** The filter that leaves this group's rows, to be joined to the scope with $and. */
      filter: z.record(z.string(), z.unknown()),
      count: z.number().int(),
      errors: z.number().int(),
      aggregates: z.array(cellSchema)
    })
  )
})

// --- filters
export const checkParams = z.strictObject({ sourceId: z.string(), records: recordsSchema.default('tasks'), filter: z.unknown() })
/** Refused with `bad-request`, a sentence and the `path` of the mistake, if the filter is not one. Unknown columns are named, not refused. */
export const checkResult = z.strictObject({ count: z.number().int(), unknownColumns: z.array(z.string()) })
/** How many records each of several scopes leaves: what a chip excludes, how many match without it. */
export const countsParams = z.strictObject({ sourceId: z.string(), records: recordsSchema.default('tasks'), scopes: z.array(scopeSchema).min(1).max(50) })
export const countsResult = z.strictObject({ counts: z.array(z.number().int()) })

// --- one record, whole
export const recordParams = z.strictObject({ sourceId: z.string(), records: recordsSchema, id: z.string(), messagesOffset: z.number().int().min(0).default(0), messagesLimit: z.number().int().min(1).max(200).default(50) })
export const message = z.strictObject({
  /** The line's number in the session, as rows of `messages` have it for id. */
  id: z.string(),
  file: z.string(),
  line: z.number().int(),
  byte: z.number(),
  /** The line as it stands in the file, without its line end. */
  text: z.string()
})
export const recordResult = z.strictObject({
  id: z.string(),
  records: recordsSchema,
  /** The merged record as JSON text; may hold NaN, Infinity and integers of any size: read it with `parseJson`. */
  document: z.string(),
  /** Telemetry summary as Flowcept's inserter computes it, JSON text; null where both snapshots are not there. */
  telemetrySummary: z.string().nullable(),
  /** Share of the tasks of the same activity that were not longer (0–1), and that activity's p5, p25, p50, p75, p95 in seconds. */
  duration: z.strictObject({ percentile: z.number(), quantiles: z.array(z.number()).length(5), tasks: z.number().int() }).nullable(),
  messagesTotal: z.number().int(),
  messages: z.array(message)
})
export const linksParams = z.strictObject({ sourceId: z.string(), taskId: z.string(), limit: z.number().int().min(1).max(200).default(20) })
export const link = z.strictObject({
  taskId: z.string(),
  activity: z.string().nullable(),
  status: z.string().nullable(),
  /** `captured`: recorded by the run (an id in a field); `matched`: an equal value, with how many tasks produced it. */
  evidence: z.enum(['captured', 'matched']),
  /** The fields that tie the two, e.g. `parent_task_id`, `dependencies`, `used.table = generated.table`. */
  via: z.string(),
  value: cellSchema,
  producers: z.number().int().nullable(),
  /** Seconds by which the value was read before its producer ended; null if it was not. */
  earlySeconds: z.number().nullable()
})
export const linkList = z.strictObject({ total: z.number().int(), links: z.array(link) })
export const linksResult = z.strictObject({
  workflow: z.strictObject({ id: z.string(), name: z.string().nullable(), campaign: z.string().nullable() }).nullable(),
  /** `missing` when parent_task_id names a task that is not here. */
  parent: z.strictObject({ taskId: z.string(), activity: z.string().nullable(), missing: z.boolean() }).nullable(),
  children: linkList,
  upstream: linkList,
  downstream: linkList,
  /** Values found in more places than can be told apart, left out: how many. */
  ambiguous: z.number().int()
})
