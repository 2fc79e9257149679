/** Shapes of the agents view: agents, their tools and model calls (PROV-AGENT). */
import { z } from 'zod'
import { method } from './method.ts'
import { scoped } from './overview.ts'

/**
 * A call is a task of an agent: `model` asks a model, `tool` runs a tool, `message` goes from one agent to another, `task` is
 * anything else that an agent is said to have done.
 */
export const callKinds = z.enum(['model', 'tool', 'message', 'task'])
export type CallKind = z.infer<typeof callKinds>

/** What was counted by the provider, and, apart from it, what Flowcept estimated from the number of characters. */
export const tokens = z.strictObject({ in: z.number(), out: z.number(), estimatedIn: z.number(), estimatedOut: z.number() })
export type Tokens = z.infer<typeof tokens>

/** A lifeline. `id` is agent_id, the model's name or activity_id; null where it was not recorded. */
export const lifeline = z.strictObject({
  /** What calls name it by. */
  key: z.string(),
  kind: z.enum(['agent', 'model', 'tool', 'activity']),
  id: z.string().nullable(),
  name: z.string().nullable(),
  /** Calls made by it, and to it. */
  asks: z.number().int(),
  asked: z.number().int(),
  /** Of those to it, how many failed. */
  failed: z.number().int()
})
export type Lifeline = z.infer<typeof lifeline>

export const agentsSummaryResult = z.strictObject({
  revision: z.number().int(),
  calls: z.number().int(),
  kinds: z.strictObject({ model: z.number().int(), tool: z.number().int(), message: z.number().int(), task: z.number().int() }),
  failed: z.number().int(),
  agents: z.number().int(),
  models: z.number().int(),
  tokens,
  /** Model calls that ended well and have no count of tokens at all. */
  uncounted: z.number().int(),
  firstStart: z.number().nullable(),
  lastEnd: z.number().nullable(),
  /** Sum of the model calls' latencies. */
  modelSeconds: z.number(),
  /** Extremes of single model calls, for scales. */
  mostTokens: z.number(),
  fastest: z.number().nullable(),
  slowest: z.number().nullable(),
  /** In order of first appearance; at most 500 of `lifelinesTotal`, the busiest. */
  lifelines: z.array(lifeline),
  lifelinesTotal: z.number().int()
})

/** Latencies in seconds, over calls with both times. */
const figures = {
  calls: z.number().int(),
  failed: z.number().int(),
  tokens,
  p50: z.number().nullable(),
  p95: z.number().nullable()
}
/**
 * Agents with what is recorded under their agent_id, models and tools with the calls to them. An agent's latencies are those
 * of its model calls, in `of` of them.
 */
export const partiesParams = scoped.extend({
  of: z.enum(['agent', 'model', 'tool']),
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(1000).default(100)
})
export const partiesResult = z.strictObject({
  total: z.number().int(),
  /** Of all parties together, those of other pages included. */
  modelCalls: z.number().int(),
  tokens,
  parties: z.array(z.strictObject({ key: z.string(), id: z.string().nullable(), name: z.string().nullable(), modelCalls: z.number().int(), toolCalls: z.number().int(), messages: z.number().int(), ...figures }))
})

/** A text, cut: `length` is that of the whole, in UTF-16 units. */
const cutText = z.strictObject({ text: z.string(), length: z.number().int() }).nullable()
export const call = z.strictObject({
  /** Position among all calls in scope, in the order in which they began. */
  index: z.number().int(),
  taskId: z.string(),
  kind: callKinds,
  activity: z.string().nullable(),
  subtype: z.string().nullable(),
  status: z.string().nullable(),
  start: z.number().nullable(),
  seconds: z.number().nullable(),
  /** Keys of lifelines. Null: who asked is not recorded. */
  from: z.string().nullable(),
  to: z.string(),
  /** The field that says who asked. */
  via: z.enum(['agent_id', 'source_agent_id', 'parent_task_id']).nullable(),
  model: z.string().nullable(),
  tokensIn: z.number().nullable(),
  tokensOut: z.number().nullable(),
  inEstimated: z.boolean(),
  outEstimated: z.boolean(),
  /** Of a model call `used.prompt` and `generated.response`; of the others `used` and `generated`, as JSON. */
  asked: cutText,
  answered: cutText,
  stderr: cutText,
  /** What follows from the record and is easily overlooked. */
  findings: z.array(z.strictObject({ level: z.enum(['warning', 'note']), text: z.string() }))
})
export type AgentCall = z.infer<typeof call>

const which = scoped.extend({
  kinds: z.array(callKinds).min(1).default(['model', 'tool', 'message', 'task']),
  /** Calls from or to these lifelines are left out. */
  without: z.array(z.string()).max(1000).default([])
})
export const callsParams = which.extend({
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(200).default(50),
  textLength: z.number().int().min(1).max(10_000_000).default(600)
})
/** `total` calls are left of those in scope; `offset` counts among them. */
export const callsResult = z.strictObject({ revision: z.number().int(), total: z.number().int(), offset: z.number().int(), calls: z.array(call) })

/** Where a task stands among them, or the next one that failed from `from` (exclusive). */
export const callFindParams = which.extend({ taskId: z.string().optional(), from: z.number().int().min(-1).default(-1), direction: z.enum(['next', 'previous']).default('next') })
export const callFindResult = z.strictObject({ at: z.number().int().nullable(), taskId: z.string().nullable() })

export const agentsMethods = {
  'agents.summary': method(scoped, agentsSummaryResult),
  'agents.parties': method(partiesParams, partiesResult),
  'agents.calls': method(callsParams, callsResult),
  'agents.find': method(callFindParams, callFindResult)
} as const
