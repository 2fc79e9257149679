/** The scope of what is shown now, for components. */
import { useMemo } from 'react'
import { useShallow } from 'zustand/react/shallow'
import type { Scope } from '#contract/values'
import { scopeOf } from './scope.ts'
import { workbench } from './workbench.ts'

/** The scope of what is shown now. The same object as long as nothing in it changes. */
export function useScope(): Scope {
  const [node, chips, search, range, records] = workbench(useShallow((s) => [s.node, s.chips, s.search, s.range, s.records] as const))
  return useMemo(() => scopeOf({ node, chips, search, range }, records), [node, chips, search, range, records])
}

/** The scope as it applies to tasks, whatever records the table shows: for the overview. */
export function useTaskScope(): Scope {
  const [node, chips, search, range] = workbench(useShallow((s) => [s.node, s.chips, s.search, s.range] as const))
  return useMemo(() => scopeOf({ node, chips, search, range }, 'tasks'), [node, chips, search, range])
}
