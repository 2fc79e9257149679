/** The tasks of a scope as a tree below campaigns and workflows: read once for each revision, kept as columns of numbers. */
import type { Scope } from '#contract/values'
import { isWhole, taskColumns, tasksIn } from '../overview/taskColumns.ts'
import { type Flow, flowKey, type Forest as Flows, readForest } from '../query/treeForest.ts'
import { cellOf, cellText } from '../table/cells.ts'
import { type Coded, readCoded } from '../table/readCoded.ts'
import { RevisionCache } from '../table/revisionCache.ts'
import type { NamedColumn, SourceTable, SqlResult } from '../table/sourceTable.ts'
import { type Forest, plantTasks } from './parentLinks.ts'
import { noTasks, type Summary, sumOf, type TaskFacts } from './taskSummary.ts'

/** Where a task does not stand where its record says. */
export const taskOddities = { none: 0, missingParent: 1, cycle: 2, otherWorkflow: 3 } as const

export type RunTree = TaskFacts & {
  readonly lines: Float64Array
  readonly activity: Coded
  readonly forest: Forest
  readonly oddity: Uint8Array
  /** Errors of each task and all below it. */
  readonly errors: Int32Array
  readonly flows: Flows
  /** Number of each task's flow in `flowList`. */
  readonly flowOf: Int32Array
  readonly flowList: readonly Flow[]
  /** Of each flow: its tasks, and of these the ones without a parent. */
  readonly tasksOf: ReadonlyMap<Flow, Int32Array>
  readonly rootsOf: ReadonlyMap<Flow, Int32Array>
  /** Of each flow's own tasks, and with those of the flows below it. */
  readonly own: ReadonlyMap<Flow, Summary>
  readonly within: ReadonlyMap<Flow, Summary>
  /** Whether workflows without tasks belong to the tree: not if only some tasks are asked for. */
  readonly isWhole: boolean
}

const kept = new RevisionCache<RunTree>(2)
const forests = new RevisionCache<Flows>(1)

export function runTree(table: SourceTable, scope: Scope, signal: AbortSignal): Promise<RunTree> {
  return kept.get(table, JSON.stringify(scope), () => read(table, scope, signal))
}

async function read(table: SourceTable, scope: Scope, signal: AbortSignal): Promise<RunTree> {
  const of = taskColumns(table)
  const idColumns = [table.column('tasks', 'workflow_id'), table.column('tasks', 'campaign_id')]
  const [workflowSql, campaignSql] = idColumns.map((column) => `(${column?.sql ?? 'NULL'})::VARCHAR`)
  const rows = tasksIn(table, scope, { line: 'r.line', start: of.start, '"end"': of.end, status: `coalesce(${of.status}, 'UNKNOWN')`, activity: of.activity, workflow: workflowSql ?? '', campaign: campaignSql ?? '', parent: of.parent })
  const [flows, { lines, numbers, texts }] = await Promise.all([
    forests.get(table, '', () => readForest(table, signal)),
    readCoded(
      table,
      {
        rows,
        join: `LEFT JOIN (SELECT r.record_id AS id, r.line AS parent_line FROM ${table.rows} r WHERE ${table.recordsPredicate('tasks')}) p ON p.id = t.parent`,
        numbers: { start: 't.start', end: 't."end"', parentLine: 'p.parent_line', names: '(t.parent IS NOT NULL)::TINYINT' },
        texts: ['t.status', 't.activity', 't.workflow', 't.campaign']
      },
      signal
    )
  ])
  const [status, activity, ...ids] = texts as [Coded, Coded, Coded, Coded]
  const [workflow, campaign] = ids.map((coded, at) => idsOf(coded, idColumns[at])) as [Coded, Coded]
  const { flowList, flowOf } = flowsOf(flows, workflow, campaign)
  const { oddity, wanted } = wantedParents(lines, numbers, flowOf)
  const forest = plantTasks(wanted, numbers.start)
  forest.cut.forEach((is, task) => {
    if (is === 1) oddity[task] = taskOddities.cycle
  })
  const facts = { start: numbers.start, end: numbers.end, status }
  const tasksOf = grouped(flowList, flowOf, () => true)
  const own = new Map(flowList.map((flow) => [flow, sumOf(facts, tasksOf.get(flow) ?? new Int32Array(0))]))
  return {
    ...facts,
    lines,
    activity,
    forest,
    oddity,
    flows,
    flowOf,
    flowList,
    tasksOf,
    own,
    errors: errorsBelow(forest, status),
    rootsOf: grouped(flowList, flowOf, (task) => forest.parent[task] === -1),
    within: sumsWithin([...new Set([...flows.flows.values(), ...flowList])], own),
    isWhole: isWhole(scope)
  }
}

/** As treeForest.ts names workflows and campaigns, whatever kind of value their ids are. */
function idsOf({ codes, values }: Coded, column: NamedColumn | undefined): Coded {
  const storage = column?.storage ?? 'VARCHAR'
  const value = (text: string): SqlResult[number] => (storage === 'BIGINT' ? BigInt(text) : storage === 'DOUBLE' ? Number(text) : storage === 'BOOLEAN' ? text === 'true' : text)
  return {
    codes,
    values: values.map((text) => {
      const cell = text === null ? null : cellOf(value(text), storage)
      return cell === null ? null : cellText(cell)
    })
  }
}

/** Each pair of a workflow and a campaign that tasks have, and which of them each task has. */
function flowsOf(flows: Flows, workflow: Coded, campaign: Coded): { flowList: Flow[]; flowOf: Int32Array } {
  const numbers = new Map<Flow, number>()
  const byPair = new Map<number, number>()
  const flowOf = workflow.codes.map((code, task) => {
    const pair = code * campaign.values.length + (campaign.codes[task] as number)
    const known = byPair.get(pair)
    if (known !== undefined) return known
    const id = workflow.values[code] ?? null
    const named = campaign.values[campaign.codes[task] as number] ?? flows.campaignOf(id)
    const flow = flows.flows.get(flowKey(named, id)) ?? lostFlow(named, id)
    const number = numbers.get(flow) ?? numbers.size
    numbers.set(flow, number)
    byPair.set(pair, number)
    return number
  })
  return { flowList: [...numbers.keys()], flowOf }
}

/** Of tasks that came after workflows were read. */
function lostFlow(campaign: string | null, id: string | null): Flow {
  throw new Error(`Tasks of ${JSON.stringify([campaign, id])} came meanwhile.`)
}

/** Children stand below their parents within one workflow: else these would not hold all of their tasks. */
function wantedParents(lines: Float64Array, { names, parentLine }: { names: Float64Array; parentLine: Float64Array }, flowOf: Int32Array): { wanted: Int32Array; oddity: Uint8Array } {
  const [wanted, oddity] = [new Int32Array(lines.length).fill(-1), new Uint8Array(lines.length)]
  for (let task = 0; task < lines.length; task++) {
    if (names[task] === 0) continue
    const line = parentLine[task] as number
    if (Number.isNaN(line)) {
      oddity[task] = taskOddities.missingParent
      continue
    }
    const parent = numberAt(lines, line)
    // A parent that the scope leaves out is not missing.
    if (parent < 0) continue
    if (flowOf[parent] === flowOf[task]) wanted[task] = parent
    else oddity[task] = taskOddities.otherWorkflow
  }
  return { wanted, oddity }
}

/** Index of a value in an ordered column; −1 if it is not there. */
export function numberAt(ordered: Float64Array, value: number): number {
  let [low, high] = [0, ordered.length - 1]
  while (low <= high) {
    const middle = (low + high) >> 1
    const found = ordered[middle] as number
    if (found === value) return middle
    if (found < value) low = middle + 1
    else high = middle - 1
  }
  return -1
}

function grouped(flowList: readonly Flow[], flowOf: Int32Array, holds: (task: number) => boolean): Map<Flow, Int32Array> {
  const lists = flowList.map((): number[] => [])
  for (let task = 0; task < flowOf.length; task++) if (holds(task)) lists[flowOf[task] as number]?.push(task)
  return new Map(flowList.map((flow, number) => [flow, Int32Array.from(lists[number] ?? [])]))
}

function errorsBelow({ parent, preorder }: Forest, status: Coded): Int32Array {
  const error = status.values.indexOf('ERROR')
  const errors = Int32Array.from(status.codes, (code) => (code === error ? 1 : 0))
  for (let at = preorder.length - 1; at >= 0; at--) {
    const task = preorder[at] as number
    if ((parent[task] as number) >= 0) errors[parent[task] as number]! += errors[task] as number
  }
  return errors
}

/** From the lowest flows up. */
function sumsWithin(flows: readonly Flow[], own: ReadonlyMap<Flow, Summary>): Map<Flow, Summary> {
  const sums = new Map<Flow, Summary>()
  const order = flows.filter(({ parent }) => parent === null)
  for (let at = 0; at < order.length; at++) for (const child of order[at]?.children ?? []) order.push(child)
  for (const flow of order.toReversed()) sums.set(flow, [own.get(flow) ?? noTasks, ...flow.children.map((child) => sums.get(child) ?? noTasks)].reduce(plus))
  return sums
}

function plus(one: Summary, other: Summary): Summary {
  const statuses = { ...one.statuses }
  for (const [status, tasks] of Object.entries(other.statuses)) statuses[status] = (statuses[status] ?? 0) + tasks
  return { tasks: one.tasks + other.tasks, statuses, start: Math.min(one.start, other.start), end: Math.max(one.end, other.end) }
}

export const sumOfAll = (sums: readonly Summary[]): Summary => sums.reduce(plus, noTasks)
