/** The graph as it is drawn: laid out in the worker, and shown only when it is, so that nodes and their places always belong together. */
import { useEffect, useMemo, useRef, useState } from 'react'
import type { Graph } from '#contract/graph'
import { type GraphIndex, indexGraph } from '../../state/graphIndex.ts'
import { type EdgeLabel, edgeLabels } from './edgeLabels.ts'
import { type Places, layoutRequest, placesOf } from './layoutRequest.ts'
import { layOut, restLayout } from './layoutWorker.ts'
import { settle } from './placement.ts'

export type Drawing = {
  index: GraphIndex
  places: Places
  labels: ReadonlyMap<string, EdgeLabel>
  /** Whether some nodes keep the places of another answer, beside which new ones were set. */
  patched: boolean
  /** Changes when everything was laid out anew: then the whole is to be looked at. */
  round: string
}
export type Layout = { drawing: Drawing | null; working: boolean; failed: string | null }

/**
 * @param about what the graph is of: of something else nothing is known that could stay
 * @param round raised by hand to have all of it laid out again
 */
export function useLayout(graph: Graph | null, about: string, round: number, anchor: string | null): Layout & { retry: () => void } {
  const [drawing, setDrawing] = useState<(Drawing & { about: string }) | null>(null)
  const [working, setWorking] = useState(false)
  const [failed, setFailed] = useState<string | null>(null)
  const [tries, setTries] = useState(0)
  // The same graph may come again with a new revision: what is drawn stays then.
  const signature = useMemo(() => (graph ? signatureOf(graph) : null), [graph])
  /** Places by what is drawn: what was folded back, or comes again, is where it was. */
  const memory = useRef(new Map<string, { places: Places; patched: boolean }>())
  const latest = useRef({ graph, drawing, anchor })
  latest.current = { graph, drawing, anchor }
  const wholeRound = `${about} ${round}`
  useEffect(() => {
    const { graph: asked, drawing: before, anchor: fixed } = latest.current
    if (!asked || asked.nodes.length === 0) {
      setDrawing(null)
      return undefined
    }
    const index = indexGraph(asked)
    const labels = edgeLabels(index)
    const known = before?.round === wholeRound ? before.places : null
    const places = memory.current
    if (!known) places.clear()
    const remembered = places.get(keysOf(index))
    if (remembered && [...index.edges.keys()].every((id) => remembered.places.routes.has(id))) {
      setDrawing({ index, ...remembered, labels, round: wholeRound, about })
      return undefined
    }
    const controller = new AbortController()
    setWorking(true)
    setFailed(null)
    layOut(layoutRequest(index, labels), controller.signal).then(
      (answer) => {
        if (controller.signal.aborted) return
        const fresh = placesOf(answer)
        const settled = known ? settle(index, fresh, known, fixed) : fresh
        const found = { places: settled, patched: settled !== fresh && !isWhole(settled, fresh) }
        places.set(keysOf(index), found)
        setDrawing({ index, ...found, labels, round: wholeRound, about })
        setWorking(false)
      },
      (error: unknown) => {
        if (controller.signal.aborted) return
        setFailed(error instanceof Error ? error.message : String(error))
        setWorking(false)
      }
    )
    return () => controller.abort()
    // The graph is told by its signature.
  }, [signature, wholeRound, about, tries])
  useEffect(() => restLayout, [])
  // Details that need no new places, such as durations, are shown as they come.
  const shown = useMemo(() => (drawing && graph && signature !== null && drawing.index.nodes.size === graph.nodes.length ? withDetails(drawing, graph) : drawing), [drawing, graph, signature])
  return { drawing: shown, working, failed, retry: () => setTries((n) => n + 1) }
}

const keysOf = ({ nodes }: GraphIndex): string => JSON.stringify([...nodes.keys()].toSorted())

/** What the places depend on. */
const signatureOf = ({ nodes, edges }: Graph): string => JSON.stringify([nodes.map(({ key, name, count, fold, value }) => [key, name, count, fold, value]), edges.map(({ from, to, relation, via, evidence, value }) => [from, to, relation, via, evidence, value])])

function withDetails(drawing: Drawing, graph: Graph): Drawing {
  if (!graph.nodes.every(({ key }) => drawing.index.nodes.has(key))) return drawing
  return { ...drawing, index: indexGraph(graph) }
}

/** Whether all of it stands as if nothing had been there before. */
function isWhole(places: Places, fresh: Places): boolean {
  const [first] = fresh.nodes
  if (!first) return true
  const at = places.nodes.get(first[0])
  const by = { x: (at?.x ?? 0) - first[1].x, y: (at?.y ?? 0) - first[1].y }
  return [...fresh.nodes].every(([key, { x, y }]) => {
    const now = places.nodes.get(key)
    return now !== undefined && Math.abs(now.x - x - by.x) < 0.5 && Math.abs(now.y - y - by.y) < 0.5
  })
}
