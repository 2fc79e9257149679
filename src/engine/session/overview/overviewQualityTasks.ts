/** Checks that look at each task alone: does it end, does it name its host. */
import type { Scope } from '#contract/values'
import { counted, type Finding, grouped } from './overviewQualityFinding.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { countIn, isFilled, openStatuses, openStatusList, queryTasks, taskColumns } from './taskColumns.ts'

export async function overviewQualityTasks(table: SourceTable, scope: Scope, signal: AbortSignal): Promise<{ tasks: number; findings: Finding[] }> {
  const columns = taskColumns(table)
  const group = table.column('tasks', 'group_id')
  const fields = {
    status: columns.status,
    endless: `NOT (${isFilled(table.column('tasks', 'ended_at'))})`,
    looped: isFilled(group),
    host: columns.host
  }
  const rows = await queryTasks(
    table,
    scope,
    fields,
    `SELECT count(*), ${openStatuses.map((status) => `count(*) FILTER (status = '${status}')`).join(', ')},
       count(*) FILTER (lost), count(*) FILTER (lost AND looped), count(*) FILTER (host IS NULL)
     FROM (SELECT *, endless AND (status IS NULL OR status NOT IN (${openStatusList})) AS lost FROM t)`,
    { signal }
  )
  const [tasks = 0, ...counts] = (rows[0] ?? []).map(countIn)
  const open = openStatuses.map((status, index) => ({ status, count: counts[index] ?? 0 }))
  const [lost = 0, looped = 0, hostless = 0] = counts.slice(openStatuses.length)
  return { tasks, findings: [neverEnded(open), noEndRecorded(lost, looped), noHost(hostless, tasks)] }
}

function neverEnded(open: readonly { status: string; count: number }[]): Finding {
  const there = open.filter(({ count }) => count > 0).toSorted((a, b) => b.count - a.count)
  return {
    kind: 'never-ended',
    level: 'warning',
    title: 'Tasks that never ended',
    detail: `${there.map(({ status, count }) => `${grouped(count)} ${status[0]}${status.slice(1).toLowerCase()}`).join(', ')} at end of file`,
    count: there.reduce((sum, { count }) => sum + count, 0),
    records: 'tasks',
    filter: { status: { $in: [...openStatuses] } }
  }
}

function noEndRecorded(lost: number, looped: number): Finding {
  const left = 'durations left null, not zero'
  return {
    kind: 'no-end-recorded',
    level: 'note',
    title: lost === looped ? 'Loop iterations without ended_at' : 'Tasks without ended_at',
    detail: looped > 0 && looped < lost ? `${counted(looped, 'loop iteration')}, ${counted(lost - looped, 'other')}; ${left}` : left,
    count: lost,
    records: 'tasks',
    filter: { ended_at: null, status: { $nin: [...openStatuses] } }
  }
}

function noHost(hostless: number, tasks: number): Finding {
  return {
    kind: 'no-host',
    level: 'note',
    title: 'Tasks without hostname',
    detail: hostless === tasks ? 'no task names its host; the series are drawn as one line' : 'excluded from the per-host series',
    count: hostless,
    records: 'tasks',
    filter: { hostname: null }
  }
}
