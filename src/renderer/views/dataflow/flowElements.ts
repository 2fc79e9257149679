/** What the drawing library is given: the nodes and edges of a laid out graph. */
import { edgeLabel } from '../../state/graphWords.ts'
import { earlyWords } from './edgeLabels.ts'
import { focusRingPx, isFolded, sizeOf, stackPx } from './nodeSize.ts'
import type { FlowEdge } from './ProvEdge.tsx'
import type { FlowNode } from './ProvNode.tsx'
import type { Drawing } from './useLayout.ts'

/** With more edges not every one has room for PROV's words. */
const mostWorded = 60

export function flowNodes({ index, places }: Drawing, domIdOf: (key: string) => string): FlowNode[] {
  return [...index.nodes.values()].flatMap((node): FlowNode[] => {
    const position = places.nodes.get(node.key)
    if (!position) return []
    const { width, height } = sizeOf(node)
    const handle = { x: width / 2, width: 1, height: 1 }
    return [
      {
        id: node.key,
        type: 'prov',
        position,
        width,
        height,
        // Told, not measured: what is out of sight has its size too, and all of it can be brought into view.
        measured: { width, height },
        data: { node, domId: domIdOf(node.key) },
        domAttributes: { 'aria-roledescription': undefined },
        handles: [
          { ...handle, type: 'target', position: 'top' as never, y: 0 },
          { ...handle, type: 'source', position: 'bottom' as never, y: height }
        ]
      }
    ]
  })
}

export function flowEdges({ index, places, labels }: Drawing, prov: boolean): FlowEdge[] {
  return [...index.edges.values()].flatMap((edge): FlowEdge[] => {
    const [from, to] = [index.nodes.get(edge.from), index.nodes.get(edge.to)]
    if (!from || !to) return []
    const route = places.routes.get(edge.id) ?? null
    const above = to.focus ? focusRingPx : 1
    return [
      {
        id: edge.id,
        type: 'prov',
        source: edge.from,
        target: edge.to,
        ariaLabel: edgeLabel(edge, from, to, prov, earlyWords(edge)),
        data: { edge, route, label: labels.get(edge.id) ?? null, trimStart: from.focus ? focusRingPx : 0, roomy: index.edges.size <= mostWorded, trimEnd: route ? above : above + (isFolded(to) ? stackPx : 0) }
      }
    ]
  })
}
