/** The graph as ELK lays it out, and its answer as places: top to bottom as the data flows, edges from the middle below to the middle above. */
import type { ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api.js'
import type { GraphIndex } from '../../state/graphIndex.ts'
import { isFolded, labelSize, sizeOf, stackPx } from './nodeSize.ts'
import { type EdgeLabel, withRelation } from './edgeLabels.ts'

export type Point = { x: number; y: number }
/** Of an edge: its bends from start to end, and the left top corner of its label. */
export type Route = { points: readonly Point[]; label: Point | null }
/** Left top corners of nodes by key, and routes by edge. */
export type Places = { nodes: ReadonlyMap<string, Point>; routes: ReadonlyMap<string, Route> }

/** Beyond it, the best placement of all takes longer than anybody waits. */
const smallNodes = 250

export function layoutRequest(index: GraphIndex, labels: ReadonlyMap<string, EdgeLabel>): ElkNode {
  const isSmall = index.nodes.size <= smallNodes
  return {
    id: 'graph',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'DOWN',
      'elk.edgeRouting': 'POLYLINE',
      'elk.spacing.nodeNode': '34',
      'elk.spacing.edgeNode': '18',
      'elk.spacing.edgeEdge': '12',
      'elk.spacing.edgeLabel': '8',
      'elk.spacing.componentComponent': '56',
      'elk.layered.spacing.nodeNodeBetweenLayers': '26',
      'elk.layered.spacing.edgeNodeBetweenLayers': '12',
      'elk.layered.spacing.edgeEdgeBetweenLayers': '10',
      'elk.layered.nodePlacement.strategy': isSmall ? 'NETWORK_SIMPLEX' : 'BRANDES_KOEPF',
      'elk.layered.considerModelOrder.strategy': isSmall ? 'PREFER_EDGES' : 'NONE',
      'elk.layered.thoroughness': isSmall ? '12' : '3',
      'elk.layered.edgeLabels.sideSelection': 'ALWAYS_UP',
      'elk.aspectRatio': '1.3',
      'elk.padding': '[top=24,left=24,bottom=24,right=24]'
    },
    children: [...index.nodes.values()].map((node) => {
      const { width, height } = sizeOf(node)
      return {
        id: node.key,
        width,
        height,
        layoutOptions: { 'elk.portConstraints': 'FIXED_POS' },
        ports: [
          { id: `${node.key}\u0000in`, x: width / 2, y: isFolded(node) ? -stackPx : 0, width: 0, height: 0, layoutOptions: { 'elk.port.side': 'NORTH' } },
          { id: `${node.key}\u0000out`, x: width / 2, y: height, width: 0, height: 0, layoutOptions: { 'elk.port.side': 'SOUTH' } }
        ]
      }
    }),
    edges: [...index.edges.values()].map((edge): ElkExtendedEdge => {
      const label = labels.get(edge.id)
      return {
        id: edge.id,
        sources: [`${edge.from}\u0000out`],
        targets: [`${edge.to}\u0000in`],
        ...(label && { labels: [{ id: `${edge.id}\u0000label`, text: label.text, ...labelSize(withRelation(edge, label.text), label.early), layoutOptions: { 'elk.edgeLabels.placement': 'CENTER' } }] })
      }
    })
  }
}

export function placesOf(answer: ElkNode): Places {
  const nodes = new Map((answer.children ?? []).map(({ id, x = 0, y = 0 }): [string, Point] => [id, { x, y }]))
  const routes = new Map<string, Route>()
  for (const { id, sections, labels } of answer.edges ?? []) {
    const [section] = sections ?? []
    if (!section) continue
    const [label] = labels ?? []
    routes.set(id, {
      points: [section.startPoint, ...(section.bendPoints ?? []), section.endPoint].map(({ x, y }) => ({ x, y })),
      label: label?.x !== undefined && label.y !== undefined ? { x: label.x, y: label.y } : null
    })
  }
  return { nodes, routes }
}
