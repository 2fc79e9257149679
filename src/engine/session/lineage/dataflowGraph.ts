/** The dataflow of a scope: campaigns, workflows, activities or tasks, and the values that go from one to the next. */
import type { Params, Result } from '#contract/methods'
import { isWhole, tasksIn } from '../overview/taskColumns.ts'
import { queryColumns } from '../table/queryColumns.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { levelBlocks } from './blockOf.ts'
import { drawnGraph } from './drawnGraph.ts'
import { foldedPicture } from './lineageGraph.ts'
import { pictureOf, type Subject } from './picture.ts'
import { edgeKinds, taskGraph, type TaskGraph } from './taskGraph.ts'

export async function dataflowGraph(table: SourceTable, { fold, inferred, level, limit, scope, unfolded, values }: Params<'dataflow.graph'>, signal: AbortSignal): Promise<Result<'dataflow.graph'>> {
  const graph = await taskGraph(table, signal)
  const isIn = isWhole(scope) ? new Uint8Array(graph.ids.length).fill(1) : await tasksInScope(table, graph, scope, signal)
  const tasks = [...isIn.keys()].filter((task) => isIn[task] === 1)
  const { from, kind, to } = graph.edges
  const edges: number[] = []
  for (let edge = 0; edge < kind.length; edge++) if (isIn[from[edge] as number] === 1 && isIn[to[edge] as number] === 1 && (inferred || kind[edge] !== edgeKinds.value)) edges.push(edge)
  // In the order in which they began to be recorded, each value after those that it ties.
  const subject: Subject = { tasks, edges, inferred, values, cells: [], distance: (task) => task }
  const picture = level === 'task' ? foldedPicture(graph, subject, { fold, unfolded, limit, alone: [] }) : pictureOf(graph, subject, levelBlocks(graph, fold ? level : 'task', new Set(unfolded)))
  return await drawnGraph({ table, graph, picture, subject, focus: { tasks: new Set(), isValue: () => false }, limit, signal })
}

async function tasksInScope(table: SourceTable, graph: TaskGraph, scope: Params<'dataflow.graph'>['scope'], signal: AbortSignal): Promise<Uint8Array> {
  const { text, values } = tasksIn(table, scope, { line: 'r.line::DOUBLE' })
  const [lines] = (await queryColumns(table, { text, values }, [false], signal)) as [Float64Array]
  const isIn = new Uint8Array(graph.ids.length)
  for (const line of lines) {
    // Tasks that have come since the graph was made are of the next revision.
    const task = graph.numberAt(line)
    if (task !== -1) isIn[task] = 1
  }
  return isIn
}
