/** A picture as the contract has it: the nearest nodes up to the limit, with what is known of each. */
import type { Graph, GraphEdge, GraphNode } from '#contract/graph'
import type { Cell } from '#contract/values'
import { mostProducers } from '../query/linkValues.ts'
import { oneOfFilter } from '../query/valueFilter.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import type { Block } from './blockOf.ts'
import { cellsOf } from './cellsOf.ts'
import { type GraphNames, graphNames } from './graphNames.ts'
import type { AgentNode, Picture, Subject, TaskNode, Tie, ValueNode } from './picture.ts'
import type { TaskGraph } from './taskGraph.ts'

type Node = { readonly kind: 'task'; readonly of: TaskNode } | { readonly kind: 'value'; readonly of: ValueNode } | { readonly kind: 'agent'; readonly of: AgentNode }
type Focus = { readonly tasks: ReadonlySet<number>; readonly isValue: (value: ValueNode) => boolean }
type Drawn = { readonly table: SourceTable; readonly graph: TaskGraph; readonly picture: Picture; readonly subject: Subject; readonly focus: Focus; readonly limit: number; readonly signal: AbortSignal }
type Known = { readonly graph: TaskGraph; readonly names: GraphNames; readonly cell: (line: number, column: string) => Cell; readonly focus: Focus }

/** More ids than this in a filter are no use to anybody. */
const mostIds = 500
const mostAmbiguous = 20
const mostVias = 3

export async function drawnGraph({ focus, graph, limit, picture, signal, subject, table }: Drawn): Promise<Graph> {
  const nodes = inOrder(picture)
  const drawn = nodes.slice(0, limit)
  const single = drawn.flatMap(({ kind, of }) => (kind === 'value' && of.holders.size === 1 ? [{ line: graph.lines[[...of.holders][0] as number] as number, column: of.column }] : []))
  const known: Known = { graph, focus, names: await graphNames(table, signal), cell: await cellsOf(table, single, signal) }
  const places = new Map(drawn.map((node, place) => [keyOf(node), place]))
  const placeOf = ({ from, to }: Tie): number => (places.get(from) as number) * nodes.length + (places.get(to) as number)
  const ties = picture.ties.filter(({ from, to }) => places.has(from) && places.has(to)).toSorted((a, b) => placeOf(a) - placeOf(b) || order(a.relation, b.relation) || order(a.evidence, b.evidence))
  return {
    revision: table.revision,
    nodes: drawn.map((node) => (node.kind === 'task' ? taskNode(known, node.of) : node.kind === 'value' ? valueNode(known, node.of) : agentNode(known, node.of))),
    edges: ties.map(edgeOf),
    total: picture.total,
    left: nodes.length - drawn.length,
    ...untied(graph, subject)
  }
}

/** What ties nothing though it might: values that too many tasks generated, ids of tasks that are not here. */
function untied({ ambiguous, ids, missing }: TaskGraph, { inferred, tasks }: Subject): Pick<Graph, 'ambiguous' | 'missing'> {
  const isIn = new Uint8Array(ids.length)
  for (const task of tasks) isIn[task] = 1
  const concerned = inferred ? ambiguous.filter(({ users }) => users.some((task) => isIn[task] === 1)) : []
  return {
    ambiguous: { total: concerned.length, mostProducers, values: concerned.slice(0, mostAmbiguous).map(({ column, tasks: makers, value }) => ({ column, value, tasks: makers })) },
    missing: new Set(missing.filter((one) => one.tasks.some((task) => isIn[task] === 1)).map(({ id }) => id)).size
  }
}

/** What is near comes first; a value after the tasks that it ties. */
function inOrder({ agents, tasks, values }: Picture): Node[] {
  const nodes: Node[] = [...tasks.map((of): Node => ({ kind: 'task', of })), ...values.map((of): Node => ({ kind: 'value', of })), ...agents.map((of): Node => ({ kind: 'agent', of }))]
  // The sort is stable: tasks come before values and both before agents, each in the order in which they were found.
  return nodes.toSorted((a, b) => a.of.distance - b.of.distance)
}

function keyOf({ kind, of }: Node): string {
  return kind === 'task' ? of.block.key : of.key
}

function taskNode({ focus, graph, names }: Known, { block, more, tasks }: TaskNode): GraphNode {
  const [start, end] = spanOf(graph, tasks)
  const single = tasks.length === 1 && block.fold === null ? (graph.ids[tasks[0] as number] as string) : null
  const workflow = common(tasks, graph.workflow)
  const workflowId = workflow === null ? null : (graph.workflows[workflow] ?? null)
  return {
    key: block.key,
    kind: block.kind,
    name: nameOf(block, names),
    taskId: single,
    column: null,
    value: null,
    count: tasks.length,
    statuses: statusesOf(graph, tasks),
    seconds: medianSeconds(graph, tasks),
    start,
    end,
    workflow: workflowId === null ? null : { id: workflowId, name: names.workflows.get(workflowId) ?? null },
    filter: filterOf(graph, block, tasks),
    fold: block.fold,
    focus: tasks.some((task) => focus.tasks.has(task)),
    more
  }
}

function nameOf({ kind, name }: Block, names: GraphNames): string {
  if (name === null) return { activity: 'No activity', workflow: 'No workflow', campaign: 'No campaign' }[kind]
  return kind === 'workflow' ? (names.workflows.get(name) ?? name) : name
}

/** Null where only ids could say it and there are too many. */
function filterOf({ activities, activity, ids, ownCampaign, workflow, workflows }: TaskGraph, { kind, key, name }: Block, tasks: readonly number[]): GraphNode['filter'] {
  const alike = key.startsWith('alike:') || key.startsWith('task:')
  if (alike) return tasks.length > mostIds ? null : oneOfFilter('task_id', tasks.map((task) => ids[task] as string))
  if (kind === 'workflow') return oneOfFilter('workflow_id', [name])
  if (kind === 'activity') {
    const own = oneOfFilter('activity_id', [activities[activity[tasks[0] as number] as number] ?? null])
    const isWithinWorkflow = key.startsWith('activity:[') && (JSON.parse(key.slice('activity:'.length)) as unknown[]).length > 1
    return isWithinWorkflow ? { ...oneOfFilter('workflow_id', [workflows[workflow[tasks[0] as number] as number] ?? null]), ...own } : own
  }
  const lending = [...new Set(tasks.filter((task) => ownCampaign[task] === -1).map((task) => workflows[workflow[task] as number] ?? null))]
  if (lending.length > mostIds) return null
  const lent = { campaign_id: null, ...oneOfFilter('workflow_id', lending) }
  return name === null ? lent : lending.length === 0 ? oneOfFilter('campaign_id', [name]) : { $or: [oneOfFilter('campaign_id', [name]), lent] }
}

function valueNode({ cell, focus, graph }: Known, value: ValueNode): GraphNode {
  const { column, holders, key, more, of } = value
  const [only, ...others] = holders
  const single = others.length === 0 ? (only as number) : null
  const rest = column.indexOf('.')
  return {
    key,
    kind: 'entity',
    name: rest === -1 ? column : column.slice(rest + 1),
    taskId: single === null ? null : (graph.ids[single] as string),
    column,
    value: single === null ? null : cell(graph.lines[single] as number, column),
    count: holders.size,
    statuses: {},
    seconds: null,
    start: null,
    end: null,
    workflow: null,
    filter: null,
    fold: single === null ? of.block.fold : null,
    focus: focus.isValue(value),
    more
  }
}

function agentNode({ graph, names }: Known, { id, key, tasks }: AgentNode): GraphNode {
  const [start, end] = spanOf(graph, tasks)
  return {
    key,
    kind: 'agent',
    name: names.agents.get(id) ?? id,
    taskId: null,
    column: null,
    value: id,
    count: 1,
    statuses: statusesOf(graph, tasks),
    seconds: medianSeconds(graph, tasks),
    start,
    end,
    workflow: null,
    filter: tasks.length === 0 ? null : oneOfFilter('agent_id', [id]),
    fold: null,
    focus: false,
    more: { up: 0, down: 0 }
  }
}

function edgeOf({ vias, ...tie }: Tie): GraphEdge {
  const names = [...vias].toSorted(order)
  return { ...tie, via: names.slice(0, mostVias).join(', ') + (names.length > mostVias ? `, ${names.length - mostVias} more` : '') }
}

function spanOf({ end, start }: TaskGraph, tasks: readonly number[]): [number | null, number | null] {
  let [first, last] = [Infinity, -Infinity]
  for (const task of tasks) {
    if ((start[task] as number) < first) first = start[task] as number
    if ((end[task] as number) > last) last = end[task] as number
  }
  return [Number.isFinite(first) ? first : null, Number.isFinite(last) ? last : null]
}

function medianSeconds({ end, start }: TaskGraph, tasks: readonly number[]): number | null {
  const seconds = Float64Array.from(tasks, (task) => (end[task] as number) - (start[task] as number)).filter((one) => !Number.isNaN(one)).sort()
  if (seconds.length === 0) return null
  const middle = (seconds.length - 1) / 2
  return ((seconds[Math.floor(middle)] as number) + (seconds[Math.ceil(middle)] as number)) / 2
}

function statusesOf({ status, statuses }: TaskGraph, tasks: readonly number[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const task of tasks) {
    const name = statuses[status[task] as number] ?? 'UNKNOWN'
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

function common(tasks: readonly number[], of: Int32Array): number | null {
  const first = of[tasks[0] as number] as number
  return first >= 0 && tasks.every((task) => of[task] === first) ? first : null
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
