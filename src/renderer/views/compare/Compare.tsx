/** The view Compare: two runs side by side, or the N runs of a sweep. */
import type { ReactNode } from 'react'
import { useSource } from '../../state/sources.ts'
import { useWorkbench } from '../../state/workbench.ts'
import { Sweep } from './Sweep.tsx'
import { TwoRuns } from './TwoRuns.tsx'

export function Compare(): ReactNode {
  const source = useSource()
  const as = useWorkbench((s) => s.compare.as)
  if (!source) return null
  return as === 'sweep' ? <Sweep source={source} /> : <TwoRuns source={source} />
}
