/** A provenance graph made quick to walk: nodes by key, edges by id and by end, what lies upstream and downstream of a node. */
import type { Graph, GraphEdge, GraphNode } from '#contract/graph'

export type IndexedEdge = GraphEdge & { id: string }
export type GraphIndex = {
  nodes: ReadonlyMap<string, GraphNode>
  edges: ReadonlyMap<string, IndexedEdge>
  /** Edges that come into a node, by the node's key, in the order of the answer. */
  into: ReadonlyMap<string, readonly IndexedEdge[]>
  outOf: ReadonlyMap<string, readonly IndexedEdge[]>
}
export type Way = 'up' | 'down'

const none: readonly IndexedEdge[] = []

export function indexGraph({ nodes, edges }: Pick<Graph, 'nodes' | 'edges'>): GraphIndex {
  const byKey = new Map(nodes.map((node) => [node.key, node]))
  const byId = new Map<string, IndexedEdge>()
  const into = new Map<string, IndexedEdge[]>()
  const outOf = new Map<string, IndexedEdge[]>()
  for (const edge of edges) {
    if (!byKey.has(edge.from) || !byKey.has(edge.to)) continue
    const indexed = { ...edge, id: freeId(byId, edgeId(edge)) }
    byId.set(indexed.id, indexed)
    add(into, edge.to, indexed)
    add(outOf, edge.from, indexed)
  }
  return { nodes: byKey, edges: byId, into, outOf }
}

export const edgesInto = (index: GraphIndex, key: string): readonly IndexedEdge[] => index.into.get(key) ?? none
export const edgesOutOf = (index: GraphIndex, key: string): readonly IndexedEdge[] => index.outOf.get(key) ?? none
/** The nodes that an edge's other end is, going up or down. */
export const neighbours = (index: GraphIndex, key: string, way: Way): string[] =>
  [...new Set(way === 'up' ? edgesInto(index, key).map(({ from }) => from) : edgesOutOf(index, key).map(({ to }) => to))].filter((other) => other !== key)

export type Reach = { nodes: ReadonlySet<string>; edges: ReadonlySet<string> }

/** A node or the ends of an edge, with everything that leads there and everything that came of it. */
export function reachOf(index: GraphIndex, chosen: string): Reach {
  const edge = index.edges.get(chosen)
  if (!edge && !index.nodes.has(chosen)) return { nodes: new Set(), edges: new Set() }
  const up = reach(index, edge ? edge.from : chosen, 'up')
  const down = reach(index, edge ? edge.to : chosen, 'down')
  return { nodes: new Set([...up.nodes, ...down.nodes]), edges: new Set([...up.edges, ...down.edges, ...(edge ? [edge.id] : [])]) }
}

/** What lies in one direction, the nearest first; the node itself is the first of it. */
export function reach(index: GraphIndex, key: string, way: Way): Reach {
  const nodes = new Set([key])
  const edges = new Set<string>()
  // A set is walked in the order of its growth: breadth first.
  for (const at of nodes) {
    for (const edge of way === 'up' ? edgesInto(index, at) : edgesOutOf(index, at)) {
      edges.add(edge.id)
      nodes.add(way === 'up' ? edge.from : edge.to)
    }
  }
  return { nodes, edges }
}

/** What unfolds a node; null where nothing would come out of it but itself. */
export const foldOf = ({ fold, count }: GraphNode): string | null => (count > 1 ? fold : null)

/** A cell of a task that holds the value which an entity stands for; null where several values are folded into it. */
export function cellOf(index: GraphIndex, node: GraphNode): { taskId: string; column: string } | null {
  if (node.kind !== 'entity' || node.column === null || node.count > 1) return null
  const generated = edgesInto(index, node.key).map(({ from }) => index.nodes.get(from)?.taskId ?? null).find((id) => id !== null)
  if (/^(used|generated)\./.test(node.column)) {
    const taskId = node.taskId ?? (node.column.startsWith('generated.') ? generated : null) ?? userOf(index, node)
    return taskId === null || taskId === undefined ? null : { taskId, column: node.column }
  }
  if (generated !== undefined && generated !== null) return { taskId: generated, column: `generated.${node.column}` }
  const user = userOf(index, node) ?? node.taskId
  return user === null ? null : { taskId: user, column: `used.${node.column}` }
}

const userOf = (index: GraphIndex, node: GraphNode): string | null => edgesOutOf(index, node.key).map(({ to }) => index.nodes.get(to)?.taskId ?? null).find((id) => id !== null) ?? null

const edgeId = ({ from, to, relation, evidence, via }: GraphEdge): string => JSON.stringify([from, to, relation, evidence, via])

/** Two edges may say the same of different values. */
function freeId(taken: ReadonlyMap<string, unknown>, id: string): string {
  if (!taken.has(id)) return id
  let turn = 2
  while (taken.has(`${id} ${turn}`)) turn++
  return `${id} ${turn}`
}

function add(lists: Map<string, IndexedEdge[]>, key: string, edge: IndexedEdge): void {
  const list = lists.get(key)
  if (list) list.push(edge)
  else lists.set(key, [edge])
}
