/** Entries of the tree as nodes that can be shown. */
import type { RunTreeNode } from '#contract/tree'
import { taskColumns, textIn } from '../overview/taskColumns.ts'
import { both, campaignFilter, flowsFilter, withDescendants } from '../query/tree.ts'
import type { Flow } from '../query/treeForest.ts'
import type { Filter } from '../query/valueFilter.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { valueFilter } from '../timeline/laneKinds.ts'
import { taskIds } from '../timeline/taskIds.ts'
import { type RunTree, taskOddities } from './runTree.ts'
import { finite, spanSeconds } from './taskSummary.ts'
import { below, campaignKey, type Entry, type Fold, foldKey, nameOf, secondsOf, sumBelow, taskKey, workflowKey } from './treeLevels.ts'

/** More ids make no filter that anybody could read. */
const mostIds = 100

export async function nodesOf(table: SourceTable, tree: RunTree, entries: readonly Entry[], signal: AbortSignal): Promise<RunTreeNode[]> {
  const tasks = entries.filter((entry): entry is number => typeof entry === 'number')
  const [idOf, parents] = await Promise.all([taskIds(table, tree, namedIn(tree, entries), signal), parentsOf(table, tree, tasks.filter((task) => tree.oddity[task] !== taskOddities.none), signal)])
  const id = (task: number): string => {
    const found = idOf(task)
    // Whoever asked is answered from the rows as they are now.
    if (found === null) throw new Error('A task changed meanwhile.')
    return found
  }
  return entries.map((entry) => {
    if (typeof entry === 'number') return taskNode(tree, entry, { id, parent: parents.get(entry) ?? '' })
    if (entry.kind === 'fold') return foldNode(table, tree, entry, id)
    const shared = { status: null, count: 1, ...entry.sum, start: finite(entry.sum.start), end: finite(entry.sum.end), seconds: spanSeconds(entry.sum), statuses: { ...entry.sum.statuses } }
    if (entry.kind === 'campaign') {
      const flows = entry.flows.flatMap(withDescendants)
      return { key: campaignKey(entry.campaign), kind: 'campaign', name: entry.campaign, id: entry.campaign, filter: campaignFilter(tree.flows, entry.campaign, flows), ...shared, hasChildren: true, oddity: null }
    }
    const { flow } = entry
    return { key: workflowKey(flow), kind: 'workflow', name: flow.name, id: flow.id, filter: flowsFilter(tree.flows, withDescendants(flow)), ...shared, hasChildren: flow.children.length > 0 || (tree.rootsOf.get(flow)?.length ?? 0) > 0, oddity: flowOddity(tree, flow) }
  })
}

/** Tasks whose ids the nodes hold. */
function* namedIn(tree: RunTree, entries: readonly Entry[]): Generator<number> {
  for (const entry of entries) {
    if (typeof entry === 'number') yield* (tree.forest.size[entry] as number) <= mostIds ? below(tree, [entry]) : [entry]
    else if (entry.kind === 'fold' && entry.sum.tasks <= mostIds) yield* below(tree, entry.tasks)
  }
}

function taskNode(tree: RunTree, task: number, { id, parent }: { id: (task: number) => string; parent: string }): RunTreeNode {
  const own = id(task)
  const sum = sumBelow(tree, [task])
  const [start, end] = [tree.start[task] as number, tree.end[task] as number]
  const code = tree.status.codes[task] as number
  return {
    key: taskKey(own),
    kind: 'task',
    name: nameOf(tree, task) ?? own,
    id: own,
    filter: idsFilter(tree, [task], sum.tasks, id),
    tasks: sum.tasks,
    statuses: { ...sum.statuses },
    status: tree.status.values[code] ?? null,
    count: 1,
    start: finite(start),
    end: finite(end),
    seconds: secondsOf(tree, task),
    hasChildren: sum.tasks > 1,
    oddity: taskOddity(tree, task, parent)
  }
}

function foldNode(table: SourceTable, tree: RunTree, fold: Fold, id: (task: number) => string): RunTreeNode {
  const { activity, sum, tasks } = fold
  const name = tree.activity.values[activity] ?? null
  return {
    key: foldKey(fold.in, name),
    kind: 'fold',
    name: name ?? 'No activity',
    id: null,
    filter: idsFilter(tree, tasks, sum.tasks, id) ?? activityFilter(table, tree, fold),
    tasks: sum.tasks,
    statuses: { ...sum.statuses },
    status: null,
    count: tasks.length,
    start: finite(sum.start),
    end: finite(sum.end),
    seconds: fold.medianSeconds,
    hasChildren: true,
    oddity: null
  }
}

function idsFilter(tree: RunTree, tasks: Iterable<number>, count: number, id: (task: number) => string): Filter | null {
  if (count > mostIds) return null
  const ids = Array.from(below(tree, tasks), id)
  return { task_id: ids.length === 1 ? ids[0] : { $in: ids } }
}

/** If the folded tasks are all of their activity in their workflow. */
function activityFilter(table: SourceTable, tree: RunTree, { activity, sum, tasks }: Fold): Filter | null {
  const flow = tree.flowList[tree.flowOf[tasks[0] as number] as number] as Flow
  if (sum.tasks !== tasks.length) return null
  let all = 0
  for (const task of tree.tasksOf.get(flow) ?? []) if (tree.activity.codes[task] === activity) all++
  return all === tasks.length ? both(flowsFilter(tree.flows, [flow]), valueFilter(table, 'activity_id', tree.activity.values[activity] ?? null)) : null
}

function taskOddity({ oddity }: RunTree, task: number, parent: string): RunTreeNode['oddity'] {
  switch (oddity[task]) {
    case taskOddities.missingParent:
      return { kind: 'missing-parent', detail: `Its parent ${parent} is not here.` }
    case taskOddities.otherWorkflow:
      return { kind: 'other-workflow', detail: `Its parent ${parent} belongs to another workflow.` }
    case taskOddities.cycle:
      return { kind: 'cycle', detail: `Its parent ${parent} is itself or stands below it; it began first, so it stands on top.` }
    default:
      return null
  }
}

function flowOddity({ flows }: RunTree, { campaign, id, parent, recorded, wantedParent }: Flow): RunTreeNode['oddity'] {
  if (id === null) return null
  if (!recorded) return { kind: 'missing-workflow', detail: 'Only its tasks tell of it: there is no record of the workflow.' }
  if (wantedParent === null || parent !== null) return null
  const here = [...flows.flows.values()].filter((flow) => flow.id === wantedParent)
  if (here.length === 0) return { kind: 'missing-workflow', detail: `Its parent workflow ${wantedParent} is not here.` }
  if (here.some((flow) => flow.campaign === campaign)) return { kind: 'workflow-cycle', detail: `Its parent workflow ${wantedParent} is itself or stands below it; it began first, so it stands on top.` }
  return { kind: 'missing-workflow', detail: `Its parent workflow ${wantedParent} belongs to another campaign.` }
}

async function parentsOf(table: SourceTable, { lines }: RunTree, tasks: readonly number[], signal: AbortSignal): Promise<Map<number, string>> {
  if (tasks.length === 0) return new Map()
  const rows = await table.query(
    { text: `SELECT r.line::DOUBLE, ${taskColumns(table).parent} FROM ${table.rows} r WHERE r.line IN (${tasks.map((task) => lines[task]).join(', ')}) AND ${table.recordsPredicate('tasks')}`, values: [] },
    signal
  )
  const byLine = new Map(rows.map((row) => [Number(row[0]), textIn(row[1]) ?? '']))
  return new Map(tasks.map((task) => [task, byLine.get(lines[task] as number) ?? '']))
}
