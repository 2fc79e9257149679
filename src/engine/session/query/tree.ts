/** The navigator's tree: campaign → workflow → sub-workflow → activity, with the tasks below each node and the filter that leaves them. */
import type { Params, Result } from '#contract/methods'
import { Refusal } from '#contract/reply'
import { cellOf, cellText } from '../table/cells.ts'
import { RevisionCache } from '../table/revisionCache.ts'
import { rowsIn } from '../table/rowsIn.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { taskColumns } from '../overview/taskColumns.ts'
import { type Counts, type Flow, type Forest, flowKey, readForest } from './treeForest.ts'
import { type Filter, oneOfFilter } from './valueFilter.ts'
import { valueKey } from '../table/valueKey.ts'

type Node = Result<'tree.children'>['nodes'][number]
type Place = { kind: 'campaign'; campaign: string } | { kind: 'flow'; campaign: string | null; workflow: string | null }

const forests = new RevisionCache<Forest>(1)
const activities = new RevisionCache<Node[]>(200)

/**
 * Roots are the campaigns, then workflows without one, both by their first start, then the tasks that have neither as one node.
 * Below a workflow stand its sub-workflows, then its own activities, the most frequent first. A task without a status counts as UNKNOWN.
 */
export async function treeChildren(table: SourceTable, { parent, offset, limit }: Params<'tree.children'>, signal: AbortSignal): Promise<Result<'tree.children'>> {
  const forest = await forests.get(table, '', () => readForest(table, signal))
  const children = await childrenOf(table, forest, parent === null ? null : placeOf(parent), signal)
  return { total: children.length, workflows: forest.workflows, nodes: children.slice(offset, offset + limit).map((child) => child()) }
}

/** As functions, since only the nodes of a page are worth their filters. */
async function childrenOf(table: SourceTable, forest: Forest, place: Place | null, signal: AbortSignal): Promise<(() => Node)[]> {
  const flowsOf = (flows: readonly Flow[]): (() => Node)[] => flows.map((flow) => () => flowNode(forest, flow))
  if (place === null) {
    const starts = (flows: readonly Flow[]): number => flows.reduce((least, { firstStart }) => Math.min(least, firstStart ?? Infinity), Infinity)
    const campaigns = [...forest.campaigns].flatMap(([campaign, flows]) => (campaign === null ? [] : [{ campaign, flows, start: starts(flows) }]))
    campaigns.sort((one, other) => one.start - other.start || one.campaign.localeCompare(other.campaign))
    return [...campaigns.map(({ campaign, flows }) => () => campaignNode(forest, campaign, flows)), ...flowsOf(forest.campaigns.get(null) ?? [])]
  }
  if (place.kind === 'campaign') return flowsOf(forest.campaigns.get(place.campaign) ?? gone(place.campaign))
  const flow = forest.flows.get(flowKey(place.campaign, place.workflow)) ?? gone(place.workflow ?? 'No workflow')
  const own = flow.tasks === 0 ? [] : await activities.get(table, flowKey(flow.campaign, flow.id), () => readActivities(table, forest, flow, signal))
  return [...flowsOf(flow.children), ...own.map((node) => () => node)]
}

function campaignNode(forest: Forest, campaign: string, tops: readonly Flow[]): Node {
  const flows = tops.flatMap(withDescendants)
  return { key: JSON.stringify([campaign]), kind: 'campaign', name: campaign, id: campaign, filter: campaignFilter(forest, campaign, flows), ...sum(flows), hasChildren: true }
}

function flowNode(forest: Forest, flow: Flow): Node {
  const flows = withDescendants(flow)
  const key = flowKey(flow.campaign, flow.id)
  return { key, kind: 'workflow', name: flow.name, id: flow.id, filter: flowsFilter(forest, flows), ...sum(flows), hasChildren: flow.children.length > 0 || flow.tasks > 0 }
}

async function readActivities(table: SourceTable, forest: Forest, flow: Flow, signal: AbortSignal): Promise<Node[]> {
  const filter = flowsFilter(forest, [flow])
  const from = rowsIn(table, 'tasks', { filter, search: '' })
  const activity = table.column('tasks', 'activity_id')
  const counted = await table.query(
    { text: `SELECT ${activity ? valueKey(activity) : 'NULL'} AS activity, coalesce(${taskColumns(table).status}, 'UNKNOWN') AS status, count(*) ${from.text} GROUP BY 1, 2 ORDER BY activity, status`, values: from.values },
    signal
  )
  const nodes = new Map<string, Node>()
  for (const [value, status, count] of counted) {
    const cell = cellOf(value ?? null, activity?.storage ?? 'VARCHAR')
    const key = JSON.stringify([flow.campaign, flow.id, cell])
    const id = cell === null ? null : cellText(cell)
    const node = nodes.get(key) ?? { key, kind: 'activity', name: id ?? 'No activity', id, filter: both(filter, oneOfFilter('activity_id', [cell])), tasks: 0, statuses: {}, hasChildren: false }
    nodes.set(key, { ...node, tasks: node.tasks + Number(count), statuses: { ...node.statuses, [String(status)]: Number(count) } })
  }
  return [...nodes.values()].sort((one, other) => other.tasks - one.tasks || one.name.localeCompare(other.name))
}

/** `[campaign]`, `[campaign, workflow]`; activities have no children. */
function placeOf(key: string): Place {
  let parts: unknown
  try {
    parts = JSON.parse(key)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  const isId = (part: unknown): part is string | null => part === null || typeof part === 'string'
  if (Array.isArray(parts) && parts.length === 1 && typeof parts[0] === 'string') return { kind: 'campaign', campaign: parts[0] }
  if (Array.isArray(parts) && parts.length === 2 && isId(parts[0]) && isId(parts[1])) return { kind: 'flow', campaign: parts[0], workflow: parts[1] }
  return gone(key)
}

export function gone(name: string): never {
  throw new Refusal('not-found', `The tree has no node ${JSON.stringify(name).slice(0, 120)} with children.`)
}

export function withDescendants(flow: Flow): Flow[] {
  const found = [flow]
  for (let at = 0; at < found.length; at++) for (const child of found[at]?.children ?? []) found.push(child)
  return found
}

function sum(flows: readonly Flow[]): Counts {
  const total: Counts = { tasks: 0, statuses: {} }
  for (const { tasks, statuses } of flows) {
    total.tasks += tasks
    for (const [status, count] of Object.entries(statuses)) total.statuses[status] = (total.statuses[status] ?? 0) + count
  }
  return total
}

/** Tasks that name the campaign, and those of its workflows that name none. */
export function campaignFilter(forest: Forest, campaign: string, flows: readonly Flow[]): Filter {
  const named = oneOfFilter('campaign_id', forest.values(campaign))
  const lending = flows.filter((flow) => flow.unnamed > 0)
  return lending.length === 0 ? named : { $or: [named, { campaign_id: null, ...oneOfFilter('workflow_id', idsOf(forest, lending)) }] }
}

/** Flows of one campaign. Workflows that have tasks in another campaign too need both ids. */
export function flowsFilter(forest: Forest, flows: readonly Flow[]): Filter {
  const isShared = ({ id, campaign }: Flow): boolean => [...(forest.campaignsOf.get(id) ?? [])].some((other) => other !== campaign)
  const whole = flows.filter((flow) => !isShared(flow))
  const parts = flows.filter(isShared).map((flow): Filter => {
    const workflow = flow.id === null ? { workflow_id: null } : oneOfFilter('workflow_id', forest.values(flow.id))
    const campaigns = flow.campaign === null ? [] : forest.values(flow.campaign)
    return { ...workflow, ...oneOfFilter('campaign_id', flow.unnamed > 0 || flow.campaign === null ? [...campaigns, null] : campaigns) }
  })
  if (whole.length > 0) parts.unshift(oneOfFilter('workflow_id', idsOf(forest, whole)))
  return parts.length === 1 ? (parts[0] as Filter) : { $or: parts }
}

function idsOf(forest: Forest, flows: readonly Flow[]) {
  return flows.flatMap(({ id }) => (id === null ? [null] : forest.values(id)))
}

export function both(one: Filter, other: Filter): Filter {
  return Object.keys(one).some((key) => key in other || key.startsWith('$')) ? { $and: [one, other] } : { ...one, ...other }
}
