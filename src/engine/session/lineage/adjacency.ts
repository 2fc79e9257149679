/** The edges of a graph found from either of their ends. */
import { grouped } from './edgeList.ts'
import { edgeKinds, type TaskEdges } from './taskGraph.ts'

/** What ways are followed on. */
export type Ways = { readonly count: number; readonly edges: Pick<TaskEdges, 'from' | 'to' | 'kind'> }

export type Adjacency = {
  /** Edges out of task t are those from `outStarts[t]` to `outStarts[t + 1] − 1`. */
  readonly outStarts: Int32Array
  /** Edges into task t are `inEdges[inStarts[t]] … inEdges[inStarts[t + 1] − 1]`, ordered by where they come from. */
  readonly inStarts: Int32Array
  readonly inEdges: Int32Array
}

const kept = new WeakMap<Ways['edges'], Adjacency>()

export function adjacency({ count, edges }: Ways): Adjacency {
  const known = kept.get(edges)
  if (known) return known
  const { order, starts } = grouped(edges.to, count)
  const made = { outStarts: grouped(edges.from, count).starts, inStarts: starts, inEdges: order }
  kept.set(edges, made)
  return made
}

/** Visits the edges into a task (`up`) or out of it, with the task at their other end. */
export function eachEdge(ways: Ways, { direction, inferred, task }: { task: number; direction: 'up' | 'down'; inferred: boolean }, visit: (edge: number, other: number) => void): void {
  const { inEdges, inStarts, outStarts } = adjacency(ways)
  const { from, kind, to } = ways.edges
  const starts = direction === 'up' ? inStarts : outStarts
  for (let at = starts[task] as number, end = starts[task + 1] as number; at < end; at++) {
    const edge = direction === 'up' ? (inEdges[at] as number) : at
    if (inferred || kind[edge] !== edgeKinds.value) visit(edge, (direction === 'up' ? from[edge] : to[edge]) as number)
  }
}
