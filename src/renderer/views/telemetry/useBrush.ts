/** A range of time drawn in one cell and shown in all; a click without a drag takes it away. Arrow keys are not needed: the ribbon has two fields. */
import { type PointerEvent, useRef } from 'react'
import type { Range } from '../../state/scope.ts'

export type Brush = {
  /** What is drawn in every cell: what is being dragged, or what is chosen. */
  range: Range | null
  onDraft: (range: Range | null) => void
  onDone: (range: Range | null) => void
  /** The moment under the pointer, in whichever cell that is. */
  cursor: number | null
  onCursor: (time: number | null) => void
}

const leastDragPx = 3

export function useBrush({ range, onCursor, onDone, onDraft }: Brush, span: Range, widthPx: number) {
  const drag = useRef<{ anchor: number; anchorPx: number; moved: boolean; draft: Range | null } | null>(null)
  const length = span.to - span.from || 1
  const x = (time: number): number => Math.min(widthPx, Math.max(0, ((time - span.from) / length) * widthPx))
  const at = (event: PointerEvent<SVGSVGElement>): { px: number; time: number } => {
    const box = event.currentTarget.getBoundingClientRect()
    const px = Math.min(box.width, Math.max(0, event.clientX - box.left))
    return { px, time: span.from + (px / (box.width || 1)) * length }
  }
  const bind = {
    onPointerDown: (event: PointerEvent<SVGSVGElement>): void => {
      if (event.button !== 0) return
      event.currentTarget.setPointerCapture(event.pointerId)
      const { px, time } = at(event)
      // Near an edge of the range, the other edge stays where it is.
      const near = (edge: number): boolean => Math.abs(x(edge) - px) < 5
      const anchor = range && near(range.from) ? range.to : range && near(range.to) ? range.from : time
      drag.current = { anchor, anchorPx: px, moved: false, draft: null }
    },
    onPointerMove: (event: PointerEvent<SVGSVGElement>): void => {
      const { px, time } = at(event)
      onCursor(time)
      const present = drag.current
      if (!present) return
      if (Math.abs(px - present.anchorPx) >= leastDragPx) present.moved = true
      if (!present.moved) return
      present.draft = { from: Math.min(present.anchor, time), to: Math.max(present.anchor, time) }
      onDraft(present.draft)
    },
    onPointerUp: (): void => {
      const present = drag.current
      drag.current = null
      if (present) onDone(present.draft)
    },
    onPointerCancel: (): void => {
      drag.current = null
      onDraft(null)
    }
  }
  return { bind, x }
}
