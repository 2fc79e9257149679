/**
 * Shapes of provenance graphs: the lineage of a task or of a value, the path between two tasks, the dataflow of a scope.
 * Terms are W3C PROV's: a task is an activity, a value that it used or generated an entity. Arrows follow the data: from what was
 * there before to what came of it.
 */
import { z } from 'zod'
import { method } from './method.ts'
import { scoped } from './overview.ts'
import { statusCounts } from './tables.ts'
import { cellSchema } from './values.ts'

/** `captured`: the run recorded it (a field of the record names the other). `inferred`: two records hold an equal value, which is told with it. */
export const evidence = z.enum(['captured', 'inferred'])
export type Evidence = z.infer<typeof evidence>

export const graphNode = z.strictObject({
  /** The same for the same thing in every answer of one source, so that a picture can stay where it is. */
  key: z.string(),
  /** `activity`: tasks. `entity`: values. `workflow` and `campaign` stand for all of their tasks. */
  kind: z.enum(['campaign', 'workflow', 'activity', 'entity', 'agent']),
  name: z.string(),
  /** One task, or the task that holds the one value; null where several are folded into one node. */
  taskId: z.string().nullable(),
  /** Entities: the dotted name of the field, without its first key if that differs among the tasks that hold it. */
  column: z.string().nullable(),
  /** Entities that stand for one value. */
  value: cellSchema,
  /** How many tasks, values or agents are folded into it. */
  count: z.number().int(),
  /** Of its tasks; empty for entities. */
  statuses: statusCounts,
  /** Of a task; the median where several are folded. */
  seconds: z.number().nullable(),
  /** Of the first start and the last end of its tasks; epoch seconds. */
  start: z.number().nullable(),
  end: z.number().nullable(),
  workflow: z.strictObject({ id: z.string(), name: z.string().nullable() }).nullable(),
  /** The filter that leaves its tasks; null for entities, for agents without tasks, and where only ids could say it and there are too many. */
  filter: z.record(z.string(), z.unknown()).nullable(),
  /** Passed in `unfolded`, shows what is folded into it; null if nothing is. */
  fold: z.string().nullable(),
  /** What was asked about. */
  focus: z.boolean(),
  /** Its neighbours that are not in this answer. */
  more: z.strictObject({ up: z.number().int(), down: z.number().int() })
})
export type GraphNode = z.infer<typeof graphNode>

export const graphEdge = z.strictObject({
  /** Keys of nodes, as the data flows: a value goes into the task that used it, a task comes before what it generated. */
  from: z.string(),
  to: z.string(),
  relation: z.enum(['used', 'wasGeneratedBy', 'wasInformedBy', 'wasAssociatedWith', 'actedOnBehalfOf', 'wasDerivedFrom']),
  evidence,
  /** The fields that say so: `dependencies`, `parent_task_id`, `used.path = generated.path`. */
  via: z.string(),
  /** The value or id that ties the two; null where several are folded. */
  value: cellSchema,
  /** Inferred ones: how many tasks generated an equal value, this one included. */
  producers: z.number().int().nullable(),
  /** How many edges are folded into it. */
  count: z.number().int(),
  /** By how many seconds the value was used before the task that generated it ended; null if it was not. */
  earlySeconds: z.number().nullable()
})
export type GraphEdge = z.infer<typeof graphEdge>

/** The whole of it is counted; what is drawn is bounded by `limit`, and `left` says how many nodes that leaves out. */
export const graph = z.strictObject({
  revision: z.number().int(),
  nodes: z.array(graphNode),
  edges: z.array(graphEdge),
  /** Of the graph asked for before anything is folded. */
  total: z.strictObject({ tasks: z.number().int(), values: z.number().int(), captured: z.number().int(), inferred: z.number().int() }),
  left: z.number().int(),
  /** Values that more than `mostProducers` tasks generated: they tie nothing, and are counted here. The first of them by name. */
  ambiguous: z.strictObject({ total: z.number().int(), mostProducers: z.number().int(), values: z.array(z.strictObject({ column: z.string(), value: cellSchema, tasks: z.number().int() })) }),
  /** Ids that records name as upstream or parent and that are no tasks here. */
  missing: z.number().int()
})
export type Graph = z.infer<typeof graph>

const drawn = {
  /** Whether equal values tie tasks together. */
  inferred: z.boolean().default(true),
  /** Folds tasks of the same activity that stand alike, and the values that they used or generated. */
  fold: z.boolean().default(true),
  unfolded: z.array(z.string()).max(500).default([]),
  limit: z.number().int().min(1).max(5000).default(300)
}
export const direction = z.enum(['up', 'down', 'both'])
/** With `column`, one of the task's cells (`used.x`, `generated.y.z`): only what led to that value, and what was made of it. */
export const lineageParams = z.strictObject({ sourceId: z.string(), taskId: z.string(), column: z.string().nullable().default(null), direction: direction.default('both'), depth: z.number().int().min(1).max(100_000).default(100_000), ...drawn })
/** Every task that lies on some way from one to the other. */
export const pathParams = z.strictObject({ sourceId: z.string(), from: z.string(), to: z.string(), ...drawn })
export const pathResult = z.strictObject({
  graph,
  /** Task ids of a shortest way, both ends included; empty if there is none in this direction. */
  shortest: z.array(z.string())
})
/** `level`: what one node stands for to begin with. Without `values` tasks are tied directly. */
export const dataflowParams = scoped.extend({ level: z.enum(['campaign', 'workflow', 'activity', 'task']).default('activity'), values: z.boolean().default(true), ...drawn })
/** The lineage of a task as lists, nothing folded: for the command line. Pages of nodes and of edges go together until both are through. */
export const lineagePageParams = z.strictObject({ sourceId: z.string(), taskId: z.string(), direction: direction.default('both'), inferred: z.boolean().default(true), offset: z.number().int().min(0).default(0), limit: z.number().int().min(1).max(10_000).default(1000) })
export const lineagePage = z.strictObject({
  nodes: z.number().int(),
  edges: z.number().int(),
  ambiguous: z.number().int(),
  missing: z.array(z.string()),
  page: z.strictObject({
    nodes: z.array(z.strictObject({ task_id: z.string(), activity_id: z.string().nullable(), workflow_id: z.string().nullable(), status: z.string().nullable(), started_at: z.number().nullable(), ended_at: z.number().nullable(), direction: z.enum(['self', 'up', 'down', 'both']), distance: z.number().int() })),
    edges: z.array(z.strictObject({ from: z.string(), to: z.string(), kind: evidence, relation: graphEdge.shape.relation, via: z.string(), value: cellSchema, producers: z.number().int().nullable(), early_seconds: z.number().nullable() }))
  })
})

export const graphMethods = {
  'lineage.graph': method(lineageParams, graph),
  'lineage.path': method(pathParams, pathResult),
  'lineage.page': method(lineagePageParams, lineagePage, 'host'),
  'dataflow.graph': method(dataflowParams, graph)
} as const
