/** Where the view looks: at everything or, if that is too small to read, at the focus. Later only on demand. */
import { useReactFlow, useStoreApi, type Viewport } from '@xyflow/react'
import { type RefObject, useCallback, useEffect, useRef } from 'react'
import { centreOf } from './nearestNode.ts'
import { sizeOf } from './nodeSize.ts'
import type { Drawing } from './useLayout.ts'

export const leastZoom = 0.05
/** What is larger than a view at this zoom is begun at its focus, or at its top. */
const readableZoom = 0.6
const startZoom = 0.85
/** The legend and the overview stand below. */
const roomAround = { top: '24px', left: '24px', right: '24px', bottom: '56px' } as const
/** With what is around it. */
const overviewPx = { width: 172, height: 156 }

export function useCamera({ index, places }: Drawing, host: RefObject<HTMLDivElement | null>, round: string): { show: (key: string) => void; look: () => void } {
  const flow = useReactFlow()
  const store = useStoreApi()
  const seen = useRef<string | null>(null)
  const look = useCallback(() => void flow.fitView({ padding: roomAround, maxZoom: 1, minZoom: leastZoom }), [flow])
  useEffect(() => {
    if (seen.current === round || !host.current) return
    seen.current = round
    const { width, height } = host.current.getBoundingClientRect()
    const bounds = flow.getNodesBounds([...index.nodes.keys()])
    const zoom = Math.min((width - 40) / bounds.width, (height - 90) / bounds.height)
    const focus = [...index.nodes.values()].find((node) => node.focus)
    const at = focus ? centreOf(index, places, focus.key) : { x: bounds.x + bounds.width / 2, y: bounds.y + (height / 2 - 30) / startZoom }
    if (zoom >= readableZoom || !at) look()
    else void flow.setCenter(at.x, at.y, { zoom: startZoom })
  }, [flow, index, places, round, host, look])
  const show = useCallback(
    (key: string) => {
      const at = centreOf(index, places, key)
      const { width, height, transform } = store.getState()
      const [x, y, zoom] = transform
      if (!at) return
      const seenAt = { x: at.x * zoom + x, y: at.y * zoom + y }
      const marginPx = 60
      if (seenAt.x < marginPx || seenAt.y < marginPx || seenAt.x > width - marginPx || seenAt.y > height - marginPx) void flow.setCenter(at.x, at.y, { zoom })
    },
    [flow, store, index, places]
  )
  return { show, look }
}

/** Whether the overview lies on a node although everything is in view: then it helps nobody. */
export function coversNeedlessly({ index, places }: Drawing, { x, y, zoom }: Viewport, host: HTMLElement): boolean {
  const { width, height } = host.getBoundingClientRect()
  let covers = false
  for (const [key, at] of places.nodes) {
    const node = index.nodes.get(key)
    if (!node) continue
    const size = sizeOf(node)
    const [left, top, right, bottom] = [at.x * zoom + x, at.y * zoom + y, (at.x + size.width) * zoom + x, (at.y + size.height) * zoom + y]
    if (left < 0 || top < 0 || right > width || bottom > height) return false
    covers ||= right > width - overviewPx.width && bottom > height - overviewPx.height
  }
  return covers
}
