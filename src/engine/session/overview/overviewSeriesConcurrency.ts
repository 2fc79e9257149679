/** How many tasks ran at once: exact, from their starts and ends. */
import type { Scope } from '#contract/values'
import type { SourceTable } from '../table/sourceTable.ts'
import { countIn, isFilled, queryTasks, taskColumns } from './taskColumns.ts'
import { type Bins, binOf, literal, zeros } from './timeHistogram.ts'

/**
 * A task is open from its start up to but not including its end. One without an end is open only if its status is RUNNING
 * and its workflow is not recorded as ended, until the last time seen of its workflow's tasks in scope: a run that was
 * killed, or is going on. Any other lost its end, and how long it ran is not known.
 * @returns the mean of each bin and the highest number at any instant
 */
export async function overviewSeriesConcurrency(table: SourceTable, scope: Scope, bins: Bins, signal: AbortSignal): Promise<{ mean: number[]; peak: number }> {
  const [changes, peak] = await Promise.all([
    queryEvents(
      table,
      scope,
      // What a start adds to its own bin, and an end takes from it, is the rest of the bin from then on.
      `SELECT bin, sum(step), sum(step * ((bin + 1) * ${literal(bins.binSeconds)} - (moment - ${literal(bins.from)})))
       FROM (SELECT ${binOf(bins, 'moment')} AS bin, moment, step FROM e) GROUP BY bin`,
      signal
    ),
    queryEvents(
      table,
      scope,
      // Ends go before starts of the same instant: tasks that follow each other are not open together. A running sum over
      // sorted rows streams; the same sum with ORDER BY in the window takes more than twice as long.
      `SELECT max(open) FROM (SELECT sum(step) OVER (ROWS UNBOUNDED PRECEDING) AS open FROM (SELECT step FROM e ORDER BY moment, step))`,
      signal
    )
  ])
  const byBin = new Map(changes.map((row) => [countIn(row[0]), { step: countIn(row[1]), seconds: countIn(row[2]) }]))
  let open = 0
  const mean = zeros(bins.count).map((_, index) => {
    const change = byBin.get(index)
    const value = open + (change?.seconds ?? 0) / bins.binSeconds
    open += change?.step ?? 0
    // Sums of many small areas miss zero by a rounding error.
    return value < 1e-9 ? 0 : value
  })
  return { mean, peak: countIn(peak[0]?.[0]) }
}

/** `rest` sees `e(moment, step)`: every start (+1) and end (−1) of a task that took time. */
function queryEvents(table: SourceTable, scope: Scope, rest: string, signal: AbortSignal): ReturnType<typeof queryTasks> {
  const columns = taskColumns(table)
  const ended = table.column('workflows', 'ended_at')
  return queryTasks(
    table,
    scope,
    { starts: columns.start, ends: columns.end, workflow: columns.workflow, running: `(${columns.status}) = 'RUNNING' AND NOT (${isFilled(table.column('tasks', 'ended_at'))})` },
    `, done AS (SELECT r.record_id AS workflow FROM ${table.rows} r WHERE ${table.recordsPredicate('workflows')} AND ${isFilled(ended)}),
     w AS (SELECT workflow, greatest(max(starts), max(ends)) AS last FROM t GROUP BY workflow
       HAVING bool_or(running) AND (workflow IS NULL OR workflow NOT IN (SELECT workflow FROM done))),
     spans AS (
       SELECT starts, ends FROM t WHERE ends > starts
       UNION ALL
       SELECT t.starts, w.last FROM t JOIN w ON t.workflow IS NOT DISTINCT FROM w.workflow WHERE t.running AND w.last > t.starts),
     e AS (SELECT unnest([starts, ends]) AS moment, unnest([1::TINYINT, (-1)::TINYINT]) AS step FROM spans)
     ${rest}`,
    { signal }
  )
}
