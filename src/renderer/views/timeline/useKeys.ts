/** The keyboard on the drawing, and the commands that zoom from anywhere. */
import { type KeyboardEvent, useRef } from 'react'
import { moveKey, pressedCommand, useCommands } from '../../state/commands.ts'
import { workbench } from '../../state/workbench.ts'
import type { Place } from './PlaceBook.ts'
import type { Scene } from './Scene.ts'
import { zoomInto } from './usePointer.ts'
import { type Cursor, walkInLane, walkToEnd, walkToLane } from './walk.ts'

const zoomStep = 1.5
const drawingCommands = ['timeline.drawing.in', 'timeline.drawing.out', 'timeline.drawing.earlier', 'timeline.drawing.later', 'timeline.drawing.selection'] as const
const panShare = 0.2
const scrollStepPx = 60

export function useKeys(scene: Scene, place: Place | null, onCursor: (cursor: Cursor) => void) {
  const walking = useRef(false)
  const middle = (): number => scene.window.widthPx / 2
  const zoom = (factor: number) => (): void => scene.zoomAt(place ? clampInside(scene.window.x(place.start), scene.window.widthPx, middle()) : middle(), factor)
  const fitSelection = (): void => {
    if (!place) return
    const span = Math.max((place.end ?? scene.edge) - place.start, 1e-4)
    scene.show(place.start - span, place.start + 2 * span)
  }
  useCommands(
    () => [
      { id: 'timeline.in', group: 'Views', title: 'Timeline: zoom in', keys: '+', run: zoom(zoomStep) },
      { id: 'timeline.out', group: 'Views', title: 'Timeline: zoom out', keys: '-', run: zoom(1 / zoomStep) },
      { id: 'timeline.all', group: 'Views', title: 'Timeline: show the whole', keys: '0', run: scene.fit },
      { id: 'timeline.selection', group: 'Views', title: 'Timeline: fit the selection', unavailable: place ? undefined : 'no task is selected', run: fitSelection }
    ],
    [scene, place]
  )

  const goTo = (cursor: Cursor | null): void => {
    if (!cursor) return
    scene.cursor = cursor
    const row = scene.rowOf(cursor.key)
    if (row) scene.reveal(row, cursor.level)
    const shape = scene.shapeOf(cursor.key)
    const end = shape?.bars?.end[cursor.index] ?? (shape?.bins ? cursor.start + shape.bins.binSeconds : cursor.start)
    scene.revealTime(cursor.start, end)
    if (cursor.id !== null) workbench.getState().selectTask(cursor.id)
    scene.invalidate()
    onCursor(cursor)
  }
  const walk = async (step: 1 | -1): Promise<void> => {
    if (walking.current) return
    walking.current = true
    goTo(await walkInLane(scene, step))
    walking.current = false
  }
  const enter = (): void => {
    const { cursor } = scene
    if (cursor?.id != null) {
      workbench.getState().selectTask(cursor.id)
      workbench.getState().setInspectorOpen(true)
    } else if (cursor) {
      const shape = scene.shapeOf(cursor.key)
      zoomInto(scene, cursor.start, shape?.bars?.end[cursor.index] ?? cursor.start + (shape?.bins?.binSeconds ?? 0))
    }
  }
  const escape = (): void => (scene.range ? scene.setRange(null) : workbench.getState().select(null))

  const pan = (share: number) => (): void => scene.panBy(share * scene.window.widthPx)
  const actions: Record<string, () => void> = {
    ArrowRight: () => void walk(1),
    ArrowLeft: () => void walk(-1),
    ArrowDown: () => goTo(walkToLane(scene, 1)),
    ArrowUp: () => goTo(walkToLane(scene, -1)),
    'Shift+ArrowRight': pan(panShare),
    'Shift+ArrowLeft': pan(-panShare),
    'Shift+ArrowDown': () => scene.scrollBy(scrollStepPx),
    'Shift+ArrowUp': () => scene.scrollBy(-scrollStepPx),
    Home: () => goTo(walkToEnd(scene, -1)),
    End: () => goTo(walkToEnd(scene, 1)),
    Enter: enter,
    Escape: escape,
    'timeline.drawing.in': zoom(zoomStep),
    'timeline.drawing.out': zoom(1 / zoomStep),
    'timeline.drawing.earlier': pan(-panShare),
    'timeline.drawing.later': pan(panShare),
    'timeline.drawing.selection': fitSelection
  }
  return (event: KeyboardEvent): void => {
    const command = pressedCommand(event.nativeEvent, drawingCommands)
    if (command === null && (event.ctrlKey || event.metaKey || event.altKey)) return
    const key = moveKey(event.nativeEvent)
    const action = actions[command ?? (event.shiftKey ? `Shift+${key}` : key)]
    if (!action) return
    event.preventDefault()
    action()
  }
}

const clampInside = (px: number, widthPx: number, otherwise: number): number => (px >= 0 && px <= widthPx ? px : otherwise)
