/** The Overview: what ran, how it ended, where the time went, what failed, and whether the provenance itself is sound. */
import { CircleX } from 'lucide-react'
import type { ReactNode } from 'react'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { useSource } from '../../state/sources.ts'
import { useTaskScope } from '../../state/useScope.ts'
import { ActivitiesCard } from './ActivitiesCard.tsx'
import { ErrorsCard } from './ErrorsCard.tsx'
import { OverTimeCard } from './OverTimeCard.tsx'
import { QualityCard } from './QualityCard.tsx'
import { SlowestCard } from './SlowestCard.tsx'
import { SummaryCard } from './SummaryCard.tsx'
import css from './Overview.module.css'

export function Overview(): ReactNode {
  const source = useSource()
  const scope = useTaskScope()
  if (!source) return null
  if (source.state === 'failed') {
    return (
      <EmptyState icon={CircleX} tone="error" title={`${source.name} could not be read`}>
        {source.error}
      </EmptyState>
    )
  }
  const params = { sourceId: source.sourceId, scope }
  return (
    <div className={css['view']} tabIndex={0} role="group" aria-label="Overview">
      <SummaryCard source={source} {...params} />
      <div className={css['wide']}>
        <ActivitiesCard {...params} />
        <OverTimeCard {...params} />
      </div>
      <div className={css['three']}>
        <SlowestCard {...params} />
        <ErrorsCard {...params} />
        <QualityCard {...params} />
      </div>
    </div>
  )
}
