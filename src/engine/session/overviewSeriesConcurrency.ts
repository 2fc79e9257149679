/** How many tasks ran at once: exact from their starts and ends, without sorting all of them. */
import type { Scope } from '#contract/values'
import type { SourceTable } from './sourceTable.ts'
import { countIn, isFilled, queryTasks, taskColumns } from './taskColumns.ts'
import { type Bins, binOf, binsOver, literal, zeros } from './timeHistogram.ts'

/** Enough fine bins that few of them can hold the peak, few enough to fetch. */
const fineBins = 8192

type FineBin = { open: number; starts: number; ends: number; area: number }

/**
 * A task is open from its start up to but not including its end. One without an end is open only if its status is RUNNING
 * and its workflow is not recorded as ended, until the last time seen of its workflow's tasks in scope: a run that was
 * killed, or is going on. Any other lost its end, and how long it ran is not known.
 * @returns the mean of each bin and the highest number at any instant
 */
export async function overviewSeriesConcurrency(table: SourceTable, scope: Scope, bins: Bins, signal: AbortSignal): Promise<{ mean: number[]; peak: number }> {
  const perBin = Math.max(1, Math.ceil(fineBins / bins.count))
  const fine = { ...binsOver(bins.from, bins.to, bins.count * perBin), binSeconds: bins.binSeconds / perBin }
  const rows = await queryEvents(
    table,
    scope,
    fine,
    `SELECT bin, count(*) FILTER (step > 0), count(*) FILTER (step < 0), sum(step * ((bin + 1) * ${literal(fine.binSeconds)} - (moment - ${literal(fine.from)})))
     FROM e GROUP BY bin ORDER BY bin`,
    signal
  )
  const filled: (FineBin & { bin: number })[] = []
  let open = 0
  for (const row of rows) {
    const next = { bin: countIn(row[0]), open, starts: countIn(row[1]), ends: countIn(row[2]), area: countIn(row[3]) }
    filled.push(next)
    open += next.starts - next.ends
  }
  return { mean: means(filled, bins, perBin, fine.binSeconds), peak: await peakOf(table, scope, fine, filled, signal) }
}

function means(filled: readonly (FineBin & { bin: number })[], bins: Bins, perBin: number, binSeconds: number): number[] {
  const mean = zeros(bins.count)
  let next = 0
  let open = 0
  for (let index = 0; index < bins.count * perBin; index++) {
    let area = open * binSeconds
    const here = filled[next]
    if (here?.bin === index) {
      area += here.area
      open += here.starts - here.ends
      next++
    }
    const coarse = Math.floor(index / perBin)
    mean[coarse] = (mean[coarse] ?? 0) + area / bins.binSeconds
  }
  // Sums of many small areas miss zero by a rounding error.
  return mean.map((value) => (value < 1e-9 ? 0 : value))
}

/** Only a bin in which more could have been open than are known to have been at some bin's edge is looked into. */
async function peakOf(table: SourceTable, scope: Scope, fine: Bins, filled: readonly (FineBin & { bin: number })[], signal: AbortSignal): Promise<number> {
  const known = filled.reduce((most, { open }) => Math.max(most, open), 0)
  const candidates = filled.filter(({ open, starts }) => open + starts > known)
  if (candidates.length === 0) return known
  const only = candidates.length === filled.length ? '' : `WHERE bin IN (${candidates.map(({ bin }) => bin).join(', ')})`
  const rows = await queryEvents(
    table,
    scope,
    fine,
    // Ends go before starts of the same instant: tasks that follow each other are not open together.
    `SELECT bin, max(height) FROM (SELECT bin, sum(step) OVER (PARTITION BY bin ORDER BY moment, step ROWS UNBOUNDED PRECEDING) AS height FROM e ${only}) GROUP BY bin`,
    signal
  )
  const highest = new Map(rows.map((row) => [countIn(row[0]), countIn(row[1])]))
  return candidates.reduce((most, { bin, open }) => Math.max(most, open + (highest.get(bin) ?? 0)), known)
}

/** `rest` sees `e(bin, moment, step)`: every start (+1) and end (−1) of a task that took time. */
function queryEvents(table: SourceTable, scope: Scope, bins: Bins, rest: string, signal: AbortSignal): ReturnType<typeof queryTasks> {
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
     p AS (SELECT unnest([starts, ends]) AS moment, unnest([1, -1]) AS step FROM spans),
     e AS (SELECT ${binOf(bins, 'moment')} AS bin, moment, step FROM p)
     ${rest}`,
    { signal }
  )
}
