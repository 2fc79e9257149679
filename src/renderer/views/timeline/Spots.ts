/** Where single tasks are on the screen: among the bars that are known, else where the engine says they stand. */
import type { Spot, Step } from './drawPath.ts'
import { type Row, barTop } from './laneRows.ts'
import type { Bars, LaneShape } from './laneShapes.ts'
import type { Place, PlaceBook } from './PlaceBook.ts'
import type { TimeWindow } from './TimeWindow.ts'

export type Marked = { steps: readonly Step[]; taskId: string | null; place: Place | null }
/** What of the drawing it takes to find one. */
export type Ground = { window: TimeWindow; edge: number; offsetPx: number; rows: readonly Row[]; rowOf: (key: string) => Row | null; shapeOf: (key: string) => LaneShape | undefined }

export class Spots {
  marked: Marked = { steps: [], taskId: null, place: null }
  critical: ReadonlySet<string> = new Set()
  private indexes = new WeakMap<Bars, ReadonlyMap<string, number>>()

  constructor(private readonly places: PlaceBook) {}

  mark(marked: Marked): void {
    if (marked.steps !== this.marked.steps) this.critical = new Set(marked.steps.map(({ taskId }) => taskId))
    this.marked = marked
    this.indexes = new WeakMap()
  }

  ofPath(ground: Ground): (Spot | null)[] {
    return this.marked.steps.map((step) => this.of(ground, step.taskId, step))
  }

  ofChosen(ground: Ground): Spot | null {
    const { taskId, place } = this.marked
    return taskId === null ? null : this.of(ground, taskId, null, place)
  }

  /** @param place null: it is in no lane; undefined: it is asked for if its times are near the window */
  private of(ground: Ground, taskId: string, times: { start: number; end: number | null } | null, place?: Place | null): Spot | null {
    const { window, edge } = ground
    for (const row of ground.rows) {
      const bars = ground.shapeOf(row.key)?.bars
      const index = bars ? this.indexesIn(bars).get(taskId) : undefined
      if (bars && index !== undefined) return spotAt(ground, row, bars.level[index] as number, bars.start[index] as number, bars.end[index] as number, false)
    }
    // Nobody sees it now, nor what leads to it.
    if (times && (times.start > window.to + window.span || (times.end ?? edge) < window.from - window.span)) return null
    const known = place === undefined ? this.places.of(taskId) : place
    if (!known) return null
    for (let depth = known.lanes.length - 1; depth >= 0; depth--) {
      const row = ground.rowOf(known.lanes[depth] as string)
      if (row) return spotAt(ground, row, known.levels[depth] ?? 0, known.start, known.end ?? Infinity, true)
    }
    return null
  }

  /** Where the marked tasks are among some bars: looked for once an answer, not with every picture. */
  private indexesIn(bars: Bars): ReadonlyMap<string, number> {
    const known = this.indexes.get(bars)
    if (known) return known
    const found = new Map<string, number>()
    bars.id.forEach((id, index) => {
      if (id !== null && (id === this.marked.taskId || this.critical.has(id))) found.set(id, index)
    })
    this.indexes.set(bars, found)
    return found
  }
}

export function spotAt({ window, edge, offsetPx }: Ground, row: Row, level: number, start: number, end: number, aside: boolean): Spot {
  const leftPx = window.x(start)
  const rightPx = Math.max(leftPx + 2, window.x(Math.min(end, Math.max(start, edge))))
  if (row.kind === 'bins') return { leftPx, rightPx, topPx: row.topPx - offsetPx + 3, heightPx: 5, aside: true }
  return { leftPx, rightPx, topPx: barTop(row, Math.min(level, row.levels - 1)) - offsetPx, heightPx: row.barPx, aside }
}
