/** Two numbers of every task: each task as a point, or, where there are more than can be drawn, counted in cells of equal size. */
import type { Params, Result } from '#contract/methods'
import { countIn, numberIn, queryTasks, taskColumns, textIn } from '../overview/taskColumns.ts'
import { literal } from '../overview/timeHistogram.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { metricOf, unitIn, valueSql } from './metricList.ts'

type Given = Params<'telemetry.points'>
type Points = Result<'telemetry.points'>
type Window = NonNullable<Points['shown']>

export async function telemetryPoints(table: SourceTable, params: Given, signal: AbortSignal): Promise<Points> {
  const [x, y] = await Promise.all([axisOf(table, params.x, signal), axisOf(table, params.y, signal)])
  const { activity, id, status } = taskColumns(table)
  const drawable = ['isfinite(x) AND isfinite(y)', ...(params.logX ? ['x > 0'] : []), ...(params.logY ? ['y > 0'] : [])].join(' AND ')
  const ask = (rest: string) => queryTasks(table, params.scope, { id, activity, status, x: x.sql, y: y.sql }, rest, { signal })
  const inside = params.window === null ? 'TRUE' : insideOf(params.window)
  const [whole = []] = await ask(
    `SELECT count(*) FILTER (${drawable}), count(*) FILTER (${drawable} AND ${inside}), count(*) FILTER (isfinite(x) AND isfinite(y)),
      min(x) FILTER (${drawable}), max(x) FILTER (${drawable}), min(y) FILTER (${drawable}), max(y) FILTER (${drawable}) FROM t`
  )
  const [tasks, inWindow, both] = [countIn(whole[0]), countIn(whole[1]), countIn(whole[2])]
  const [fromX, toX, fromY, toY] = [3, 4, 5, 6].map((at) => numberIn(whole[at])) as [number | null, number | null, number | null, number | null]
  const all = fromX === null || toX === null || fromY === null || toY === null ? null : { fromX, toX, fromY, toY }
  const shown = all === null ? null : (params.window ?? all)
  const answer = { revision: table.revision, tasks, inWindow, leftOut: both - tasks, unitX: x.unit, unitY: y.unit, shown }
  if (shown === null) return { ...answer, points: [], cells: null }
  if (inWindow <= params.marks) {
    const rows = await ask(`SELECT id, x, y, activity, status FROM t WHERE ${drawable} AND ${inside} ORDER BY x, y, id`)
    return { ...answer, points: rows.map((row) => ({ taskId: String(row[0]), x: countIn(row[1]), y: countIn(row[2]), activity: textIn(row[3]), status: textIn(row[4]) })), cells: null }
  }
  const column = cellSql('x', { from: shown.fromX, to: shown.toX, count: params.columns, log: params.logX })
  const row = cellSql('y', { from: shown.fromY, to: shown.toY, count: params.rows, log: params.logY })
  const cells = await ask(`SELECT ${column} AS c, ${row} AS w, count(*), count(*) FILTER (status = 'ERROR') FROM t WHERE ${drawable} AND ${inside} GROUP BY c, w ORDER BY w, c`)
  return { ...answer, points: null, cells: cells.map((cell) => [countIn(cell[0]), countIn(cell[1]), countIn(cell[2]), countIn(cell[3])]) }
}

async function axisOf(table: SourceTable, axis: Given['x'], signal: AbortSignal): Promise<{ sql: string; unit: string | null }> {
  if (axis === 'start') return { sql: taskColumns(table).start, unit: null }
  const metric = await metricOf(table, axis.metric, signal)
  return { sql: valueSql(table, metric, axis.form), unit: unitIn(metric, axis.form) }
}

const insideOf = ({ fromX, fromY, toX, toY }: Window): string => `x >= ${literal(fromX)} AND x <= ${literal(toX)} AND y >= ${literal(fromY)} AND y <= ${literal(toY)}`

function cellSql(value: string, { from, to, count, log }: { from: number; to: number; count: number; log: boolean }): string {
  const scaled = (sql: string): string => (log ? `ln(${sql})` : sql)
  // Of a window that begins at or below zero, a logarithm sees what is above it.
  const low = log ? literal(Math.max(from, Number.MIN_VALUE)) : literal(from)
  const width = `greatest((${scaled(literal(to))} - ${scaled(low)}) / ${count}, 1e-300)`
  return `CAST(least(greatest(floor((${scaled(value)} - ${scaled(low)}) / ${width}), 0), ${count - 1}) AS INTEGER)`
}
