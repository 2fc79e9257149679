/** Which numbers tasks have, how many in scope have each, whether it varies, and what the workflows' settings say of what is missing. */
import type { Params, Result } from '#contract/methods'
import type { MetricStats } from '#contract/telemetry'
import type { Scope } from '#contract/values'
import { RevisionCache } from '../table/revisionCache.ts'
import type { SourceTable, SqlResult } from '../table/sourceTable.ts'
import { countIn, numberIn, queryTasks, taskColumns, textIn } from '../overview/taskColumns.ts'
import { type ListedMetric, metricList, sections } from './metricList.ts'

type Metrics = Result<'telemetry.metrics'>
/** Aggregates asked for in one query: DuckDB takes them by the hundred, not by the thousand. */
const metricsAtOnce = 60

const figures = new RevisionCache<SqlResult[]>(64)

export async function telemetryMetrics(table: SourceTable, params: Params<'telemetry.metrics'>, signal: AbortSignal): Promise<Metrics> {
  const all = await metricList(table, signal)
  const wanted = params.search.trim().toLowerCase()
  const matching = all.filter(({ name, prefix }) => `${prefix}${name}`.toLowerCase().includes(wanted))
  const page = matching.slice(params.offset, params.offset + params.limit)
  const [counts, capture] = await Promise.all([snapshotCounts(table, params.scope, signal), captureOf(table, params.scope, signal)])
  const prefixes = new Map<string, Metrics['prefixes'][number]>(sections.map(([prefix]) => [prefix, { prefix, telemetry: true, metrics: 0 }]))
  for (const { prefix, telemetry } of all) if (!prefixes.has(prefix)) prefixes.set(prefix, { prefix, telemetry, metrics: 0 })
  for (const { prefix } of matching) (prefixes.get(prefix) as Metrics['prefixes'][number]).metrics++
  return { revision: table.revision, ...counts, total: matching.length, all: all.length, prefixes: [...prefixes.values()], metrics: page.map(({ counter, id, name, prefix, telemetry, unit }) => ({ id, prefix, name, telemetry, counter, unit })), capture }
}

export async function telemetryStats(table: SourceTable, params: Params<'telemetry.stats'>, signal: AbortSignal): Promise<Result<'telemetry.stats'>> {
  const known = new Map((await metricList(table, signal)).map((metric) => [metric.id, metric]))
  const asked = params.metrics.flatMap((id) => known.get(id) ?? [])
  const rows = await statsOf(table, params.scope, asked, signal)
  return { revision: table.revision, metrics: asked.map((metric, index) => withStats(metric, rows[index] ?? [])) }
}

async function snapshotCounts(table: SourceTable, scope: Scope, signal: AbortSignal): Promise<Pick<Metrics, 'tasks' | 'measured' | 'both'>> {
  const any = (when: 'start' | 'end'): string => {
    // One number of each section says that the section was captured.
    const columns = sections.flatMap(([prefix]) => table.columns('tasks').find((column) => column.name.startsWith(`telemetry_at_${when}.${prefix}`) && column.filled > 0) ?? [])
    return columns.length === 0 ? 'FALSE' : `(${columns.map(({ sql }) => `${sql} IS NOT NULL`).join(' OR ')})`
  }
  const rows = await queryTasks(table, scope, { s: any('start'), e: any('end') }, 'SELECT count(*), count(*) FILTER (e), count(*) FILTER (s AND e) FROM t', { signal })
  return { tasks: countIn(rows[0]?.[0]), measured: countIn(rows[0]?.[1]), both: countIn(rows[0]?.[2]) }
}

/** One row a metric: tasks, both, min, max, whether it is constant. */
async function statsOf(table: SourceTable, scope: Scope, metrics: readonly ListedMetric[], signal: AbortSignal): Promise<SqlResult[]> {
  const pieces = Array.from({ length: Math.ceil(metrics.length / metricsAtOnce) }, (_, piece) => metrics.slice(piece * metricsAtOnce, (piece + 1) * metricsAtOnce))
  const answers: SqlResult[][] = []
  for (const piece of pieces) answers.push(await figures.get(table, JSON.stringify([scope, piece.map(({ id }) => id)]), () => pieceStats(table, scope, piece, signal)))
  return answers.flat()
}

async function pieceStats(table: SourceTable, scope: Scope, metrics: readonly ListedMetric[], signal: AbortSignal): Promise<SqlResult[]> {
  const fields = Object.fromEntries(metrics.flatMap(({ end, start }, index) => [[`e${index}`, end ?? 'NULL::DOUBLE'], ...(start === null ? [] : [[`s${index}`, start]])])) as Record<string, string>
  const aggregates = metrics.map(({ start }, index) => {
    const [s, e] = [`s${index}`, `e${index}`]
    return start === null ? `count(${e}), 0, min(${e}), max(${e}), min(${e}), max(${e})` : `count(${e}), count(${e}) FILTER (${s} IS NOT NULL), min(${e}), max(${e}), min(${s}), max(${s})`
  })
  const [row = []] = await queryTasks(table, scope, fields, `SELECT ${aggregates.join(', ')} FROM t`, { signal })
  return metrics.map((_, index) => row.slice(index * 6, index * 6 + 6))
}

function withStats({ id }: ListedMetric, row: SqlResult): MetricStats {
  const [tasks, both, min, max, startMin, startMax] = [0, 1, 2, 3, 4, 5].map((at) => numberIn(row[at]))
  const values = [min, max, startMin, startMax].filter((value) => value !== null && value !== undefined)
  return { id, tasks: tasks ?? 0, both: both ?? 0, min: min ?? null, max: max ?? null, constant: values.length > 0 && values.every((value) => value === values[0]) }
}

/** Of the workflows that the tasks in scope belong to, what their settings say of each section. */
async function captureOf(table: SourceTable, scope: Scope, signal: AbortSignal): Promise<Metrics['capture']> {
  const settings = table.columns('workflows').filter(({ name }) => name.startsWith('flowcept_settings.telemetry_capture.'))
  const told = sections.flatMap(([prefix, setting]) => settings.filter(({ name }) => name === `flowcept_settings.telemetry_capture.${setting}`).map((column) => ({ prefix, setting, column })))
  if (told.length === 0) return []
  const anySetting = settings.map(({ sql }) => `${sql} IS NOT NULL`).join(' OR ')
  const rows = await queryTasks(
    table,
    scope,
    { workflow: taskColumns(table).workflow },
    `, w AS (SELECT ${told.map(({ column }, index) => `coalesce(CAST(${column.sql} AS VARCHAR), 'null') AS v${index}`).join(', ')} FROM ${table.rows} r
       WHERE ${table.recordsPredicate('workflows')} AND (${anySetting}) AND r.record_id IN (SELECT DISTINCT workflow FROM t))
     ${told.map((_, index) => `SELECT ${index}, v${index}, count(*) FROM w GROUP BY v${index}`).join(' UNION ALL ')} ORDER BY 1, 3 DESC, 2`,
    { signal }
  )
  return rows.flatMap((row) => {
    const section = told[countIn(row[0])]
    return section ? [{ prefix: section.prefix, setting: section.setting, value: textIn(row[1]) ?? 'null', workflows: countIn(row[2]) }] : []
  })
}
