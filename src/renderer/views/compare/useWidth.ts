/** The width of an element, followed. */
import { type RefCallback, useCallback, useRef, useState } from 'react'

export function useWidth(fallbackPx: number): [RefCallback<HTMLElement>, number] {
  const [widthPx, setWidthPx] = useState(fallbackPx)
  const observer = useRef<ResizeObserver | null>(null)
  const ref = useCallback((element: HTMLElement | null) => {
    observer.current?.disconnect()
    observer.current = null
    if (!element) return
    observer.current = new ResizeObserver(([entry]) => entry && setWidthPx(Math.max(1, Math.floor(entry.contentRect.width))))
    observer.current.observe(element)
    setWidthPx(Math.max(1, Math.floor(element.clientWidth)))
  }, [])
  return [ref, widthPx]
}
