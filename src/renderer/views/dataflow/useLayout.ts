/** The graph as it is drawn: laid out in the worker, and shown only when it is, so that nodes and their places always belong together. */
import { useEffect, useMemo, useRef, useState } from 'react'
import type { Graph } from '#contract/graph'
import { type GraphIndex, indexGraph } from '../../state/graphIndex.ts'
import { type EdgeLabel, edgeLabels } from './edgeLabels.ts'
import { type Places, layoutRequest, placesOf } from './layoutRequest.ts'
import { layOut, restLayout } from './layoutWorker.ts'
import { settle } from './placement.ts'
import { quickPlaces } from './quickPlaces.ts'

type Found = {
  places: Places
  /** Whether laying all of it out again would give another picture. */
  patched: boolean
}
export type Drawing = Found & {
  index: GraphIndex
  labels: ReadonlyMap<string, EdgeLabel>
  /** Changes when everything was laid out anew: then the whole is to be looked at. */
  round: string
}
export type Layout = { drawing: Drawing | null; working: boolean; failed: string | null; retry: () => void }

/** After it a large graph is drawn roughly. Its real layout is shown when it is asked for: nothing jumps by itself. */
const roughAfterMs = 2500
const keptDrawings = 30

/**
 * @param about what the graph is of: of something else nothing is known that could stay
 * @param round raised by hand to have all of it laid out again
 */
export function useLayout(graph: Graph | null, about: string, round: number, anchor: string | null): Layout {
  const [drawing, setDrawing] = useState<Drawing | null>(null)
  const [working, setWorking] = useState(false)
  const [failed, setFailed] = useState<string | null>(null)
  const [tries, setTries] = useState(0)
  // The same graph may come again with a new revision: what is drawn stays then.
  const signature = useMemo(() => (graph ? signatureOf(graph) : null), [graph])
  const memory = useRef<Memory>({ found: new Map(), fresh: new Map() })
  const latest = useRef({ graph, drawing, anchor })
  latest.current = { graph, drawing, anchor }
  const wholeRound = `${about} ${round}`
  useEffect(() => {
    const { graph: asked, drawing: before, anchor: fixed } = latest.current
    setFailed(null)
    setWorking(false)
    if (!asked || asked.nodes.length === 0 || signature === null) {
      setDrawing(null)
      return undefined
    }
    const index = indexGraph(asked)
    const labels = edgeLabels(index)
    const known = before?.round === wholeRound ? before.places : null
    const show = (found: Found): void => setDrawing({ index, labels, round: wholeRound, ...found })
    const { found, fresh } = memory.current
    if (!known) found.clear()
    const again = found.get(signature) ?? (known ? undefined : whole(fresh.get(signature)))
    if (again) {
      show(again)
      return undefined
    }
    const take = (answer: Places): void => {
      keep(fresh, signature, answer)
      const settled = known ? settle(index, answer, known, fixed) : answer
      const result = { places: settled, patched: settled !== answer && !isWhole(settled, answer) }
      keep(found, signature, result)
      show(result)
    }
    const controller = new AbortController()
    let isRough = false
    const rough = setTimeout(() => {
      isRough = true
      const quick = quickPlaces(index)
      show({ places: known ? settle(index, quick, known, fixed) : quick, patched: true })
    }, roughAfterMs)
    setWorking(true)
    layOut(layoutRequest(index, labels), controller.signal)
      .then(
        (answer) => (isRough ? keep(fresh, signature, placesOf(answer)) : take(placesOf(answer))),
        (error: unknown) => {
          if (!controller.signal.aborted && !isRough) setFailed(error instanceof Error ? error.message : String(error))
        }
      )
      .finally(() => {
        clearTimeout(rough)
        if (!controller.signal.aborted) setWorking(false)
      })
    return () => {
      clearTimeout(rough)
      controller.abort()
    }
    // The graph is told by its signature.
  }, [signature, wholeRound, tries])
  useEffect(() => restLayout, [])
  // Details that need no new places, such as durations, are shown as they come.
  const shown = useMemo(() => (drawing && graph ? withDetails(drawing, graph) : drawing), [drawing, graph])
  return { drawing: shown, working, failed, retry: () => setTries((n) => n + 1) }
}

/** `found`: of this round, so that what is folded back is where it was; `fresh`: what the worker said, as if nothing had been there. */
type Memory = { found: Map<string, Found>; fresh: Map<string, Places> }
const whole = (places: Places | undefined): Found | undefined => places && { places, patched: false }

function keep<T>(known: Map<string, T>, signature: string, value: T): void {
  known.delete(signature)
  known.set(signature, value)
  for (const key of known.keys()) {
    if (known.size <= keptDrawings) return
    known.delete(key)
  }
}

/** What the places depend on. */
const signatureOf = ({ nodes, edges }: Graph): string =>
  JSON.stringify([nodes.map(({ key, name, count, fold, value }) => [key, name, count, fold, value]), edges.map(({ from, to, relation, via, evidence, value }) => [from, to, relation, via, evidence, value])])

function withDetails(drawing: Drawing, graph: Graph): Drawing {
  const { nodes } = drawing.index
  return nodes.size === graph.nodes.length && graph.nodes.every(({ key }) => nodes.has(key)) ? { ...drawing, index: indexGraph(graph) } : drawing
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
