/**
 * Places for a graph whose real layout takes too long to wait for: nodes in layers below each other, near what they come from.
 * No crossings are counted and edges have no routes; linear in the size of the graph.
 */
import { type GraphIndex, edgesInto, edgesOutOf } from '../../state/graphIndex.ts'
import type { Places, Point } from './layoutRequest.ts'
import { sizeOf } from './nodeSize.ts'

const besidePx = 34
const layerPx = 74

export function quickPlaces(index: GraphIndex): Places {
  const layers: string[][] = []
  for (const [key, layer] of layersOf(index)) (layers[layer] ??= []).push(key)
  const centres = new Map<string, number>()
  for (const keys of layers) packed(index, keys ?? [], centres)
  const nodes = new Map<string, Point>()
  for (const [layer, keys] of layers.entries()) {
    for (const key of keys ?? []) nodes.set(key, { x: (centres.get(key) ?? 0) - widthOf(index, key) / 2, y: layer * layerPx })
  }
  return { nodes, routes: new Map() }
}

/** One below the lowest of what it comes from; what closes a cycle does not count. */
function layersOf(index: GraphIndex): Map<string, number> {
  const layers = new Map<string, number>()
  const state = new Map<string, 'open' | 'done'>()
  const order: string[] = []
  const back = new Set<string>()
  for (const root of index.nodes.keys()) {
    if (state.has(root)) continue
    const stack = [{ key: root, next: 0 }]
    state.set(root, 'open')
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const edge = edgesOutOf(index, top.key)[top.next++]
      if (!edge) {
        state.set(top.key, 'done')
        order.push(top.key)
        stack.pop()
      } else if (state.get(edge.to) === 'open') back.add(edge.id)
      else if (!state.has(edge.to)) {
        state.set(edge.to, 'open')
        stack.push({ key: edge.to, next: 0 })
      }
    }
  }
  for (const key of order.toReversed()) {
    const above = edgesInto(index, key).filter(({ id }) => !back.has(id)).map(({ from }) => (layers.get(from) ?? -1) + 1)
    layers.set(key, Math.max(0, ...above))
  }
  return layers
}

/** Each as near to the middle of what it comes from as those to its left leave room for. */
function packed(index: GraphIndex, keys: readonly string[], centres: Map<string, number>): void {
  const wanted = keys.map((key, at) => {
    const from = edgesInto(index, key).flatMap((edge) => centres.get(edge.from) ?? [])
    return { key, x: from.length > 0 ? from.reduce((sum, x) => sum + x, 0) / from.length : null, at }
  })
  let right = -Infinity
  for (const { key, x } of wanted.toSorted((a, b) => (a.x ?? -Infinity) - (b.x ?? -Infinity) || a.at - b.at)) {
    const half = widthOf(index, key) / 2
    const centre = Math.max(x ?? 0, right + besidePx + half)
    centres.set(key, Number.isFinite(centre) ? centre : (x ?? 0))
    right = (centres.get(key) ?? 0) + half
  }
}

function widthOf(index: GraphIndex, key: string): number {
  const node = index.nodes.get(key)
  return node ? sizeOf(node).width : 0
}
