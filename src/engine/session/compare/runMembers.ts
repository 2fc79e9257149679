/** Which workflows a run is made of: a workflow with its sub-workflows, a campaign, or everything. */
import type { Run } from '#contract/compare'
import { Refusal } from '#contract/reply'
import { type Flow, type Forest, flowKey, readForest } from '../query/treeForest.ts'
import { RevisionCache } from '../table/revisionCache.ts'
import type { SourceTable } from '../table/sourceTable.ts'

/** A workflow of a run, or (null) the tasks that belong to none. */
export type Member = {
  readonly workflow: string | null
  readonly name: string
  readonly start: number | null
  /** Of these members the number of the one it is within. */
  readonly within: number | null
  /** Whether tasks that name no campaign belong to the run too. */
  readonly unnamed: boolean
}

const forests = new RevisionCache<Forest>(1)

export function runForest(table: SourceTable, signal: AbortSignal): Promise<Forest> {
  return forests.get(table, '', () => readForest(table, signal))
}

/** Parents before what is within them, siblings by their first start. */
export function runMembers(forest: Forest, run: Run): Member[] {
  const flows = flowsOf(forest, run)
  const numbers = new Map<Flow, number>()
  const byWorkflow = new Map<string | null, number>()
  const members: Member[] = []
  for (const flow of flows) {
    // A workflow with tasks in two campaigns is two flows; in a run of both it is one member.
    const known = byWorkflow.get(flow.id)
    numbers.set(flow, known ?? members.length)
    if (known !== undefined) continue
    byWorkflow.set(flow.id, members.length)
    const within = flow.parent === null ? undefined : numbers.get(flow.parent)
    members.push({ workflow: flow.id, name: flow.name, start: flow.firstStart, within: within ?? null, unnamed: run.kind !== 'campaign' || flow.unnamed > 0 })
  }
  return members
}

function flowsOf(forest: Forest, { id, kind }: Run): Flow[] {
  if (kind === 'all') return [...forest.campaigns.values()].flat().flatMap(withDescendants)
  if (id === null) throw new Refusal('bad-request', `A ${kind} to compare needs its id.`)
  if (kind === 'campaign') return (forest.campaigns.get(id) ?? missing(kind, id)).flatMap(withDescendants)
  const campaigns = new Set([forest.campaignOf(id), ...(forest.campaignsOf.get(id) ?? [])])
  const flows = [...campaigns].flatMap((campaign) => forest.flows.get(flowKey(campaign, id)) ?? [])
  return flows.length === 0 ? missing(kind, id) : flows.flatMap(withDescendants)
}

export function withDescendants(flow: Flow): Flow[] {
  const found = [flow]
  for (let at = 0; at < found.length; at++) for (const child of found[at]?.children ?? []) found.push(child)
  return found
}

function missing(kind: string, id: string): never {
  throw new Refusal('not-found', `There is no ${kind} ${JSON.stringify(id).slice(0, 120)} in this source.`)
}
