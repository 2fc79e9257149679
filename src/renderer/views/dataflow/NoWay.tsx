/** What stands where no way leads from one task to another: whether one leads back, and where else to look. */
import { ArrowLeftRight, Spline } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import type { Source } from '#contract/sources'
import { Button } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { ask, hasWay, useDataflow } from '../../state/lineage.ts'
import { type Lineage, workbench } from '../../state/workbench.ts'

export function NoWay({ source, lineage }: { source: Source; lineage: Lineage }): ReactNode {
  const { taskId, to } = lineage
  const inferred = useDataflow((s) => s.inferred)
  const [back, setBack] = useState<boolean | null>(null)
  useEffect(() => {
    let asked = true
    setBack(null)
    if (to !== null) void hasWay(source.sourceId, to, taskId).then((has) => asked && setBack(has))
    return () => {
      asked = false
    }
  }, [source.sourceId, source.revision, taskId, to, inferred])
  const { openLineage } = workbench.getState()
  return (
    <EmptyState
      icon={Spline}
      title="No way leads from the one to the other"
      actions={
        <>
          {back === true && (
            <Button icon={ArrowLeftRight} onClick={() => to !== null && openLineage({ ...lineage, taskId: to, to: taskId })}>
              Show the way back
            </Button>
          )}
          {!inferred && <Button onClick={() => ask({ inferred: true })}>Look at inferred edges too</Button>}
          <Button onClick={() => openLineage({ ...lineage, to: null })}>Lineage of the first</Button>
        </>
      }
    >
      Nothing that <span className="mono">{taskId}</span> generated reached <span className="mono">{to}</span>
      {inferred ? '.' : ' by captured edges.'} {back === true ? 'In the other direction there is a way.' : back === false ? 'There is none in the other direction either.' : ''}
    </EmptyState>
  )
}
