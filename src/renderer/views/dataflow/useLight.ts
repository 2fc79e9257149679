/** Lights what is pointed at, else what is chosen. Passing over a node on the way to another lights nothing. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { type GraphIndex, reachOf } from '../../state/graphIndex.ts'
import { lit } from './lit.ts'

const hoverAfterMs = 90

export function useLight(index: GraphIndex, chosen: string | null): (key: string | null) => void {
  const [hovered, setHovered] = useState<string | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  const at = hovered !== null && index.nodes.has(hovered) ? hovered : chosen !== null && (index.nodes.has(chosen) || index.edges.has(chosen)) ? chosen : null
  useEffect(() => {
    lit.setState({ at, reach: at === null ? null : reachOf(index, at) })
  }, [index, at])
  useEffect(() => () => clearTimeout(timer.current ?? undefined), [])
  return useCallback((key) => {
    clearTimeout(timer.current ?? undefined)
    timer.current = setTimeout(() => setHovered(key), hoverAfterMs)
  }, [])
}
