/** Unfolds and folds by zooming, at the pointer or in the middle of the view. */
import type { Viewport } from '@xyflow/react'
import { type PointerEvent, type RefObject, useRef } from 'react'
import { type GraphIndex, foldOf } from '../../state/graphIndex.ts'
import { foldBack, unfold } from '../../state/lineage.ts'
import { type Opened, zoomStep } from './semanticZoom.ts'

export function useSemanticZoom(host: RefObject<HTMLDivElement | null>, index: GraphIndex): { onPointerMove: (event: PointerEvent) => void; onMoveEnd: (event: unknown, viewport: Viewport) => void } {
  const pointer = useRef<{ x: number; y: number } | null>(null)
  const state = useRef<{ zoom: number; opened: Opened[] }>({ zoom: 1, opened: [] })
  const onMoveEnd = (event: unknown, { zoom }: Viewport): void => {
    const before = state.current.zoom
    state.current.zoom = zoom
    // Without an event it was the view itself that moved.
    if (!event || before === zoom) return
    const box = host.current?.getBoundingClientRect()
    const at = pointer.current ?? (box ? { x: box.left + box.width / 2, y: box.top + box.height / 2 } : null)
    const key = at && document.elementFromPoint(at.x, at.y)?.closest('[data-key]')?.getAttribute('data-key')
    const node = key ? index.nodes.get(key) : undefined
    const step = zoomStep({ before, now: zoom, under: node ? foldOf(node) : null, opened: state.current.opened })
    if (step.unfold !== null) {
      state.current.opened.push({ fold: step.unfold, zoom })
      unfold(step.unfold)
    }
    if (step.back.length > 0) {
      state.current.opened = state.current.opened.filter(({ fold }) => !step.back.includes(fold))
      foldBack(step.back)
    }
  }
  return {
    onPointerMove: (event) => {
      pointer.current = { x: event.clientX, y: event.clientY }
    },
    onMoveEnd
  }
}
