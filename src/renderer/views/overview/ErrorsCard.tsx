/** What failed: by message, over time, and by activity. */
import type { ReactNode } from 'react'
import type { Scope } from '#contract/values'
import { count, counted, decimal, percent } from '../../parts/format.ts'
import { useCall } from '../../state/query.ts'
import { workbench } from '../../state/workbench.ts'
import { CardState, Nothing } from '../../parts/CardState.tsx'
import css from './Overview.module.css'

const sparkPx = 84

export function ErrorsCard({ sourceId, scope }: { sourceId: string; scope: Scope }): ReactNode {
  const answer = useCall('overview.errors', { sourceId, scope, limit: 12, bins: 21 })
  const summary = useCall('overview.summary', { sourceId, scope })
  const errors = answer.data
  const tasks = summary.data?.tasks ?? 0
  const narrow = (filters: Record<string, unknown>[]): void => {
    workbench.getState().addChips(filters)
    workbench.getState().setRecords('tasks')
    workbench.getState().openView('table')
  }
  return (
    <section className={css['card']} aria-label="Errors">
      <header className={css['cardHead']}>
        Errors
        {errors && (
          <span className={css['count']}>
            {count(errors.errors)}
            {tasks > 0 && errors.errors > 0 ? `, ${percent(errors.errors / tasks)} of tasks` : ''}
          </span>
        )}
      </header>
      <CardState answer={answer}>
        {errors && (
          <div className={css['scroll']}>
            {errors.errors === 0 ? (
              <Nothing>No task in scope ended in an error.</Nothing>
            ) : (
              <>
                <div className={`${css['error']} ${css['columns']}`}>
                  <span>message in stderr</span>
                  <span>over time</span>
                  <span className="num">tasks</span>
                </div>
                {errors.messages.map((message) => (
                  <button key={message.text ?? '\u0000'} type="button" className={css['error']} disabled={message.filter === null} onClick={() => message.filter && narrow([message.filter])} title={message.text ?? undefined}>
                    <span className="mono f11 ell">{message.text ?? <span className="null">no message</span>}</span>
                    <Spark bins={message.bins} />
                    <span className="num">{count(message.tasks)}</span>
                  </button>
                ))}
                {errors.totalMessages > errors.messages.length && <Nothing>{counted(errors.totalMessages - errors.messages.length, 'more message')}, each rarer than these.</Nothing>}
                <div className={`${css['error']} ${css['columns']} ${css['again']}`}>
                  <span>activity with most errors</span>
                  <span />
                  <span className="num">share %</span>
                </div>
                {errors.activities.map(({ activity, tasks: failed, share }) => (
                  <button key={activity ?? '\u0000'} type="button" className={css['error']} onClick={() => narrow([{ activity_id: activity }, { status: 'ERROR' }])}>
                    <span className="ell">{activity ?? <span className="null">no activity_id</span>}</span>
                    <span className="t2">{counted(failed, 'task')}</span>
                    <span className="num">{decimal(share * 100, 1)}</span>
                  </button>
                ))}
              </>
            )}
          </div>
        )}
      </CardState>
    </section>
  )
}

function Spark({ bins }: { bins: readonly number[] }): ReactNode {
  const most = Math.max(1, ...bins)
  const step = sparkPx / Math.max(1, bins.length)
  return (
    <svg width={sparkPx} height="16" aria-hidden="true">
      {bins.map((n, index) => (
        <rect key={index} x={index * step} y={16 - Math.max(n > 0 ? 1 : 0, (n / most) * 16)} width={Math.max(1, step - 1)} height={n === 0 ? 0 : Math.max(1, (n / most) * 16)} fill="var(--err-fill)" />
      ))}
    </svg>
  )
}
