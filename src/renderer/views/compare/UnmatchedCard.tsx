/** Tasks without a counterpart, and pairs whose status is not the same, by activity. */
import { type ReactNode, useState } from 'react'
import type { Result } from '#contract/methods'
import { Button } from '../../parts/Button.tsx'
import { count, counted } from '../../parts/format.ts'
import { StatusMark } from '../../parts/StatusMark.tsx'
import { type Side, showTask } from '../../state/compare.ts'
import { useCall } from '../../state/query.ts'
import type { TheFilter } from '../../state/scope.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import css from './Compare.module.css'
import { CompareCard, Nothing } from './CompareCard.tsx'
import { SideMark } from './SideMark.tsx'
import type { PairParams } from './TwoRuns.tsx'
import { useCellKeys } from './useCellKeys.ts'

type Group = Result<'compare.unmatched'>['groups'][number]
type Which = 'onlyA' | 'onlyB' | 'status'

const pageSize = 50

export function UnmatchedCard({ params }: { params: PairParams }): ReactNode {
  const [limits, setLimits] = useState<Record<Which, number>>({ onlyA: pageSize, onlyB: pageSize, status: pageSize })
  const onlyA = useCall('compare.unmatched', { ...params, which: 'onlyA', limit: limits.onlyA })
  const onlyB = useCall('compare.unmatched', { ...params, which: 'onlyB', limit: limits.onlyB })
  const status = useCall('compare.unmatched', { ...params, which: 'status', limit: limits.status })
  const keys = useCellKeys()
  const tasks = (answer: typeof onlyA): number => answer.data?.groups.reduce((sum, group) => sum + group.count, 0) ?? 0
  const [a, b] = [tasks(onlyA), tasks(onlyB)]
  const missing = onlyA.data !== null && onlyB.data !== null
  const more = (which: Which, answer: typeof onlyA): ReactNode =>
    answer.data && answer.data.total > answer.data.groups.length && limits[which] < 1000 ? (
      <div className={css['more']}>
        <Button tone="link" size="small" onClick={() => setLimits({ ...limits, [which]: Math.min(1000, limits[which] + pageSize) })}>
          Show more of {counted(answer.data.total, 'activity', 'activities')}
        </Button>
      </div>
    ) : null
  const words = [a > 0 ? `${count(a)} only in A` : '', b > 0 ? `${count(b)} only in B` : ''].filter(Boolean).join(', ')
  const groups = (which: Which, answer: typeof onlyA): Group[] => (answer.data ? answer.data.groups.map((group) => ({ ...group, which })) : [])
  const hasRows = groups('onlyA', onlyA).length + groups('onlyB', onlyB).length + groups('status', status).length > 0
  return (
    <CompareCard title="Missing tasks" note={missing ? words || 'none: every task has a counterpart' : undefined} answer={missing ? onlyA : onlyA.data ? onlyB : onlyA}>
      <div className={css['unmatched']} role="group" aria-label="Missing tasks and changed statuses" {...(hasRows && keys)}>
        {groups('onlyA', onlyA).map((group) => (
          <GroupRow key={`a ${group.activity} ${group.detail}`} group={group} side="a" sourceId={params.a.sourceId} />
        ))}
        {more('onlyA', onlyA)}
        {groups('onlyB', onlyB).map((group) => (
          <GroupRow key={`b ${group.activity} ${group.detail}`} group={group} side="b" sourceId={params.b.sourceId} />
        ))}
        {more('onlyB', onlyB)}
        <h3 className={css['subHead']}>
          Changed status <span className={css['note']}>{status.data ? count(tasks(status)) : ''}</span>
        </h3>
        {groups('status', status).map((group) => (
          <StatusRow key={`${group.activity} ${group.detail}`} group={group} params={params} />
        ))}
        {more('status', status)}
        {status.error && !status.data && <Nothing>{status.error.message}</Nothing>}
        {status.data?.total === 0 && <Nothing>Every matched task ended in the same status.</Nothing>}
      </div>
    </CompareCard>
  )
}

const named = ({ activity, count: n }: Group): string => `${activity ?? 'no activity'}${n > 1 ? ` ×${count(n)}` : ''}`

function GroupRow({ group, side, sourceId }: { group: Group; side: Side; sourceId: string }): ReactNode {
  const { tasks, filter, detail, why } = group
  const selected = useWorkbench((s) => tasks[0] !== undefined && s.selection?.id === tasks[0])
  return (
    <div data-row="" className={css['unmatchedRow']} data-selected={selected || undefined}>
      <SideMark side={side} />
      <button type="button" tabIndex={-1} className={css['taskButton']} disabled={tasks.length === 0} title={`Select ${group.count > 1 ? 'the first of them' : 'the task'} in ${side.toUpperCase()}: ${tasks[0] ?? ''}`} onClick={() => tasks[0] !== undefined && showTask(sourceId, tasks[0])}>
        {named(group)}
      </button>
      <span className="mono f11 t2 ell" title={detail}>
        {detail}
      </span>
      <span className="f11 t3 ell" title={why}>
        {why}
      </span>
      {filter !== null && group.count > 1 && (
        <button type="button" tabIndex={-1} className={css['inTable']} onClick={() => toTable(sourceId, filter)}>
          in the table
        </button>
      )}
    </div>
  )
}

function StatusRow({ group, params }: { group: Group; params: PairParams }): ReactNode {
  const { tasks, counterparts, detail, why } = group
  const [a, b] = [tasks[0], counterparts[0]]
  const failed = /ERROR|[Ee]rror/.test(`${detail} ${why}`)
  return (
    <div data-row="" className={css['unmatchedRow']}>
      <StatusMark status={failed ? 'ERROR' : 'UNKNOWN'} alone />
      <button type="button" tabIndex={-1} className={css['taskButton']} disabled={b === undefined && a === undefined} title="Select the task in B" onClick={() => (b !== undefined ? showTask(params.b.sourceId, b) : a !== undefined && showTask(params.a.sourceId, a))}>
        {named(group)}
      </button>
      <span className="f11 t2 ell" title={detail}>
        {detail}
      </span>
      <span className="f11 t3 ell" title={why}>
        {why}
      </span>
      {a !== undefined && b !== undefined && (
        <button type="button" tabIndex={-1} className={css['inTable']} onClick={() => showTask(params.a.sourceId, a)}>
          in A
        </button>
      )}
    </div>
  )
}

function toTable(sourceId: string, filter: TheFilter): void {
  const state = workbench.getState()
  state.openSource(sourceId)
  state.clearScope()
  state.addChips([filter])
  state.setRecords('tasks')
  state.openView('table')
}
