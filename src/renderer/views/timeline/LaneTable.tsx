/** The timeline as a table: the lanes in the order drawn, and of those that are opened their tasks in order of time. */
import { ChevronDown, ChevronRight } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { Lane, LaneBy } from '#contract/timeline'
import type { Scope } from '#contract/values'
import { Button } from '../../parts/Button.tsx'
import { classes } from '../../parts/classes.ts'
import { count, dateTime, seconds } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { StatusMark } from '../../parts/StatusMark.tsx'
import { useZone } from '../../state/appearance.ts'
import { useCall } from '../../state/query.ts'
import { join } from '../../state/scope.ts'
import { useTimelineOptions } from '../../state/timeline.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import { byWord, laneName } from './barWords.ts'
import css from './Timeline.module.css'
import type { Lanes } from './useLanes.tsx'

type TableProps = { sourceId: string; scope: Scope; by: LaneBy; lanes: Lanes; opened: ReadonlySet<string>; onOpened: (opened: ReadonlySet<string>) => void }
const pageTasks = 100
const taskColumns = ['status', 'submitted_at', 'started_at', 'ended_at', 'duration']
const columns = 9

export function LaneTable({ sourceId, scope, by, lanes, opened, onOpened }: TableProps): ReactNode {
  const [{ within }] = useTimelineOptions()
  const { outer, inner } = lanes
  const toggle = (key: string): void => {
    const next = new Set(opened)
    if (!next.delete(key)) next.add(key)
    onOpened(next)
  }
  return (
    <div className={css['tableScroll']} tabIndex={0} role="group" aria-label="Timeline as a table">
      <table className={css['table']}>
        <thead>
          <tr>
            <th scope="col">{byWord[by]}</th>
            <th scope="col" className="num">tasks</th>
            <th scope="col" className="num">drawn</th>
            <th scope="col" className="num">errors</th>
            <th scope="col" className="num">running</th>
            <th scope="col" className="num">p50</th>
            <th scope="col" className="num">busy</th>
            <th scope="col">from</th>
            <th scope="col">to</th>
          </tr>
        </thead>
        {outer.lanes.map((lane) => (
          <tbody key={lane.key}>
            <LaneRow lane={lane} by={by} open={opened.has(lane.key)} onToggle={() => toggle(lane.key)} />
            {opened.has(lane.key) && !lane.hasLanes && <LaneTasks sourceId={sourceId} scope={scope} filter={lane.filter} />}
            {opened.has(lane.key) &&
              lane.hasLanes &&
              inner.get(lane.key)?.lanes.map((below) => <InnerLane key={below.key} sourceId={sourceId} scope={scope} lane={below} by={within ?? by} open={opened.has(below.key)} onToggle={() => toggle(below.key)} />)}
          </tbody>
        ))}
      </table>
      {outer.lanes.length < outer.total && (
        <Button size="small" tone="link" className={css['moreButton']} onClick={lanes.loadMore}>
          {count(outer.lanes.length)} of {count(outer.total)} lanes shown. Show more
        </Button>
      )}
    </div>
  )
}

function InnerLane({ sourceId, scope, lane, by, open, onToggle }: { sourceId: string; scope: Scope; lane: Lane; by: LaneBy; open: boolean; onToggle: () => void }): ReactNode {
  return (
    <>
      <LaneRow lane={lane} by={by} open={open} onToggle={onToggle} inner />
      {open && <LaneTasks sourceId={sourceId} scope={scope} filter={lane.filter} />}
    </>
  )
}

function LaneRow({ lane, by, open, inner = false, onToggle }: { lane: Lane; by: LaneBy; open: boolean; inner?: boolean; onToggle: () => void }): ReactNode {
  const zone = useZone()
  const none = <span className="null">null</span>
  return (
    <tr data-lane={lane.key}>
      <th scope="row">
        <button type="button" className={classes(css['rowButton'], inner && css['innerRow'])} aria-expanded={open} onClick={onToggle}>
          <Icon of={open ? ChevronDown : ChevronRight} size={12} className="t3" />
          <span className={classes('med', lane.name === null && 'null')}>{laneName(lane, by)}</span>
        </button>
      </th>
      <td className="num">{count(lane.tasks)}</td>
      <td className="num">{count(lane.timed)}</td>
      <td className={classes('num', lane.errors > 0 && 'errc')}>{count(lane.errors)}</td>
      <td className="num">{count(lane.running)}</td>
      <td className="num">{lane.p50 === null ? none : seconds(lane.p50)}</td>
      <td className="num">{seconds(lane.busySeconds, 1)}</td>
      <td className="nw">{lane.from === null ? none : dateTime(lane.from, zone, 3)}</td>
      <td className="nw">{lane.to === null ? none : dateTime(lane.to, zone, 3)}</td>
    </tr>
  )
}

function LaneTasks({ sourceId, scope, filter }: { sourceId: string; scope: Scope; filter: Lane['filter'] }): ReactNode {
  const [limit, setLimit] = useState(pageTasks)
  const zone = useZone()
  const selected = useWorkbench((s) => s.selection?.id)
  const { data, error, retry } = useCall('rows.page', filter && { sourceId, records: 'tasks', scope: { ...scope, filter: join([scope.filter, filter]) }, sort: [{ column: 'started_at', descending: false }], columns: taskColumns, limit })
  if (filter === null) {
    return (
      <tr>
        <td colSpan={columns} className="t2">
          No filter could leave just these tasks: they have too many parents to name.
        </td>
      </tr>
    )
  }
  if (error) {
    return (
      <tr>
        <td colSpan={columns} role="alert">
          {error.message} <Button size="small" onClick={retry}>Try again</Button>
        </td>
      </tr>
    )
  }
  const time = (value: unknown): ReactNode => (typeof value === 'number' ? dateTime(value, zone, 6) : <span className="null">{value === null ? 'null' : String(value)}</span>)
  return (
    <>
      {data?.rows.map(({ id, cells: [status, submitted, started, ended, duration] }) => (
        <tr key={id} data-task={id} className={css['taskRow']} aria-current={id === selected ? 'true' : undefined}>
          <th scope="row">
            <button type="button" className={classes(css['rowButton'], css['taskName'], 'mono')} onClick={() => workbench.getState().selectTask(id)}>
              {id}
            </button>
          </th>
          <td colSpan={2}>
            <StatusMark status={typeof status === 'string' ? status : null} />
          </td>
          <td colSpan={2} className="nw t3">
            {typeof submitted === 'number' && typeof started === 'number' && started >= submitted ? `waited ${seconds(started - submitted)}` : ''}
          </td>
          <td className="num">{typeof duration === 'number' ? seconds(duration) : <span className="null">null</span>}</td>
          <td />
          <td className="nw">{time(started ?? null)}</td>
          <td className="nw">{time(ended ?? null)}</td>
        </tr>
      ))}
      {data && data.rows.length < data.total && (
        <tr>
          <td colSpan={columns}>
            <Button size="small" tone="link" className={css['moreButton']} disabled={limit >= 10_000} onClick={() => setLimit(Math.min(10_000, limit * 10))}>
              {count(data.rows.length)} of {count(data.total)} tasks shown{limit < 10_000 ? '. Show more' : '; the table view has them all'}
            </Button>
          </td>
        </tr>
      )}
    </>
  )
}
