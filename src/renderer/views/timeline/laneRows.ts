/** Lanes as rows of the drawing: which are there, how high, and where; a lane is bars, a histogram, or the heading of its inner lanes. */
import type { Lane } from '#contract/timeline'

export type RowKind = 'bars' | 'bins'
export type Row = {
  key: string
  lane: Lane
  depth: 0 | 1
  /** Its inner lanes are shown below it. */
  open: boolean
  kind: RowKind
  levels: number
  topPx: number
  heightPx: number
  /** From one sub-row to the next, and how much of that a bar takes. */
  pitchPx: number
  barPx: number
}
export type LaneList = { lanes: readonly Lane[]; total: number }
export type Rows = { rows: Row[]; byKey: ReadonlyMap<string, Row>; heightPx: number; /** Without those that are not loaded yet. */ loadedPx: number }

export const foldedPx = 30
const leastPx = 30
const padPx = 9
/** Narrower than this, bars say less than a histogram; a handful of them still says more. */
const leastBarPx = 3
const fewTasks = 40
/** A lane that needs more sub-rows is a histogram. */
export const mostLevels = 200

export type RowChoices = {
  /** What a person folded (true) or unfolded (false). */
  folds: ReadonlyMap<string, boolean>
  /** Outer lanes whose inner lanes are shown. */
  opened: ReadonlySet<string>
}

/** Whether a lane is to be asked for as a histogram at this scale. */
export function isFolded(lane: Lane, depth: 0 | 1, { folds, opened }: RowChoices, pxPerSecond: number): boolean {
  if (lane.levels > mostLevels) return true
  // The heading of inner lanes sums them up.
  if (depth === 0 && lane.hasLanes && opened.has(lane.key)) return true
  const chosen = folds.get(lane.key)
  if (chosen !== undefined) return chosen
  if (depth === 0 && lane.hasLanes) return true
  return lane.timed > fewTasks && typicalSeconds(lane) * pxPerSecond < leastBarPx
}

/** @param kindOf what of a lane is known, which is drawn until what is wanted comes; null: nothing */
export function laneRows(outer: LaneList, innerOf: (key: string) => LaneList | undefined, choices: RowChoices, pxPerSecond: number, kindOf: (key: string) => RowKind | null): Rows {
  const rows: Row[] = []
  let topPx = 0
  const add = (lane: Lane, depth: 0 | 1): void => {
    const open = depth === 0 && lane.hasLanes && choices.opened.has(lane.key)
    const kind = open ? 'bins' : (kindOf(lane.key) ?? (isFolded(lane, depth, choices, pxPerSecond) ? 'bins' : 'bars'))
    const levels = Math.max(1, lane.levels)
    const { pitchPx, barPx } = pitchOf(levels)
    const heightPx = kind === 'bins' ? foldedPx : Math.max(leastPx, levels * pitchPx + padPx)
    rows.push({ key: lane.key, lane, depth, open, kind, levels, topPx, heightPx, pitchPx, barPx })
    topPx += heightPx
  }
  for (const lane of outer.lanes) {
    add(lane, 0)
    if (lane.hasLanes && choices.opened.has(lane.key)) for (const inner of innerOf(lane.key)?.lanes ?? []) add(inner, 1)
  }
  return { rows, byKey: new Map(rows.map((row) => [row.key, row])), heightPx: topPx + (outer.total - outer.lanes.length) * foldedPx, loadedPx: topPx }
}

/** Index of the row at a height; the last one that begins above it. */
export function rowAt(rows: readonly Row[], px: number): number {
  let [low, high] = [0, rows.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((rows[middle] as Row).topPx <= px) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** Upper edge of a sub-row's bars; few of them stand in the middle of their row. */
export function barTop({ topPx, heightPx, levels, pitchPx, barPx }: Row, level: number): number {
  const inside = levels * pitchPx - (pitchPx - barPx)
  return topPx + Math.round((heightPx - 1 - inside) / 2) + level * pitchPx
}

function pitchOf(levels: number): { pitchPx: number; barPx: number } {
  if (levels <= 24) return { pitchPx: 16, barPx: 12 }
  return levels <= 64 ? { pitchPx: 9, barPx: 7 } : { pitchPx: 5, barPx: 4 }
}

const typicalSeconds = ({ p50, busySeconds, timed }: Lane): number => p50 ?? busySeconds / Math.max(1, timed)
