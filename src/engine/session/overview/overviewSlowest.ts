/** The longest tasks, and how many times longer than the median of their activity each was. */
import type { Params, Result } from '#contract/methods'
import type { SourceTable } from '../table/sourceTable.ts'
import { countIn, numberIn, queryTasks, taskColumns, textIn } from './taskColumns.ts'

export async function overviewSlowest(table: SourceTable, params: Params<'overview.slowest'>, signal: AbortSignal): Promise<Result<'overview.slowest'>> {
  const columns = taskColumns(table)
  const fields = { id: columns.id, first: 'r.first_line', activity: columns.activity, host: columns.host, status: columns.status, seconds: columns.seconds }
  const [timed, rows] = await Promise.all([
    queryTasks(table, params.scope, { seconds: columns.seconds }, 'SELECT count(seconds) FROM t', { signal }),
    queryTasks(
      table,
      params.scope,
      fields,
      `, top AS MATERIALIZED (SELECT * FROM t WHERE seconds IS NOT NULL ORDER BY seconds DESC, first LIMIT ? OFFSET ?),
       middle AS (SELECT activity, quantile_cont(seconds, 0.5) AS p50 FROM t
         WHERE coalesce(activity, '') IN (SELECT coalesce(activity, '') FROM top) GROUP BY activity)
       SELECT id, top.activity, host, status, seconds, p50 FROM top LEFT JOIN middle ON top.activity IS NOT DISTINCT FROM middle.activity
       ORDER BY seconds DESC, first`,
      { values: [params.limit, params.offset], signal }
    )
  ])
  const tasks = rows.map((row) => {
    const seconds = countIn(row[4])
    const median = numberIn(row[5])
    return {
      taskId: String(row[0]),
      activity: textIn(row[1]),
      hostname: textIn(row[2]),
      status: textIn(row[3]),
      seconds,
      timesMedian: median !== null && median > 0 ? seconds / median : null
    }
  })
  return { total: countIn(timed[0]?.[0]), tasks }
}
