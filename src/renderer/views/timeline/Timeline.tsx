/** The Timeline: every task of the scope over time, in lanes; how many ran at once; gaps; the critical path; what has no time. */
import { CalendarOff, CircleX, LoaderCircle } from 'lucide-react'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import type { Source } from '#contract/sources'
import { Button } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { counted } from '../../parts/format.ts'
import { useSource } from '../../state/sources.ts'
import { useTimelineOptions } from '../../state/timeline.ts'
import { useTaskScope } from '../../state/useScope.ts'
import { workbench } from '../../state/workbench.ts'
import { Board } from './Board.tsx'
import { LaneTable } from './LaneTable.tsx'
import css from './Timeline.module.css'
import { UnplacedList, UnplacedStrip } from './Unplaced.tsx'
import { useErrorJump } from './useErrorJump.ts'
import { useLanes } from './useLanes.tsx'

const nothingOpened: ReadonlySet<string> = new Set()

export function Timeline(): ReactNode {
  const source = useSource()
  if (!source) return null
  if (source.state === 'failed' && source.counts.messages === 0) {
    return (
      <EmptyState icon={CircleX} tone="error" title={`${source.name} could not be read`}>
        {source.error}
      </EmptyState>
    )
  }
  return <Whole key={source.sourceId} source={source} />
}

function Whole({ source }: { source: Source }): ReactNode {
  const { sourceId } = source
  const scope = useTaskScope()
  const [{ by, within, sort, asTable }] = useTimelineOptions()
  // Until a person opens or closes one.
  const [chosen, setOpened] = useState<ReadonlySet<string> | null>(null)
  const [listing, setListing] = useState(false)
  useErrorJump(sourceId, scope)
  const [onlyLane, setOnlyLane] = useState<string | null>(null)
  const opened = useMemo(() => chosen ?? (within !== null && onlyLane !== null ? new Set([onlyLane]) : nothingOpened), [chosen, within, onlyLane])
  const lanes = useLanes({ sourceId, scope, by, within, sort }, opened)
  // A lane that has no others beside it would hide all that is within it.
  const { outer } = lanes
  useEffect(() => setOnlyLane(outer.total === 1 ? (outer.lanes[0]?.key ?? null) : null), [outer])
  const { data, error, retry } = lanes.answer
  if (error && !data) {
    return (
      <EmptyState icon={CircleX} tone="error" title="The timeline could not be made" actions={<Button onClick={retry}>Try again</Button>}>
        {error.message}
      </EmptyState>
    )
  }
  if (!data) {
    return (
      <div className={css['loading']} aria-busy="true" role="status">
        <EmptyState icon={LoaderCircle} title="Placing tasks in time" />
      </div>
    )
  }
  const unplaced = data.untimed + data.impossible
  return (
    <div className={css['whole']}>
      {unplaced > 0 && data.timed > 0 && <UnplacedStrip untimed={data.untimed} impossible={data.impossible} tasks={data.tasks} open={listing} onToggle={() => setListing(!listing)} />}
      <div className={css['beside']}>
        {data.timed === 0 || data.from === null || data.to === null ? (
          <NoTimes tasks={data.tasks} untimed={data.untimed} impossible={data.impossible} reading={source.state === 'reading'} />
        ) : asTable ? (
          <LaneTable sourceId={sourceId} scope={scope} by={by} lanes={lanes} opened={opened} onOpened={setOpened} />
        ) : (
          <Board source={source} scope={scope} lanes={lanes} whole={{ from: data.from, to: data.to }} knownTo={data.knownTo ?? data.to} opened={opened} onOpened={setOpened} />
        )}
        {unplaced > 0 && (listing || data.timed === 0) && <UnplacedList sourceId={sourceId} scope={scope} onClose={data.timed === 0 ? null : () => setListing(false)} />}
      </div>
      {lanes.askers}
    </div>
  )
}

function NoTimes({ tasks, untimed, impossible, reading }: { tasks: number; untimed: number; impossible: number; reading: boolean }): ReactNode {
  const why = [untimed > 0 && `${counted(untimed, 'task')} ${untimed === 1 ? 'has' : 'have'} neither a start nor a submission time`, impossible > 0 && `${counted(impossible, 'task')} ${impossible === 1 ? 'has' : 'have'} times that cannot be`].filter(Boolean)
  return (
    <EmptyState icon={CalendarOff} title={tasks === 0 ? (reading ? 'No tasks yet' : 'There are no tasks here') : 'No task in scope can be placed in time'} actions={<Button onClick={() => workbench.getState().openView(tasks === 0 ? 'stream' : 'table')}>{tasks === 0 ? 'Open the stream' : 'Show them in the table'}</Button>}>
      {tasks === 0 ? 'Tasks appear here by their started_at and ended_at.' : `${why.join('; ')}. The table and the tree have them all.`}
    </EmptyState>
  )
}
