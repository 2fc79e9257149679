/** What lies under a point of the drawing. */
import type { Gap } from '#contract/live'
import { gapEdges } from './drawGround.ts'
import type { Scene } from './Scene.ts'
import { type Bars, type Bins, barAt } from './laneShapes.ts'
import { type Row, barTop, rowAt } from './laneRows.ts'

export type Hit = { kind: 'bar'; row: Row; bars: Bars; index: number } | { kind: 'bin'; row: Row; bins: Bins; index: number } | { kind: 'gap'; gap: Gap }
const reachPx = 3

/** @param y from the upper edge of the lanes in sight */
export function hitAt(scene: Scene, x: number, y: number, gaps: readonly Gap[]): Hit | null {
  const { window, edge } = scene
  const row = scene.rows[rowAt(scene.rows, y + scene.scrollPx)]
  const shape = row && y + scene.scrollPx < row.topPx + row.heightPx ? scene.shapeOf(row.key) : undefined
  const time = window.timeAt(x)
  if (row && shape?.bars) {
    const inRow = y + scene.scrollPx - barTop(row, 0)
    const level = Math.floor((inRow + (row.pitchPx - row.barPx) / 2) / row.pitchPx)
    const index = barAt(shape.bars, level, time, reachPx / window.pxPerSecond, edge)
    if (index !== null) return { kind: 'bar', row, bars: shape.bars, index }
  }
  const gap = gaps.findLast((candidate) => {
    const { leftPx, rightPx } = gapEdges(candidate, window.x, edge)
    return x >= leftPx - 2 && x <= rightPx + 2
  })
  if (gap) return { kind: 'gap', gap }
  if (row && shape?.bins) {
    const index = Math.floor((time - shape.bins.from) / shape.bins.binSeconds)
    if (index >= 0 && index < shape.bins.running.length) return { kind: 'bin', row, bins: shape.bins, index }
  }
  return null
}
