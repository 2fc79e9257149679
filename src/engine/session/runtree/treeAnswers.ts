/** The run's tree, a level at a time, and the way down to a task. */
import type { Params, Result } from '#contract/methods'
import type { Flow } from '../query/treeForest.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { taskIds, taskNumber } from '../timeline/taskIds.ts'
import { type RunTree, runTree } from './runTree.ts'
import { campaignKey, type Entry, foldKey, type LevelOf, levelOf, type Place, placeOf, taskKey, workflowKey } from './treeLevels.ts'
import { nodesOf } from './treeNodes.ts'

export async function runTreeChildren(table: SourceTable, { scope, parent, fold, sort, offset, limit }: Params<'runtree.children'>, signal: AbortSignal): Promise<Result<'runtree.children'>> {
  const tree = await runTree(table, scope, signal)
  const seen = seenIn(tree)
  const place = await placeOf(tree, parent, async (id) => seen.get(id) ?? (await taskNumber(table, tree, id, signal)))
  const level = levelOf(tree, { place, key: parent, fold, sort })
  const entries = level.slice(offset, offset + limit)
  const nodes = await nodesOf(table, tree, entries, signal)
  nodes.forEach(({ hasChildren, id }, at) => {
    const entry = entries[at]
    if (typeof entry === 'number' && hasChildren && id !== null) seen.set(id, entry)
  })
  return { revision: table.revision, total: level.length, tasks: tree.lines.length, nodes }
}

const mostSeen = 100_000
const seen = new WeakMap<RunTree, Map<string, number>>()

/** Tasks that were shown are those whose children are asked for: their numbers need no search. */
function seenIn(tree: RunTree): Map<string, number> {
  const known = seen.get(tree)
  if (known && known.size < mostSeen) return known
  const fresh = new Map<string, number>()
  seen.set(tree, fresh)
  return fresh
}

export async function runTreePath(table: SourceTable, { scope, taskId, fold, sort }: Params<'runtree.path'>, signal: AbortSignal): Promise<Result<'runtree.path'>> {
  const tree = await runTree(table, scope, signal)
  const task = await taskNumber(table, tree, taskId, signal)
  if (task < 0) return { path: [] }
  const above = tasksDownTo(tree, task)
  const idOf = await taskIds(table, tree, above, signal)
  const path: Result<'runtree.path'>['path'] = []
  let [place, key]: [Place, string | null] = [null, null]
  /** One level down, to the entry that is meant. */
  const down = (isMeant: (entry: Entry) => boolean, keyOf: (entry: Entry) => string): void => {
    const level = levelOf(tree, { place, key, fold, sort } satisfies LevelOf)
    const index = level.findIndex(isMeant)
    const entry = level[index]
    if (entry === undefined) throw new Error('A task changed meanwhile.')
    ;[place, key] = [entry, keyOf(entry)]
    path.push({ key, index })
  }
  const flows = flowsDownTo(tree, task)
  const campaign = flows[0]?.campaign ?? null
  if (campaign !== null) down((entry) => typeof entry === 'object' && entry.kind === 'campaign' && entry.campaign === campaign, () => campaignKey(campaign))
  for (const flow of flows) down((entry) => typeof entry === 'object' && entry.kind === 'workflow' && entry.flow === flow, () => workflowKey(flow))
  for (const own of above) {
    const within = key ?? ''
    const activity = tree.activity.values[tree.activity.codes[own] as number] ?? null
    const ownKey = taskKey(idOf(own) ?? '')
    const isFoldOf = (entry: Entry): boolean => typeof entry === 'object' && entry.kind === 'fold' && entry.activity === tree.activity.codes[own]
    down((entry) => entry === own || isFoldOf(entry), (entry) => (entry === own ? ownKey : foldKey(within, activity)))
    if (place !== own) down((entry) => entry === own, () => ownKey)
  }
  return { path }
}

function tasksDownTo({ forest: { parent } }: RunTree, task: number): number[] {
  const above = [task]
  for (let next = parent[task] as number; next >= 0; next = parent[next] as number) above.push(next)
  return above.toReversed()
}

function flowsDownTo({ flowList, flowOf }: RunTree, task: number): Flow[] {
  const above: Flow[] = []
  for (let flow = flowList[flowOf[task] as number] ?? null; flow !== null; flow = flow.parent) above.push(flow)
  return above.toReversed()
}
