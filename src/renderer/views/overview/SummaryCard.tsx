/** The head of the overview: what it is of, how its tasks ended, and the five figures people ask for first. */
import { Layers, Workflow } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Source } from '#contract/sources'
import { type Scope, statuses } from '#contract/values'
import { count, counted, decimal, seconds } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { StatusMark, statusWord } from '../../parts/StatusMark.tsx'
import { useCall } from '../../state/query.ts'
import { words } from '../../state/words.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import { CardState } from '../../parts/CardState.tsx'
import { Term } from '../../parts/Term.tsx'
import css from './Overview.module.css'

const order = ['FINISHED', 'ERROR', 'RUNNING', 'WAITING', 'SUBMITTED', 'UNKNOWN']
const rank = (status: string): number => (order.includes(status) ? order.indexOf(status) : order.length)

export function SummaryCard({ source, sourceId, scope }: { source: Source; sourceId: string; scope: Scope }): ReactNode {
  const answer = useCall('overview.summary', { sourceId, scope })
  const node = useWorkbench((s) => s.node)
  const summary = answer.data
  const parts = Object.entries(summary?.statuses ?? {}).filter(([, tasks]) => tasks > 0).sort(([a], [b]) => rank(a) - rank(b))
  const title = node?.name ?? summary?.workflow?.name ?? source.name
  const about = summary
    ? [
        node && summary.workflow?.campaign,
        summary.workflow && summary.workflow.name !== title ? summary.workflow.name : null,
        summary.workflow ? null : counted(summary.workflows, 'workflow'),
        summary.users.slice(0, 2).join(', '),
        summary.flowceptVersions.length > 0 ? `Flowcept ${summary.flowceptVersions.join(', ')}` : null
      ].filter(Boolean)
    : []
  return (
    <section className={css['summary']} aria-label="Summary">
      <CardState answer={answer}>
        {summary && (
          <>
            <div className={css['subject']}>
              <div className="row" style={{ gap: 6 }}>
                <Icon of={node?.kind === 'campaign' ? Layers : Workflow} size={16} className="acc" />
                <span className={css['title']} title={summary.workflow?.description ?? title}>
                  {title}
                </span>
                {summary.workflow && <span className="mono f11 t3">{summary.workflow.id.slice(0, 8)}</span>}
              </div>
              <div className="f11 t3 ell" title={about.join(', ')}>
                {about.join(', ')}
              </div>
            </div>
            <span className={css['rule']} />
            <div className={css['statuses']}>
              <div className={css['bar']} role="img" aria-label={parts.map(([status, tasks]) => `${statusWord(status).word} ${count(tasks)}`).join(', ') || 'No tasks in scope'}>
                {parts.map(([status, tasks]) => (
                  <i key={status} data-status={statuses.find((known) => known === status) ?? 'UNKNOWN'} style={{ flexGrow: Math.max(tasks, summary.tasks / 250) }} />
                ))}
                {parts.length === 0 && <i data-status="none" style={{ flexGrow: 1 }} />}
              </div>
              <div className={css['legend']}>
                {parts.map(([status, tasks]) => (
                  <button key={status} type="button" className={css['legendItem']} title={`Only tasks with status ${status}`} onClick={() => workbench.getState().addChips([{ status }], { replace: 'status' })}>
                    <StatusMark status={status === '' ? null : status} />
                    <b className="med">{count(tasks)}</b>
                  </button>
                ))}
                {parts.length === 0 && <span className="t3">No tasks in scope</span>}
              </div>
            </div>
            <span className={css['rule']} />
            <Figure value={summary.wallSeconds === null ? null : clockLength(summary.wallSeconds)} name={<Term {...words.wall}>wall time</Term>} />
            <Figure value={summary.busySeconds === null ? null : clockLength(summary.busySeconds)} name={<Term {...words.busy}>busy time</Term>} />
            <Figure value={summary.tasksPerSecond === null ? null : { text: decimal(summary.tasksPerSecond, summary.tasksPerSecond < 10 ? 2 : 1), unit: '' }} name="tasks per second" />
            <Figure value={{ text: count(summary.activities), unit: '' }} name={<Term {...words.activity}>{summary.activities === 1 ? 'activity' : 'activities'}</Term>} />
            <Figure value={{ text: count(summary.hosts), unit: '' }} name={summary.hosts === 1 ? 'host' : 'hosts'} />
            {summary.llmTokens !== null && <Figure value={short(summary.llmTokens)} name="LLM tokens" />}
          </>
        )}
      </CardState>
    </section>
  )
}

function Figure({ value, name }: { value: { text: string; unit: string } | null; name: ReactNode }): ReactNode {
  return (
    <div className={css['figure']}>
      <div className={css['big']}>
        {value === null ? <span className="null">null</span> : value.text}
        {value && value.unit !== '' && <small> {value.unit}</small>}
      </div>
      <div className="f11 t3 nw">{name}</div>
    </div>
  )
}

/** The first part of a length of time large, the rest small: `44 min` and `13 s`. */
function clockLength(value: number): { text: string; unit: string } {
  const [text = '', ...unit] = seconds(value, 2).split(' ')
  return { text, unit: unit.join(' ') }
}

const short = (n: number): { text: string; unit: string } => (n < 10_000 ? { text: count(n), unit: '' } : n < 1e6 ? { text: decimal(n / 1e3, 1), unit: 'k' } : { text: decimal(n / 1e6, 1), unit: 'M' })
