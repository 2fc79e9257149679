/** The tasks of a source as columns of numbers, in the order of their first messages. */
import { taskColumns, textOf } from '../overview/taskColumns.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { eachPageOfTasks, Int32List, Interned } from './blocks.ts'
import { IdIndex } from './idIndex.ts'
import { linkSpaces } from './linkSpaces.ts'

export type TaskRows = {
  /** task_id by number; tasks are numbered in the order of their first messages. */
  readonly ids: readonly string[]
  numberOf(taskId: string): number | undefined
  /** Row of each task in the source's table (`r.line`). */
  readonly lines: Float64Array
  /** Number of the task whose row this is; −1 for lines that are no task's. */
  numberAt(line: number): number
  /** Index into `activities`, `workflows`, `campaigns`, `agents`; −1 where it has none. A task without a campaign belongs to its workflow's. */
  readonly activity: Int32Array
  readonly activities: readonly string[]
  readonly workflow: Int32Array
  readonly workflows: readonly string[]
  readonly campaign: Int32Array
  /** As the tasks say themselves. */
  readonly ownCampaign: Int32Array
  readonly campaigns: readonly string[]
  /** Tasks of one space may pass values to each other: see linkSpaces.ts. −1: to nobody. */
  readonly space: Int32Array
  readonly agent: Int32Array
  readonly sourceAgent: Int32Array
  readonly agents: readonly string[]
  /** Trusted times as `taskColumns` has them; NaN where there is none. */
  readonly start: Float64Array
  readonly end: Float64Array
  /** Index into `statuses`; −1 for none. */
  readonly status: Int32Array
  readonly statuses: readonly string[]
}

export async function readTasks(table: SourceTable, signal: AbortSignal): Promise<TaskRows> {
  const of = taskColumns(table)
  const text = (name: string): string => textOf(table.column('tasks', name))
  const texts = [of.activity, of.workflow, of.campaign, text('agent_id'), text('source_agent_id'), of.status]
  const [activities, workflows, campaigns, agents, statuses] = [new Interned(), new Interned(), new Interned(), new Interned(), new Interned()]
  const internedIn = [activities, workflows, campaigns, agents, agents, statuses]
  const codes = texts.map(() => new Int32List())
  const ids: string[] = []
  const numbers: [number[], number[], number[], number[]] = [[], [], [], []]
  await eachPageOfTasks(table, [of.id, 'r.first_line', 'r.line', of.start, of.end, ...texts], signal, ([id, ...columns], length) => {
    for (let at = 0; at < length; at++) {
      ids.push(id?.[at] as string)
      for (const [index, list] of numbers.entries()) list.push(numberOrNaN(columns[index]?.[at]))
      for (const [index, list] of codes.entries()) list.push((internedIn[index] as Interned).of((columns[index + 4]?.[at] ?? null) as string | null))
    }
  })
  const order = orderOf(numbers[0], numbers[1])
  const sorted = (column: readonly number[]): Float64Array => Float64Array.from(order, (row) => column[row] as number)
  const [activity, workflow, campaign, agent, sourceAgent, status] = codes.map((list) => {
    const values = list.toArray()
    return order.map((row) => values[row] as number)
  }) as [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array]
  const [lines, start, end] = [sorted(numbers[1]), sorted(numbers[2]), sorted(numbers[3])]
  const sortedIds = Array.from(order, (row) => ids[row] as string)
  const index = new IdIndex(sortedIds)
  return {
    ids: sortedIds,
    numberOf: (id) => index.numberOf(id),
    lines,
    numberAt: numbersByLine(lines),
    activity,
    workflow,
    ...linkSpaces(workflow, campaign),
    ownCampaign: campaign,
    agent,
    sourceAgent,
    status,
    start,
    end,
    activities: activities.texts,
    workflows: workflows.texts,
    campaigns: campaigns.texts,
    agents: agents.texts,
    statuses: statuses.texts
  }
}

/** Rows by first line, then by line. */
function orderOf(first: readonly number[], lines: readonly number[]): Int32Array {
  return Int32Array.from(first.keys()).sort((a, b) => (first[a] as number) - (first[b] as number) || (lines[a] as number) - (lines[b] as number))
}

const numberOrNaN = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN)

function numbersByLine(lines: Float64Array): (line: number) => number {
  let last = -1
  for (const line of lines) last = Math.max(last, line)
  const numbers = new Int32Array(last + 1).fill(-1)
  for (let number = 0; number < lines.length; number++) numbers[lines[number] as number] = number
  return (line) => numbers[line] ?? -1
}
