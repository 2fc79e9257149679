/** Which node an arrow key leads to, and the order in which the drawing is read: from the top, from the left. */
import type { GraphIndex } from '../../state/graphIndex.ts'
import type { Places, Point } from './layoutRequest.ts'
import { sizeOf } from './nodeSize.ts'

export type Direction = 'up' | 'down' | 'left' | 'right'
/** Up and down to the next layer, even if that is aside; to the left and right within the row. */
const asideTimes = { up: 0.4, down: 0.4, left: 2.5, right: 2.5 }
/** Nodes whose tops differ by less stand in one row. */
const rowPx = 12

export function nearestNode(index: GraphIndex, places: Places, from: string, direction: Direction): string | null {
  const at = centreOf(index, places, from)
  if (!at) return null
  let best: { key: string; cost: number } | null = null
  for (const key of index.nodes.keys()) {
    const to = key === from ? null : centreOf(index, places, key)
    if (!to) continue
    const [x, y] = [to.x - at.x, to.y - at.y]
    const [along, aside] = { up: [-y, x], down: [y, x], left: [-x, y], right: [x, y] }[direction] as [number, number]
    const cost = along + Math.abs(aside) * asideTimes[direction]
    if (along > rowPx / 2 && (best === null || cost < best.cost)) best = { key, cost }
  }
  return best?.key ?? null
}

export function centreOf(index: GraphIndex, places: Places, key: string): Point | null {
  const [node, at] = [index.nodes.get(key), places.nodes.get(key)]
  if (!node || !at) return null
  const { width, height } = sizeOf(node)
  return { x: at.x + width / 2, y: at.y + height / 2 }
}

export function readingOrder(index: GraphIndex, places: Places): string[] {
  const placed = [...index.nodes.keys()].map((key) => ({ key, x: places.nodes.get(key)?.x ?? 0, y: places.nodes.get(key)?.y ?? 0 })).toSorted((a, b) => a.y - b.y)
  const rows: (typeof placed)[] = []
  for (const node of placed) {
    const row = rows.at(-1)
    if (row?.[0] && node.y - row[0].y < rowPx) row.push(node)
    else rows.push([node])
  }
  return rows.flatMap((row) => row.toSorted((a, b) => a.x - b.x).map(({ key }) => key))
}
