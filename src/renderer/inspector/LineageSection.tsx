/** What this task is tied to: parent, children, where its inputs came from, who used its outputs; each with its evidence. */
import { TriangleAlert, Waypoints } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { Result } from '#contract/methods'
import { count, counted, seconds } from '../parts/format.ts'
import { Icon } from '../parts/Icon.tsx'
import { IconButton } from '../parts/IconButton.tsx'
import { StatusMark } from '../parts/StatusMark.tsx'
import { useCall } from '../state/query.ts'
import { workbench } from '../state/workbench.ts'
import { Section } from './Section.tsx'
import css from './Inspector.module.css'

type Links = Result<'records.links'>
type Link = Links['upstream']['links'][number]
const firstLinks = 6
const moreLinks = 200

export function LineageSection({ sourceId, taskId }: { sourceId: string; taskId: string }): ReactNode {
  const [limit, setLimit] = useState(firstLinks)
  const { data, error } = useCall('records.links', { sourceId, taskId, limit })
  const none = data && !data.parent && data.upstream.total + data.downstream.total + data.children.total === 0
  return (
    <Section
      id="lineage"
      title="Lineage"
      aside={<IconButton name="Open in Dataflow" icon={Waypoints} small onClick={() => workbench.getState().openLineage({ taskId, column: null, direction: 'both', to: null })} />}
    >
      {error && <p className={css['note']}>{error.message}</p>}
      {none && <p className={css['note']}>No other task is tied to this one, by an id or by an equal value.</p>}
      {data?.parent && (
        <>
          <div className={css['label']}>Parent</div>
          {data.parent.missing ? (
            <p className={css['warning']}>
              <Icon of={TriangleAlert} size={12} />
              <span>
                <span className="mono">{data.parent.taskId}</span> is not among the tasks read
              </span>
            </p>
          ) : (
            <TaskLink taskId={data.parent.taskId} name={data.parent.activity} status={undefined} detail="" evidence="captured" />
          )}
        </>
      )}
      {data && <Links title="Used from" list={data.upstream} onMore={() => setLimit(moreLinks)} />}
      {data && <Links title="Used by" list={data.downstream} onMore={() => setLimit(moreLinks)} />}
      {data && <Links title="Children" list={data.children} onMore={() => setLimit(moreLinks)} />}
      {data && data.ambiguous > 0 && <p className={css['note']}>{counted(data.ambiguous, 'value')} found in too many tasks to tell where from; not listed.</p>}
    </Section>
  )
}

function Links({ title, list, onMore }: { title: string; list: Links['upstream']; onMore: () => void }): ReactNode {
  if (list.total === 0) return null
  return (
    <>
      <div className={css['label']}>
        {title} {list.total > 1 && <span>{count(list.total)}</span>}
      </div>
      {list.links.map((link, index) => (
        <div key={`${link.taskId} ${index}`}>
          <TaskLink taskId={link.taskId} name={link.activity} status={link.status} detail={detailOf(link)} evidence={evidenceOf(link)} title={link.via} />
          {link.earlySeconds !== null && (
            <p className={css['warning']}>
              <Icon of={TriangleAlert} size={12} />
              <span>Read {seconds(link.earlySeconds, 2)} before its producer ended</span>
            </p>
          )}
        </div>
      ))}
      {list.links.length < list.total && (
        <button type="button" className={css['more']} onClick={onMore} disabled={list.links.length >= moreLinks}>
          {count(list.links.length)} of {count(list.total)} shown{list.links.length < moreLinks ? '. Show more' : ''}
        </button>
      )}
    </>
  )
}

function TaskLink({ taskId, name, status, detail, evidence, title }: { taskId: string; name: string | null; status: string | null | undefined; detail: string; evidence: string; title?: string }): ReactNode {
  return (
    <button type="button" className={css['link']} title={title ? `${taskId}\n${title}` : taskId} onClick={() => openTask(taskId)}>
      <span>{status !== undefined && <StatusMark status={status} alone />}</span>
      <span className="ell">
        <span className="med">{name ?? taskId}</span> <span className="t3">{detail}</span>
      </span>
      <span className="f11 t3 nw">{evidence}</span>
    </button>
  )
}

/** Shows another task here, and in whatever view is open. */
export function openTask(taskId: string): void {
  workbench.getState().setRecords('tasks')
  workbench.getState().select({ id: taskId, column: null })
}

function detailOf({ value, via }: Link): string {
  if (value === null) return via
  if (typeof value !== 'object') return String(value)
  return 'int' in value ? value.int : 'json' in value ? value.json : 'text' in value ? value.text : value.float
}

const evidenceOf = ({ evidence, producers }: Link): string => (evidence === 'captured' ? 'captured' : producers === null ? 'matched' : `matched · ${counted(producers, 'producer')}`)
