/** The lineage of a task or of a value, the ways between two tasks, and the lineage as lists. */
import type { Params, Result } from '#contract/methods'
import { Refusal } from '#contract/reply'
import type { SourceTable } from '../table/sourceTable.ts'
import { eachEdge } from './adjacency.ts'
import { alikeBlocks, taskBlock } from './blockOf.ts'
import { valuesOfTask } from './cellsOf.ts'
import { drawnGraph } from './drawnGraph.ts'
import { foldTasks } from './foldTasks.ts'
import { lineageOf } from './lineageOf.ts'
import { type OwnCell, type Picture, pictureOf, type Subject, type ValueNode } from './picture.ts'
import { between, reach, shortestWay } from './reach.ts'
import { taskGraph, type TaskGraph } from './taskGraph.ts'

/** How far around tasks are compared before they are folded. */
const foldRounds = 2
/** Values of the task asked about that tie nothing: so many are drawn of those it used, and of those it generated. */
const mostOwnValues = 12

export async function lineageGraph(table: SourceTable, { column, depth, direction, fold, inferred, limit, taskId, unfolded }: Params<'lineage.graph'>, signal: AbortSignal): Promise<Result<'lineage.graph'>> {
  if (column !== null && !/^(used|generated)(\.|$)/.test(column)) throw new Refusal('bad-request', `Only values that a task used or generated have a lineage, and ${column} is neither.`)
  const graph = await taskGraph(table, signal)
  const task = numberOf(graph, taskId)
  const { down, edges, tasks, up } = lineageOf(graph, { task, column, depth, direction, inferred })
  const own = column === null ? await ownCells(table, graph, { task, edges }, signal) : focusCells(graph, { task, column, inferred })
  const subject: Subject = { tasks, edges, inferred, values: true, cells: own.cells, distance: (one) => nearest(up[one] as number, down[one] as number) }
  const picture = foldedPicture(graph, subject, { fold, unfolded, limit, alone: [task] })
  const node = picture.tasks.find((one) => one.tasks[0] === task && one.tasks.length === 1)
  if (node) node.more = { up: node.more.up + own.left.up, down: node.more.down + own.left.down }
  const asked = new Set(column === null ? [] : own.asked.map((cell) => `${cell.task} ${cell.column}`))
  const focus = { tasks: new Set(column === null ? [task] : []), isValue: (value: ValueNode) => [...value.holders].some((holder) => asked.has(`${holder} ${value.column}`)) }
  return await drawnGraph({ table, graph, picture, subject, focus, limit, signal })
}

export async function lineagePath(table: SourceTable, { fold, from, inferred, limit, to, unfolded }: Params<'lineage.path'>, signal: AbortSignal): Promise<Result<'lineage.path'>> {
  const graph = await taskGraph(table, signal)
  const [first, last] = [numberOf(graph, from), numberOf(graph, to)]
  const ways = { count: graph.ids.length, edges: graph.edges }
  const isOn = between(ways, first, last, inferred)
  // Without a way both tasks are shown, with nothing between.
  const tasks = isOn[first] === 1 ? [...isOn.keys()].filter((task) => isOn[task] === 1) : [...new Set([first, last])].toSorted((a, b) => a - b)
  const edges: number[] = []
  for (const task of isOn[first] === 1 ? tasks : []) eachEdge(ways, { task, direction: 'down', inferred }, (edge, other) => isOn[other] === 1 && edges.push(edge))
  const steps = reach(ways, [first], { direction: 'down', inferred })
  const ends = new Set([first, last])
  const subject: Subject = { tasks, edges, inferred, values: true, cells: [], distance: (task) => (task === last ? 0 : Math.max(0, steps[task] as number)) }
  const picture = foldedPicture(graph, subject, { fold, unfolded, limit, alone: [first, last] })
  return {
    graph: await drawnGraph({ table, graph, picture, subject, focus: { tasks: ends, isValue: () => false }, limit, signal }),
    shortest: shortestWay(ways, first, last, inferred).map((task) => graph.ids[task] as string)
  }
}

export function numberOf(graph: TaskGraph, taskId: string): number {
  const number = graph.numberOf(taskId)
  if (number === undefined) throw new Refusal('not-found', `There is no task ${JSON.stringify(taskId.slice(0, 200))} in this source.`)
  return number
}

/** Tasks that stand alike are one node; should there be too many nodes still, less is looked at to call them alike. */
export function foldedPicture(graph: TaskGraph, subject: Subject, { alone, fold, limit, unfolded }: { fold: boolean; unfolded: readonly string[]; limit: number; alone: readonly number[] }): Picture {
  if (!fold) return pictureOf(graph, subject, (task) => taskBlock(graph, task))
  const looks = foldTasks(graph, subject.tasks, subject.edges, { alone: new Set(alone), rounds: foldRounds, limit })
  return pictureOf(graph, subject, alikeBlocks(graph, looks, new Set(unfolded)))
}

type Own = {
  /** Those to be drawn even if they tie nothing. */
  readonly cells: readonly OwnCell[]
  readonly asked: readonly OwnCell[]
  readonly left: { readonly up: number; readonly down: number }
}

/** The value asked about: a value used is the one that was generated by whoever may have, where anybody may. */
function focusCells(graph: TaskGraph, { column, inferred, task }: { task: number; column: string; inferred: boolean }): Own {
  const own = { task, column }
  const makers: OwnCell[] = []
  if (isUse(column)) {
    eachEdge({ count: graph.ids.length, edges: graph.edges }, { task, direction: 'up', inferred }, (edge, maker) => {
      const fields = graph.viaFields[graph.edges.via[edge] as number]
      if (fields?.used === column && fields.generated !== '') makers.push({ task: maker, column: fields.generated })
    })
  }
  return { cells: makers.length > 0 ? [] : [own], asked: makers.length > 0 ? makers : [own], left: { up: 0, down: 0 } }
}

/** The values of the task that was asked about, but for those that its lineage shows anyway. */
async function ownCells(table: SourceTable, graph: TaskGraph, { edges, task }: { task: number; edges: readonly number[] }, signal: AbortSignal): Promise<Own> {
  const tied = new Set<string>()
  for (const edge of edges) {
    const fields = graph.viaFields[graph.edges.via[edge] as number]
    if (graph.edges.to[edge] === task && fields) tied.add(fields.used)
    if (graph.edges.from[edge] === task && fields) tied.add(fields.generated)
  }
  const names = (await valuesOfTask(table, graph.lines[task] as number, signal)).filter((name) => !tied.has(name))
  const [used, generated] = [names.filter(isUse), names.filter((name) => !isUse(name))]
  const cells = [...used.slice(0, mostOwnValues), ...generated.slice(0, mostOwnValues)].map((column) => ({ task, column }))
  return { cells, asked: [], left: { up: Math.max(0, used.length - mostOwnValues), down: Math.max(0, generated.length - mostOwnValues) } }
}

function isUse(column: string): boolean {
  return column === 'used' || column.startsWith('used.')
}

function nearest(up: number, down: number): number {
  return up < 0 ? Math.max(0, down) : down < 0 ? up : Math.min(up, down)
}
