/** The N runs of a sweep: what is sought, all runs as lines, as rows and as points, and the chosen one beside the best. */
import { ChartNetwork } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Source } from '#contract/sources'
import { Button } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { count, counted } from '../../parts/format.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import { BestCard } from './BestCard.tsx'
import css from './Sweep.module.css'
import { ObjectiveBar } from './ObjectiveBar.tsx'
import { ParallelCard } from './ParallelCard.tsx'
import { RunsTable } from './RunsTable.tsx'
import { ScatterCard } from './ScatterCard.tsx'
import { nounOf, useSweep } from './useSweep.ts'

export function Sweep({ source }: { source: Source }): ReactNode {
  const answer = useSweep(source.sourceId)
  const row = useWorkbench((s) => s.compare.row)
  const { many } = nounOf[row]
  if (answer.state === 'failed') {
    return (
      <EmptyState icon={ChartNetwork} tone="error" title={`The ${many} could not be compared`} actions={<Button onClick={answer.retry}>Try again</Button>}>
        {answer.message}
      </EmptyState>
    )
  }
  if (answer.state === 'waiting') return <div className={css['waiting']}>Comparing {many}…</div>
  if (answer.state === 'empty') return <NoRuns />
  const { sweep } = answer
  return (
    <div className={css['view']} tabIndex={0} role="group" aria-label="Compare as a sweep" aria-busy={sweep.loading || undefined}>
      <Chosen total={sweep.runs} />
      <ObjectiveBar sweep={sweep} />
      {sweep.runs === 1 && <p className={css['hint']}>There is one {nounOf[row].one} in scope: a sweep has more. Widen the scope, or make a row of each {row === 'task' ? 'workflow' : 'task'}.</p>}
      <ParallelCard sweep={sweep} />
      <div className={css['below']}>
        <RunsTable sweep={sweep} />
        <div className={css['side']}>
          <ScatterCard sweep={sweep} />
          <BestCard sweep={sweep} />
        </div>
      </div>
    </div>
  )
}

/** That only some runs were chosen for the sweep is said, and can be undone. */
function Chosen({ total }: { total: number }): ReactNode {
  const runs = useWorkbench((s) => s.compare.runs)
  if (runs === null) return null
  return (
    <p className={css['chosenRuns']}>
      {counted(runs.length, 'chosen run')}
      {runs.length > total && <span className="waitc">, {count(runs.length - total)} of them not in scope</span>}
      <Button tone="link" size="small" onClick={() => workbench.getState().setCompare({ runs: null })}>
        Compare all in scope
      </Button>
    </p>
  )
}

function NoRuns(): ReactNode {
  const { row, runs } = useWorkbench((s) => s.compare)
  const { setCompare } = workbench.getState()
  return (
    <EmptyState
      icon={ChartNetwork}
      title={`No ${nounOf[row].one === 'run' ? 'workflow' : nounOf[row].one} in scope has tasks`}
      actions={
        <>
          {runs !== null && <Button onClick={() => setCompare({ runs: null })}>Compare all in scope</Button>}
          {row !== 'task' && <Button onClick={() => setCompare({ row: 'task', runs: null })}>Compare tasks instead</Button>}
        </>
      }
    >
      A sweep is a table of runs: parameters and results as columns, with the best by an objective.
    </EmptyState>
  )
}
