/** How long the tasks of each activity took in both runs. */
import type { Params, Result } from '#contract/methods'
import { countIn, numberIn, textIn } from '../overview/taskColumns.ts'
import type { SqlResult } from '../table/sourceTable.ts'
import { withAlignment } from './alignment.ts'
import type { Sides } from './pairCache.ts'

type Activity = Result<'compare.activities'>['activities'][number]

/** By first start. */
export async function compareActivities(sides: Sides, { limit, match, offset }: Params<'compare.activities'>, signal: AbortSignal): Promise<Result<'compare.activities'>> {
  return await withAlignment(sides, match, signal, async ({ pairs }) => {
    const side = (of: 'a' | 'b'): string => `count(line_${of}), count(*) FILTER (status_${of} = 'ERROR'), quantile_cont(seconds_${of}, 0.5), coalesce(sum(seconds_${of}), 0)`
    const rows = await sides.a.table.query({ text: `SELECT activity, ${side('a')}, ${side('b')} FROM ${pairs} GROUP BY activity ORDER BY min(coalesce(start_a, start_b)) NULLS LAST, min(pos)`, values: [] }, signal)
    return { total: rows.length, activities: rows.slice(offset, offset + limit).map(activityOf) }
  })
}

function activityOf(row: SqlResult): Activity {
  const [a, b] = [sideOf(row.slice(1, 5)), sideOf(row.slice(5, 9))]
  const difference = a?.p50 == null || b?.p50 == null ? null : b.p50 - a.p50
  return { activity: textIn(row[0]), a, b, difference, percent: difference === null || !a?.p50 ? null : difference / a.p50 }
}

function sideOf([tasks, errors, p50, busy]: SqlResult): Activity['a'] {
  return countIn(tasks) === 0 ? null : { tasks: countIn(tasks), errors: countIn(errors), p50: numberIn(p50), busySeconds: countIn(busy) }
}
