/** The tasks and edges that are the lineage of a task, or of one value that it used or generated. */
import { eachEdge, type Ways } from './adjacency.ts'
import { reach } from './reach.ts'
import { edgeKinds, type TaskGraph } from './taskGraph.ts'

export type Lineage = {
  /** Steps to each task, −1 where it is not upstream, or not downstream. */
  readonly up: Int32Array
  readonly down: Int32Array
  /** Numbers of tasks and of edges, ascending. */
  readonly tasks: readonly number[]
  readonly edges: readonly number[]
}
type Asked = { readonly task: number; readonly column: string | null; readonly direction: 'up' | 'down' | 'both'; readonly depth?: number; readonly inferred: boolean }

/**
 * With `used.x`: up from those that may have generated it, and down from all that used it from there, this task among them.
 * With `generated.y`: the task and up from what it used, and down from those that used it.
 */
export function lineageOf(graph: TaskGraph, { column, depth, direction, inferred, task }: Asked): Lineage {
  const ways = { count: graph.ids.length, edges: graph.edges }
  const isUsed = column === 'used' || column?.startsWith('used.') === true
  const isUse = (edge: number): boolean => usedField(graph, edge) === column
  const isMake = (edge: number): boolean => graph.edges.kind[edge] === edgeKinds.value && graph.viaFields[graph.edges.via[edge] as number]?.generated === column
  const only = { up: isUsed ? isUse : undefined, down: column !== null && !isUsed ? isMake : undefined }
  const edges = new Set<number>()
  const follow = (way: 'up' | 'down', from: readonly number[]): Int32Array => {
    const first = only[way]
    const steps = reach(ways, from, { direction: way, inferred, ...(depth !== undefined && { depth }), ...(first && { first }) })
    collect(ways, steps, { way, inferred, depth: depth ?? Infinity, from, first }, edges)
    return steps
  }
  const up = direction === 'down' ? none(graph) : follow('up', [task])
  const siblings = direction !== 'up' && isUsed ? otherUses(graph, ways, { task, inferred, isUse }) : []
  for (const edge of siblings) edges.add(edge)
  const down = direction === 'up' ? none(graph) : follow('down', [...new Set([task, ...siblings.map((edge) => graph.edges.to[edge] as number)])])
  const tasks: number[] = []
  const makers = new Set(siblings.map((edge) => graph.edges.from[edge]))
  for (let one = 0; one < up.length; one++) if ((up[one] as number) >= 0 || (down[one] as number) >= 0 || makers.has(one)) tasks.push(one)
  return { up, down, tasks, edges: [...edges].toSorted((a, b) => a - b) }
}

/** The field of its user that an edge hangs on. */
function usedField({ edges, viaFields }: TaskGraph, edge: number): string | null {
  const kind = edges.kind[edge]
  return kind === edgeKinds.value || kind === edgeKinds.usedId ? (viaFields[edges.via[edge] as number]?.used ?? null) : null
}

/** Edges into the task that bring the value, and those by which others used the same value of the same producers. */
function otherUses({ edges, viaFields }: TaskGraph, ways: Ways, { inferred, isUse, task }: { task: number; inferred: boolean; isUse: (edge: number) => boolean }): number[] {
  const found: number[] = []
  eachEdge(ways, { task, direction: 'up', inferred }, (edge, maker) => {
    if (!isUse(edge)) return
    found.push(edge)
    if (edges.kind[edge] !== edgeKinds.value) return
    const generated = viaFields[edges.via[edge] as number]?.generated
    eachEdge(ways, { task: maker, direction: 'down', inferred }, (other) => {
      if (edges.value[other] === edges.value[edge] && edges.kind[other] === edgeKinds.value && viaFields[edges.via[other] as number]?.generated === generated) found.push(other)
    })
  })
  return [...new Set(found)]
}

type Followed = { readonly way: 'up' | 'down'; readonly inferred: boolean; readonly depth: number; readonly from: readonly number[]; readonly first: ((edge: number) => boolean) | undefined }

/** The edges on which the steps were gone. Those of the beginning count whole only if a way came back to it. */
function collect(ways: Ways, steps: Int32Array, { depth, first, from, inferred, way }: Followed, edges: Set<number>): void {
  const starts = new Set(from)
  const returned = new Set<number>()
  const taken = (task: number, visit: (edge: number, other: number) => void): void => {
    if ((steps[task] as number) < 0 || (steps[task] as number) >= depth) return
    eachEdge(ways, { task, direction: way, inferred }, (edge, other) => {
      if ((steps[other] as number) >= 0) visit(edge, other)
    })
  }
  const isAllowed = (task: number, edge: number): boolean => !first || !starts.has(task) || returned.has(task) || first(edge)
  for (let task = 0; first && task < steps.length; task++) taken(task, (edge, other) => starts.has(other) && isAllowed(task, edge) && returned.add(other))
  for (let task = 0; task < steps.length; task++) taken(task, (edge) => isAllowed(task, edge) && edges.add(edge))
}

function none(graph: TaskGraph): Int32Array {
  return new Int32Array(graph.ids.length).fill(-1)
}
