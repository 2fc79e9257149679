/** How the agents view is shown, shared with its tools. */
import { create } from 'zustand'
import { usePref } from '../../state/prefs.ts'

export type CallsAs = 'sequence' | 'list'
const isCallsAs = (value: unknown): value is CallsAs => value === 'sequence' || value === 'list'
export const useCallsAs = (): [CallsAs, (as: CallsAs) => void] => usePref<CallsAs>('agents.as', 'sequence', isCallsAs)

/** `without`: lifelines that are not shown, by key. `folded`: kinds whose lifelines are drawn as one, or not, where the person said so. Both are of one source. */
type Shown = { sourceId: string | null; without: readonly string[]; folded: Partial<Record<'agent' | 'model' | 'tool' | 'activity', boolean>> }
export const agentsShown = create<Shown>()(() => ({ sourceId: null, without: [], folded: {} }))

export function setWithout(sourceId: string, without: readonly string[]): void {
  agentsShown.setState((state) => ({ sourceId, without, folded: state.sourceId === sourceId ? state.folded : {} }))
}

export function setFolded(sourceId: string, folded: Shown['folded']): void {
  agentsShown.setState((state) => ({ sourceId, folded: { ...(state.sourceId === sourceId ? state.folded : {}), ...folded }, without: state.sourceId === sourceId ? state.without : [] }))
}

const nothing: readonly string[] = []
const unfolded: Shown['folded'] = {}
export const useWithout = (sourceId: string): readonly string[] => agentsShown((s) => (s.sourceId === sourceId ? s.without : nothing))
export const useFolded = (sourceId: string): Shown['folded'] => agentsShown((s) => (s.sourceId === sourceId ? s.folded : unfolded))
