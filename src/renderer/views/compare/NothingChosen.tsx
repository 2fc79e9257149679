/** Nothing is chosen yet: what would be here, and the likeliest choices. */
import { GitCompareArrows } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { RunFigure } from '#contract/compare'
import type { Source } from '#contract/sources'
import { Button } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { counted } from '../../parts/format.ts'
import { Popover } from '../../parts/Popover.tsx'
import { markRun } from '../../state/compare.ts'
import { useCall } from '../../state/query.ts'
import { useEngine } from '../../state/sources.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import css from './Compare.module.css'
import { RunList } from './RunList.tsx'
import { shortName } from './runWords.ts'

const asked = 1000

export function NothingChosen({ source }: { source: Source }): ReactNode {
  const { sourceId } = source
  const sources = useEngine((s) => s.sources.length)
  const first = useCall('compare.runs', { sourceId, limit: asked })
  const total = first.data?.total ?? 0
  const last = useCall('compare.runs', total > asked ? { sourceId, offset: Math.max(0, total - asked), limit: asked } : null)
  const [open, setOpen] = useState(false)
  if (first.error && !first.data) {
    return (
      <EmptyState icon={GitCompareArrows} tone="error" title="The runs could not be listed" actions={<Button onClick={first.retry}>Try again</Button>}>
        {first.error.message}
      </EmptyState>
    )
  }
  if (!first.data) return <div className={css['waiting']}>Looking for runs…</div>
  const runs = (total > asked ? (last.data?.runs ?? []) : first.data.runs)
  const workflows = runs.filter(({ run }) => run.kind === 'workflow' && run.id !== null)
  const [one, two] = workflows.toSorted((x, y) => (x.start ?? -Infinity) - (y.start ?? -Infinity)).slice(-2)
  const choose = (
    <Popover name="Choose run A" open={open} onOpenChange={setOpen} className={css['pickerLayer']} trigger={<Button>Choose run A…</Button>}>
      <RunList
        name="Runs for A"
        current={null}
        onPick={(run) => {
          setOpen(false)
          markRun(run, 'a')
        }}
      />
    </Popover>
  )
  if (!one || !two) {
    return (
      <EmptyState icon={GitCompareArrows} title={workflows.length === 1 ? 'There is one run here, and nothing to compare it with' : 'There is no workflow here to compare'} actions={sources > 1 || total > 1 ? <>{choose}<TasksAsSweep /></> : <TasksAsSweep />}>
        {sources > 1 ? 'Another open source may hold the other run.' : 'Open a second file with another run, and the two are compared across sources.'} The tasks of this one can be compared with each other, as a sweep.
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={GitCompareArrows}
      title="Two runs, side by side"
      actions={
        <>
          <Button tone="primary" onClick={() => (markRun(one.run, 'a'), markRun(two.run, 'b'))} title={`${shortName(one)} and ${shortName(two)}`}>
            Compare the two latest workflows
          </Button>
          {choose}
          <AsSweep workflows={workflows} />
        </>
      }
    >
      What differs in parameters, inputs, outputs, times and telemetry, which tasks are missing, and where the values first diverged. Choose two runs of any open source: in the navigator by the menu of a row, or by C on the chosen one.
    </EmptyState>
  )
}

function AsSweep({ workflows }: { workflows: readonly RunFigure[] }): ReactNode {
  const node = useWorkbench((s) => s.node)
  return (
    <Button onClick={() => workbench.getState().setCompare({ as: 'sweep', row: 'workflow', runs: null })}>
      {node?.kind === 'campaign' ? `Compare the workflows of ${node.name} as a sweep` : `Compare all ${counted(workflows.length, 'workflow')} as a sweep`}
    </Button>
  )
}

const TasksAsSweep = (): ReactNode => <Button onClick={() => workbench.getState().setCompare({ as: 'sweep', row: 'task', runs: null })}>Compare its tasks as a sweep</Button>
