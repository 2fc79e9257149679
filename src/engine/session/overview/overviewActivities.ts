/** Activities and how long their tasks take: exact quantiles, share of the busy time, and what they cost on average. */
import type { Params, Result } from '#contract/methods'
import type { SourceTable } from '../table/sourceTable.ts'
import { countIn, numberIn, numberOf, queryTasks, taskColumns, textIn } from './taskColumns.ts'

const orders: Record<Params<'overview.activities'>['sort'], string> = {
  busy: 'busy DESC NULLS LAST, tasks DESC',
  tasks: 'tasks DESC',
  errors: 'errors DESC, tasks DESC',
  p50: 'q[3] DESC NULLS LAST, tasks DESC',
  p95: 'q[5] DESC NULLS LAST, tasks DESC',
  name: 'activity NULLS LAST'
}

export async function overviewActivities(table: SourceTable, params: Params<'overview.activities'>, signal: AbortSignal): Promise<Result<'overview.activities'>> {
  const columns = taskColumns(table)
  const rows = await queryTasks(
    table,
    params.scope,
    { activity: columns.activity, status: columns.status, seconds: columns.seconds, ...costs(table) },
    `, g AS (
       SELECT activity, count(*) AS tasks, count(*) FILTER (status = 'ERROR') AS errors, count(seconds) AS timed, sum(seconds) AS busy,
         min(seconds) AS low, max(seconds) AS high, quantile_cont(seconds, [0.05, 0.25, 0.5, 0.75, 0.95]) AS q,
         avg(cpu) AS cpu, avg(written) AS written, avg(net) AS net
       FROM t GROUP BY activity)
     SELECT activity, tasks, errors, timed, busy, low, q[1], q[2], q[3], q[4], q[5], high, cpu, written, net, count(*) OVER (), sum(busy) OVER ()
     FROM g ORDER BY ${orders[params.sort]}, activity NULLS LAST LIMIT ? OFFSET ?`,
    { values: [params.limit, params.offset], signal }
  )
  const activities = rows.map((row) => {
    const busy = countIn(row[4])
    const all = countIn(row[16])
    const [min, p5, p25, p50, p75, p95, max] = [5, 6, 7, 8, 9, 10, 11].map((index) => countIn(row[index])) as [number, number, number, number, number, number, number]
    return {
      activity: textIn(row[0]),
      tasks: countIn(row[1]),
      errors: countIn(row[2]),
      timed: countIn(row[3]),
      quantiles: countIn(row[3]) === 0 ? null : { min, p5, p25, p50, p75, p95, max },
      busySeconds: busy,
      busyShare: all > 0 ? busy / all : 0,
      cpuSeconds: numberIn(row[12]),
      writeBytes: numberIn(row[13]),
      netBytes: numberIn(row[14])
    }
  })
  return { total: rows.length > 0 ? countIn(rows[0]?.[15]) : await countActivities(table, params, signal), activities }
}

/** The window above says nothing when the page lies behind the last activity. */
async function countActivities(table: SourceTable, params: Params<'overview.activities'>, signal: AbortSignal): Promise<number> {
  const rows = await queryTasks(table, params.scope, { activity: taskColumns(table).activity }, 'SELECT count(*) FROM (SELECT DISTINCT activity FROM t)', { signal })
  return countIn(rows[0]?.[0])
}

/** Growth of counters between the two snapshots of a task; a counter that fell was reset and counts for nothing. */
export function growthOf(table: SourceTable, names: readonly string[]): string {
  const total = (when: string): string => names.map((name) => numberOf(table.column('tasks', `telemetry_at_${when}.${name}`))).join(' + ')
  const growth = `(${total('end')}) - (${total('start')})`
  return `CASE WHEN ${growth} >= 0 THEN ${growth} END`
}

const cpuCounters = ['cpu.times_avg.user', 'cpu.times_avg.system'] as const
export const writeCounters = ['disk.io_sum.write_bytes'] as const
export const networkCounters = ['network.netio_sum.bytes_sent', 'network.netio_sum.bytes_recv'] as const

function costs(table: SourceTable): Record<'cpu' | 'written' | 'net', string> {
  return { cpu: growthOf(table, cpuCounters), written: growthOf(table, writeCounters), net: growthOf(table, networkCounters) }
}
