/** The head of the agents view: what it is of, and how many calls, failures and tokens there are. */
import { Workflow } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Result } from '#contract/methods'
import type { Scope } from '#contract/values'
import { count, counted, dateTime, decimal, seconds } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { useZone } from '../../state/appearance.ts'
import { useCall } from '../../state/query.ts'
import css from './Agents.module.css'

type Summary = Result<'agents.summary'>

export function AgentsHead({ sourceId, scope, sourceName, summary, onFailed }: { sourceId: string; scope: Scope; sourceName: string; summary: Summary; onFailed: () => void }): ReactNode {
  const run = useCall('overview.summary', { sourceId, scope }).data
  const zone = useZone()
  const { kinds, tokens, firstStart, lastEnd } = summary
  const about = [run?.workflow ? run.workflow.campaign : run && counted(run.workflows, 'workflow'), run?.users.slice(0, 2).join(', '), firstStart === null ? null : `${dateTime(firstStart, zone)} ${zone === 'utc' ? 'UTC' : ''}`.trim()].filter(Boolean).join(', ')
  const [span, unit] = lastEnd === null || firstStart === null ? [null, ''] : figure(lastEnd - firstStart)
  const estimated = tokens.estimatedIn + tokens.estimatedOut
  return (
    <section className={css['summary']} aria-label="Agents">
      <div className={css['subject']}>
        <div className="row">
          <Icon of={Workflow} size={16} className="acc" />
          <span className={css['title']}>{run?.workflow?.name ?? sourceName}</span>
          {run?.workflow && <span className="mono f11 t3">{run.workflow.id.slice(0, 8)}</span>}
        </div>
        <div className="f11 t3 ell" title={about}>
          {about}
        </div>
      </div>
      <span className={css['rule']} />
      <Figure value={count(summary.agents)} words={summary.agents === 1 ? 'agent' : 'agents'} />
      <Figure value={count(kinds.model)} words={kinds.model === 1 ? 'model call' : 'model calls'} />
      <Figure value={count(kinds.tool)} words={kinds.tool === 1 ? 'tool call' : 'tool calls'} />
      {kinds.message > 0 && <Figure value={count(kinds.message)} words={kinds.message === 1 ? 'message' : 'messages'} />}
      {kinds.task > 0 && <Figure value={count(kinds.task)} words={kinds.task === 1 ? 'other task' : 'other tasks'} />}
      {summary.failed === 0 ? (
        <Figure value="0" words="failed" />
      ) : (
        <button type="button" className={css['figureButton']} title="Go to the next failed call" onClick={onFailed}>
          <Figure value={<span className="errc">{count(summary.failed)}</span>} words="failed" />
        </button>
      )}
      <Figure value={count(tokens.in + tokens.out)} words={<>tokens counted{estimated > 0 && <span className={css['estimated']}>, ≈ {count(estimated)} more estimated</span>}{summary.uncounted > 0 && `, ${counted(summary.uncounted, 'call')} without`}</>} />
      {span !== null && (
        <Figure
          value={
            <>
              {span} <small>{unit}</small>
            </>
          }
          words={`first to last call, ${seconds(summary.modelSeconds, 1)} in models`}
        />
      )}
    </section>
  )
}

function Figure({ value, words }: { value: ReactNode; words: ReactNode }): ReactNode {
  return (
    <div className={css['figure']}>
      <div className={css['big']}>{value}</div>
      <div className="f11 t3">{words}</div>
    </div>
  )
}

/** A length of time as a number and its unit. */
function figure(value: number): [string, string] {
  const text = seconds(value, 2)
  const single = /^(\S+) (\S+)$/.exec(text)
  return single ? [single[1] ?? '', single[2] ?? ''] : value === 0 ? [decimal(0), 's'] : [text, '']
}
