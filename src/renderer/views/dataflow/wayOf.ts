/** The nodes and edges of one way through the graph, given as the tasks on it. */
import { type GraphIndex, type Reach, edgesOutOf } from '../../state/graphIndex.ts'

export function wayOf(index: GraphIndex, taskIds: readonly string[]): Reach {
  const keyOf = new Map([...index.nodes.values()].flatMap((node) => (node.kind === 'activity' && node.taskId !== null ? [[node.taskId, node.key] as const] : [])))
  const nodes = new Set<string>()
  const edges = new Set<string>()
  for (const [position, taskId] of taskIds.entries()) {
    const [from, to] = [keyOf.get(taskId), keyOf.get(taskIds[position + 1] ?? '')]
    if (from === undefined) continue
    nodes.add(from)
    if (to === undefined) continue
    for (const edge of edgesOutOf(index, from)) {
      if (edge.to === to) edges.add(edge.id)
      const onward = index.nodes.get(edge.to)?.kind === 'entity' ? edgesOutOf(index, edge.to).filter((next) => next.to === to) : []
      if (onward.length === 0) continue
      nodes.add(edge.to)
      for (const next of [edge, ...onward]) edges.add(next.id)
    }
  }
  return { nodes, edges }
}
