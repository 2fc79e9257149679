/** A third run makes a sweep of the two that are compared. */
import { Plus } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { Run } from '#contract/compare'
import { Button } from '../../parts/Button.tsx'
import { Popover } from '../../parts/Popover.tsx'
import { sameRun } from '../../state/compare.ts'
import { workbench } from '../../state/workbench.ts'
import css from './Compare.module.css'
import { RunList } from './RunList.tsx'

export function AddRun({ a, b }: { a: Run; b: Run }): ReactNode {
  const [open, setOpen] = useState(false)
  const why = whyNot(a, b)
  const add = (run: Run): void => {
    setOpen(false)
    if (a.id === null || b.id === null || run.id === null || a.kind === 'all') return
    workbench.getState().openSource(a.sourceId)
    workbench.getState().setCompare({ as: 'sweep', row: a.kind, runs: [...new Set([a.id, b.id, run.id])], chosen: a.id })
  }
  const button = (
    <Button size="small" icon={Plus} disabled={why !== null} title={why ?? 'Makes a sweep of these runs'}>
      Add run
    </Button>
  )
  if (why !== null) return button
  return (
    <Popover name="Add a run" align="end" open={open} onOpenChange={setOpen} trigger={button} className={css['pickerLayer']}>
      <RunList name="Run to add" onPick={add} sourceId={a.sourceId} isOffered={(run) => run.kind === a.kind && !sameRun(run, a) && !sameRun(run, b)} current={null} />
    </Popover>
  )
}

function whyNot(a: Run, b: Run): string | null {
  if (a.sourceId !== b.sourceId) return 'The runs of a sweep are of one source; these lie in two.'
  if (a.kind !== b.kind || a.kind === 'all') return 'The runs of a sweep are workflows, or campaigns; these are not of one kind.'
  return null
}
