/** Boxes of the drawing: a compact block of some nodes, and whether boxes cover each other. */
import type { GraphIndex } from '../../state/graphIndex.ts'
import type { Places, Point } from './layoutRequest.ts'
import { type Size, sizeOf } from './nodeSize.ts'

export type Box = Point & Size

const besidePx = 34
const belowPx = 30
const widestPx = 1500
/** Tops within it are of one layer. */
const layerPx = 12

/** Nodes in their layers, in their order, closed up; a long layer goes on below. Places are from the left top corner of the block. */
export function blockOf(index: GraphIndex, fresh: Places, keys: readonly string[]): Size & { places: ReadonlyMap<string, Point> } {
  const placed = keys.flatMap((key) => {
    const [node, at] = [index.nodes.get(key), fresh.nodes.get(key)]
    return node && at ? [{ key, at, ...sizeOf(node) }] : []
  })
  const layers: (typeof placed)[] = []
  for (const node of placed.toSorted((a, b) => a.at.y - b.at.y)) {
    const layer = layers.at(-1)
    if (layer?.[0] && node.at.y - layer[0].at.y < layerPx) layer.push(node)
    else layers.push([node])
  }
  const rows = layers.flatMap((layer) => wrapped(layer.toSorted((a, b) => a.at.x - b.at.x)))
  const width = Math.max(0, ...rows.map(widthOf))
  const places = new Map<string, Point>()
  let y = 0
  for (const row of rows) {
    let x = (width - widthOf(row)) / 2
    for (const node of row) {
      places.set(node.key, { x, y })
      x += node.width + besidePx
    }
    y += Math.max(...row.map(({ height }) => height)) + belowPx
  }
  return { width, height: Math.max(0, y - belowPx), places }
}

const widthOf = (row: readonly Size[]): number => row.reduce((sum, { width }) => sum + width + besidePx, -besidePx)

function wrapped<T extends Size>(layer: readonly T[]): T[][] {
  const rows: T[][] = []
  let left = -1
  for (const node of layer) {
    const row = rows.at(-1)
    if (row && left >= node.width + besidePx) row.push(node)
    else {
      rows.push([node])
      left = widestPx + besidePx
    }
    left -= node.width + besidePx
  }
  return rows
}

export function boundsOf(boxes: readonly Box[]): Box {
  if (boxes.length === 0) return { x: 0, y: 0, width: 0, height: 0 }
  const [x, y] = [Math.min(...boxes.map((box) => box.x)), Math.min(...boxes.map((box) => box.y))]
  return { x, y, width: Math.max(...boxes.map((box) => box.x + box.width)) - x, height: Math.max(...boxes.map((box) => box.y + box.height)) - y }
}

export const overlaps = (a: Box, b: Box, gapPx: number): boolean => a.x < b.x + b.width + gapPx && b.x < a.x + a.width + gapPx && a.y < b.y + b.height + gapPx / 2 && b.y < a.y + a.height + gapPx / 2

/** Where a box stands beside another that it would cover, on its nearer side. */
export function pushedOut(box: Box, other: Box, gapPx: number): Point {
  if (!overlaps(box, other, 0)) return { x: box.x, y: box.y }
  const goesRight = box.x + box.width / 2 >= other.x + other.width / 2
  return { x: goesRight ? other.x + other.width + gapPx : other.x - gapPx - box.width, y: box.y }
}
