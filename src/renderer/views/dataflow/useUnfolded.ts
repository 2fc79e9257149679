/** What came out of which fold, and what is chosen when that changes. */
import { useEffect, useMemo, useRef } from 'react'
import type { GraphIndex } from '../../state/graphIndex.ts'
import { choose, dataflow, useDataflow } from '../../state/lineage.ts'
import { chooseNode } from './graphActions.ts'

/** What was chosen and is folded or unfolded now leaves its place to what came instead of it. */
export function useStillChosen(index: GraphIndex, round: string): void {
  const before = useRef({ index, round })
  useEffect(() => {
    const { index: old, round: oldRound } = before.current
    before.current = { index, round }
    const { chosen } = dataflow.getState()
    if (old === index || oldRound !== round || chosen === null || !old.nodes.has(chosen) || index.nodes.has(chosen)) return
    const instead = [...index.nodes.values()].find(({ key, kind }) => !old.nodes.has(key) && kind === old.nodes.get(chosen)?.kind)
    if (instead) chooseNode(index, instead.key)
    else choose(null)
  }, [index, round])
}

/** Which nodes came out of which fold: those that were not there before it was unfolded. */
export function useUnfolded(index: GraphIndex): (key: string) => readonly string[] {
  const unfolded = useDataflow((s) => s.unfolded)
  const memory = useRef<{ keys: ReadonlySet<string>; unfolded: readonly string[]; parents: Map<string, readonly string[]> }>({ keys: new Set(), unfolded: [], parents: new Map() })
  const parents = useMemo(() => {
    const before = memory.current
    const keys = new Set(index.nodes.keys())
    const opened = unfolded.filter((fold) => !before.unfolded.includes(fold))
    const next = new Map([...before.parents].map(([key, folds]): [string, readonly string[]] => [key, folds.filter((fold) => unfolded.includes(fold))]).filter(([, folds]) => folds.length > 0))
    if (opened.length > 0 && ![...keys].every((key) => before.keys.has(key))) {
      for (const key of keys) if (!before.keys.has(key)) next.set(key, opened)
      memory.current = { keys, unfolded, parents: next }
    } else if (opened.length === 0) memory.current = { keys, unfolded, parents: next }
    return next
  }, [index, unfolded])
  return (key) => parents.get(key) ?? []
}
