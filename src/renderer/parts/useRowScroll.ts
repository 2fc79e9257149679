/** Size and scroll position of rows of any number, with exact wheel steps where one pixel of the scrollbar is many rows. */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { scrollMap } from './scrollMap.ts'

export type RowScroll = ReturnType<typeof useRowScroll>

/** Of rows below a head that stays: both of fixed heights, in pixels. */
export function useRowScroll(scroller: RefObject<HTMLElement | null>, { rows, rowPx, headPx }: { rows: number; rowPx: number; headPx: number }) {
  const [size, setSize] = useState({ widthPx: 0, rowsPx: 0 })
  const [position, setPosition] = useState({ scrollTop: 0, topPx: 0 })
  const map = useMemo(() => scrollMap(rows, rowPx, Math.max(1, size.rowsPx)), [rows, rowPx, size.rowsPx])
  const exact = useRef<{ topPx: number; scrollTop: number } | null>(null)
  const present = useRef(map)
  present.current = map

  const goTo = useCallback(
    (topPx: number) => {
      const element = scroller.current
      if (!element) return
      const map = present.current
      const top = Math.min(Math.max(0, topPx), map.maxTopPx)
      element.scrollTop = map.scrollTopOf(top)
      exact.current = { topPx: top, scrollTop: element.scrollTop }
      setPosition({ scrollTop: element.scrollTop, topPx: top })
    },
    [scroller]
  )
  const look = useCallback(() => {
    const element = scroller.current
    if (!element) return
    const { scrollTop } = element
    const known = exact.current
    const topPx = known && Math.abs(known.scrollTop - scrollTop) < 1 ? known.topPx : present.current.topOf(scrollTop)
    if (known && topPx !== known.topPx) exact.current = null
    setPosition((before) => (before.scrollTop === scrollTop && before.topPx === topPx ? before : { scrollTop, topPx }))
  }, [scroller])
  // More rows below change nothing of what is seen: only then the page need not be laid out to know where it is.
  const { topPx } = position
  const stays = !map.scaled && topPx <= map.maxTopPx
  useEffect(() => {
    if (!stays) look()
  }, [map, stays, look])
  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    const observer = new ResizeObserver(() => setSize({ widthPx: element.clientWidth, rowsPx: Math.max(0, element.clientHeight - headPx) }))
    observer.observe(element)
    return () => observer.disconnect()
  }, [scroller, headPx])
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    const onWheel = (event: WheelEvent): void => {
      const map = present.current
      if (!map.scaled || event.ctrlKey || event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return
      event.preventDefault()
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? rowPx : event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? element.clientHeight : 1
      goTo((exact.current?.topPx ?? map.topOf(element.scrollTop)) + event.deltaY * unit)
    }
    look()
    element.addEventListener('scroll', look, { passive: true })
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => {
      element.removeEventListener('scroll', look)
      element.removeEventListener('wheel', onWheel)
    }
  }, [scroller, rowPx, goTo, look])
  return { ...size, ...position, map, goTo }
}
