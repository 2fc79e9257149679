/** How the values of a metric are spread: exact quantiles by activity or host, and a histogram over the scope. */
import type { Params, Result } from '#contract/methods'
import { countIn, numberIn, queryTasks, textIn } from '../overview/taskColumns.ts'
import { literal, zeros } from '../overview/timeHistogram.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { metricOf, unitIn, valueSql } from './metricList.ts'
import { nameSql } from './telemetrySeries.ts'

export async function telemetryDistribution(table: SourceTable, params: Params<'telemetry.distribution'>, signal: AbortSignal): Promise<Result<'telemetry.distribution'>> {
  const metric = await metricOf(table, params.metric, signal)
  const value = valueSql(table, metric, params.form)
  const fields = { name: nameSql(table, params.by), v: `CASE WHEN isfinite(${value}) THEN ${value} END` }
  const rows = await queryTasks(
    table,
    params.scope,
    fields,
    `, g AS MATERIALIZED (SELECT name, count(*) AS tasks, count(v) AS measured, min(v) AS low, max(v) AS high, min(v) FILTER (v > 0) AS positive, quantile_cont(v, [0.05, 0.25, 0.5, 0.75, 0.95]) AS q FROM t GROUP BY name),
      page AS (SELECT name, tasks, measured, low, q[1] AS a, q[2] AS b, q[3] AS c, q[4] AS d, q[5] AS e, high FROM g ORDER BY q[3] DESC NULLS LAST, name NULLS LAST LIMIT ? OFFSET ?)
     SELECT FALSE, NULL, count(*), sum(measured), min(low), min(positive), max(high), count(*) FILTER (measured = 0), NULL, NULL, NULL FROM g
     UNION ALL SELECT TRUE, name, tasks, measured, low, a, b, c, d, e, high FROM page`,
    { values: [params.limit, params.offset], signal }
  )
  const whole = rows.find((row) => row[0] === false) ?? []
  const groups = rows
    .filter((row) => row[0] === true)
    .map((row) => {
      const [min, p5, p25, p50, p75, p95, max] = [4, 5, 6, 7, 8, 9, 10].map((at) => countIn(row[at])) as [number, number, number, number, number, number, number]
      const measured = countIn(row[3])
      return { name: textIn(row[1]), tasks: countIn(row[2]), measured, quantiles: measured === 0 ? null : { min, p5, p25, p50, p75, p95, max } }
    })
  const median = ({ quantiles }: (typeof groups)[number]): number => quantiles?.p50 ?? -Infinity
  return {
    total: countIn(whole[2]),
    empty: countIn(whole[7]),
    tasks: countIn(whole[3]),
    unit: unitIn(metric, params.form),
    min: numberIn(whole[4]),
    minPositive: numberIn(whole[5]),
    max: numberIn(whole[6]),
    groups: groups.toSorted((a, b) => (median(a) === median(b) ? (a.name ?? '\uffff') < (b.name ?? '\uffff') ? -1 : 1 : median(b) - median(a)))
  }
}

export async function telemetryHistogram(table: SourceTable, params: Params<'telemetry.histogram'>, signal: AbortSignal): Promise<Result<'telemetry.histogram'>> {
  const metric = await metricOf(table, params.metric, signal)
  const value = valueSql(table, metric, params.form)
  const unit = unitIn(metric, params.form)
  const [whole = []] = await queryTasks(
    table,
    params.scope,
    { v: value },
    `SELECT count(*), ${params.log ? 'min(v) FILTER (v > 0)' : 'min(v)'}, max(v), avg(v), quantile_cont(v, 0.5), count(*) FILTER (v <= 0) FROM t WHERE isfinite(v)`,
    { signal }
  )
  const [from, to] = [numberIn(whole[1]), numberIn(whole[2])]
  const answer = { tasks: countIn(whole[0]), unit, mean: numberIn(whole[3]), p50: numberIn(whole[4]), leftOut: params.log ? countIn(whole[5]) : 0 }
  if (from === null || to === null) return { ...answer, from: null, to: null, counts: [] }
  const count = from === to ? 1 : params.bins
  const scaled = (sql: string): string => (params.log ? `ln(${sql})` : sql)
  const low = scaled(literal(from))
  const width = `greatest((${scaled(literal(to))} - ${low}) / ${count}, 1e-300)`
  const rows = await queryTasks(
    table,
    params.scope,
    { v: value },
    `SELECT CAST(least(greatest(floor((${scaled('v')} - ${low}) / ${width}), 0), ${count - 1}) AS INTEGER) AS bin, count(*) FROM t WHERE isfinite(v) ${params.log ? 'AND v > 0' : ''} GROUP BY bin`,
    { signal }
  )
  const counts = zeros(count)
  for (const row of rows) counts[countIn(row[0])] = countIn(row[1])
  return { ...answer, from, to, counts }
}
