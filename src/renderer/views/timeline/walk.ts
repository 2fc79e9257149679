/** The keyboard's way through the drawing: from task to task in a lane, from lane to lane. */
import type { Scene } from './Scene.ts'
import { type Bars, type Bins, byStart } from './laneShapes.ts'
import type { Row } from './laneRows.ts'

/** Where the keyboard is: at a task, or at an entry of several or a bin of a histogram (`id` null), or at a lane of which nothing is known yet (`index` −1). */
export type Cursor = { key: string; start: number; level: number; id: string | null; index: number }

/** How long an answer for the next stretch is waited for. */
const patienceMs = 5000

/** The next or previous task of the lane; beyond what is known, the window moves on until there is one. */
export async function walkInLane(scene: Scene, step: 1 | -1): Promise<Cursor | null> {
  if (!scene.cursor) {
    if (scene.view.loading) await rested(scene)
    return enter(scene)
  }
  for (let turns = 0; turns < 50; turns++) {
    const found = neighbour(scene, scene.cursor, step)
    if (found) return found
    const { window } = scene
    const { outer } = window
    if (step === 1 ? window.to >= outer.to : window.from <= outer.from) return null
    scene.panBy(step * window.widthPx * 0.8)
    await rested(scene)
  }
  return null
}

/** The nearest task of the lane above or below. */
export function walkToLane(scene: Scene, step: 1 | -1): Cursor | null {
  const { cursor, rows } = scene
  if (!cursor) return enter(scene)
  const from = rows.findIndex(({ key }) => key === cursor.key)
  for (let index = from + step; index >= 0 && index < rows.length; index += step) {
    const row = rows[index] as Row
    const near = nearest(scene, row, cursor.start)
    if (near) return near
    // Its bars are not here yet; the cursor can stand on the lane itself.
    if (!scene.shapeOf(row.key)) return { key: row.key, start: cursor.start, level: 0, id: null, index: -1 }
  }
  return null
}

/** To the first or last task of the lane that is known. */
export function walkToEnd(scene: Scene, end: 1 | -1): Cursor | null {
  const { cursor } = scene
  const row = cursor ? scene.rowOf(cursor.key) : scene.rows[0]
  return row ? nearest(scene, row, end === 1 ? Infinity : -Infinity) : null
}

/** Where the chosen task is, else at what is seen first. */
function enter(scene: Scene): Cursor | null {
  const { rows, scrollPx, window } = scene
  for (const row of rows) {
    if (row.topPx + row.heightPx <= scrollPx) continue
    const near = nearest(scene, row, window.from)
    if (near) return near
  }
  return null
}

function neighbour(scene: Scene, cursor: Cursor, step: 1 | -1): Cursor | null {
  const shape = scene.shapeOf(cursor.key)
  if (shape?.bars) {
    const order = byStart(shape.bars)
    const at = indexIn(shape.bars, order, cursor)
    const next = order[at === null ? (step === 1 ? 0 : order.length - 1) : at + step]
    return next === undefined ? null : cursorAt(cursor.key, shape.bars, next)
  }
  if (shape?.bins) {
    const { bins } = shape
    for (let index = binOf(bins, cursor.start) + step; index >= 0 && index < bins.running.length; index += step) if ((bins.running[index] as number) > 0) return binCursor(cursor.key, bins, index)
  }
  return null
}

function nearest(scene: Scene, row: Row, time: number): Cursor | null {
  const shape = scene.shapeOf(row.key)
  if (shape?.bars && shape.bars.start.length > 0) {
    const order = byStart(shape.bars)
    const bars = shape.bars
    const after = order.findIndex((index) => (bars.start[index] as number) >= time)
    return cursorAt(row.key, bars, order[after < 0 ? order.length - 1 : after] as number)
  }
  if (!shape?.bins) return null
  const { bins } = shape
  const full = bins.running.flatMap((n, index) => (n > 0 ? [index] : []))
  const index = full.find((candidate) => bins.from + (candidate + 1) * bins.binSeconds > time) ?? full.at(-1)
  return index === undefined ? null : binCursor(row.key, bins, index)
}

/** Another answer has other indexes: the task is found by its id, what stands for several by its time. */
function indexIn(bars: Bars, order: Int32Array, cursor: Cursor): number | null {
  const at = order.findIndex((index) => (cursor.id !== null ? bars.id[index] === cursor.id : bars.start[index] === cursor.start && bars.level[index] === cursor.level))
  if (at >= 0) return at
  const before = order.findLastIndex((index) => (bars.start[index] as number) <= cursor.start)
  return before < 0 ? null : before
}

export const cursorAt = (key: string, bars: Bars, index: number): Cursor => ({ key, start: bars.start[index] as number, level: bars.level[index] as number, id: (bars.count[index] as number) > 1 ? null : (bars.id[index] ?? null), index })
const binOf = (bins: Bins, time: number): number => Math.floor((time - bins.from) / bins.binSeconds + 1e-9)
const binCursor = (key: string, bins: Bins, index: number): Cursor => ({ key, start: bins.from + index * bins.binSeconds, level: 0, id: null, index })

/** Once nothing is on its way any more. */
function rested(scene: Scene): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      stop()
      resolve()
    }
    const timer = setTimeout(done, patienceMs)
    let asked = false
    const stop = scene.subscribe(() => {
      if (scene.view.loading) asked = true
      else if (asked) done()
    })
  })
}
