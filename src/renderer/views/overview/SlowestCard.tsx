/** The longest tasks in scope, and how many times the median of their activity they took. */
import type { ReactNode } from 'react'
import type { Scope } from '#contract/values'
import { Button } from '../../parts/Button.tsx'
import { decimal } from '../../parts/format.ts'
import { StatusMark } from '../../parts/StatusMark.tsx'
import { useCall } from '../../state/query.ts'
import { layoutKey, useTableLayout } from '../../state/tableLayout.ts'
import { workbench } from '../../state/workbench.ts'
import { CardState, Nothing } from '../../parts/CardState.tsx'
import css from './Overview.module.css'

export function SlowestCard({ sourceId, scope }: { sourceId: string; scope: Scope }): ReactNode {
  const answer = useCall('overview.slowest', { sourceId, scope, limit: 20 })
  const showAll = (): void => {
    workbench.getState().setRecords('tasks')
    useTableLayout.getState().change(layoutKey(sourceId, 'tasks'), { sort: [{ column: 'duration', descending: true }], groupBy: null })
    workbench.getState().openView('table')
  }
  const open = (taskId: string): void => {
    workbench.getState().setRecords('tasks')
    workbench.getState().select({ id: taskId, column: 'duration' })
    workbench.getState().setInspectorOpen(true)
  }
  return (
    <section className={css['card']} aria-label="Slowest tasks">
      <header className={css['cardHead']}>
        Slowest tasks
        <span className="grow" />
        <Button tone="ghost" size="small" onClick={showAll}>
          Show all in Table
        </Button>
      </header>
      <CardState answer={answer}>
        <div className={css['scroll']}>
          <div className={`${css['slow']} ${css['columns']}`}>
            <span />
            <span>activity</span>
            <span>task_id</span>
            <span>host</span>
            <span className="num">s</span>
            <span className="num">of p50</span>
          </div>
          {answer.data?.tasks.map((task) => (
            <button key={task.taskId} type="button" className={css['slow']} onClick={() => open(task.taskId)} title={`Inspect ${task.taskId}`}>
              <StatusMark status={task.status} alone />
              <span className="ell med">{task.activity ?? <span className="null">null</span>}</span>
              <span className="mono f11 t3 ell">{task.taskId}</span>
              <span className="t2 ell">{task.hostname ?? <span className="null">null</span>}</span>
              <span className="num">{task.seconds >= 100 ? decimal(task.seconds, 0) : decimal(Number(task.seconds.toPrecision(3)), 6)}</span>
              <span className="num t2">{task.timesMedian === null ? '' : `${decimal(task.timesMedian, task.timesMedian < 100 ? 1 : 0)}×`}</span>
            </button>
          ))}
          {answer.data?.tasks.length === 0 && <Nothing>No task in scope has both a start and an end.</Nothing>}
        </div>
      </CardState>
    </section>
  )
}
