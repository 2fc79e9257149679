/** A metric over time for each of some hosts or activities: exact means and quantiles of all tasks in each stretch. */
import type { Params, Result } from '#contract/methods'
import type { GroupBy } from '#contract/telemetry'
import { countIn, numberIn, queryTasks, taskColumns } from '../overview/taskColumns.ts'
import { binOf, binsOver, zeros } from '../overview/timeHistogram.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { metricOf, unitIn, valueSql, weightSql } from './metricList.ts'

export async function telemetryGroups(table: SourceTable, params: Params<'telemetry.groups'>, signal: AbortSignal): Promise<Result<'telemetry.groups'>> {
  const { end, start } = taskColumns(table)
  const rows = await queryTasks(
    table,
    params.scope,
    { name: nameSql(table, params.by), starts: start, ends: end },
    `, g AS (SELECT name, count(*) AS tasks, least(min(starts), min(ends)) AS low, greatest(max(starts), max(ends)) AS high FROM t GROUP BY name),
      page AS (SELECT name, tasks FROM g WHERE name IS NOT NULL ORDER BY tasks DESC, name LIMIT ? OFFSET ?)
     SELECT NULL, sum(tasks), count(name), sum(tasks) FILTER (name IS NULL), min(low), max(high) FROM g
     UNION ALL SELECT name, tasks, NULL, NULL, NULL, NULL FROM page`,
    { values: [params.limit, params.offset], signal }
  )
  const whole = rows.find((row) => row[0] === null)
  const groups = rows.filter((row) => row[0] !== null).map((row) => ({ name: String(row[0]), tasks: countIn(row[1]) }))
  return {
    tasks: countIn(whole?.[1]),
    total: countIn(whole?.[2]),
    unnamed: countIn(whole?.[3]),
    from: numberIn(whole?.[4]),
    to: numberIn(whole?.[5]),
    groups: groups.toSorted((a, b) => b.tasks - a.tasks || (a.name < b.name ? -1 : 1))
  }
}

type Group = Result<'telemetry.series'>['groups'][number]

export async function telemetrySeries(table: SourceTable, params: Params<'telemetry.series'>, signal: AbortSignal): Promise<Result<'telemetry.series'>> {
  const metric = await metricOf(table, params.metric, signal)
  const { end, start } = taskColumns(table)
  const bins = binsOver(params.from, params.to, params.points)
  const value = valueSql(table, metric, params.form)
  const weight = weightSql(table, metric, params.form)
  const names = params.groups.map(() => '?').join(', ')
  const [whole, cells] = await Promise.all([
    queryTasks(table, params.scope, { v: value, w: weight }, 'SELECT count(v), sum(v * w) / sum(w), min(v), max(v) FROM t WHERE isfinite(v)', { signal }),
    params.groups.length === 0
      ? []
      : queryTasks(
          table,
          params.scope,
          { name: nameSql(table, params.by), moment: `coalesce(${end}, ${start})`, v: value, w: weight },
          `, b AS (SELECT name, ${binOf(bins, 'moment')} AS bin, v, w FROM t WHERE isfinite(v) AND name IN (${names}))
           SELECT name, bin, count(*), sum(v * w), sum(w), quantile_cont(v, 0.1), quantile_cont(v, 0.9) FROM b GROUP BY name, bin`,
          { values: params.groups, signal }
        )
  ])
  const empty = (): (number | null)[] => Array.from({ length: bins.count }, () => null)
  const groups = new Map(params.groups.map((name): [string, Group & { sum: number; weight: number }] => [name, { name, tasks: 0, sum: 0, weight: 0, mean: null, means: empty(), p10: empty(), p90: empty(), counts: zeros(bins.count) }]))
  for (const row of cells) {
    const group = groups.get(String(row[0]))
    if (!group) continue
    const [bin, count, sum, weight] = [numberIn(row[1]), countIn(row[2]), countIn(row[3]), countIn(row[4])]
    group.tasks += count
    group.sum += sum
    group.weight += weight
    if (bin === null) continue
    group.counts[bin] = count
    group.means[bin] = sum / weight
    group.p10[bin] = numberIn(row[5])
    group.p90[bin] = numberIn(row[6])
  }
  return {
    revision: table.revision,
    from: bins.from,
    binSeconds: bins.binSeconds,
    unit: unitIn(metric, params.form),
    tasks: countIn(whole[0]?.[0]),
    mean: numberIn(whole[0]?.[1]),
    min: numberIn(whole[0]?.[2]),
    max: numberIn(whole[0]?.[3]),
    groups: [...groups.values()].map(({ sum, weight: of, ...group }) => ({ ...group, mean: group.tasks === 0 ? null : sum / of }))
  }
}

export function nameSql(table: SourceTable, by: GroupBy): string {
  const { activity, host } = taskColumns(table)
  return by === 'host' ? host : activity
}
