/** Wheel and drag as traces are read: the wheel scrolls lanes, with Ctrl it zooms at the pointer, with Shift it pans; dragging pans, on the axis or with Shift it chooses a range. */
import { type PointerEvent, type RefObject, useEffect, useRef } from 'react'
import type { Gap } from '#contract/live'
import { workbench } from '../../state/workbench.ts'
import { type Hit, hitAt } from './pointing.ts'
import type { Scene } from './Scene.ts'
import { cursorAt } from './walk.ts'

const movedPx = 4
const zoomPerPx = 0.0022
const lineHeightPx = 18

type Drag = { kind: 'pan' | 'range'; x: number; y: number; moved: boolean; anchor: number }
export type Hover = { hit: Hit; x: number; y: number }

export function usePointer(scene: Scene, board: RefObject<HTMLElement | null>, gaps: readonly Gap[], onHover: (hover: Hover | null) => void) {
  const drag = useRef<Drag | null>(null)
  // What was pointed at is elsewhere then.
  useWheel(scene, board, onHover)

  const xOf = (event: PointerEvent): number => event.clientX - event.currentTarget.getBoundingClientRect().left
  const yOf = (event: PointerEvent): number => event.clientY - event.currentTarget.getBoundingClientRect().top

  const down = (kind: 'head' | 'lanes') => (event: PointerEvent): void => {
    if (event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    const x = xOf(event)
    drag.current = { kind: event.shiftKey || kind === 'head' ? 'range' : 'pan', x: event.clientX, y: event.clientY, moved: false, anchor: scene.window.timeAt(x) }
    onHover(null)
  }
  const move = (kind: 'head' | 'lanes') => (event: PointerEvent): void => {
    const { current } = drag
    if (!current) {
      const hit = kind === 'lanes' ? hitAt(scene, xOf(event), yOf(event), gaps) : null
      return onHover(hit && { hit, x: event.clientX, y: event.clientY })
    }
    const [dx, dy] = [event.clientX - current.x, event.clientY - current.y]
    if (!current.moved && Math.hypot(dx, dy) < movedPx) return
    current.moved = true
    if (current.kind === 'range') {
      const time = scene.window.timeAt(xOf(event))
      return scene.setRange({ from: Math.min(current.anchor, time), to: Math.max(current.anchor, time) })
    }
    scene.panBy(-dx)
    scene.scrollBy(-dy)
    current.x = event.clientX
    current.y = event.clientY
  }
  const up = (event: PointerEvent): void => {
    const { current } = drag
    drag.current = null
    if (!current || current.moved) return
    if (current.kind === 'range') return scene.setRange(null)
    choose(scene, hitAt(scene, xOf(event), yOf(event), gaps), xOf(event))
  }
  const leave = (): void => onHover(null)
  const cancel = (): void => {
    drag.current = null
  }
  return {
    head: { onPointerDown: down('head'), onPointerMove: move('head'), onPointerUp: up, onPointerLeave: leave, onPointerCancel: cancel },
    lanes: { onPointerDown: down('lanes'), onPointerMove: move('lanes'), onPointerUp: up, onPointerLeave: leave, onPointerCancel: cancel }
  }
}

/** What a click does: a task is chosen, an entry of several zoomed into; beside them nothing is chosen any more. */
function choose(scene: Scene, hit: Hit | null, x: number): void {
  if (hit?.kind === 'gap') return workbench.getState().setPanel('problems')
  if (hit?.kind === 'bin') return scene.zoomAt(x, 4)
  if (!hit) return workbench.getState().select(null)
  const { bars, index, row } = hit
  scene.cursor = cursorAt(row.key, bars, index)
  const id = bars.id[index] ?? null
  if (id !== null) return workbench.getState().selectTask(id)
  zoomInto(scene, bars.start[index] as number, bars.end[index] as number)
}

/** So that what was one entry becomes several. */
export function zoomInto(scene: Scene, start: number, end: number): void {
  const span = Math.max(Math.min(end, scene.edge) - start, scene.window.span / 1000)
  scene.show(start - span * 0.5, start + span * 1.5)
}

function useWheel(scene: Scene, board: RefObject<HTMLElement | null>, onHover: (hover: null) => void): void {
  const unhover = useRef(onHover)
  unhover.current = onHover
  useEffect(() => {
    const element = board.current
    if (!element) return
    const onWheel = (event: WheelEvent): void => {
      const plot = element.querySelector('[data-plot]')
      if (!plot) return
      event.preventDefault()
      unhover.current(null)
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? lineHeightPx : event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? element.clientHeight : 1
      const [dx, dy] = [event.deltaX * unit, event.deltaY * unit]
      if (event.ctrlKey || event.metaKey) scene.zoomAt(Math.max(0, event.clientX - plot.getBoundingClientRect().left), Math.exp(-Math.max(-250, Math.min(250, dy)) * zoomPerPx))
      else if (event.shiftKey) scene.panBy(dy !== 0 ? dy : dx)
      else {
        // One axis at a time: nobody moves a finger quite straight.
        if (Math.abs(dx) > Math.abs(dy)) scene.panBy(dx)
        else scene.scrollBy(dy)
      }
    }
    // React's own are passive, and could not keep the page from zooming.
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [scene, board])
}
