/** Tasks that cannot be drawn: how many, and a list of them with the reason and what was recorded. */
import { CalendarOff, X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { Result } from '#contract/methods'
import type { Cell, Scope } from '#contract/values'
import { Button } from '../../parts/Button.tsx'
import { count, counted } from '../../parts/format.ts'
import { IconButton } from '../../parts/IconButton.tsx'
import { StatusMark } from '../../parts/StatusMark.tsx'
import { Strip } from '../../parts/Strip.tsx'
import { useCall } from '../../state/query.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import css from './Timeline.module.css'

type Unplaced = Result<'timeline.unplaced'>['tasks'][number]
const pageTasks = 100
const mostAtOnce = 1000

export function UnplacedStrip({ untimed, impossible, tasks, open, onToggle }: { untimed: number; impossible: number; tasks: number; open: boolean; onToggle: () => void }): ReactNode {
  return (
    <Strip
      tone="warn"
      icon={CalendarOff}
      actions={
        <Button size="small" aria-expanded={open} onClick={onToggle}>
          {open ? 'Hide them' : 'List them'}
        </Button>
      }
    >
      {untimed > 0 && (
        <>
          <b className="med">{counted(untimed, 'task')}</b> {untimed === 1 ? 'has' : 'have'} no usable time{impossible > 0 ? '; ' : ''}
        </>
      )}
      {impossible > 0 && (
        <>
          <b className="med">{counted(impossible, 'task')}</b> {impossible === 1 ? 'has' : 'have'} times that cannot be
        </>
      )}
      , of {count(tasks)}.
    </Strip>
  )
}

export function UnplacedList({ sourceId, scope, onClose }: { sourceId: string; scope: Scope; onClose: (() => void) | null }): ReactNode {
  const [limit, setLimit] = useState(pageTasks)
  const [offset, setOffset] = useState(0)
  const { data, error, retry } = useCall('timeline.unplaced', { sourceId, scope, offset, limit })
  const selected = useWorkbench((s) => s.selection?.id)
  const total = data?.total ?? 0
  return (
    <section className={css['unplaced']} aria-label="Tasks without a usable time">
      <header className={css['unplacedHead']}>
        <span className="strong grow">
          Without a usable time <span className="t3">{data ? count(total) : ''}</span>
        </span>
        {onClose && <IconButton small name="Hide the list" icon={X} onClick={onClose} />}
      </header>
      {error && (
        <p className={css['unplacedNote']} role="alert">
          {error.message} <Button size="small" onClick={retry}>Try again</Button>
        </p>
      )}
      <ul className={css['unplacedTasks']} tabIndex={0} aria-label="Tasks">
        {data?.tasks.map((task) => (
          <li key={task.taskId}>
            <button type="button" aria-current={task.taskId === selected ? 'true' : undefined} className={css['unplacedTask']} onClick={() => workbench.getState().selectTask(task.taskId)}>
              <One task={task} />
            </button>
          </li>
        ))}
      </ul>
      {data && total > data.tasks.length && (
        <div className={css['unplacedNote']}>
          {count(offset + 1)}–{count(offset + data.tasks.length)} of {count(total)}
          {limit < mostAtOnce ? (
            <Button size="small" tone="link" onClick={() => setLimit(Math.min(mostAtOnce, limit * 10))}>
              Show more
            </Button>
          ) : (
            <>
              <Button size="small" tone="link" disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - limit))}>
                Before
              </Button>
              <Button size="small" tone="link" disabled={offset + limit >= total} onClick={() => setOffset(offset + limit)}>
                Next
              </Button>
            </>
          )}
        </div>
      )}
    </section>
  )
}

function One({ task: { taskId, activity, status, why, submitted, started, ended } }: { task: Unplaced }): ReactNode {
  return (
    <>
      <span className={css['unplacedTitle']}>
        <StatusMark status={status} alone />
        <span className="med ell">{activity ?? taskId}</span>
        <span className="mono t3 ell">{taskId}</span>
      </span>
      <span className="f11 waitc">{why}</span>
      <span className={css['raw']}>
        {submitted !== null && <Raw name="submitted_at" value={submitted} />}
        <Raw name="started_at" value={started} />
        <Raw name="ended_at" value={ended} />
      </span>
    </>
  )
}

const Raw = ({ name, value }: { name: string; value: Cell }): ReactNode => (
  <span className="nw">
    <span className="t3">{name} </span>
    {value === null ? <span className="null">null</span> : <span className="mono">{rawText(value)}</span>}
  </span>
)

function rawText(value: Exclude<Cell, null>): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value !== 'object') return String(value)
  return 'int' in value ? value.int : 'float' in value ? value.float : 'text' in value ? JSON.stringify(`${value.text}…`) : value.json
}
