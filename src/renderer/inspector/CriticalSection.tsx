/** While the timeline is open: the critical path step by step, what the run waits for now, what is next by slack, and the slack of the chosen task. */
import { type ReactNode, useState } from 'react'
import type { Result } from '#contract/methods'
import type { Source } from '#contract/sources'
import { count, counted, seconds } from '../parts/format.ts'
import { StatusMark } from '../parts/StatusMark.tsx'
import { Term } from '../parts/Term.tsx'
import { frozenAt } from '../state/liveSource.ts'
import { useNow } from '../state/now.ts'
import { type Answer, useCall } from '../state/query.ts'
import { useTimelineOptions } from '../state/timeline.ts'
import { useTaskScope } from '../state/useScope.ts'
import { words } from '../state/words.ts'
import { useWorkbench, workbench } from '../state/workbench.ts'
import css from './CriticalSection.module.css'
import { Section } from './Section.tsx'

type Critical = Result<'critical.path'>
type Step = Critical['path'][number]
/** As the drawing asks for it: one question for both. */
const mostSteps = 1000
const firstSteps = 12
const shownNext = 5

/** @param taskId the chosen task, whose slack is told */
export function CriticalSection({ source, taskId = null }: { source: Source; taskId?: string | null }): ReactNode {
  const { sourceId } = source
  const isShown = useWorkbench((s) => s.view === 'timeline')
  const [{ critical, inferred }] = useTimelineOptions()
  const scope = useTaskScope()
  const answer = useCall('critical.path', isShown && critical ? { sourceId, scope, inferred, limit: mostSteps } : null)
  if (!isShown || !critical) return null
  const { data, error } = answer
  const figure = data && data.steps > 0 ? `${seconds(data.seconds, 1)} over ${counted(data.steps, 'task')}` : ''
  return (
    <>
      <Section id="critical" title="Critical path" figure={figure}>
        {error && <p className={css['note']}>{error.message}</p>}
        {!data && !error && <p className={css['note']}>Looking for the longest chain of tasks that need each other.</p>}
        {taskId !== null && data && <Slack source={source} taskId={taskId} path={data.path} />}
        {data && <Path data={data} taskId={taskId} />}
      </Section>
      {data?.waitingFor && <WaitingFor source={source} answer={answer} waiting={data.waitingFor} next={data.next} />}
    </>
  )
}

function Path({ data, taskId }: { data: Critical; taskId: string | null }): ReactNode {
  const [all, setAll] = useState(false)
  if (data.steps === 0) return <p className={css['note']}>No task in scope has both times, so there is no path.</p>
  const most = Math.max(...data.path.map((step) => step.seconds))
  const shown = all ? data.path : data.path.slice(0, firstSteps)
  return (
    <>
      <ol className={css['steps']} aria-label="Steps of the critical path">
        {shown.map((step) => (
          <li key={step.taskId}>
            <StepRow step={step} most={most} isChosen={step.taskId === taskId} />
          </li>
        ))}
      </ol>
      {shown.length < data.steps && (
        <button type="button" className={css['more']} disabled={all} onClick={() => setAll(true)}>
          {count(shown.length)} of {counted(data.steps, 'step')} shown{all ? '' : '. Show more'}
        </button>
      )}
      <p className={css['note']}>
        {data.waitSeconds > 0 && `${seconds(data.waitSeconds, 1)} of waiting between them. `}
        Of {counted(data.tasks, 'task')} with times, tied by {count(data.captured)} <Term {...words.captured} /> and {count(data.inferred)} <Term {...words.inferred}>{data.inferred === 1 ? 'inferred edge' : 'inferred edges'}</Term>.{data.cycles > 0 && ` ${counted(data.cycles, 'edge')} left out, which would have closed a circle.`}
      </p>
      {!data.waitingFor && data.next.length > 0 && (
        <p className={css['note']}>
          <Next next={data.next} />
        </p>
      )}
    </>
  )
}

function StepRow({ step, most, isChosen }: { step: Step; most: number; isChosen: boolean }): ReactNode {
  const { taskId, activity, hostname, status, waitSeconds, evidence, via } = step
  const wait = waitSeconds === null ? null : waitSeconds >= 0 ? `${seconds(waitSeconds)} after the step before ended` : `${seconds(-waitSeconds)} before the step before ended`
  const needs = evidence === null ? 'the first step' : `needs the step before: ${evidence}, ${via ?? ''}`
  return (
    <button type="button" className={css['step']} aria-current={isChosen ? 'true' : undefined} title={[taskId, needs, wait].filter(Boolean).join('\n')} onClick={() => workbench.getState().selectTask(taskId)}>
      <StatusMark status={status} alone />
      <span className="ell">
        <span className="med">{activity ?? taskId}</span> <span className="t3 f11">{hostname ?? ''}</span>
      </span>
      <span className={css['share']} aria-hidden="true">
        <i data-evidence={evidence ?? undefined} style={{ width: `${Math.max(2, (step.seconds / Math.max(most, 1e-12)) * 100)}%` }} />
      </span>
      <span className="num nw">{seconds(step.seconds, 1)}</span>
    </button>
  )
}

function Slack({ source: { sourceId }, taskId, path }: { source: Source; taskId: string; path: readonly Step[] }): ReactNode {
  const scope = useTaskScope()
  const [{ inferred }] = useTimelineOptions()
  const at = path.findIndex((step) => step.taskId === taskId)
  const { data, error } = useCall('critical.slack', { sourceId, scope, inferred, taskIds: [taskId] })
  if (at >= 0) return <p className={css['slack']}>This task is step {count(at + 1)} of the path, without slack: the longest chain is longer by as much as it takes longer.</p>
  if (error) return <p className={css['note']}>{error.message}</p>
  if (!data) return null
  const slack = data.slack[0] ?? null
  return (
    <p className={css['slack']}>
      {slack === null ? (
        'This task is not among those in scope that have times, so it has no slack.'
      ) : (
        <>
          Slack <b className="med">{seconds(slack)}</b>: by so much it could have taken longer without the longest chain becoming longer.
        </>
      )}
    </p>
  )
}

function WaitingFor({ source, answer, waiting, next }: { source: Source; answer: Answer<Critical>; waiting: NonNullable<Critical['waitingFor']>; next: Critical['next'] }): ReactNode {
  const { live } = source
  const moment = useWorkbench((s) => s.moment)
  const goesOn = live !== null && moment === null && frozenAt(live) === null
  const now = useNow(goesOn ? 1000 : null)
  // The answer is of when it came; the task has gone on since.
  const ran = waiting.seconds + (goesOn ? Math.max(0, now - answer.at / 1000) : 0)
  const held = waiting.holdsUp.map(({ activity, tasks }) => `${count(tasks)} ${activity ?? 'without activity'}`)
  return (
    <Section id="waiting" title="Waiting for" figure={goesOn ? 'now' : 'at the end of what is known'}>
      <p className={css['waiting']}>
        <button type="button" className={css['inline']} title={waiting.taskId} onClick={() => workbench.getState().selectTask(waiting.taskId)}>
          {waiting.activity ?? waiting.taskId}
        </button>
        {waiting.hostname !== null && ` on ${waiting.hostname}`} {held.length > 0 ? `holds up ${listed(held)}` : 'is at the end of the longest chain'}. It has run {seconds(ran, 1)}
        {waiting.medianSeconds === null ? '; no task like it has ended yet' : `; the median is ${seconds(waiting.medianSeconds, 1)}`}.
      </p>
      {next.length > 0 && (
        <p className={css['note']}>
          <Next next={next} />
        </p>
      )}
    </Section>
  )
}

function Next({ next }: { next: Critical['next'] }): ReactNode {
  return (
    <>
      Next by slack:{' '}
      {next.slice(0, shownNext).map(({ taskId, activity, slackSeconds }, index) => (
        <span key={taskId}>
          {index > 0 && ', '}
          <button type="button" className={css['inline']} title={taskId} onClick={() => workbench.getState().selectTask(taskId)}>
            {activity ?? taskId}
          </button>{' '}
          {seconds(slackSeconds, 1)}
        </span>
      ))}
    </>
  )
}

const listed = (words: readonly string[]): string => (words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`)
