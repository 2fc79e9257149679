/** What stays where it is when a drawing changes: known nodes keep their places, new ones are set beside what they are tied to. */
import type { GraphIndex } from '../../state/graphIndex.ts'
import { neighbours } from '../../state/graphIndex.ts'
import type { Places, Point, Route } from './layoutRequest.ts'
import { type Size, sizeOf } from './nodeSize.ts'

type Box = Point & Size
const gapPx = 28

/**
 * @param fresh where everything would be if nothing had been there
 * @param before where things are
 * @param anchor what must not move if nearly all is new
 */
export function settle(index: GraphIndex, fresh: Places, before: Places, anchor: string | null): Places {
  const known = [...index.nodes.keys()].filter((key) => before.nodes.has(key))
  if (known.length === 0) return fresh
  if (known.length === index.nodes.size || known.length * 2 >= index.nodes.size) return beside(index, fresh, before, known)
  const fixed = anchor !== null && before.nodes.has(anchor) && fresh.nodes.has(anchor) ? anchor : (known[0] ?? '')
  return moved(fresh, difference(before.nodes.get(fixed), fresh.nodes.get(fixed)))
}

function beside(index: GraphIndex, fresh: Places, before: Places, known: readonly string[]): Places {
  const places = new Map<string, Point>()
  const taken: Box[] = []
  const put = (key: string, at: Point): void => {
    places.set(key, at)
    const node = index.nodes.get(key)
    if (node) taken.push({ ...at, ...sizeOf(node) })
  }
  for (const key of known) put(key, before.nodes.get(key) ?? { x: 0, y: 0 })
  for (const group of groupsOfNew(index, places)) {
    const boxes = group.flatMap((key) => {
      const node = index.nodes.get(key)
      const at = fresh.nodes.get(key)
      return node && at ? [{ key, ...at, ...sizeOf(node) }] : []
    })
    const wanted = wantedShift(index, group, fresh, before)
    const shift = freeShift(boxes, wanted ?? { x: rightOf(taken) - Math.min(...boxes.map(({ x }) => x)), y: 0 }, taken)
    for (const { key, x, y } of boxes) put(key, { x: x + shift.x, y: y + shift.y })
  }
  return { nodes: places, routes: routesOf(index, { nodes: places, routes: new Map() }, fresh, before) }
}

/** New nodes that are tied to each other move together. */
function groupsOfNew(index: GraphIndex, placed: ReadonlyMap<string, Point>): string[][] {
  const seen = new Set<string>()
  const groups: string[][] = []
  for (const start of index.nodes.keys()) {
    if (placed.has(start) || seen.has(start)) continue
    const group = new Set([start])
    for (const key of group) for (const other of [...neighbours(index, key, 'up'), ...neighbours(index, key, 'down')]) if (!placed.has(other)) group.add(other)
    for (const key of group) seen.add(key)
    groups.push([...group])
  }
  return groups
}

/** By how much what they are tied to stands elsewhere than it would freshly; null if they are tied to nothing known. */
function wantedShift(index: GraphIndex, group: readonly string[], fresh: Places, before: Places): Point | null {
  const shifts = group
    .flatMap((key) => [...neighbours(index, key, 'up'), ...neighbours(index, key, 'down')])
    .filter((other) => before.nodes.has(other) && fresh.nodes.has(other))
    .map((other) => difference(before.nodes.get(other), fresh.nodes.get(other)))
  return shifts.length === 0 ? null : { x: median(shifts.map(({ x }) => x)), y: median(shifts.map(({ y }) => y)) }
}

/** The nearest shift to the side at which nothing is covered. */
function freeShift(boxes: readonly Box[], wanted: Point, taken: readonly Box[]): Point {
  const steps = [{ right: wanted.x, left: wanted.x }]
  for (const { right, left } of steps) {
    for (const x of right === left ? [right] : [right, left]) if (!boxes.some((box) => taken.some((other) => overlap({ ...box, x: box.x + x, y: box.y + wanted.y }, other)))) return { x, y: wanted.y }
    if (steps.length < 400) steps.push({ right: right + gapPx, left: left - gapPx })
  }
  return { x: rightOf(taken) - Math.min(...boxes.map(({ x }) => x)), y: wanted.y }
}

/** A route holds as long as both of its ends stand as they did when it was made. */
function routesOf(index: GraphIndex, now: Places, fresh: Places, before: Places): Map<string, Route> {
  const routes = new Map<string, Route>()
  for (const edge of index.edges.values()) {
    const old = before.routes.get(edge.id)
    const made = old ? before : fresh
    const route = old ?? fresh.routes.get(edge.id)
    const [from, to] = [difference(now.nodes.get(edge.from), made.nodes.get(edge.from)), difference(now.nodes.get(edge.to), made.nodes.get(edge.to))]
    if (route && near(from, to)) routes.set(edge.id, shifted(route, from))
  }
  return routes
}

const moved = (places: Places, by: Point): Places => ({
  nodes: new Map([...places.nodes].map(([key, { x, y }]) => [key, { x: x + by.x, y: y + by.y }])),
  routes: new Map([...places.routes].map(([id, route]) => [id, shifted(route, by)]))
})
const shifted = ({ points, label }: Route, by: Point): Route => ({ points: points.map(({ x, y }) => ({ x: x + by.x, y: y + by.y })), label: label && { x: label.x + by.x, y: label.y + by.y } })
const difference = (to: Point | undefined, from: Point | undefined): Point => ({ x: (to?.x ?? NaN) - (from?.x ?? NaN), y: (to?.y ?? NaN) - (from?.y ?? NaN) })
const near = (a: Point, b: Point): boolean => Math.abs(a.x - b.x) < 0.5 && Math.abs(a.y - b.y) < 0.5
const overlap = (a: Box, b: Box): boolean => a.x < b.x + b.width + gapPx && b.x < a.x + a.width + gapPx && a.y < b.y + b.height + gapPx / 2 && b.y < a.y + a.height + gapPx / 2
const rightOf = (boxes: readonly Box[]): number => Math.max(0, ...boxes.map(({ x, width }) => x + width)) + 2 * gapPx
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
