/** What is lit while something is chosen or pointed at: it, what leads there and what came of it. The rest is dimmed. */
import { create } from 'zustand'
import type { Reach } from '../../state/graphIndex.ts'

type Lit = {
  reach: Reach | null
  /** The one way between two tasks that is drawn heavier than the others. */
  way: Reach | null
  /** What it is lit for. */
  at: string | null
}

export const lit = create<Lit>()(() => ({ reach: null, way: null, at: null }))

export type Light = 'plain' | 'lit' | 'way' | 'dim'
const lightOf = (part: 'nodes' | 'edges', id: string) => ({ reach, way }: Lit): Light => (reach && !reach[part].has(id) ? 'dim' : way?.[part].has(id) ? 'way' : reach ? 'lit' : 'plain')

export const useNodeLight = (key: string): Light => lit(lightOf('nodes', key))
export const useEdgeLight = (id: string): Light => lit(lightOf('edges', id))
