/**
 * What stays where it is when a drawing changes. Where something was unfolded, a gap opens for what came out of it; what is new
 * otherwise is set beside what it is tied to; everything else keeps its place.
 */
import type { GraphIndex } from '../../state/graphIndex.ts'
import { neighbours } from '../../state/graphIndex.ts'
import { type Box, blockOf, boundsOf, overlaps, pushedOut } from './blocks.ts'
import type { Places, Point, Route } from './layoutRequest.ts'
import { sizeOf } from './nodeSize.ts'

export const gapPx = 28

/**
 * @param fresh where everything would be if nothing had been there
 * @param before where things are
 * @param anchor what must not move if nearly all is new
 */
export function settle(index: GraphIndex, fresh: Places, before: Places, anchor: string | null): Places {
  const known = [...index.nodes.keys()].filter((key) => before.nodes.has(key))
  if (known.length === 0) return fresh
  const gone = [...before.nodes.keys()].filter((key) => !index.nodes.has(key))
  const isNew = index.nodes.size - known.length
  if (gone.length > 0 && gone.length <= isNew) return opened(index, fresh, before, gone)
  if (known.length * 2 >= index.nodes.size) return beside(index, fresh, before, known)
  const fixed = anchor !== null && before.nodes.has(anchor) && fresh.nodes.has(anchor) ? anchor : (known[0] ?? '')
  return moved(fresh, difference(before.nodes.get(fixed), fresh.nodes.get(fixed)))
}

/** What came out of a fold takes its place; the rest moves apart as far as it must, each part as a whole. */
function opened(index: GraphIndex, fresh: Places, before: Places, gone: readonly string[]): Places {
  const hole = boundsOf(gone.flatMap((key) => boxAt(before.nodes.get(key))))
  const fresher = [...index.nodes.keys()].filter((key) => !before.nodes.has(key))
  const block = blockOf(index, fresh, fresher)
  const [dx, dy] = [Math.max(0, block.width - hole.width) / 2, Math.max(0, block.height - hole.height)]
  const middle = hole.x + hole.width / 2
  const nodes = new Map<string, Point>()
  for (const [key, { x, y }] of block.places) nodes.set(key, { x: middle - block.width / 2 + x, y: hole.y + y })
  const taken = boundsOf(fresher.flatMap((key) => boxesOf(index, key, nodes.get(key))))
  for (const key of index.nodes.keys()) {
    const at = before.nodes.get(key)
    const node = index.nodes.get(key)
    if (!at || !node) continue
    const size = sizeOf(node)
    const centre = at.x + size.width / 2
    const aside = centre > hole.x + hole.width ? dx : centre < hole.x ? -dx : 0
    const box = { x: at.x + aside, y: at.y + (at.y >= hole.y + hole.height ? dy : 0), ...size }
    nodes.set(key, pushedOut(box, taken, gapPx))
  }
  return { nodes, routes: routesOf(index, { nodes, routes: new Map() }, fresh, before) }
}

function beside(index: GraphIndex, fresh: Places, before: Places, known: readonly string[]): Places {
  const places = new Map<string, Point>()
  const taken: Box[] = []
  const put = (key: string, at: Point): void => {
    places.set(key, at)
    taken.push(...boxesOf(index, key, at))
  }
  for (const key of known) put(key, before.nodes.get(key) ?? { x: 0, y: 0 })
  for (const group of groupsOfNew(index, new Set(known))) {
    const block = blockOf(index, fresh, group)
    const wanted = wantedPlace(index, group, fresh, before) ?? { x: boundsOf(taken).x + boundsOf(taken).width + 2 * gapPx, y: boundsOf(taken).y }
    const at = freePlace({ ...wanted, width: block.width, height: block.height }, taken)
    for (const [key, { x, y }] of block.places) put(key, { x: at.x + x, y: at.y + y })
  }
  return { nodes: places, routes: routesOf(index, { nodes: places, routes: new Map() }, fresh, before) }
}

/** New nodes go together that are tied to each other, or to the same known ones. */
function groupsOfNew(index: GraphIndex, known: ReadonlySet<string>): string[][] {
  const around = (key: string): string[] => [...neighbours(index, key, 'up'), ...neighbours(index, key, 'down')]
  const seen = new Set<string>()
  const groups: string[][] = []
  for (const start of index.nodes.keys()) {
    if (known.has(start) || seen.has(start)) continue
    const group = new Set([start])
    for (const key of group) {
      for (const other of around(key)) {
        if (!known.has(other)) group.add(other)
        else for (const beyond of around(other)) if (!known.has(beyond)) group.add(beyond)
      }
    }
    for (const key of group) seen.add(key)
    groups.push([...group])
  }
  return groups
}

/** Where a group would be if it stood to what it is tied to as it freshly does; null if it is tied to nothing known. */
function wantedPlace(index: GraphIndex, group: readonly string[], fresh: Places, before: Places): Point | null {
  const shifts = group
    .flatMap((key) => [...neighbours(index, key, 'up'), ...neighbours(index, key, 'down')])
    .filter((other) => before.nodes.has(other) && fresh.nodes.has(other))
    .map((other) => difference(before.nodes.get(other), fresh.nodes.get(other)))
  if (shifts.length === 0) return null
  const bounds = boundsOf(group.flatMap((key) => boxesOf(index, key, fresh.nodes.get(key))))
  return { x: bounds.x + median(shifts.map(({ x }) => x)), y: bounds.y + median(shifts.map(({ y }) => y)) }
}

/** The nearest place to the side at which nothing is covered. */
function freePlace(wanted: Box, taken: readonly Box[]): Point {
  const covered = (x: number): boolean => taken.some((other) => overlaps({ ...wanted, x }, other, gapPx))
  const all = boundsOf(taken)
  const reach = Math.max(wanted.x - all.x, all.x + all.width - wanted.x, 0) + wanted.width + 2 * gapPx
  for (let step = 0; step <= reach; step += gapPx) {
    for (const x of step === 0 ? [wanted.x] : [wanted.x + step, wanted.x - step]) if (!covered(x)) return { x, y: wanted.y }
  }
  return { x: all.x + all.width + 2 * gapPx, y: wanted.y }
}

/** A route holds as long as both of its ends stand to each other as they did when it was made. */
function routesOf(index: GraphIndex, now: Places, fresh: Places, before: Places): Map<string, Route> {
  const routes = new Map<string, Route>()
  for (const edge of index.edges.values()) {
    const old = before.routes.get(edge.id)
    const made = old ? before : fresh
    const route = old ?? fresh.routes.get(edge.id)
    const [from, to] = [difference(now.nodes.get(edge.from), made.nodes.get(edge.from)), difference(now.nodes.get(edge.to), made.nodes.get(edge.to))]
    if (route && Math.abs(from.x - to.x) < 0.5 && Math.abs(from.y - to.y) < 0.5) routes.set(edge.id, shifted(route, from))
  }
  return routes
}

const boxesOf = (index: GraphIndex, key: string, at: Point | undefined): Box[] => {
  const node = index.nodes.get(key)
  if (!node || !at) return []
  const { width, height } = sizeOf(node)
  return [{ ...at, width, height }]
}
/** What is gone is no node any more; its place was about so large. */
const boxAt = (at: Point | undefined): Box[] => (at ? [{ ...at, width: 140, height: 32 }] : [])

const moved = (places: Places, by: Point): Places => ({
  nodes: new Map([...places.nodes].map(([key, { x, y }]) => [key, { x: x + by.x, y: y + by.y }])),
  routes: new Map([...places.routes].map(([id, route]) => [id, shifted(route, by)]))
})
const shifted = ({ points, label }: Route, by: Point): Route => ({ points: points.map(({ x, y }) => ({ x: x + by.x, y: y + by.y })), label: label && { x: label.x + by.x, y: label.y + by.y } })
const difference = (to: Point | undefined, from: Point | undefined): Point => ({ x: (to?.x ?? NaN) - (from?.x ?? NaN), y: (to?.y ?? NaN) - (from?.y ?? NaN) })
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
