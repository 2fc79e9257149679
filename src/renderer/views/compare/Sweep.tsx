/** The N runs of a sweep. */
import type { ReactNode } from 'react'
import type { Source } from '#contract/sources'

export function Sweep({ source }: { source: Source }): ReactNode {
  return <div>{source.name}</div>
}
