/** The width of an element in whole pixels, followed as it changes. */
import { type RefCallback, useCallback, useRef, useState } from 'react'

export function useWidthPx(fallbackPx: number): [RefCallback<HTMLElement>, number] {
  const [widthPx, setWidthPx] = useState(fallbackPx)
  const observer = useRef<ResizeObserver | null>(null)
  const ref = useCallback((element: HTMLElement | null) => {
    observer.current?.disconnect()
    observer.current = null
    if (!element) return
    const take = (px: number): void => setWidthPx(Math.max(1, Math.floor(px)))
    observer.current = new ResizeObserver(([entry]) => entry && take(entry.contentRect.width))
    observer.current.observe(element)
    take(element.clientWidth)
  }, [])
  return [ref, widthPx]
}
