/** The curve of an edge through its bends: vertical at every one of them, as the layers are; round its bends where it turns back up. */
import type { Point } from './layoutRequest.ts'

const n = (value: number): string => String(Math.round(value * 10) / 10)

export function edgePath(points: readonly Point[]): string {
  const [first, ...others] = points
  if (!first) return ''
  if (points.length > 2 && points.some((point, at) => at > 0 && point.y < (points[at - 1]?.y ?? 0) - 0.5)) return roundedPath(points)
  let path = `M${n(first.x)} ${n(first.y)}`
  let at = first
  for (const to of others) {
    if (Math.abs(to.x - at.x) < 0.5) path += `L${n(to.x)} ${n(to.y)}`
    else {
      // What goes up leaves downwards and comes from above too: its curve bulges.
      const reach = to.y > at.y ? (to.y - at.y) / 2 : Math.min(120, 30 + (at.y - to.y) / 4)
      path += `C${n(at.x)} ${n(at.y + reach)} ${n(to.x)} ${n(to.y - reach)} ${n(to.x)} ${n(to.y)}`
    }
    at = to
  }
  return path
}

/** Half of its way, for words that have no place of their own. */
export function middleOf(points: readonly Point[]): Point {
  const lengths = points.slice(1).map((to, index) => Math.hypot(to.x - (points[index]?.x ?? 0), to.y - (points[index]?.y ?? 0)))
  let left = lengths.reduce((sum, length) => sum + length, 0) / 2
  for (const [index, length] of lengths.entries()) {
    const [from, to] = [points[index], points[index + 1]]
    if (from && to && (left <= length || index === lengths.length - 1)) {
      const share = length === 0 ? 0 : left / length
      return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }
    }
    left -= length
  }
  return points[0] ?? { x: 0, y: 0 }
}

const cornerPx = 14

function roundedPath(points: readonly Point[]): string {
  const parts = points.map((point, at) => {
    const [before, after] = [points[at - 1], points[at + 1]]
    if (!before) return `M${n(point.x)} ${n(point.y)}`
    if (!after) return `L${n(point.x)} ${n(point.y)}`
    const [from, to] = [towards(point, before), towards(point, after)]
    return `L${n(from.x)} ${n(from.y)}Q${n(point.x)} ${n(point.y)} ${n(to.x)} ${n(to.y)}`
  })
  return parts.join('')
}

/** A little of the way to another point, at most half of it. */
function towards(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y)
  const share = length === 0 ? 0 : Math.min(cornerPx / length, 0.5)
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }
}
