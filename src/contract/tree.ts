/** Shapes of the run's tree: campaign → workflow → sub-workflow → task → child tasks, with repeated siblings folded. */
import { z } from 'zod'
import { method } from './method.ts'
import { scoped } from './overview.ts'
import { statusCounts } from './tables.ts'

export const runTreeParams = scoped.extend({
  parent: z.string().nullable().default(null),
  /** Siblings of one activity are one node `×N`, whose children they are. */
  fold: z.boolean().default(true),
  /** `errors`: what holds most of them first, then by start. */
  sort: z.enum(['start', 'errors', 'duration', 'name']).default('errors'),
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(1000).default(200)
})
export const runTreeNode = z.strictObject({
  /** Unique in the tree; passed as `parent`. */
  key: z.string(),
  /** `fold`: siblings of one activity. */
  kind: z.enum(['campaign', 'workflow', 'fold', 'task']),
  name: z.string(),
  /** campaign_id, workflow_id or task_id; null for a fold, and for tasks that have no workflow. */
  id: z.string().nullable(),
  /** Leaves its tasks, those below included. Null where only ids could say it and there are too many. */
  filter: z.record(z.string(), z.unknown()).nullable(),
  /** Tasks in it, itself included. */
  tasks: z.number().int(),
  statuses: statusCounts,
  /** Of a task. */
  status: z.string().nullable(),
  /** Siblings folded into it; 1 for what is not a fold. */
  count: z.number().int(),
  /** First start to last end of all in it; of a task, its own. */
  start: z.number().nullable(),
  end: z.number().nullable(),
  /** Of a task its duration, of a fold the median, else from first start to last end. */
  seconds: z.number().nullable(),
  hasChildren: z.boolean(),
  /**
   * What is odd about where it stands: its parent is not here or in another workflow, or it is its own ancestor (`cycle`: the circle is
   * cut at the task that began first); of a workflow likewise, or that there is no record of it.
   */
  oddity: z.strictObject({ kind: z.enum(['missing-parent', 'other-workflow', 'cycle', 'missing-workflow', 'workflow-cycle']), detail: z.string() }).nullable()
})
export type RunTreeNode = z.infer<typeof runTreeNode>
export const runTreeResult = z.strictObject({ revision: z.number().int(), total: z.number().int(), tasks: z.number().int(), nodes: z.array(runTreeNode) })

/** The keys from a root down to a task's node, folds included, with the offset of each among its siblings; empty if it is not in scope. */
export const runTreePathParams = scoped.extend({ taskId: z.string(), fold: z.boolean().default(true), sort: runTreeParams.shape.sort })
export const runTreePathResult = z.strictObject({ path: z.array(z.strictObject({ key: z.string(), index: z.number().int() })) })

export const treeMethods = {
  'runtree.children': method(runTreeParams, runTreeResult),
  'runtree.path': method(runTreePathParams, runTreePathResult)
} as const
