/** What stands below a node of the tree, in which order, and what the keys of nodes mean. */
import type { Params } from '#contract/methods'
import { gone } from '../query/tree.ts'
import { type Flow, flowKey } from '../query/treeForest.ts'
import { median } from '../timeline/lanes.ts'
import type { RunTree } from './runTree.ts'
import { sumOfAll } from './runTree.ts'
import { errorsIn, finite, spanSeconds, type Summary, sumOf } from './taskSummary.ts'

export type Sort = Params<'runtree.children'>['sort']
export type Campaign = { readonly kind: 'campaign'; readonly campaign: string; readonly flows: readonly Flow[]; readonly sum: Summary }
export type Workflow = { readonly kind: 'workflow'; readonly flow: Flow; readonly sum: Summary }
/** Siblings of one activity; `in` is the key of what they stand in. */
export type Fold = { readonly kind: 'fold'; readonly in: string; readonly activity: number; readonly tasks: Int32Array; readonly sum: Summary; readonly medianSeconds: number | null }
/** A number is a task. */
export type Entry = Campaign | Workflow | Fold | number
/** What entries stand in: null is the top; a number, a task. */
export type Place = null | Campaign | Workflow | Fold | number

/** Keys: `["c", campaign]`, `["w", campaign, workflow]`, `["t", task_id]`, `["f", key of what they stand in, activity]`. */
export const campaignKey = (campaign: string): string => JSON.stringify(['c', campaign])
export const workflowKey = ({ campaign, id }: Flow): string => JSON.stringify(['w', campaign, id])
export const taskKey = (id: string): string => JSON.stringify(['t', id])
export const foldKey = (within: string, activity: string | null): string => JSON.stringify(['f', within, activity])

/** @param taskOf number of a task by its id; −1 if it is not in scope */
export async function placeOf(tree: RunTree, key: string | null, taskOf: (id: string) => Promise<number>): Promise<Place> {
  if (key === null) return null
  const [kind, one, other] = partsOf(key)
  if (kind === 'c') return campaigns(tree).find(({ campaign }) => campaign === one) ?? gone(key)
  if (kind === 'w') {
    const flow = tree.flows.flows.get(flowKey(one ?? null, other ?? null))
    return flow ? workflow(tree, flow) : gone(key)
  }
  if (kind === 't' && typeof one === 'string') {
    const task = await taskOf(one)
    return task >= 0 ? task : gone(key)
  }
  if (kind !== 'f' || typeof one !== 'string') return gone(key)
  const within = await placeOf(tree, one, taskOf)
  const folds = within === null || isFold(within) ? [] : levelOf(tree, { place: within, key: one, fold: true, sort: 'errors' })
  return folds.find((entry): entry is Fold => isFold(entry) && (tree.activity.values[entry.activity] ?? null) === (other ?? null)) ?? gone(key)
}

function partsOf(key: string): (string | null)[] {
  try {
    const parts: unknown = JSON.parse(key)
    if (Array.isArray(parts) && parts.every((part) => part === null || typeof part === 'string')) return parts as (string | null)[]
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  return gone(key)
}

const isFold = (entry: Entry): entry is Fold => typeof entry === 'object' && entry.kind === 'fold'

const levels = new WeakMap<RunTree, Map<string, readonly Entry[]>>()
const mostLevels = 64

export type LevelOf = { readonly place: Place; readonly key: string | null; readonly fold: boolean; readonly sort: Sort }

/** Kept, so that paging through many siblings orders them once. */
export function levelOf(tree: RunTree, { place, key, fold, sort }: LevelOf): readonly Entry[] {
  const known = levels.get(tree) ?? new Map<string, readonly Entry[]>()
  levels.set(tree, known)
  const name = JSON.stringify([key, fold, sort])
  const level = known.get(name) ?? sorted(tree, entriesIn(tree, { place, key, fold }), sort)
  known.delete(name)
  known.set(name, level)
  for (const oldest of known.keys()) if (known.size > mostLevels) known.delete(oldest)
  return level
}

function entriesIn(tree: RunTree, { place, key, fold }: Omit<LevelOf, 'sort'>): Entry[] {
  if (place === null) return [...campaigns(tree), ...workflows(tree, tree.flows.campaigns.get(null) ?? [])]
  if (isFold(place)) return [...place.tasks]
  if (typeof place === 'object' && place.kind === 'campaign') return workflows(tree, place.flows)
  const inner = typeof place === 'object' ? workflows(tree, place.flow.children) : []
  return [...inner, ...(fold ? foldedIn(tree, place, key ?? '') : tasksIn(tree, place))]
}

function campaigns(tree: RunTree): Campaign[] {
  return [...tree.flows.campaigns].flatMap(([campaign, tops]): Campaign[] => {
    const flows = workflows(tree, tops)
    return campaign === null || flows.length === 0 ? [] : [{ kind: 'campaign', campaign, flows: tops, sum: sumOfAll(flows.map(({ sum }) => sum)) }]
  })
}

function workflows(tree: RunTree, flows: readonly Flow[]): Workflow[] {
  return flows.map((flow) => workflow(tree, flow)).filter(({ sum }) => tree.isWhole || sum.tasks > 0)
}

function workflow(tree: RunTree, flow: Flow): Workflow {
  return { kind: 'workflow', flow, sum: tree.within.get(flow) ?? sumOfAll([]) }
}

function tasksIn({ forest, rootsOf }: RunTree, place: Campaign | Workflow | number): Int32Array {
  if (typeof place === 'number') return forest.children.subarray(forest.childrenAt[place], forest.childrenAt[place + 1])
  return (place.kind === 'workflow' ? rootsOf.get(place.flow) : undefined) ?? new Int32Array(0)
}

function foldedIn(tree: RunTree, place: Campaign | Workflow | number, key: string): Entry[] {
  const byActivity = new Map<number, number[]>()
  for (const task of tasksIn(tree, place)) {
    const activity = tree.activity.codes[task] as number
    const known = byActivity.get(activity)
    if (known) known.push(task)
    else byActivity.set(activity, [task])
  }
  return [...byActivity].map(([activity, tasks]) => (tasks.length === 1 ? (tasks[0] as number) : foldOf(tree, { activity, tasks: Int32Array.from(tasks), key })))
}

function foldOf(tree: RunTree, { activity, tasks, key }: { activity: number; tasks: Int32Array; key: string }): Fold {
  const seconds = Float64Array.from(tasks, (task) => (tree.end[task] as number) - (tree.start[task] as number)).filter((own) => !Number.isNaN(own))
  return { kind: 'fold', in: key, activity, tasks, sum: sumBelow(tree, tasks), medianSeconds: median(seconds) }
}

/** Of these tasks and all below them. */
export function sumBelow(tree: RunTree, tasks: Iterable<number>): Summary {
  return sumOf(tree, below(tree, tasks))
}

export function* below({ forest: { at, preorder, size } }: RunTree, tasks: Iterable<number>): Generator<number> {
  for (const task of tasks) {
    const from = at[task] as number
    for (let place = from; place < from + (size[task] as number); place++) yield preorder[place] as number
  }
}

export function nameOf(tree: RunTree, entry: Entry): string | null {
  if (typeof entry === 'number') return tree.activity.values[tree.activity.codes[entry] as number] ?? null
  if (entry.kind === 'campaign') return entry.campaign
  return entry.kind === 'workflow' ? entry.flow.name : (tree.activity.values[entry.activity] ?? null)
}

export function secondsOf(tree: RunTree, entry: Entry): number | null {
  if (typeof entry === 'number') return finite((tree.end[entry] as number) - (tree.start[entry] as number))
  return entry.kind === 'fold' ? entry.medianSeconds : spanSeconds(entry.sum)
}

type Keyed = { readonly entry: Entry; readonly errors: number; readonly start: number; readonly seconds: number; readonly name: string | null; readonly at: number }

/** What has no start or duration comes last; what is equal stays in the order of its messages. */
function sorted(tree: RunTree, entries: readonly Entry[], sort: Sort): Entry[] {
  const keyed = entries.map((entry, at): Keyed => {
    const isTask = typeof entry === 'number'
    const start = isTask ? (tree.start[entry] as number) : entry.sum.start
    return { entry, at, errors: isTask ? (tree.errors[entry] as number) : errorsIn(entry.sum), start: Number.isNaN(start) ? Infinity : start, seconds: secondsOf(tree, entry) ?? -1, name: nameOf(tree, entry) }
  })
  const byStart = (one: Keyed, other: Keyed): number => (one.start === other.start ? one.at - other.at : one.start - other.start)
  const names = new Intl.Collator('en')
  const byName = (one: Keyed, other: Keyed): number => (one.name === null || other.name === null ? Number(one.name === null) - Number(other.name === null) : one.name === other.name ? 0 : names.compare(one.name, other.name))
  const by = { start: byStart, errors: (one: Keyed, other: Keyed) => other.errors - one.errors, duration: (one: Keyed, other: Keyed) => other.seconds - one.seconds, name: byName }[sort]
  return keyed.sort((one, other) => by(one, other) || byStart(one, other)).map(({ entry }) => entry)
}
